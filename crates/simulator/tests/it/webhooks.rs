//! Webhooks of both parties: bytes, signatures, retries, and what can happen to them.

use crate::{bridge::Bridge, harness::World};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::json;
use sha1::Sha1;
use sha2::Sha256;
use simulator::{
    ActionOptions, DeliveryState, Item, MenuEdit, RawWebhook, SimulatorConfig, Table, TillAction, WebhookMode,
    demo_ids as ids,
};

async fn with_order() -> (World, Bridge) {
    let bridge = Bridge::start().await;
    let world = World::with(SimulatorConfig::with_bridge(bridge.url())).await;
    world.ordered("ord-1").await;
    (world, bridge)
}

fn sha1_hex(secret: &str, body: &[u8]) -> String {
    hex::encode(Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap().chain_update(body).finalize().into_bytes())
}

#[tokio::test]
async fn the_till_signs_the_exact_bytes_in_lower_case_hex_with_the_entity_at_the_root() {
    let (world, bridge) = with_order().await;
    world.sim.refuse("ord-1", "Cucina al completo").await.unwrap();
    let arrived = &bridge.arrived()[0];
    assert_eq!(arrived.path, "/webhooks/cic/rest-demo");
    assert_eq!(arrived.header("x-cn-operation"), "ORDER/EDIT");
    assert_eq!(arrived.header("x-cn-signature"), sha1_hex("demo-till-secret", &arrived.body));
    let order = arrived.json();
    assert_eq!((&order["externalId"], &order["rejectionReason"]), (&json!("ord-1"), &json!("Cucina al completo")));
}

#[tokio::test]
async fn each_entity_can_have_a_secret_of_its_own() {
    let (world, bridge) = with_order().await;
    world.sim.receipt("ord-1").await.unwrap();
    let [receipt, order] = &bridge.arrived()[..] else { panic!("two webhooks") };
    assert_eq!(receipt.header("x-cn-signature"), sha1_hex("demo-till-receipt-secret", &receipt.body));
    assert_eq!(order.header("x-cn-signature"), sha1_hex("demo-till-secret", &order.body));
    let source = &receipt.json()["document"]["documentConnectionSources"]["orders"][0];
    assert_eq!(source["externalId"], "ord-1");
    assert_eq!(order.json()["status"], "PROCESSED");
}

#[tokio::test]
async fn the_till_can_sign_wrongly_in_base64_or_not_at_all() {
    let (world, bridge) = with_order().await;
    for signature in ["wrong", "base64", "missing"] {
        world.till_switch(json!({ "signature": signature }));
        let edit = TillAction::Edit(json!({ "note": signature }));
        world.sim.till_action("ord-1", edit, ActionOptions::default()).await.unwrap();
    }
    let arrived = bridge.arrived();
    let right = |index: usize| sha1_hex("demo-till-secret", &arrived[index].body);
    assert_ne!(arrived[0].header("x-cn-signature"), right(0));
    assert_eq!(arrived[1].header("x-cn-signature"), STANDARD.encode(hex::decode(right(1)).unwrap()));
    assert_eq!(arrived[2].header("x-cn-signature"), "");
}

#[tokio::test]
async fn the_platform_signs_as_standard_webhooks_prescribe() {
    let (world, bridge) = with_order().await;
    world.sim.order_takeaway(vec![Item::new("Diavola", 1)]).await.unwrap();
    let arrived = &bridge.arrived()[0];
    assert_eq!(arrived.path, "/webhooks/plateform");
    let key = STANDARD.decode("cGxhdGVmb3JtLWRlbW8tc2VjcmV0LW5vdC1yZWFs").unwrap();
    let signed = format!("{}.{}.", arrived.header("webhook-id"), arrived.header("webhook-timestamp"));
    let mac = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(signed).chain_update(&arrived.body);
    assert_eq!(arrived.header("webhook-signature"), format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())));
    let event = arrived.json();
    assert_eq!((&event["type"], &event["restaurantId"]), (&json!("order.created"), &json!("rest-demo")));
}

