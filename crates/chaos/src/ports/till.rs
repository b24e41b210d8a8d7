//! The till behind its edge.

use super::Edge;
use crate::{fault::Fault, plan::PRODUCTS, sim::House, story};
use app::ports::{
    TenantAccess, Till, TillError, Work,
    doctor::{TillWebhook, TillWebhooks},
    menu::{Page, Slice, TillCatalogue},
};
use domain::{
    OrderId, ProductId, SalesModeId, TillCustomerId, TillOrderId,
    menu::till::{OptionNames, TillCategory, TillProduct},
    till::{DocumentLink, Draft, Product, SalesMode, TillCustomer, TillOrder},
};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use std::{sync::Arc, time::Duration};

/// How long Ponte's client waits for an answer.
const LIMIT: Duration = Duration::from_secs(10);

/// How long after it was sent a creation may still be carried out: not longer than Ponte gives it to settle.
const LATEST: Duration = Duration::from_secs(25);

/// The tills of all restaurants.
#[derive(Debug, Clone)]
pub(crate) struct SimTill(pub(crate) Edge);

impl SimTill {
    fn house(&self, access: &TenantAccess) -> Result<&House, TillError> {
        self.0.sim.houses.get(&access.tenant.id).map(Arc::as_ref).ok_or(TillError::KeyRefused { status: 403 })
    }

    /// A call that only reads, or whose repetition does no harm.
    async fn call<T>(
        &self,
        work: &Work,
        access: &TenantAccess,
        call: impl AsyncFnOnce(&House) -> Result<T, TillError>,
    ) -> Result<T, TillError> {
        let house = self.house(access)?;
        let scope = work.correlation.as_str();
        let exchange = async {
            let (takes, limit) = self.0.takes(Fault::TillSlow, work, LIMIT);
            self.may_arrive(work, house, limit).await?;
            if takes >= limit {
                tokio::time::sleep(limit).await;
                return Err(unclear(None));
            }
            tokio::time::sleep(takes).await;
            self.0.sim.now();
            self.may_be_lost(scope, call(house).await)
        };
        self.0.between_steps(scope, exchange).await
    }

    /// What keeps a request from the till, or the till from doing it.
    async fn may_arrive(&self, work: &Work, house: &House, limit: Duration) -> Result<(), TillError> {
        let sim = &self.0.sim;
        let (dice, scope) = (&sim.dice, work.correlation.as_str());
        if limit.is_zero() {
            return Err(no_time_left());
        }
        if sim.is(Fault::TillDown, house.name) {
            // Some tills refuse the connection, others say nothing at all.
            if dice.below("down", scope, 2) == 0 {
                return Err(TillError::Unreachable { detail: "no connection".to_owned() });
            }
            tokio::time::sleep(limit).await;
            return Err(unclear(None));
        }
        if sim.is(Fault::TillKeyRefused, house.name) {
            return Err(TillError::KeyRefused { status: 401 });
        }
        if let Err(wait) = sim.count_call(house.access.api_key.expose_secret()) {
            return Err(TillError::RateLimited { retry_after: Some(wait) });
        }
        if dice.strikes(Fault::TillRateLimited, scope) {
            let wait = Duration::from_secs(dice.below("retry-after", scope, 30));
            return Err(TillError::RateLimited { retry_after: (wait.as_secs() > 0).then_some(wait) });
        }
        if dice.strikes(Fault::TillFault, scope) {
            return Err(unclear(Some([500, 502, 503][dice.below("status", scope, 3) as usize])));
        }
        Ok(())
    }

    fn may_be_lost<T>(&self, scope: &str, answer: Result<T, TillError>) -> Result<T, TillError> {
        let dice = &self.0.sim.dice;
        if dice.strikes(Fault::TillTruncated, scope) {
            return Err(unclear(Some(200)));
        }
        if dice.strikes(Fault::TillCommittedThenFailed, scope) {
            return Err(unclear([None, Some(500), Some(502)][dice.below("status", scope, 3) as usize]));
        }
        answer
    }
}

fn no_time_left() -> TillError {
    TillError::Unreachable { detail: "no time left".to_owned() }
}

fn unclear(status: Option<u16>) -> TillError {
    TillError::Unclear { status, detail: "a fault was rolled".to_owned() }
}

/// What the till does when a creation arrives.
async fn created(
    edge: &Edge,
    house: &House,
    work: &Work,
    order: &OrderId,
    body: &str,
) -> Result<TillOrderId, TillError> {
    let sim = &edge.sim;
    let now = sim.now();
    let gone = sim.outages.when(Fault::ProductDeleted, house.name).is_some_and(|when| when.start + LATEST < now);
    if gone && body.contains(PRODUCTS[4]) {
        sim.record.of(order.as_str(), |facts| facts.ghosts.push(PRODUCTS[4].to_owned()));
    }
    let created = house.till.till.create_order(work, &house.access, order, body).await;
    sim.note(order.as_str(), || format!("till: a creation arrives: {created:?}"));
    if created.is_ok() {
        sim.record.of(order.as_str(), |facts| {
            facts.arrived = facts.arrived.or(Some(now));
            facts.taken_though_known |= facts.known_there;
        });
        story::begins_at_till(sim, order);
    }
    created
}

