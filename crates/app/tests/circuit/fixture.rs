//! A restaurant whose queue brings back what failed, on a clock that stands still between two deliveries, worked on by as
//! many instances as a test wants: each with a view of its own of how the parties are, all with one store of it.

use app::{
    batch::{Record, Verdict, work_off},
    circuit::{Circuits, Guarded, Notice},
    memory::{
        ManualClock, MemoryCircuits, MemoryOrderStore, MemoryPlatform, MemoryQueue, MemoryTenants, MemoryTill, TillCall,
    },
    message::{OrderEvent, OrderMessage},
    orders::{Delivery, Failure, Orders, Outcome, Ports},
    ports::{Clock, OrderKey, OrderStore, TillError, TillState, Work},
};
use domain::{OrderId, TenantId, circuit::Lane, lifecycle::Phase, order::Order, tenant::Tenant};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

pub(crate) type Shared = Circuits<MemoryCircuits, ManualClock>;
type Shop = Ports<
    MemoryOrderStore,
    MemoryQueue,
    Guarded<MemoryTill, MemoryCircuits, ManualClock>,
    Guarded<MemoryPlatform, MemoryCircuits, ManualClock>,
    MemoryTenants,
    ManualClock,
>;

pub(crate) struct Restaurant {
    pub(crate) store: MemoryOrderStore,
    pub(crate) till: MemoryTill,
    pub(crate) platform: MemoryPlatform,
    pub(crate) tenants: MemoryTenants,
    pub(crate) circuits: MemoryCircuits,
    pub(crate) clock: ManualClock,
    pub(crate) notices: Arc<Mutex<Vec<Notice>>>,
}

/// What one process is between two invocations.
pub(crate) struct Instance {
    pub(crate) orders: Arc<Orders<Shop>>,
    pub(crate) shared: Shared,
}

pub(crate) fn id(text: &str) -> OrderId {
    OrderId::parse(text).unwrap()
}

pub(crate) fn order(id: &str) -> Order {
    serde_json::from_value(serde_json::json!({
        "id": id, "tenant": "rest-1", "number": "1", "status": "new", "service": "takeaway",
        "created_at": "2026-11-24T18:00:00Z", "requested_for": null,
        "customer": {"id": "c-1", "first_name": "Cliente", "last_name": "Prova", "email": "cliente@example.test",
                     "phone": "+390000000001"},
        "delivery": null, "payment": {"online": false, "paid": false, "transaction_id": null},
        "lines": [{"product": "margherita", "name": "Margherita", "quantity": 1, "unit_price": 900, "options": [],
                   "notes": "", "total": 900}],
        "fees": [], "discounts": [], "total": 900, "notes": ""
    }))
    .unwrap()
}

pub(crate) fn unreachable() -> TillError {
    TillError::Unreachable { detail: "a fault was asked for".to_owned() }
}

pub(crate) fn work() -> Work {
    Work { deadline: Instant::now() + Duration::from_secs(60), correlation: "test".to_owned() }
}

impl Restaurant {
    pub(crate) fn open() -> Self {
        let clock = ManualClock::at("2026-11-24T18:00:00Z".parse().unwrap());
        let tenants = MemoryTenants::new(clock.clone());
        let record = serde_json::json!({"tenant_id": "rest-1", "cic": {"sales_point_id": 90101}});
        tenants.put(Tenant::from_record(record.as_object().unwrap()).unwrap(), "key-of-a-test", &["secret-of-a-test"]);
        tenants.put_platform("token-of-a-test", &["whsec_dGVzdA=="]);
        Self {
            store: MemoryOrderStore::new(clock.clone()),
            till: MemoryTill::new(clock.clone()),
            platform: MemoryPlatform::default(),
            circuits: MemoryCircuits::default(),
            tenants,
            clock,
            notices: Arc::default(),
        }
    }

