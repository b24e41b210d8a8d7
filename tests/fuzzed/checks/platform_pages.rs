//! The platform's answers: each is read or refused by the real client, and an answer that is no success never passes for
//! one.
//!
//! What is asked is the first word of the input (`answers`).

use super::{
    answers::{Party, Told},
    texts::assert_loggable,
    world::{DEMO, moment, platform_access, run, work},
};
use app::ports::{
    OrderKey, PlatformError, StatusChange, TillDelivery, TillState, doctor::PlatformSetup, menu::PlatformMenu,
};
use domain::{
    OrderId, TenantId,
    menu::{Category, Entry},
    order::Status,
};
use jiff::tz::TimeZone;
use plateform::{Client, DEFAULT_TIMEOUT, OrderFilter, Settings};
use serde_json::Value;

thread_local! {
    static STAGE: (Party, Client) = {
        let party = Party::start();
        let settings = Settings { base_url: party.url.clone(), timeout: DEFAULT_TIMEOUT };
        (party, Client::new(settings).expect("a client"))
    };
}

pub(super) fn check(data: &[u8]) {
    let Some(told) = Told::read(data) else { return };
    STAGE.with(|(party, client)| {
        party.answer_with(&told);
        match run(ask(client, &told)) {
            Some(Err(error)) => assert_loggable(&error.to_string()),
            Some(Ok(())) => assert!(
                told.is_success() || (told.what == "order" && told.status == 404),
                "{} passes for a success",
                told.status
            ),
            None => {}
        }
    });
}

/// Asks for what is told; none if there is no such thing to ask.
async fn ask(client: &Client, told: &Told<'_>) -> Option<Result<(), PlatformError>> {
    let (access, work, zone) = (&platform_access(), &work(), &TimeZone::UTC);
    let tenant = &TenantId::parse(&DEMO.restaurant_id).expect("an id");
    let key = key(tenant, told);
    Some(match told.what {
        "order" => {
            let order = client.get_order(work, access, &key, zone).await;
            order.map(|order| assert!(order.is_none_or(|order| order.id == key.order && order.tenant == *tenant)))
        }
        "orders" => {
            let listing = client.list_orders(work, access, tenant, zone, &OrderFilter::default()).await;
            listing.map(|listing| {
                assert_all(told, listing.items.len() + listing.skipped);
                assert!(listing.items.iter().all(|order| order.tenant == *tenant), "another restaurant's order");
            })
        }
        "customers" => {
            let listing = client.list_customers(work, access, tenant, zone, None).await;
            listing.map(|listing| assert_all(told, listing.items.len() + listing.skipped))
        }
        "menu" => {
            let listing = client.list_menu(work, access, tenant, None).await;
            listing.map(|listing| assert_all(told, listing.items.len() + listing.skipped))
        }
        "held" => client.held_menu(work, access, tenant).await.map(drop),
        "changes" => {
            let change = app::ports::menu::MenuWrite { upserts: vec![category()], deactivations: Vec::new() };
            let outcomes = client.write_menu(work, access, tenant, "key", &change).await;
            outcomes.map(|outcomes| assert_eq!(outcomes.len(), 1, "one entry has one outcome"))
        }
        "status" => {
            let (status, occurred_at) = (Status::Confirmed, moment());
            let change = StatusChange { status, reason: None, occurred_at, till_order: None };
            client.change_order_status(work, access, &key, "key", &change).await.map(drop)
        }
        "till" => {
            let (state, updated_at) = (TillState::Delivered, moment());
            let delivery = TillDelivery { state, till_order: None, message: None, updated_at };
            client.put_till_delivery(work, access, &key, "key", &delivery).await
        }
        "restaurant" => client.get_restaurant(work, access, tenant).await.map(drop),
        "platform_time" => client.platform_time(work, access, tenant).await.map(drop),
        _ => return None,
    })
}

/// The order that the answer shows, so that it is the one that was asked for.
fn key(tenant: &TenantId, told: &Told<'_>) -> OrderKey {
    let shown = told.objects().into_iter().next();
    let id = shown.as_ref().and_then(|order| order.get("id")?.as_str()).unwrap_or_default();
    let order = OrderId::parse(id).unwrap_or_else(|_| OrderId::parse("o-1").expect("an id"));
    OrderKey { tenant: tenant.clone(), order }
}

fn category() -> Entry {
    let (external_id, name) = ("c-1".to_owned(), "Pizze".to_owned());
    Entry::Category(Category { external_id, name, image: None, active: true })
}

/// Panics unless every entry of the pages was read or counted as skipped, and none more.
fn assert_all(told: &Told<'_>, read: usize) {
    let pages = told.objects();
    // A field that nobody reads may hold what no document can: then the pages cannot be counted apart from the client.
    if pages.len() < told.bodies.len() {
        return;
    }
    let mut count = 0;
    for page in pages {
        count += page.get("items").and_then(Value::as_array).map_or(0, Vec::len);
        if page.get("nextCursor").and_then(Value::as_str).unwrap_or_default().is_empty() {
            break;
        }
    }
    assert_eq!(read, count, "entries were made up or lost");
}
