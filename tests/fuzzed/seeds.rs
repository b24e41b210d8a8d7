//! The seeds, made from the event files and from the fixtures of the till's client, so that a change there is one here.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::order::Order;
use jiff::tz::TimeZone;
use plateform::PlatformEvent;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::PathBuf};

/// By name.
pub(crate) type Seeds = BTreeMap<String, Vec<u8>>;

/// What each fixture of the till's client is an answer to.
const ANSWERS: [(&str, u16, &[&str]); 15] = [
    ("products-page", 200, &["products", "dishes"]),
    ("salesmodes-page", 200, &["sales_modes", "sales_mode", "every_sales_mode"]),
    ("salespoint-page", 200, &["sales_points", "till_time"]),
    ("customers-page", 200, &["customers"]),
    ("customer-create-response", 201, &["customer"]),
    ("orders-page", 200, &["orders"]),
    ("order-get-response", 200, &["order"]),
    ("order-batch-create-response", 200, &["created"]),
    ("order-batch-create-response-alt", 200, &["created"]),
    ("receipts-page", 200, &["documents"]),
    ("token-response", 200, &["token"]),
    ("error-conflict-value", 400, &["created", "customer"]),
    ("error-invalid-id", 400, &["created", "order", "products"]),
    ("error-expected-jsarray", 400, &["dishes", "token"]),
    ("error-internal", 500, &["created", "orders", "option_names"]),
];

/// Every seed, by target.
pub(crate) fn seeds() -> BTreeMap<String, Seeds> {
    let of = |target: &str, seeds: Seeds| (target.to_owned(), seeds);
    BTreeMap::from([
        of("webhook_request", requests()),
        of("till_events", till_events()),
        of("queue_messages", messages()),
        of("till_pages", till_pages()),
        of("platform_pages", platform_pages()),
        of("notes", notes()),
    ])
}

