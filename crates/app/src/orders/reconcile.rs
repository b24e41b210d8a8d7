//! Everything works with polling alone: webhooks only make it faster.
//!
//! Every minute the open orders of a tenant are compared with one list of the till; what is stuck is driven on, what
//! nobody answered is told to the staff. Every five minutes the platform is asked for orders that were never seen.

use super::{Failure, Orders, Outcome, World, observe::Input, session::Subject};
use crate::{
    message::{OrderEvent, OrderMessage},
    ports::{
        Clock, Freshness, OrderKey, OrderQueue, OrderStore, Platform, Stored, TenantAccess, Tenants, Till, Work,
    },
};
use domain::{
    TenantId,
    lifecycle::{Phase, alert_times},
    order::Status,
    till::TillOrder,
};
use jiff::{SignedDuration, Timestamp};
use std::{collections::HashMap, time::Duration};

/// How long after it was expected an order that nobody closes is still watched.
const WATCHED: SignedDuration = SignedDuration::from_hours(72);

/// How far around an order's times the till is asked: which date its window is about is not known.
const AROUND: SignedDuration = SignedDuration::from_hours(12);

/// How long an order may be under way before polling drives it on.
const UNDER_WAY: SignedDuration = SignedDuration::from_secs(60);

/// How old a new order of the platform must be before it counts as never seen: its own message may be on its way.
const UNSEEN: SignedDuration = SignedDuration::from_secs(60);

/// What a reconciliation found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Reconciled {
    /// How many open orders were compared.
    pub compared: usize,
    /// How many of them changed: seen by polling and not pushed, a sign of a silent webhook.
    pub changed: usize,
}

/// An open order as it was loaded.
struct Open {
    key: OrderKey,
    stored: Stored,
}

impl<W: World> Orders<W> {
    /// Compares the open orders of a tenant with the till, drives on what is stuck, tells what nobody answered.
    ///
    /// # Errors
    /// When a store, the till or the platform fails; the next minute goes on from there.
    pub async fn reconcile(&self, work: &Work, access: &TenantAccess) -> Result<Reconciled, Failure> {
        let open = self.load_open(access).await?;
        let mut report = Reconciled { compared: open.len(), ..Reconciled::default() };
        let (on_till, stuck): (Vec<_>, Vec<_>) = open.into_iter().partition(|order| order.is_quiet_on_till());
        report.changed += self.compare(work, access, &on_till).await?;
        for order in &stuck {
            report.changed += usize::from(is_change(self.drive_on(work, access, order).await?));
        }
        tracing::info!(
            tenant.id = %access.tenant.id, orders.compared = report.compared, orders.changed = report.changed,
            "open orders compared with the till"
        );
        Ok(report)
    }

    /// The tenants to reconcile: one message each, for those with open orders.
    ///
    /// # Errors
    /// When the store or the queue fails; the next minute tries again.
    pub async fn fan_out_reconcile(&self, correlation: &str) -> Result<usize, Failure> {
        let tenants = self.world.store().open_tenants().await?;
        let messages: Vec<_> = tenants
            .into_iter()
            .map(|tenant| (self.message(tenant, correlation, OrderEvent::Reconcile), Duration::ZERO))
            .collect();
        self.world.queue().send(&messages).await?;
        Ok(messages.len())
    }

    /// Puts on the queue every new order of the platform that was never seen: its webhook was lost.
    ///
    /// # Errors
    /// When a store, the queue or the platform fails; the next cycle tries again.
    pub async fn find_missed(&self, work: &Work, access: &TenantAccess) -> Result<usize, Failure> {
        let platform = self.world.tenants().platform(Freshness::Cached).await?;
        let tenant = &access.tenant;
        let new = self.world.platform().new_orders(work, &platform, &tenant.id, &tenant.time_zone).await?;
        let now = self.world.clock().now();
        let mut missed = Vec::new();
        for order in new {
            let key = OrderKey { tenant: tenant.id.clone(), order: order.id.clone() };
            let settled = now.duration_since(order.created_at) >= UNSEEN;
            if settled && self.world.store().load(&key).await?.is_none() {
                let event = OrderEvent::Placed { order: Box::new(order) };
                missed.push((self.message(tenant.id.clone(), &work.correlation, event), Duration::ZERO));
            }
        }
        self.world.queue().send(&missed).await?;
        if !missed.is_empty() {
            tracing::warn!(tenant.id = %tenant.id, orders.missed = missed.len(), "orders of the platform were never announced; check its webhook");
        }
        Ok(missed.len())
    }

    fn message(&self, tenant: TenantId, correlation: &str, event: OrderEvent) -> OrderMessage {
        let sent_ms = self.world.clock().now().as_millisecond();
        OrderMessage { tenant, correlation: correlation.to_owned(), sent_ms, event }
    }

    /// The open orders, oldest first; those that are over, or that nobody will ever close, leave the index.
    async fn load_open(&self, access: &TenantAccess) -> Result<Vec<Open>, Failure> {
        let now = self.world.clock().now();
        let mut open = Vec::new();
        for order in self.world.store().open_orders(&access.tenant.id).await? {
            let key = OrderKey { tenant: access.tenant.id.clone(), order };
            match self.world.store().load(&key).await? {
                Some(stored) if stored.is_watched(now) => open.push(Open { key, stored }),
                Some(_) => self.world.store().stop_watching(&key).await?,
                // Its first commit may be under way: taken out now, the order would never be watched.
                None => {}
            }
        }
        Ok(open)
    }

