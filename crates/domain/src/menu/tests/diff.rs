//! From what is desired and what was written to what is to be written.

use super::build::{
    applied, catalogue, category, dish, modifier, of_products, product, synced, tenant, tenant_with, value, whole,
    with, written,
};
use crate::menu::{
    Check, Entry, Kind,
    diff::{Scope, diff, lost_dishes, to_delete},
    manifest::{Known, Manifest},
    mapping::{map, map_readable},
    till::Catalogue,
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

fn full() -> Catalogue {
    let extra = |option: &str| vec![modifier(option, "Aggiunte", vec![value("v", "Speck", 150)])];
    let dish = with(product("p", "Margherita"), |p| p.modifiers = extra("o1"));
    let pizze = with(category("pizze", "Pizze"), |c| c.modifiers = extra("o2"));
    catalogue(vec![pizze], vec![dish, product("q", "Marinara")])
}

fn keys(keys: &[&str]) -> BTreeSet<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

#[test]
fn s05_s52_the_first_pass_writes_everything_categories_first_and_dishes_last() {
    let changes = whole(&full(), &Manifest::default());
    assert_eq!(written(&changes), ["c:pizze", "g:c:pizze:o2:add", "g:p:p:o1:add", "d:p", "d:q"]);
    assert!(changes.deactivations.is_empty());
}

#[test]
fn a_menu_that_has_not_changed_costs_nothing() {
    let changes = whole(&full(), &synced(&full()));
    assert!(changes.is_empty() && changes.findings.is_empty());
}

#[test]
fn s12_s16_s36_s45_what_was_deleted_on_the_till_is_deactivated_once() {
    let manifest = synced(&full());
    let nothing = catalogue(vec![], vec![]);
    let changes = whole(&nothing, &manifest);
    let gone: BTreeSet<String> = changes.deactivations.iter().cloned().collect();
    assert_eq!(gone, manifest.entries.keys().cloned().collect());
    assert!(whole(&nothing, &applied(&manifest, &changes)).is_empty());
}

#[test]
fn e53_what_comes_back_with_its_id_is_active_again_and_what_is_created_anew_is_another_dish() {
    let manifest = applied(&synced(&full()), &whole(&catalogue(vec![], vec![]), &synced(&full())));
    assert_eq!(written(&whole(&full(), &manifest)).len(), 5);
    let anew = of_products(vec![product("p2", "Margherita")]);
    let changes = whole(&anew, &synced(&of_products(vec![product("p", "Margherita")])));
    assert_eq!((written(&changes), changes.deactivations), (vec!["d:p2".to_owned()], vec!["d:p".to_owned()]));
}

#[test]
fn s16_where_the_restaurant_wants_it_so_what_was_deleted_is_a_finding_and_stays() {
    let tenant = tenant_with(json!({"deleted_article": "report"}));
    let changes = diff(&map(&catalogue(vec![], vec![]), &tenant), &synced(&full()), Scope::Whole, &tenant);
    assert!(changes.is_empty());
    assert!(changes.findings.iter().all(|finding| finding.check == Check::Ghost));
    let left: BTreeSet<String> = changes.findings.into_iter().map(|finding| finding.subject).collect();
    assert_eq!(left, keys(&["pizze", "c:pizze:o2:add", "p:p:o1:add", "p", "q"]));
}

/// What a person is told to delete after this catalogue was read whole.
fn told(catalogue: &Catalogue) -> Vec<String> {
    let manifest = applied(&synced(&full()), &whole(catalogue, &synced(&full())));
    let gone = manifest.entries.iter().filter(|(_, known)| **known == Known::Deactivated).map(|(key, _)| key);
    let findings = to_delete(&map(catalogue, &tenant()), gone, &BTreeMap::new());
    findings.into_iter().map(|finding| finding.subject).collect()
}

#[test]
fn s11_s16_s36_a_person_deletes_what_was_deleted_on_the_till_and_its_groups_go_along() {
    let pizze = || full().categories;
    assert_eq!(told(&full()), Vec::<String>::new());
    assert_eq!(told(&catalogue(pizze(), vec![product("q", "Marinara")])), ["p"]);
    assert_eq!(told(&catalogue(pizze(), vec![product("p", "Margherita"), product("q", "Marinara")])), ["p:p:o1:add"]);
    assert_eq!(told(&catalogue(vec![category("pizze", "Pizze")], full().products)), ["c:pizze:o2:add"]);
    let variants = with(full(), |full| full.products[0].variants = 2);
    assert_eq!(told(&variants), Vec::<String>::new(), "it is still at the till");
}

#[test]
fn what_a_person_deletes_is_called_as_the_platform_calls_it() {
    let names = BTreeMap::from([("d:x".to_owned(), "Regina".to_owned())]);
    let findings = to_delete(&map(&full(), &tenant()), [&"d:x".to_owned()], &names);
    assert!(findings[0].message.starts_with("«Regina» non è sulla cassa"));
}

#[test]
fn e19_e55_a_dish_is_lost_when_it_is_gone_or_cannot_be_ordered_any_more() {
    let mut closed = full();
    closed.products[0].prices.clear();
    closed.products.pop();
    assert_eq!(lost_dishes(&whole(&closed, &synced(&full())), &synced(&full())), 2);
    assert_eq!(lost_dishes(&whole(&full(), &Manifest::default()), &Manifest::default()), 0);
}

#[test]
fn s32_what_is_not_offered_any_more_is_deactivated_also_there() {
    let tenant = tenant_with(json!({"deleted_article": "report"}));
    let mut variants = full();
    variants.products[0].variants = 2;
    let changes = diff(&map(&variants, &tenant), &synced(&full()), Scope::Whole, &tenant);
    assert_eq!(changes.deactivations, ["d:p", "g:p:p:o1:add"]);
    assert_eq!(changes.findings, []);
}

#[test]
fn e43_a_part_of_the_till_says_nothing_of_what_was_not_read() {
    let part = Catalogue { products: vec![product("r", "Regina")], ..full() };
    let changes = diff(&map(&part, &tenant()), &synced(&full()), Scope::Part, &tenant());
    assert_eq!((written(&changes), changes.deactivations.len()), (vec!["d:r".to_owned()], 0));
}

#[test]
fn e43_a_part_deactivates_what_of_its_own_dishes_is_gone() {
    let bare = Catalogue { products: vec![product("p", "Margherita")], ..full() };
    let changes = diff(&map(&bare, &tenant()), &synced(&full()), Scope::Part, &tenant());
    assert_eq!((written(&changes), changes.deactivations), (vec!["d:p".to_owned()], vec!["g:p:p:o1:add".to_owned()]));
    let withheld = Catalogue { products: vec![with(full().products.remove(0), |p| p.by_weight = true)], ..full() };
    let changes = diff(&map(&withheld, &tenant()), &synced(&full()), Scope::Part, &tenant());
    assert_eq!(changes.deactivations, ["d:p", "g:p:p:o1:add"]);
}

#[test]
fn e43_a_dish_that_could_not_be_read_keeps_itself_and_its_groups() {
    let readable = Catalogue { products: vec![product("q", "Marinara")], ..full() };
    for policy in ["hide", "report"] {
        let tenant = tenant_with(json!({"deleted_article": policy}));
        let mapped = map_readable(&readable, &keys(&["d:p"]), &tenant);
        let changes = diff(&mapped, &synced(&full()), Scope::Whole, &tenant);
        assert!(changes.is_empty() && changes.findings.is_empty());
        let told: Vec<_> = super::build::found(&mapped);
        assert_eq!(told, [(Check::Incomplete, "p")]);
    }
}

#[test]
fn e43_a_category_that_could_not_be_read_keeps_its_dishes_and_groups_as_they_are() {
    let readable = Catalogue { categories: vec![], ..full() };
    let mapped = map_readable(&readable, &keys(&["c:pizze"]), &tenant());
    assert!(mapped.menu.entries.is_empty());
    assert!(mapped.findings[0].message.starts_with("Una categoria della cassa non è leggibile"));
    assert!(diff(&mapped, &synced(&full()), Scope::Whole, &tenant()).is_empty());
}

#[test]
fn e43_a_row_read_well_and_badly_is_left_alone() {
    let changed = Catalogue { products: vec![product("p", "Regina"), product("q", "Marinara")], ..full() };
    let mapped = map_readable(&changed, &keys(&["d:p"]), &tenant());
    assert!(diff(&mapped, &synced(&full()), Scope::Whole, &tenant()).is_empty());
}

#[test]
fn e52_a_dish_that_could_not_be_read_keeps_the_category_in_which_it_may_be_parked() {
    let parked = with(product("p", "Margherita"), |p| p.category = None);
    let manifest = synced(&catalogue(vec![], vec![parked]));
    let mapped = map_readable(&catalogue(vec![], vec![]), &keys(&["d:p"]), &tenant());
    assert!(diff(&mapped, &manifest, Scope::Whole, &tenant()).is_empty());
}

#[test]
fn a_key_says_its_kind_also_for_a_group_of_a_category() {
    let mapped = map(&full(), &tenant());
    for (key, entry) in &mapped.menu.entries {
        assert_eq!((Kind::of_key(key), &entry.key()), (Some(entry.kind()), key));
    }
    assert_eq!(Kind::of_key("g:c:pizze:o2:add"), Some(Kind::Group));
    assert_eq!(Kind::of_key("x:p"), None);
    assert_eq!(Kind::of_key("c"), None);
    assert!(mapped.menu.entries.values().all(Entry::is_orderable) && dish(&mapped, "p").active);
}

#[test]
fn a_change_that_only_takes_away_is_one() {
    let nothing = whole(&full(), &synced(&full()));
    assert!(nothing.is_empty());
    let mut fewer = full();
    fewer.products.pop();
    let less = whole(&fewer, &synced(&full()));
    assert!(less.upserts.is_empty() && !less.is_empty(), "{less:?}");
    assert!(!whole(&full(), &Manifest::default()).is_empty());
}

#[test]
fn what_is_to_be_deleted_by_hand_is_called_by_its_kind() {
    let kinds = [("c:bibite", "categoria"), ("g:p:p:o1:add", "gruppo"), ("d:x", "piatto")];
    let mapped = map(&catalogue(vec![category("pizze", "Pizze")], vec![product("p", "Margherita")]), &tenant());
    for (key, kind) in kinds {
        let told = to_delete(&mapped, [&key.to_owned()], &BTreeMap::new());
        assert!(told[0].message.contains(kind) && told[0].remedy.contains(kind), "{key}: {told:?}");
    }
    let tenant = tenant_with(json!({"deleted_article": "report"}));
    let left = diff(&map(&catalogue(vec![], vec![]), &tenant), &synced(&full()), Scope::Whole, &tenant).findings;
    for (_, kind) in kinds {
        let of_kind = |finding: &&crate::menu::Finding| finding.message.to_lowercase().contains(kind);
        let finding = left.iter().find(of_kind).unwrap_or_else(|| panic!("no {kind} among {left:?}"));
        assert!(finding.remedy.contains(kind), "{finding:?}");
    }
}
