//! Everything works with polling alone: webhooks only make it faster.
//!
//! Every minute the orders of a tenant that are watched are compared with the till's list; what is stuck is driven on, what
//! nobody answered is told to the staff. What a minute does is bounded; the rest is done in the next ones.

use super::{Failure, Orders, Outcome, World, observe::Input, session::Subject, turns::take_turns};
use crate::{
    message::{OrderEvent, OrderMessage},
    ports::{Clock, OrderKey, OrderQueue, OrderStore, StoreError, Stored, TenantAccess, Work},
};
use domain::{
    TenantId,
    lifecycle::{Phase, What, alert_times},
    order::Status,
};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// How long an order may be under way before polling drives it on.
const UNDER_WAY: SignedDuration = SignedDuration::from_secs(60);

/// So many orders that are not on the till yet are sent in a minute: each takes about six of the till's calls.
const SENT_A_MINUTE: usize = 5;

/// What a reconciliation found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Reconciled {
    /// How many orders were compared with what the till shows.
    pub compared: usize,
    /// How many orders moved on.
    pub changed: usize,
    /// How many of them because of news of the till that it had not pushed.
    pub polled: usize,
    /// How many of them will not reach the till, of which staff were told.
    pub not_on_till: usize,
    /// How many have to wait for one of the next minutes.
    pub left_over: usize,
    /// For how long the oldest order that is still wanted has not been on the till, in seconds; 0 if all are.
    pub unsent_s: u64,
    /// For how long the oldest news has waited to be told on the platform, in seconds; 0 if none waits.
    pub untold_s: u64,
    /// How many orders cannot be read.
    pub unreadable: usize,
    /// How many states of the till this version does not know.
    pub unknown: usize,
}

/// An order as it was loaded.
pub(super) struct Open {
    pub(super) key: OrderKey,
    pub(super) stored: Stored,
}

/// What the table holds of an order.
pub(super) enum Found {
    /// Nothing.
    Nothing,
    /// Something that this version cannot read: the log says what.
    Unreadable,
    /// The order.
    Order(Box<Stored>),
}

/// The orders of a tenant's index, oldest first.
#[derive(Default)]
pub(super) struct Index {
    /// Those to look at.
    pub(super) watched: Vec<Open>,
    /// Those that are over, or that nobody will ever close.
    over: Vec<Open>,
    /// How many cannot be read.
    unreadable: usize,
}