    async fn compare(&self, work: &Work, access: &TenantAccess, orders: &[Open]) -> Result<usize, Failure> {
        let Some((from, to)) = window(orders, self.world.clock().now()) else { return Ok(0) };
        let listed = self.world.till().orders(work, access, from, to).await?;
        let listed: HashMap<_, _> = listed.into_iter().map(|order| (order.id.clone(), order)).collect();
        let documented = match orders.iter().any(|order| order.stored.state.online) {
            true => self.world.till().documented_orders(work, access, from, to).await?,
            false => Vec::new(),
        };
        let mut changed = 0;
        for order in orders {
            let subject = Subject { work, access, key: &order.key };
            let Some(id) = order.stored.state.till_order() else { continue };
            let seen = match listed.get(id) {
                Some(seen) => Some(seen.clone()),
                None => self.world.till().order(work, access, id).await?,
            };
            let seen = seen.unwrap_or_else(|| deleted(&order.key, id));
            let mut outcome = self.advance(subject, Input::Seen(&seen)).await?;
            let named = |link: &&domain::till::DocumentLink| {
                link.external_id.as_ref() == Some(&order.key.order) || link.till_order.as_ref() == Some(id)
            };
            if documented.iter().find(named).is_some() {
                outcome = changed_by(outcome, self.advance(subject, Input::Document(Some(id))).await?);
            }
            if let Some(alert) = alert_due(&order.stored, access, self.world.clock().now()) {
                outcome = changed_by(outcome, self.advance(subject, Input::Deadline(alert)).await?);
            }
            changed += usize::from(is_change(outcome));
        }
        Ok(changed)
    }

    async fn drive_on(&self, work: &Work, access: &TenantAccess, order: &Open) -> Result<Outcome, Failure> {
        let now = self.world.clock().now();
        if order.stored.is_taken(now) || !order.stored.has_rested(now) {
            return Ok(Outcome::Unchanged);
        }
        let subject = Subject { work, access, key: &order.key };
        let unsent = matches!(order.stored.state.phase, Phase::Received | Phase::Creating { .. });
        let known = if unsent { self.ask_platform(subject).await? } else { None };
        match self.advance(subject, Input::Wake(known.as_ref())).await {
            // One order that fails does not hold up the others; it stays open and has its next minute.
            Err(error @ (Failure::Till(_) | Failure::Ambiguous(_) | Failure::Platform(_) | Failure::Taken { .. })) => {
                tracing::warn!(order.id = %order.key.order, %error, "the order is still on its way");
                Ok(Outcome::Unchanged)
            }
            outcome => outcome,
        }
    }
}

fn is_change(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Done | Outcome::NotOnTill)
}

fn changed_by(before: Outcome, after: Outcome) -> Outcome {
    if is_change(after) { after } else { before }
}

/// What an order that the till no longer has looks like.
fn deleted(key: &OrderKey, id: &domain::TillOrderId) -> TillOrder {
    TillOrder {
        id: id.clone(),
        external_id: Some(key.order.clone()),
        workflow: domain::till::Workflow::Canceled,
        processed: false,
        rejection_reason: None,
        sales_point: None,
        amount: None,
    }
}

fn window(orders: &[Open], now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let from = orders.iter().map(|order| order.stored.state.created_at).min()?;
    let to = orders.iter().map(|order| order.stored.state.wished_at).max()?.max(now);
    Some((from.saturating_sub(AROUND).ok()?, to.saturating_add(AROUND).ok()?))
}

/// The alert that is due by the clock, when its message did not come.
fn alert_due(stored: &Stored, access: &TenantAccess, now: Timestamp) -> Option<u8> {
    let Phase::OnTill { since, .. } = stored.state.phase else { return None };
    let waited = now.duration_since(since);
    let due = alert_times(access.tenant.acceptance_alert).into_iter().filter(|after| *after <= waited).count();
    let due = u8::try_from(due).unwrap_or(u8::MAX);
    (stored.state.status == Status::New && due > stored.state.alerts).then_some(due)
}

impl Open {
    /// On the till with nothing left to do but to see how it goes.
    fn is_quiet_on_till(&self) -> bool {
        let state = &self.stored.state;
        state.till_order().is_some() && state.pending.is_empty() && self.stored.parked.is_empty()
    }
}

impl Stored {
    fn is_watched(&self, now: Timestamp) -> bool {
        let expected = self.state.wished_at.max(self.state.created_at);
        self.state.is_open() && now.duration_since(expected) < WATCHED
    }

    /// Whether its last event is long enough ago that nobody is about to finish it.
    fn has_rested(&self, now: Timestamp) -> bool {
        let last = self.state.history.last().and_then(|entry| Timestamp::from_millisecond(entry.0).ok());
        last.is_none_or(|at| now.duration_since(at) >= UNDER_WAY)
    }
}
