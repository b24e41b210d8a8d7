//! The control endpoints: orders in short and full form, acts at the till, switches, a fresh start.

use crate::harness::World;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Item, KeyState, MenuEdit, PlaceOrder, RestaurantSpec, SimulatorConfig, Table, demo_ids as ids};

async fn place(world: &World, order: Value) -> (u16, Value) {
    let (status, body) = world.control(Method::POST, "/orders", &order).await;
    (status, body["entity"].clone())
}

#[tokio::test]
async fn a_short_form_is_priced_by_service_with_options_fees_and_discounts() {
    let world = World::start().await;
    let order = json!({
        "id": "ord-1", "service": "delivery", "payment": "online",
        "items": [{ "product": "margherita", "quantity": 2, "options": ["Speck", { "option": "Basilico", "quantity": 1 }] }],
        "fees": [{ "kind": "delivery", "name": "Consegna", "amountCents": 250 }],
        "discounts": [{ "name": "Coupon", "amountCents": 100 }], "notes": "ALLERGIA: noci",
    });
    let (status, order) = place(&world, order).await;
    assert_eq!((status, &order["totalCents"]), (200, &json!(2 * (800 + 150) + 250 - 100)));
    assert_eq!(order["payment"]["paid"], true);
    assert_eq!(order["delivery"]["country"], "IT");
    let options = &order["lines"][0]["options"];
    assert_eq!((&options[0]["kind"], &options[1]["kind"]), (&json!("addition"), &json!("removal")));
    assert_eq!(options[0]["optionExternalId"], ids::SPECK);
}

#[tokio::test]
async fn a_full_order_is_taken_as_it_is() {
    let world = World::start().await;
    let (_, mut order) = place(&world, json!({ "id": "ord-1", "items": [{ "product": "Diavola" }] })).await;
    order["id"] = json!("ord-2");
    order["totalCents"] = json!(1);
    order["webhook"] = json!("lose");
    let (status, taken) = place(&world, order).await;
    assert_eq!((status, &taken["totalCents"], &taken["number"]), (200, &json!(1), &json!("1001")));
    assert_eq!(world.sim.webhooks().last().unwrap().state, simulator::DeliveryState::Lost);
}

#[tokio::test]
async fn what_nobody_could_order_is_refused_unless_allowed() {
    let world = World::start().await;
    let item = |product: &str| json!({ "items": [{ "product": product }] });
    assert_eq!(place(&world, item("Focaccia")).await.0, 409);
    assert_eq!(place(&world, item("Fantasma")).await.0, 404);
    assert_eq!(place(&world, json!({ "items": [] })).await.0, 422);
    assert_eq!(place(&world, json!({ "items": [{ "product": "Diavola", "options": ["Ananas"] }] })).await.0, 404);
    assert_eq!(place(&world, json!({ "items": [{ "product": "Diavola" }], "service": "drone" })).await.0, 422);
    let ghost = json!({ "items": [{ "product": "Fantasma", "unit_price_cents": 500 }] });
    assert_eq!(place(&world, ghost).await.1["totalCents"], 500);
    let free = json!({ "items": [{ "product": "Focaccia" }], "allow_unorderable": true });
    assert_eq!(place(&world, free).await.0, 200);
}

#[tokio::test]
async fn an_order_is_priced_from_the_platforms_menu_once_there_is_one() {
    let world = World::start().await;
    let price = |cents: i64| json!({ "cents": cents, "orderable": true });
    let group = json!({ "externalId": "g", "name": "Aggiunte", "kind": "additions",
        "options": [{ "externalId": "o", "name": "Speck", "priceCents": 99 }] });
    let dish = json!({ "externalId": ids::DIAVOLA, "categoryExternalId": "c", "name": "Diavola", "description": "",
        "active": true, "prices": { "takeaway": price(123), "delivery": price(456) },
        "optionGroupExternalIds": ["g"], "photoUrls": [] });
    let menu =
        json!({ "categories": [{ "externalId": "c", "name": "Pizze" }], "optionGroups": [group], "dishes": [dish] });
    world.plateform_send(Method::POST, "/menu/changes", "key-0001", &menu).await;
    let order = || world.sim.order_takeaway(vec![Item::new("Diavola", 1).option("Speck")]);
    let placed = order().await.unwrap().entity;
    assert_eq!(placed["totalCents"], 222);
    assert_eq!(placed["lines"][0]["options"][0]["groupExternalId"], "g");
    world.sim.edit_plateform_menu(None, "dish", ids::DIAVOLA, None, &json!({ "available": false })).unwrap();
    assert!(order().await.is_err());
}

