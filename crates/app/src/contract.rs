//! What every adapter of a port must do, as tests that take the adapter.
//!
//! They run on memory here and on a local AWS in the integration tests. Each takes a tenant that nobody else uses, so
//! that adapters with a memory can be shared, and panics where a promise of a port is broken.
#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test fails by panicking")]

mod circuit;
mod menu;

pub use circuit::circuit_store_contract;
pub use menu::{budget_contract, menu_state, menu_store_contract};

use crate::{
    memory::ManualClock,
    ports::{Clock, Commit, Committed, Freshness, OrderKey, OrderStore, Stored, Tenants},
};
use domain::{OrderId, TenantId, lifecycle::OrderState, order::Status};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// A state for tests; open, or over with nothing left to do.
#[must_use]
pub fn order_state(number: &str, open: bool) -> OrderState {
    let state = serde_json::json!({
        "number": number,
        "content": "0123456789abcdef",
        "online": true,
        "total": 2350,
        "created_at": 1_790_000_000_123_i64,
        "wished_at": 1_790_003_600_000_i64,
        "status": if open { Status::New } else { Status::Evaso },
        "phase": {"is": "on_till", "id": "till-1", "since": 1_790_000_001_000_i64},
        "history": [[1_790_000_000_123_i64, "received «è»"]],
    });
    let state: OrderState = serde_json::from_value(state).unwrap();
    assert_eq!(state.is_open(), open);
    state
}

/// Stores an order as it is: new, free, with no facts left.
pub async fn store_new(store: &impl OrderStore, key: &OrderKey, state: &OrderState) {
    let none = BTreeSet::new();
    let commit = Commit { state, expected: None, was_watched: false, parked: &none, left: &none, lease_until: None };
    store.commit(key, commit).await.unwrap();
}

/// One order of a store under test.
struct Case<'a, S> {
    store: &'a S,
    key: OrderKey,
}

impl<'a, S: OrderStore> Case<'a, S> {
    fn new(store: &'a S, tenant: &TenantId, order: &str) -> Self {
        Self { store, key: OrderKey { tenant: tenant.clone(), order: OrderId::parse(order).unwrap() } }
    }

    async fn load(&self) -> Option<Stored> {
        self.store.load(&self.key).await.unwrap()
    }

    async fn commit(
        &self,
        state: &OrderState,
        expected: Option<u64>,
        parked: &[&str],
        lease_until: Option<Timestamp>,
    ) -> Committed {
        self.commit_leaving(&[], state, expected, parked, lease_until).await
    }

    async fn commit_leaving(
        &self,
        left: &[&str],
        state: &OrderState,
        expected: Option<u64>,
        parked: &[&str],
        lease_until: Option<Timestamp>,
    ) -> Committed {
        let was_watched = self.load().await.is_some_and(|stored| stored.state.is_watched());
        let commit = Commit { state, expected, was_watched, parked: &facts(parked), left: &facts(left), lease_until };
        self.store.commit(&self.key, commit).await.unwrap()
    }

    /// Creates an open order and answers its revision.
    async fn create(&self, lease: Option<Timestamp>) -> u64 {
        match self.commit(&order_state("1001", true), None, &[], lease).await {
            Committed::Done(revision) => revision,
            Committed::Lost => panic!("{} was not created", self.key.order),
        }
    }

    async fn park(&self, revision: u64, fact: &str) -> bool {
        self.store.park(&self.key, revision, fact).await.unwrap()
    }

    async fn is_watched(&self) -> bool {
        self.store.open_orders(&self.key.tenant).await.unwrap().contains(&self.key.order)
    }
}

fn facts(facts: &[&str]) -> BTreeSet<String> {
    facts.iter().map(|fact| (*fact).to_owned()).collect()
}

/// Every promise of [`OrderStore`]. `tenant` and one whose name is longer by `-b` must be unused; `clock` is the clock
/// of the store.
pub async fn order_store_contract(store: &impl OrderStore, clock: &ManualClock, tenant: &TenantId) {
    what_is_committed_is_read_again(&Case::new(store, tenant, "o-read"), clock).await;
    only_the_next_revision_is_written(&Case::new(store, tenant, "o-revision")).await;
    a_lease_is_kept_and_freed(&Case::new(store, tenant, "o-lease"), clock).await;
    a_parked_fact_is_never_lost(&Case::new(store, tenant, "o-parked")).await;
    a_fact_is_parked_at_one_revision(&Case::new(store, tenant, "o-fact")).await;
    an_order_is_in_the_index_while_it_is_watched(&Case::new(store, tenant, "o-open"), clock).await;
    open_orders_come_oldest_first_and_tenants_once(store, clock, tenant).await;
}

