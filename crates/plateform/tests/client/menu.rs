//! The menu as it is read: both owners' fields, page by page.

use crate::server::{Reply, Server, access, tenant, work};
use plateform::{
    CategoryUpsert, DishPrices, DishUpsert, MenuItem, MenuKind, OptionGroupKind, OptionGroupUpsert, OptionUpsert,
    ServicePrice,
};
use serde_json::{Value, json};

pub(crate) fn category() -> CategoryUpsert {
    CategoryUpsert { external_id: "cat-1".into(), name: "Pizze".into(), image_url: None, active: true }
}

pub(crate) fn group() -> OptionGroupUpsert {
    let option =
        OptionUpsert { external_id: "val-1".into(), name: "Olive".into(), price_cents: -50, position: Some(1) };
    OptionGroupUpsert {
        external_id: "p:prod-1:opt-1:add".into(),
        name: "Aggiunte".into(),
        kind: OptionGroupKind::Additions,
        min_choices: 0,
        max_choices: None,
        options: vec![OptionUpsert { position: None, ..option.clone() }, option],
    }
}

pub(crate) fn dish() -> DishUpsert {
    DishUpsert {
        external_id: "prod-1".into(),
        category_external_id: "cat-1".into(),
        name: "Margherita".into(),
        description: "Pomodoro e mozzarella".into(),
        active: true,
        prices: DishPrices {
            takeaway: ServicePrice { cents: 700, orderable: true },
            delivery: ServicePrice { cents: 0, orderable: false },
        },
        vat_rate: Some("10".into()),
        option_group_external_ids: vec!["p:prod-1:opt-1:add".into()],
        photo_urls: vec!["https://photos.example.test/1.jpg".into()],
    }
}

/// The change set of `changes`, in the contract's words.
pub(crate) fn wire() -> Value {
    json!({
        "categories": [{"externalId": "cat-1", "name": "Pizze", "imageUrl": null, "active": true}],
        "optionGroups": [{
            "externalId": "p:prod-1:opt-1:add", "name": "Aggiunte", "kind": "additions", "minChoices": 0, "maxChoices": null,
            "options": [{"externalId": "val-1", "name": "Olive", "priceCents": -50},
                        {"externalId": "val-1", "name": "Olive", "priceCents": -50, "position": 1}]}],
        "dishes": [{
            "externalId": "prod-1", "categoryExternalId": "cat-1", "name": "Margherita",
            "description": "Pomodoro e mozzarella", "active": true,
            "prices": {"takeaway": {"cents": 700, "orderable": true}, "delivery": {"cents": 0, "orderable": false}},
            "vatRate": "10", "optionGroupExternalIds": ["p:prod-1:opt-1:add"],
            "photoUrls": ["https://photos.example.test/1.jpg"]}],
        "deactivations": [{"kind": "optionGroup", "externalId": "c:cat-9:opt-1:rem"}]
    })
}

#[tokio::test]
async fn the_menu_is_read_with_the_fields_of_both_owners() {
    let mut dish_json = wire()["dishes"][0].clone();
    for (field, value) in [
        ("id", json!("plt-dish-1")),
        ("deactivated", json!(true)),
        ("translations", json!({"en": {"name": "Margherita pizza"}, "de": null})),
        ("labels", json!(["novità"])),
        ("ingredients", json!(["pomodoro"])),
        ("allergens", json!(["glutine", "latte"])),
        ("frozen", json!(true)),
        ("available", json!(false)),
        ("popularity", json!(7)),
    ] {
        dish_json[field] = value;
    }
    let items = json!([
        {"kind": "category", "category": wire()["categories"][0]},
        {"kind": "optionGroup", "optionGroup": wire()["optionGroups"][0], "dish": null},
        {"kind": "dish", "dish": dish_json},
        {"kind": "combo", "combo": {}},
        {"kind": "dish", "category": wire()["categories"][0]},
        {"kind": "category", "category": {"name": "senza id"}},
    ]);
    let server = Server::answering(200, json!({"items": items})).await;
    let listing = server.client().list_menu(&work(), &access(), &tenant(), None).await.unwrap();
    assert_eq!(server.one().line, "GET /integrations/v1/restaurants/rest-1/menu?limit=200 HTTP/1.1");
    assert_eq!((listing.items.len(), listing.skipped), (3, 3));

    let ids: Vec<_> = listing.items.iter().map(|item| (item.kind(), item.external_id())).collect();
    let expected =
        [(MenuKind::Category, "cat-1"), (MenuKind::OptionGroup, "p:prod-1:opt-1:add"), (MenuKind::Dish, "prod-1")];
    assert_eq!(ids, expected);
    assert!(!listing.items[0].platform().deactivated);
    let MenuItem::Dish { till, platform, dish: owned } = &listing.items[2] else { panic!("{:?}", listing.items[2]) };
    assert_eq!(**till, dish());
    assert_eq!((platform.id.as_deref(), platform.deactivated), (Some("plt-dish-1"), true));
    assert_eq!(platform.translations["en"].name.as_deref(), Some("Margherita pizza"));
    assert_eq!(platform.translations["de"].name, None);
    assert_eq!((owned.labels.len(), owned.ingredients.len(), owned.allergens.len()), (1, 1, 2));
    assert_eq!((owned.frozen, owned.available), (true, Some(false)));
}

#[tokio::test]
async fn what_may_be_absent_or_null_in_the_menu_has_the_contract_s_defaults() {
    let category =
        |active: Value| json!({"kind": "category", "category": {"externalId": "c", "name": "C", "active": active}});
    let mut absent = category(Value::Null);
    absent["category"].as_object_mut().unwrap().remove("active");
    let group = json!({"kind": "optionGroup", "optionGroup": {
        "externalId": "g", "name": "G", "kind": "removals", "minChoices": null, "options": [], "translations": null}});
    let items = json!([category(Value::Null), absent, category(json!(false)), group]);
    let server = Server::answering(200, json!({"items": items, "nextCursor": null})).await;
    let listing = server.client().list_menu(&work(), &access(), &tenant(), None).await.unwrap();
    let active: Vec<_> = listing
        .items
        .iter()
        .filter_map(|item| match item {
            MenuItem::Category { till, .. } => Some(till.active),
            _ => None,
        })
        .collect();
    assert_eq!(active, [true, true, false]);
    let MenuItem::OptionGroup { till, .. } = &listing.items[3] else { panic!("{:?}", listing.items[3]) };
    assert_eq!((till.kind, till.min_choices, till.max_choices), (OptionGroupKind::Removals, 0, None));
}

#[tokio::test]
async fn one_kind_of_the_menu_is_read_page_by_page() {
    let page = |next: Value| Reply::Json(200, json!({"items": [], "nextCursor": next}));
    let server = Server::playing([page(json!("c1")), page(Value::Null)]).await;
    let client = server.client();
    let kind = Some(MenuKind::OptionGroup);
    let first = client.menu_page(&work(), &access(), &tenant(), kind, None).await.unwrap();
    let last = client.menu_page(&work(), &access(), &tenant(), kind, first.next.as_ref()).await.unwrap();
    assert_eq!(last.next, None);
    let lines: Vec<_> = server.received().into_iter().map(|r| r.line).collect();
    let path = "GET /integrations/v1/restaurants/rest-1/menu?kind=optionGroup&limit=200";
    assert_eq!(lines, [format!("{path} HTTP/1.1"), format!("{path}&cursor=c1 HTTP/1.1")]);
}
