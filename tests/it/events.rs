//! The files of `events/`: each is as the generator makes it, and each gets the answer that the table below expects.
//!
//! `REGENERATE_EVENTS=1` writes the files anew.

mod bodies;
mod gateway;
mod make;
mod sign;
mod world;

use app::ports::TillState;
use aws_lambda_events::encodings::Body;
use domain::{OrderId, order::Status, till::Workflow};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use world::Restaurant;

/// What a file leads to.
enum Expected {
    /// Answered by the webhook function: status, body, and how many messages are then on the queues.
    Answer(u16, Option<Value>, Queued),
    /// Worked on by the consumer, after the order was placed and this happened to it.
    Worked(Worked),
    /// Answered by the sync function.
    Synced { answer: Value, messages: usize },
}

#[derive(Debug, Default, PartialEq)]
struct Queued {
    orders: usize,
    sync: usize,
}

struct Worked {
    before: fn(&Restaurant, &OrderId),
    failed: &'static [&'static str],
    /// Where the order is on the platform afterwards.
    status: Status,
    /// What the staff were told last.
    told: TillState,
}

const NOTHING: Queued = Queued { orders: 0, sync: 0 };
const ORDER: Queued = Queued { orders: 1, sync: 0 };
const SYNC: Queued = Queued { orders: 0, sync: 1 };

fn queued(status: u16, on: Queued) -> Expected {
    Expected::Answer(status, Some(json!({"status": "queued"})), on)
}

fn ignored() -> Expected {
    Expected::Answer(200, Some(json!({"status": "ignored"})), NOTHING)
}

fn refused(status: u16, code: &str, message: &str) -> Expected {
    Expected::Answer(status, Some(json!({"error": code, "message": message})), NOTHING)
}

fn unauthorized() -> Expected {
    refused(401, "unauthorized", "the signature does not hold")
}

fn no_object() -> Expected {
    refused(400, "malformed_body", "the body is not a JSON object")
}

fn no_operation() -> Expected {
    refused(400, "malformed_operation", "the operation is missing or malformed")
}

fn worked(before: fn(&Restaurant, &OrderId), status: Status, told: TillState) -> Expected {
    Expected::Worked(Worked { before, failed: &[], status, told })
}

fn nothing_happens(_: &Restaurant, _: &OrderId) {}

/// Every file, and what it leads to.
fn expectations() -> BTreeMap<&'static str, Expected> {
    let ok = || Expected::Answer(200, Some(json!({"status": "ok"})), NOTHING);
    let health = json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")});
    let not_of_the_contract = "not an event of the platform's contract (order.missing.restaurantId)";
    BTreeMap::from([
        ("webhook-till-order-accepted.json", queued(200, ORDER)),
        ("webhook-till-order-rejected.json", queued(200, ORDER)),
        ("webhook-till-order-completed.json", queued(200, ORDER)),
        ("webhook-till-order-deleted.json", queued(200, ORDER)),
        ("webhook-till-order-deleted-id-only.json", queued(200, ORDER)),
        ("webhook-till-receipt-created.json", queued(200, ORDER)),
        ("webhook-till-product-edited.json", queued(200, SYNC)),
        ("webhook-till-base64-body.json", queued(200, ORDER)),
        ("webhook-till-unknown-entity.json", ignored()),
        ("webhook-till-other-sales-point.json", ignored()),
        ("webhook-till-signature-wrong.json", unauthorized()),
        ("webhook-till-signature-missing.json", unauthorized()),
        ("webhook-till-unknown-tenant.json", unauthorized()),
        ("webhook-till-base64-broken.json", refused(400, "malformed_body", "the body is not base64")),
        ("webhook-till-operation-missing.json", no_operation()),
        ("webhook-till-operation-malformed.json", no_operation()),
        ("webhook-till-json-malformed.json", no_object()),
        ("webhook-till-json-deep.json", no_object()),
        ("webhook-till-address-check-get.json", ok()),
        ("webhook-till-address-check-head.json", Expected::Answer(200, None, NOTHING)),
        ("webhook-till-address-check-options.json", ok()),
        ("webhook-healthz.json", Expected::Answer(200, Some(health), NOTHING)),
        ("webhook-plateform-order-created-takeaway.json", queued(202, ORDER)),
        ("webhook-plateform-order-created-delivery-prepaid.json", queued(202, ORDER)),
        ("webhook-plateform-order-cancelled.json", queued(202, ORDER)),
        ("webhook-plateform-customer-changed.json", queued(202, SYNC)),
        ("webhook-plateform-sync-requested.json", queued(202, SYNC)),
        ("webhook-plateform-two-signatures.json", queued(202, ORDER)),
        ("webhook-plateform-unknown-type.json", ignored()),
        ("webhook-plateform-timestamp-stale.json", unauthorized()),
        ("webhook-plateform-signature-wrong.json", unauthorized()),
        ("webhook-plateform-unknown-restaurant.json", unauthorized()),
        ("webhook-plateform-not-of-the-contract.json", refused(400, "malformed_event", not_of_the_contract)),
        (
            "sqs-orders.json",
            Expected::Worked(Worked {
                before: nothing_happens,
                failed: &["message-2"],
                status: Status::Evaso,
                told: TillState::Delivered,
            }),
        ),
        ("sqs-orders-placed.json", worked(nothing_happens, Status::New, TillState::Delivered)),
        (
            "sqs-orders-till-order.json",
            worked(
                |shop, order| shop.till.set(order, Workflow::Accepted),
                Status::Confirmed,
                TillState::Delivered,
            ),
        ),
        ("sqs-orders-document.json", worked(nothing_happens, Status::Evaso, TillState::Delivered)),
        (
            "sqs-orders-cancelled.json",
            worked(
                |shop, order| shop.platform.set(order, Status::Cancelled),
                Status::Cancelled,
                TillState::Delivered,
            ),
        ),
        ("sqs-orders-deadline.json", worked(nothing_happens, Status::New, TillState::Delivered)),
        (
            "sqs-orders-reconcile.json",
            worked(
                |shop, order| {
                    shop.till.change(order, |order| order.rejection_reason = Some("Cucina al completo".to_owned()));
                    shop.till.set(order, Workflow::Rejected);
                },
                Status::Rejected,
                TillState::Delivered,
            ),
        ),
        ("sqs-sync.json", Expected::Synced { answer: json!({"batchItemFailures": []}), messages: 0 }),
        ("schedule-sync.json", Expected::Synced { answer: json!({"job": "sync", "messages": 1}), messages: 1 }),
        (
            "schedule-full-sync.json",
            Expected::Synced { answer: json!({"job": "full-sync", "messages": 1}), messages: 1 },
        ),
        ("schedule-reconcile.json", Expected::Synced { answer: json!({"job": "reconcile", "messages": 0}), messages: 0 }),
    ])
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").join("events")
}

