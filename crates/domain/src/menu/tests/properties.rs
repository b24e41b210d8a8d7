//! What holds for every two catalogues.

use super::{
    build::{applied, tenant, tenant_with},
    world::catalogue,
};
use crate::{
    Cents,
    menu::{
        Entry, GroupKind, Kind, ServicePrice,
        diff::{Scope, diff},
        entry_key,
        manifest::{Known, Manifest},
        mapping::{Mapped, map, map_readable},
    },
    order::{ChosenOption, OptionKind},
    tenant::Tenant,
};
use proptest::{collection::btree_set, prelude::*, sample::select};
use serde_json::json;
use std::collections::BTreeSet;

fn tenants() -> impl Strategy<Value = Tenant> {
    let policies = (select(vec!["hide", "publish"]), select(vec!["hide", "report"]));
    policies.prop_map(|(price, deleted)| tenant_with(json!({"missing_price": price, "deleted_article": deleted})))
}

fn written(mapped: &Mapped) -> Manifest {
    let changes = diff(mapped, &Manifest::default(), Scope::Whole, &tenant());
    applied(&Manifest::default(), &changes)
}

/// The products that a reading has looked at.
fn read(mapped: &Mapped) -> BTreeSet<&str> {
    mapped
        .menu
        .dishes()
        .map(|dish| dish.external_id.as_str())
        .chain(mapped.withheld.iter().map(String::as_str))
        .collect()
}

fn check_name(name: &str) -> Result<(), TestCaseError> {
    prop_assert!((1..=200).contains(&name.chars().count()));
    prop_assert!(!name.contains(char::is_control) && name.trim() == name);
    Ok(())
}

fn check_photos<'a>(photos: impl IntoIterator<Item = &'a String>) -> Result<(), TestCaseError> {
    for photo in photos {
        prop_assert!(photo.starts_with("http") && photo.is_ascii() && !photo.contains(char::is_whitespace));
    }
    Ok(())
}

