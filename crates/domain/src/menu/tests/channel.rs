//! S15, S32 and the articles that are not offered: what is off the channel is nobody's concern.

use super::build::{
    OTHER, OURS, alone, catalogue, category, dish, find_dish, found, product, synced, tenant, whole, with,
};
use crate::menu::{
    Check,
    mapping::map,
    till::{TillPrice, TillProduct},
};

type Change = fn(&mut TillProduct);

const WITHHELD: [(Change, Check); 5] = [
    (|p| p.multivariant = true, Check::Variants),
    (|p| p.variants = 2, Check::Variants),
    (|p| p.menu = true, Check::Composition),
    (|p| p.composition = true, Check::Composition),
    (|p| p.by_weight = true, Check::ByWeight),
];

#[test]
fn s15_a_dish_is_active_when_product_and_category_are_both_on_the_channel() {
    for (product_on, category_on) in [(true, true), (true, false), (false, true), (false, false)] {
        let catalogue = catalogue(
            vec![with(category("pizze", "Pizze"), |c| c.on_channel = category_on)],
            vec![with(product("p", "Margherita"), |p| p.on_channel = product_on)],
        );
        let mapped = map(&catalogue, &tenant());
        assert_eq!(dish(&mapped, "p").active, product_on && category_on);
        assert_eq!(mapped.findings, []);
    }
}

#[test]
fn s32_articles_with_variants_menus_compositions_and_by_weight_are_findings_and_not_offered() {
    for (change, check) in WITHHELD {
        let mapped = alone(with(product("p", "Birra"), change));
        assert_eq!(find_dish(&mapped.menu, "p"), None);
        assert_eq!((found(&mapped), mapped.withheld.as_slice()), (vec![(check, "p")], ["p".to_owned()].as_slice()));
    }
}

#[test]
fn s32_the_one_technical_variant_of_a_simple_article_is_none() {
    for variants in [0, 1] {
        let mapped = alone(with(product("p", "Margherita"), |p| p.variants = variants));
        assert!(dish(&mapped, "p").active && mapped.findings.is_empty());
    }
}

#[test]
fn s32_a_dish_that_gets_variants_is_deactivated_and_active_again_without_them() {
    let pizze = || vec![category("pizze", "Pizze")];
    let simple = catalogue(pizze(), vec![product("p", "Birra")]);
    let variants = catalogue(pizze(), vec![with(product("p", "Birra"), |p| p.variants = 2)]);
    let manifest = synced(&simple);
    let changes = whole(&variants, &manifest);
    assert_eq!(changes.deactivations, ["d:p"]);
    let manifest = super::build::applied(&manifest, &changes);
    assert!(whole(&variants, &manifest).is_empty());
    assert_eq!(super::build::written(&whole(&simple, &manifest)), ["d:p"]);
}

#[test]
fn s15_what_is_off_the_channel_raises_no_finding_whatever_is_wrong_with_it() {
    let wrong: [Change; 5] = [
        |p| p.name = String::new(),
        |p| p.name = "x".repeat(500),
        |p| p.prices = Vec::<TillPrice>::new(),
        |p| p.category = None,
        |p| p.images = vec!["niente".into()],
    ];
    for change in WITHHELD.iter().map(|(change, _)| *change).chain(wrong) {
        assert!(!alone(with(product("p", "Birra"), change)).findings.is_empty());
        let off = with(with(product("p", "Birra"), change), |p| p.on_channel = false);
        assert_eq!(alone(off).findings, []);
        let hidden = with(category("pizze", "Pizze"), |c| c.on_channel = false);
        let of_hidden = with(product("p", "Birra"), change);
        let is_parked = of_hidden.category.is_none();
        let mapped = map(&catalogue(vec![hidden], vec![of_hidden]), &tenant());
        assert_eq!(mapped.findings.is_empty(), !is_parked);
    }
}

#[test]
fn s15_a_category_off_the_channel_and_without_name_still_closes_its_dishes() {
    let nameless = with(category("pizze", ""), |c| c.on_channel = false);
    let mapped = map(&catalogue(vec![nameless], vec![product("p", "Margherita")]), &tenant());
    assert!(!dish(&mapped, "p").active);
    assert_eq!(mapped.findings, []);
}

#[test]
fn s09_only_what_this_sales_point_sees_is_on_its_menu() {
    let of = |at| with(product("p", "Margherita"), |p| p.sales_point = at);
    for (at, seen) in [(None, true), (Some(OURS), true), (Some(OTHER), false)] {
        let mapped = alone(of(at));
        assert_eq!(find_dish(&mapped.menu, "p").is_some(), seen);
        assert_eq!(mapped.findings, []);
    }
}

#[test]
fn e35_a_category_in_two_sales_points_is_ours_where_it_is_ours() {
    let ours = with(category("pizze", "Pizze"), |c| c.sales_point = Some(OURS));
    let theirs = with(category("pizze", "Pizza!"), |c| {
        c.sales_point = Some(OTHER);
        c.on_channel = false;
    });
    for categories in [vec![ours.clone(), theirs.clone()], vec![theirs.clone(), ours]] {
        let mapped = map(&catalogue(categories, vec![product("p", "Margherita")]), &tenant());
        assert!(dish(&mapped, "p").active && mapped.findings.is_empty());
    }
    let mapped = map(&catalogue(vec![theirs], vec![product("p", "Margherita")]), &tenant());
    assert_eq!(found(&mapped), [(Check::Category, "p")]);
}