impl<W: World> Orders<W> {
    /// Compares the orders of a tenant with the till, drives on what is stuck, tells what nobody answered.
    ///
    /// A till or a platform that does not answer is no failure of the job, nor is time that is over: the next minute goes on.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn reconcile(&self, work: &Work, access: &TenantAccess) -> Result<Reconciled, Failure> {
        let index = self.index(access).await?;
        self.leave_alone(work, access, &index.over).await;
        let now = self.world.clock().now();
        let all = || index.over.iter().chain(&index.watched);
        let oldest = |age: fn(&Open, Timestamp) -> Option<u64>| all().filter_map(|order| age(order, now)).max();
        let mut report = Reconciled {
            unsent_s: oldest(Open::unsent_for).unwrap_or_default(),
            untold_s: oldest(Open::untold_for).unwrap_or_default(),
            unreadable: index.unreadable,
            ..Reconciled::default()
        };
        let (quiet, stuck): (Vec<_>, Vec<_>) = index.watched.into_iter().partition(Open::is_quiet);
        self.compare(work, access, &quiet, &mut report).await?;
        let stuck = stuck.into_iter().filter(|order| order.has_rested(now)).collect();
        self.drive_on(work, access, stuck, &mut report).await?;
        tracing::info!(
            tenant.id = %access.tenant.id, orders.compared = report.compared, orders.changed = report.changed,
            orders.polled = report.polled, orders.left_over = report.left_over, orders.unreadable = report.unreadable,
            unsent_s = report.unsent_s, untold_s = report.untold_s,
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

    pub(super) fn message(&self, tenant: TenantId, correlation: &str, event: OrderEvent) -> OrderMessage {
        let sent_ms = self.world.clock().now().as_millisecond();
        OrderMessage { tenant, correlation: correlation.to_owned(), sent_ms, event }
    }

    /// The orders that are in a tenant's index. One that cannot be read holds up no other (E48).
    pub(super) async fn index(&self, access: &TenantAccess) -> Result<Index, Failure> {
        let now = self.world.clock().now();
        let mut index = Index::default();
        for order in self.world.store().open_orders(&access.tenant.id).await? {
            let key = OrderKey { tenant: access.tenant.id.clone(), order };
            match self.find(&key).await? {
                Found::Order(stored) if stored.is_watched(now) => index.watched.push(Open { key, stored: *stored }),
                Found::Order(stored) => index.over.push(Open { key, stored: *stored }),
                Found::Unreadable => index.unreadable += 1,
                // Its first commit may be under way: taken out now, the order would never be watched.
                Found::Nothing => {}
            }
        }
        Ok(index)
    }

    /// What the table holds of an order.
    pub(super) async fn find(&self, key: &OrderKey) -> Result<Found, Failure> {
        match self.world.store().load(key).await {
            Ok(None) => Ok(Found::Nothing),
            Ok(Some(stored)) => Ok(Found::Order(Box::new(stored))),
            Err(error @ StoreError::Malformed { .. }) => {
                tracing::error!(tenant.id = %key.tenant, order.id = %key.order, %error, "an order cannot be read");
                Ok(Found::Unreadable)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes orders out of the index, those that nobody has closed only when staff know; what fails is done the next minute.
    async fn leave_alone(&self, work: &Work, access: &TenantAccess, over: &[Open]) {
        for Open { key, stored } in over {
            let left = match self.advance(Subject { work, access, key }, Input::LeftAlone).await {
                Ok(_) => self.world.store().stop_watching(key, stored.revision).await.map_err(Failure::from),
                Err(failure) => Err(failure),
            };
            if let Err(error) = left {
                tracing::warn!(tenant.id = %key.tenant, order.id = %key.order, %error, "an order that is over stays in the index");
            }
        }
    }

    /// Drives on what is under way: those not on the till yet oldest first, a few a minute, none where it does not answer.
    async fn drive_on(
        &self,
        work: &Work,
        access: &TenantAccess,
        stuck: Vec<Open>,
        report: &mut Reconciled,
    ) -> Result<(), Failure> {
        let (unsent, others): (Vec<_>, Vec<_>) = stuck.into_iter().partition(Open::needs_till);
        let (unsent, left_over) = take_turns(unsent, SENT_A_MINUTE, self.world.clock().now());
        report.left_over += left_over;
        let mut till_is_down = false;
        for order in unsent.iter().chain(&others) {
            if till_is_down && order.needs_till() {
                report.left_over += 1;
                continue;
            }
            match self.drive_one(Subject { work, access, key: &order.key }, order).await {
                Ok(outcome) => {
                    report.changed += usize::from(is_change(outcome));
                    report.not_on_till += usize::from(outcome == Outcome::NotOnTill);
                }
                Err(failure) => {
                    till_is_down |= matches!(failure, Failure::Till(_) | Failure::Ambiguous(_));
                    report.left_over += 1;
                    next_minute(failure, "an order is still on its way")?;
                }
            }
        }
        Ok(())
    }

    async fn drive_one(&self, subject: Subject<'_>, order: &Open) -> Result<Outcome, Failure> {
        let known = if order.needs_till() { self.ask_platform(subject).await? } else { None };
        let outcome = self.advance(subject, Input::Wake(known.as_ref())).await?;
        if let Some(alert) = order.alert_due(subject.access, self.world.clock().now()) {
            self.advance(subject, Input::Overdue(alert)).await?;
        }
        Ok(outcome)
    }
}

/// What does not go on now does so in one of the next minutes; only what stops this job is a failure of it.
pub(super) fn next_minute(failure: Failure, what: &str) -> Result<(), Failure> {
    match failure {
        Failure::Till(_)
        | Failure::Ambiguous(_)
        | Failure::Platform(_)
        | Failure::Taken { .. }
        | Failure::OutOfTime => {
            tracing::warn!(error = %failure, "{what}");
            Ok(())
        }
        Failure::Store(_) | Failure::NoTenant => Err(failure),
    }
}

pub(super) fn is_change(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Done | Outcome::NotOnTill)
}

impl Open {
    /// Whether it is not known to be on the till yet.
    fn needs_till(&self) -> bool {
        matches!(self.stored.state.phase, Phase::Received | Phase::Creating { .. })
    }

    /// For how many seconds somebody has waited for it to be on the till.
    fn unsent_for(&self, now: Timestamp) -> Option<u64> {
        let waits = self.needs_till() && self.stored.state.is_alive();
        waits.then(|| u64::try_from(now.duration_since(self.stored.state.created_at).as_secs()).unwrap_or_default())
    }

    /// For how many seconds the platform has not taken what happened to it.
    fn untold_for(&self, now: Timestamp) -> Option<u64> {
        let first = self.stored.state.pending.first().filter(|effect| effect.what != What::Create)?;
        Some(u64::try_from(now.duration_since(first.at).as_secs()).unwrap_or_default())
    }

    /// Whether its last event is long enough ago that nobody is about to finish it.
    fn has_rested(&self, now: Timestamp) -> bool {
        let last = self.stored.state.history.last().and_then(|entry| Timestamp::from_millisecond(entry.0).ok());
        !self.stored.is_taken(now) && last.is_none_or(|at| now.duration_since(at) >= UNDER_WAY)
    }

    /// With nothing left to do but to see how it goes at the till.
    fn is_quiet(&self) -> bool {
        !self.needs_till() && self.stored.state.pending.is_empty() && self.stored.parked.is_empty()
    }

    /// The alert that is due by the clock, when its message did not come.
    pub(super) fn alert_due(&self, access: &TenantAccess, now: Timestamp) -> Option<u8> {
        let Phase::OnTill { since, .. } = self.stored.state.phase else { return None };
        let waited = now.duration_since(since);
        let due = alert_times(access.tenant.acceptance_alert).into_iter().filter(|after| *after <= waited).count();
        let due = u8::try_from(due).unwrap_or(u8::MAX);
        (self.stored.state.status == Status::New && due > self.stored.state.alerts).then_some(due)
    }
}

impl Stored {
    fn is_watched(&self, now: Timestamp) -> bool {
        self.state.is_watched() && now < self.state.watched_until()
    }
}
