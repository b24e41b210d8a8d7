//! The platform's menu: change sets, outcomes, and the fields that a sync must not touch.

use crate::harness::{Answer, World};
use reqwest::Method;
use serde_json::{Value, json};

fn category() -> Value {
    json!({ "externalId": "c1", "name": "Pizze" })
}

fn group() -> Value {
    json!({ "externalId": "g1", "name": "Aggiunte", "kind": "additions",
        "options": [{ "externalId": "o1", "name": "Speck", "priceCents": 150 }] })
}

fn dish() -> Value {
    json!({ "externalId": "d1", "categoryExternalId": "c1", "name": "Margherita", "description": "Pomodoro", "active": true,
        "prices": { "takeaway": { "cents": 700, "orderable": true }, "delivery": { "cents": 0, "orderable": false } },
        "vatRate": "10", "optionGroupExternalIds": ["g1"], "photoUrls": ["https://images.example.test/m.jpg"] })
}

async fn apply(world: &World, key: &str, changes: Value) -> Answer {
    world.plateform_send(Method::POST, "/menu/changes", key, &changes).await
}

async fn outcomes(world: &World, key: &str, changes: Value) -> Vec<String> {
    let (status, body) = apply(world, key, changes).await;
    assert_eq!(status, 200, "{body}");
    let results = body["results"].as_array().unwrap().iter();
    results.map(|result| result["outcome"].as_str().unwrap().to_owned()).collect()
}

async fn with_menu() -> World {
    let world = World::start().await;
    // Given backwards, applied in the contract's order.
    let all = json!({ "dishes": [dish()], "optionGroups": [group()], "categories": [category()] });
    assert_eq!(outcomes(&world, "key-0000", all).await, ["created", "created", "created"]);
    world
}

#[tokio::test]
async fn entries_are_created_unchanged_updated_and_deactivated() {
    let world = with_menu().await;
    assert_eq!(outcomes(&world, "key-0001", json!({ "dishes": [dish()] })).await, ["unchanged"]);
    let mut renamed = dish();
    renamed["name"] = json!("Margherita DOP");
    assert_eq!(outcomes(&world, "key-0002", json!({ "dishes": [renamed] })).await, ["updated"]);
    let off = json!({ "deactivations": [{ "kind": "dish", "externalId": "d1" }] });
    assert_eq!(outcomes(&world, "key-0003", off.clone()).await, ["deactivated"]);
    assert_eq!(outcomes(&world, "key-0004", off).await, ["unchanged"]);
    let (_, menu) = world.plateform_get("/menu?kind=dish").await;
    assert_eq!(menu["items"][0]["dish"]["deactivated"], true);
    assert_eq!(world.plateform_get("").await.1["menuPresent"], true);
}

#[tokio::test]
async fn an_upsert_clears_the_deactivation() {
    let world = with_menu().await;
    outcomes(&world, "key-0001", json!({ "deactivations": [{ "kind": "category", "externalId": "c1" }] })).await;
    assert_eq!(outcomes(&world, "key-0002", json!({ "categories": [category()] })).await, ["updated"]);
    let (_, menu) = world.plateform_get("/menu?kind=category").await;
    assert_eq!(menu["items"][0]["category"]["deactivated"], false);
}

#[tokio::test]
async fn fields_that_the_platform_owns_survive_an_upsert() {
    let world = with_menu().await;
    let owned = json!({ "labels": ["novità"], "ingredients": ["pomodoro"], "allergens": ["latte"], "frozen": true,
        "available": false, "translations": { "en": { "name": "Margherita pizza" } } });
    world.sim.edit_plateform_menu(None, "dish", "d1", None, &owned).unwrap();
    let mut renamed = dish();
    renamed["name"] = json!("Margherita DOP");
    outcomes(&world, "key-0001", json!({ "dishes": [renamed] })).await;
    let (_, menu) = world.plateform_get("/menu?kind=dish").await;
    let shown = &menu["items"][0]["dish"];
    assert_eq!(shown["name"], "Margherita DOP");
    for (field, value) in owned.as_object().unwrap() {
        assert_eq!(&shown[field], value, "{field}");
    }
}

