//! The platform behind its edge, with its orders and its menu.

use super::Edge;
use crate::fault::Fault;
use app::ports::{
    OrderKey, Platform, PlatformAccess, PlatformError, StatusChange, TillDelivery, TillState, Work,
    menu::{CustomerPage, HealthReport, Held, MenuWrite, PlatformMenu, WriteOutcome},
};
use domain::{
    OrderId, TenantId, messages,
    order::{Order, Status},
};
use jiff::{Timestamp, tz::TimeZone};
use std::time::Duration;

/// How long Ponte's client waits for an answer.
const LIMIT: Duration = Duration::from_secs(8);

/// The platform.
#[derive(Debug, Clone)]
pub(crate) struct SimPlatform(pub(crate) Edge);

impl SimPlatform {
    async fn call<T>(
        &self,
        work: &Work,
        tenant: &TenantId,
        call: impl AsyncFnOnce() -> Result<T, PlatformError>,
    ) -> Result<T, PlatformError> {
        let sim = &self.0.sim;
        let (dice, scope) = (&sim.dice, work.correlation.as_str());
        let exchange = async {
            let (takes, limit) = self.0.takes(Fault::PlatformSlow, work, LIMIT);
            if takes >= limit || sim.is(Fault::PlatformDown, tenant.as_str()) {
                tokio::time::sleep(limit).await;
                return Err(unavailable(None));
            }
            tokio::time::sleep(takes).await;
            if dice.strikes(Fault::PlatformFault, scope) {
                return Err(unavailable(Some([500, 503, 429][dice.below("status", scope, 3) as usize])));
            }
            sim.now();
            let answer = call().await;
            match dice.strikes(Fault::PlatformCommittedThenFailed, scope) {
                true => Err(unavailable([None, Some(502)][dice.below("status", scope, 2) as usize])),
                false => answer,
            }
        };
        self.0.between_steps(scope, exchange).await
    }
}

fn unavailable(status: Option<u16>) -> PlatformError {
    let retry_after = (status == Some(429)).then_some(Duration::from_secs(7));
    PlatformError::Unavailable { status, retry_after, detail: "a fault was rolled".to_owned() }
}

impl Platform for SimPlatform {
    async fn order(
        &self,
        w: &Work,
        a: &PlatformAccess,
        key: &OrderKey,
        zone: &TimeZone,
    ) -> Result<Option<Order>, PlatformError> {
        self.call(w, &key.tenant, async || self.0.sim.platform.order(w, a, key, zone).await).await
    }

    async fn new_orders(
        &self,
        w: &Work,
        a: &PlatformAccess,
        tenant: &TenantId,
        zone: &TimeZone,
    ) -> Result<Vec<Order>, PlatformError> {
        self.call(w, tenant, async || self.0.sim.platform.new_orders(w, a, tenant, zone).await).await
    }

    async fn cancelled(
        &self,
        w: &Work,
        a: &PlatformAccess,
        tenant: &TenantId,
        zone: &TimeZone,
        since: Timestamp,
        orders: &[OrderId],
    ) -> Result<Vec<OrderId>, PlatformError> {
        let listed = async || self.0.sim.platform.cancelled(w, a, tenant, zone, since, orders).await;
        self.call(w, tenant, listed).await
    }

    async fn change_status(
        &self,
        w: &Work,
        a: &PlatformAccess,
        key: &OrderKey,
        idempotency_key: &str,
        change: &StatusChange,
    ) -> Result<Status, PlatformError> {
        let sim = &self.0.sim;
        let moved = async || {
            let answer = sim.platform.change_status(w, a, key, idempotency_key, change).await;
            sim.note(key.order.as_str(), || format!("platform: asked for {:?}: {answer:?}", change.status));
            if let Err(PlatformError::IllegalTransition { current }) = &answer {
                sim.record.of(key.order.as_str(), |facts| facts.illegal.push((*current, change.status)));
            }
            answer
        };
        self.call(w, &key.tenant, moved).await
    }

