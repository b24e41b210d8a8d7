//! Makes every file of `events/` anew: no signature in them is written by hand.

use super::{
    bodies::{self, of_demo, till_order, till_order_at},
    gateway::{PlatformCall, TillCall, moment, read},
    world::Restaurant,
};
use app::message::{OrderEvent, OrderMessage, SyncJob, SyncMessage, encode};
use domain::{OrderId, TenantId};
use jiff::SignedDuration;
use serde_json::{Value, json};
use simulator::RestaurantSpec;
use std::collections::BTreeMap;

/// The files and what stands in them.
pub(crate) type Files = BTreeMap<&'static str, Value>;

pub(crate) async fn files() -> Files {
    let mut files = Files::new();
    files.extend(till());
    files.extend(till_refused());
    files.extend(probes());
    files.extend(platform());
    files.extend(platform_refused());
    let batches = orders(&files).await;
    files.extend(batches);
    files.extend(sync());
    files
}

fn till() -> Vec<(&'static str, Value)> {
    let edit = |order: Value| TillCall::new("ORDER/EDIT", order.to_string());
    let accepted = || edit(till_order("NOT_PROCESSED", "ACCEPTED"));
    let canceled = till_order("NOT_PROCESSED", "CANCELED").to_string();
    let id_only = json!({"id": bodies::TILL_ORDER}).to_string();
    let elsewhere = till_order_at(RestaurantSpec::demo().sales_point_id + 1);
    vec![
        ("webhook-till-order-accepted.json", accepted().event()),
        ("webhook-till-order-rejected.json", edit(bodies::till_order_rejected()).event()),
        ("webhook-till-order-completed.json", edit(till_order("PROCESSED", "COMPLETED")).event()),
        ("webhook-till-order-deleted.json", TillCall::new("ORDER/DELETE", canceled).event()),
        ("webhook-till-order-deleted-id-only.json", TillCall::new("ORDER/DELETE", id_only).event()),
        ("webhook-till-receipt-created.json", TillCall::new("RECEIPT/CREATE", bodies::receipt().to_string()).event()),
        ("webhook-till-product-edited.json", TillCall::new("PRODUCT/EDIT", bodies::product().to_string()).event()),
        ("webhook-till-unknown-entity.json", TillCall::new("STOCK_MOVEMENT/CREATE", r#"{"id":"1"}"#).event()),
        ("webhook-till-other-sales-point.json", edit(elsewhere).event()),
        ("webhook-till-base64-body.json", TillCall { is_base64: true, ..accepted() }.event()),
    ]
}

fn till_refused() -> Vec<(&'static str, Value)> {
    let accepted = || TillCall::new("ORDER/EDIT", till_order("NOT_PROCESSED", "ACCEPTED").to_string());
    let mut no_base64 = TillCall { is_base64: true, ..accepted() }.event();
    no_base64["body"] = "not base64!".into();
    let deep = format!(r#"{{"id":{}1{}}}"#, "[".repeat(200), "]".repeat(200));
    vec![
        (
            "webhook-till-signature-wrong.json",
            TillCall { secret: Some("not-the-secret".to_owned()), ..accepted() }.event(),
        ),
        ("webhook-till-signature-missing.json", TillCall { secret: None, ..accepted() }.event()),
        (
            "webhook-till-unknown-tenant.json",
            TillCall { tenant: "rest-nobody-knows".to_owned(), ..accepted() }.event(),
        ),
        ("webhook-till-base64-broken.json", no_base64),
        ("webhook-till-operation-missing.json", TillCall { operation: None, ..accepted() }.event()),
        ("webhook-till-operation-malformed.json", TillCall { operation: Some("ORDER"), ..accepted() }.event()),
        ("webhook-till-json-malformed.json", TillCall::new("ORDER/EDIT", r#"{"id":"#).event()),
        ("webhook-till-json-deep.json", TillCall::new("ORDER/EDIT", deep).event()),
    ]
}

fn probes() -> Vec<(&'static str, Value)> {
    let path = format!("/webhooks/cic/{}", RestaurantSpec::demo().restaurant_id);
    let probe = |method| read(method, "/webhooks/cic/{tenant}", &path);
    vec![
        ("webhook-till-address-check-get.json", probe("GET")),
        ("webhook-till-address-check-head.json", probe("HEAD")),
        ("webhook-till-address-check-options.json", probe("OPTIONS")),
        ("webhook-healthz.json", read("GET", "/healthz", "/healthz")),
    ]
}

fn platform() -> Vec<(&'static str, Value)> {
    let created = |order: Value| of_demo("order.created", json!({"order": order}));
    let cancelled = of_demo("order.cancelled", json!({"orderId": bodies::ORDER, "reason": "cambio idea"}));
    let changed = of_demo("customer.changed", json!({"customer": bodies::customer()}));
    let genuine = RestaurantSpec::demo().plateform_webhook_secret;
    let rotation = PlatformCall {
        secrets: vec!["whsec_dGhlLW5leHQtc2VjcmV0LW5vdC1yZWFs".to_owned(), genuine],
        ..PlatformCall::new("msg-two-signatures", created(bodies::takeaway()))
    };
    vec![
        (
            "webhook-plateform-order-created-takeaway.json",
            PlatformCall::new("msg-created-1001", created(bodies::takeaway())).event(),
        ),
        (
            "webhook-plateform-order-created-delivery-prepaid.json",
            PlatformCall::new("msg-created-1002", created(bodies::delivery_prepaid())).event(),
        ),
        ("webhook-plateform-order-cancelled.json", PlatformCall::new("msg-cancelled-1001", cancelled).event()),
        ("webhook-plateform-customer-changed.json", PlatformCall::new("msg-customer", changed).event()),
        (
            "webhook-plateform-sync-requested.json",
            PlatformCall::new("msg-sync", of_demo("integration.sync_requested", json!({}))).event(),
        ),
        (
            "webhook-plateform-unknown-type.json",
            PlatformCall::new("msg-unknown", of_demo("table.booked", json!({"seats": 4}))).event(),
        ),
        ("webhook-plateform-two-signatures.json", rotation.event()),
    ]
}

fn platform_refused() -> Vec<(&'static str, Value)> {
    let created = || of_demo("order.created", json!({"order": bodies::takeaway()}));
    let stale = PlatformCall {
        sent: moment() - SignedDuration::from_secs(301),
        ..PlatformCall::new("msg-stale", created())
    };
    let wrong = PlatformCall {
        secrets: vec!["whsec_bm90LXRoZS1zZWNyZXQtYW5kLW5vdC1yZWFs".to_owned()],
        ..PlatformCall::new("msg-wrong", created())
    };
    let nobody = bodies::platform("integration.sync_requested", "rest-nobody-knows", json!({}));
    vec![
        ("webhook-plateform-timestamp-stale.json", stale.event()),
        ("webhook-plateform-signature-wrong.json", wrong.event()),
        ("webhook-plateform-unknown-restaurant.json", PlatformCall::new("msg-nobody", nobody).event()),
        (
            "webhook-plateform-not-of-the-contract.json",
            PlatformCall::new("msg-odd", of_demo("order.created", json!({"order": {"id": bodies::ORDER}}))).event(),
        ),
    ]
}

fn tenant() -> TenantId {
    TenantId::parse(&RestaurantSpec::demo().restaurant_id).unwrap()
}

/// What the webhook function puts on the orders queue for a file.
async fn queued_for(event: &Value) -> String {
    let restaurant = Restaurant::open();
    restaurant.webhook(event).await;
    encode(&restaurant.queue.orders()[0].0).unwrap()
}

fn own_message(event: OrderEvent) -> String {
    let (correlation, sent_ms) = ("correlation-of-a-file".to_owned(), moment().as_millisecond());
    encode(&OrderMessage { tenant: tenant(), correlation, sent_ms, event }).unwrap()
}

async fn orders(files: &Files) -> Vec<(&'static str, Value)> {
    let placed = queued_for(&files["webhook-plateform-order-created-takeaway.json"]).await;
    let prepaid = queued_for(&files["webhook-plateform-order-created-delivery-prepaid.json"]).await;
    let till_order = queued_for(&files["webhook-till-order-accepted.json"]).await;
    let document = queued_for(&files["webhook-till-receipt-created.json"]).await;
    let cancelled = queued_for(&files["webhook-plateform-order-cancelled.json"]).await;
    let order = OrderId::parse(bodies::ORDER).unwrap();
    let deadline = own_message(OrderEvent::Deadline { order, alert: 1 });
    let reconcile = own_message(OrderEvent::Reconcile);
    let malformed = "not a message".to_owned();
    let all = [&placed, &malformed, &prepaid, &till_order, &document, &reconcile].map(Clone::clone);
    vec![
        ("sqs-orders.json", batch("orders", &all)),
        ("sqs-orders-placed.json", batch("orders", &[placed])),
        ("sqs-orders-till-order.json", batch("orders", &[till_order])),
        ("sqs-orders-document.json", batch("orders", &[document])),
        ("sqs-orders-cancelled.json", batch("orders", &[cancelled])),
        ("sqs-orders-deadline.json", batch("orders", &[deadline])),
        ("sqs-orders-reconcile.json", batch("orders", &[reconcile])),
    ]
}

fn sync() -> Vec<(&'static str, Value)> {
    let correlation = "correlation-of-a-file".to_owned();
    let message = |job| encode(&SyncMessage { tenant: tenant(), correlation: correlation.clone(), job }).unwrap();
    vec![
        ("sqs-sync.json", batch("sync", &[SyncJob::Sync, SyncJob::FullSync, SyncJob::Requested].map(message))),
        ("schedule-sync.json", json!({"job": "sync"})),
        ("schedule-full-sync.json", json!({"job": "full-sync"})),
        ("schedule-reconcile.json", json!({"job": "reconcile"})),
    ]
}

/// A batch as the event source gives it.
fn batch(queue: &str, bodies: &[String]) -> Value {
    let record = |(number, body): (usize, &String)| {
        json!({
            "messageId": format!("message-{}", number + 1),
            "receiptHandle": format!("receipt-{}", number + 1),
            "body": body,
            "attributes": {
                "ApproximateFirstReceiveTimestamp": moment().as_millisecond().to_string(),
                "ApproximateReceiveCount": "1",
                "MessageGroupId": tenant(),
                "SenderId": "AROAEXAMPLE:ponte-webhook",
                "SentTimestamp": moment().as_millisecond().to_string(),
            },
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": format!("arn:aws:sqs:eu-south-1:000000000000:ponte-{queue}"),
            "awsRegion": "eu-south-1",
        })
    };
    json!({"Records": bodies.iter().enumerate().map(record).collect::<Vec<_>>()})
}
