//! E19, E55: how much may disappear unasked.

use super::build::{catalogue, of_products, price, product, synced, tenant_with, whole, with};
use crate::menu::{
    diff::is_mass_change,
    manifest::Manifest,
    till::{Catalogue, TillProduct},
};
use serde_json::json;

fn menu(count: usize, change: impl Fn(usize, TillProduct) -> Option<TillProduct>) -> Catalogue {
    of_products((0..count).filter_map(|n| change(n, product(&format!("p{n}"), &format!("Piatto {n}")))).collect())
}

fn kept(count: usize) -> Catalogue {
    menu(count, |_, product| Some(product))
}

/// Whether it is too much when of `before` dishes the first `lost` go.
fn is_too_much(before: usize, lost: usize, percent: usize) -> bool {
    let manifest = synced(&kept(before));
    let after = menu(before, |n, product| (n >= lost).then_some(product));
    let tenant = tenant_with(json!({"mass_change_guard_percent": percent}));
    is_mass_change(&whole(&after, &manifest), &manifest, &tenant)
}

#[test]
fn e55_more_dishes_than_the_percentage_do_not_go_unasked_and_exactly_as_many_do() {
    assert!(!is_too_much(100, 20, 20));
    assert!(is_too_much(100, 21, 20));
    assert!(is_too_much(21, 5, 20));
    assert!(!is_too_much(25, 5, 20));
    assert!(is_too_much(7, 4, 50));
    assert!(!is_too_much(7, 7, 100));
}

#[test]
fn e55_one_dish_may_go_whatever_its_share_is_and_a_second_may_not() {
    assert!(!is_too_much(1, 1, 1));
    assert!(!is_too_much(99, 1, 1));
    assert!(is_too_much(2, 2, 1));
    assert!(is_too_much(199, 2, 1));
    assert!(!is_too_much(200, 2, 1));
}

#[test]
fn e55_everything_at_once_is_too_much() {
    let manifest = synced(&kept(30));
    assert!(is_mass_change(&whole(&catalogue(vec![], vec![]), &manifest), &manifest, &super::build::tenant()));
}

#[test]
fn e19_prices_that_vanish_count_as_dishes_that_do() {
    let manifest = synced(&kept(30));
    let base_price_only = menu(30, |_, p| Some(with(p, |p| p.prices = vec![price(None, None, 750)])));
    assert!(is_mass_change(&whole(&base_price_only, &manifest), &manifest, &super::build::tenant()));
    let mut renamed = kept(30);
    (renamed.takeaway, renamed.delivery) = (None, None);
    assert!(is_mass_change(&whole(&renamed, &manifest), &manifest, &super::build::tenant()));
}

#[test]
fn s15_a_channel_switched_off_for_a_whole_category_is_no_loss_but_somebody_s_wish() {
    let manifest = synced(&kept(30));
    let mut off = kept(30);
    off.categories[0].on_channel = false;
    assert!(!is_mass_change(&whole(&off, &manifest), &manifest, &super::build::tenant()));
}

#[test]
fn e55_changes_additions_and_what_nobody_could_order_are_no_loss() {
    let tenant = super::build::tenant();
    let manifest = synced(&kept(30));
    let dearer = menu(60, |_, p| Some(with(p, |p| p.prices[1] = price(Some("takeaway"), None, 900))));
    assert!(!is_mass_change(&whole(&dearer, &manifest), &manifest, &tenant));
    let hidden = |kept: bool| menu(30, move |n, p| (kept || n < 15).then(|| with(p, |p| p.on_channel = n < 15)));
    let manifest = synced(&hidden(true));
    let changes = whole(&hidden(false), &manifest);
    assert_eq!(changes.deactivations.len(), 15);
    assert!(!is_mass_change(&changes, &manifest, &tenant));
}

#[test]
fn s07_the_first_pass_is_never_a_mass_change() {
    let manifest = Manifest::default();
    assert!(!is_mass_change(&whole(&kept(30), &manifest), &manifest, &super::build::tenant()));
    assert!(!is_mass_change(&whole(&catalogue(vec![], vec![]), &manifest), &manifest, &super::build::tenant()));
}
