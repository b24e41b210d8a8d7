//! What the platform never announced: its webhooks may be lost, too.
//!
//! Every five minutes it is asked for orders that were never seen, and for those that their customers have called off.

use super::{Failure, Orders, World, reconcile::Found};
use crate::{
    message::{OrderEvent, OrderMessage},
    ports::{Freshness, OrderKey, OrderQueue, Platform, TenantAccess, Tenants, Work},
};
use domain::{OrderId, TenantId, lifecycle::Heard};
use jiff::SignedDuration;
use std::time::Duration;

/// How much earlier than the oldest order the platform is asked for changes.
const OVERLAP: SignedDuration = SignedDuration::from_secs(60);

/// What one look at the platform found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Missed {
    /// Orders that were never announced.
    pub placed: usize,
    /// Orders whose cancellation was never announced.
    pub cancelled: usize,
    /// How the last news of each open order came from the till.
    pub heard: Vec<Heard>,
}

impl<W: World> Orders<W> {
    /// Puts on the queue what the platform did not announce, as if it had: orders and cancellations.
    ///
    /// # Errors
    /// When a store, the queue or the platform fails; the next cycle tries again.
    pub async fn find_missed(&self, work: &Work, access: &TenantAccess) -> Result<Missed, Failure> {
        let tenant = &access.tenant.id;
        let placed = self.never_seen(work, access).await?;
        // At once: that the platform does not say what was called off keeps no order from the till.
        self.world.queue().send(&placed).await?;
        let open = self.index(access).await?.watched;
        let heard = open.iter().filter_map(|order| order.stored.state.heard).collect();
        let alive = open.iter().filter(|order| order.stored.state.is_alive());
        let since = alive.clone().map(|order| order.stored.state.created_at).min();
        let alive: Vec<OrderId> = alive.map(|order| order.key.order.clone()).collect();
        let mut cancelled = Vec::new();
        if let Some(since) = since.and_then(|since| since.saturating_sub(OVERLAP).ok()) {
            let platform = self.world.tenants().platform(Freshness::Cached).await?;
            let zone = &access.tenant.time_zone;
            let off = self.world.platform().cancelled(work, &platform, tenant, zone, since, &alive).await?;
            cancelled.extend(off.into_iter().map(|order| self.missed(tenant, work, OrderEvent::Cancelled { order })));
        }
        let missed = Missed { placed: placed.len(), cancelled: cancelled.len(), heard };
        self.world.queue().send(&cancelled).await?;
        if missed.placed + missed.cancelled > 0 {
            tracing::warn!(
                tenant.id = %tenant, orders.missed = missed.placed, cancellations.missed = missed.cancelled,
                "orders of the platform, or cancellations, were never announced; check its webhook"
            );
        }
        Ok(missed)
    }

    async fn never_seen(&self, work: &Work, access: &TenantAccess) -> Result<Vec<(OrderMessage, Duration)>, Failure> {
        let platform = self.world.tenants().platform(Freshness::Cached).await?;
        let tenant = &access.tenant;
        let new = self.world.platform().new_orders(work, &platform, &tenant.id, &tenant.time_zone).await?;
        let mut missed = Vec::new();
        for order in new {
            let key = OrderKey { tenant: tenant.id.clone(), order: order.id.clone() };
            // Its own message may be on its way: then it comes twice, which is once (E04).
            if matches!(self.find(&key).await?, Found::Nothing) {
                missed.push(self.missed(&tenant.id, work, OrderEvent::Placed { order: Box::new(order) }));
            }
        }
        Ok(missed)
    }

    fn missed(&self, tenant: &TenantId, work: &Work, event: OrderEvent) -> (OrderMessage, Duration) {
        (self.message(tenant.clone(), &work.correlation, event), Duration::ZERO)
    }
}
