//! S31-S36: additions and removals at both levels.

use super::build::{catalogue, category, dish, found, group, mode, modifier, price, product, tenant, value, with};
use crate::{
    Cents, OptionId, OptionValueId,
    menu::{
        Check, GroupKind,
        mapping::{Mapped, map},
        till::{Catalogue, TillModifier},
    },
};

/// A dish with these modifiers in a category with those.
fn both(own: Vec<TillModifier>, of_category: Vec<TillModifier>) -> Catalogue {
    catalogue(
        vec![with(category("pizze", "Pizze"), |c| c.modifiers = of_category)],
        vec![with(product("p", "Margherita"), |p| p.modifiers = own)],
    )
}

fn mapped(own: Vec<TillModifier>, of_category: Vec<TillModifier>) -> Mapped {
    map(&both(own, of_category), &tenant())
}

fn additions() -> TillModifier {
    modifier("o1", "Aggiunte pizza", vec![value("v1", "Bufala", 200), value("v2", "Speck", 150)])
}

fn names(mapped: &Mapped, id: &str) -> Vec<String> {
    group(mapped, id).options.iter().map(|option| option.name.clone()).collect()
}

#[test]
fn s31_s33_those_of_a_category_arrive_on_every_dish_of_it() {
    let categories =
        vec![with(category("pizze", "Pizze"), |c| c.modifiers = vec![additions()]), category("birre", "Birre")];
    let beer = with(product("b", "Bionda"), |p| p.category = Some("birre".into()));
    let products = vec![product("p1", "Margherita"), product("p2", "Marinara"), beer];
    let mapped = map(&catalogue(categories, products), &tenant());
    assert_eq!(dish(&mapped, "p1").groups, ["c:pizze:o1:add"]);
    assert_eq!(dish(&mapped, "p2").groups, ["c:pizze:o1:add"]);
    assert!(dish(&mapped, "b").groups.is_empty());
    let group = group(&mapped, "c:pizze:o1:add");
    assert_eq!((group.name.as_str(), group.kind), ("Aggiunte pizza", GroupKind::Additions));
    let prices: Vec<i64> = group.options.iter().map(|option| option.price.0).collect();
    assert_eq!(prices, [200, 150]);
}

#[test]
fn s34_those_of_an_article_arrive_on_that_dish() {
    let mapped = mapped(vec![additions()], vec![]);
    assert_eq!(dish(&mapped, "p").groups, ["p:p:o1:add"]);
    assert_eq!(names(&mapped, "p:p:o1:add"), ["Bufala", "Speck"]);
}

#[test]
fn s33_s34_both_are_offered_in_the_order_of_their_positions_and_the_articles_win_by_option() {
    let at = |position, modifier| with(modifier, |m: &mut TillModifier| m.position = position);
    let own = vec![at(2, modifier("o1", "Aggiunte", vec![value("v9", "Tartufo", 500)]))];
    let of_category = vec![
        at(3, modifier("o2", "Salse", vec![value("v3", "Piccante", 0)])),
        at(1, additions()),
        at(0, modifier("o3", "Bordo", vec![value("v4", "Ripieno", 100)])),
    ];
    let mapped = mapped(own, of_category);
    assert_eq!(dish(&mapped, "p").groups, ["c:pizze:o3:add", "p:p:o1:add", "c:pizze:o2:add"]);
    assert_eq!(names(&mapped, "p:p:o1:add"), ["Tartufo"]);
}

#[test]
fn s34_an_article_that_empties_an_option_of_its_category_offers_none_of_it() {
    assert!(dish(&mapped(vec![modifier("o1", "Aggiunte", vec![])], vec![additions()]), "p").groups.is_empty());
}

#[test]
fn s31_an_option_listed_twice_is_one_group_with_the_values_of_both() {
    let again = modifier("o1", "Altre", vec![value("v2", "Speck", 150), value("v3", "Olive", 50)]);
    let mapped = mapped(vec![additions(), again], vec![]);
    assert_eq!(dish(&mapped, "p").groups, ["p:p:o1:add"]);
    assert_eq!(names(&mapped, "p:p:o1:add"), ["Bufala", "Speck", "Olive"]);
}

#[test]
fn s31_names_are_looked_up_where_the_modifier_came_without() {
    let unnamed = with(additions(), |m| {
        m.name = None;
        m.values[0].name = None;
        m.values[1].name = Some(" \u{200B}".into());
    });
    let mut catalogue = both(vec![unnamed], vec![]);
    catalogue.names.options.insert(OptionId::parse("o1").unwrap(), "Aggiunte".into());
    catalogue.names.values.insert(OptionValueId::parse("v1").unwrap(), "Bufala".into());
    catalogue.names.values.insert(OptionValueId::parse("v2").unwrap(), "Speck".into());
    let mapped = map(&catalogue, &tenant());
    assert_eq!(group(&mapped, "p:p:o1:add").name, "Aggiunte");
    assert_eq!(names(&mapped, "p:p:o1:add"), ["Bufala", "Speck"]);
    assert_eq!(mapped.findings, []);
}

#[test]
fn s31_a_group_without_name_has_a_plain_one_and_a_value_without_name_is_not_offered() {
    let unnamed = with(additions(), |m| {
        m.name = None;
        m.values[0].name = None;
        m.values.push(with(value("v5", "Basilico", 0), |v| v.is_default = true));
    });
    let mapped = mapped(vec![unnamed], vec![]);
    assert_eq!(group(&mapped, "p:p:o1:add").name, "Aggiunte");
    assert_eq!(group(&mapped, "p:p:o1:rem").name, "Rimozioni");
    assert_eq!(names(&mapped, "p:p:o1:add"), ["Speck"]);
    assert_eq!(found(&mapped), [(Check::Option, "o1"), (Check::Option, "v1")]);
}

