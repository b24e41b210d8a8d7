//! What takes away rather than adds (API sheet 4.5), decided in one place.

use super::build::{alone, group, modifier, product, value, with};
use crate::{
    Cents,
    menu::{Entry, GroupKind, mapping::Mapped, till::TillValue},
};

fn offered(group_name: &str, values: Vec<TillValue>) -> Mapped {
    alone(with(product("p", "Margherita"), |p| p.modifiers = vec![modifier("o", group_name, values)]))
}

fn kinds(mapped: &Mapped) -> Vec<GroupKind> {
    let groups = mapped.menu.entries.values();
    groups.filter_map(|entry| if let Entry::Group(group) = entry { Some(group.kind) } else { None }).collect()
}

#[test]
fn s31_part_of_the_recipe_is_a_removal_whatever_its_group_is_called() {
    let basil = with(value("v", "Basilico", 0), |v| v.is_default = true);
    let mapped = offered("Ingredienti", vec![basil]);
    assert_eq!(kinds(&mapped), [GroupKind::Removals]);
    assert_eq!(group(&mapped, "p:p:o:rem").name, "Ingredienti");
}

#[test]
fn s31_what_is_free_in_a_group_named_so_is_a_removal_in_any_case() {
    for name in ["Rimozioni", "LE RIMOZIONI", "Senza", "senza…"] {
        assert_eq!(kinds(&offered(name, vec![value("v", "Cipolla", 0)])), [GroupKind::Removals], "{name}");
    }
    assert_eq!(kinds(&offered("Salse", vec![value("v", "Piccante", 0)])), [GroupKind::Additions]);
}

#[test]
fn s31_what_costs_something_in_such_a_group_is_an_addition_wherever_the_price_stands() {
    assert_eq!(kinds(&offered("Rimozioni", vec![value("v", "Cipolla", 100)])), [GroupKind::Additions]);
    let listed = with(value("v", "Base senza glutine", 0), |v| {
        v.price = None;
        v.prices = super::build::prices();
    });
    let mapped = offered("Senza", vec![listed]);
    assert_eq!(kinds(&mapped), [GroupKind::Additions]);
    assert_eq!(group(&mapped, "p:p:o:add").options[0].price, Cents(700));
}

#[test]
fn s31_one_option_with_both_becomes_two_groups_that_lead_back_to_it() {
    let mapped = offered("Rimozioni", vec![value("v1", "Cipolla", 0), value("v2", "Doppia pasta", 100)]);
    assert_eq!(kinds(&mapped), [GroupKind::Additions, GroupKind::Removals]);
    assert_eq!(group(&mapped, "p:p:o:add").options[0].external_id, "v2");
    assert_eq!(group(&mapped, "p:p:o:rem").options[0].external_id, "v1");
}

#[test]
fn e21_a_removal_that_is_paid_back_keeps_its_sign() {
    let refunded = with(value("v", "Mozzarella", -50), |v| v.is_default = true);
    assert_eq!(group(&offered("Ingredienti", vec![refunded]), "p:p:o:rem").options[0].price, Cents(-50));
}
