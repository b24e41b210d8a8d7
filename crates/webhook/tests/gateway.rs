//! Events as API Gateway writes them: whatever a stranger puts into one is answered, and the logs give nothing away.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::{
    memory::{ManualClock, MemoryQueue, MemoryTenants},
    message::encode,
    ports::{Clock, Freshness, PlatformAccess, StoreError, SystemClock, TenantAccess, Tenants},
};
use aws_adapters::{metrics::Metrics, written::Written};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{TenantId, tenant::Tenant};
use hmac::{Hmac, KeyInit, Mac};
use lambda_http::aws_lambda_events::{apigw::ApiGatewayV2httpResponse, encodings::Body};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;
use std::sync::Arc;
use webhook::{Webhook, answer_event};

const SECRET: &str = "canary-till-secret";
const PLATFORM_KEY: &[u8] = b"canary-platform-secret";
const CANARIES: [&str; 8] = [
    "canary",
    "Y2FuYXJ5",
    "Nomecanarino",
    "nome@canarino.test",
    "+39000777",
    "Via Canarino",
    "bad-sig",
    "rest-unknown",
];

struct Fixture {
    tenants: MemoryTenants,
    queue: MemoryQueue,
    clock: ManualClock,
    metrics: Written,
}

fn fixture() -> Fixture {
    let clock = ManualClock::at("2026-11-24T18:00:00Z".parse().unwrap());
    let tenants = MemoryTenants::new(clock.clone());
    let record = json!({"tenant_id": "rest-1", "cic": {"sales_point_id": 90101}});
    tenants.put(Tenant::from_record(record.as_object().unwrap()).unwrap(), "canary-api-key", &[SECRET]);
    tenants.put_platform("canary-token", &[&format!("whsec_{}", STANDARD.encode(PLATFORM_KEY))]);
    Fixture { tenants, queue: MemoryQueue::default(), clock, metrics: Written::default() }
}

impl Fixture {
    async fn answer(&self, event: Value) -> ApiGatewayV2httpResponse {
        self.answer_with(self.tenants.clone(), event).await
    }

    async fn answer_with(&self, tenants: impl Tenants, event: Value) -> ApiGatewayV2httpResponse {
        let webhook = Webhook {
            tenants,
            orders: self.queue.clone(),
            sync: self.queue.clone(),
            clock: self.clock.clone(),
            metrics: Metrics::new("webhook", SystemClock, self.metrics.clone()),
        };
        answer_event(&webhook, serde_json::from_value(event).unwrap(), "c-1").await
    }

    fn is_idle(&self) -> bool {
        self.queue.orders().is_empty() && self.queue.sync().is_empty()
    }

    fn platform(&self, body: &str) -> Value {
        let timestamp = self.clock.now().as_second().to_string();
        let mut mac = Hmac::<Sha256>::new_from_slice(PLATFORM_KEY).unwrap();
        mac.update(format!("msg_1.{timestamp}.{body}").as_bytes());
        let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        let headers = json!({"webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": signature});
        event("POST", "/webhooks/plateform", headers, Some(body))
    }
}

fn event(method: &str, path: &str, headers: Value, body: Option<&str>) -> Value {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": headers,
        "requestContext": {"http": {"method": method, "path": path}, "stage": "$default", "timeEpoch": 0},
        "body": body, "isBase64Encoded": false,
    })
}

fn till(operation: &str, body: &str) -> Value {
    let mut mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    let headers = json!({"x-cn-operation": operation, "x-cn-signature": signature});
    event("POST", "/webhooks/cic/rest-1", headers, Some(body))
}

/// An order as the till sends it, full of what is nobody's business.
fn till_order() -> Value {
    json!({
        "id": "till-1", "externalId": "o-1", "externalWorkflowStatus": "ACCEPTED", "phoneNumber": "+39000777",
        "customer": {"name": "Nomecanarino", "email": "nome@canarino.test"},
        "document": {"idSalesPoint": 90101, "email": "nome@canarino.test", "note": "Nomecanarino, Via Canarino 1",
                     "amount": 7.0},
    })
}

fn created() -> Value {
    let order = json!({
        "id": "o-1", "restaurantId": "rest-1", "number": "1", "status": "new", "service": "delivery",
        "createdAt": "2026-11-24T18:00:00Z", "updatedAt": "2026-11-24T18:00:00Z", "requestedFor": null,
        "customer": {"id": "c-1", "firstName": "Nomecanarino", "lastName": "Prova", "email": "nome@canarino.test",
                     "phone": "+39000777"},
        "delivery": {"street": "Via Canarino 1", "city": "Prova"},
        "payment": {"method": "online", "paid": true, "transactionId": "canary-payment"},
        "lines": [{"id": "l", "dishExternalId": "p-1", "name": "Margherita", "quantity": 1, "unitPriceCents": 700,
                   "options": [], "totalCents": 700}],
        "totalCents": 700, "notes": "canary note"
    });
    json!({"type": "order.created", "restaurantId": "rest-1", "occurredAt": "2026-11-24T18:00:00Z",
           "data": {"order": order}})
}

