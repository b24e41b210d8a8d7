//! The main job, with the test in the bridge's place.

use crate::{
    bridge::Bridge,
    harness::{World, good_order},
};
use reqwest::Method;
use serde_json::json;
use simulator::{Item, SimulatorConfig};

#[tokio::test]
async fn an_order_travels_to_the_till_and_its_states_travel_back() {
    let bridge = Bridge::start().await;
    let world = World::with(SimulatorConfig::with_bridge(bridge.url())).await;

    let placed = world.sim.order_takeaway(vec![Item::new("Margherita", 2)]).await.unwrap();
    let id = placed.entity["id"].as_str().unwrap();
    assert_eq!(placed.entity["totalCents"], 1400);
    assert_eq!(bridge.arrived()[0].json()["data"]["order"]["id"], id);

    let (status, body) = world.create(&good_order(id, &world.new_customer().await)).await;
    assert_eq!((status, &body["batchResponse"]["createDetails"][0]["externalId"]), (200, &json!(id)), "{body}");

    world.sim.accept(id).await.unwrap();
    let confirmed = json!({ "status": "confirmed", "occurredAt": "2026-01-01T10:00:00Z" });
    let path = format!("/orders/{id}/status");
    assert_eq!(world.plateform_send(Method::POST, &path, "confirm-1", &confirmed).await.0, 200);

    world.sim.complete(id).await.unwrap();
    world.sim.receipt(id).await.unwrap();
    let evaso = json!({ "status": "evaso", "occurredAt": "2026-01-01T10:30:00Z" });
    assert_eq!(world.plateform_send(Method::POST, &path, "evaso-001", &evaso).await.0, 200);

    assert_eq!(bridge.operations(), ["", "ORDER/EDIT", "ORDER/EDIT", "RECEIPT/CREATE", "ORDER/EDIT"]);
    let last = bridge.arrived().last().unwrap().json();
    assert_eq!((&last["externalWorkflowStatus"], &last["status"]), (&json!("COMPLETED"), &json!("PROCESSED")));
    let messages = world.sim.messages(id);
    let sent: Vec<&str> = messages.iter().map(|message| message["status"].as_str().unwrap()).collect();
    assert_eq!(sent, ["confirmed", "evaso"]);
}