async fn what_is_committed_is_read_again<S: OrderStore>(case: &Case<'_, S>, clock: &ManualClock) {
    assert_eq!(case.load().await, None);
    let lease = clock.now().round(jiff::Unit::Millisecond).unwrap() + SignedDuration::from_secs(30);
    let revision = case.create(Some(lease)).await;
    let expected =
        Stored { state: order_state("1001", true), revision, leased_until: Some(lease), parked: BTreeSet::new() };
    assert_eq!(case.load().await, Some(expected));
}

async fn only_the_next_revision_is_written<S: OrderStore>(case: &Case<'_, S>) {
    let first = case.create(None).await;
    let other = order_state("1002", true);
    assert_eq!(case.commit(&other, None, &[], None).await, Committed::Lost, "a second creation");
    assert_eq!(case.load().await.unwrap().state.number, "1001");
    let Committed::Done(second) = case.commit(&other, Some(first), &[], None).await else {
        panic!("the next revision")
    };
    assert_ne!(first, second);
    assert_eq!(case.commit(&order_state("1003", true), Some(first), &[], None).await, Committed::Lost, "a stale one");
    assert_eq!(case.load().await.unwrap().state.number, "1002");
    let ghost =
        Case { store: case.store, key: OrderKey { order: OrderId::parse("o-none").unwrap(), ..case.key.clone() } };
    assert_eq!(ghost.commit(&other, Some(1), &[], None).await, Committed::Lost, "a revision of nothing");
    assert_eq!(ghost.load().await, None);
}

async fn a_lease_is_kept_and_freed<S: OrderStore>(case: &Case<'_, S>, clock: &ManualClock) {
    let now = clock.now().round(jiff::Unit::Millisecond).unwrap();
    let until = now + SignedDuration::from_secs(45);
    let revision = case.create(Some(until)).await;
    let taken = case.load().await.unwrap();
    assert!(taken.is_taken(now) && !taken.is_taken(until));
    case.commit(&order_state("1001", true), Some(revision), &[], None).await;
    let freed = case.load().await.unwrap();
    assert_eq!(freed.leased_until, None);
    assert!(!freed.is_taken(now));
}

async fn a_parked_fact_is_never_lost<S: OrderStore>(case: &Case<'_, S>) {
    let revision = case.create(None).await;
    for fact in ["b", "a", "{\"c\":\"è\"}"] {
        assert!(case.park(revision, fact).await);
    }
    let state = order_state("1001", true);
    let all = ["{\"c\":\"è\"}", "a", "b"];
    assert_eq!(case.commit(&state, Some(revision), &[], None).await, Committed::Lost, "facts not seen");
    assert_eq!(case.commit(&state, Some(revision), &["a", "b"], None).await, Committed::Lost, "one fact not seen");
    assert_eq!(case.commit(&state, Some(revision), &["a", "b", "x"], None).await, Committed::Lost, "another fact");
    assert_eq!(case.load().await.unwrap().parked, facts(&all));
    let Committed::Done(next) = case.commit_leaving(&["a", "b"], &state, Some(revision), &all, None).await else {
        panic!("facts seen")
    };
    assert_eq!(case.load().await.unwrap().parked, facts(&["a", "b"]), "what is not dealt with stays");
    assert_eq!(case.commit(&state, Some(next), &[], None).await, Committed::Lost, "facts left");
    let Committed::Done(next) = case.commit(&state, Some(next), &["b", "a"], None).await else { panic!("facts left") };
    assert!(case.load().await.unwrap().parked.is_empty());
    assert_eq!(case.commit(&state, Some(next), &["a"], None).await, Committed::Lost, "facts that are dealt with");
}