impl Till for SimTill {
    async fn products(&self, w: &Work, a: &TenantAccess, ids: &[ProductId]) -> Result<Vec<Product>, TillError> {
        self.call(w, a, async |house| house.till.products(w, a, ids).await).await
    }

    async fn sales_mode(&self, w: &Work, a: &TenantAccess, name: &str) -> Result<Option<SalesMode>, TillError> {
        self.call(w, a, async |house| house.till.sales_mode(w, a, name).await).await
    }

    async fn customers_by_email(
        &self,
        w: &Work,
        a: &TenantAccess,
        email: &str,
    ) -> Result<Vec<TillCustomer>, TillError> {
        self.call(w, a, async |house| house.till.customers_by_email(w, a, email).await).await
    }

    async fn customers_by_name(&self, w: &Work, a: &TenantAccess, name: &str) -> Result<Vec<TillCustomer>, TillError> {
        self.call(w, a, async |house| house.till.customers_by_name(w, a, name).await).await
    }

    async fn create_customer(
        &self,
        w: &Work,
        a: &TenantAccess,
        record: &Map<String, Value>,
    ) -> Result<TillCustomerId, TillError> {
        self.call(w, a, async |house| house.till.create_customer(w, a, record).await).await
    }

    async fn update_customer(&self, w: &Work, a: &TenantAccess, customer: &TillCustomer) -> Result<(), TillError> {
        self.call(w, a, async |house| house.till.update_customer(w, a, customer).await).await
    }

    fn order_body(&self, draft: &Draft) -> Result<String, TillError> {
        let house = self.0.sim.houses.values().find(|house| house.access.tenant.sales_point == draft.sales_point);
        house.map_or(Err(TillError::TooLarge), |house| house.till.order_body(draft))
    }

    /// A creation may still be on its way when nobody waits for it any more.
    async fn create_order(
        &self,
        work: &Work,
        access: &TenantAccess,
        order: &OrderId,
        body: &str,
    ) -> Result<TillOrderId, TillError> {
        let house = self.house(access)?;
        let (sim, scope) = (&self.0.sim, work.correlation.as_str());
        let exchange = async {
            let (takes, limit) = self.0.takes(Fault::TillSlow, work, LIMIT);
            let now = sim.now();
            if limit.is_zero() {
                return Err(no_time_left());
            }
            sim.note(order.as_str(), || "ponte: sends the creation".to_owned());
            sim.record.of(order.as_str(), |facts| facts.sent.push(now));
            self.may_arrive(work, house, limit).await?;
            if takes < limit {
                tokio::time::sleep(takes).await;
                return self.may_be_lost(scope, created(&self.0, house, work, order, body).await);
            }
            let (edge, order, body, work) = (self.0.clone(), order.clone(), body.to_owned(), work.clone());
            let tenant = access.tenant.id.clone();
            tokio::spawn(async move {
                tokio::time::sleep(takes.min(LATEST)).await;
                if let Some(house) = edge.sim.houses.get(&tenant) {
                    // Nobody is there any more to hear the answer.
                    drop(created(&edge, house, &work, &order, &body).await);
                }
            });
            tokio::time::sleep(limit).await;
            Err(unclear(None))
        };
        let answer = self.0.between_steps(scope, exchange).await;
        sim.note(order.as_str(), || format!("ponte: hears of the creation: {answer:?}"));
        answer
    }

    async fn order(&self, w: &Work, a: &TenantAccess, id: &TillOrderId) -> Result<Option<TillOrder>, TillError> {
        self.call(w, a, async |house| house.till.order(w, a, id).await).await
    }

    async fn orders(
        &self,
        w: &Work,
        a: &TenantAccess,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<TillOrder>, TillError> {
        self.call(w, a, async |house| house.till.orders(w, a, from, to).await).await
    }

    async fn documented_orders(
        &self,
        w: &Work,
        a: &TenantAccess,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<DocumentLink>, TillError> {
        self.call(w, a, async |house| house.till.documented_orders(w, a, from, to).await).await
    }
}

impl TillWebhooks for SimTill {
    async fn webhooks(&self, w: &Work, a: &TenantAccess) -> Result<Option<Vec<TillWebhook>>, TillError> {
        self.call(w, a, async |house| house.till.webhooks(w, a).await).await
    }
}

impl TillCatalogue for SimTill {
    async fn categories(&self, w: &Work, a: &TenantAccess, slice: Slice) -> Result<Page<TillCategory>, TillError> {
        self.call(w, a, async |house| house.till.categories(w, a, slice).await).await
    }

    async fn catalogue_products(
        &self,
        w: &Work,
        a: &TenantAccess,
        slice: Slice,
    ) -> Result<Page<TillProduct>, TillError> {
        self.call(w, a, async |house| house.till.catalogue_products(w, a, slice).await).await
    }

    async fn option_names(&self, w: &Work, a: &TenantAccess) -> Result<OptionNames, TillError> {
        self.call(w, a, async |house| house.till.option_names(w, a).await).await
    }

    async fn sales_modes(
        &self,
        w: &Work,
        a: &TenantAccess,
    ) -> Result<(Option<SalesModeId>, Option<SalesModeId>), TillError> {
        self.call(w, a, async |house| house.till.sales_modes(w, a).await).await
    }
}