#[tokio::test]
async fn the_till_moves_only_along_the_known_states() {
    let world = World::start().await;
    world.ordered("ord-1").await;
    let act = async |action: &str, body: Value| {
        world.control(Method::POST, &format!("/till/orders/ord-1/{action}"), &body).await.0
    };
    assert_eq!(act("complete", json!({})).await, 409);
    assert_eq!(act("accept", json!({})).await, 200);
    assert_eq!(act("refuse", json!({ "reason": "tardi" })).await, 409);
    assert_eq!(act("ship", json!({})).await, 409);
    assert_eq!(act("refuse", json!({ "reason": "tardi", "force": true })).await, 200);
    assert_eq!(act("explode", json!({})).await, 404);
    let order = world.sim.till_order("ord-1").unwrap();
    assert_eq!(order["states"], json!(["REQUESTED", "ACCEPTED", "REJECTED"]));
    assert_eq!(world.control(Method::POST, "/till/orders/ord-9/accept", &json!({})).await.0, 404);
}

#[tokio::test]
async fn states_can_be_skipped_and_completion_can_process() {
    let world = World::start().await;
    world.ordered("ord-1").await;
    world.till_switch(json!({ "skip_states": true, "completed_sets_processed": true }));
    world.sim.complete("ord-1").await.unwrap();
    let entity = &world.sim.till_order("ord-1").unwrap()["entity"];
    assert_eq!((&entity["externalWorkflowStatus"], &entity["status"]), (&json!("COMPLETED"), &json!("PROCESSED")));
}

#[tokio::test]
async fn a_receipt_may_come_before_completion_and_completion_may_print_it() {
    let world = World::start().await;
    for id in ["ord-1", "ord-2"] {
        world.ordered(id).await;
        world.sim.accept(id).await.unwrap();
    }
    world.sim.receipt("ord-1").await.unwrap();
    let entity = world.sim.till_order("ord-1").unwrap()["entity"].clone();
    assert_eq!((&entity["externalWorkflowStatus"], &entity["status"]), (&json!("ACCEPTED"), &json!("PROCESSED")));
    let path = "/till/orders/ord-2/complete";
    let (_, body) = world.control(Method::POST, path, &json!({ "receipt": true })).await;
    let operations: Vec<&Value> = body["deliveries"].as_array().unwrap().iter().map(|one| &one["operation"]).collect();
    assert_eq!(operations, ["ORDER/EDIT", "RECEIPT/CREATE", "ORDER/EDIT"]);
    let (from, to) = (
        (jiff::Timestamp::now().as_millisecond() - 60_000).to_string(),
        (jiff::Timestamp::now().as_millisecond() + 60_000).to_string(),
    );
    let window = [("datetimeFrom", from.as_str()), ("datetimeTo", to.as_str())];
    let (_, receipts) = world.till_get_with("/documents/receipts", &window).await;
    assert_eq!((&receipts["totalCount"], &receipts["currency"]["code"]), (&json!(2), &json!("EUR")));
}

#[tokio::test]
async fn an_edit_at_the_till_changes_the_order() {
    let world = World::start().await;
    world.ordered("ord-1").await;
    let body = json!({ "patch": { "document": { "note": "cambiato" } } });
    world.control(Method::POST, "/till/orders/ord-1/edit", &body).await;
    let entity = &world.sim.till_order("ord-1").unwrap()["entity"];
    assert_eq!((&entity["document"]["note"], &entity["document"]["amount"]), (&json!("cambiato"), &json!(14.0)));
}

#[tokio::test]
async fn switches_are_merged_and_unknown_ones_are_refused() {
    let world = World::start().await;
    let (status, _) = world.control(Method::PUT, "/config", &json!({ "till": { "auto_acept": true } })).await;
    assert_eq!(status, 422);
    world.till_switch(json!({ "auto_accept": true }));
    world.till_switch(json!({ "clamp_limit": true }));
    assert!(world.sim.config().till.auto_accept);
}

#[tokio::test]
async fn a_second_restaurant_has_its_own_side_and_may_share_the_key() {
    let world = World::start().await;
    let spec = RestaurantSpec { api_key: "demo-api-key-not-real".into(), ..RestaurantSpec::numbered(2) };
    let body = serde_json::to_value(&spec).unwrap();
    assert_eq!(world.control(Method::POST, "/restaurants", &body).await.0, 200);
    assert_eq!(world.control(Method::POST, "/restaurants", &body).await.0, 409);
    let (_, points) = world.till_get("/salespoint").await;
    assert_eq!(points["totalCount"], 2);
    assert!(world.sim.place_order(PlaceOrder::default()).await.is_err());
    let items = vec![Item::new("Diavola", 1)];
    let order = PlaceOrder { restaurant: Some("rest-2".into()), items, ..PlaceOrder::default() };
    assert_eq!(world.sim.place_order(order).await.unwrap().entity["restaurantId"], "rest-2");
    assert_eq!(
        world.control(Method::GET, "/restaurants/rest-2", &json!({})).await.1["till_webhook_secret"],
        "till-secret-2"
    );
}

