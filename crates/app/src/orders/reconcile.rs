//! Everything works with polling alone: webhooks only make it faster.
//!
//! Every minute the open orders of a tenant are compared with one list of the till; what is stuck is driven on, what
//! nobody answered is told to the staff. Every five minutes the platform is asked for orders that were never seen.

use super::{
    Failure, Orders, Outcome, World,
    observe::{Input, as_event},
    session::Subject,
};
use crate::{
    message::{OrderEvent, OrderMessage},
    ports::{Clock, Freshness, OrderKey, OrderQueue, OrderStore, Platform, Stored, TenantAccess, Tenants, Till, Work},
};
use domain::{
    TenantId, TillOrderId,
    lifecycle::{Phase, alert_times, step},
    order::Status,
    till::{DocumentLink, TillOrder},
};
use jiff::{SignedDuration, Timestamp};
use std::{collections::HashMap, time::Duration};

/// How long after it was expected an order that nobody closes is still watched.
const WATCHED: SignedDuration = SignedDuration::from_hours(72);

/// How far around an order's times the till is asked: which date its window is about is not known.
const AROUND: SignedDuration = SignedDuration::from_hours(12);

/// How long an order may be under way before polling drives it on.
const UNDER_WAY: SignedDuration = SignedDuration::from_secs(60);

/// What a reconciliation found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Reconciled {
    /// How many open orders were compared.
    pub compared: usize,
    /// How many of them changed: seen by polling and not pushed, a sign of a silent webhook.
    pub changed: usize,
    /// How many of them will not reach the till, of which staff were told.
    pub not_on_till: usize,
}

/// An open order as it was loaded.
struct Open {
    key: OrderKey,
    stored: Stored,
}

impl<W: World> Orders<W> {
    /// Compares the open orders of a tenant with the till, drives on what is stuck, tells what nobody answered.
    ///
    /// A till or a platform that does not answer is no failure of the job: the next minute asks again.
    ///
    /// # Errors
    /// When the store fails or the time is over.
    pub async fn reconcile(&self, work: &Work, access: &TenantAccess) -> Result<Reconciled, Failure> {
        let open = self.load_open(access).await?;
        let mut report = Reconciled { compared: open.len(), ..Reconciled::default() };
        let (on_till, stuck): (Vec<_>, Vec<_>) = open.into_iter().partition(Open::is_quiet_on_till);
        match self.compare(work, access, &on_till).await {
            Ok(changed) => report.changed += changed,
            Err(failure) => next_minute(failure, "the till's orders could not be compared")?,
        }
        let mut till_is_down = false;
        for order in stuck.iter().filter(|order| order.has_rested(self.world.clock().now())) {
            if till_is_down && order.needs_till() {
                continue;
            }
            let subject = Subject { work, access, key: &order.key };
            match self.drive_on(subject, order).await {
                Ok(outcome) => {
                    report.changed += usize::from(is_change(outcome));
                    report.not_on_till += usize::from(outcome == Outcome::NotOnTill);
                }
                Err(failure) => {
                    till_is_down |= matches!(failure, Failure::Till(_) | Failure::Ambiguous(_));
                    next_minute(failure, "an order is still on its way")?;
                }
            }
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
        let mut missed = Vec::new();
        for order in new {
            let key = OrderKey { tenant: tenant.id.clone(), order: order.id.clone() };
            // Its own message may be on its way: then it comes twice, which is once (E04).
            if self.world.store().load(&key).await?.is_none() {
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
                Some(stored) => {
                    if stored.state.is_open() {
                        tracing::warn!(order.id = %key.order, "nobody has closed this order for three days; it is no longer watched");
                    }
                    self.world.store().stop_watching(&key).await?;
                }
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
            true => self.world.till().documented_orders(work, access, from, to).await,
            false => Ok(Vec::new()),
        };
        let documented = documented.unwrap_or_else(|error| {
            tracing::warn!(%error, "the till's receipts could not be listed");
            Vec::new()
        });
        let mut changed = 0;
        for order in orders {
            let subject = Subject { work, access, key: &order.key };
            match self.compare_one(subject, order, &listed, &documented).await {
                Ok(moved) => changed += usize::from(moved),
                // One order that fails holds up no other (E48).
                Err(failure) => next_minute(failure, "one order could not be compared")?,
            }
        }
        Ok(changed)
    }

    /// Applies what the till shows of one order, and its alert if one is due. True if that changed anything.
    async fn compare_one(
        &self,
        subject: Subject<'_>,
        order: &Open,
        listed: &HashMap<TillOrderId, TillOrder>,
        documented: &[DocumentLink],
    ) -> Result<bool, Failure> {
        let Some(id) = order.stored.state.till_order() else { return Ok(false) };
        let seen = match listed.get(id) {
            Some(seen) => seen.clone(),
            None => {
                let found = self.world.till().order(subject.work, subject.access, id).await?;
                found.unwrap_or_else(|| deleted(&order.key, id))
            }
        };
        let names = |link: &DocumentLink| {
            link.external_id.as_ref() == Some(&order.key.order) || link.till_order.as_ref() == Some(id)
        };
        let now = self.world.clock().now();
        let inputs = [
            order.would_change(&seen, subject, now).then_some(Input::Seen(&seen)),
            documented.iter().any(names).then_some(Input::Document(Some(id))),
            alert_due(&order.stored, subject.access, now).map(Input::Deadline),
        ];
        let mut moved = false;
        for input in inputs.into_iter().flatten() {
            moved |= is_change(self.advance(subject, input).await?);
        }
        Ok(moved)
    }

    async fn drive_on(&self, subject: Subject<'_>, order: &Open) -> Result<Outcome, Failure> {
        let known = if order.needs_till() { self.ask_platform(subject).await? } else { None };
        self.advance(subject, Input::Wake(known.as_ref())).await
    }
}

/// A party that does not answer is asked again by the next minute's job; only what stops this job is a failure of it.
fn next_minute(failure: Failure, what: &str) -> Result<(), Failure> {
    match failure {
        Failure::Till(_) | Failure::Ambiguous(_) | Failure::Platform(_) | Failure::Taken { .. } => {
            tracing::warn!(error = %failure, "{what}");
            Ok(())
        }
        Failure::Store(_) | Failure::OutOfTime | Failure::NoTenant => Err(failure),
    }
}

fn is_change(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Done | Outcome::NotOnTill)
}

/// What an order that the till no longer has looks like.
fn deleted(key: &OrderKey, id: &TillOrderId) -> TillOrder {
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
    /// Whether it is not known to be on the till yet.
    fn needs_till(&self) -> bool {
        matches!(self.stored.state.phase, Phase::Received | Phase::Creating { .. })
    }

    /// Whether what the till shows is news: most orders of most minutes have none, and cost nothing more.
    fn would_change(&self, seen: &TillOrder, subject: Subject<'_>, now: Timestamp) -> bool {
        as_event(seen, &self.stored.state, subject).is_some_and(|event| step(&self.stored.state, &event, now).is_some())
    }

    /// Whether its last event is long enough ago that nobody is about to finish it.
    fn has_rested(&self, now: Timestamp) -> bool {
        let last = self.stored.state.history.last().and_then(|entry| Timestamp::from_millisecond(entry.0).ok());
        !self.stored.is_taken(now) && last.is_none_or(|at| now.duration_since(at) >= UNDER_WAY)
    }

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
}
