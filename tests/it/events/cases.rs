//! Which event files there are, and what each is answered.

use super::{
    bodies::{self, ORDER, TILL_ORDER},
    gateway::{PlatformCall, TillCall, moment, read},
};
use app::message::{OrderEvent, OrderMessage, SyncJob, SyncMessage, TillHint, encode};
use domain::{
    OrderId, TenantId, TillOrderId,
    till::{DocumentLink, TillOrder, Workflow},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use simulator::RestaurantSpec;

/// Which function an event is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Webhook,
    Consumer,
    Sync,
}

/// One file.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) file: &'static str,
    pub(crate) function: Function,
    pub(crate) event: Value,
    /// Status and body of the webhook function; the answer of the others.
    pub(crate) expected: Value,
}

fn webhook(file: &'static str, event: Value, status: u16, word: &str) -> Case {
    let key = if status < 300 { "status" } else { "error" };
    Case { file, function: Function::Webhook, event, expected: json!([status, {key: word}]) }
}

fn plain(file: &'static str, event: Value, status: u16) -> Case {
    Case { file, function: Function::Webhook, event, expected: json!([status, null]) }
}

pub(crate) fn cases() -> Vec<Case> {
    let mut all = from_till();
    all.extend(refused_till());
    all.extend(probes());
    all.extend(from_platform());
    all.extend(queues());
    all.extend(schedules());
    all
}

fn till(operation: &'static str, body: &Value) -> TillCall {
    TillCall::new(operation, body.to_string())
}

fn from_till() -> Vec<Case> {
    let accepted = bodies::till_order("NOT_PROCESSED", "ACCEPTED");
    let completed = bodies::till_order("PROCESSED", "COMPLETED");
    let cancelled = bodies::till_order("NOT_PROCESSED", "CANCELED");
    let alone = json!({"id": TILL_ORDER});
    let encoded = TillCall { is_base64: true, ..till("ORDER/EDIT", &accepted) };
    vec![
        webhook("webhook-cic-order-accepted.json", till("ORDER/EDIT", &accepted).event(), 200, "queued"),
        webhook("webhook-cic-order-accepted-base64.json", encoded.event(), 200, "queued"),
        webhook(
            "webhook-cic-order-rejected.json",
            till("ORDER/EDIT", &bodies::till_order_rejected()).event(),
            200,
            "queued",
        ),
        webhook("webhook-cic-order-completed.json", till("ORDER/EDIT", &completed).event(), 200, "queued"),
        webhook("webhook-cic-order-deleted.json", till("ORDER/DELETE", &cancelled).event(), 200, "queued"),
        webhook("webhook-cic-order-deleted-by-id.json", till("ORDER/DELETE", &alone).event(), 200, "queued"),
        webhook("webhook-cic-receipt.json", till("RECEIPT/CREATE", &bodies::receipt()).event(), 200, "queued"),
        webhook("webhook-cic-product.json", till("PRODUCT/EDIT", &bodies::product()).event(), 200, "queued"),
        webhook("webhook-cic-bill.json", till("BILL/CREATE", &bodies::receipt()).event(), 200, "ignored"),
        webhook("webhook-cic-unknown-entity.json", till("STOCK/EDIT", &alone).event(), 200, "ignored"),
        webhook(
            "webhook-cic-other-sales-point.json",
            till("ORDER/EDIT", &bodies::till_order_at(90999)).event(),
            200,
            "ignored",
        ),
    ]
}