fn text(response: &ApiGatewayV2httpResponse) -> Option<&str> {
    match &response.body {
        Some(Body::Text(text)) => Some(text),
        _ => None,
    }
}

#[tokio::test]
async fn a_query_a_host_or_a_path_that_no_url_can_have_costs_nobody_the_answer() {
    let probe = |headers| event("GET", "/webhooks/cic/rest-1", headers, None);
    let with = |field: &str, value: String| {
        let mut event = probe(json!({"host": "bridge.test"}));
        event[field] = value.into();
        event
    };
    for (odd, status) in [
        (with("rawQueryString", "a=\"<>".to_owned()), 200),
        (with("rawQueryString", "perché no".to_owned()), 200),
        (with("rawQueryString", "x".repeat(70_000)), 200),
        (with("rawPath", "/\u{e8} \"<#?%zz\\".to_owned()), 404),
        (with("rawPath", String::new()), 404),
        (with("rawPath", "x".repeat(70_000)), 404),
        (probe(json!({"host": "[::"})), 200),
        (probe(json!({"host": "a b"})), 200),
        (probe(json!({"host": "bridge.test", "x-forwarded-proto": "%%"})), 200),
        (probe(json!({"host": "bridge.test:99999"})), 200),
    ] {
        let answer = fixture().answer(odd.clone()).await;
        assert_eq!(answer.status_code, status, "{}", odd.to_string().chars().take(300).collect::<String>());
    }
}

