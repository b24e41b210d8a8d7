use super::*;
use domain::order::Status;
use serde_json::json;

fn tenant() -> TenantId {
    TenantId::parse("rest-1").unwrap()
}

fn rome() -> TimeZone {
    TimeZone::get("Europe/Rome").unwrap()
}

fn read(value: Value) -> Result<Order, FieldError> {
    order(value, &tenant(), &rome())
}

/// Only what the contract requires.
fn least() -> Value {
    json!({
        "id": "plt-1", "restaurantId": "rest-1", "number": "A-7", "status": "new", "service": "takeaway",
        "createdAt": "2026-11-24T18:00:00+01:00", "updatedAt": "2026-11-24T18:00:00+01:00",
        "customer": {"id": "cust-1", "firstName": "Prova", "lastName": ""},
        "payment": {"method": "onSite", "paid": false},
        "lines": [{"id": "l-1", "dishExternalId": "prod-1", "name": "Margherita", "quantity": 2,
                   "unitPriceCents": 700, "options": [], "totalCents": 1400}],
        "totalCents": 1400
    })
}

/// Everything, and things that no version knows.
fn full() -> Value {
    json!({
        "id": "plt-2", "restaurantId": "rest-1", "number": "A-8", "status": "confirmed", "service": "delivery",
        "createdAt": "2026-11-24T17:00:00Z", "updatedAt": "2026-11-24T17:05:00Z",
        "requestedFor": "2026-11-24T19:30:00+01:00", "rejectionReason": "no",
        "customer": {"id": "cust-1", "firstName": "Prova", "lastName": "Utente", "email": "utente@example.test",
                     "phone": "+390000000001", "locale": "it", "updatedAt": "2026-11-24T17:00:00Z", "vip": true},
        "delivery": {"street": "Via Prova 1", "city": "Roma", "postalCode": "00100", "province": "RM", "country": "IT",
                     "instructions": "citofono 3", "floor": 2},
        "payment": {"method": "online", "paid": true, "transactionId": "tx-1"},
        "lines": [{"id": "l-1", "dishExternalId": "prod-1", "name": "Margherita", "quantity": 2, "unitPriceCents": 700,
                   "options": [
                       {"groupExternalId": "p:prod-1:opt-1:add", "optionExternalId": "val-1", "name": "Olive",
                        "kind": "addition", "quantity": 1, "priceCents": 100},
                       {"groupExternalId": "p:prod-1:opt-2:rem", "optionExternalId": "val-2", "name": "Senza sale",
                        "kind": "removal", "quantity": 1, "priceCents": -50}],
                   "notes": "ben cotta", "totalCents": 1500}],
        "fees": [{"kind": "delivery", "name": "Consegna", "amountCents": 250}, {"kind": "tip", "name": "Mancia", "amountCents": 100}],
        "discounts": [{"name": "Benvenuto", "amountCents": 200}],
        "totalCents": 1650, "notes": "grazie", "till": {"state": "pending", "updatedAt": "x"}, "loyalty": {"points": 3}
    })
}

fn with(mut value: Value, pointer: &str, new: Value) -> Value {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    value.pointer_mut(parent).unwrap()[field] = new;
    value
}

#[test]
fn an_order_is_read_whole_and_what_nobody_knows_is_ignored() {
    let order = read(full()).unwrap();
    assert_eq!((order.id.as_str(), order.tenant.as_str(), order.number.as_str()), ("plt-2", "rest-1", "A-8"));
    assert_eq!((order.status, order.service), (Status::Confirmed, Service::Delivery));
    assert_eq!(order.requested_for, Some("2026-11-24T18:30:00Z".parse().unwrap()));
    assert_eq!(order.customer.email.as_deref(), Some("utente@example.test"));
    assert_eq!(order.delivery.as_ref().unwrap().postal_code, "00100");
    assert!(order.payment.online && order.payment.paid);
    let line = &order.lines[0];
    assert_eq!((line.quantity, line.exact_total(), line.total), (2, Some(Cents(1500)), Cents(1500)));
    assert_eq!(line.options[0].till_option().unwrap().as_str(), "opt-1");
    assert_eq!(line.options[1].kind, OptionKind::Removal);
    assert_eq!(
        order.fees.iter().map(|f| (f.delivery, f.amount)).collect::<Vec<_>>(),
        [(true, Cents(250)), (false, Cents(100))]
    );
    assert_eq!((order.discounts[0].amount, order.total), (Cents(200), Cents(1650)));
}

