//! A restaurant with a till, a platform and a clock that only a test moves.

use app::{
    memory::{Fault, ManualClock, MemoryOrderStore, MemoryPlatform, MemoryQueue, MemoryTenants, MemoryTill, TillCall},
    message::{OrderEvent, OrderMessage, TillHint},
    orders::{Delivery, Failure, Missed, Orders, Outcome, Ports, Reconciled},
    ports::{Clock, Freshness, OrderKey, OrderStore, Stored, Tenants, TillError, TillState, Work},
};
use domain::{
    OrderId, TenantId, TillOrderId,
    order::{Order, Status},
    tenant::Tenant,
    till::{DocumentLink, Workflow},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub(crate) type Shop = Ports<MemoryOrderStore, MemoryQueue, MemoryTill, MemoryPlatform, MemoryTenants, ManualClock>;

pub(crate) struct Restaurant {
    pub(crate) orders: Orders<Shop>,
    pub(crate) store: MemoryOrderStore,
    pub(crate) queue: MemoryQueue,
    pub(crate) till: MemoryTill,
    pub(crate) platform: MemoryPlatform,
    pub(crate) tenants: MemoryTenants,
    pub(crate) clock: ManualClock,
}

pub(crate) fn id(text: &str) -> OrderId {
    OrderId::parse(text).unwrap()
}

pub(crate) fn start() -> Timestamp {
    "2026-11-24T18:00:00Z".parse().unwrap()
}

/// An order of 19.00 for `o-1`, as soon as possible, paid at the restaurant; `change` edits its JSON.
pub(crate) fn order_like(change: impl FnOnce(&mut Value)) -> Order {
    let mut order = json!({
        "id": "o-1", "tenant": "rest-1", "number": "1001", "status": "new", "service": "takeaway",
        "created_at": "2026-11-24T18:00:00Z", "requested_for": null,
        "customer": {"id": "c-1", "first_name": "Cliente", "last_name": "Prova",
                     "email": "cliente@example.test", "phone": "+390000000001"},
        "delivery": null,
        "payment": {"online": false, "paid": false, "transaction_id": null},
        "lines": [
            {"product": "margherita", "name": "Margherita", "quantity": 1, "unit_price": 900, "options": [],
             "notes": "", "total": 900},
            {"product": "birra", "name": "Birra", "quantity": 2, "unit_price": 500, "options": [],
             "notes": "", "total": 1000}
        ],
        "fees": [], "discounts": [], "total": 1900, "notes": ""
    });
    change(&mut order);
    serde_json::from_value(order).unwrap()
}

pub(crate) fn order() -> Order {
    order_like(|_| {})
}

pub(crate) fn prepaid() -> Order {
    order_like(|order| order["payment"] = json!({"online": true, "paid": true, "transaction_id": "pi_test_1"}))
}

pub(crate) fn unclear(status: Option<u16>) -> TillError {
    TillError::Unclear { status, detail: "a fault was asked for".to_owned() }
}

pub(crate) fn unreachable() -> TillError {
    TillError::Unreachable { detail: "a fault was asked for".to_owned() }
}

impl Restaurant {
    pub(crate) fn open() -> Self {
        Self::with(json!({}))
    }

    /// With these fields of the record changed.
    pub(crate) fn with(fields: Value) -> Self {
        Self::build(fields, SignedDuration::ZERO)
    }

    /// With a till whose clock is off by so much.
    pub(crate) fn with_till_clock(off: SignedDuration) -> Self {
        Self::build(json!({}), off)
    }

    fn build(fields: Value, till_clock: SignedDuration) -> Self {
        let clock = ManualClock::at(start());
        let shop = Ports {
            store: MemoryOrderStore::new(clock.clone()),
            queue: MemoryQueue::default(),
            till: MemoryTill::new(ManualClock::at(start() + till_clock)),
            platform: MemoryPlatform::default(),
            tenants: MemoryTenants::new(clock.clone()),
            clock: clock.clone(),
        };
        let shop = Self {
            store: shop.store.clone(),
            queue: shop.queue.clone(),
            till: shop.till.clone(),
            platform: shop.platform.clone(),
            tenants: shop.tenants.clone(),
            clock,
            orders: Orders::new(shop),
        };
        shop.put_record(&fields, "key-of-a-test");
        shop.tenants.put_platform("token-of-a-test", &["whsec_dGVzdA=="]);
        shop
    }

    fn put_record(&self, fields: &Value, key: &str) {
        let mut record = json!({"tenant_id": "rest-1", "cic": {"sales_point_id": 90101}});
        for (name, value) in fields.as_object().unwrap() {
            record[name] = value.clone();
        }
        self.tenants.put(Tenant::from_record(record.as_object().unwrap()).unwrap(), key, &["secret-of-a-test"]);
    }

    /// The operator replaces the till's API key.
    pub(crate) fn put_key(&self, key: &str) {
        self.put_record(&json!({}), key);
    }

    pub(crate) fn work() -> Work {
        Work { deadline: Instant::now() + Duration::from_secs(60), correlation: "test".to_owned() }
    }

    pub(crate) fn message(event: OrderEvent) -> OrderMessage {
        OrderMessage { tenant: TenantId::parse("rest-1").unwrap(), correlation: "test".to_owned(), sent_ms: 0, event }
    }

    pub(crate) async fn handle(&self, event: OrderEvent) -> Result<Outcome, Failure> {
        let message = OrderMessage { sent_ms: self.clock.now().as_millisecond(), ..Self::message(event) };
        self.orders.handle(&Self::work(), &message, Delivery::First).await
    }

    /// In an invocation that ends so soon.
    pub(crate) async fn handle_within(&self, seconds: u64, event: OrderEvent) -> Result<Outcome, Failure> {
        let work = Work { deadline: Instant::now() + Duration::from_secs(seconds), ..Self::work() };
        self.orders.handle(&work, &Self::message(event), Delivery::Again).await
    }

    pub(crate) async fn handle_again(&self, event: OrderEvent) -> Result<Outcome, Failure> {
        self.orders.handle(&Self::work(), &Self::message(event), Delivery::Again).await
    }

    /// The platform has the order and says so.
    pub(crate) async fn place(&self, order: Order) -> Result<Outcome, Failure> {
        self.platform.put(order.clone());
        self.handle(placed(order)).await
    }

    /// The till moves the order and calls.
    pub(crate) async fn till_says(&self, order: &str, workflow: Workflow) -> Result<Outcome, Failure> {
        self.till.set(&id(order), workflow);
        self.handle(self.hint(order)).await
    }

    pub(crate) fn hint(&self, order: &str) -> OrderEvent {
        hint_at(&self.till, order)
    }

    pub(crate) async fn reconcile(&self) -> Result<Outcome, Failure> {
        self.handle(OrderEvent::Reconcile).await
    }

    /// What a minute of polling found.
    pub(crate) async fn reconciled(&self) -> Reconciled {
        match self.reconcile().await.unwrap() {
            Outcome::Reconciled(report) => report,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn find_missed(&self) -> Missed {
        self.try_find_missed().await.unwrap()
    }

    pub(crate) async fn try_find_missed(&self) -> Result<Missed, Failure> {
        let access =
            self.tenants.tenant(&TenantId::parse("rest-1").unwrap(), Freshness::Cached).await.unwrap().unwrap();
        self.orders.find_missed(&Self::work(), &access).await
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub(crate) fn key(order: &str) -> OrderKey {
        OrderKey { tenant: TenantId::parse("rest-1").unwrap(), order: id(order) }
    }

    pub(crate) async fn stored(&self, order: &str) -> Stored {
        self.store.load(&Self::key(order)).await.unwrap().unwrap()
    }

    pub(crate) async fn open_orders(&self) -> usize {
        self.store.open_orders(&TenantId::parse("rest-1").unwrap()).await.unwrap().len()
    }

    /// The statuses that the customer was told, in order.
    pub(crate) fn told(&self, order: &str) -> Vec<Status> {
        self.platform.messages(&id(order)).into_iter().map(|(status, _)| status).collect()
    }

    /// What the staff were told, in order.
    pub(crate) fn staff(&self, order: &str) -> Vec<TillState> {
        self.platform.staff(&id(order)).into_iter().map(|told| told.state).collect()
    }

    /// The last sentence that the staff were told.
    pub(crate) fn last_sentence(&self, order: &str) -> String {
        self.platform.staff(&id(order)).pop().and_then(|told| told.message).unwrap_or_default()
    }

    pub(crate) fn sent(&self, order: &str) -> Vec<Value> {
        self.till.sent(&id(order)).iter().map(|body| serde_json::from_str(body).unwrap()).collect()
    }

    pub(crate) fn break_create(&self, faults: impl IntoIterator<Item = Fault>) {
        self.till.fail(TillCall::Create, faults);
    }
}

/// What the till would call with now; an order that is not there yet is called of by a made-up id.
pub(crate) fn hint_at(till: &MemoryTill, order: &str) -> OrderEvent {
    let found = till.find(&id(order));
    OrderEvent::TillOrder(TillHint {
        id: found.as_ref().map_or_else(|| TillOrderId::parse("till-1").unwrap(), |found| found.id.clone()),
        external_id: Some(id(order)),
        deleted: false,
        payload: found,
    })
}

pub(crate) fn placed(order: Order) -> OrderEvent {
    OrderEvent::Placed { order: Box::new(order) }
}

pub(crate) fn cancelled(order: &str) -> OrderEvent {
    OrderEvent::Cancelled { order: id(order) }
}

pub(crate) fn receipt_for(order: &str) -> OrderEvent {
    OrderEvent::Document { orders: vec![DocumentLink { external_id: Some(id(order)), till_order: None }] }
}

pub(crate) fn deleted_by_id_alone(till_order: &TillOrderId) -> OrderEvent {
    OrderEvent::TillOrder(TillHint { id: till_order.clone(), external_id: None, deleted: true, payload: None })
}
