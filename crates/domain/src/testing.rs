//! What the tests of this crate build their examples from; every name and number is invented.

use crate::{
    Cents, CustomerId, DepartmentId, OrderId, ProductId, SalesModeId, TaxId, TenantId, TillOrderId, VariantId,
    draft::{Catalogue, Drafted, NoteRoom, Refusal, draft},
    lifecycle::{Body, Event, OrderState, Signal, step},
    order::{Address, ChosenOption, Customer, Discount, Fee, Line, OptionKind, Order, Payment, Service, Status},
    tenant::Tenant,
    till::{DraftRow, Product},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// So many minutes after the customer ordered, on 24 November 2026 at 18:00 in Rome.
pub(crate) fn at(minutes: i64) -> Timestamp {
    "2026-11-24T17:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

/// A record with these fields of `cic` and this policy for unknown lines.
pub(crate) fn tenant_with(cic: Value, unknown_line: &str) -> Tenant {
    let mut record =
        json!({"tenant_id": "rest-1", "cic": {"sales_point_id": 90101}, "policies": {"unknown_line": unknown_line}});
    record["cic"].as_object_mut().unwrap().extend(cic.as_object().unwrap().clone());
    Tenant::from_record(record.as_object().unwrap()).unwrap()
}

pub(crate) fn tenant() -> Tenant {
    tenant_with(json!({}), "refuse")
}

/// A line whose total is right.
pub(crate) fn line(product: &str, quantity: i64, unit: i64, options: Vec<ChosenOption>, notes: &str) -> Line {
    let mut line = Line {
        product: ProductId::parse(product).unwrap(),
        name: format!("Piatto {product}"),
        quantity,
        unit_price: Cents(unit),
        options,
        notes: notes.into(),
        total: Cents::ZERO,
    };
    line.total = line.exact_total().unwrap_or(Cents(i64::MAX));
    line
}

pub(crate) fn addition(name: &str, quantity: i64, price: i64) -> ChosenOption {
    ChosenOption {
        group: "p:pizza:aggiunte:add".into(),
        value: format!("v-{}", name.to_lowercase().replace(' ', "-")),
        name: name.into(),
        kind: OptionKind::Addition,
        quantity,
        price: Cents(price),
    }
}

pub(crate) fn removal(name: &str, price: i64) -> ChosenOption {
    let group = "c:pizze:rimozioni:rem".into();
    ChosenOption { kind: OptionKind::Removal, group, ..addition(name, 1, price) }
}

pub(crate) fn fee(amount: i64) -> Fee {
    Fee { delivery: true, name: "Consegna".into(), amount: Cents(amount) }
}

pub(crate) fn discount(amount: i64) -> Discount {
    Discount { name: "Benvenuto".into(), amount: Cents(amount) }
}

/// A take-away order of one pizza of 9,00 €, paid at the restaurant, as soon as possible.
pub(crate) fn order() -> Order {
    order_of(vec![line("pizza", 1, 900, vec![], "")])
}

/// The same with these lines.
pub(crate) fn order_of(lines: Vec<Line>) -> Order {
    let order = Order {
        id: OrderId::parse("plt-order-1001").unwrap(),
        tenant: TenantId::parse("rest-1").unwrap(),
        number: "1001".into(),
        status: Status::New,
        service: Service::Takeaway,
        created_at: at(0),
        requested_for: None,
        customer: Customer {
            id: CustomerId::parse("plt-customer-1").unwrap(),
            first_name: "Cliente".into(),
            last_name: "Prova".into(),
            email: Some("cliente@example.test".into()),
            phone: Some("+39 000 0000001".into()),
        },
        delivery: None,
        payment: Payment { online: false, paid: false, transaction_id: None },
        lines,
        fees: Vec::new(),
        discounts: Vec::new(),
        total: Cents::ZERO,
        notes: String::new(),
    };
    totalled(order)
}

/// The order with the total that its parts add up to.
pub(crate) fn totalled(mut order: Order) -> Order {
    let lines: Cents = order.lines.iter().map(|line| line.total).sum();
    let fees: Cents = order.fees.iter().map(|fee| fee.amount).sum();
    let discounts: Cents = order.discounts.iter().map(|discount| discount.amount).sum();
    order.total = lines + fees - discounts;
    order
}

/// The order paid online, and the money taken.
pub(crate) fn paid_online(mut order: Order) -> Order {
    order.payment = Payment { online: true, paid: true, transaction_id: Some("tx-1".into()) };
    order
}

/// The order brought to an address.
pub(crate) fn delivered(mut order: Order) -> Order {
    order.service = Service::Delivery;
    order.delivery = Some(Address { street: "Via di Prova 1".into(), city: "Torino".into(), ..Address::default() });
    order
}

/// A product with one technical variant.
pub(crate) fn product(id: &str) -> Product {
    Product {
        id: ProductId::parse(id).unwrap(),
        name: id.into(),
        variants: vec![VariantId::parse(&format!("{id}-v")).unwrap()],
        department: Some(DepartmentId::parse("cucina").unwrap()),
        tax: Some(TaxId::parse("iva10").unwrap()),
        on_channel: true,
        options: None,
    }
}

pub(crate) fn catalogue(products: &[&str]) -> Catalogue {
    let products = products.iter().map(|id| product(id)).map(|product| (product.id.clone(), product)).collect();
    Catalogue { products, sales_mode: SalesModeId::parse("mode-1").unwrap() }
}

/// Drafts with every dish and the products `consegna` and `generico` on the till, ten minutes after the order.
pub(crate) fn drafted_in(order: &Order, tenant: &Tenant, room: NoteRoom) -> Result<Drafted, Refusal> {
    let dishes = order.lines.iter().map(|line| line.product.as_str()).chain(["consegna", "generico"]);
    draft(order, tenant, &catalogue(&dishes.collect::<Vec<_>>()), None, at(10), room)
}

pub(crate) fn drafted(order: &Order, tenant: &Tenant) -> Drafted {
    drafted_in(order, tenant, NoteRoom::LADDER[0]).unwrap()
}

/// The rows as `(variant, quantity, price of one in cents)`.
pub(crate) fn in_short(rows: &[DraftRow]) -> Vec<(String, i64, i64)> {
    rows.iter().map(|row| (format!("{:?}", row.item).replace('"', ""), row.quantity, row.price.0)).collect()
}

/// An order just received.
pub(crate) fn received(online: bool) -> OrderState {
    let order = if online { paid_online(order()) } else { order() };
    OrderState::received(&order, at(0))
}

/// The state after an event that changes it.
pub(crate) fn after(state: &OrderState, event: &Event) -> OrderState {
    step(state, event, at(1)).unwrap_or_else(|| panic!("{event:?} changes nothing"))
}

pub(crate) fn intended() -> Event {
    Event::Intended { date: at(0), due: at(20), body: Body::new("{}".into()), notice: String::new() }
}

pub(crate) fn till_id() -> TillOrderId {
    TillOrderId::parse("till-1").unwrap()
}

pub(crate) fn created() -> Event {
    Event::Created { id: till_id() }
}

/// The till says this, with no reason and the total as it was.
pub(crate) fn till(signal: Signal) -> Event {
    till_because(signal, None)
}

pub(crate) fn till_because(signal: Signal, reason: Option<&str>) -> Event {
    Event::Till { signal, id: till_id(), reason: reason.map(str::to_owned), amount: Some(Cents(900)) }
}

/// An order that waits on the till, with everything told.
pub(crate) fn on_till(online: bool) -> OrderState {
    let mut state = after(&after(&received(online), &intended()), &created());
    state.pending.clear();
    state
}