#[tokio::test]
async fn head_and_options_are_answered_as_get_is_and_head_without_a_body() {
    let fixture = fixture();
    for tenant in ["rest-1", "rest-unknown"] {
        let ask = |method| fixture.answer(event(method, &format!("/webhooks/cic/{tenant}"), json!({}), None));
        let (get, options, head) = (ask("GET").await, ask("OPTIONS").await, ask("HEAD").await);
        assert_eq!((get.status_code, text(&get)), (200, Some(r#"{"status":"ok"}"#)));
        assert_eq!((options.status_code, text(&options)), (200, text(&get)));
        assert_eq!((head.status_code, text(&head)), (200, None));
    }
    assert_eq!(fixture.tenants.reads(), 0, "an address check costs nothing");
}

#[tokio::test]
async fn signed_json_nested_beyond_reason_is_400() {
    let fixture = fixture();
    for depth in [128, 100_000] {
        let nested = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        for body in [nested.clone(), format!(r#"{{"id":"till-1","x":{nested}}}"#)] {
            assert_eq!(fixture.answer(till("ORDER/EDIT", &body)).await.status_code, 400, "{depth}");
            assert_eq!(fixture.answer(fixture.platform(&body)).await.status_code, 400, "{depth}");
        }
    }
    assert!(fixture.is_idle());
}

/// A table whose records nobody can read.
struct Broken;

impl Broken {
    fn error() -> StoreError {
        StoreError::Malformed { what: "tenant rest-1".to_owned(), remedy: "cic.sales_point_id: write it".to_owned() }
    }
}

impl Tenants for Broken {
    async fn tenant(&self, _: &TenantId, _: Freshness) -> Result<Option<Arc<TenantAccess>>, StoreError> {
        Err(Self::error())
    }

    async fn platform(&self, _: Freshness) -> Result<Arc<PlatformAccess>, StoreError> {
        Err(Self::error())
    }

    async fn active(&self) -> Result<Vec<TenantId>, StoreError> {
        Err(Self::error())
    }
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_503_and_the_sender_does_not_learn_which() {
    let fixture = fixture();
    let from_till = fixture.answer_with(Broken, till("ORDER/EDIT", &till_order().to_string())).await;
    let from_platform = fixture.answer_with(Broken, fixture.platform(&created().to_string())).await;
    assert_eq!((from_till.status_code, from_platform.status_code), (503, 503));
    assert_eq!(text(&from_till), text(&from_platform));
    assert!(!text(&from_till).unwrap().contains("rest-1") && !text(&from_till).unwrap().contains("sales_point"));
    assert!(fixture.is_idle());
}

#[tokio::test]
async fn a_queue_that_fails_is_503_whichever_queue_and_whichever_sender() {
    let fixture = fixture();
    let order = till_order().to_string();
    let cancelled = json!({"type": "order.cancelled", "restaurantId": "rest-1", "occurredAt": "2026-11-24T18:00:00Z",
                           "data": {"orderId": "o-1"}});
    for event in [
        till("ORDER/EDIT", &order),
        till("PRODUCT/EDIT", r#"{"id":"p-1"}"#),
        fixture.platform(&created().to_string()),
        fixture.platform(&cancelled.to_string()),
    ] {
        fixture.queue.fail_next(1);
        assert_eq!(fixture.answer(event.clone()).await.status_code, 503);
        assert!(fixture.is_idle());
        assert!(fixture.answer(event).await.status_code < 300, "sent again, it is taken");
        drop((fixture.queue.take_orders(std::time::Duration::ZERO), fixture.queue.take_sync()));
    }
}

#[tokio::test]
async fn e62_of_the_till_s_payload_only_what_the_hint_carries_reaches_the_queue() {
    let fixture = fixture();
    assert_eq!(fixture.answer(till("ORDER/EDIT", &till_order().to_string())).await.status_code, 200);
    let message = encode(&fixture.queue.orders()[0].0).unwrap();
    for canary in CANARIES {
        assert!(!message.contains(canary), "{canary} in {message}");
    }
    let payload: Value = serde_json::from_str(&message).unwrap();
    let fields: Vec<&String> = payload["payload"].as_object().unwrap().keys().collect();
    let hint = ["amount", "external_id", "id", "processed", "rejection_reason", "sales_point", "workflow"];
    assert_eq!(fields, hint);
}

/// Genuine, odd and forged requests, each full of canaries.
fn requests(fixture: &Fixture) -> Vec<Value> {
    let order = till_order().to_string();
    let mut forged = till("ORDER/EDIT", &order);
    forged["headers"]["x-cn-signature"] = "bad-sig".into();
    let mut unknown = till("ORDER/EDIT", &order);
    unknown["rawPath"] = "/webhooks/cic/rest-unknown".into();
    let mut no_base64 = till("ORDER/EDIT", &order);
    no_base64["isBase64Encoded"] = true.into();
    let mut forged_platform = fixture.platform(&created().to_string());
    forged_platform["headers"]["webhook-signature"] = "v1,bad-sig".into();
    let mut odd = created();
    odd["data"]["order"]["payment"]["method"] = "canary-method".into();
    let of = |kind: &str, data: Value| {
        json!({"type": kind, "restaurantId": "rest-1", "occurredAt": "2026-11-24T18:00:00Z", "data": data}).to_string()
    };
    let customer = json!({"id": "c-1", "firstName": "Nomecanarino", "lastName": "", "email": "nome@canarino.test"});
    vec![
        till("ORDER/EDIT", &order),
        till("ORDER/EDIT", r#"{"name":"Nomecanarino""#),
        till("ORDER/EDIT", r#"{"id":"","note":"Nomecanarino"}"#),
        till("canary", &order),
        till("CUSTOMER/EDIT", r#"{"name":"Nomecanarino"}"#),
        forged,
        unknown,
        no_base64,
        forged_platform,
        fixture.platform(&created().to_string()),
        fixture.platform(&odd.to_string()),
        fixture.platform(&of("nome@canarino.test", json!({}))),
        fixture.platform(&of("order.cancelled", json!({"orderId": "o-1", "reason": "Nomecanarino"}))),
        fixture.platform(&of("customer.changed", json!({"customer": customer}))),
        fixture.platform(r#"{"type":"order.created","restaurantId":"nome@canarino.test canary"}"#),
    ]
}

#[tokio::test]
async fn e62_neither_secrets_nor_personal_data_reach_a_log_a_metric_or_an_answer() {
    let (fixture, log) = (fixture(), Written::default());
    let guard = log.take_logs("trace");
    let mut answers = String::new();
    for request in requests(&fixture) {
        let answer = fixture.answer(request).await;
        answers.push_str(text(&answer).unwrap_or_default());
    }
    fixture.queue.fail_next(1);
    fixture.answer(till("ORDER/EDIT", &till_order().to_string())).await;
    drop(guard);
    let lines = log.text().lines().count();
    assert_eq!(lines, requests(&fixture).len() + 1, "each request leaves one line:\n{}", log.text());
    for canary in CANARIES {
        for (what, written) in [("log", log.text()), ("metrics", fixture.metrics.text()), ("answers", answers.clone())]
        {
            assert!(!written.contains(canary), "{canary} in the {what}:\n{written}");
        }
    }
}

#[tokio::test]
async fn e11_every_refused_signature_is_counted_and_its_reason_is_in_the_log_alone() {
    let (fixture, log) = (fixture(), Written::default());
    let guard = log.take_logs("info");
    let mut unknown = till("ORDER/EDIT", "{}");
    unknown["rawPath"] = "/webhooks/cic/rest-unknown".into();
    let unsigned = event("POST", "/webhooks/cic/rest-1", json!({"x-cn-operation": "ORDER/EDIT"}), Some("{}"));
    let answers = [fixture.answer(unknown).await, fixture.answer(unsigned).await];
    drop(guard);
    assert_eq!((answers[0].status_code, text(&answers[0])), (401, text(&answers[1])));
    assert_eq!(fixture.metrics.text().matches("\"signature_failures\":1").count(), 2);
    assert!(log.text().contains("there is no such tenant") && log.text().contains("signature is missing or wrong"));
}

#[tokio::test]
async fn whose_webhook_it_is_stands_in_the_log_and_beside_the_metric_also_where_it_is_refused() {
    let at = |path: &str, mut event: Value| {
        event["rawPath"] = format!("/webhooks/{path}").into();
        event
    };
    let wished = |restaurant: &str| json!({"type": "integration.sync_requested", "restaurantId": restaurant, "occurredAt": "2026-11-24T18:00:00Z", "data": {}});
    let fixture = fixture();
    let mut forged = fixture.platform(&wished("rest-1").to_string());
    forged["headers"]["webhook-signature"] = "v1,AAAA".into();
    let mut wrong = till("ORDER/EDIT", "{}");
    wrong["headers"]["x-cn-signature"] = "bad-sig".into();
    for (event, status, whose) in [
        (till("ORDER/EDIT", &till_order().to_string()), 200, Some("rest-1")),
        (till("ORDER/EDIT", "{"), 400, Some("rest-1")),
        (till("CUSTOMER/EDIT", r#"{"id":"c-1"}"#), 200, Some("rest-1")),
        (wrong, 401, Some("rest-1")),
        // What a stranger writes into the path is repeated nowhere.
        (at("cic/rest-2", till("ORDER/EDIT", "{}")), 401, None),
        (fixture.platform(&wished("rest-1").to_string()), 202, Some("rest-1")),
        (fixture.platform(&wished("rest-2").to_string()), 401, Some("rest-2")),
        // One secret signs for all restaurants: whose it says to be is worth nothing.
        (forged, 401, None),
    ] {
        let (log, metrics) = (Written::default(), fixture.metrics.text().len());
        let guard = log.take_logs("info");
        let answer = fixture.answer(event).await;
        drop(guard);
        assert_eq!(answer.status_code, status, "{whose:?}");
        let line: Value = serde_json::from_str(&log.text()).unwrap();
        assert_eq!(line.get("tenant.id").and_then(Value::as_str), whose, "{line}");
        let counted = fixture.metrics.text().split_off(metrics);
        if status != 400 {
            let line: Value = serde_json::from_str(&counted).unwrap();
            assert_eq!(line.get("tenant").and_then(Value::as_str), whose, "{line}");
        }
    }
}

fn method() -> impl Strategy<Value = String> {
    prop_oneof![Just("POST".to_owned()), Just("GET".to_owned()), "[A-Z]{1,8}"]
}

fn path() -> impl Strategy<Value = String> {
    let fixed = ["/webhooks/cic/rest-1", "/webhooks/plateform", "/healthz"].map(str::to_owned);
    prop_oneof![prop::sample::select(fixed.to_vec()), "/webhooks/cic/.{0,20}", ".{0,40}"]
}

proptest! {
    #[test]
    fn e11_no_unsigned_event_is_queued_and_none_makes_the_function_panic(
        method in method(), path in path(), query in ".{0,40}", host in "[ -~]{0,20}", proto in "[ -~]{0,10}",
        operation in "[ -~]{0,20}", signature in "[ -~]{0,80}", body in prop::option::of(".{0,200}"), encoded: bool,
        stage in prop::option::of("[a-z$]{0,8}"),
    ) {
        let headers = json!({
            "host": host, "x-forwarded-proto": proto, "x-cn-operation": operation, "x-cn-signature": signature,
            "webhook-id": "msg_1", "webhook-timestamp": "1795543200", "webhook-signature": signature,
        });
        let mut event = event(&method, &path, headers, body.as_deref());
        event["rawQueryString"] = query.into();
        event["isBase64Encoded"] = encoded.into();
        event["requestContext"]["stage"] = stage.into();
        let fixture = fixture();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answer = runtime.block_on(fixture.answer(event));
        prop_assert!([200, 400, 401, 404, 405].contains(&answer.status_code), "{}", answer.status_code);
        prop_assert!(fixture.is_idle());
    }
}
