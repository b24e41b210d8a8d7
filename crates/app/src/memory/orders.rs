//! Orders in memory.

use super::{Faults, ManualClock, lock, pause};
use crate::ports::{Clock, Commit, Committed, OrderKey, OrderStore, StoreError, Stored};
use domain::{OrderId, TenantId, lifecycle::OrderState};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
};

#[derive(Debug, Clone)]
struct Row {
    state: String,
    revision: u64,
    lease_ms: Option<i64>,
    parked: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct Orders {
    rows: BTreeMap<OrderKey, Row>,
    /// Since when, in milliseconds, and for which revision an order is in the index.
    open: BTreeMap<OrderKey, (i64, u64)>,
    writes: usize,
    faults: Faults,
}

/// Orders in memory.
#[derive(Debug, Clone)]
pub struct MemoryOrderStore {
    orders: Arc<Mutex<Orders>>,
    clock: ManualClock,
}

impl MemoryOrderStore {
    /// An empty store with this clock.
    #[must_use]
    pub fn new(clock: ManualClock) -> Self {
        Self { orders: Arc::default(), clock }
    }

    /// How many writes there were, those of the index of open orders and refused ones included: all are billed.
    #[must_use]
    pub fn writes(&self) -> usize {
        lock(&self.orders).writes
    }

    /// Makes the next so many calls fail as a store does that does not answer.
    pub fn fail_next(&self, calls: u32) {
        lock(&self.orders).faults = Faults(calls);
    }

    /// Changes the form in which orders are kept, as another version would have written them.
    pub fn rewrite(&self, change: impl Fn(&str) -> String) {
        lock(&self.orders).rows.values_mut().for_each(|row| row.state = change(&row.state));
    }

    fn call(&self) -> Result<MutexGuard<'_, Orders>, StoreError> {
        let mut orders = lock(&self.orders);
        orders.faults.next("the order store in memory")?;
        Ok(orders)
    }
}

fn broken(error: impl std::fmt::Display) -> StoreError {
    StoreError::Malformed { what: "an order in memory".to_owned(), remedy: error.to_string() }
}

impl Row {
    fn state(&self) -> Result<OrderState, StoreError> {
        serde_json::from_str(&self.state).map_err(broken)
    }

    fn stored(&self) -> Result<Stored, StoreError> {
        Ok(Stored {
            state: self.state()?,
            revision: self.revision,
            leased_until: self.lease_ms.map(Timestamp::from_millisecond).transpose().map_err(broken)?,
            parked: self.parked.clone(),
        })
    }
}

impl OrderStore for MemoryOrderStore {
    async fn load(&self, key: &OrderKey) -> Result<Option<Stored>, StoreError> {
        self.call()?.rows.get(key).map(Row::stored).transpose()
    }

    async fn commit(&self, key: &OrderKey, commit: Commit<'_>) -> Result<Committed, StoreError> {
        pause().await;
        let done = (|| -> Result<Committed, StoreError> {
            let now = self.clock.now().as_millisecond();
            let mut orders = self.call()?;
            orders.writes += 1;
            let found = orders.rows.get(key);
            let (expected, parked) = (found.map(|row| row.revision), found.map(|row| &row.parked));
            #[cfg(feature = "planted-bugs")]
            let (expected, parked) = match domain::planted::is(domain::planted::Bug::NoFence) {
                true => (commit.expected, found.map(|_| commit.parked)),
                false => (expected, parked),
            };
            if expected != commit.expected || parked.is_some_and(|parked| parked != commit.parked) {
                return Ok(Committed::Lost);
            }
            let revision = commit.expected.map_or(1, |expected| expected + 1);
            if commit.state.is_watched() && !commit.was_watched {
                orders.open.entry(key.clone()).or_insert((now, revision)).1 = revision;
                orders.writes += 1;
            }
            if !commit.state.is_watched() && commit.lease_until.is_none() {
                orders.open.remove(key);
                orders.writes += 1;
            }
            let state = serde_json::to_string(commit.state).map_err(broken)?;
            let lease_ms = commit.lease_until.map(Timestamp::as_millisecond);
            orders.rows.insert(key.clone(), Row { state, revision, lease_ms, parked: commit.left.clone() });
            Ok(Committed::Done(revision))
        })();
        pause().await;
        done
    }

    async fn park(&self, key: &OrderKey, revision: u64, fact: &str) -> Result<bool, StoreError> {
        pause().await;
        let done = (|| -> Result<bool, StoreError> {
            let mut orders = self.call()?;
            orders.writes += 1;
            match orders.rows.get_mut(key).filter(|row| row.revision == revision) {
                None => Ok(false),
                Some(row) => {
                    row.parked.insert(fact.to_owned());
                    Ok(true)
                }
            }
        })();
        pause().await;
        done
    }

    async fn open_orders(&self, tenant: &TenantId) -> Result<Vec<OrderId>, StoreError> {
        let orders = self.call()?;
        let mut open: Vec<_> = orders.open.iter().filter(|(key, _)| key.tenant == *tenant).collect();
        open.sort_by_key(|(key, (since, _))| (*since, (*key).clone()));
        Ok(open.into_iter().map(|(key, _)| key.order.clone()).collect())
    }

    async fn open_tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        let tenants: BTreeSet<_> = self.call()?.open.keys().map(|key| key.tenant.clone()).collect();
        Ok(tenants.into_iter().collect())
    }

    async fn stop_watching(&self, key: &OrderKey, revision: u64) -> Result<(), StoreError> {
        let mut orders = self.call()?;
        orders.writes += 1;
        if orders.open.get(key).is_some_and(|(_, since)| *since <= revision) {
            orders.open.remove(key);
        }
        Ok(())
    }
}
