//! The platform's door and its lists.

use crate::harness::{World, answer};
use reqwest::Method;
use serde_json::{Value, json};
use simulator::{ActionOptions, Item, PlaceOrder, RestaurantSpec};

fn active() -> Value {
    json!({ "provider": "cassa-in-cloud", "state": "active", "checkedAt": "2026-01-01T10:00:00Z" })
}

#[tokio::test]
async fn a_missing_or_wrong_bearer_is_a_401_problem() {
    let world = World::start().await;
    let url = format!("{}/restaurants/rest-demo", world.sim.plateform_url());
    for request in [world.http.get(&url), world.http.get(&url).bearer_auth("wrong")] {
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let (status, body) = answer(response).await;
        assert_eq!((status, &body["code"], &body["status"]), (401, &json!("unauthorized"), &json!(401)));
    }
}

#[tokio::test]
async fn another_restaurant_is_not_found_with_this_token() {
    let world = World::start().await;
    let other = RestaurantSpec { plateform_token: "another-token".into(), ..RestaurantSpec::numbered(2) };
    world.sim.add_restaurant(other).unwrap();
    for id in ["rest-2", "rest-unknown"] {
        let url = format!("{}/restaurants/{id}", world.sim.plateform_url());
        let request = world.http.get(url).bearer_auth("demo-plateform-token");
        assert_eq!(answer(request.send().await.unwrap()).await.1["code"], "not_found");
    }
}

#[tokio::test]
async fn the_restaurant_shows_its_services_and_whether_it_has_a_menu() {
    let world = World::start().await;
    let (_, body) = world.plateform_get("").await;
    assert_eq!(body["menuPresent"], false);
    assert_eq!(body["services"][0], json!({ "kind": "takeaway", "menuAssigned": true }));
    assert_eq!(body["locales"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn a_write_without_a_good_idempotency_key_is_422() {
    let world = World::start().await;
    let bare = world.plateform(Method::PUT, "/integration").json(&active());
    assert_eq!(bare.send().await.unwrap().status(), 422);
    for key in ["short", &"x".repeat(129)] {
        let (status, body) = world.plateform_send(Method::PUT, "/integration", key, &active()).await;
        assert_eq!((status, &body["code"]), (422, &json!("validation")));
    }
    assert_eq!(world.plateform_send(Method::PUT, "/integration", "12345678", &active()).await.0, 204);
}

#[tokio::test]
async fn the_same_key_returns_the_first_result_and_does_it_once() {
    let world = World::start().await;
    for _ in 0..2 {
        assert_eq!(world.plateform_send(Method::PUT, "/integration", "key-0001", &active()).await.0, 204);
    }
    assert_eq!(world.sim.integration("rest-demo").len(), 1);
}

#[tokio::test]
async fn the_same_key_with_another_body_or_path_is_409() {
    let world = World::start().await;
    world.plateform_send(Method::PUT, "/integration", "key-0001", &active()).await;
    let mut paused = active();
    paused["state"] = json!("paused");
    for (path, body) in [("/integration", paused), ("/menu/changes", active())] {
        let method = if path == "/integration" { Method::PUT } else { Method::POST };
        let (status, body) = world.plateform_send(method, path, "key-0001", &body).await;
        assert_eq!((status, &body["code"]), (409, &json!("idempotency_key_reused")));
    }
}

#[tokio::test]
async fn an_integration_status_out_of_contract_is_422() {
    let world = World::start().await;
    let broken = [
        ("provider", json!("other")),
        ("state", json!("ok")),
        ("checkedAt", json!("yesterday")),
        ("message", json!("x".repeat(501))),
        ("findings", json!([{ "check": "DR1", "level": "fatal", "message": "x" }])),
        ("extra", json!(1)),
    ];
    for (index, (field, value)) in broken.into_iter().enumerate() {
        let mut body = active();
        body[field] = value;
        let (status, problem) =
            world.plateform_send(Method::PUT, "/integration", &format!("key-000{index}"), &body).await;
        assert_eq!((status, &problem["code"]), (422, &json!("validation")), "{field}");
        assert!(problem["detail"].as_str().unwrap().contains(field));
    }
}

#[tokio::test]
async fn a_write_that_is_not_json_is_415_and_an_unknown_path_is_404() {
    let world = World::start().await;
    let request = world.plateform(Method::PUT, "/integration").header("idempotency-key", "key-0001");
    assert_eq!(request.body(active().to_string()).send().await.unwrap().status(), 415);
    assert_eq!(world.plateform_get("/reservations").await.0, 404);
}

#[tokio::test]
async fn orders_are_listed_oldest_change_first_with_cursor_and_filters() {
    let world = World::start().await;
    for id in ["ord-1", "ord-2", "ord-3"] {
        let order = PlaceOrder { id: Some(id.into()), items: vec![Item::new("Diavola", 1)], ..PlaceOrder::default() };
        world.sim.place_order(order).await.unwrap();
    }
    world.sim.staff("ord-1", "confirmed", None).unwrap();
    let ids = |body: &Value| -> Vec<String> {
        body["items"].as_array().unwrap().iter().map(|order| order["id"].as_str().unwrap().to_owned()).collect()
    };
    let (_, first) = world.plateform_get("/orders?limit=2").await;
    assert_eq!(ids(&first), ["ord-2", "ord-3"]);
    let cursor = first["nextCursor"].as_str().unwrap();
    let (_, last) = world.plateform_get(&format!("/orders?limit=2&cursor={cursor}")).await;
    assert_eq!((ids(&last), &last["nextCursor"]), (vec!["ord-1".to_owned()], &Value::Null));
    assert_eq!(ids(&world.plateform_get("/orders?status=confirmed,evaso").await.1), ["ord-1"]);
    let after = first["items"][1]["updatedAt"].as_str().unwrap();
    assert_eq!(ids(&world.plateform_get(&format!("/orders?updatedAfter={after}")).await.1), ["ord-1"]);
    assert_eq!(world.plateform_get("/orders/ord-2").await.1["status"], "new");
    assert_eq!(world.plateform_get("/orders/ord-9").await.0, 404);
}

#[tokio::test]
async fn wrong_list_parameters_are_422() {
    let world = World::start().await;
    for query in
        ["limit=0", "limit=501", "status=open", "updatedAfter=today", "cursor=%21", "page=2", "limit=1&limit=2"]
    {
        assert_eq!(world.plateform_get(&format!("/orders?{query}")).await.0, 422, "{query}");
    }
}

#[tokio::test]
async fn customers_come_from_orders_and_from_changes() {
    let world = World::start().await;
    world.sim.order_takeaway(vec![Item::new("Diavola", 1)]).await.unwrap();
    let changed = json!({ "id": "customer-2", "firstName": "Bruno", "lastName": "Prova" });
    world.sim.change_customer("rest-demo", changed, ActionOptions::default()).await.unwrap();
    let (_, body) = world.plateform_get("/customers").await;
    let names: Vec<&Value> = body["items"].as_array().unwrap().iter().map(|customer| &customer["firstName"]).collect();
    assert_eq!(names, [&json!("Anna"), &json!("Bruno")]);
    let after = body["items"][0]["updatedAt"].as_str().unwrap();
    let (_, body) = world.plateform_get(&format!("/customers?updatedAfter={after}")).await;
    assert_eq!(body["items"].as_array().unwrap().len(), 1);
}
