//! Reading the till: query literals, pages, filters, shapes.

use crate::harness::{Answer, World, now_ms};
use reqwest::Method;
use serde_json::{Value, json};
use simulator::{MenuEdit, Table, demo_ids as ids};

fn descriptions(body: &Value, key: &str) -> Vec<String> {
    let rows = body[key].as_array().unwrap().iter();
    rows.map(|row| row["description"].as_str().unwrap().to_owned()).collect()
}

async fn products(world: &World, name: &str, value: &str) -> Answer {
    world.till_get_with("/products", &[(name, value)]).await
}

#[tokio::test]
async fn a_bare_list_is_400_with_expected_jsarray() {
    let world = World::start().await;
    for value in ["90101", "90101,90102", "[abc]", "\"90101\""] {
        let (status, body) = products(&world, "idsSalesPoint", value).await;
        assert_eq!((status, &body["msg"]), (400, &json!("idsSalesPoint: error.expected.jsarray")), "{value}");
    }
    assert_eq!(products(&world, "ids", ids::MARGHERITA).await.0, 400);
}

#[tokio::test]
async fn a_repeated_key_is_400() {
    let world = World::start().await;
    let path = "/products?start=0&limit=10&idsSalesPoint=[90101]&idsSalesPoint=[90101]";
    assert_eq!(world.till_get(path).await.0, 400);
}

#[tokio::test]
async fn an_unquoted_string_is_500_unless_strings_are_lenient() {
    let world = World::start().await;
    assert_eq!(products(&world, "description", "marg").await.0, 500);
    world.till_switch(json!({ "lenient_strings": true }));
    assert_eq!(descriptions(&products(&world, "description", "marg").await.1, "products"), ["Margherita"]);
}

#[tokio::test]
async fn an_unknown_parameter_is_400_unless_ignored() {
    let world = World::start().await;
    let ask = || world.till_get_with("/customers", &[("phoneNumber", "\"+390000000001\"")]);
    assert_eq!(ask().await.0, 400);
    world.till_switch(json!({ "ignore_unknown_parameters": true }));
    assert_eq!(ask().await.0, 200);
}

#[tokio::test]
async fn sorts_is_500_and_an_unknown_channel_is_400() {
    let world = World::start().await;
    assert_eq!(products(&world, "sorts", "[{\"key\":\"description\",\"direction\":1}]").await.0, 500);
    assert_eq!(products(&world, "enabledForChannels", "[\"APP\"]").await.0, 400);
}

#[tokio::test]
async fn start_and_limit_are_mandatory_except_for_sales_points() {
    let world = World::start().await;
    for path in ["/products", "/categories?start=0", "/customers?limit=10", "/webhooks"] {
        assert_eq!(world.till_get(path).await.0, 400, "{path}");
    }
    let (status, body) = world.till_get("/salespoint?hasActiveLicense=true").await;
    assert_eq!((status, &body["salesPoint"][0]["id"]), (200, &json!(90101)));
    world.sim.edit_sales_point(None, &json!({ "noActiveLicense": true })).unwrap();
    assert_eq!(world.till_get("/salespoint?hasActiveLicense=true").await.1["totalCount"], 0);
    assert_eq!(world.till_get("/salespoint").await.1["totalCount"], 1);
}

#[tokio::test]
async fn a_limit_over_100_is_400_unless_clamped() {
    let world = World::start().await;
    for limit in ["0", "101", "-1", "ten"] {
        assert_eq!(world.till_get(&format!("/products?start=0&limit={limit}")).await.0, 400, "{limit}");
    }
    world.till_switch(json!({ "clamp_limit": true }));
    assert_eq!(world.till_get("/products?start=0&limit=500").await.0, 200);
}

#[tokio::test]
async fn start_is_an_offset_and_the_total_is_of_all_pages() {
    let world = World::start().await;
    let (_, body) = world.till_get("/products?start=1&limit=2").await;
    assert_eq!(descriptions(&body, "products"), ["Diavola", "Focaccia"]);
    assert_eq!(body["totalCount"], 9);
}