fn refused_till() -> Vec<Case> {
    let accepted = || till("ORDER/EDIT", &bodies::till_order("NOT_PROCESSED", "ACCEPTED"));
    let wrong = TillCall { secret: Some("another-secret".to_owned()), ..accepted() };
    let unsigned = TillCall { secret: None, ..accepted() };
    let unknown = TillCall { tenant: "rest-of-nobody".to_owned(), ..accepted() };
    let silent = TillCall { operation: None, ..accepted() };
    let malformed = TillCall { operation: Some("ORDER"), ..accepted() };
    let mut not_base64 = accepted().event();
    not_base64["isBase64Encoded"] = true.into();
    let deep = "[".repeat(300);
    let shallow = deep.replace('[', "]");
    vec![
        webhook("webhook-cic-wrong-signature.json", wrong.event(), 401, "unauthorized"),
        webhook("webhook-cic-missing-signature.json", unsigned.event(), 401, "unauthorized"),
        webhook("webhook-cic-unknown-tenant.json", unknown.event(), 401, "unauthorized"),
        webhook("webhook-cic-missing-operation.json", silent.event(), 400, "malformed_operation"),
        webhook("webhook-cic-malformed-operation.json", malformed.event(), 400, "malformed_operation"),
        webhook("webhook-cic-not-base64.json", not_base64, 400, "malformed_body"),
        webhook(
            "webhook-cic-malformed-json.json",
            TillCall::new("ORDER/EDIT", "{\"id\":").event(),
            400,
            "malformed_body",
        ),
        webhook(
            "webhook-cic-deep-json.json",
            TillCall::new("ORDER/EDIT", format!("{deep}{shallow}")).event(),
            400,
            "malformed_body",
        ),
    ]
}

fn probes() -> Vec<Case> {
    let cic = |method| read(method, "/webhooks/cic/{tenant}", "/webhooks/cic/rest-demo");
    vec![
        webhook("webhook-cic-probe-get.json", cic("GET"), 200, "ok"),
        plain("webhook-cic-probe-head.json", cic("HEAD"), 200),
        webhook("webhook-cic-probe-options.json", cic("OPTIONS"), 200, "ok"),
        webhook("webhook-healthz.json", read("GET", "/healthz", "/healthz"), 200, "ok"),
        plain("webhook-not-found.json", read("GET", "/other", "/other"), 404),
        plain("webhook-not-allowed.json", read("PUT", "/webhooks/plateform", "/webhooks/plateform"), 405),
    ]
}

fn from_platform() -> Vec<Case> {
    let created = |order: Value| bodies::of_demo("order.created", json!({"order": order}));
    let requested = || bodies::of_demo("integration.sync_requested", json!({}));
    let old = moment() - SignedDuration::from_mins(6);
    let stale = PlatformCall { sent: old, ..PlatformCall::new("msg_stale", requested()) };
    let wrong = "whsec_YW5vdGhlci1zZWNyZXQ=".to_owned();
    let secret = RestaurantSpec::demo().plateform_webhook_secret;
    let wrong_only = PlatformCall { secrets: vec![wrong.clone()], ..PlatformCall::new("msg_wrong", requested()) };
    let two = PlatformCall { secrets: vec![wrong, secret], ..PlatformCall::new("msg_two", requested()) };
    let stranger = bodies::platform("integration.sync_requested", "rest-of-nobody", json!({}));
    let of = |id, body| PlatformCall::new(id, body).event();
    let cancelled = json!({"orderId": ORDER, "reason": "cambio idea"});
    vec![
        webhook("webhook-plateform-order-takeaway.json", of("msg_1", created(bodies::takeaway())), 202, "queued"),
        webhook(
            "webhook-plateform-order-delivery.json",
            of("msg_2", created(bodies::delivery_prepaid())),
            202,
            "queued",
        ),
        webhook(
            "webhook-plateform-order-cancelled.json",
            of("msg_3", bodies::of_demo("order.cancelled", cancelled)),
            202,
            "queued",
        ),
        webhook(
            "webhook-plateform-customer-changed.json",
            of("msg_4", bodies::of_demo("customer.changed", json!({"customer": bodies::customer()}))),
            202,
            "queued",
        ),
        webhook("webhook-plateform-sync-requested.json", of("msg_5", requested()), 202, "queued"),
        webhook("webhook-plateform-two-signatures.json", two.event(), 202, "queued"),
        webhook(
            "webhook-plateform-unknown-type.json",
            of("msg_6", bodies::of_demo("menu.published", json!({}))),
            200,
            "ignored",
        ),
        webhook("webhook-plateform-stale.json", stale.event(), 401, "unauthorized"),
        webhook("webhook-plateform-wrong-signature.json", wrong_only.event(), 401, "unauthorized"),
        webhook("webhook-plateform-unknown-restaurant.json", of("msg_7", stranger), 401, "unauthorized"),
        webhook(
            "webhook-plateform-not-of-the-contract.json",
            of("msg_8", bodies::of_demo("order.created", json!({}))),
            400,
            "malformed_event",
        ),
    ]
}