async fn a_fact_is_parked_at_one_revision<S: OrderStore>(case: &Case<'_, S>) {
    assert!(!case.park(1, "early").await, "there is no order yet");
    assert_eq!(case.load().await, None, "parking makes no order");
    let revision = case.create(None).await;
    assert!(case.park(revision, "twice").await);
    assert!(case.park(revision, "twice").await, "parking again is no error");
    let found = case.load().await.unwrap();
    assert_eq!((found.revision, found.parked.len()), (revision, 1), "parking keeps the revision");
    assert!(!case.park(revision + 1, "later").await, "another revision");
    assert_eq!(case.load().await.unwrap().parked.len(), 1);
}

async fn an_order_is_in_the_index_while_it_is_watched<S: OrderStore>(case: &Case<'_, S>, clock: &ManualClock) {
    let until = Some(clock.now() + SignedDuration::from_secs(45));
    assert!(!case.is_watched().await);
    let mut revision = case.create(until).await;
    let (open, over) = (order_state("1001", true), order_state("1001", false));
    let mut off = order_state("1001", true);
    off.status = Status::Rejected;
    for (state, lease, watched, when) in [
        (&open, None, true, "open"),
        (&off, None, true, "off, but the till may go on with it"),
        (&over, until, true, "over, but its holder may still be at work"),
        (&over, None, false, "over"),
        (&over, None, false, "still over"),
        (&open, until, true, "open again"),
        (&over, None, false, "over at last"),
    ] {
        let Committed::Done(next) = case.commit(state, Some(revision), &[], lease).await else {
            panic!("{when}: lost")
        };
        revision = next;
        // What is over and held may be in the index or not: looking at it once more does no harm.
        assert!(case.is_watched().await == watched || (!state.is_open() && lease.is_some()), "{when}");
    }
    let closed =
        Case { store: case.store, key: OrderKey { order: OrderId::parse("o-closed").unwrap(), ..case.key.clone() } };
    closed.commit(&over, None, &[], None).await;
    assert!(!closed.is_watched().await, "over from the start");
    closed.store.stop_watching(&closed.key, 1).await.unwrap();
    case.commit(&open, Some(revision), &[], None).await;
    case.store.stop_watching(&case.key, revision).await.unwrap();
    assert!(case.is_watched().await, "who saw it before it was open again does not take it out");
    case.store.stop_watching(&case.key, revision + 1).await.unwrap();
    assert!(!case.is_watched().await);
}

async fn open_orders_come_oldest_first_and_tenants_once(
    store: &impl OrderStore,
    clock: &ManualClock,
    tenant: &TenantId,
) {
    // Its name begins like the other's, and must not be taken for it.
    let tenant = TenantId::parse(&format!("{tenant}-b")).unwrap();
    let orders = ["o-3", "o-1", "o-2"];
    for order in orders {
        clock.advance(SignedDuration::from_secs(1));
        Case::new(store, &tenant, order).create(None).await;
    }
    let open = store.open_orders(&tenant).await.unwrap();
    assert_eq!(open.iter().map(OrderId::as_str).collect::<Vec<_>>(), orders);
    let tenants = store.open_tenants().await.unwrap();
    assert_eq!(tenants.iter().filter(|listed| **listed == tenant).count(), 1);
    for order in orders {
        let case = Case::new(store, &tenant, order);
        assert!(case.is_watched().await);
        store.stop_watching(&case.key, 1).await.unwrap();
        assert!(!case.is_watched().await);
        assert!(case.load().await.unwrap().state.is_open(), "the order itself stays");
    }
    assert!(!store.open_tenants().await.unwrap().contains(&tenant));
}

/// Every promise of [`Tenants`] for a store with the platform's record and these tenants; `unknown` has none.
pub async fn tenants_contract(store: &impl Tenants, active: &TenantId, paused: &TenantId, unknown: &TenantId) {
    for freshness in [Freshness::Cached, Freshness::Reload] {
        assert!(store.tenant(unknown, freshness).await.unwrap().is_none());
        for tenant in [active, paused] {
            assert_eq!(store.tenant(tenant, freshness).await.unwrap().unwrap().tenant.id, *tenant);
        }
        assert!(!store.platform(freshness).await.unwrap().webhook_secrets.is_empty());
    }
    let listed = store.active().await.unwrap();
    assert_eq!(listed.iter().filter(|id| *id == active).count(), 1);
    assert!(!listed.contains(paused) && !listed.contains(unknown));
}