#[tokio::test]
async fn the_platform_tells_of_cancellations_customers_and_wanted_syncs() {
    let (world, bridge) = with_order().await;
    let placed = world.sim.order_takeaway(vec![Item::new("Diavola", 1)]).await.unwrap();
    let id = placed.entity["id"].as_str().unwrap();
    world.sim.cancel_order(id, Some("cambio idea"), ActionOptions::default()).await.unwrap();
    let customer = json!({ "id": "customer-2", "firstName": "Bruno", "lastName": "Prova" });
    world.sim.change_customer("rest-demo", customer.clone(), ActionOptions::default()).await.unwrap();
    world.sim.request_sync("rest-demo", ActionOptions::default()).await.unwrap();
    let events: Vec<_> = bridge.arrived()[1..].iter().map(|arrived| arrived.json()).collect();
    assert_eq!(events[0]["data"], json!({ "orderId": id, "reason": "cambio idea" }));
    assert_eq!(events[1]["data"]["customer"], customer);
    assert_eq!(events[2]["type"], "integration.sync_requested");
}

#[tokio::test]
async fn a_refused_webhook_is_tried_four_times_with_the_same_bytes_and_given_up() {
    let (world, bridge) = with_order().await;
    bridge.answer_next(&[500, 503, 401, 400]);
    let outcome = world.sim.accept("ord-1").await.unwrap();
    let delivery = &outcome.deliveries[0];
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::Failed, 4));
    let statuses: Vec<Option<u16>> = delivery.attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!(statuses, [Some(500), Some(503), Some(401), Some(400)]);
    let arrived = bridge.arrived();
    assert!(arrived.windows(2).all(|pair| pair[0].body == pair[1].body));
}

#[tokio::test]
async fn a_retry_that_is_answered_with_2xx_ends_the_delivery() {
    let (world, bridge) = with_order().await;
    bridge.answer_next(&[503, 202]);
    let outcome = world.sim.accept("ord-1").await.unwrap();
    assert_eq!((outcome.deliveries[0].state, outcome.deliveries[0].attempts.len()), (DeliveryState::Delivered, 2));
}

#[tokio::test]
async fn a_bridge_that_cannot_be_reached_counts_as_a_failed_attempt() {
    let (world, _bridge) = with_order().await;
    world.sim.configure(&json!({ "bridge_url": "http://127.0.0.1:1", "max_retries": 0 })).unwrap();
    let outcome = world.sim.accept("ord-1").await.unwrap();
    assert_eq!(outcome.deliveries[0].state, DeliveryState::Failed);
    assert!(outcome.deliveries[0].attempts[0].error.is_some());
}

#[tokio::test]
async fn a_bridge_that_does_not_answer_in_time_counts_as_a_failed_attempt() {
    let (world, _bridge) = with_order().await;
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    world.sim.configure(&json!({ "bridge_url": url, "webhook_timeout_ms": 20 })).unwrap();
    let outcome = world.sim.accept("ord-1").await.unwrap();
    assert_eq!((outcome.deliveries[0].state, outcome.deliveries[0].attempts.len()), (DeliveryState::Failed, 4));
}

#[tokio::test]
async fn a_webhook_can_be_lost_or_doubled() {
    let (world, bridge) = with_order().await;
    let act = async |action, mode| {
        world.sim.till_action("ord-1", action, ActionOptions::webhook(mode)).await.unwrap().deliveries
    };
    assert_eq!(act(TillAction::Accept, WebhookMode::Lose).await[0].state, DeliveryState::Lost);
    assert_eq!(bridge.arrived().len(), 0);
    assert_eq!(act(TillAction::Ready, WebhookMode::Duplicate).await.len(), 2);
    let arrived = bridge.arrived();
    assert_eq!(arrived[0].body, arrived[1].body);
}

#[tokio::test]
async fn held_webhooks_arrive_late_and_reversed() {
    let (world, bridge) = with_order().await;
    world.till_switch(json!({ "webhook": "hold" }));
    world.sim.accept("ord-1").await.unwrap();
    world.sim.complete("ord-1").await.unwrap();
    assert_eq!(bridge.arrived().len(), 0);
    world.sim.release_webhooks(true).await;
    let states: Vec<_> = bridge.arrived().iter().map(|one| one.json()["externalWorkflowStatus"].clone()).collect();
    assert_eq!(states, [json!("COMPLETED"), json!("ACCEPTED")]);
}

#[tokio::test]
async fn a_deletion_sends_the_whole_order_or_only_its_id() {
    let (world, bridge) = with_order().await;
    world.sim.delete("ord-1").await.unwrap();
    world.ordered("ord-2").await;
    world.till_switch(json!({ "delete_body": "only_id" }));
    world.sim.delete("ord-2").await.unwrap();
    let bodies: Vec<_> = bridge.arrived().iter().map(|one| one.json()).collect();
    assert_eq!(bodies[0]["externalWorkflowStatus"], "CANCELED");
    assert_eq!(bodies[1].as_object().unwrap().len(), 1);
    assert_eq!(bridge.operations(), ["ORDER/DELETE", "ORDER/DELETE"]);
}

