//! Whatever the till holds, each thing has its finding and the rest of the menu is right.

use super::build::{
    alone, catalogue, category, dish, find_dish, found, group, modifier, of_products, product, tenant, value, with,
};
use crate::menu::{
    Check, Entry, Level,
    mapping::{NO_CATEGORY, map},
    till::{Catalogue, TillProduct},
};

#[test]
fn a_name_of_500_characters_is_cut_and_told() {
    let mapped = alone(with(product("p", ""), |p| p.name = "à".repeat(500)));
    assert_eq!(dish(&mapped, "p").name, "à".repeat(200));
    assert_eq!(found(&mapped), [(Check::Name, "p")]);
}

#[test]
fn a_description_of_6000_characters_is_cut_and_told() {
    let mapped = alone(with(product("p", "Margherita"), |p| p.text = "x".repeat(6000)));
    assert_eq!(dish(&mapped, "p").description.len(), 5000);
    assert_eq!(found(&mapped), [(Check::Name, "p")]);
}

#[test]
fn a_dish_without_a_name_that_can_be_read_is_not_offered() {
    for name in ["", "   ", "\u{0}\u{7}", "\u{200B}\u{202E}"] {
        let mapped = map(&of_products(vec![product("p", name), product("q", "Marinara")]), &tenant());
        assert_eq!((find_dish(&mapped.menu, "p"), found(&mapped)), (None, vec![(Check::Name, "p")]));
        assert!(dish(&mapped, "q").active);
    }
}

#[test]
fn emoji_right_to_left_and_control_characters_are_no_reason_to_leave_a_dish_out() {
    for (typed, name) in
        [("🍕 Pizza", "🍕 Pizza"), ("بيتزا", "بيتزا"), ("Piz\u{0}za\u{202E}!", "Piz za!"), ("e\u{301}", "é")]
    {
        let mapped = alone(product("p", typed));
        assert_eq!((dish(&mapped, "p").name.as_str(), mapped.findings.len()), (name, 0));
    }
}

#[test]
fn e52_a_dish_in_a_missing_category_is_parked_and_not_orderable() {
    let deleted = with(product("p", "Margherita"), |p| p.category = Some("cancellata".into()));
    let none = with(product("q", "Marinara"), |p| p.category = None);
    let mapped = map(&of_products(vec![deleted, none, product("r", "Regina")]), &tenant());
    for id in ["p", "q"] {
        let dish = dish(&mapped, id);
        assert!(dish.active && !dish.takeaway.orderable && !dish.delivery.orderable);
        assert_eq!(dish.category, NO_CATEGORY);
    }
    assert!(mapped.menu.entries.contains_key("c:ponte:senza-categoria"));
    assert!(dish(&mapped, "r").takeaway.orderable);
    assert_eq!(found(&mapped), [(Check::Category, "p"), (Check::Category, "q")]);
}

#[test]
fn e52_a_category_without_name_is_told_and_its_dishes_are_parked() {
    let mapped = map(&catalogue(vec![category("pizze", " ")], vec![product("p", "Margherita")]), &tenant());
    assert_eq!(dish(&mapped, "p").category, NO_CATEGORY);
    assert!(!mapped.menu.entries.contains_key("c:pizze"));
    assert_eq!(found(&mapped), [(Check::Name, "pizze"), (Check::Category, "p")]);
}

#[test]
fn e54_dishes_of_one_name_stay_two_and_both_are_shown_with_their_category() {
    let dessert = with(product("q", "MARGHERITA"), |p| p.category = Some("dolci".into()));
    let categories = vec![category("pizze", "Pizze"), category("dolci", "Dolci")];
    let mapped = map(&catalogue(categories, vec![product("p", "Margherita"), dessert]), &tenant());
    assert_eq!(mapped.menu.dishes().count(), 2);
    assert_eq!(found(&mapped), [(Check::SameName, "p"), (Check::SameName, "q")]);
    assert!(mapped.findings[0].message.contains("«Pizze»") && mapped.findings[1].message.contains("«Dolci»"));
}

#[test]
fn e54_categories_of_one_name_stay_two() {
    let mapped = map(&catalogue(vec![category("a", "Pizze"), category("b", "Pizze")], vec![]), &tenant());
    assert_eq!(mapped.menu.entries.len(), 2);
}

