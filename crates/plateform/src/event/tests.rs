use super::*;
use proptest::prelude::*;
use serde_json::json;

fn rome() -> TimeZone {
    TimeZone::get("Europe/Rome").unwrap()
}

fn event(kind: &str, data: Value) -> Value {
    json!({"type": kind, "restaurantId": "rest-1", "occurredAt": "2026-11-24T18:00:00+01:00", "data": data})
}

fn read(value: &Value) -> Result<PlatformEvent, EventError> {
    Envelope::parse(value.to_string().as_bytes())?.event(&rome())
}

fn field(value: &Value) -> String {
    read(value).unwrap_err().field
}

fn order(restaurant: &str) -> Value {
    json!({
        "id": "plt-1", "restaurantId": restaurant, "number": "A-7", "status": "new", "service": "takeaway",
        "createdAt": "2026-11-24T18:00:00+01:00", "updatedAt": "2026-11-24T18:00:00+01:00",
        "customer": {"id": "cust-1", "firstName": "Prova", "lastName": "Utente"},
        "payment": {"method": "online", "paid": true},
        "lines": [{"id": "l-1", "dishExternalId": "prod-1", "name": "Margherita", "quantity": 1,
                   "unitPriceCents": 700, "options": [], "totalCents": 700}],
        "totalCents": 700
    })
}

#[test]
fn the_restaurant_is_known_before_its_time_zone_is_needed() {
    let body = event("order.created", json!({"order": order("rest-1")})).to_string();
    assert_eq!(Envelope::parse(body.as_bytes()).unwrap().restaurant_id().as_str(), "rest-1");
}

#[test]
fn each_type_of_the_contract_is_read() {
    let created = read(&event("order.created", json!({"order": order("rest-1"), "more": 1}))).unwrap();
    assert!(matches!(created, PlatformEvent::OrderCreated(order) if order.id.as_str() == "plt-1"));

    let cancelled = |data| read(&event("order.cancelled", data)).unwrap();
    let expected = |reason: Option<&str>| PlatformEvent::OrderCancelled {
        order: OrderId::parse("plt-1").unwrap(),
        reason: reason.map(str::to_owned),
    };
    assert_eq!(cancelled(json!({"orderId": "plt-1", "reason": "tardi"})), expected(Some("tardi")));
    assert_eq!(cancelled(json!({"orderId": "plt-1", "reason": null})), expected(None));
    assert_eq!(cancelled(json!({"orderId": "plt-1"})), expected(None));

    let customer = json!({"id": "cust-1", "firstName": "Prova", "lastName": "", "updatedAt": "2026-11-24T17:00:00Z"});
    let changed = read(&event("customer.changed", json!({"customer": customer}))).unwrap();
    let PlatformEvent::CustomerChanged(customer) = changed else { panic!("{changed:?}") };
    assert_eq!(customer.person.id.as_str(), "cust-1");
    assert_eq!(customer.updated_at, Some("2026-11-24T17:00:00Z".parse().unwrap()));

    assert_eq!(read(&event("integration.sync_requested", json!({}))).unwrap(), PlatformEvent::SyncRequested);
}

#[test]
fn a_type_that_nobody_knows_is_no_error_whatever_it_carries() {
    let unknown = |kind: &str| PlatformEvent::Unknown { kind: kind.into() };
    assert_eq!(read(&event("table.booked", json!({"deep": [1]}))).unwrap(), unknown("table.booked"));
    assert_eq!(read(&json!({"type": "ping", "restaurantId": "rest-1"})).unwrap(), unknown("ping"));
    assert_eq!(read(&event("mario@example.test", json!({}))).unwrap(), unknown("unreadable"));
}

#[test]
fn an_order_of_another_restaurant_is_not_of_the_contract() {
    assert_eq!(field(&event("order.created", json!({"order": order("rest-2")}))), "order.restaurantId");
}

#[test]
fn what_an_event_lacks_is_named() {
    for (missing, named) in [
        ("type", "missing.type"),
        ("restaurantId", "missing.restaurantId"),
        ("occurredAt", "occurredAt"),
        ("data", "data"),
    ] {
        let mut body = event("integration.sync_requested", json!({}));
        body.as_object_mut().unwrap().remove(missing);
        assert_eq!(field(&body), named);
    }
    assert_eq!(field(&event("order.created", json!({}))), "missing.order");
    assert_eq!(field(&event("order.created", json!({"order": {}}))), "order.missing.id");
    assert_eq!(field(&event("order.cancelled", json!({"orderId": null}))), "missing.orderId");
    assert_eq!(field(&event("order.cancelled", json!({"orderId": 7}))), "orderId");
    assert_eq!(field(&event("order.cancelled", json!({"orderId": "plt-1", "reason": 7}))), "reason");
    assert_eq!(field(&event("customer.changed", json!({"customer": {"id": "c"}}))), "customer.missing.firstName");
}

#[test]
fn what_has_the_wrong_form_is_an_error() {
    let mut body = event("order.created", json!({"order": order("rest-1")}));
    body["occurredAt"] = json!("oggi");
    assert_eq!(field(&body), "occurredAt");
    body["restaurantId"] = json!("#plateform");
    assert_eq!(field(&body), "restaurantId");
    assert_eq!(field(&event("order.created", json!(["order"]))), "data");
}

#[test]
fn what_is_no_json_of_a_sane_depth_in_utf_8_is_an_error() {
    let deep =
        format!(r#"{{"type":"x","restaurantId":"rest-1","data":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let bodies: [&[u8]; 6] =
        [b"", b"null", b"[]", b"{\"type\":\"x\"", b"{\"type\":\"\xff\",\"restaurantId\":\"rest-1\"}", deep.as_bytes()];
    for body in bodies {
        assert!(Envelope::parse(body).is_err());
    }
}

#[test]
fn debug_shows_no_data() {
    let body = event("order.cancelled", json!({"orderId": "plt-1", "reason": "canary"})).to_string();
    assert!(!format!("{:?}", Envelope::parse(body.as_bytes()).unwrap()).contains("canary"));
    let customer =
        json!({"customer": {"id": "c", "firstName": "canary", "lastName": "canary", "email": "canary@example.test"}});
    assert!(!format!("{:?}", read(&event("customer.changed", customer)).unwrap()).contains("canary"));
}

proptest! {
    #[test]
    fn no_body_whatever_it_holds_panics(body in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(envelope) = Envelope::parse(&body) {
            drop(envelope.event(&rome()));
        }
    }
}
