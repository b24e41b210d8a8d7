//! The outside contract of the function, over ports in memory: what is answered, in which order it is checked, and that
//! nothing unverified reaches a queue.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::{
    memory::{ManualClock, MemoryQueue, MemoryTenants},
    message::{OrderEvent, SyncJob},
    ports::{Clock, SystemClock},
};
use aws_adapters::metrics::Metrics;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::tenant::Tenant;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;
use webhook::{Answer, LARGEST_BODY, Request, Webhook};

const SECRET: &str = "till-secret-of-a-test";
const PLATFORM_KEY: &[u8] = b"platform-secret-of-a-test";

struct Fixture {
    webhook: Webhook<MemoryTenants, MemoryQueue, MemoryQueue, ManualClock>,
    tenants: MemoryTenants,
    queue: MemoryQueue,
    clock: ManualClock,
}

fn tenant(status: &str) -> Tenant {
    let record = json!({"tenant_id": "rest-1", "status": status, "cic": {"sales_point_id": 90101}});
    Tenant::from_record(record.as_object().unwrap()).unwrap()
}

fn fixture() -> Fixture {
    let clock = ManualClock::at("2026-11-24T18:00:00Z".parse().unwrap());
    let (tenants, queue) = (MemoryTenants::new(clock.clone()), MemoryQueue::default());
    tenants.put(tenant("active"), "key", &[SECRET]);
    tenants.put_platform("token", &[&format!("whsec_{}", STANDARD.encode(PLATFORM_KEY))]);
    let webhook = Webhook {
        tenants: tenants.clone(),
        orders: queue.clone(),
        sync: queue.clone(),
        clock: clock.clone(),
        metrics: Metrics::new("webhook", SystemClock, std::io::sink()),
    };
    Fixture { webhook, tenants, queue, clock }
}

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
    };
    pairs.iter().map(pair).collect()
}

