//! Every path of the contract outside the menu: the exact request, and the answer read.

use crate::server::{Received, Server, access, instant, key, order, rome, tenant, work};
use app::ports::{Platform, PlatformError, StatusChange, TillDelivery, TillState};
use domain::{
    OrderId, TenantId, TillOrderId,
    order::{Service, Status},
};
use plateform::{Finding, IntegrationState, IntegrationStatus, Level};
use serde_json::{Value, json};

const KEY: &str = "rest-1:plt-1:effect:7";

fn is_a_write(request: &Received, line: &str, body: Value) {
    assert_eq!(request.line, format!("{line} HTTP/1.1"));
    assert_eq!(request.header("authorization"), Some("Bearer token-canary"));
    assert_eq!(request.header("idempotency-key"), Some(KEY));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("x-correlation-id"), Some("corr-1"));
    assert_eq!(request.json(), body);
}

fn is_a_read(request: &Received, line: &str) {
    assert_eq!(request.line, format!("{line} HTTP/1.1"));
    assert_eq!(request.header("authorization"), Some("Bearer token-canary"));
    assert_eq!(request.header("idempotency-key"), None);
    assert_eq!(request.header("x-correlation-id"), Some("corr-1"));
    assert_eq!(request.body, "");
}

fn change(status: Status, reason: Option<&str>) -> StatusChange {
    StatusChange {
        status,
        reason: reason.map(str::to_owned),
        occurred_at: instant("2026-11-24T18:00:00+01:00"),
        till_order: Some(TillOrderId::parse("till-9").unwrap()),
    }
}

#[tokio::test]
async fn a_restaurant_is_read() {
    let body = json!({
        "id": "rest-1", "name": "Trattoria Prova", "timeZone": "Europe/Rome", "locales": ["it", "en"], "menuPresent": true,
        "services": [{"kind": "takeaway", "menuAssigned": true}, {"kind": "catering", "menuAssigned": true}], "more": 1
    });
    let server = Server::answering(200, body).await;
    let restaurant = server.client().get_restaurant(&work(), &access(), &tenant()).await.unwrap();
    is_a_read(&server.one(), "GET /integrations/v1/restaurants/rest-1");
    assert_eq!((restaurant.name.as_str(), restaurant.time_zone.as_str()), ("Trattoria Prova", "Europe/Rome"));
    assert_eq!((restaurant.locales.len(), restaurant.menu_present), (2, true));
    assert_eq!(restaurant.services.len(), 1, "a service that is not known is left out");
    assert_eq!((restaurant.services[0].service, restaurant.services[0].menu_assigned), (Service::Takeaway, true));
}

#[tokio::test]
async fn the_integration_s_state_is_told_with_its_findings() {
    let server = Server::answering(204, Value::Null).await;
    let finding = |remedy: Option<&str>| Finding {
        check: "DR3".into(),
        level: Level::Warning,
        message: "manca il listino".into(),
        remedy: remedy.map(str::to_owned),
    };
    let status = IntegrationStatus {
        state: IntegrationState::Degraded,
        message: Some("è".repeat(501)),
        checked_at: instant("2026-11-24T17:00:00Z"),
        findings: vec![finding(Some("creare plateform_takeaway")), finding(None)],
    };
    server.client().put_integration_status(&work(), &access(), &tenant(), KEY, &status).await.unwrap();
    let expected = json!({
        "provider": "cassa-in-cloud", "state": "degraded", "message": "è".repeat(500), "checkedAt": "2026-11-24T17:00:00Z",
        "findings": [
            {"check": "DR3", "level": "warning", "message": "manca il listino", "remedy": "creare plateform_takeaway"},
            {"check": "DR3", "level": "warning", "message": "manca il listino"}]
    });
    is_a_write(&server.one(), "PUT /integrations/v1/restaurants/rest-1/integration", expected);
}

#[tokio::test]
async fn s51_the_active_state_is_told_by_the_port() {
    let server = Server::answering(204, Value::Null).await;
    let at = instant("2026-11-24T17:00:00Z");
    server.client().put_active(&work(), &access(), &tenant(), KEY, at).await.unwrap();
    let expected = json!({"provider": "cassa-in-cloud", "state": "active", "checkedAt": "2026-11-24T17:00:00Z"});
    is_a_write(&server.one(), "PUT /integrations/v1/restaurants/rest-1/integration", expected);
}