#[tokio::test]
async fn every_list_has_its_own_key() {
    let world = World::start().await;
    for (path, key) in [
        ("/categories", "categories"),
        ("/departments", "departments"),
        ("/taxes", "taxes"),
        ("/salesmodes", "salesModes"),
        ("/options", "options"),
        ("/customers", "customers"),
        ("/webhooks", "webhooks"),
    ] {
        let (_, body) = world.till_get_with(path, &[]).await;
        assert!(body[key].is_array(), "{path}: {body}");
    }
}

#[tokio::test]
async fn options_can_move_or_be_absent() {
    let world = World::start().await;
    world.till_switch(json!({ "options_path": "modifiers" }));
    assert_eq!(world.till_get_with("/options", &[]).await.0, 404);
    assert_eq!(world.till_get_with("/modifiers", &[]).await.0, 200);
    world.till_switch(json!({ "options_path": "none" }));
    assert_eq!(world.till_get_with("/modifiers", &[]).await.0, 404);
}

#[tokio::test]
async fn a_product_embeds_department_tax_category_and_the_names_of_its_modifiers() {
    let world = World::start().await;
    let (_, body) = world.till_get(&format!("/products/{}", ids::MARGHERITA)).await;
    let product = &body["product"];
    assert_eq!(product["department"]["tax"]["rate"], 10);
    assert_eq!(product["category"]["description"], "Pizze");
    assert_eq!(product["category"]["modifiers"], Value::Null);
    assert_eq!(product["modifiers"][0]["option"]["description"], "Rimozioni");
    assert_eq!(product["modifiers"][0]["values"][0]["value"]["description"], "Basilico");
    assert_eq!(product["variants"][0]["id"], ids::MARGHERITA_VARIANT);
}