fn check_entry(entry: &Entry) -> Result<(), TestCaseError> {
    match entry {
        Entry::Category(category) => {
            check_name(&category.name)?;
            check_photos(&category.image)
        }
        Entry::Group(group) => {
            check_name(&group.name)?;
            prop_assert!(!group.options.is_empty());
            let ids: BTreeSet<&str> = group.options.iter().map(|option| option.external_id.as_str()).collect();
            prop_assert_eq!(ids.len(), group.options.len());
            for option in &group.options {
                check_name(&option.name)?;
                prop_assert!((-1_000_000..=1_000_000).contains(&option.price.0));
                let chosen = ChosenOption {
                    group: group.external_id.clone(),
                    value: option.external_id.clone(),
                    name: option.name.clone(),
                    kind: if group.kind == GroupKind::Additions { OptionKind::Addition } else { OptionKind::Removal },
                    quantity: 1,
                    price: option.price,
                };
                let option = chosen.till_option().map(String::from).unwrap_or_default();
                prop_assert!(
                    ["o1", "o2", "o3"].contains(&option.as_str()),
                    "{} leads to {}",
                    group.external_id,
                    option
                );
            }
            Ok(())
        }
        Entry::Dish(dish) => {
            check_name(&dish.name)?;
            check_photos(&dish.photos)?;
            prop_assert!(dish.description.chars().count() <= 5000 && !dish.description.contains(char::is_control));
            for ServicePrice { price, orderable } in [dish.takeaway, dish.delivery] {
                prop_assert!((0..=1_000_000).contains(&price.0) && (!orderable || price > Cents::ZERO));
            }
            let digits =
                |rate: &String| rate.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && rate.len() <= 5;
            prop_assert!(dish.vat_rate.as_ref().is_none_or(digits));
            Ok(())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_the_till_holds_every_entry_fits_the_platform_and_leads_to_others_that_are_there(catalogue in catalogue()) {
        let mapped = map(&catalogue, &tenant());
        for (key, entry) in &mapped.menu.entries {
            prop_assert_eq!(key, &entry.key());
            check_entry(entry)?;
        }
        for dish in mapped.menu.dishes() {
            let groups: BTreeSet<&String> = dish.groups.iter().collect();
            prop_assert_eq!(groups.len(), dish.groups.len());
            for group in groups {
                prop_assert!(mapped.menu.entries.contains_key(&entry_key(Kind::Group, group)), "{} has no {}", dish.external_id, group);
            }
            prop_assert!(mapped.menu.entries.contains_key(&entry_key(Kind::Category, &dish.category)));
        }
        let withheld: BTreeSet<&String> = mapped.withheld.iter().collect();
        prop_assert!(mapped.menu.dishes().all(|dish| !withheld.contains(&dish.external_id)));
    }

    #[test]
    fn a_whole_reading_reaches_the_desired_state_and_a_second_one_changes_nothing(
        before in catalogue(), after in catalogue(), tenant in tenants(),
    ) {
        let manifest = written(&map(&before, &tenant));
        let desired = map(&after, &tenant);
        let changes = diff(&desired, &manifest, Scope::Whole, &tenant);
        let reached = applied(&manifest, &changes);
        for (key, entry) in &desired.menu.entries {
            let known = Known::Written { fingerprint: entry.fingerprint(), orderable: entry.is_orderable() };
            prop_assert_eq!(reached.entries.get(key), Some(&known));
        }
        let left: BTreeSet<String> = changes.findings.iter().map(|finding| finding.subject.clone()).collect();
        for (key, known) in &reached.entries {
            let is_left = left.contains(key.split_once(':').unwrap().1);
            prop_assert!(desired.menu.entries.contains_key(key) || is_left || *known == Known::Deactivated, "{}", key);
        }
        prop_assert!(diff(&desired, &reached, Scope::Whole, &tenant).is_empty());
    }

    #[test]
    fn a_part_reaches_what_it_read_and_touches_nothing_else(before in catalogue(), part in catalogue(), tenant in tenants()) {
        let manifest = written(&map(&before, &tenant));
        let desired = map(&part, &tenant);
        let read = read(&desired);
        let changes = diff(&desired, &manifest, Scope::Part, &tenant);
        for key in &changes.deactivations {
            let of_read = read.iter().any(|id| *key == entry_key(Kind::Dish, id) || key.starts_with(&format!("g:p:{id}:")));
            prop_assert!(of_read && !desired.menu.entries.contains_key(key), "{}", key);
        }
        prop_assert!(changes.upserts.iter().all(|entry| desired.menu.entries.get(&entry.key()) == Some(entry)));
        let reached = applied(&manifest, &changes);
        prop_assert!(diff(&desired, &reached, Scope::Part, &tenant).is_empty());
        prop_assert!(reached.entries.keys().all(|key| manifest.entries.contains_key(key) || desired.menu.entries.contains_key(key)));
    }

    #[test]
    fn what_could_not_be_read_is_neither_written_nor_deactivated(
        before in catalogue(), after in catalogue(), tenant in tenants(),
        unreadable in btree_set(select(vec!["d:p0", "d:p1", "d:p2", "c:c1", "c:c2"]), 0..4),
    ) {
        let manifest = written(&map(&before, &tenant));
        let unreadable: BTreeSet<String> = unreadable.into_iter().map(str::to_owned).collect();
        let desired = map_readable(&after, &unreadable, &tenant);
        let changes = diff(&desired, &manifest, Scope::Whole, &tenant);
        let touched: BTreeSet<String> = changes.upserts.iter().map(Entry::key).chain(changes.deactivations).collect();
        for key in &unreadable {
            let groups = format!("g:{}:", key.replacen("d:", "p:", 1));
            prop_assert!(!touched.iter().any(|touched| touched == key || touched.starts_with(&groups)));
        }
        if unreadable.is_empty() {
            prop_assert_eq!(desired, map(&after, &tenant));
        }
    }

    #[test]
    fn fingerprints_are_equal_exactly_when_entries_are(one in catalogue(), other in catalogue()) {
        let (one, other) = (map(&one, &tenant()).menu, map(&other, &tenant()).menu);
        let entries: Vec<(&Entry, u64)> =
            one.entries.values().chain(other.entries.values()).map(|entry| (entry, entry.fingerprint())).collect();
        for (entry, fingerprint) in &entries {
            for (other, other_fingerprint) in entries.iter().filter(|(other, _)| other.kind() == entry.kind()) {
                prop_assert_eq!(entry == other, fingerprint == other_fingerprint);
            }
        }
    }

    #[test]
    fn a_manifest_is_read_back_as_it_was_written(before in catalogue(), after in catalogue()) {
        let manifest = written(&map(&before, &tenant()));
        let manifest = applied(&manifest, &diff(&map(&after, &tenant()), &manifest, Scope::Whole, &tenant()));
        prop_assert_eq!(Manifest::decode(&manifest.encode()), Some(manifest));
    }

    #[test]
    fn the_order_of_rows_does_not_matter(catalogue in catalogue()) {
        let mut catalogue = catalogue;
        let (mut products, mut categories) = (BTreeSet::new(), BTreeSet::new());
        catalogue.products.retain(|row| products.insert(row.id.clone()));
        catalogue.categories.retain(|row| categories.insert(row.id.clone()));
        let mut turned = catalogue.clone();
        turned.products.reverse();
        turned.categories.reverse();
        prop_assert_eq!(map(&catalogue, &tenant()), map(&turned, &tenant()));
    }

    #[test]
    fn any_text_is_a_manifest_or_none(text in "([cdg]:[a-z]\\t([0-9a-f]{16}[+-]|x)\\n){0,3}.{0,10}") {
        let manifest = Manifest::decode(&text);
        prop_assert!(manifest.is_none_or(|manifest| Manifest::decode(&manifest.encode()) == Some(manifest)));
    }
}
