//! Queue messages: what can be read is the same when it is written and read again, what cannot fails alone, and the
//! consumer does with any of them at most what its words allow.
//!
//! The input is the body of a record.

use super::world::{moment, run, tenants, work};
use app::{
    memory::{ManualClock, MemoryOrderStore, MemoryPlatform, MemoryQueue, MemoryTenants, MemoryTill},
    message::{OrderEvent, OrderMessage, SyncMessage, decode, encode},
    orders::{Delivery, Failure, Orders, Ports},
    ports::{StoreError, SystemClock},
};
use aws_adapters::{batch::Postpone, metrics::Metrics};
use consumer::{Consumer, consume};
use domain::order::Order;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{
    fmt::Debug,
    sync::Arc,
    time::{Duration, Instant},
};

type Memory = Ports<MemoryOrderStore, MemoryQueue, MemoryTill, MemoryPlatform, MemoryTenants, ManualClock>;

/// More messages than any one message leads to.
const ENDLESS: usize = 50;

pub(super) fn check(data: &[u8]) {
    let Ok(body) = std::str::from_utf8(data) else { return };
    assert_stable::<SyncMessage>(body);
    match assert_stable::<OrderMessage>(body) {
        Some(message) => run(carry_out(&message)),
        None => assert_eq!(run(consumed(body)), ["bad"], "only the record that is none comes back"),
    }
}

/// Reads a message, writes it and reads it again.
fn assert_stable<T: Serialize + DeserializeOwned + PartialEq + Debug>(body: &str) -> Option<T> {
    let message: T = decode(body).ok()?;
    let written = encode(&message).expect("a message that can be written");
    let again: T = decode(&written).expect("a message that can be read");
    assert_eq!(again, message);
    assert_eq!(encode(&again).expect("a message that can be written"), written);
    Some(message)
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

/// Handles the message twice, and everything that it leads to once.
async fn carry_out(message: &OrderMessage) {
    let orders = orders();
    let world = orders.world();
    let mut messages = vec![message.clone(), message.clone()];
    for step in 0..ENDLESS {
        let Some(next) = messages.pop() else { break };
        let delivery = if step == 0 { Delivery::First } else { Delivery::Again };
        let result = orders.handle(&work(), &next, delivery).await;
        // Nothing fails in this world: only a tenant without a record makes a message come back.
        assert!(matches!(result, Ok(_) | Err(Failure::NoTenant)), "{result:?} of {next:?}");
        messages.extend(world.queue.take_orders(Duration::MAX));
    }
    assert!(messages.is_empty(), "messages lead to messages without end");
    match &message.event {
        OrderEvent::Placed { order } => assert_at_most_once(world, order),
        _ => assert!(world.till.all().is_empty(), "a ghost is on the till"),
    }
}

/// On the till once or not at all, and if it is there, for what the customer pays.
fn assert_at_most_once(world: &Memory, order: &Order) {
    let bodies = world.till.sent(&order.id);
    assert!(bodies.len() <= 1 && world.till.all().len() == bodies.len(), "sent {} times", bodies.len());
    for body in bodies {
        let body: Value = serde_json::from_str(&body).expect("a body of JSON");
        assert_eq!(body["amount"], json!(order.total), "another amount than the customer's");
    }
}

/// A queue whose failed records need not be hidden.
struct Nowhere;

impl Postpone for Nowhere {
    async fn postpone(&self, _: &str, _: Duration) -> Result<(), StoreError> {
        Ok(())
    }
}

/// The ids of the records that come back, of a batch of this body and a good one.
async fn consumed(body: &str) -> Vec<String> {
    let tenant = super::world::DEMO.restaurant_id.as_str();
    let good = json!({"v": 1, "tenant": tenant, "correlation": "fuzzed", "sent_ms": 0, "type": "reconcile"});
    let batch = json!({"Records": [
        {"messageId": "bad", "receiptHandle": "r-1", "body": body, "attributes": {}, "messageAttributes": {}},
        {"messageId": "good", "receiptHandle": "r-2", "body": good.to_string(), "attributes": {}, "messageAttributes": {}},
    ]});
    let metrics = Metrics::new("consumer", SystemClock, std::io::sink());
    let consumer = Arc::new(Consumer { orders: orders(), queue: Nowhere, metrics });
    let batch = serde_json::from_value(batch).expect("a batch as SQS gives it");
    let answer = consume(&consumer, batch, Instant::now() + Duration::from_secs(60)).await;
    answer.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}