/// The names of the files that hold an event.
fn names() -> BTreeSet<String> {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".json")).collect()
}

fn load(name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder().join(name)).unwrap()).unwrap()
}

fn pretty(event: &Value) -> String {
    format!("{event:#}\n")
}

#[tokio::test]
async fn the_files_are_as_they_are_made() {
    let made = make::files().await;
    if std::env::var_os("REGENERATE_EVENTS").is_some() {
        for (name, event) in &made {
            fs::write(folder().join(name), pretty(event)).unwrap();
        }
    }
    for (name, event) in &made {
        let file = fs::read_to_string(folder().join(name)).unwrap_or_default();
        assert!(file == pretty(event), "{name} is not as it is made; REGENERATE_EVENTS=1 writes it anew");
    }
    assert_eq!(names(), made.keys().map(|name| (*name).to_owned()).collect(), "files that nobody makes");
}

#[test]
fn every_file_has_an_expectation_a_line_in_the_readme_and_the_other_way_round() {
    let expected: BTreeSet<String> = expectations().into_keys().map(str::to_owned).collect();
    assert_eq!(names(), expected);
    let readme = fs::read_to_string(folder().join("README.md")).unwrap();
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    assert_eq!(rows.map(str::to_owned).collect::<BTreeSet<_>>(), expected);
}

#[tokio::test]
async fn every_file_gets_the_expected_answer_from_its_function() {
    for (name, expected) in expectations() {
        let event = load(name);
        match expected {
            Expected::Answer(status, body, on) => answered(name, &event, status, body, on).await,
            Expected::Worked(worked) => worked_on(name, &event, &worked).await,
            Expected::Synced { answer, messages } => {
                let restaurant = Restaurant::open();
                assert_eq!(restaurant.sync(&event).await, answer, "{name}");
                assert_eq!(restaurant.queue.sync().len(), messages, "{name}");
            }
        }
    }
}

async fn answered(name: &str, event: &Value, status: u16, body: Option<Value>, on: Queued) {
    let restaurant = Restaurant::open();
    let answer = restaurant.webhook(event).await;
    let text = match answer.body {
        Some(Body::Text(text)) => Some(serde_json::from_str(&text).unwrap()),
        None => None,
        Some(other) => panic!("{name}: {other:?}"),
    };
    assert_eq!((answer.status_code, text), (i64::from(status), body), "{name}");
    let queued = Queued { orders: restaurant.queue.orders().len(), sync: restaurant.queue.sync().len() };
    assert_eq!(queued, on, "{name}");
}

async fn worked_on(name: &str, event: &Value, worked: &Worked) {
    let restaurant = Restaurant::open();
    let order = OrderId::parse(bodies::ORDER).unwrap();
    for created in ["takeaway", "delivery-prepaid"] {
        restaurant.webhook(&load(&format!("webhook-plateform-order-created-{created}.json"))).await;
    }
    restaurant.announce();
    if !matches!(name, "sqs-orders.json" | "sqs-orders-placed.json") {
        assert_eq!(failed(&restaurant.consumer(&load("sqs-orders-placed.json")).await), [""; 0]);
    }
    (worked.before)(&restaurant, &order);
    let answer = restaurant.consumer(event).await;
    assert_eq!(failed(&answer), worked.failed, "{name}");
    assert_eq!(restaurant.platform.status(&order), Some(worked.status), "{name}");
    assert_eq!(restaurant.platform.staff(&order).last().map(|told| told.state), Some(worked.told), "{name}");
    assert_eq!(restaurant.till.sent(&order).len(), 1, "{name}: sent to the till once");
}

fn failed(answer: &Value) -> Vec<&str> {
    let failures = answer["batchItemFailures"].as_array().unwrap();
    failures.iter().map(|failure| failure["itemIdentifier"].as_str().unwrap()).collect()
}