#[tokio::test]
async fn an_order_is_read() {
    let server = Server::answering(200, order("plt-1")).await;
    let read = server.client().order(&work(), &access(), &key(), &rome()).await.unwrap().unwrap();
    is_a_read(&server.one(), "GET /integrations/v1/restaurants/rest-1/orders/plt-1");
    assert_eq!((read.id, read.status), (key().order, Status::New));
}

#[tokio::test]
async fn an_order_that_the_platform_does_not_know_is_none() {
    let server = Server::answering(404, json!({"status": 404, "code": "not_found", "title": "x"})).await;
    assert_eq!(server.client().order(&work(), &access(), &key(), &rome()).await, Ok(None));
}

#[tokio::test]
async fn another_order_than_the_one_asked_for_is_no_answer() {
    let server = Server::answering(200, order("plt-2")).await;
    assert!(server.client().order(&work(), &access(), &key(), &rome()).await.unwrap_err().is_retryable());
}

#[tokio::test]
async fn ids_are_encoded_in_the_path() {
    let server = Server::answering(404, json!({"code": "not_found"})).await;
    let mut key = key();
    key.order = OrderId::parse("a/../b?c").unwrap();
    key.tenant = TenantId::parse("r%2Fe").unwrap();
    assert_eq!(server.client().order(&work(), &access(), &key, &rome()).await, Ok(None));
    is_a_read(&server.one(), "GET /integrations/v1/restaurants/r%252Fe/orders/a%2F..%2Fb%3Fc");
}

#[tokio::test]
async fn s59_an_order_is_confirmed() {
    let server = Server::answering(200, json!({"id": "plt-1", "status": "confirmed"})).await;
    let moved = server.client().change_status(&work(), &access(), &key(), KEY, &change(Status::Confirmed, None)).await;
    assert_eq!(moved, Ok(Status::Confirmed));
    let expected = json!({"status": "confirmed", "occurredAt": "2026-11-24T17:00:00Z", "tillOrderId": "till-9"});
    is_a_write(&server.one(), "POST /integrations/v1/restaurants/rest-1/orders/plt-1/status", expected);
}

#[tokio::test]
async fn s62_a_refusal_carries_its_reason_as_far_as_the_contract_lets_it() {
    let server = Server::answering(200, json!({"status": "rejected"})).await;
    let change = StatusChange { till_order: None, ..change(Status::Rejected, Some(&"ò".repeat(600))) };
    server.client().change_status(&work(), &access(), &key(), KEY, &change).await.unwrap();
    let expected = json!({"status": "rejected", "reason": "ò".repeat(500), "occurredAt": "2026-11-24T17:00:00Z"});
    assert_eq!(server.one().json(), expected);
}

#[tokio::test]
async fn a_move_that_is_not_ours_to_ask_is_never_sent() {
    let server = Server::playing([]).await;
    for status in [Status::New, Status::Cancelled] {
        let refused = server.client().change_status(&work(), &access(), &key(), KEY, &change(status, None)).await;
        assert_eq!(refused, Err(PlatformError::Refused { status: 400, code: "ponte:status".into() }));
    }
}

#[tokio::test]
async fn the_staff_are_told_whether_an_order_reached_the_till() {
    for (state, name, till_order, message) in [
        (TillState::Delivered, "delivered", Some("till-9"), None),
        (TillState::Failed, "failed", None, Some("inserire l'ordine a mano")),
        (TillState::Pending, "pending", None, None),
    ] {
        let server = Server::answering(204, Value::Null).await;
        let delivery = TillDelivery {
            state,
            till_order: till_order.map(|id| TillOrderId::parse(id).unwrap()),
            message: message.map(str::to_owned),
            updated_at: instant("2026-11-24T17:00:00.123Z"),
        };
        server.client().put_till(&work(), &access(), &key(), KEY, &delivery).await.unwrap();
        let mut expected = json!({"state": name, "tillOrderId": till_order, "updatedAt": "2026-11-24T17:00:00.123Z"});
        if let Some(message) = message {
            expected["message"] = message.into();
        }
        is_a_write(&server.one(), "PUT /integrations/v1/restaurants/rest-1/orders/plt-1/till", expected);
    }
}

#[tokio::test]
async fn a_key_that_the_contract_does_not_allow_is_never_sent() {
    let server = Server::playing([]).await;
    for bad in ["", "short", "with\nbreak", &"k".repeat(129)] {
        let told =
            server.client().put_active(&work(), &access(), &tenant(), bad, instant("2026-11-24T17:00:00Z")).await;
        assert_eq!(told, Err(PlatformError::Refused { status: 400, code: "ponte:idempotency_key".into() }), "{bad}");
    }
}
