//! The demo restaurant with every port in memory, and the three functions over it.

use super::gateway::moment;
use app::{
    memory::{ManualClock, MemoryOrderStore, MemoryPlatform, MemoryQueue, MemoryTenants, MemoryTill},
    message::{OrderEvent, SyncMessage},
    orders::{Orders, Ports},
    ports::{StoreError, SyncQueue, SystemClock},
};
use aws_adapters::{batch::Postpone, metrics::Metrics};
use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use consumer::{Consumer, consume};
use domain::tenant::Tenant;
use serde_json::{Value, json};
use simulator::RestaurantSpec;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use sync::Sync;
use webhook::{Webhook, answer_event};

type World = Ports<MemoryOrderStore, MemoryQueue, MemoryTill, MemoryPlatform, MemoryTenants, ManualClock>;

pub(crate) struct Restaurant {
    pub(crate) clock: ManualClock,
    pub(crate) store: MemoryOrderStore,
    pub(crate) queue: MemoryQueue,
    pub(crate) till: MemoryTill,
    pub(crate) platform: MemoryPlatform,
    tenants: MemoryTenants,
}

/// The queue of a batch: records that come back are not looked at here.
#[derive(Debug)]
struct Queue(MemoryQueue);

impl Postpone for Queue {
    async fn postpone(&self, _: &str, _: Duration) -> Result<(), StoreError> {
        Ok(())
    }
}

impl SyncQueue for Queue {
    async fn send(&self, messages: &[SyncMessage]) -> Result<(), StoreError> {
        SyncQueue::send(&self.0, messages).await
    }
}

fn silent(function: &'static str) -> Metrics {
    Metrics::new(function, SystemClock, std::io::sink())
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

impl Restaurant {
    /// At the moment of the events.
    pub(crate) fn open() -> Self {
        let demo = RestaurantSpec::demo();
        let clock = ManualClock::at(moment());
        let tenants = MemoryTenants::new(clock.clone());
        let record = json!({"tenant_id": demo.restaurant_id, "cic": {"sales_point_id": demo.sales_point_id}});
        let secrets = demo.all_till_secrets();
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        tenants.put(Tenant::from_record(record.as_object().unwrap()).unwrap(), &demo.api_key, &secrets);
        tenants.put_platform(&demo.plateform_token, &[&demo.plateform_webhook_secret]);
        Self {
            store: MemoryOrderStore::new(clock.clone()),
            queue: MemoryQueue::default(),
            till: MemoryTill::new(clock.clone()),
            platform: MemoryPlatform::default(),
            tenants,
            clock,
        }
    }

    fn orders(&self) -> Orders<World> {
        Orders::new(Ports {
            store: self.store.clone(),
            queue: self.queue.clone(),
            till: self.till.clone(),
            platform: self.platform.clone(),
            tenants: self.tenants.clone(),
            clock: self.clock.clone(),
        })
    }

    pub(crate) async fn webhook(&self, event: &Value) -> ApiGatewayV2httpResponse {
        let webhook = Webhook {
            tenants: self.tenants.clone(),
            orders: self.queue.clone(),
            sync: self.queue.clone(),
            clock: self.clock.clone(),
            metrics: silent("webhook"),
        };
        let event: ApiGatewayV2httpRequest = serde_json::from_value(event.clone()).unwrap();
        answer_event(&webhook, event, "correlation-of-a-file").await
    }

    pub(crate) async fn consumer(&self, event: &Value) -> Value {
        let consumer = Consumer { orders: self.orders(), queue: Queue(self.queue.clone()), metrics: silent("consumer") };
        let batch = serde_json::from_value(event.clone()).unwrap();
        serde_json::to_value(consume(&Arc::new(consumer), batch, soon()).await).unwrap()
    }

    pub(crate) async fn sync(&self, event: &Value) -> Value {
        let sync = Sync { orders: self.orders(), queue: Queue(self.queue.clone()), metrics: silent("sync") };
        let event = sync::Event::read(event.clone()).unwrap();
        let answer = sync::handle(&Arc::new(sync), event, soon(), "correlation-of-a-file").await.unwrap();
        serde_json::to_value(answer).unwrap()
    }

    /// The platform has the orders that the messages speak of, as it has when it announces them.
    pub(crate) fn announce(&self) {
        for (message, _) in self.queue.orders() {
            if let OrderEvent::Placed { order } = message.event {
                self.platform.put(*order);
            }
        }
    }
}
