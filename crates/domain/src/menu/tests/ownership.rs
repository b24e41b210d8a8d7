//! What belongs to whom: the till's fields are all that an entry has, and deactivation all that can happen besides.

use super::build::{alone, catalogue, category, dish, product, synced, whole, with, written};
use crate::{
    Cents,
    menu::{
        Category, Dish, GroupKind, OptionGroup, OptionItem, ServicePrice, diff::Changes, manifest::Known, mapping::map,
    },
};
use serde::Serialize;

fn fields(entry: &impl Serialize) -> Vec<String> {
    let entry = serde_json::to_value(entry).unwrap();
    entry.as_object().unwrap().keys().cloned().collect()
}

fn a_dish() -> Dish {
    dish(&alone(product("p", "Margherita")), "p").clone()
}

#[test]
fn s02_s10_a_category_has_the_fields_of_the_till_and_none_for_translations() {
    let category = Category { external_id: "c".into(), name: "Pizze".into(), image: None, active: true };
    assert_eq!(fields(&category), ["active", "external_id", "image", "name"]);
}

#[test]
fn s14_s20_to_s25_a_dish_has_no_field_for_labels_ingredients_allergens_frozen_availability_or_translations() {
    let expected = [
        "active",
        "category",
        "delivery",
        "description",
        "external_id",
        "groups",
        "name",
        "photos",
        "takeaway",
        "vat_rate",
    ];
    assert_eq!(fields(&a_dish()), expected);
    assert_eq!(fields(&ServicePrice { price: Cents(700), orderable: true }), ["orderable", "price"]);
}

#[test]
fn s35_s38_a_group_and_its_options_have_no_field_for_translations() {
    let item = OptionItem { external_id: "v".into(), name: "Speck".into(), price: Cents(150) };
    assert_eq!(fields(&item), ["external_id", "name", "price"]);
    let (external_id, name) = ("p:p:o:add".into(), "Aggiunte".into());
    let group = OptionGroup { external_id, name, kind: GroupKind::Additions, options: vec![item] };
    assert_eq!(fields(&group), ["external_id", "kind", "name", "options"]);
}

#[test]
fn s11_s12_s16_s36_s38_a_change_writes_and_deactivates_and_cannot_delete() {
    let Changes { upserts, deactivations, findings } = Changes::default();
    assert!(upserts.is_empty() && deactivations.is_empty() && findings.is_empty());
}

#[test]
fn s03_s09_a_dish_is_exactly_one_article_by_its_id() {
    let products = vec![product("p1", "Margherita"), product("p2", "Marinara")];
    let mapped = map(&catalogue(vec![category("pizze", "Pizze")], products), &super::build::tenant());
    let ids: Vec<&str> = mapped.menu.dishes().map(|dish| dish.external_id.as_str()).collect();
    assert_eq!(ids, ["p1", "p2"]);
}

#[test]
fn s01_s13_everything_of_an_article_arrives_photos_included() {
    let full = with(product("p", "Margherita"), |p| {
        p.text = "<p>Pomodoro &amp; mozzarella</p>".into();
        p.images = vec!["https://images.example.test/1.jpg".into(), "https://images.example.test/2.jpg".into()];
        p.vat_rate = Some("10.00".into());
    });
    let mapped = alone(full);
    let price = |cents| ServicePrice { price: Cents(cents), orderable: true };
    let expected = Dish {
        external_id: "p".into(),
        category: "pizze".into(),
        name: "Margherita".into(),
        description: "Pomodoro & mozzarella".into(),
        active: true,
        takeaway: price(700),
        delivery: price(800),
        vat_rate: Some("10".into()),
        groups: vec![],
        photos: vec!["https://images.example.test/1.jpg".into(), "https://images.example.test/2.jpg".into()],
    };
    assert_eq!(dish(&mapped, "p"), &expected);
    assert_eq!(mapped.findings, []);
}

#[test]
fn s02_s04_s06_s08_whatever_changes_on_the_till_is_written_again_and_nothing_else() {
    let of = |first| catalogue(vec![category("pizze", "Pizze")], vec![first, product("p2", "Marinara")]);
    let manifest = synced(&of(product("p1", "Margherita")));
    let changes: [fn(&mut crate::menu::till::TillProduct); 6] = [
        |p| p.name = "Regina".into(),
        |p| p.text = "Con basilico".into(),
        |p| p.on_channel = false,
        |p| p.prices[1].value = Some(Cents(705)),
        |p| p.images = vec!["https://images.example.test/3.jpg".into()],
        |p| p.vat_rate = Some("22".into()),
    ];
    for change in changes {
        assert_eq!(written(&whole(&of(with(product("p1", "Margherita"), change)), &manifest)), ["d:p1"]);
    }
}

#[test]
fn s18_an_article_off_the_channel_stays_and_is_inactive_rather_than_deactivated() {
    let on = catalogue(vec![category("pizze", "Pizze")], vec![product("p", "Margherita")]);
    let off = catalogue(on.categories.clone(), vec![with(product("p", "Margherita"), |p| p.on_channel = false)]);
    let changes = whole(&off, &synced(&on));
    assert_eq!((written(&changes), changes.deactivations.len()), (vec!["d:p".to_owned()], 0));
    assert!(matches!(synced(&off).entries["d:p"], Known::Written { orderable: false, .. }));
}

#[test]
fn e50_a_photo_is_known_by_its_address() {
    let with_photo = |address: &str| {
        let photo = with(product("p", "Margherita"), |p| p.images = vec![address.into(), address.into()]);
        catalogue(vec![category("pizze", "Pizze")], vec![photo])
    };
    let (same, other) = ("https://images.example.test/1.jpg", "https://images.example.test/2.jpg");
    assert!(whole(&with_photo(same), &synced(&with_photo(same))).is_empty());
    assert_eq!(written(&whole(&with_photo(other), &synced(&with_photo(same)))), ["d:p"]);
    assert_eq!(dish(&map(&with_photo(same), &super::build::tenant()), "p").photos, [same]);
}
