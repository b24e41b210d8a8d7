//! Customers on the till.

use crate::harness::World;
use reqwest::Method;
use serde_json::{Value, json};

async fn read(world: &World, id: &str) -> Value {
    world.till_get(&format!("/customers/{id}")).await.1["customer"].clone()
}

#[tokio::test]
async fn a_customer_is_created_found_and_deleted() {
    let world = World::start().await;
    let id = world.new_customer().await;
    let (_, body) = world.till_get_with("/customers", &[("email", "\"ANNA.prova@example.test\"")]).await;
    assert_eq!(body["customers"][0]["id"], json!(id));
    let (_, body) = world.till_get_with("/customers", &[("name", "\"nobody\"")]).await;
    assert_eq!(body["totalCount"], 0);
    assert_eq!(world.till_send(Method::DELETE, &format!("/customers/{id}"), &json!({})).await, (200, json!("")));
    assert_eq!(world.till_get(&format!("/customers/{id}")).await.0, 404);
}

#[tokio::test]
async fn a_deletion_wants_a_json_body() {
    let world = World::start().await;
    let id = world.new_customer().await;
    let bare = world.till(Method::DELETE, &format!("/customers/{id}"));
    assert_eq!(bare.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_put_replaces_unless_it_is_told_to_merge() {
    let world = World::start().await;
    let id = world.new_customer().await;
    let path = format!("/customers/{id}");
    let renamed = json!({ "name": "Anna Nuova" });
    assert_eq!(world.till_send(Method::PUT, &path, &renamed).await.0, 204);
    assert_eq!(read(&world, &id).await["email"], Value::Null);
    world.till_switch(json!({ "customer_put": "merge" }));
    world.till_send(Method::PUT, &path, &json!({ "email": "anna@example.test" })).await;
    assert_eq!(read(&world, &id).await["name"], "Anna Nuova");
}

#[tokio::test]
async fn wrong_customers_are_refused() {
    let world = World::start().await;
    for body in [
        json!({}),
        json!({ "name": " " }),
        json!({ "name": "Anna", "country": "Italia" }),
        json!({ "name": "Anna", "idSalesPoint": 77777 }),
        json!({ "name": "Anna", "phoneNumber": 390000000001_i64 }),
    ] {
        assert_eq!(world.till_send(Method::POST, "/customers", &body).await.0, 400, "{body}");
    }
    assert_eq!(world.till_send(Method::PUT, "/customers/unknown", &json!({ "name": "A" })).await.0, 404);
}