#[tokio::test]
async fn a_field_that_the_platform_owns_or_nobody_knows_is_422() {
    let world = with_menu().await;
    for (index, field) in ["labels", "available", "deactivated", "translations", "id", "colour"].into_iter().enumerate()
    {
        let mut changed = dish();
        changed[field] = json!(true);
        let (status, body) = apply(&world, &format!("key-000{index}x"), json!({ "dishes": [changed] })).await;
        assert_eq!((status, &body["code"]), (422, &json!("validation")), "{field}");
    }
}

#[tokio::test]
async fn values_out_of_contract_are_422() {
    let world = with_menu().await;
    let broken = [
        ("/name", json!("")),
        ("/name", json!("x".repeat(201))),
        ("/description", json!("x".repeat(5001))),
        ("/vatRate", json!("10%")),
        ("/vatRate", json!(10)),
        ("/photoUrls/0", json!("margherita.jpg")),
        ("/prices/takeaway/cents", json!(-1)),
        ("/prices/takeaway/cents", json!(7.5)),
        ("/prices/delivery", Value::Null),
    ];
    for (index, (pointer, value)) in broken.into_iter().enumerate() {
        let mut changed = dish();
        *changed.pointer_mut(pointer).unwrap() = value;
        assert_eq!(
            apply(&world, &format!("key-10{index:02}"), json!({ "dishes": [changed] })).await.0,
            422,
            "{pointer}"
        );
    }
    let mut missing = dish();
    missing.as_object_mut().unwrap().remove("prices");
    assert_eq!(apply(&world, "key-0099", json!({ "dishes": [missing] })).await.0, 422);
}

#[tokio::test]
async fn an_entry_that_refers_to_nothing_fails_alone() {
    let world = with_menu().await;
    let (mut no_category, mut no_group) = (dish(), dish());
    no_category["categoryExternalId"] = json!("c9");
    no_group["optionGroupExternalIds"] = json!(["g9"]);
    let ghost = json!([{ "kind": "dish", "externalId": "d9" }]);
    let changes = json!({ "dishes": [no_category, no_group, dish()], "deactivations": ghost });
    assert_eq!(outcomes(&world, "key-0001", changes).await, ["failed", "failed", "unchanged", "failed"]);
}

#[tokio::test]
async fn more_than_500_entries_are_422_and_more_than_a_mebibyte_is_413() {
    let world = World::start().await;
    let categories = |count: usize| -> Value {
        let all = (0..count).map(|number| json!({ "externalId": format!("c{number}"), "name": "Pizze" }));
        json!({ "categories": all.collect::<Vec<_>>() })
    };
    assert_eq!(apply(&world, "key-0001", categories(501)).await.0, 422);
    assert_eq!(apply(&world, "key-0002", categories(500)).await.0, 200);
    let padding = json!({ "categories": [{ "externalId": "x".repeat(1024 * 1024), "name": "Pizze" }] });
    assert_eq!(apply(&world, "key-0003", padding).await.0, 413);
}

#[tokio::test]
async fn the_menu_is_listed_in_a_stable_order_page_by_page() {
    let world = with_menu().await;
    let mut kinds = Vec::new();
    let mut path = "/menu?limit=1".to_owned();
    loop {
        let (_, page) = world.plateform_get(&path).await;
        kinds.push(page["items"][0]["kind"].as_str().unwrap().to_owned());
        match page["nextCursor"].as_str() {
            Some(cursor) => path = format!("/menu?limit=1&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(kinds, ["category", "optionGroup", "dish"]);
    assert_eq!(world.plateform_get("/menu?kind=drink").await.0, 422);
}

#[tokio::test]
async fn people_can_have_a_menu_before_the_integration_and_delete_from_it() {
    let world = World::start().await;
    let upsert = json!({ "name": "Vecchia categoria" });
    world.sim.edit_plateform_menu(None, "category", "old", Some(&upsert), &json!({})).unwrap();
    assert_eq!(world.plateform_get("").await.1["menuPresent"], true);
    world.sim.delete_plateform_menu(None, "category", "old").unwrap();
    assert_eq!(world.sim.plateform_menu(None).unwrap().len(), 0);
}
