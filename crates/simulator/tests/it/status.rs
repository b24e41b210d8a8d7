//! Moves of an order on the platform, its messages, and what is said about its way to the till.

use crate::harness::{Answer, World};
use reqwest::Method;
use serde_json::{Value, json};
use simulator::{ActionOptions, Item, PlaceOrder};

async fn with_order() -> World {
    let world = World::start().await;
    let items = vec![Item::new("Diavola", 1)];
    let order = PlaceOrder { id: Some("ord-1".into()), items, ..PlaceOrder::default() };
    world.sim.place_order(order).await.unwrap();
    world
}

async fn ask(world: &World, key: &str, change: Value) -> Answer {
    let mut body = json!({ "occurredAt": "2026-01-01T10:00:00+01:00" });
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    world.plateform_send(Method::POST, "/orders/ord-1/status", key, &body).await
}

fn messages(world: &World) -> Vec<String> {
    let messages = world.sim.messages("ord-1").into_iter();
    messages.map(|message| message["status"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_same_state_again_is_200_and_sends_no_second_message() {
    let world = with_order().await;
    for key in ["key-0001", "key-0002"] {
        let (status, order) = ask(&world, key, json!({ "status": "confirmed" })).await;
        assert_eq!((status, &order["status"]), (200, &json!("confirmed")));
    }
    assert_eq!(messages(&world), ["confirmed"]);
}

#[tokio::test]
async fn a_move_that_skips_or_returns_is_409_with_the_current_state() {
    let world = with_order().await;
    let (status, problem) = ask(&world, "key-0001", json!({ "status": "evaso" })).await;
    assert_eq!((status, &problem["code"], &problem["current"]), (409, &json!("illegal_transition"), &json!("new")));
    ask(&world, "key-0002", json!({ "status": "rejected", "reason": "Chiuso" })).await;
    let (status, problem) = ask(&world, "key-0003", json!({ "status": "confirmed" })).await;
    assert_eq!((status, &problem["current"]), (409, &json!("rejected")));
    assert_eq!(messages(&world), ["rejected"]);
}

#[tokio::test]
async fn a_confirmed_order_can_be_rejected_and_the_reason_reaches_the_customer() {
    let world = with_order().await;
    ask(&world, "key-0001", json!({ "status": "confirmed" })).await;
    let (_, order) = ask(&world, "key-0002", json!({ "status": "rejected", "reason": "annullato dalla cassa" })).await;
    assert_eq!(order["rejectionReason"], "annullato dalla cassa");
    assert!(world.sim.messages("ord-1")[1]["text"].as_str().unwrap().contains("annullato dalla cassa"));
}

#[tokio::test]
async fn a_rejection_needs_a_reason_of_at_most_500_characters() {
    let world = with_order().await;
    for (key, reason) in [("key-0001", Value::Null), ("key-0002", json!(" ")), ("key-0003", json!("è".repeat(501)))] {
        let mut change = json!({ "status": "rejected" });
        if !reason.is_null() {
            change["reason"] = reason;
        }
        assert_eq!(ask(&world, key, change).await.1["code"], "validation");
    }
    let change = json!({ "status": "rejected", "reason": "è".repeat(500) });
    assert_eq!(ask(&world, "key-0004", change).await.0, 200);
}

#[tokio::test]
async fn the_bridge_cannot_cancel_and_an_unknown_order_is_404() {
    let world = with_order().await;
    assert_eq!(ask(&world, "key-0001", json!({ "status": "cancelled" })).await.0, 422);
    assert_eq!(ask(&world, "key-0002", json!({ "status": "new" })).await.0, 422);
    let body = json!({ "status": "confirmed", "occurredAt": "2026-01-01T10:00:00Z" });
    assert_eq!(world.plateform_send(Method::POST, "/orders/ord-9/status", "key-0003", &body).await.0, 404);
}

#[tokio::test]
async fn a_refused_move_is_answered_alike_when_it_is_repeated() {
    let world = with_order().await;
    let evaso = || ask(&world, "key-0001", json!({ "status": "evaso" }));
    assert_eq!(evaso().await.0, 409);
    ask(&world, "key-0002", json!({ "status": "confirmed" })).await;
    assert_eq!(evaso().await.0, 409);
}

#[tokio::test]
async fn a_cancelled_order_cannot_be_confirmed() {
    let world = with_order().await;
    world.sim.cancel_order("ord-1", Some("cambio idea"), ActionOptions::default()).await.unwrap();
    assert_eq!(ask(&world, "key-0001", json!({ "status": "confirmed" })).await.1["current"], "cancelled");
    assert!(world.sim.cancel_order("ord-9", None, ActionOptions::default()).await.is_err());
}

#[tokio::test]
async fn staff_on_the_platform_move_the_order_and_the_bridge_finds_it_moved() {
    let world = with_order().await;
    let (status, _) = world.control(Method::POST, "/orders/ord-1/staff/confirm", &json!({})).await;
    assert_eq!(status, 200);
    assert_eq!(ask(&world, "key-0001", json!({ "status": "confirmed" })).await.0, 200);
    assert_eq!(messages(&world), ["confirmed"]);
    assert_eq!(world.sim.placed("ord-1").unwrap()["states"][1]["by"], "staff");
}

#[tokio::test]
async fn every_till_delivery_is_kept_and_the_last_is_shown() {
    let world = with_order().await;
    let put = async |key: &str, state: &str, message: Option<&str>| {
        let mut body = json!({ "state": state, "updatedAt": "2026-01-01T10:00:00Z" });
        if let Some(message) = message {
            body["message"] = json!(message);
        }
        world.plateform_send(Method::PUT, "/orders/ord-1/till", key, &body).await.0
    };
    assert_eq!(put("key-0001", "pending", None).await, 204);
    assert_eq!(put("key-0002", "failed", None).await, 422);
    assert_eq!(put("key-0003", "lost", None).await, 422);
    assert_eq!(put("key-0004", "failed", Some("Inserire l'ordine a mano in cassa")).await, 204);
    assert_eq!(world.sim.order("ord-1").unwrap()["till"]["state"], "failed");
    assert_eq!(world.sim.placed("ord-1").unwrap()["till_history"].as_array().unwrap().len(), 2);
}
