//! Where orders are kept, and the queues that lead to them.

use super::StoreError;
use crate::message::{OrderMessage, SyncMessage};
use domain::{OrderId, TenantId, lifecycle::OrderState};
use jiff::Timestamp;
use std::{collections::BTreeSet, future::Future, time::Duration};

/// Names an order: the platform's ids are unique inside a tenant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderKey {
    /// The restaurant.
    pub tenant: TenantId,
    /// The platform's order.
    pub order: OrderId,
}

/// An order as the store holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The state.
    pub state: OrderState,
    /// Counts the commits; the fence of the next one.
    pub revision: u64,
    /// Until when somebody works on it; none is free.
    pub leased_until: Option<Timestamp>,
    /// Facts left by those who found it taken. Idempotent: a set.
    pub parked: BTreeSet<String>,
}

impl Stored {
    /// Whether somebody may be working on it at `now`.
    #[must_use]
    pub fn is_taken(&self, now: Timestamp) -> bool {
        self.leased_until.is_some_and(|until| until > now)
    }
}

/// What a commit writes.
#[derive(Debug, Clone, Copy)]
pub struct Commit<'a> {
    /// The new state, pending effects included.
    pub state: &'a OrderState,
    /// The revision that was read; none if the order must not exist yet.
    pub expected: Option<u64>,
    /// Whether the order was [watched](OrderState::is_watched) when it was read.
    pub was_watched: bool,
    /// The parked facts that were read.
    pub parked: &'a BTreeSet<String>,
    /// The facts that stay parked after this commit, not yet dealt with.
    pub left: &'a BTreeSet<String>,
    /// Keeps or takes the order until then; none frees it.
    pub lease_until: Option<Timestamp>,
}

/// How a commit ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// Written, with this revision.
    Done(u64),
    /// Somebody else committed or parked in between; nothing was written.
    Lost,
}

/// Holds the state of orders. Every write is conditional: a zombie can never overwrite what came after it.
pub trait OrderStore: Send + Sync {
    /// The order as last committed (a strongly consistent read).
    fn load(&self, key: &OrderKey) -> impl Future<Output = Result<Option<Stored>, StoreError>> + Send;

    /// Writes state, pending effects and lease in one conditional write: MUST write only if the stored revision is
    /// `expected` (or there is no order, when none is expected) and the stored parked facts are exactly `parked`;
    /// afterwards exactly `left` is parked.
    /// Also keeps the index of open orders: an order that is watched is in it before the write is acknowledged.
    fn commit(&self, key: &OrderKey, commit: Commit<'_>) -> impl Future<Output = Result<Committed, StoreError>> + Send;

    /// Leaves a fact for whoever works on the order now. MUST write only if the revision is still `revision`;
    /// false means that it is not and the caller must look again. Parking a fact twice leaves one.
    fn park(&self, key: &OrderKey, revision: u64, fact: &str) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// The orders of a tenant that are [watched](OrderState::is_watched), oldest first.
    fn open_orders(&self, tenant: &TenantId) -> impl Future<Output = Result<Vec<OrderId>, StoreError>> + Send;

    /// The tenants that have watched orders, each once.
    fn open_tenants(&self) -> impl Future<Output = Result<Vec<TenantId>, StoreError>> + Send;

    /// Takes an order out of the index of open orders, whatever its state, unless it came back into it after `revision`.
    fn stop_watching(&self, key: &OrderKey, revision: u64) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Puts messages on the orders queue.
pub trait OrderQueue: Send + Sync {
    /// Stores all messages durably, or fails; each is delivered at least once, not before its delay (at most 15
    /// minutes).
    fn send(&self, messages: &[(OrderMessage, Duration)]) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Puts messages on the sync queue.
pub trait SyncQueue: Send + Sync {
    /// Stores all messages durably, or fails; each is delivered at least once, not before its delay (at most 15
    /// minutes).
    fn send(&self, messages: &[(SyncMessage, Duration)]) -> impl Future<Output = Result<(), StoreError>> + Send;
}