#[test]
fn e43_a_repeated_row_is_one_dish_and_one_category_as_last_read() {
    let categories = vec![
        with(category("pizze", "Vecchie"), |c| {
            c.modifiers = vec![modifier("o", "Aggiunte", vec![value("v", "Speck", 150)])]
        }),
        category("pizze", "Pizze"),
    ];
    let mapped = map(&catalogue(categories, vec![product("p", "Vecchia"), product("p", "Margherita")]), &tenant());
    let keys: Vec<&String> = mapped.menu.entries.keys().collect();
    assert_eq!(keys, ["c:pizze", "d:p"]);
    assert_eq!(dish(&mapped, "p").name, "Margherita");
    assert!(matches!(&mapped.menu.entries["c:pizze"], Entry::Category(category) if category.name == "Pizze"));
}

#[test]
fn a_photo_that_is_no_address_is_told_and_the_others_stay() {
    let images = vec!["foto.jpg".into(), "https://images.example.test/1.jpg".into(), String::new()];
    let mapped = alone(with(product("p", "Margherita"), |p| p.images = images));
    assert_eq!(dish(&mapped, "p").photos, ["https://images.example.test/1.jpg"]);
    assert_eq!(found(&mapped), [(Check::Photo, "p")]);
    let mapped =
        map(&catalogue(vec![with(category("c", "Pizze"), |c| c.image = Some("foto".into()))], vec![]), &tenant());
    assert_eq!(found(&mapped), [(Check::Photo, "c")]);
}

#[test]
fn a_tax_rate_that_the_platform_cannot_take_is_left_out() {
    for (rate, expected) in [
        ("10", Some("10")),
        ("22.00", Some("22")),
        ("4.50", Some("4.5")),
        ("0", Some("0")),
        ("100", None),
        ("-4", None),
        ("10,5", None),
        ("4.125", None),
        ("", None),
        (".5", None),
        ("dieci", None),
        ("１０", None),
    ] {
        let mapped = alone(with(product("p", "Margherita"), |p| p.vat_rate = Some(rate.into())));
        assert_eq!(dish(&mapped, "p").vat_rate.as_deref(), expected, "{rate}");
    }
}

#[test]
fn an_article_of_which_nothing_optional_is_there_is_still_a_dish() {
    let bare = TillProduct { category: None, prices: vec![], variants: 0, ..product("p", "Margherita") };
    let mapped = map(&Catalogue { products: vec![bare], ..Catalogue::default() }, &tenant());
    assert!(!dish(&mapped, "p").takeaway.orderable);
    assert!(mapped.findings.iter().all(|finding| finding.level == Level::Error && finding.subject == "p"));
}

#[test]
fn an_id_that_cannot_be_ordered_by_is_never_offered() {
    for id in ["", "a:b", "a b", "a\tb", "a#b", &"x".repeat(129)] {
        let mapped = map(&of_products(vec![product(id, "Margherita"), product("q", "Marinara")]), &tenant());
        assert_eq!((mapped.menu.dishes().count(), found(&mapped)), (1, vec![(Check::Name, id)]));
        let mapped = map(&catalogue(vec![category(id, "Pizze")], vec![]), &tenant());
        assert_eq!((mapped.menu.entries.len(), found(&mapped)), (0, vec![(Check::Name, id)]));
    }
}

#[test]
fn a_long_name_of_an_option_is_cut_and_told() {
    let long = modifier("o", &"g".repeat(300), vec![value("v", &"x".repeat(300), 100)]);
    let mapped = alone(with(product("p", "Margherita"), |p| p.modifiers = vec![long]));
    let group = group(&mapped, "p:p:o:add");
    assert_eq!((group.name.len(), group.options[0].name.len()), (200, 200));
    assert_eq!(found(&mapped), [(Check::Option, "o"), (Check::Option, "v")]);
}

#[test]
fn ten_thousand_articles_are_mapped_and_compared_without_a_change() {
    let modifiers: Vec<_> = (0..20)
        .map(|o| {
            modifier(
                &format!("o{o}"),
                "Aggiunte",
                (0..20).map(|v| value(&format!("v{v}"), &format!("Voce {v}"), v)).collect(),
            )
        })
        .collect();
    let categories = vec![with(category("pizze", "Pizze"), |c| c.modifiers = modifiers)];
    let products = (0..10_000)
        .map(|n| with(product(&format!("p{n}"), &format!("Piatto {n}")), |p| p.text = "<p>Pomodoro</p>".into()));
    let catalogue = catalogue(categories, products.collect());
    let manifest = super::build::synced(&catalogue);
    assert_eq!(manifest.entries.len(), 1 + 20 + 10_000);
    assert!(super::build::whole(&catalogue, &manifest).is_empty());
}
