//! One holder's work on one order: what it read, what it decided, and the commits that make it true.

use super::{Failure, LEASE_MARGIN, LONGEST_CREATION, Orders, SETTLE, SHORTEST_CALL, World};
use crate::ports::{
    Clock, Commit, Committed, Freshness, OrderKey, OrderStore, PlatformAccess, Stored, TenantAccess, Tenants, Work,
};
use domain::lifecycle::{Event, OrderState, step};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use std::{collections::BTreeSet, sync::Arc, time::Duration};

/// Whose order it is, with what is needed to work on it.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) work: &'a Work,
    pub(super) access: &'a TenantAccess,
    pub(super) key: &'a OrderKey,
}

/// The state under work. Nothing of it is true for others before a commit.
pub(super) struct Session<'a, W> {
    pub(super) orders: &'a Orders<W>,
    pub(super) subject: Subject<'a>,
    pub(super) state: OrderState,
    /// Facts of other messages, still to be dealt with.
    pub(super) facts: BTreeSet<String>,
    stored: Option<OrderState>,
    revision: Option<u64>,
    parked: BTreeSet<String>,
    leased_until: Option<Timestamp>,
    platform: Option<Arc<PlatformAccess>>,
}

impl<'a, W: World> Session<'a, W> {
    /// Over an order as it is stored.
    pub(super) fn over(orders: &'a Orders<W>, subject: Subject<'a>, stored: Stored) -> Self {
        Self {
            orders,
            subject,
            state: stored.state.clone(),
            facts: stored.parked.clone(),
            stored: Some(stored.state),
            revision: Some(stored.revision),
            parked: stored.parked,
            leased_until: None,
            platform: None,
        }
    }

    /// Over an order that is not stored yet.
    pub(super) fn new(orders: &'a Orders<W>, subject: Subject<'a>, state: OrderState) -> Self {
        Self {
            orders,
            subject,
            state,
            facts: BTreeSet::new(),
            stored: None,
            revision: None,
            parked: BTreeSet::new(),
            leased_until: None,
            platform: None,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.orders.world.clock().now()
    }

    /// Applies an event; nothing is written yet.
    pub(super) fn apply(&mut self, event: &Event) {
        if let Some(next) = step(&self.state, event, self.now()) {
            self.state = next;
        }
    }

    /// Whether there is anything to write.
    pub(super) fn is_changed(&self) -> bool {
        self.stored.as_ref() != Some(&self.state)
    }

    /// Takes the order, with the state as it is now. False means that somebody was faster.
    pub(super) async fn take(&mut self) -> Result<bool, Failure> {
        let lease = self.subject.work.left() + LEASE_MARGIN;
        self.commit(Some(after(self.now(), lease))).await
    }

    /// Writes what has been decided and keeps the order. Facts that were parked meanwhile are taken over first, and those
    /// that count before anything is sent are applied.
    pub(super) async fn keep(&mut self) -> Result<(), Failure> {
        while !self.commit(self.leased_until).await? {
            self.rejoin().await?;
            self.observe_what_was_left();
        }
        Ok(())
    }

    /// Writes what has been decided if the next effect is not yet written. What was carried out and then forgotten
    /// would be decided anew after a crash, and perhaps otherwise.
    pub(super) async fn keep_what_is_to_be_done(&mut self) -> Result<(), Failure> {
        let written = |effect| self.stored.as_ref().is_some_and(|stored| stored.pending.contains(effect));
        match self.state.pending.first().is_none_or(written) {
            true => Ok(()),
            false => self.keep().await,
        }
    }

    /// Writes what has been decided and frees the order, at once or after a time in which nobody may touch it.
    /// False means that facts were parked meanwhile: they are in `facts` now and the order is still held.
    pub(super) async fn free(&mut self, not_before: Option<Duration>) -> Result<bool, Failure> {
        let until = not_before.map(|wait| after(self.now(), wait));
        if self.commit(until).await? {
            return Ok(true);
        }
        self.rejoin().await?;
        Ok(false)
    }

    /// Whether another call may begin: there is time, and the order is still ours by the clock on the wall.
    pub(super) fn may_call(&self) -> Result<(), Failure> {
        let ours = self.leased_until.is_none_or(|until| until > self.now());
        match ours && self.subject.work.left() > SHORTEST_CALL {
            true => Ok(()),
            false => Err(Failure::OutOfTime),
        }
    }

    /// Whether a creation may be sent: whatever becomes of this holder, nobody looks for the order before it has settled.
    pub(super) fn may_create(&self) -> Result<(), Failure> {
        let settled = after(self.now(), LONGEST_CREATION + SETTLE);
        match self.leased_until.is_none_or(|until| until >= settled) {
            true => self.may_call(),
            false => Err(Failure::OutOfTime),
        }
    }

    /// Whether the till's key was replaced after it was read: that the old one is refused says nothing of an order.
    pub(super) async fn key_was_replaced(&self) -> Result<bool, Failure> {
        let read = self.orders.world.tenants().tenant(&self.subject.access.tenant.id, Freshness::Reload).await?;
        let old = self.subject.access.api_key.expose_secret();
        Ok(read.is_some_and(|access| access.api_key.expose_secret() != old))
    }

    /// The platform's token, read once.
    pub(super) async fn platform(&mut self) -> Result<Arc<PlatformAccess>, Failure> {
        if let Some(access) = &self.platform {
            return Ok(Arc::clone(access));
        }
        let access = self.orders.world.tenants().platform(Freshness::Cached).await?;
        self.platform = Some(Arc::clone(&access));
        Ok(access)
    }

    async fn commit(&mut self, lease_until: Option<Timestamp>) -> Result<bool, Failure> {
        let (parked, left) = (&self.parked, &self.facts);
        let was_watched = self.stored.as_ref().is_some_and(OrderState::is_watched);
        let commit = Commit { state: &self.state, expected: self.revision, was_watched, parked, left, lease_until };
        match self.orders.world.store().commit(self.subject.key, commit).await? {
            Committed::Lost => Ok(false),
            Committed::Done(revision) => {
                self.revision = Some(revision);
                self.leased_until = lease_until;
                self.stored = Some(self.state.clone());
                self.parked.clone_from(&self.facts);
                Ok(true)
            }
        }
    }

    /// After a lost commit: if the order is still ours, somebody only parked facts.
    async fn rejoin(&mut self) -> Result<(), Failure> {
        match self.orders.world.store().load(self.subject.key).await? {
            Some(stored) if Some(stored.revision) == self.revision => {
                self.facts.extend(stored.parked.difference(&self.parked).cloned());
                self.parked = stored.parked;
                Ok(())
            }
            _ => Err(Failure::Taken { wait: LEASE_MARGIN }),
        }
    }
}

fn after(now: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}