    /// A process that has just begun.
    pub(crate) fn instance(&self) -> Instance {
        let notices = Arc::clone(&self.notices);
        let listener = move |_: &TenantId, notice| notices.lock().unwrap().push(notice);
        let shared = Circuits::new(self.circuits.clone(), self.clock.clone(), listener);
        let orders = Orders::new(Ports {
            store: self.store.clone(),
            queue: MemoryQueue::default(),
            till: shared.guard(self.till.clone(), Lane::Orders),
            platform: shared.guard(self.platform.clone(), Lane::Orders),
            tenants: self.tenants.clone(),
            clock: self.clock.clone(),
        });
        Instance { orders: Arc::new(orders), shared }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// The platform has these orders.
    pub(crate) fn ordered(&self, count: usize) -> Vec<String> {
        let orders: Vec<String> = (1..=count).map(|number| format!("o-{number}")).collect();
        orders.iter().for_each(|id| self.platform.put(order(id)));
        orders
    }

    /// So many minutes of the queue, each ending with polling, by these instances in turn.
    pub(crate) async fn minutes(&self, minutes: usize, queue: &mut Waiting, instances: &[Instance]) {
        for (_, instance) in (0..minutes).zip(instances.iter().cycle()) {
            queue.work_until(self, instances, self.now() + SignedDuration::from_mins(1)).await;
            instance.handle(OrderEvent::Reconcile, Delivery::First).await.unwrap();
        }
    }

    /// Where an order is, if it is stored.
    pub(crate) async fn phase(&self, order: &str) -> Option<Phase> {
        let key = OrderKey { tenant: TenantId::parse("rest-1").unwrap(), order: id(order) };
        self.store.load(&key).await.unwrap().map(|stored| stored.state.phase)
    }

    /// What the staff were told, in order.
    pub(crate) fn staff(&self, order: &str) -> Vec<TillState> {
        self.platform.staff(&id(order)).into_iter().map(|told| told.state).collect()
    }

    pub(crate) fn creations(&self) -> usize {
        self.till.calls(TillCall::Create)
    }

    pub(crate) fn heard(&self, notice: Notice) -> usize {
        self.notices.lock().unwrap().iter().filter(|heard| **heard == notice).count()
    }
}

impl Instance {
    pub(crate) async fn handle(&self, event: OrderEvent, delivery: Delivery) -> Result<Outcome, Failure> {
        handle(&self.orders, event, delivery).await
    }

    pub(crate) async fn place(&self, order_id: &str) -> Result<Outcome, Failure> {
        self.handle(OrderEvent::Placed { order: Box::new(order(order_id)) }, Delivery::First).await
    }

    /// Works on a batch as the function does; answers what comes back, and after how long.
    async fn batch(&self, records: Vec<Record>) -> Vec<(Record, Duration)> {
        let work = |record: Record| {
            let orders = Arc::clone(&self.orders);
            async move {
                let event = OrderEvent::Placed { order: Box::new(order(&record.body)) };
                let delivery = if record.receives <= 1 { Delivery::First } else { Delivery::Again };
                match handle(&orders, event, delivery).await {
                    Ok(_) => Verdict::Finished,
                    Err(failure) => Verdict::ComesBack(failure.retry_after()),
                }
            }
        };
        work_off(records, |record| record.body.clone(), work, Instant::now() + Duration::from_secs(60)).await
    }
}

async fn handle(orders: &Orders<Shop>, event: OrderEvent, delivery: Delivery) -> Result<Outcome, Failure> {
    let tenant = TenantId::parse("rest-1").unwrap();
    let message = OrderMessage { tenant, correlation: "test".to_owned(), sent_ms: 0, event };
    orders.handle(&work(), &message, delivery).await
}

/// A queue that hands out batches of ten to each instance in turn, and gives up nothing.
pub(crate) struct Waiting {
    due: BTreeMap<(Timestamp, String), u32>,
    pub(crate) most_receives: u32,
}

impl Waiting {
    pub(crate) fn of(orders: &[String], now: Timestamp) -> Self {
        Self { due: orders.iter().map(|order| ((now, order.clone()), 0)).collect(), most_receives: 0 }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.due.is_empty()
    }

    /// Works until then on what is due, the clock going with it.
    pub(crate) async fn work_until(&mut self, shop: &Restaurant, instances: &[Instance], end: Timestamp) {
        for instance in instances.iter().cycle() {
            let next = self.due.first_key_value().map(|((due, _), _)| (*due).max(shop.now()));
            shop.clock.set(next.unwrap_or(end).min(end));
            if next.is_none_or(|next| next > end) {
                return;
            }
            let mut batch = Vec::new();
            while let Some(entry) =
                self.due.first_entry().filter(|entry| entry.key().0 <= shop.now() && batch.len() < 10)
            {
                let ((_, order), receives) = entry.remove_entry();
                self.most_receives = self.most_receives.max(receives + 1);
                batch.push(Record { id: order.clone(), receipt: String::new(), body: order, receives: receives + 1 });
            }
            for (record, wait) in instance.batch(batch).await {
                let due = shop.now() + SignedDuration::try_from(wait).unwrap();
                self.due.insert((due, record.body), record.receives);
            }
        }
    }
}