#[tokio::test]
async fn names_and_technical_variants_can_be_absent() {
    let world = World::start().await;
    world.till_switch(json!({ "technical_variants": false, "modifier_names": false }));
    let (_, body) = world.till_get(&format!("/products/{}", ids::MARGHERITA)).await;
    assert_eq!(body["product"]["variants"], Value::Null);
    assert_eq!(body["product"]["modifiers"][0]["option"], Value::Null);
    let (_, beer) = world.till_get(&format!("/products/{}", ids::BEER)).await;
    assert_eq!(beer["product"]["variants"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn products_are_filtered_by_ids_category_text_and_channel() {
    let world = World::start().await;
    let named = async |name, value: &str| descriptions(&products(&world, name, value).await.1, "products");
    assert_eq!(named("ids", &format!("[\"{}\"]", ids::WATER)).await, ["Acqua naturale"]);
    assert_eq!(named("idsCategory", &format!("[\"{}\"]", ids::DESSERTS)).await, ["Tiramisù"]);
    assert_eq!(named("description", "\"MARG\"").await, ["Margherita"]);
    assert_eq!(named("enabledForChannels", "[\"MOBILE_COMMERCE\"]").await.len(), 7);
    assert_eq!(named("itemListVisibility", "true").await.len(), 9);
}

#[tokio::test]
async fn a_product_is_on_a_channel_only_if_its_category_is() {
    let world = World::start().await;
    let off = json!({ "enableForMobileCommerce": false });
    world.sim.edit_menu(MenuEdit::put(Table::Categories, ids::PIZZAS, off)).await.unwrap();
    let (_, body) = products(&world, "enabledForChannels", "[\"MOBILE_COMMERCE\"]").await;
    assert!(!descriptions(&body, "products").contains(&"Margherita".to_owned()));
}

#[tokio::test]
async fn a_change_moves_last_update_and_a_deletion_leaves_no_trace() {
    let world = World::start().await;
    let renamed = json!({ "description": "Margherita DOP" });
    let row = world.sim.edit_menu(MenuEdit::put(Table::Products, ids::MARGHERITA, renamed)).await.unwrap().entity;
    let since = row["lastUpdate"].to_string();
    let changed = products(&world, "lastUpdateFrom", &since).await.1;
    assert_eq!(descriptions(&changed, "products"), ["Margherita DOP"]);
    world.sim.edit_menu(MenuEdit::delete(Table::Products, ids::MARGHERITA)).await.unwrap();
    assert_eq!(products(&world, "lastUpdateFrom", &since).await.1["totalCount"], 0);
    assert_eq!(world.till_get(&format!("/products/{}", ids::MARGHERITA)).await.0, 404);
}

#[tokio::test]
async fn a_null_is_left_out() {
    let world = World::start().await;
    let rows = world.sim.till_rows(None, Table::Products).unwrap();
    assert!(rows.iter().all(|row| row["externalId"].is_null()));
    let (_, body) = world.till_get_with("/products", &[]).await;
    assert!(!body.to_string().contains("null"));
}

#[tokio::test]
async fn a_sales_point_sees_its_own_rows_and_those_of_the_licence() {
    let world = World::start().await;
    let own = json!({ "description": "Solo altrove", "idSalesPoint": 90102 });
    world.sim.edit_menu(MenuEdit::put(Table::Products, "elsewhere", own)).await.unwrap();
    let (_, body) = products(&world, "idsSalesPoint", "[90101]").await;
    assert_eq!(body["totalCount"], 9);
    world.till_switch(json!({ "visibility": "only_own" }));
    let (_, body) = products(&world, "idsSalesPoint", "[90101]").await;
    assert_eq!(descriptions(&body, "products"), ["Tiramisù"]);
}

#[tokio::test]
async fn a_sales_point_of_another_key_is_an_invalid_id() {
    let world = World::start().await;
    let (status, body) = products(&world, "idsSalesPoint", "[77777]").await;
    assert_eq!((status, &body["error"]), (400, &json!("InvalidId")));
}

#[tokio::test]
async fn orders_are_found_in_a_window_of_less_than_three_days() {
    let world = World::start().await;
    world.ordered("ord-1").await;
    let window = async |from: String, to: String| {
        let query = [("datetimeFrom", from.as_str()), ("datetimeTo", to.as_str())];
        world.till_get_with("/documents/orders", &query).await
    };
    let now = now_ms();
    let (_, body) = window((now - 60_000).to_string(), (now + 60_000).to_string()).await;
    assert_eq!(body["orders"][0]["externalId"], "ord-1");
    let three_days = 3 * 86_400_000;
    let (status, body) = window((now - three_days).to_string(), now.to_string()).await;
    assert_eq!((status, &body["error"]), (400, &json!("InvalidParams")));
    assert_eq!(window((now - three_days + 1).to_string(), now.to_string()).await.0, 200);
    assert_eq!(world.till_get_with("/documents/orders", &[]).await.0, 400);
    assert_eq!(world.till_get_with("/documents/orders", &[("externalId", "\"ord-1\"")]).await.0, 400);
}

#[tokio::test]
async fn quoted_days_count_whole_and_bare_days_are_refused() {
    let world = World::start().await;
    let window = async |from, to| {
        world.till_get_with("/documents/orders", &[("datetimeFrom", from), ("datetimeTo", to)]).await.0
    };
    assert_eq!(window("\"2026-02-03\"", "\"2026-02-04\"").await, 200);
    assert_eq!(window("\"2026-02-03\"", "\"2026-02-05\"").await, 400);
    assert_eq!(window("2026-02-03", "2026-02-04").await, 400);
}

#[tokio::test]
async fn the_window_can_be_on_the_due_date() {
    let world = World::start().await;
    let mut order = world.good_order("ord-1").await;
    order["dueDate"] = json!(now_ms() + 86_400_000 * 30);
    world.create(&order).await;
    world.till_switch(json!({ "orders_window": "due_date" }));
    let near = (now_ms() - 60_000).to_string();
    let soon = (now_ms() + 60_000).to_string();
    let query = [("datetimeFrom", near.as_str()), ("datetimeTo", soon.as_str())];
    assert_eq!(world.till_get_with("/documents/orders", &query).await.1["totalCount"], 0);
}

#[tokio::test]
async fn webhooks_can_only_be_read_and_show_no_secret() {
    let world = World::start().await;
    let (_, body) = world.till_get_with("/webhooks", &[]).await;
    assert!(!body.to_string().contains("demo-till-secret"));
    assert_eq!(world.till_send(Method::POST, "/webhooks", &json!({})).await.0, 405);
}
