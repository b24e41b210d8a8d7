//! A till in memory: one sales point, its orders, customers and documents, and faults on demand.

use super::{ManualClock, lock, pause};
use crate::ports::{Clock, TenantAccess, Till, TillError, Work};
use domain::{
    OrderId, ProductId, SalesModeId, TillCustomerId, TillOrderId, VariantId,
    order::Customer,
    till::{DocumentLink, Draft, DraftRow, Product, RowItem, SalesMode, TillCustomer, TillOrder, Workflow},
};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex},
};

/// A call of the till, as a fault names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TillCall {
    /// `products`.
    Products,
    /// `sales_mode`.
    SalesMode,
    /// Any call about customers.
    Customers,
    /// `create_order`.
    Create,
    /// `order`.
    Order,
    /// `orders`.
    Orders,
    /// `documented_orders`.
    Documents,
}

/// When a fault strikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is done.
    Before(TillError),
    /// It is done, and the answer is this.
    After(TillError),
}

#[derive(Debug, Default)]
struct State {
    orders: Vec<(TillOrder, Timestamp)>,
    /// How many orders there have been, those that were deleted included.
    created: usize,
    bodies: Vec<(OrderId, String)>,
    customers: Vec<TillCustomer>,
    missing: BTreeSet<ProductId>,
    documents: Vec<DocumentLink>,
    faults: VecDeque<(TillCall, Fault)>,
    later: Vec<(TillCall, usize, Fault)>,
    calls: Vec<TillCall>,
    down: Option<TillError>,
    hidden: bool,
    takes_twice: bool,
    longest_body: Option<usize>,
}

/// A till in memory.
#[derive(Debug, Clone)]
pub struct MemoryTill {
    state: Arc<Mutex<State>>,
    clock: ManualClock,
}

impl MemoryTill {
    /// An empty till.
    #[must_use]
    pub fn new(clock: ManualClock) -> Self {
        Self { state: Arc::default(), clock }
    }

    /// The next calls of this kind fail, each with one of these, in order.
    pub fn fail(&self, call: TillCall, faults: impl IntoIterator<Item = Fault>) {
        lock(&self.state).faults.extend(faults.into_iter().map(|fault| (call, fault)));
    }

    /// The call of this kind after so many that are well fails with this.
    pub fn fail_after(&self, call: TillCall, calls: usize, fault: Fault) {
        let mut state = lock(&self.state);
        let made = state.calls.iter().filter(|made| **made == call).count();
        state.later.push((call, made + calls + 1, fault));
    }

    /// From now on every call fails with this, before anything is done; none is well again.
    pub fn go_down(&self, error: Option<TillError>) {
        lock(&self.state).down = error;
    }

    /// A customer of the platform is here already.
    pub fn create(&self, customer: &Customer) {
        let mut state = lock(&self.state);
        let id = Self::next_id("customer", state.customers.len());
        let name = domain::customer::full_name(customer);
        let record = serde_json::json!({"id": id, "name": name, "externalId": customer.id});
        if let (Ok(id), Value::Object(record)) = (TillCustomerId::parse(&id), record) {
            state.customers.push(TillCustomer { id, record });
        }
    }

    /// No product with this id is there any more.
    pub fn forget_product(&self, id: ProductId) {
        lock(&self.state).missing.insert(id);
    }

    /// Orders are kept out of lists, as if the till's list lagged behind.
    pub fn hide_orders(&self, hidden: bool) {
        lock(&self.state).hidden = hidden;
    }

    /// An order that it has already is taken once more, as if the till did not look at its `externalId`.
    pub fn take_twice(&self) {
        lock(&self.state).takes_twice = true;
    }

    /// Bodies longer than this are refused before they are sent.
    pub fn limit_body(&self, bytes: usize) {
        lock(&self.state).longest_body = Some(bytes);
    }

    /// The orders as the till has them.
    #[must_use]
    pub fn all(&self) -> Vec<TillOrder> {
        lock(&self.state).orders.iter().map(|(order, _)| order.clone()).collect()
    }

    /// The till's order for one of the platform.
    #[must_use]
    pub fn find(&self, order: &OrderId) -> Option<TillOrder> {
        self.look_up(|found| found.external_id.as_ref() == Some(order))
    }

    fn look_up(&self, wanted: impl Fn(&TillOrder) -> bool) -> Option<TillOrder> {
        lock(&self.state).orders.iter().map(|(order, _)| order).find(|order| wanted(order)).cloned()
    }

