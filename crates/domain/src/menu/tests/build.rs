//! What the tests build their catalogues from.

use crate::{
    Cents, OptionId, OptionValueId, SalesModeId, SalesPointId,
    menu::{
        Check, Dish, Entry, Kind, Menu, OptionGroup,
        diff::{Changes, Scope, diff},
        entry_key,
        manifest::Manifest,
        mapping::{Mapped, map},
        till::{Catalogue, TillCategory, TillModifier, TillPrice, TillProduct, TillValue},
    },
    tenant::Tenant,
};
use serde_json::{Value, json};

pub(super) const OURS: SalesPointId = SalesPointId(90101);
pub(super) const OTHER: SalesPointId = SalesPointId(90102);

/// A tenant with these policies.
pub(super) fn tenant_with(policies: Value) -> Tenant {
    let record = json!({"tenant_id": "rest-1", "cic": {"sales_point_id": OURS.0}, "policies": policies});
    Tenant::from_record(record.as_object().unwrap()).unwrap()
}

pub(super) fn tenant() -> Tenant {
    tenant_with(json!({}))
}

pub(super) fn mode(id: &str) -> SalesModeId {
    SalesModeId::parse(id).unwrap()
}

/// A price of the till: price list (none is the base price), sales point, cents.
pub(super) fn price(list: Option<&str>, at: Option<SalesPointId>, cents: i64) -> TillPrice {
    TillPrice { mode: list.map(mode), sales_point: at, value: Some(Cents(cents)) }
}

/// 7.00 € for take-away and 8.00 € for delivery, with the base price of 7.50 €.
pub(super) fn prices() -> Vec<TillPrice> {
    vec![price(None, None, 750), price(Some("takeaway"), None, 700), price(Some("delivery"), None, 800)]
}

pub(super) fn value(id: &str, name: &str, cents: i64) -> TillValue {
    TillValue {
        id: OptionValueId::parse(id).unwrap(),
        name: Some(name.to_owned()),
        price: Some(Cents(cents)),
        prices: vec![],
        is_percentage: false,
        is_default: false,
    }
}

pub(super) fn modifier(option: &str, name: &str, values: Vec<TillValue>) -> TillModifier {
    TillModifier { option: OptionId::parse(option).unwrap(), name: Some(name.to_owned()), position: 0, values }
}

/// A category on the channel, seen by every sales point.
pub(super) fn category(id: &str, name: &str) -> TillCategory {
    TillCategory { id: id.to_owned(), name: name.to_owned(), on_channel: true, ..TillCategory::default() }
}

/// A product on the channel, with both prices, in the category `pizze`.
pub(super) fn product(id: &str, name: &str) -> TillProduct {
    TillProduct {
        id: id.to_owned(),
        name: name.to_owned(),
        category: Some("pizze".to_owned()),
        on_channel: true,
        prices: prices(),
        variants: 1,
        ..TillProduct::default()
    }
}

/// The same, changed.
pub(super) fn with<T>(mut value: T, change: impl FnOnce(&mut T)) -> T {
    change(&mut value);
    value
}

/// These products in one category, `pizze`.
pub(super) fn of_products(products: Vec<TillProduct>) -> Catalogue {
    catalogue(vec![category("pizze", "Pizze")], products)
}

pub(super) fn catalogue(categories: Vec<TillCategory>, products: Vec<TillProduct>) -> Catalogue {
    let (takeaway, delivery) = (Some(mode("takeaway")), Some(mode("delivery")));
    Catalogue { categories, products, takeaway, delivery, ..Catalogue::default() }
}

/// What one product becomes, alone in its category.
pub(super) fn alone(product: TillProduct) -> Mapped {
    map(&of_products(vec![product]), &tenant())
}

pub(super) fn find_dish<'a>(menu: &'a Menu, id: &str) -> Option<&'a Dish> {
    match menu.entries.get(&entry_key(Kind::Dish, id)) {
        Some(Entry::Dish(dish)) => Some(dish),
        _ => None,
    }
}

pub(super) fn dish<'a>(mapped: &'a Mapped, id: &str) -> &'a Dish {
    find_dish(&mapped.menu, id).unwrap()
}

pub(super) fn group<'a>(mapped: &'a Mapped, id: &str) -> &'a OptionGroup {
    match mapped.menu.entries.get(&entry_key(Kind::Group, id)) {
        Some(Entry::Group(group)) => group,
        other => panic!("no group {id}: {other:?}"),
    }
}

/// What is known to be wrong: check and subject of each finding.
pub(super) fn found(mapped: &Mapped) -> Vec<(Check, &str)> {
    mapped.findings.iter().map(|finding| (finding.check, finding.subject.as_str())).collect()
}

/// The platform after a change that it took whole.
pub(super) fn applied(manifest: &Manifest, changes: &Changes) -> Manifest {
    let mut manifest = manifest.clone();
    changes.upserts.iter().for_each(|entry| manifest.written(entry));
    changes.deactivations.iter().for_each(|key| manifest.deactivated(key));
    manifest
}

/// The platform after a whole reading of this catalogue.
pub(super) fn synced(catalogue: &Catalogue) -> Manifest {
    let first = diff(&map(catalogue, &tenant()), &Manifest::default(), Scope::Whole, &tenant());
    applied(&Manifest::default(), &first)
}

/// What a whole reading of `catalogue` changes on a platform that has `manifest`.
pub(super) fn whole(catalogue: &Catalogue, manifest: &Manifest) -> Changes {
    diff(&map(catalogue, &tenant()), manifest, Scope::Whole, &tenant())
}

pub(super) fn written(changes: &Changes) -> Vec<String> {
    changes.upserts.iter().map(Entry::key).collect()
}