#[test]
fn every_optional_field_absent_and_every_one_null_are_the_same_order() {
    let absent = read(least()).unwrap();
    let mut nulls = least();
    for field in ["rejectionReason", "requestedFor", "delivery", "fees", "discounts", "notes", "till"] {
        nulls[field] = Value::Null;
    }
    for field in ["email", "phone", "locale", "updatedAt"] {
        nulls["customer"][field] = Value::Null;
    }
    nulls["payment"]["transactionId"] = Value::Null;
    nulls["lines"][0]["notes"] = Value::Null;
    assert_eq!(read(nulls).unwrap(), absent);
    assert_eq!((absent.delivery, absent.requested_for, absent.notes.as_str()), (None, None, ""));
    assert!(absent.fees.is_empty() && absent.discounts.is_empty() && absent.lines[0].notes.is_empty());
}

#[test]
fn an_address_may_have_any_of_its_parts_missing_or_null() {
    let address = json!({"street": null, "city": "Roma"});
    let order = read(with(least(), "/delivery", address)).unwrap();
    assert_eq!(order.delivery, Some(Address { city: "Roma".into(), ..Address::default() }));
}

#[test]
fn every_field_that_the_contract_requires_is_missed_by_name() {
    let required: &[(&str, &[&str])] = &[
        (
            "",
            &[
                "id",
                "restaurantId",
                "number",
                "status",
                "service",
                "createdAt",
                "updatedAt",
                "customer",
                "payment",
                "lines",
                "totalCents",
            ],
        ),
        ("/customer", &["id", "firstName", "lastName"]),
        ("/payment", &["method", "paid"]),
        ("/lines/0", &["id", "dishExternalId", "name", "quantity", "unitPriceCents", "options", "totalCents"]),
        ("/lines/0/options/0", &["groupExternalId", "optionExternalId", "name", "kind", "quantity", "priceCents"]),
        ("/fees/0", &["kind", "name", "amountCents"]),
        ("/discounts/0", &["name", "amountCents"]),
    ];
    for (parent, fields) in required {
        for field in *fields {
            let mut order = full();
            order.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(*field).unwrap();
            assert_eq!(read(order).unwrap_err(), format!("order.missing.{field}"), "{parent}");
        }
    }
}

#[test]
fn a_value_that_cannot_be_right_is_an_error_that_names_its_field() {
    let cases = [
        ("/id", json!(""), "order.id"),
        ("/id", json!("a b"), "order.id"),
        ("/restaurantId", json!("rest-2"), "order.restaurantId"),
        ("/status", json!("parked"), "order.status"),
        ("/service", json!("dine_in"), "order.service"),
        ("/createdAt", json!("ieri"), "order.createdAt"),
        ("/updatedAt", json!(""), "order.updatedAt"),
        ("/requestedFor", json!("presto"), "order.requestedFor"),
        ("/customer/id", json!("#1"), "order.customer.id"),
        ("/payment/method", json!("crypto"), "order.payment.method"),
        ("/lines", json!([]), "order.lines"),
        ("/lines/0/dishExternalId", json!(""), "order.lines.dishExternalId"),
        ("/lines/0/quantity", json!(0), "order.lines.quantity"),
        ("/lines/0/quantity", json!(1.5), "order.type"),
        ("/lines/0/options/0/kind", json!("swap"), "order.lines.options.kind"),
        ("/lines/0/options/0/quantity", json!(-1), "order.lines.options.quantity"),
        ("/discounts/0/amountCents", json!(-1), "order.discounts.amountCents"),
        ("/totalCents", json!("1650"), "order.type"),
        ("/totalCents", json!(1e300), "order.type"),
    ];
    for (pointer, value, field) in cases {
        assert_eq!(read(with(full(), pointer, value)).unwrap_err(), field, "{pointer}");
    }
}

#[test]
fn a_kind_of_fee_that_nobody_knows_still_counts() {
    let order = read(with(full(), "/fees/0/kind", json!("packaging"))).unwrap();
    assert_eq!((order.fees[0].delivery, order.fees[0].amount), (false, Cents(250)));
}

#[test]
fn e31_a_time_without_offset_is_the_restaurants_clock() {
    let order = read(with(full(), "/requestedFor", json!("2026-10-25T02:30:00"))).unwrap();
    assert_eq!(order.requested_for, Some("2026-10-25T00:30:00Z".parse().unwrap()));
}

#[test]
fn e39_empty_texts_of_a_customer_are_no_e_mail_and_no_telephone() {
    let order = read(with(with(full(), "/customer/email", json!(" ")), "/customer/phone", json!(""))).unwrap();
    assert_eq!((order.customer.email, order.customer.phone), (None, None));
}