    /// The bodies that were sent for an order, whatever became of them.
    #[must_use]
    pub fn sent(&self, order: &OrderId) -> Vec<String> {
        let state = lock(&self.state);
        state.bodies.iter().filter(|(id, _)| id == order).map(|(_, body)| body.clone()).collect()
    }

    /// How often a call was made.
    #[must_use]
    pub fn calls(&self, call: TillCall) -> usize {
        lock(&self.state).calls.iter().filter(|made| **made == call).count()
    }

    /// How often any call was made.
    #[must_use]
    pub fn all_calls(&self) -> usize {
        lock(&self.state).calls.len()
    }

    /// Changes an order as the restaurateur would.
    pub fn change(&self, order: &OrderId, change: impl FnOnce(&mut TillOrder)) {
        let mut state = lock(&self.state);
        let found = state.orders.iter_mut().find(|(found, _)| found.external_id.as_ref() == Some(order));
        if let Some((order, _)) = found {
            change(order);
        }
    }

    /// Moves an order to a state.
    pub fn set(&self, order: &OrderId, workflow: Workflow) {
        self.change(order, |order| order.workflow = workflow);
    }

    /// Deletes an order.
    pub fn delete(&self, order: &OrderId) {
        lock(&self.state).orders.retain(|(found, _)| found.external_id.as_ref() != Some(order));
    }

    /// Issues a receipt for an order, without touching the order.
    pub fn document(&self, order: &OrderId) {
        lock(&self.state).documents.push(DocumentLink { external_id: Some(order.clone()), till_order: None });
    }

    /// The customers as the till has them.
    #[must_use]
    pub fn customers(&self) -> Vec<TillCustomer> {
        lock(&self.state).customers.clone()
    }

    fn before(&self, call: TillCall) -> Result<Option<TillError>, TillError> {
        let mut state = lock(&self.state);
        state.calls.push(call);
        if let Some(error) = &state.down {
            return Err(error.clone());
        }
        let made = match state.later.is_empty() {
            true => 0,
            false => state.calls.iter().filter(|made| **made == call).count(),
        };
        if let Some(at) = state.later.iter().position(|(on, number, _)| (*on, *number) == (call, made)) {
            let (call, _, fault) = state.later.remove(at);
            state.faults.push_front((call, fault));
        }
        let Some(at) = state.faults.iter().position(|(on, _)| *on == call) else {
            return Ok(None);
        };
        match state.faults.remove(at) {
            Some((_, Fault::Before(error))) => Err(error),
            Some((_, Fault::After(error))) => Ok(Some(error)),
            None => Ok(None),
        }
    }

    fn answer<T>(after: Option<TillError>, value: T) -> Result<T, TillError> {
        after.map_or(Ok(value), Err)
    }

    fn matching(&self, field: &str, value: &str) -> Vec<TillCustomer> {
        let value = value.to_lowercase();
        let holds = |customer: &&TillCustomer| {
            customer.record.get(field).and_then(Value::as_str).is_some_and(|text| text.to_lowercase().contains(&value))
        };
        lock(&self.state).customers.iter().filter(holds).cloned().collect()
    }

    fn next_id(prefix: &str, number: usize) -> String {
        format!("{prefix}-{}", number + 1)
    }
}

impl Till for MemoryTill {
    async fn products(&self, _: &Work, _: &TenantAccess, ids: &[ProductId]) -> Result<Vec<Product>, TillError> {
        let after = self.before(TillCall::Products)?;
        let state = lock(&self.state);
        let known = ids.iter().filter(|id| !state.missing.contains(*id)).map(product).collect();
        Self::answer(after, known)
    }

    async fn sales_mode(&self, _: &Work, _: &TenantAccess, name: &str) -> Result<Option<SalesMode>, TillError> {
        let after = self.before(TillCall::SalesMode)?;
        let mode = name.starts_with("plateform_").then(|| SalesModeId::parse(name).ok()).flatten();
        Self::answer(after, mode.map(|id| SalesMode { id, name: name.to_owned() }))
    }

    async fn customers_by_email(
        &self,
        _: &Work,
        _: &TenantAccess,
        email: &str,
    ) -> Result<Vec<TillCustomer>, TillError> {
        let after = self.before(TillCall::Customers)?;
        Self::answer(after, self.matching("email", email))
    }

    async fn customers_by_name(&self, _: &Work, _: &TenantAccess, name: &str) -> Result<Vec<TillCustomer>, TillError> {
        let after = self.before(TillCall::Customers)?;
        Self::answer(after, self.matching("name", name))
    }