fn read(folder: &str, file: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(folder).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The event files that begin so, without their ending.
fn events(prefix: &str) -> Vec<(String, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../events");
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names = names.filter(|name| name.starts_with(prefix) && name.ends_with(".json"));
    let event =
        |name: String| serde_json::from_str(&read("events", &name)).map(|event| (stem(&name).to_owned(), event));
    names.map(|name| event(name).unwrap()).collect()
}

fn stem(file: &str) -> &str {
    file.trim_end_matches(".json")
}

fn fixture(name: &str) -> String {
    let text = read("crates/cassa-in-cloud/tests/fixtures", &format!("{name}.json"));
    serde_json::from_str::<Value>(&text).unwrap().to_string()
}

fn body(event: &Value) -> Vec<u8> {
    let text = event["body"].as_str().unwrap_or_default();
    let encoded = event["isBase64Encoded"].as_bool().unwrap().then(|| STANDARD.decode(text).ok()).flatten();
    encoded.unwrap_or_else(|| text.as_bytes().to_vec())
}

/// Requests as they are written down, with the headers that the function reads.
fn requests() -> Seeds {
    let request = |(name, event): (String, Value)| {
        let http = &event["requestContext"]["http"];
        let mut head = format!("{} {}\n", http["method"].as_str().unwrap(), event["rawPath"].as_str().unwrap());
        let headers = event["headers"].as_object().unwrap().iter();
        for (name, value) in headers.filter(|(name, _)| name.starts_with("x-cn-") || name.starts_with("webhook-")) {
            head += &format!("{name}: {}\n", value.as_str().unwrap());
        }
        let body = body(&event);
        if event["isBase64Encoded"] == true {
            head += if event["body"].as_str().unwrap().as_bytes() == body {
                "x-body: claimed\n"
            } else {
                "x-body: encoded\n"
            };
        }
        (name, [head.as_bytes(), b"\n", &body].concat())
    };
    events("webhook-").into_iter().map(request).collect()
}

/// The till's events of the event files, and the sheet's own examples.
fn till_events() -> Seeds {
    let of_event = |(name, event): (String, Value)| {
        let operation = event["headers"]["x-cn-operation"].as_str()?;
        Some((name, [operation.as_bytes(), b"\n", &body(&event)].concat()))
    };
    let example =
        |(name, operation): (&str, &str)| (name.to_owned(), format!("{operation}\n{}", fixture(name)).into_bytes());
    let examples = [
        ("webhook-order-edit-accepted", "ORDER/EDIT"),
        ("webhook-order-edit-rejected", "ORDER/EDIT"),
        ("webhook-order-edit-completed", "order/edit"),
        ("webhook-order-delete", "ORDER/DELETE"),
        ("webhook-receipt-create", "RECEIPT/CREATE"),
        ("webhook-product-edit", "PRODUCT/EDIT"),
        ("webhook-customer-edit", "CUSTOMER/EDIT"),
    ];
    events("webhook-cic-").into_iter().filter_map(of_event).chain(examples.into_iter().map(example)).collect()
}

/// The bodies of all records of the event files.
fn messages() -> Seeds {
    let record = |name: &str, number: usize, record: &Value| {
        Some((format!("{name}-{number}"), record["body"].as_str()?.as_bytes().to_vec()))
    };
    let mut seeds = Seeds::new();
    for (name, event) in events("sqs-") {
        let records = event["Records"].as_array().unwrap().iter().enumerate();
        seeds.extend(records.filter_map(|(number, found)| record(&name, number, found)));
    }
    seeds
}

fn till_pages() -> Seeds {
    let mut seeds = Seeds::new();
    for (name, status, asked) in ANSWERS {
        for what in asked {
            let input = format!("{what} {status}\n{}", fixture(name));
            seeds.insert(format!("{what}-{}", name.trim_end_matches("-page")), input.into_bytes());
        }
    }
    let page = fixture("orders-page");
    let category = json!({"id": "c-1", "description": "Pizze", "enableForMobileCommerce": true, "modifiers": [
        {"idOption": "o-1", "position": 0, "option": {"description": "Aggiunte"}, "values": [
            {"idValue": "v-1", "value": {"description": "Bufala"}, "price": 1.5, "percentagePrice": false}]}]});
    let option = json!({"id": "o-1", "description": "Aggiunte", "values": [{"id": "v-1", "description": "Bufala"}]});
    let more = [
        ("categories", format!("categories 200\n{}", json!({"categories": [category], "totalCount": 1}))),
        ("option_names", format!("option_names 200\n{}", json!({"options": [option], "totalCount": 1}))),
        (
            "orders-two-pages",
            format!("orders 200\n{}\n---\n{page}", page.replace("\"totalCount\":1", "\"totalCount\":2")),
        ),
        ("orders-slow-down", "orders 429 retry-after: 120\n".to_owned()),
        ("dishes-until", "dishes 429 retry-after: Tue, 24 Nov 2026 19:31:00 GMT\n".to_owned()),
        ("till_time-date", "till_time 200 date: Tue, 24 Nov 2026 19:31:00 GMT\n{}".to_owned()),
        (
            "webhooks",
            format!(
                "webhooks 200\n{}",
                json!({"webhooks": [{
                    "entity": "ORDER", "events": ["EDIT", "DELETE"], "url": "https://bridge.example.test/webhooks/cic/rest-demo",
                    "paused": false, "idsSalesPoint": [90101],
                }]})
            ),
        ),
    ];
    seeds.extend(more.map(|(name, input)| (name.to_owned(), input.into_bytes())));
    seeds
}

/// The order of an event file of the platform.
fn platform_order(event: &str) -> Value {
    let (_, event) = events(event).pop().unwrap();
    let body: Value = serde_json::from_slice(&body(&event)).unwrap();
    body["data"]["order"].clone()
}

fn platform_pages() -> Seeds {
    let (order, other) =
        (platform_order("webhook-plateform-order-takeaway"), platform_order("webhook-plateform-order-delivery"));
    let dish = json!({"externalId": "p-1", "categoryExternalId": "c-1", "name": "Margherita", "active": true, "vatRate": "10",
                      "prices": {"takeaway": {"cents": 700, "orderable": true}, "delivery": {"cents": 800, "orderable": false}},
                      "optionGroupExternalIds": ["c:c-1:o-1:add"], "photoUrls": [], "labels": ["novità"], "available": true});
    let group = json!({"externalId": "c:c-1:o-1:add", "name": "Aggiunte", "kind": "additions", "minChoices": 0,
                       "options": [{"externalId": "v-1", "name": "Bufala", "priceCents": 150, "position": 0}]});
    let category =
        json!({"externalId": "c-1", "name": "Pizze", "active": true, "translations": {"en": {"name": "Pizza"}}});
    let menu = json!({"items": [{"kind": "category", "category": category}, {"kind": "optionGroup", "optionGroup": group},
                                {"kind": "dish", "dish": dish}], "nextCursor": null});
    let restaurant = json!({"id": order["restaurantId"], "name": "Trattoria", "timeZone": "Europe/Rome", "locales": ["it"],
                            "services": [{"kind": "takeaway", "menuAssigned": true}], "menuPresent": false});
    let (first, last) = (json!({"items": [order], "nextCursor": "a&b"}), json!({"items": [other], "nextCursor": null}));
    let customers = json!({"items": [order["customer"]], "nextCursor": null});
    let results = json!({"results": [{"kind": "category", "externalId": "c-1", "outcome": "created"}]});
    let problem = json!({"code": "illegal_transition", "current": "rejected"});
    let seeds = [
        ("order", format!("order 200\n{order}")),
        ("order-missing", format!("order 404\n{}", json!({"code": "not_found"}))),
        ("orders", format!("orders 200\n{first}\n---\n{last}")),
        ("customers", format!("customers 200\n{customers}")),
        ("menu", format!("menu 200\n{menu}")),
        ("held", format!("held 200\n{menu}")),
        ("changes", format!("changes 200\n{results}")),
        ("status", format!("status 200\n{}", json!({"status": "confirmed"}))),
        ("status-illegal", format!("status 409\n{problem}")),
        ("till-unavailable", "till 503 retry-after: 30\n".to_owned()),
        ("restaurant", format!("restaurant 200\n{restaurant}")),
        ("platform_time", "platform_time 200 date: Tue, 24 Nov 2026 19:31:00 GMT\n{}".to_owned()),
    ];
    seeds.map(|(name, input)| (name.to_owned(), input.into_bytes())).into()
}

/// Orders as they travel on the queue: those of the event files, and one with everything that a note or a sum can have.
fn notes() -> Seeds {
    let orders =
        ["takeaway", "delivery"].map(|name| (name, order(platform_order(&format!("webhook-plateform-order-{name}")))));
    let mut full = orders[1].1.clone();
    full.notes = "Sono celiaca, citofono\u{202E} 3".to_owned();
    full.lines[0].notes = "Allergia alle noci; ben cotta".to_owned();
    let mut second = full.lines[0].clone();
    (second.quantity, second.options, second.notes) = (3, Vec::new(), "e\u{301} tagliata, «grazie» 👩‍🍳".to_owned());
    second.total = second.exact_total().unwrap();
    full.total = full.total + second.total - domain::Cents(101);
    full.lines.push(second);
    full.discounts.push(domain::order::Discount { name: "Benvenuto".to_owned(), amount: domain::Cents(101) });
    let orders = orders.into_iter().chain([("full", full)]);
    orders.map(|(name, order)| (name.to_owned(), json!(order).to_string().into_bytes())).collect()
}

fn order(order: Value) -> Order {
    let event = json!({"type": "order.created", "restaurantId": order["restaurantId"],
                       "occurredAt": "2026-11-24T18:00:00Z", "data": {"order": order}});
    match crate::checks::platform_event(event.to_string().as_bytes(), &TimeZone::UTC) {
        PlatformEvent::OrderCreated(order) => *order,
        other => panic!("{other:?}"),
    }
}