#[tokio::test]
async fn a_large_catalogue_can_be_asked_for() {
    let world = World::start().await;
    let spec =
        RestaurantSpec { extra_products: 250, api_key: "demo-api-key-not-real".into(), ..RestaurantSpec::numbered(3) };
    world.sim.add_restaurant(spec).unwrap();
    let (_, page) = world.till_get("/products?start=200&limit=100").await;
    assert_eq!(page["products"].as_array().unwrap().len(), 59);
}

#[tokio::test]
async fn the_trattoria_has_additions_and_removals_for_a_category_and_for_a_dish() {
    let spec = RestaurantSpec::trattoria();
    let world = World::with(SimulatorConfig { restaurants: vec![spec], ..SimulatorConfig::default() }).await;
    let (_, page) = world.till_get("/products?start=0&limit=100").await;
    assert_eq!(page["totalCount"], 62, "sixty can be shown on the platform; one has variants, one is sold by weight");
    let (_, page) = world.till_get("/categories?start=0&limit=100").await;
    let first_courses =
        page["categories"].as_array().unwrap().iter().find(|row| row["description"] == "Primi").unwrap();
    let kinds = first_courses["modifiers"].as_array().unwrap().iter().map(|one| &one["values"][0]["isDefault"]);
    assert_eq!(kinds.collect::<Vec<_>>(), [&json!(false), &json!(true)]);
    let order = json!({ "items": [{ "product": "Carbonara", "options": ["Guanciale", "Pepe"] }] });
    assert_eq!(place(&world, order).await.1["totalCents"], 1350);
}

#[tokio::test]
async fn rows_are_changed_and_deleted_through_http() {
    let world = World::start().await;
    let path = format!("/till/products/{}", ids::DIAVOLA);
    let (status, body) =
        world.control(Method::PUT, &path, &json!({ "enableForMobileCommerce": false, "tags": null })).await;
    assert_eq!((status, &body["entity"]["enableForMobileCommerce"]), (200, &json!(false)));
    assert_eq!(world.control(Method::DELETE, &path, &json!({})).await.0, 200);
    assert_eq!(world.control(Method::DELETE, &path, &json!({})).await.0, 404);
    assert_eq!(world.control(Method::GET, "/till/tables", &json!({})).await.0, 404);
}

#[tokio::test]
async fn the_state_shows_both_sides_and_no_secret() {
    let world = World::start().await;
    let items = vec![Item::new("Diavola", 1)];
    world.sim.place_order(PlaceOrder { id: Some("ord-1".into()), items, ..PlaceOrder::default() }).await.unwrap();
    world.ordered("ord-1").await;
    world.sim.staff("ord-1", "confirmed", None).unwrap();
    let (_, state) = world.control(Method::GET, "/state", &json!({})).await;
    assert_eq!(state["plateform"]["orders"][0]["order"]["id"], "ord-1");
    assert_eq!(state["till"]["orders"][0]["entity"]["externalId"], "ord-1");
    assert_eq!(state["plateform"]["messages"][0]["status"], "confirmed");
    assert_eq!(state["webhooks"][0]["operation"], "order.created");
    assert_eq!(state["requests"]["cic POST /customers"], 1);
    for secret in ["demo-till-secret", "whsec_", "demo-api-key", "demo-plateform-token"] {
        assert!(!state.to_string().contains(secret), "{secret}");
    }
    let (_, requests) = world.control(Method::GET, "/requests?party=cic", &json!({})).await;
    assert!(requests.as_array().unwrap().iter().all(|request| request["party"] == "cic"));
}

#[tokio::test]
async fn a_reset_restores_the_menu_and_keeps_restaurants_and_bridge() {
    let mut world = World::start().await;
    world
        .sim
        .configure(&json!({ "bridge_url": "http://127.0.0.1:1", "max_retries": 0, "till": { "auto_accept": true } }))
        .unwrap();
    world.sim.edit_menu(MenuEdit::delete(Table::Products, ids::DIAVOLA)).await.unwrap();
    world.sim.set_key_state("rest-demo", KeyState::Revoked).unwrap();
    world.control(Method::POST, "/reset", &json!({})).await;
    let config = world.sim.config();
    assert_eq!((config.bridge_url.as_deref(), config.till.auto_accept), (Some("http://127.0.0.1:1"), false));
    world.token = world.new_token().await;
    assert_eq!(world.till_get_with("/products", &[]).await.1["totalCount"], 9);
    assert!(world.sim.webhooks().is_empty());
}

#[tokio::test]
async fn the_page_needs_nothing_from_elsewhere() {
    let world = World::start().await;
    let page = world.http.get(world.sim.base_url()).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("/control/state"));
    assert!(!page.contains("https://") && !page.contains("src="));
}

#[tokio::test]
async fn a_dropped_simulator_closes_its_port() {
    let world = World::start().await;
    let (url, http) = (world.sim.base_url(), world.http.clone());
    drop(world);
    assert!(http.get(url).send().await.is_err());
}