#[test]
fn s31_a_group_of_which_nothing_can_be_offered_is_none() {
    let unnamed = with(additions(), |m| m.values.iter_mut().for_each(|value| value.name = None));
    let mapped = mapped(vec![unnamed], vec![]);
    assert!(dish(&mapped, "p").groups.is_empty());
    assert_eq!(found(&mapped), [(Check::Option, "v1"), (Check::Option, "v2")]);
}

#[test]
fn s31_a_surcharge_in_percent_is_a_finding_and_not_offered() {
    let percent = with(additions(), |m| m.values[0].is_percentage = true);
    let mapped = mapped(vec![percent], vec![]);
    assert_eq!(names(&mapped, "p:p:o1:add"), ["Speck"]);
    assert_eq!(found(&mapped), [(Check::Option, "v1")]);
}

#[test]
fn s31_the_surcharge_of_a_price_list_wins_over_the_plain_one_and_two_that_differ_are_told() {
    let listed = |takeaway: i64, delivery: i64| {
        let prices = vec![price(Some("takeaway"), None, takeaway), price(Some("delivery"), None, delivery)];
        mapped(vec![with(additions(), |m| m.values[0].prices = prices)], vec![])
    };
    let same = listed(180, 180);
    assert_eq!(group(&same, "p:p:o1:add").options[0].price, Cents(180));
    assert_eq!(same.findings, []);
    let differing = listed(180, 190);
    assert_eq!(group(&differing, "p:p:o1:add").options[0].price, Cents(180));
    assert_eq!(found(&differing), [(Check::Option, "v1")]);
}

#[test]
fn s31_a_surcharge_that_cannot_be_true_is_not_offered() {
    let unreadable = crate::menu::till::TillPrice { mode: Some(mode("takeaway")), sales_point: None, value: None };
    for change in [
        |m: &mut TillModifier| m.values[0].price = Some(Cents(i64::MAX)),
        |m: &mut TillModifier| m.values[0].price = Some(Cents(i64::MIN)),
    ] {
        let mapped = mapped(vec![with(additions(), change)], vec![]);
        assert_eq!((names(&mapped, "p:p:o1:add"), found(&mapped)), (vec!["Speck".into()], vec![(Check::Option, "v1")]));
    }
    let mapped = mapped(vec![with(additions(), |m| m.values[0].prices = vec![unreadable])], vec![]);
    assert_eq!((names(&mapped, "p:p:o1:add"), found(&mapped)), (vec!["Speck".into()], vec![(Check::Option, "v1")]));
}

#[test]
fn a_surcharge_that_only_other_price_lists_know_is_not_given_away() {
    for mode in [None, Some("banco")] {
        let priced =
            with(additions(), |m| (m.values[0].price, m.values[0].prices) = (None, vec![price(mode, None, 180)]));
        let mapped = mapped(vec![priced], vec![]);
        assert_eq!((names(&mapped, "p:p:o1:add"), found(&mapped)), (vec!["Speck".into()], vec![(Check::Option, "v1")]));
    }
}

#[test]
fn e51_a_moved_dish_keeps_its_id_and_gets_the_groups_of_its_new_category() {
    let categories = || {
        let bianche = with(category("bianche", "Bianche"), |c| {
            c.modifiers = vec![modifier("o2", "Salse", vec![value("v3", "Piccante", 0)])];
        });
        vec![with(category("pizze", "Pizze"), |c| c.modifiers = vec![additions()]), bianche]
    };
    let before = catalogue(categories(), vec![product("p", "Margherita")]);
    let moved = with(product("p", "Margherita"), |p| p.category = Some("bianche".into()));
    let after = catalogue(categories(), vec![moved]);
    let changes = super::build::whole(&after, &super::build::synced(&before));
    assert_eq!(super::build::written(&changes), ["d:p"]);
    assert!(changes.deactivations.is_empty());
    assert_eq!(dish(&map(&after, &tenant()), "p").groups, ["c:bianche:o2:add"]);
}

#[test]
fn s36_an_option_whose_code_cannot_lead_back_to_it_is_not_offered() {
    let mapped = mapped(vec![with(additions(), |m| m.option = OptionId::parse("a:b").unwrap())], vec![]);
    assert!(dish(&mapped, "p").groups.is_empty());
    assert_eq!(found(&mapped), [(Check::Option, "a:b")]);
}

#[test]
fn a_value_without_any_price_is_free_and_one_with_its_own_keeps_it_whatever_other_lists_say() {
    let free = with(value("v1", "Ben cotta", 0), |v| v.price = None);
    let own = with(value("v2", "Bufala", 200), |v| v.prices = vec![price(Some("sala"), None, 300)]);
    let mapped = mapped(vec![modifier("o1", "Aggiunte", vec![free, own])], vec![]);
    let prices: Vec<Cents> = group(&mapped, "p:p:o1:add").options.iter().map(|option| option.price).collect();
    assert_eq!(prices, [Cents(0), Cents(200)]);
}

#[test]
fn ten_thousand_euro_can_be_true_and_a_cent_more_cannot_whatever_the_sign() {
    for (cents, is_offered) in [(1_000_000, true), (1_000_001, false), (-1_000_000, true), (-1_000_001, false)] {
        let mapped = mapped(vec![modifier("o1", "Aggiunte", vec![value("v", "Tartufo", cents)])], vec![]);
        assert_eq!(mapped.menu.entries.contains_key("g:p:p:o1:add"), is_offered, "{cents}: {:?}", found(&mapped));
    }
}