fn tenant() -> TenantId {
    TenantId::parse(&RestaurantSpec::demo().restaurant_id).unwrap()
}

fn order_record(event: OrderEvent) -> String {
    let sent_ms = moment().as_millisecond();
    encode(&OrderMessage { tenant: tenant(), correlation: "of-a-file".to_owned(), sent_ms, event }).unwrap()
}

fn sync_record(job: SyncJob) -> String {
    encode(&SyncMessage { tenant: tenant(), correlation: "of-a-file".to_owned(), sent_ms: 0, due_ms: 0, job }).unwrap()
}

/// A batch as the event source gives it.
fn batch(queue: &str, bodies: &[String]) -> Value {
    let records = bodies.iter().enumerate().map(|(number, body)| {
        json!({
            "messageId": format!("00000000-0000-4000-8000-0000000010{number:02}"),
            "receiptHandle": format!("receipt-{number}"),
            "body": body,
            "attributes": {
                "ApproximateReceiveCount": "1",
                "SentTimestamp": moment().as_millisecond().to_string(),
                "SenderId": "AIDAEXAMPLE",
                "ApproximateFirstReceiveTimestamp": moment().as_millisecond().to_string(),
                "MessageGroupId": tenant().as_str(),
            },
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": format!("arn:aws:sqs:eu-south-1:000000000000:ponte-{queue}"),
            "awsRegion": "eu-south-1",
        })
    });
    json!({"Records": records.collect::<Vec<_>>()})
}

fn placed() -> OrderEvent {
    let body = bodies::of_demo("order.created", json!({"order": bodies::takeaway()}));
    super::handlers::placed(&body)
}

fn queues() -> Vec<Case> {
    let order = || OrderId::parse(ORDER).unwrap();
    let till_order = || TillOrderId::parse(TILL_ORDER).unwrap();
    let accepted = TillOrder {
        id: till_order(),
        external_id: Some(order()),
        workflow: Workflow::Accepted,
        processed: false,
        rejection_reason: None,
        sales_point: None,
        amount: None,
    };
    let hint = TillHint { id: till_order(), external_id: Some(order()), deleted: false, payload: Some(accepted) };
    let link = DocumentLink { external_id: Some(order()), till_order: Some(till_order()) };
    let fine = json!({"batchItemFailures": []});
    let second = json!({"batchItemFailures": [{"itemIdentifier": "00000000-0000-4000-8000-000000001001"}]});
    let consumer = |file, records: Vec<String>, expected: &Value| Case {
        file,
        function: Function::Consumer,
        event: batch("orders", &records),
        expected: expected.clone(),
    };
    let one = |event| vec![order_record(event)];
    let mixed = vec![
        order_record(placed()),
        "questo non è un messaggio".to_owned(),
        order_record(OrderEvent::Cancelled { order: OrderId::parse("plt-order-9999").unwrap() }),
    ];
    vec![
        consumer("sqs-orders.json", one(placed()), &fine),
        consumer("sqs-orders-till.json", one(OrderEvent::TillOrder(hint)), &fine),
        consumer("sqs-orders-document.json", one(OrderEvent::Document { orders: vec![link] }), &fine),
        consumer("sqs-orders-cancelled.json", one(OrderEvent::Cancelled { order: order() }), &fine),
        consumer("sqs-orders-deadline.json", one(OrderEvent::Deadline { order: order(), alert: 1 }), &fine),
        consumer("sqs-orders-reconcile.json", one(OrderEvent::Reconcile), &fine),
        consumer("sqs-orders-one-malformed.json", mixed, &second),
        Case {
            file: "sqs-sync.json",
            function: Function::Sync,
            event: batch("sync", &[sync_record(SyncJob::Sync), sync_record(SyncJob::Requested)]),
            expected: fine,
        },
    ]
}

fn schedules() -> Vec<Case> {
    let schedule = |file, job: &str, messages: usize| Case {
        file,
        function: Function::Sync,
        event: json!({"job": job}),
        expected: json!({"job": job, "messages": messages}),
    };
    vec![
        schedule("schedule-sync.json", "sync", 1),
        schedule("schedule-full-sync.json", "full-sync", 1),
        schedule("schedule-reconcile.json", "reconcile", 0),
    ]
}
