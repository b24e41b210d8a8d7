//! The contracts of the ports, on the adapters in memory.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::{
    contract::{
        budget_contract, circuit_store_contract, menu_store_contract, order_state, order_store_contract,
        tenants_contract,
    },
    memory::{
        ManualClock, MemoryBudget, MemoryCircuits, MemoryMenuStore, MemoryOrderStore, MemoryQueue, MemoryTenants,
    },
    message::{OrderEvent, OrderMessage},
    ports::{Commit, Freshness, OrderKey, OrderQueue, OrderStore, Tenants},
};
use domain::{OrderId, TenantId, tenant::Tenant};
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use std::{collections::BTreeSet, time::Duration};

fn clock() -> ManualClock {
    ManualClock::at("2026-11-24T12:00:00.123456Z".parse().unwrap())
}

fn tenant(id: &str) -> TenantId {
    TenantId::parse(id).unwrap()
}

fn record(id: &str, status: &str) -> Tenant {
    let record = serde_json::json!({"tenant_id": id, "status": status, "cic": {"sales_point_id": 90101}});
    Tenant::from_record(record.as_object().unwrap()).unwrap()
}

#[tokio::test]
async fn orders_in_memory_keep_the_contract() {
    let clock = clock();
    order_store_contract(&MemoryOrderStore::new(clock.clone()), &clock, &tenant("rest-1")).await;
}

#[tokio::test]
async fn menus_in_memory_keep_the_contract() {
    let clock = clock();
    menu_store_contract(&MemoryMenuStore::new(clock.clone()), &clock, &tenant("rest-1")).await;
}

#[tokio::test]
async fn calls_in_memory_keep_the_contract() {
    let clock = clock();
    budget_contract(&MemoryBudget::new(clock.clone(), 180), &clock).await;
}

#[tokio::test]
async fn circuits_in_memory_keep_the_contract() {
    circuit_store_contract(&MemoryCircuits::default()).await;
}

#[tokio::test]
async fn an_order_s_normal_life_costs_few_writes() {
    let store = MemoryOrderStore::new(clock());
    let key = OrderKey { tenant: tenant("rest-1"), order: OrderId::parse("o-1").unwrap() };
    let none = BTreeSet::new();
    for (expected, open) in [(None, true), (Some(1), true), (Some(2), false)] {
        let state = order_state("1", open);
        let was_watched = expected.is_some();
        let commit = Commit { state: &state, expected, was_watched, parked: &none, left: &none, lease_until: None };
        store.commit(&key, commit).await.unwrap();
    }
    assert_eq!(store.writes(), 5, "three commits, in and out of the index of open orders");
}

#[tokio::test]
async fn tenants_in_memory_keep_the_contract() {
    let tenants = MemoryTenants::new(clock());
    tenants.put(record("rest-1", "active"), "key", &["secret"]);
    tenants.put(record("rest-2", "paused"), "key", &["secret"]);
    tenants.put_platform("token", &["whsec_x"]);
    tenants_contract(&tenants, &tenant("rest-1"), &tenant("rest-2"), &tenant("rest-3")).await;
}

#[tokio::test]
async fn a_changed_secret_is_seen_by_a_reload_of_a_record_that_is_not_young() {
    let clock = clock();
    let tenants = MemoryTenants::new(clock.clone());
    tenants.put(record("rest-1", "active"), "old", &["s"]);
    let key = async |freshness| {
        let access = tenants.tenant(&tenant("rest-1"), freshness).await.unwrap().unwrap();
        access.api_key.expose_secret().to_owned()
    };
    assert_eq!(key(Freshness::Cached).await, "old");
    tenants.put(record("rest-1", "active"), "new", &["s"]);
    assert_eq!(key(Freshness::Reload).await, "old", "younger than 30 seconds");
    clock.advance(SignedDuration::from_secs(31));
    assert_eq!(key(Freshness::Cached).await, "old");
    assert_eq!(key(Freshness::Reload).await, "new");
    assert_eq!(tenants.reads(), 2);
}

#[tokio::test]
async fn a_delayed_message_waits_its_time() {
    let queue = MemoryQueue::default();
    let message = |correlation: &str| OrderMessage {
        tenant: tenant("rest-1"),
        correlation: correlation.into(),
        sent_ms: 1,
        event: OrderEvent::Reconcile,
    };
    queue.send(&[(message("now"), Duration::ZERO), (message("later"), Duration::from_secs(180))]).await.unwrap();
    let taken = |seconds| {
        let messages = queue.take_orders(Duration::from_secs(seconds));
        messages.into_iter().map(|message| message.correlation).collect::<Vec<_>>()
    };
    assert_eq!(taken(0), ["now"]);
    assert!(taken(100).is_empty());
    assert_eq!(taken(80), ["later"]);
}

#[tokio::test]
async fn a_fault_that_was_asked_for_happens_as_often_as_asked() {
    let store = MemoryOrderStore::new(clock());
    store.fail_next(1);
    assert!(store.open_tenants().await.is_err());
    assert!(store.open_tenants().await.is_ok());
}
