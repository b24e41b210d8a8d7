//! What each message of the orders queue means.

use super::{Failure, Orders, Outcome, World, observe::Input, reconcile::Found, session::Subject};
use crate::{
    message::{OrderEvent, OrderMessage, TillHint},
    ports::{Clock, Freshness, OrderKey, OrderStore, TenantAccess, Tenants, Work},
};
use domain::{OrderId, till::DocumentLink};
use jiff::SignedDuration;
use std::sync::Arc;

/// How long after it was sent a placement counts as it is.
const FRESH: SignedDuration = SignedDuration::from_secs(60);

/// How a message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// For the first time.
    First,
    /// Again: what it carries may be stale.
    Again,
}

impl<W: World> Orders<W> {
    /// Does what a message of the orders queue asks for.
    ///
    /// # Errors
    /// When the message has to come back; what was done until then is committed, and repeating it is harmless.
    pub async fn handle(&self, work: &Work, message: &OrderMessage, delivery: Delivery) -> Result<Outcome, Failure> {
        let access = self.access(message).await?;
        let of = |order: &OrderId| OrderKey { tenant: message.tenant.clone(), order: order.clone() };
        match &message.event {
            OrderEvent::Placed { order } => {
                let (key, access) = (of(&order.id), &access);
                let subject = Subject { work, access, key: &key };
                match delivery {
                    Delivery::First if self.is_fresh(message) => self.advance(subject, Input::Placed(order)).await,
                    Delivery::First | Delivery::Again => self.placed_again(subject, order).await,
                }
            }
            OrderEvent::Cancelled { order } => self.on(work, &access, of(order), Input::Cancelled).await,
            OrderEvent::Deadline { order, alert } => self.on(work, &access, of(order), Input::Deadline(*alert)).await,
            OrderEvent::TillOrder(hint) => match self.hinted_order(&access, hint).await? {
                Some(order) => self.on(work, &access, of(&order), Input::Hint(hint)).await,
                None => Ok(Outcome::Ignored),
            },
            OrderEvent::Document { orders } => self.document(work, &access, orders).await,
            OrderEvent::Replay { order, again } => {
                let key = of(order);
                let subject = Subject { work, access: &access, key: &key };
                self.replay(subject, message.sent_ms, *again).await
            }
            OrderEvent::Reconcile => Ok(Outcome::Reconciled(self.reconcile(work, &access).await?)),
        }
    }

    async fn access(&self, message: &OrderMessage) -> Result<Arc<TenantAccess>, Failure> {
        self.world.tenants().tenant(&message.tenant, Freshness::Cached).await?.ok_or(Failure::NoTenant)
    }

    async fn on(
        &self,
        work: &Work,
        access: &TenantAccess,
        key: OrderKey,
        input: Input<'_>,
    ) -> Result<Outcome, Failure> {
        self.advance(Subject { work, access, key: &key }, input).await
    }

    /// Whether what a message carries can count. One that waited, or that an operator gave back, comes for the first time too.
    fn is_fresh(&self, message: &OrderMessage) -> bool {
        let age_ms = self.world.clock().now().as_millisecond().saturating_sub(message.sent_ms);
        SignedDuration::from_millis(age_ms) <= FRESH
    }

    /// A placement that comes again, or late, may find its order never stored and cancelled meanwhile: no ghost is ordered.
    async fn placed_again(&self, subject: Subject<'_>, order: &domain::order::Order) -> Result<Outcome, Failure> {
        if self.world.store().load(subject.key).await?.is_some() {
            return self.advance(subject, Input::Placed(order)).await;
        }
        match self.ask_platform(subject).await? {
            Some(now) => self.advance(subject, Input::Placed(&now)).await,
            None => Ok(Outcome::Ignored),
        }
    }

    /// The platform's order that a till webhook speaks of; a deletion may name only the till's id.
    async fn hinted_order(&self, access: &TenantAccess, hint: &TillHint) -> Result<Option<OrderId>, Failure> {
        match &hint.external_id {
            Some(order) => Ok(Some(order.clone())),
            None => self.open_order_at_till(access, &hint.id).await,
        }
    }

    async fn document(&self, work: &Work, access: &TenantAccess, links: &[DocumentLink]) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::Ignored;
        for link in links {
            let order = match (&link.external_id, &link.till_order) {
                (Some(order), _) => Some(order.clone()),
                (None, Some(id)) => self.open_order_at_till(access, id).await?,
                (None, None) => None,
            };
            let Some(order) = order else { continue };
            let key = OrderKey { tenant: access.tenant.id.clone(), order };
            match self.on(work, access, key, Input::Document(link.till_order.as_ref())).await? {
                Outcome::Ignored => {}
                done => outcome = done,
            }
        }
        Ok(outcome)
    }

    /// The open order with this till id: rare enough to look through the tenant's few open ones.
    async fn open_order_at_till(
        &self,
        access: &TenantAccess,
        id: &domain::TillOrderId,
    ) -> Result<Option<OrderId>, Failure> {
        for order in self.world.store().open_orders(&access.tenant.id).await? {
            let key = OrderKey { tenant: access.tenant.id.clone(), order };
            if let Found::Order(stored) = self.find(&key).await?
                && stored.state.till_order() == Some(id)
            {
                return Ok(Some(key.order));
            }
        }
        Ok(None)
    }
}
