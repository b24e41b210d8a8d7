//! Schedules and batches of the sync queue over ports in memory.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::{
    memory::{
        ManualClock, MemoryBudget, MemoryCatalogue, MemoryMenuStore, MemoryMenuTill, MemoryOrderStore, MemoryPlatform,
        MemoryPlatformMenu, MemoryQueue, MemoryTenants, MemoryTill,
    },
    menu::{MenuPorts, Menus},
    message::{OrderEvent, OrderMessage, SyncJob, SyncMessage, encode},
    orders::{Delivery, Failure, Orders, Ports},
    ports::{Clock, StoreError, SyncQueue, SystemClock, Work},
};
use aws_adapters::{batch::Postpone, metrics::Metrics, written::Written};
use domain::{
    OrderId, SalesModeId, TenantId,
    menu::till::{TillCategory, TillProduct},
    order::Order,
    tenant::Tenant,
    till::Workflow,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use sync::{Event, Sync, handle};

/// The sync queue: remembers what it was asked to hide.
#[derive(Clone, Default)]
struct Queue {
    messages: MemoryQueue,
    hidden: Arc<Mutex<Vec<(String, Duration)>>>,
}

impl Postpone for Queue {
    async fn postpone(&self, receipt: &str, wait: Duration) -> Result<(), StoreError> {
        self.hidden.lock().unwrap().push((receipt.to_owned(), wait));
        Ok(())
    }
}

impl SyncQueue for Queue {
    async fn send(&self, messages: &[(SyncMessage, Duration)]) -> Result<(), StoreError> {
        SyncQueue::send(&self.messages, messages).await
    }
}

type MenuWorld =
    MenuPorts<MemoryMenuTill, MemoryPlatformMenu, MemoryMenuStore, MemoryBudget, MemoryTenants, ManualClock>;
type World = Ports<MemoryOrderStore, MemoryQueue, MemoryTill, MemoryPlatform, MemoryTenants, ManualClock>;

struct Shop {
    sync: Arc<Sync<World, MenuWorld, Queue>>,
    menu: MemoryPlatformMenu,
    catalogue: MemoryCatalogue,
    till: MemoryTill,
    store: MemoryOrderStore,
    orders: MemoryQueue,
    queue: Queue,
    platform: MemoryPlatform,
    tenants: MemoryTenants,
    clock: ManualClock,
    metrics: Written,
}

fn tenant(id: &str, status: &str, sales_point: i64) -> Tenant {
    let record = json!({"tenant_id": id, "status": status, "cic": {"sales_point_id": sales_point}});
    Tenant::from_record(record.as_object().unwrap()).unwrap()
}

fn order(tenant: &str, id: &str) -> Order {
    serde_json::from_value(json!({
        "id": id, "tenant": tenant, "number": "1", "status": "new", "service": "takeaway",
        "created_at": "2026-11-24T18:00:00Z", "requested_for": null,
        "customer": {"id": "c-1", "first_name": "Nomecanarino", "last_name": "Prova", "email": "nome@canarino.test",
                     "phone": "+39000777"},
        "delivery": null, "payment": {"online": false, "paid": false, "transaction_id": null},
        "lines": [{"product": "margherita", "name": "Margherita", "quantity": 1, "unit_price": 900, "options": [],
                   "notes": "", "total": 900}],
        "fees": [], "discounts": [], "total": 900, "notes": ""
    }))
    .unwrap()
}

impl Shop {
    /// Two active restaurants and a paused one.
    fn open() -> Self {
        let clock = ManualClock::at("2026-11-24T18:00:00Z".parse().unwrap());
        let tenants = MemoryTenants::new(clock.clone());
        for (id, status, sales_point) in
            [("rest-1", "active", 90101), ("rest-2", "active", 90102), ("rest-3", "paused", 90103)]
        {
            tenants.put(tenant(id, status, sales_point), "canary-key", &["canary-secret"]);
        }
        tenants.put_platform("canary-token", &["whsec_Y2FuYXJ5"]);
        let (store, orders) = (MemoryOrderStore::new(clock.clone()), MemoryQueue::default());
        let (queue, platform, metrics) = (Queue::default(), MemoryPlatform::default(), Written::default());
        let (menu, till) = (MemoryPlatformMenu::default(), MemoryMenuTill::new(clock.clone()));
        let (catalogue, memory_till) = (till.catalogue.clone(), till.till.clone());
        let mode = |id| SalesModeId::parse(id).ok();
        catalogue.set_modes(mode("mode-takeaway"), mode("mode-delivery"));
        catalogue.put_category(category());
        catalogue.put_product(product());
        let ports = Ports {
            store: store.clone(),
            queue: orders.clone(),
            till: till.till.clone(),
            platform: platform.clone(),
            tenants: tenants.clone(),
            clock: clock.clone(),
        };
        let menus = MenuPorts {
            till,
            platform: menu.clone(),
            store: MemoryMenuStore::new(clock.clone()),
            budget: MemoryBudget::new(clock.clone(), 180),
            tenants: tenants.clone(),
            clock: clock.clone(),
        };
        let sync = Sync {
            orders: Orders::new(ports),
            menus: Menus::new(menus),
            queue: queue.clone(),
            metrics: Metrics::new("sync", SystemClock, metrics.clone()),
        };
        Self {
            sync: Arc::new(sync),
            menu,
            catalogue,
            till: memory_till,
            store,
            orders,
            queue,
            platform,
            tenants,
            clock,
            metrics,
        }
    }

    async fn run(&self, event: Value) -> Result<Value, Failure> {
        let until = Instant::now() + Duration::from_secs(60);
        let answer = handle(&self.sync, Event::read(event).unwrap(), until, "c-1").await?;
        Ok(serde_json::to_value(answer).unwrap())
    }

    /// Puts an order on the till, as its own message does.
    async fn place(&self, tenant: &str, id: &str) {
        let order = order(tenant, id);
        self.platform.put(order.clone());
        let work = Work { deadline: Instant::now() + Duration::from_secs(60), correlation: "c-0".to_owned() };
        let event = OrderEvent::Placed { order: Box::new(order) };
        let message =
            OrderMessage { tenant: TenantId::parse(tenant).unwrap(), correlation: "c-0".to_owned(), sent_ms: 0, event };
        self.sync.orders.handle(&work, &message, Delivery::First).await.unwrap();
        drop(self.orders.take_orders(Duration::from_secs(3600)));
    }

    fn queued(&self) -> Vec<(String, SyncJob)> {
        self.queue
            .messages
            .take_sync()
            .into_iter()
            .map(|(message, _)| (message.tenant.to_string(), message.job))
            .collect()
    }
}

fn category() -> TillCategory {
    TillCategory { id: "pizze".to_owned(), name: "Pizze".to_owned(), on_channel: true, ..TillCategory::default() }
}

fn product() -> TillProduct {
    let category = Some("pizze".to_owned());
    TillProduct { id: "margherita".to_owned(), name: "Margherita".to_owned(), category, ..TillProduct::default() }
}

fn message(tenant: &str, job: SyncJob) -> String {
    let tenant = TenantId::parse(tenant).unwrap();
    encode(&SyncMessage { tenant, correlation: "c-2".to_owned(), sent_ms: 0, due_ms: 0, job }).unwrap()
}

fn batch(bodies: &[&str]) -> Value {
    let record = |(number, body): (usize, &&str)| {
        json!({"messageId": (number + 1).to_string(), "receiptHandle": format!("r-{}", number + 1), "body": body,
               "attributes": {"ApproximateReceiveCount": "1"}})
    };
    json!({"Records": bodies.iter().enumerate().map(record).collect::<Vec<_>>()})
}

#[tokio::test]
async fn a_schedule_becomes_one_message_for_each_active_restaurant_and_does_no_work_itself() {
    let shop = Shop::open();
    for (name, job) in [("sync", SyncJob::Sync), ("full-sync", SyncJob::FullSync)] {
        let answer = shop.run(json!({"job": name})).await.unwrap();
        assert_eq!(answer, json!({"job": name, "messages": 2}));
        assert_eq!(shop.queued(), [("rest-1".to_owned(), job), ("rest-2".to_owned(), job)]);
    }
    assert!(shop.orders.orders().is_empty());
    assert_eq!(shop.tenants.reads(), 0, "nobody's secrets are opened");
}

#[tokio::test]
async fn e10_reconcile_goes_to_the_orders_queue_and_only_for_restaurants_with_open_orders() {
    let shop = Shop::open();
    assert_eq!(shop.run(json!({"job": "reconcile"})).await.unwrap()["messages"], 0);
    shop.place("rest-2", "o-1").await;
    shop.place("rest-2", "o-2").await;
    assert_eq!(shop.run(json!({"job": "reconcile"})).await.unwrap(), json!({"job": "reconcile", "messages": 1}));
    let [(message, delay)] = &shop.orders.orders()[..] else { panic!("{:?}", shop.orders.orders()) };
    assert_eq!((message.tenant.as_str(), message.correlation.as_str()), ("rest-2", "c-1"));
    assert_eq!((&message.event, *delay), (&OrderEvent::Reconcile, Duration::ZERO));
    assert!(shop.queued().is_empty());
}

#[tokio::test]
async fn a_schedule_that_cannot_be_fanned_out_fails_and_the_next_one_does_it() {
    let shop = Shop::open();
    shop.tenants.fail_next(1);
    assert!(matches!(shop.run(json!({"job": "sync"})).await, Err(Failure::Store(_))));
    shop.queue.messages.fail_next(1);
    assert!(matches!(shop.run(json!({"job": "full-sync"})).await, Err(Failure::Store(_))));
    shop.store.fail_next(1);
    assert!(matches!(shop.run(json!({"job": "reconcile"})).await, Err(Failure::Store(_))));
    assert!(shop.queued().is_empty() && shop.orders.orders().is_empty());
    assert_eq!(shop.metrics.text(), "");
    assert_eq!(shop.run(json!({"job": "sync"})).await.unwrap()["messages"], 2);
    assert!(shop.metrics.text().contains("\"schedules_run\":1"), "{}", shop.metrics.text());
}

#[tokio::test]
async fn an_event_that_is_none_says_what_it_should_be() {
    for wrong in [json!({}), json!(null), json!([]), json!({"job": "Sync"}), json!({"Records": [{"body": 1}]})] {
        let error = Event::read(wrong.clone()).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(r#"{"job": "sync" | "full-sync" | "reconcile"}"#), "{wrong}: {error}");
    }
}

#[tokio::test]
async fn e10_an_order_that_was_never_announced_is_found() {
    let shop = Shop::open();
    shop.platform.put(order("rest-1", "missed"));
    shop.place("rest-1", "known").await;
    let answer = shop.run(batch(&[&message("rest-1", SyncJob::Sync)])).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": []}));
    let [(found, _)] = &shop.orders.orders()[..] else { panic!("{:?}", shop.orders.orders()) };
    let OrderEvent::Placed { order } = &found.event else { panic!("{found:?}") };
    assert_eq!((order.id.as_str(), found.correlation.as_str()), ("missed", "c-2"));
    assert!(shop.metrics.text().contains("\"events_missed\":1"), "{}", shop.metrics.text());
}

#[tokio::test]
async fn e10_a_till_that_no_longer_calls_is_counted() {
    let shop = Shop::open();
    for number in ["o-1", "o-2", "o-3"] {
        shop.place("rest-1", number).await;
        shop.till.set(&OrderId::parse(number).unwrap(), Workflow::Accepted);
        shop.clock.advance(SignedDuration::from_mins(1));
        let event = OrderEvent::Reconcile;
        let tenant = TenantId::parse("rest-1").unwrap();
        let message = OrderMessage { tenant, correlation: "c-0".to_owned(), sent_ms: 0, event };
        let work = Work { deadline: Instant::now() + Duration::from_secs(60), correlation: "c-0".to_owned() };
        shop.sync.orders.handle(&work, &message, Delivery::First).await.unwrap();
    }
    shop.run(batch(&[&message("rest-1", SyncJob::Sync)])).await.unwrap();
    assert!(shop.metrics.text().contains("\"tills_silent\":1"), "{}", shop.metrics.text());
    assert_eq!(shop.menu.told().last().unwrap().health, app::ports::menu::Health::Degraded);
}

#[tokio::test]
async fn e48_a_record_that_fails_costs_no_other_and_is_hidden_until_it_is_worth_another_try() {
    let shop = Shop::open();
    shop.platform.put(order("rest-1", "missed"));
    shop.clock.advance(SignedDuration::from_mins(5));
    let (gone, good) = (message("rest-gone", SyncJob::Sync), message("rest-1", SyncJob::Sync));
    let mut batch = batch(&["no message", &gone, &good]);
    batch["Records"].as_array_mut().unwrap().push(json!({"messageId": "4", "receiptHandle": "r-4"}));
    let answer = shop.run(batch).await.unwrap();
    let failed = answer["batchItemFailures"].as_array().unwrap().iter().map(|f| f["itemIdentifier"].as_str().unwrap());
    assert_eq!(failed.collect::<Vec<_>>(), ["1", "2", "4"]);
    assert_eq!(shop.orders.orders().len(), 1);
    let hidden = shop.queue.hidden.lock().unwrap().clone();
    let no_wait = |receipt: &str| hidden.iter().any(|(r, wait)| r == receipt && wait.is_zero());
    assert!(no_wait("r-1") && no_wait("r-4") && !no_wait("r-2"), "{hidden:?}");
    let count = |metric: &str| {
        shop.metrics.text().matches(&format!("\"{metric}\":1,")).count()
            + shop.metrics.text().matches(&format!("\"{metric}\":1}}")).count()
    };
    assert_eq!((count("records_failed"), count("retries")), (3, 1), "{}", shop.metrics.text());
}

#[tokio::test]
async fn e62_neither_secrets_nor_personal_data_reach_a_log_or_a_metric() {
    let (shop, log) = (Shop::open(), Written::default());
    shop.platform.put(order("rest-1", "missed"));
    shop.clock.advance(SignedDuration::from_mins(5));
    let guard = log.take_logs("trace");
    shop.run(json!({"job": "sync"})).await.unwrap();
    shop.run(batch(&["Nomecanarino", &message("rest-1", SyncJob::Sync)])).await.unwrap();
    shop.store.fail_next(1);
    shop.run(batch(&[&message("rest-1", SyncJob::Sync)])).await.unwrap();
    drop(guard);
    assert!(log.text().contains("never announced") && log.text().contains("a tenant's job was worked on"));
    for canary in ["canary", "Y2FuYXJ5", "Nomecanarino", "nome@canarino.test", "+39000777"] {
        assert!(!log.text().contains(canary) && !shop.metrics.text().contains(canary), "{canary}:\n{}", log.text());
    }
}

#[tokio::test]
async fn every_job_but_reconcile_brings_the_menu_and_says_in_one_line_what_it_did() {
    for job in [SyncJob::Sync, SyncJob::FullSync, SyncJob::Changed, SyncJob::Requested] {
        let (shop, log) = (Shop::open(), Written::default());
        let guard = log.take_logs("info");
        shop.run(batch(&[&message("rest-1", job)])).await.unwrap();
        drop(guard);
        assert_eq!(shop.menu.live().len(), 2, "{job:?}");
        let lines = log.lines();
        let line = lines.iter().find(|line| line["message"] == "a tenant's job was worked on").unwrap();
        assert_eq!((&line["menu.written"], &line["menu.whole"]), (&json!(2), &json!(true)));
    }
}

#[tokio::test]
async fn a_paused_restaurant_s_menu_rests() {
    let shop = Shop::open();
    shop.run(batch(&[&message("rest-3", SyncJob::FullSync)])).await.unwrap();
    assert!(shop.menu.calls().is_empty() && shop.catalogue.calls().is_empty());
}

#[tokio::test]
async fn a_job_whose_turn_has_not_come_is_sent_on_and_not_failed() {
    let shop = Shop::open();
    let due_ms = (shop.clock.now() + SignedDuration::from_mins(40)).as_millisecond();
    let tenant = TenantId::parse("rest-1").unwrap();
    let later = SyncMessage { tenant, correlation: "c-2".to_owned(), sent_ms: 1, due_ms, job: SyncJob::FullSync };
    let answer = shop.run(batch(&[&encode(&later).unwrap()])).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": []}));
    assert_eq!(shop.queue.messages.take_sync(), [(later, Duration::from_secs(15 * 60))]);
    assert!(shop.catalogue.calls().is_empty());
}

#[tokio::test]
async fn a_menu_that_is_held_back_is_counted_and_its_record_is_finished() {
    let shop = Shop::open();
    shop.catalogue.delete_product("margherita");
    let answer = shop.run(batch(&[&message("rest-1", SyncJob::Sync)])).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": []}));
    assert!(shop.metrics.text().contains("\"menus_held_back\":1"), "{}", shop.metrics.text());
}
