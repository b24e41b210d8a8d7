//! Batches of the orders queue over ports in memory: a record fails alone, comes back when it should, and says so.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::{
    memory::{Fault, ManualClock, MemoryOrderStore, MemoryPlatform, MemoryQueue, MemoryTenants, MemoryTill, TillCall},
    message::{OrderEvent, OrderMessage, encode},
    orders::{Orders, Ports, SETTLE},
    ports::{
        Clock, Freshness, PlatformAccess, PlatformError, StoreError, SystemClock, TenantAccess, Tenants, TillError,
    },
};
use aws_adapters::{batch::Postpone, metrics::Metrics, written::Written};
use consumer::{Consumer, consume};
use domain::{
    OrderId, TenantId,
    order::{Order, Status},
    tenant::Tenant,
    till::Workflow,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

const CANARIES: [&str; 6] =
    ["canary", "Nomecanarino", "nome@canarino.test", "+39000777", "Via Canarino", "ragione canarina"];

/// The queue of a batch: remembers what it was asked to hide, or never answers.
#[derive(Clone, Default)]
struct Hidden {
    asked: Arc<Mutex<Vec<(String, Duration)>>>,
    is_stuck: bool,
}

impl Postpone for Hidden {
    async fn postpone(&self, receipt: &str, wait: Duration) -> Result<(), StoreError> {
        self.asked.lock().unwrap().push((receipt.to_owned(), wait));
        if self.is_stuck {
            std::future::pending::<()>().await;
        }
        Ok(())
    }
}

/// Tenants of which one makes its reader panic, and of which each reader waits less than the one before.
struct Odd {
    tenants: MemoryTenants,
    readers: AtomicUsize,
}

impl Tenants for Odd {
    async fn tenant(&self, id: &TenantId, freshness: Freshness) -> Result<Option<Arc<TenantAccess>>, StoreError> {
        assert!(id.as_str() != "rest-panic", "asked for");
        for _ in self.readers.fetch_add(1, Ordering::Relaxed)..10 {
            tokio::task::yield_now().await;
        }
        self.tenants.tenant(id, freshness).await
    }

    async fn platform(&self, freshness: Freshness) -> Result<Arc<PlatformAccess>, StoreError> {
        self.tenants.platform(freshness).await
    }

    async fn active(&self) -> Result<Vec<TenantId>, StoreError> {
        self.tenants.active().await
    }
}

struct Shop {
    store: MemoryOrderStore,
    till: MemoryTill,
    platform: MemoryPlatform,
    tenants: MemoryTenants,
    clock: ManualClock,
    hidden: Hidden,
    metrics: Written,
}

fn id(text: &str) -> OrderId {
    OrderId::parse(text).unwrap()
}

fn order(name: &str) -> Order {
    serde_json::from_value(json!({
        "id": name, "tenant": "rest-1", "number": "1", "status": "new", "service": "delivery",
        "created_at": "2026-11-24T18:00:00Z", "requested_for": null,
        "customer": {"id": "c-1", "first_name": "Nomecanarino", "last_name": "Prova", "email": "nome@canarino.test",
                     "phone": "+39000777"},
        "delivery": {"street": "Via Canarino 1", "city": "Prova", "postal_code": "", "province": "", "country": "IT",
                     "instructions": ""},
        "payment": {"online": false, "paid": false, "transaction_id": null},
        "lines": [{"product": "margherita", "name": "Margherita", "quantity": 1, "unit_price": 900, "options": [],
                   "notes": "canary", "total": 900}],
        "fees": [], "discounts": [], "total": 900, "notes": "canary"
    }))
    .unwrap()
}

impl Shop {
    fn open() -> Self {
        let clock = ManualClock::at("2026-11-24T18:00:00Z".parse().unwrap());
        let tenants = MemoryTenants::new(clock.clone());
        let record = json!({"tenant_id": "rest-1", "cic": {"sales_point_id": 90101}});
        tenants.put(Tenant::from_record(record.as_object().unwrap()).unwrap(), "canary-key", &["canary-secret"]);
        tenants.put_platform("canary-token", &["whsec_Y2FuYXJ5"]);
        Self {
            store: MemoryOrderStore::new(clock.clone()),
            till: MemoryTill::new(clock.clone()),
            platform: MemoryPlatform::default(),
            tenants,
            clock,
            hidden: Hidden::default(),
            metrics: Written::default(),
        }
    }

    /// Works on a batch and answers the ids of the records that come back.
    async fn work(&self, batch: Value) -> Vec<String> {
        let ports = Ports {
            store: self.store.clone(),
            queue: MemoryQueue::default(),
            till: self.till.clone(),
            platform: self.platform.clone(),
            tenants: Odd { tenants: self.tenants.clone(), readers: AtomicUsize::new(0) },
            clock: self.clock.clone(),
        };
        let metrics = Metrics::new("consumer", SystemClock, self.metrics.clone());
        let consumer = Consumer { orders: Orders::new(ports), queue: self.hidden.clone(), metrics };
        let until = Instant::now() + Duration::from_secs(60);
        let answer = consume(&Arc::new(consumer), serde_json::from_value(batch).unwrap(), until).await;
        answer.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
    }

    /// Works on one message, received this often.
    async fn work_one(&self, event: OrderEvent, receives: u32) -> Option<Duration> {
        let mut batch = batch(&[&self.message("rest-1", event)]);
        batch["Records"][0]["attributes"]["ApproximateReceiveCount"] = receives.to_string().into();
        let failed = self.work(batch).await;
        let asked = self.hidden.asked.lock().unwrap().pop();
        assert_eq!(failed.len(), usize::from(asked.is_some()), "what comes back is hidden first, and nothing else");
        asked.map(|(_, wait)| wait)
    }

    fn message(&self, tenant: &str, event: OrderEvent) -> String {
        let sent_ms = self.clock.now().as_millisecond() - 1500;
        let (tenant, correlation) = (TenantId::parse(tenant).unwrap(), "c-1".to_owned());
        encode(&OrderMessage { tenant, correlation, sent_ms, event }).unwrap()
    }

    /// The platform has the order; this is its message.
    fn placed(&self, name: &str) -> OrderEvent {
        self.platform.put(order(name));
        OrderEvent::Placed { order: Box::new(order(name)) }
    }

    /// The sum of a metric.
    fn metric(&self, name: &str) -> u64 {
        self.metrics.lines().iter().filter_map(|line| line[name].as_u64()).sum()
    }
}

fn batch(bodies: &[&str]) -> Value {
    let record = |(number, body): (usize, &&str)| {
        json!({"messageId": (number + 1).to_string(), "receiptHandle": format!("r-{}", number + 1), "body": body,
               "attributes": {"ApproximateReceiveCount": "1"}})
    };
    json!({"Records": bodies.iter().enumerate().map(record).collect::<Vec<_>>()})
}

fn deadline(name: &str) -> OrderEvent {
    OrderEvent::Deadline { order: id(name), alert: 1 }
}

fn till_order(name: &str) -> OrderEvent {
    let hint = json!({"id": "till-1", "external_id": name, "deleted": false, "payload": null});
    OrderEvent::TillOrder(serde_json::from_value(hint).unwrap())
}

#[tokio::test]
async fn e48_whatever_is_wrong_with_a_record_costs_that_record_and_no_other() {
    let shop = Shop::open();
    let messages = [
        shop.message("rest-1", shop.placed("o-1")),
        "not a message".to_owned(),
        shop.message("rest-panic", OrderEvent::Reconcile),
        shop.message("rest-gone", OrderEvent::Reconcile),
        r#"{"v":99,"type":"reconcile"}"#.to_owned(),
        "[".repeat(100_000),
        shop.message("rest-1", shop.placed("o-2")),
    ];
    let mut batch = batch(&messages.each_ref().map(String::as_str));
    let records = batch["Records"].as_array_mut().unwrap();
    records.push(json!({"messageId": "8", "receiptHandle": "r-8"}));
    let mut failed = shop.work(batch).await;
    failed.sort();
    assert_eq!(failed, ["2", "3", "4", "5", "6", "8"]);
    assert!(shop.till.find(&id("o-1")).is_some() && shop.till.find(&id("o-2")).is_some());
    let mut hidden: Vec<String> =
        shop.hidden.asked.lock().unwrap().iter().map(|(receipt, _)| receipt.clone()).collect();
    hidden.sort();
    assert_eq!(hidden, ["r-2", "r-3", "r-4", "r-5", "r-6", "r-8"]);
    assert_eq!(shop.metric("records_failed"), 6);
}

#[tokio::test]
async fn e61_what_is_no_message_goes_to_the_dead_letter_queue_without_waiting() {
    let shop = Shop::open();
    assert_eq!(shop.work(batch(&["{}", r#"{"v":2}"#])).await, ["1", "2"]);
    assert!(shop.hidden.asked.lock().unwrap().iter().all(|(_, wait)| wait.is_zero()));
}

/// Not sooner, and later by a quarter at most.
fn is_about(wait: Duration, seconds: u64) -> bool {
    let asked = Duration::from_secs(seconds);
    wait >= asked && wait <= asked + asked / 4
}

#[tokio::test]
async fn a_record_comes_back_when_whoever_refused_it_said() {
    let shop = Shop::open();
    let limited = TillError::RateLimited { retry_after: Some(Duration::from_secs(40)) };
    shop.till.fail(TillCall::Products, [Fault::Before(limited)]);
    let wait = shop.work_one(shop.placed("o-1"), 1).await.unwrap();
    assert!(is_about(wait, 40), "{wait:?}");
    assert_eq!((shop.metric("retries"), shop.metric("records_failed")), (1, 1));

    let shop = Shop::open();
    let unclear = TillError::Unclear { status: Some(500), detail: "test".to_owned() };
    shop.till.fail(TillCall::Create, [Fault::After(unclear)]);
    let wait = shop.work_one(shop.placed("o-1"), 1).await.unwrap();
    assert!(is_about(wait, SETTLE.as_secs()), "an ambiguous creation settles first: {wait:?}");

    let shop = Shop::open();
    assert_eq!(shop.work_one(shop.placed("o-1"), 1).await, None);
    shop.till.set(&id("o-1"), Workflow::Accepted);
    let retry_after = Some(Duration::from_secs(7));
    shop.platform.fail([PlatformError::Unavailable { status: Some(503), retry_after, detail: "test".to_owned() }]);
    let wait = shop.work_one(till_order("o-1"), 1).await.unwrap();
    assert!(is_about(wait, 7), "{wait:?}");
    assert_eq!(shop.work_one(till_order("o-1"), 2).await, None);
    assert_eq!(shop.platform.status(&id("o-1")), Some(Status::Confirmed), "and it is told in the end");
}

#[tokio::test]
async fn a_record_that_fails_without_a_word_stays_away_longer_each_time() {
    let shop = Shop::open();
    let mut waits = Vec::new();
    for receives in 1..=5 {
        shop.store.fail_next(1);
        waits.push(shop.work_one(deadline("o-1"), receives).await.unwrap().as_secs());
    }
    for (wait, least) in waits.iter().zip([5, 10, 20, 40, 80]) {
        assert!((least..=least * 5 / 4).contains(wait), "{waits:?}");
    }
    assert_eq!(shop.metric("retries"), 5);
    assert_eq!(shop.work_one(deadline("o-1"), 6).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_does_not_answer_costs_neither_the_answer_nor_the_invocation() {
    let mut shop = Shop::open();
    shop.hidden.is_stuck = true;
    let begun = tokio::time::Instant::now();
    let messages = [shop.message("rest-1", shop.placed("o-1")), "no".to_owned(), "message".to_owned()];
    assert_eq!(shop.work(batch(&messages.each_ref().map(String::as_str))).await, ["2", "3"]);
    assert!(begun.elapsed() < aws_adapters::batch::RESERVE, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn records_of_one_order_are_worked_on_in_their_order() {
    let (shop, log) = (Shop::open(), Written::default());
    let guard = log.take_logs("info");
    let of = |name| shop.message("rest-1", deadline(name));
    let messages = [of("o-1"), of("o-1"), of("o-1"), of("o-2")];
    assert_eq!(shop.work(batch(&messages.each_ref().map(String::as_str))).await, [""; 0]);
    drop(guard);
    let finished = log.lines();
    let finished = finished.iter().filter(|line| line["message"] == "a record was worked on");
    let ids: Vec<&str> = finished.map(|line| line["message.id"].as_str().unwrap()).collect();
    assert_eq!(ids.iter().filter(|id| **id != "4").copied().collect::<Vec<_>>(), ["1", "2", "3"]);
    assert_ne!(ids, ["1", "2", "3", "4"], "another order does not wait for them");
}

#[tokio::test]
async fn what_was_done_and_how_long_it_waited_is_measured() {
    let shop = Shop::open();
    assert_eq!(shop.work_one(shop.placed("o-1"), 1).await, None);
    assert_eq!(shop.metric("dwell_ms"), 1500);
    assert_eq!(shop.work_one(till_order("of-another-channel"), 1).await, None);
    assert_eq!(shop.metric("events_ignored"), 1);
    let lines = shop.metrics.lines();
    assert!(lines.iter().all(|line| line["function"] == "consumer" && line["tenant"] == "rest-1"), "{lines:?}");
}

#[tokio::test]
async fn e10_what_polling_found_and_how_long_an_order_has_not_reached_the_till_is_measured() {
    let shop = Shop::open();
    shop.work_one(shop.placed("o-1"), 1).await;
    shop.till.set(&id("o-1"), Workflow::Accepted);
    shop.till.fail(TillCall::Products, [Fault::Before(TillError::Unreachable { detail: "test".to_owned() })]);
    shop.work_one(shop.placed("o-2"), 1).await;
    shop.clock.advance(SignedDuration::from_secs(30));
    shop.work_one(OrderEvent::Reconcile, 1).await;
    assert_eq!((shop.metric("changes_polled"), shop.metric("orders_reconciled")), (1, 1));
    assert!(shop.metric("unsent_s") >= 30);
    let before = shop.metrics.text().matches("changes_polled").count();
    shop.work_one(OrderEvent::Reconcile, 1).await;
    assert_eq!(shop.metrics.text().matches("changes_polled").count(), before, "what is usual is not worth a line");
}

#[tokio::test]
async fn e62_neither_secrets_nor_personal_data_reach_a_log_or_a_metric() {
    let (shop, log) = (Shop::open(), Written::default());
    let guard = log.take_logs("trace");
    let refused = TillError::Refused { status: 400, detail: "InvalidParams".to_owned() };
    shop.till.fail(TillCall::Customers, [Fault::Before(refused)]);
    shop.work_one(shop.placed("o-1"), 1).await;
    let unclear = TillError::Unclear { status: None, detail: "test".to_owned() };
    shop.till.fail(TillCall::Create, [Fault::After(unclear)]);
    shop.work_one(shop.placed("o-2"), 1).await;
    shop.till.change(&id("o-1"), |order| order.rejection_reason = Some("ragione canarina".to_owned()));
    shop.till.set(&id("o-1"), Workflow::Rejected);
    shop.work_one(OrderEvent::Reconcile, 1).await;
    assert_eq!(shop.platform.status(&id("o-1")), Some(Status::Rejected));
    let broken = shop.message("rest-1", shop.placed("o-3")).replace("margherita", "");
    shop.work(batch(&[&broken, "{\"note\":\"Nomecanarino\"}"])).await;
    drop(guard);
    assert!(log.lines().len() >= 5, "{:?}", log.lines());
    for line in log.lines().into_iter().chain(shop.metrics.lines()) {
        for canary in CANARIES {
            assert!(!line.to_string().contains(canary), "{canary} in {line}");
        }
    }
}