    async fn put_till(
        &self,
        w: &Work,
        a: &PlatformAccess,
        key: &OrderKey,
        idempotency_key: &str,
        delivery: &TillDelivery,
    ) -> Result<(), PlatformError> {
        let sim = &self.0.sim;
        let told = async || {
            let answer = sim.platform.put_till(w, a, key, idempotency_key, delivery).await;
            let now = sim.now();
            sim.note(key.order.as_str(), || {
                format!("platform: staff read {:?} {}", delivery.state, delivery.message.as_deref().unwrap_or_default())
            });
            let there = sim.houses.get(&key.tenant).is_some_and(|house| house.till.till.find(&key.order).is_some());
            let off = [messages::CANCELLED_PERHAPS_THERE, messages::WITHDRAWN];
            let by_hand = delivery.message.clone().filter(|message| !off.contains(&message.as_str()));
            let by_hand = by_hand.filter(|_| there && delivery.state == TillState::Failed);
            sim.record.of(key.order.as_str(), |facts| {
                facts.told = facts.told.or(Some(now));
                facts.by_hand.extend(by_hand);
            });
            answer
        };
        self.call(w, &key.tenant, told).await
    }

    async fn put_active(
        &self,
        w: &Work,
        a: &PlatformAccess,
        tenant: &TenantId,
        idempotency_key: &str,
        checked_at: Timestamp,
    ) -> Result<(), PlatformError> {
        let put = async || self.0.sim.platform.put_active(w, a, tenant, idempotency_key, checked_at).await;
        self.call(w, tenant, put).await
    }
}

impl SimPlatform {
    async fn menu<T>(
        &self,
        work: &Work,
        tenant: &TenantId,
        call: impl AsyncFnOnce(&app::memory::MemoryPlatformMenu) -> Result<T, PlatformError>,
    ) -> Result<T, PlatformError> {
        let house = self.0.sim.houses.get(tenant).ok_or(PlatformError::NotFound)?;
        self.call(work, tenant, async || call(&house.menu).await).await
    }
}

impl PlatformMenu for SimPlatform {
    async fn write_menu(
        &self,
        w: &Work,
        a: &PlatformAccess,
        tenant: &TenantId,
        idempotency_key: &str,
        change: &MenuWrite,
    ) -> Result<Vec<WriteOutcome>, PlatformError> {
        let written = async |menu: &app::memory::MemoryPlatformMenu| {
            let answer = menu.write_menu(w, a, tenant, idempotency_key, change).await;
            self.0.sim.note(tenant.as_str(), || {
                let (upserts, deactivations) = (change.upserts.len(), change.deactivations.len());
                format!("platform: {upserts} entries written, {deactivations} deactivated: {answer:?}")
            });
            answer
        };
        self.menu(w, tenant, written).await
    }

    async fn held_menu(&self, w: &Work, a: &PlatformAccess, tenant: &TenantId) -> Result<Vec<Held>, PlatformError> {
        self.menu(w, tenant, async |menu| menu.held_menu(w, a, tenant).await).await
    }

    async fn changed_customers(
        &self,
        w: &Work,
        a: &PlatformAccess,
        tenant: &TenantId,
        after: Option<Timestamp>,
        cursor: Option<&str>,
        zone: &TimeZone,
    ) -> Result<CustomerPage, PlatformError> {
        self.menu(w, tenant, async |menu| menu.changed_customers(w, a, tenant, after, cursor, zone).await).await
    }

    async fn put_health(
        &self,
        w: &Work,
        a: &PlatformAccess,
        tenant: &TenantId,
        idempotency_key: &str,
        health: &HealthReport<'_>,
    ) -> Result<(), PlatformError> {
        self.menu(w, tenant, async |menu| menu.put_health(w, a, tenant, idempotency_key, health).await).await
    }
}
