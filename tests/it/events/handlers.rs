//! The handlers of the functions over ports in memory, with the demo restaurant joined.

use super::{
    cases::{Case, Function},
    gateway::moment,
};
use app::{
    memory::{
        ManualClock, MemoryBudget, MemoryMenuStore, MemoryMenuTill, MemoryOrderStore, MemoryPlatform,
        MemoryPlatformMenu, MemoryQueue, MemoryTenants, MemoryTill,
    },
    menu::{MenuPorts, Menus},
    message::{OrderEvent, OrderMessage, SyncMessage},
    orders::{Orders, Ports},
    ports::{OrderQueue, StoreError, SyncQueue, SystemClock},
};
use aws_adapters::{batch::Postpone, metrics::Metrics};
use consumer::{Consumer, consume};
use domain::tenant::Tenant;
use plateform::PlatformEvent;
use serde_json::{Value, json};
use simulator::RestaurantSpec;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use sync::{Event, Sync, handle};
use webhook::{Webhook, answer_event};

type Memory = Ports<MemoryOrderStore, MemoryQueue, MemoryTill, MemoryPlatform, MemoryTenants, ManualClock>;

type MenuMemory =
    MenuPorts<MemoryMenuTill, MemoryPlatformMenu, MemoryMenuStore, MemoryBudget, MemoryTenants, ManualClock>;

/// A queue in memory from which failed records need not be hidden.
#[derive(Debug, Clone, Default)]
struct Queue(MemoryQueue);

impl Postpone for Queue {
    async fn postpone(&self, _: &str, _: Duration) -> Result<(), StoreError> {
        Ok(())
    }
}

impl OrderQueue for Queue {
    async fn send(&self, messages: &[(OrderMessage, Duration)]) -> Result<(), StoreError> {
        OrderQueue::send(&self.0, messages).await
    }
}

impl SyncQueue for Queue {
    async fn send(&self, messages: &[(SyncMessage, Duration)]) -> Result<(), StoreError> {
        SyncQueue::send(&self.0, messages).await
    }
}

fn metrics(function: &'static str) -> Metrics {
    Metrics::new(function, SystemClock, std::io::sink())
}

fn tenants(clock: &ManualClock) -> MemoryTenants {
    let demo = RestaurantSpec::demo();
    let record = json!({"tenant_id": demo.restaurant_id, "cic": {"sales_point_id": demo.sales_point_id}});
    let tenants = MemoryTenants::new(clock.clone());
    let secrets = demo.all_till_secrets();
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    tenants.put(Tenant::from_record(record.as_object().unwrap()).unwrap(), &demo.api_key, &secrets);
    tenants.put_platform(&demo.plateform_token, &[&demo.plateform_webhook_secret]);
    tenants
}

fn orders() -> Orders<Memory> {
    let clock = ManualClock::at(moment());
    Orders::new(Ports {
        store: MemoryOrderStore::new(clock.clone()),
        queue: MemoryQueue::default(),
        till: MemoryTill::new(clock.clone()),
        platform: MemoryPlatform::default(),
        tenants: tenants(&clock),
        clock,
    })
}

fn menus() -> Menus<MenuMemory> {
    let clock = ManualClock::at(moment());
    Menus::new(MenuPorts {
        till: MemoryMenuTill::new(clock.clone()),
        platform: MemoryPlatformMenu::default(),
        store: MemoryMenuStore::new(clock.clone()),
        budget: MemoryBudget::new(clock.clone(), 180),
        tenants: tenants(&clock),
        clock,
    })
}

/// What an order of the platform becomes on the queue.
pub(crate) fn placed(body: &Value) -> OrderEvent {
    let secrets = [RestaurantSpec::demo().plateform_webhook_secret];
    let (text, timestamp) = (body.to_string(), moment().as_second().to_string());
    let signature = super::sign::platform(&secrets[0], "msg", &timestamp, &text);
    let raw = plateform::RawWebhook {
        id: Some("msg"),
        timestamp: Some(&timestamp),
        signature: Some(&signature),
        body: text.as_bytes(),
    };
    let verified = raw.verify(&secrets.map(secrecy::SecretString::from), moment()).unwrap();
    match verified.parse().unwrap().event(&jiff::tz::TimeZone::UTC).unwrap() {
        PlatformEvent::OrderCreated(order) => OrderEvent::Placed { order },
        other => panic!("{other:?}"),
    }
}

/// Runs an event through the handler of its function.
pub(crate) async fn answer(case: &Case, event: Value) -> Value {
    let until = Instant::now() + Duration::from_secs(60);
    match case.function {
        Function::Webhook => answer_webhook(event).await,
        Function::Consumer => {
            let consumer =
                Arc::new(Consumer { orders: orders(), queue: Queue::default(), metrics: metrics("consumer") });
            let batch = serde_json::from_value(event).unwrap();
            serde_json::to_value(consume(&consumer, batch, until).await).unwrap()
        }
        Function::Sync => {
            let (orders, menus) = (orders(), menus());
            let sync = Arc::new(Sync { orders, menus, queue: Queue::default(), metrics: metrics("sync") });
            let answer = handle(&sync, Event::read(event).unwrap(), until, "of-a-file").await.unwrap();
            serde_json::to_value(answer).unwrap()
        }
    }
}

async fn answer_webhook(event: Value) -> Value {
    let clock = ManualClock::at(moment());
    let webhook = Webhook {
        tenants: tenants(&clock),
        orders: Queue::default(),
        sync: Queue::default(),
        clock,
        metrics: metrics("webhook"),
    };
    let response = answer_event(&webhook, serde_json::from_value(event).unwrap(), "of-a-file").await;
    let response = serde_json::to_value(response).unwrap();
    let body: Option<Value> = response["body"].as_str().map(|body| serde_json::from_str(body).unwrap());
    // The words of a refusal and the version are not the file's business.
    let word = body.map(|mut body| {
        let body = body.as_object_mut().unwrap();
        body.retain(|name, _| name == "status" || name == "error");
        Value::from(body.clone())
    });
    json!([response["statusCode"], word])
}