#[tokio::test]
async fn a_creation_can_echo_and_be_accepted_before_it_is_answered() {
    let (world, bridge) = with_order().await;
    world.till_switch(json!({ "order_create_echo": true, "auto_accept": true, "webhooks_before_answer": true }));
    world.ordered("ord-2").await;
    assert_eq!(bridge.operations(), ["ORDER/CREATE", "ORDER/EDIT"]);
    assert_eq!(bridge.arrived()[1].json()["externalWorkflowStatus"], "ACCEPTED");
}

#[tokio::test]
async fn background_deliveries_can_be_waited_for() {
    let (world, bridge) = with_order().await;
    world.till_switch(json!({ "order_create_echo": true }));
    world.ordered("ord-2").await;
    world.sim.settle().await;
    assert_eq!(bridge.operations(), ["ORDER/CREATE"]);
}

#[tokio::test]
async fn catalogue_changes_are_told_but_sales_modes_are_not() {
    let (world, bridge) = with_order().await;
    let renamed = || json!({ "description": "Altro" });
    for (table, id) in
        [(Table::Products, ids::DIAVOLA), (Table::Categories, ids::DRINKS), (Table::Options, ids::REMOVALS)]
    {
        world.sim.edit_menu(MenuEdit::put(table, id, renamed())).await.unwrap();
    }
    world.sim.edit_menu(MenuEdit::put(Table::SalesModes, ids::TAKEAWAY, renamed())).await.unwrap();
    world.sim.edit_menu(MenuEdit::delete(Table::Products, ids::DIAVOLA)).await.unwrap();
    assert_eq!(bridge.operations(), ["PRODUCT/EDIT", "CATEGORY/EDIT", "MODIFIER/EDIT", "PRODUCT/DELETE"]);
}

#[tokio::test]
async fn any_webhook_can_be_sent() {
    let (world, bridge) = with_order().await;
    let body = json!({ "id": "x", "document": { "idSalesPoint": 77777 } });
    let raw = RawWebhook { restaurant: None, operation: "INVOICE/CREATE".into(), body: body.clone(), webhook: None };
    world.sim.till_webhook(raw).await.unwrap();
    assert_eq!((bridge.operations(), bridge.arrived()[0].json()), (vec!["INVOICE/CREATE".to_owned()], body));
}

#[tokio::test]
async fn a_bridge_with_a_host_of_its_own_gets_that_host() {
    let (world, bridge) = with_order().await;
    let port = bridge.url().rsplit_once(':').unwrap().1.to_owned();
    let url = format!("http://abc.execute-api.localhost:{port}");
    world.sim.configure(&json!({ "bridge_url": url, "bridge_host": "abc.execute-api.localhost" })).unwrap();
    world.sim.accept("ord-1").await.unwrap();
    assert_eq!(bridge.arrived()[0].header("host"), "abc.execute-api.localhost");
}

#[tokio::test]
async fn without_a_bridge_webhooks_are_noted_and_not_sent() {
    let world = World::start().await;
    world.ordered("ord-1").await;
    let outcome = world.sim.accept("ord-1").await.unwrap();
    assert_eq!(outcome.deliveries[0].state, DeliveryState::NoBridge);
}

#[tokio::test]
async fn the_portal_decides_which_events_are_sent() {
    let (world, bridge) = with_order().await;
    world.control(Method::PUT, "/till/webhooks/ORDER", &json!({ "events": ["DELETE"] })).await;
    world.control(Method::DELETE, "/till/webhooks/RECEIPT", &json!({})).await;
    world.sim.accept("ord-1").await.unwrap();
    world.sim.receipt("ord-1").await.unwrap();
    world.sim.delete("ord-1").await.unwrap();
    assert_eq!(bridge.operations(), ["ORDER/DELETE"]);
    world.sim.configure_webhook(None, "RECEIPT", Some(&json!({ "paused": true }))).unwrap();
    let (_, body) = world.till_get_with("/webhooks", &[]).await;
    let shown = body["webhooks"].as_array().unwrap().last().unwrap();
    assert_eq!((&shown["entity"], &shown["paused"]), (&json!("RECEIPT"), &json!(true)));
    assert_eq!(shown["url"], format!("{}/webhooks/cic/rest-demo", bridge.url()));
}
