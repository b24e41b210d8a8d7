//! Rows of an order: variants, weights, modifiers.

use crate::harness::{World, answer};
use reqwest::Method;
use serde_json::{Value, json};
use simulator::{MenuEdit, Table, demo_ids as ids};

/// Sends a good order whose row and amount are changed like this.
async fn send(world: &World, change: Value, amount: f64) -> (u16, Value) {
    let mut order = world.good_order("ord-1").await;
    let row = order["document"]["rows"][0].as_object_mut().unwrap();
    row.extend(change.as_object().unwrap().clone());
    row.retain(|_, value| !value.is_null());
    order["document"]["amount"] = json!(amount);
    world.create(&order).await
}

#[tokio::test]
async fn modifiers_by_id_count_in_the_amount() {
    let world = World::start().await;
    let chosen = json!([{ "idOption": ids::PIZZA_ADDITIONS, "idValue": ids::SPECK, "price": 1.5, "quantity": 1 }]);
    assert_eq!(send(&world, json!({ "rowModifierValues": chosen }), 14.0).await.1["msg"], "amount");
    assert_eq!(send(&world, json!({ "rowModifierValues": chosen }), 17.0).await.0, 200);
}

#[tokio::test]
async fn unknown_options_and_values_are_invalid_ids() {
    let world = World::start().await;
    for chosen in [
        json!([{ "idOption": "no-such-option", "idValue": ids::SPECK }]),
        json!([{ "idOption": ids::PIZZA_ADDITIONS, "idValue": ids::ONION }]),
    ] {
        assert_eq!(send(&world, json!({ "rowModifierValues": chosen }), 14.0).await.1["error"], "InvalidId");
    }
}

#[tokio::test]
async fn modifiers_can_be_refused_altogether() {
    let world = World::start().await;
    world.till_switch(json!({ "reject_row_modifier_values": true }));
    let (status, body) = send(&world, json!({ "rowModifierValues": [] }), 14.0).await;
    assert_eq!((status, &body["msg"]), (400, &json!("rowModifierValues")));
}

#[tokio::test]
async fn weights_are_decimal_and_the_row_is_rounded_to_the_cent() {
    let world = World::start().await;
    let porchetta = ids::PORCHETTA.replace("106", "206");
    let row = json!({ "idProductVariant": porchetta, "quantity": 0.333, "price": 22.0 });
    assert_eq!(send(&world, row.clone(), 7.32).await.1["msg"], "amount");
    assert_eq!(send(&world, row, 7.33).await.0, 200);
}

#[tokio::test]
async fn a_quantity_of_zero_is_refused() {
    let world = World::start().await;
    assert_eq!(send(&world, json!({ "quantity": 0 }), 0.0).await.1["msg"], "quantity");
}

#[tokio::test]
async fn a_product_id_stands_for_the_variant_only_where_there_are_no_technical_variants() {
    let world = World::start().await;
    let by_product = json!({ "idProductVariant": null, "idProduct": ids::MARGHERITA });
    assert_eq!(send(&world, by_product.clone(), 14.0).await.0, 400);
    world.till_switch(json!({ "technical_variants": false }));
    assert_eq!(send(&world, json!({}), 14.0).await.1["error"], "InvalidId");
    assert_eq!(send(&world, by_product, 14.0).await.0, 200);
}

#[tokio::test]
async fn a_deleted_product_and_one_of_another_sales_point_are_invalid_ids() {
    let world = World::start().await;
    let elsewhere = json!({ "idSalesPoint": 90102 });
    world.sim.edit_menu(MenuEdit::put(Table::Products, ids::MARGHERITA, elsewhere)).await.unwrap();
    assert_eq!(send(&world, json!({}), 14.0).await.1["error"], "InvalidId");
    world.sim.edit_menu(MenuEdit::delete(Table::Products, ids::MARGHERITA)).await.unwrap();
    assert_eq!(send(&world, json!({}), 14.0).await.1["error"], "InvalidId");
}

#[tokio::test]
async fn a_row_without_sales_mode_takes_the_base_price() {
    let world = World::start().await;
    assert_eq!(send(&world, json!({ "idSalesMode": null, "price": 7.5 }), 15.0).await.0, 200);
}

#[tokio::test]
async fn a_body_that_is_no_object_is_400() {
    let world = World::start().await;
    for body in ["[]", "{", "\"create\""] {
        let request = world.till(Method::POST, "/documents/orders/batch").body(body);
        assert_eq!(answer(request.send().await.unwrap()).await.0, 400, "{body}");
    }
}