    async fn create_customer(
        &self,
        _: &Work,
        _: &TenantAccess,
        record: &Map<String, Value>,
    ) -> Result<TillCustomerId, TillError> {
        pause().await;
        let done = (|| -> Result<TillCustomerId, TillError> {
            let after = self.before(TillCall::Customers)?;
            let mut state = lock(&self.state);
            let id = Self::next_id("customer", state.customers.len());
            let mut record = record.clone();
            record.insert("id".to_owned(), id.clone().into());
            let id = TillCustomerId::parse(&id).map_err(|_| TillError::TooLarge)?;
            state.customers.push(TillCustomer { id: id.clone(), record });
            Self::answer(after, id)
        })();
        pause().await;
        done
    }

    async fn update_customer(&self, _: &Work, _: &TenantAccess, customer: &TillCustomer) -> Result<(), TillError> {
        pause().await;
        let done = (|| -> Result<(), TillError> {
            let after = self.before(TillCall::Customers)?;
            let mut state = lock(&self.state);
            if let Some(found) = state.customers.iter_mut().find(|found| found.id == customer.id) {
                found.record.clone_from(&customer.record);
            }
            Self::answer(after, ())
        })();
        pause().await;
        done
    }

    fn order_body(&self, draft: &Draft) -> Result<String, TillError> {
        let body = serde_json::json!({
            "externalId": draft.external_id, "date": draft.date.as_millisecond(), "dueDate": draft.due.as_millisecond(),
            "amount": draft.amount(), "note": draft.note, "customer": draft.customer,
            "rows": draft.rows.iter().map(row).collect::<Vec<_>>(),
        });
        let body = body.to_string();
        match lock(&self.state).longest_body.is_some_and(|longest| body.len() > longest) {
            true => Err(TillError::TooLarge),
            false => Ok(body),
        }
    }

    async fn create_order(
        &self,
        _: &Work,
        access: &TenantAccess,
        order: &OrderId,
        body: &str,
    ) -> Result<TillOrderId, TillError> {
        pause().await;
        let done = (|| -> Result<TillOrderId, TillError> {
            let after = self.before(TillCall::Create)?;
            let mut state = lock(&self.state);
            state.bodies.push((order.clone(), body.to_owned()));
            let is_there = state.orders.iter().any(|(found, _)| found.external_id.as_ref() == Some(order));
            if is_there && !state.takes_twice {
                return Err(TillError::Conflict { detail: "externalId".to_owned() });
            }
            let id = TillOrderId::parse(&Self::next_id("till", state.created)).map_err(|_| TillError::TooLarge)?;
            state.created += 1;
            let created = TillOrder {
                id: id.clone(),
                external_id: Some(order.clone()),
                workflow: Workflow::Requested,
                processed: false,
                rejection_reason: None,
                sales_point: Some(access.tenant.sales_point),
                amount: None,
            };
            state.orders.push((created, self.clock.now()));
            Self::answer(after, id)
        })();
        pause().await;
        done
    }

    async fn order(&self, _: &Work, _: &TenantAccess, id: &TillOrderId) -> Result<Option<TillOrder>, TillError> {
        let after = self.before(TillCall::Order)?;
        Self::answer(after, self.look_up(|order| order.id == *id))
    }

    async fn orders(
        &self,
        _: &Work,
        _: &TenantAccess,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<TillOrder>, TillError> {
        let after = self.before(TillCall::Orders)?;
        let state = lock(&self.state);
        let within = state.orders.iter().filter(|(_, at)| !state.hidden && (from..=to).contains(at));
        Self::answer(after, within.map(|(order, _)| order.clone()).collect())
    }

    async fn documented_orders(
        &self,
        _: &Work,
        _: &TenantAccess,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<Vec<DocumentLink>, TillError> {
        let after = self.before(TillCall::Documents)?;
        Self::answer(after, lock(&self.state).documents.clone())
    }
}

/// What is sold, how often, and for how many cents.
fn row(row: &DraftRow) -> Value {
    let item = match &row.item {
        RowItem::Variant(id) => id.as_str(),
        RowItem::Product(id) => id.as_str(),
    };
    serde_json::json!([item, row.quantity, row.price])
}

fn product(id: &ProductId) -> Product {
    Product {
        id: id.clone(),
        name: id.to_string(),
        variants: VariantId::parse(&format!("variant-{id}")).into_iter().collect(),
        department: None,
        tax: None,
        on_channel: true,
        options: None,
    }
}
