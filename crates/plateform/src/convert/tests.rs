use super::*;
use crate::{Deactivation, MenuChanges, MenuItem, menu::item};
use domain::menu::{Category, Dish, Entry, GroupKind, OptionGroup, OptionItem};
use proptest::{collection::vec, option, prelude::*};
use serde_json::{Value, json};

/// Any text, of any alphabet.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![".{1,24}", any::<String>(), Just("ponte:senza-categoria".to_owned())]
}

fn category() -> impl Strategy<Value = Entry> {
    (text(), text(), option::of(text()), any::<bool>())
        .prop_map(|(external_id, name, image, active)| Entry::Category(Category { external_id, name, image, active }))
}

fn group() -> impl Strategy<Value = Entry> {
    let price = prop_oneof![Just(0), -100_000..1_000_000i64, any::<i64>()];
    let option = (text(), text(), price);
    let option = option.prop_map(|(external_id, name, price)| OptionItem { external_id, name, price: Cents(price) });
    let kind = prop_oneof![Just(GroupKind::Additions), Just(GroupKind::Removals)];
    (text(), text(), kind, vec(option, 0..6))
        .prop_map(|(external_id, name, kind, options)| Entry::Group(OptionGroup { external_id, name, kind, options }))
}

/// Any price that the mapping makes.
fn price() -> impl Strategy<Value = menu::ServicePrice> {
    (0..=1_000_000i64, any::<bool>())
        .prop_map(|(cents, orderable)| menu::ServicePrice { price: Cents(cents), orderable })
}

fn dish() -> impl Strategy<Value = Entry> {
    let texts = (text(), text(), text(), text());
    let lists = (vec(text(), 0..4), vec(text(), 0..3));
    (texts, any::<bool>(), price(), price(), option::of("[0-9]{1,2}(\\.[0-9]{1,2})?"), lists).prop_map(
        |((external_id, category, name, description), active, takeaway, delivery, vat_rate, (groups, photos))| {
            Entry::Dish(Dish {
                external_id,
                category,
                name,
                description,
                active,
                takeaway,
                delivery,
                vat_rate,
                groups,
                photos,
            })
        },
    )
}

fn entry() -> impl Strategy<Value = Entry> {
    prop_oneof![category(), group(), dish()]
}

/// The entry as a row of the platform's list, and the list's key of its fields.
fn written(entry: &Entry) -> (&'static str, Value) {
    match entry {
        Entry::Category(category) => ("category", json!(CategoryUpsert::from(category))),
        Entry::Group(group) => ("optionGroup", json!(OptionGroupUpsert::from(group))),
        Entry::Dish(dish) => ("dish", json!(DishUpsert::from(dish))),
    }
}

fn read(kind: &str, fields: Value) -> Entry {
    match item(json!({"kind": kind, kind: fields})).unwrap() {
        MenuItem::Category { till, .. } => Entry::Category(till.into()),
        MenuItem::OptionGroup { till, .. } => Entry::Group(till.into()),
        MenuItem::Dish { till, .. } => Entry::Dish((*till).into()),
    }
}

/// What the platform may hold beside the till's fields.
fn owned() -> Value {
    json!({
        "id": "plt-1", "deactivated": true, "translations": {"en": {"name": "A", "description": null}, "de": null},
        "labels": ["novità"], "ingredients": ["pomodoro"], "allergens": ["latte"], "frozen": true, "available": false,
        "position": 7
    })
}

/// The fields of a `*Upsert` schema, from top to bottom.
fn allowed(kind: &str) -> &'static [&'static str] {
    match kind {
        "category" => &["externalId", "name", "imageUrl", "active"],
        "optionGroup" => {
            &["externalId", "name", "kind", "minChoices", "maxChoices", "options", "priceCents", "position"]
        }
        _ => &[
            "externalId",
            "categoryExternalId",
            "name",
            "description",
            "active",
            "prices",
            "takeaway",
            "delivery",
            "cents",
            "orderable",
            "vatRate",
            "optionGroupExternalIds",
            "photoUrls",
        ],
    }
}

/// Every key of every object in a value.
fn keys(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(fields) => {
            fields.iter().flat_map(|(key, value)| [vec![key.as_str()], keys(value)].concat()).collect()
        }
        Value::Array(items) => items.iter().flat_map(keys).collect(),
        _ => Vec::new(),
    }
}

proptest! {
    #[test]
    fn an_entry_reads_back_as_it_was_written_with_the_same_fingerprint(entry in entry()) {
        let (kind, fields) = written(&entry);
        let back = read(kind, fields);
        prop_assert_eq!(&back, &entry);
        prop_assert_eq!(back.fingerprint(), entry.fingerprint());
    }

    #[test]
    fn what_the_platform_owns_changes_neither_an_entry_nor_its_fingerprint(entry in entry()) {
        let (kind, mut fields) = written(&entry);
        fields.as_object_mut().unwrap().extend(owned().as_object().unwrap().clone());
        prop_assert_eq!(read(kind, fields).fingerprint(), entry.fingerprint());
    }

    #[test]
    fn options_keep_their_order_in_whatever_order_they_are_read(group in group(), turn in any::<prop::sample::Index>()) {
        let (kind, mut fields) = written(&group);
        let options = fields["options"].as_array_mut().unwrap();
        if !options.is_empty() {
            let turn = turn.index(options.len());
            options.rotate_left(turn);
        }
        prop_assert_eq!(read(kind, fields), group);
    }

    #[test]
    fn a_write_has_no_field_that_the_platform_owns(entries in vec(entry(), 1..12)) {
        for entry in &entries {
            let (kind, fields) = written(entry);
            for key in keys(&fields) {
                prop_assert!(allowed(kind).contains(&key), "{} in {}", key, kind);
            }
        }
        for own in owned().as_object().unwrap().keys().filter(|key| *key != "position") {
            for kind in ["category", "optionGroup", "dish"] {
                prop_assert!(!allowed(kind).contains(&own.as_str()), "{}", own);
            }
        }
    }

    #[test]
    fn a_deactivation_is_a_kind_and_an_id(external_id in text()) {
        for kind in [menu::Kind::Category, menu::Kind::Group, menu::Kind::Dish] {
            let gone = Deactivation { kind: kind.into(), external_id: external_id.clone() };
            let changes = MenuChanges { deactivations: vec![gone], ..MenuChanges::default() };
            let expected = json!({
                "categories": [], "optionGroups": [], "dishes": [],
                "deactivations": [{"kind": MenuKind::from(kind).name(), "externalId": external_id}]
            });
            prop_assert_eq!(json!(changes), expected);
            prop_assert_eq!(menu::Kind::from(MenuKind::from(kind)), kind);
        }
    }
}

#[test]
fn a_price_that_the_contract_has_no_number_for_can_not_be_ordered() {
    for cents in [-1, i64::MIN, i64::from(u32::MAX) + 1, i64::MAX] {
        let price = menu::ServicePrice { price: Cents(cents), orderable: true };
        assert_eq!(ServicePrice::from(price), ServicePrice { cents: 0, orderable: false }, "{cents}");
    }
}