fn sign_till(secret: &str, body: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

fn sign_platform(at: Timestamp, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(PLATFORM_KEY).unwrap();
    mac.update(format!("msg_1.{}.{body}", at.as_second()).as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

impl Fixture {
    async fn post(&self, path: &str, pairs: &[(&str, &str)], body: &str, is_base64: bool) -> Answer {
        let headers = headers(pairs);
        let request = Request { method: "POST", path, headers: &headers, body, is_base64, correlation: "c-1" };
        self.webhook.answer(&request).await
    }

    async fn till(&self, operation: &str, body: &str) -> Answer {
        let signature = hex::encode(sign_till(SECRET, body.as_bytes()));
        let pairs = [("x-cn-operation", operation), ("x-cn-signature", signature.as_str())];
        self.post("/webhooks/cic/rest-1", &pairs, body, false).await
    }

    async fn platform_at(&self, at: Timestamp, body: &str) -> Answer {
        let (timestamp, signature) = (at.as_second().to_string(), sign_platform(at, body));
        let pairs = [
            ("webhook-id", "msg_1"),
            ("webhook-timestamp", timestamp.as_str()),
            ("webhook-signature", signature.as_str()),
        ];
        self.post("/webhooks/plateform", &pairs, body, false).await
    }

    async fn platform(&self, body: &Value) -> Answer {
        self.platform_at(self.clock.now(), &body.to_string()).await
    }

    fn is_idle(&self) -> bool {
        self.queue.orders().is_empty() && self.queue.sync().is_empty()
    }
}

fn till_order() -> String {
    json!({"id": "till-1", "externalId": "o-1", "externalWorkflowStatus": "ACCEPTED",
           "document": {"idSalesPoint": 90101, "email": "cliente@example.test"}})
    .to_string()
}

fn customer_changed(restaurant: &str) -> Value {
    json!({"type": "customer.changed", "restaurantId": restaurant, "occurredAt": "2026-11-24T18:00:00Z",
           "data": {"customer": {"id": "c-1", "firstName": "Cliente", "lastName": "Prova"}}})
}

fn sync_requested(restaurant: &str) -> Value {
    json!({"type": "integration.sync_requested", "restaurantId": restaurant, "occurredAt": "2026-11-24T18:00:00Z", "data": {}})
}

#[tokio::test]
async fn s48_s49_a_genuine_event_is_queued_with_its_tenant_and_correlation_and_no_personal_data() {
    let fixture = fixture();
    assert_eq!(fixture.till("order/edit", &till_order()).await.body(), Some(&json!({"status": "queued"})));
    let (message, _) = fixture.queue.orders().pop().unwrap();
    assert_eq!((message.tenant.as_str(), message.correlation.as_str()), ("rest-1", "c-1"));
    let OrderEvent::TillOrder(hint) = &message.event else { panic!("{message:?}") };
    assert_eq!(hint.external_id.as_ref().map(domain::OrderId::as_str), Some("o-1"));
    assert!(!app::message::encode(&message).unwrap().contains("cliente@"));
}

#[tokio::test]
async fn e11_an_unknown_tenant_a_wrong_and_a_missing_signature_and_a_stale_timestamp_get_one_answer() {
    let fixture = fixture();
    let body = till_order();
    let right = hex::encode(sign_till(SECRET, body.as_bytes()));
    let wrong = hex::encode(sign_till("another", body.as_bytes()));
    let old = fixture.clock.now() - SignedDuration::from_secs(301);
    let answers = [
        fixture
            .post("/webhooks/cic/nobody", &[("x-cn-operation", "ORDER/EDIT"), ("x-cn-signature", &right)], &body, false)
            .await,
        fixture.post("/webhooks/cic/%23plateform", &[("x-cn-signature", &right)], &body, false).await,
        fixture
            .post("/webhooks/cic/rest-1", &[("x-cn-operation", "ORDER/EDIT"), ("x-cn-signature", &wrong)], &body, false)
            .await,
        fixture.post("/webhooks/cic/rest-1", &[("x-cn-operation", "ORDER/EDIT")], &body, false).await,
        fixture.post("/webhooks/plateform", &[], &body, false).await,
        fixture.platform_at(old, &sync_requested("rest-1").to_string()).await,
        fixture.platform(&sync_requested("nobody")).await,
    ];
    assert_eq!(answers[0].status(), 401);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert!(fixture.is_idle());
}

#[tokio::test]
async fn size_comes_before_signature_and_signature_before_content() {
    let fixture = fixture();
    let unsigned = [("x-cn-signature", "00")];
    let too_large = "a".repeat(LARGEST_BODY + 1);
    assert_eq!(fixture.post("/webhooks/cic/nobody", &unsigned, &too_large, false).await.status(), 413);
    assert_eq!(fixture.post("/webhooks/cic/rest-1", &unsigned, "{", false).await.status(), 401);
    let signature = hex::encode(sign_till(SECRET, b"{"));
    let silent = [("x-cn-signature", signature.as_str())];
    assert_eq!(fixture.post("/webhooks/cic/rest-1", &silent, "{", false).await.status(), 400);
    assert!(fixture.is_idle());
}

#[tokio::test]
async fn a_body_of_exactly_256_kib_is_looked_at_and_one_byte_more_is_not() {
    let fixture = fixture();
    let padded = |bytes: usize| {
        let body = json!({"id": "till-1", "externalId": "o-1", "pad": ""}).to_string();
        body.replace("\"pad\":\"\"", &format!("\"pad\":\"{}\"", "x".repeat(bytes - body.len())))
    };
    assert_eq!(fixture.till("ORDER/EDIT", &padded(LARGEST_BODY)).await.status(), 200);
    assert_eq!(fixture.till("ORDER/EDIT", &padded(LARGEST_BODY + 1)).await.status(), 413);
}

#[tokio::test]
async fn a_signature_holds_over_the_decoded_bytes_in_every_form_that_the_till_may_write() {
    let fixture = fixture();
    let body = till_order();
    let tag = sign_till(SECRET, body.as_bytes());
    let (lower, upper, encoded) = (hex::encode(&tag), hex::encode_upper(&tag), STANDARD.encode(&tag));
    for signature in [&lower, &upper, &encoded, &format!("sha1={lower}")] {
        let pairs = [("x-cn-operation", "ORDER/EDIT"), ("x-cn-signature", signature.as_str())];
        let answer = fixture.post("/webhooks/cic/rest-1", &pairs, &STANDARD.encode(&body), true).await;
        assert_eq!(answer.status(), 200, "{signature}");
    }
    let pairs = [("x-cn-operation", "ORDER/EDIT"), ("x-cn-signature", lower.as_str())];
    assert_eq!(fixture.post("/webhooks/cic/rest-1", &pairs, "%%%", true).await.status(), 400);
    let raw = [0xff, 0xfe, 0x00];
    let signature = hex::encode(sign_till(SECRET, &raw));
    let pairs = [("x-cn-operation", "ORDER/EDIT"), ("x-cn-signature", signature.as_str())];
    let answer = fixture.post("/webhooks/cic/rest-1", &pairs, &STANDARD.encode(raw), true).await;
    assert_eq!(answer.status(), 400, "signed bytes that are no text");
}

#[tokio::test]
async fn e11_after_a_rotation_the_record_is_read_once_more_unless_it_is_young() {
    let fixture = fixture();
    assert_eq!(fixture.till("ORDER/EDIT", &till_order()).await.status(), 200);
    fixture.tenants.put(tenant("active"), "key", &["rotated"]);
    let signature = hex::encode(sign_till("rotated", till_order().as_bytes()));
    let pairs = [("x-cn-operation", "ORDER/EDIT"), ("x-cn-signature", signature.as_str())];
    assert_eq!(fixture.post("/webhooks/cic/rest-1", &pairs, &till_order(), false).await.status(), 401, "read just now");
    fixture.clock.advance(SignedDuration::from_secs(31));
    let reads = fixture.tenants.reads();
    assert_eq!(fixture.post("/webhooks/cic/rest-1", &pairs, &till_order(), false).await.status(), 200);
    assert_eq!(fixture.tenants.reads(), reads + 1);
}

#[tokio::test]
async fn what_cannot_be_stored_or_read_is_503_so_that_the_sender_comes_again() {
    let fixture = fixture();
    fixture.queue.fail_next(1);
    assert_eq!(fixture.till("ORDER/EDIT", &till_order()).await.status(), 503);
    fixture.clock.advance(SignedDuration::from_mins(6));
    fixture.tenants.fail_next(1);
    assert_eq!(fixture.till("ORDER/EDIT", &till_order()).await.status(), 503);
    let empty = MemoryTenants::new(fixture.clock.clone());
    let webhook = Webhook { tenants: empty, ..self::fixture().webhook };
    let body = sync_requested("rest-1").to_string();
    let (at, signature) = (fixture.clock.now(), sign_platform(fixture.clock.now(), &body));
    let at = at.as_second().to_string();
    let headers = headers(&[("webhook-id", "msg_1"), ("webhook-timestamp", &at), ("webhook-signature", &signature)]);
    let request = Request {
        method: "POST",
        path: "/webhooks/plateform",
        headers: &headers,
        body: &body,
        is_base64: false,
        correlation: "c",
    };
    assert_eq!(webhook.answer(&request).await.status(), 503, "the platform's record is missing");
}

#[tokio::test]
async fn e35_what_is_not_ours_is_answered_and_ignored() {
    let fixture = fixture();
    let elsewhere = till_order().replace("90101", "90102");
    let no_orders = json!({"id": "r-1", "document": {"idSalesPoint": 90101}}).to_string();
    for (operation, body) in [
        ("ORDER/EDIT", elsewhere.as_str()),
        ("BILL/CREATE", "{\"id\":\"b\"}"),
        ("RECEIPT/CREATE", &no_orders),
        ("RECEIPT/DELETE", &no_orders),
        ("CUSTOMER/EDIT", "{\"id\":\"c\"}"),
        ("NEWTHING/HAPPENED", "{}"),
    ] {
        assert_eq!(fixture.till(operation, body).await.body(), Some(&json!({"status": "ignored"})), "{operation}");
    }
    let unknown = json!({"type": "order.teleported", "restaurantId": "rest-1"});
    assert_eq!(fixture.platform(&unknown).await.status(), 200);
    assert!(fixture.is_idle());
}

#[tokio::test]
async fn a_paused_restaurant_s_webhooks_are_answered_and_queued() {
    let fixture = fixture();
    fixture.tenants.put(tenant("paused"), "key", &[SECRET]);
    assert_eq!(fixture.till("ORDER/EDIT", &till_order()).await.status(), 200);
    assert_eq!(fixture.queue.orders().len(), 1);
}

#[tokio::test]
async fn the_catalogue_s_events_and_the_platform_s_wish_go_to_the_sync_queue() {
    let fixture = fixture();
    for entity in ["PRODUCT", "CATEGORY", "MODIFIER", "DEPARTMENT", "TAX"] {
        assert_eq!(fixture.till(&format!("{entity}/EDIT"), "{\"id\":\"x\"}").await.status(), 200, "{entity}");
    }
    assert_eq!(fixture.platform(&sync_requested("rest-1")).await.status(), 202);
    assert_eq!(fixture.platform(&customer_changed("rest-1")).await.status(), 202);
    let queued = fixture.queue.sync();
    let jobs: Vec<SyncJob> = queued.iter().map(|(message, _)| message.job).collect();
    // A product tells of its change in the next reading of changes; what many share is seen by a whole one alone.
    let whole = [SyncJob::Requested; 5];
    assert_eq!(jobs, [[SyncJob::Changed].as_slice(), &whole, &[SyncJob::Changed]].concat());
    let now = fixture.clock.now().as_millisecond();
    for (message, delay) in queued {
        assert_eq!((message.sent_ms, message.tenant.as_str()), (now, "rest-1"));
        assert!((1..60).contains(&delay.as_secs()), "a burst is read once, and within a minute");
    }
}

#[tokio::test]
async fn other_methods_and_paths_are_plain_405_and_404() {
    let fixture = fixture();
    let empty = HeaderMap::new();
    for (method, path, status) in [
        ("GET", "/webhooks/cic/anybody", 200),
        ("OPTIONS", "/webhooks/cic/anybody", 200),
        ("PUT", "/webhooks/cic/rest-1", 405),
        ("GET", "/webhooks/plateform", 405),
        ("POST", "/healthz", 405),
        ("GET", "/", 404),
        ("POST", "/webhooks/cic/a/b", 404),
    ] {
        let request = Request { method, path, headers: &empty, body: "", is_base64: false, correlation: "c" };
        let answer = fixture.webhook.answer(&request).await;
        assert_eq!((answer.status(), answer.body().is_none()), (status, status >= 400), "{method} {path}");
    }
}

proptest! {
    #[test]
    fn whatever_a_stranger_sends_is_answered_and_never_queued(
        method in "GET|HEAD|POST|PUT|[A-Z]{0,6}", path in "/webhooks/(cic/rest-1|cic/.{0,8}|plateform)|/.{0,20}",
        operation in "[ -~]{0,20}", signature in "[ -~]{0,60}", body in ".{0,200}", is_base64: bool
    ) {
        let fixture = fixture();
        let headers = headers(&[
            ("x-cn-operation", &operation), ("x-cn-signature", &signature), ("webhook-id", "m"),
            ("webhook-timestamp", "1795543200"), ("webhook-signature", &signature),
        ]);
        let request = Request { method: &method, path: &path, headers: &headers, body: &body, is_base64, correlation: "c" };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answer = runtime.block_on(fixture.webhook.answer(&request));
        prop_assert!((200..=413).contains(&answer.status()));
        prop_assert!(fixture.is_idle());
    }
}
