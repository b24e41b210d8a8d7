use super::*;
use domain::{
    Cents,
    menu::{Category, Dish, GroupKind, Kind, OptionGroup, ServicePrice},
};
use serde_json::json;

fn category(id: &str) -> Entry {
    Entry::Category(Category { external_id: id.into(), name: "Pizze".into(), image: None, active: true })
}

fn group(id: &str) -> Entry {
    let (external_id, name) = (id.to_owned(), "Aggiunte".to_owned());
    Entry::Group(OptionGroup { external_id, name, kind: GroupKind::Additions, options: Vec::new() })
}

fn dish(id: &str) -> Entry {
    let price = ServicePrice { price: Cents(700), orderable: true };
    Entry::Dish(Dish {
        external_id: id.into(),
        category: "c-1".into(),
        name: "Margherita".into(),
        description: "Pomodoro".into(),
        active: true,
        takeaway: price,
        delivery: price,
        vat_rate: None,
        groups: Vec::new(),
        photos: Vec::new(),
    })
}

#[test]
fn entries_go_in_the_contracts_order_and_each_keeps_its_place() {
    let upserts = vec![dish("d-1"), group("g-1"), category("c-1"), dish("d-2"), category("c-2")];
    let change = MenuWrite { upserts, deactivations: vec![(Kind::Dish, "x".into()), (Kind::Category, "y".into())] };
    let (changes, places) = sorted(&change);
    let ids: Vec<_> = changes.entries().map(|(_, id)| id).collect();
    assert_eq!(ids, ["c-1", "c-2", "g-1", "d-1", "d-2", "x", "y"]);
    assert_eq!(places, [2, 4, 1, 0, 3, 5, 6]);
}

fn listed(kind: &str, fields: Value) -> Held {
    held(item(json!({"kind": kind, kind: fields})).unwrap())
}

#[test]
fn what_is_held_as_it_was_written_has_its_fingerprint() {
    let fields = json!({"externalId": "c-1", "name": "Pizze", "deactivated": true});
    let expected = Held {
        kind: Kind::Category,
        external_id: "c-1".into(),
        fingerprint: category("c-1").fingerprint(),
        deactivated: true,
        name: "Pizze".into(),
        offer: None,
    };
    assert_eq!(listed("category", fields), expected);
}

#[test]
fn numbers_of_choices_that_are_never_written_make_a_group_another_one() {
    let fields = |least: Value, most: Value| {
        json!({"externalId": "g-1", "name": "Aggiunte", "kind": "additions", "options": [],
               "minChoices": least, "maxChoices": most})
    };
    let ours = group("g-1").fingerprint();
    assert_eq!(listed("optionGroup", fields(json!(null), json!(null))).fingerprint, ours);
    for (least, most) in [(json!(1), json!(null)), (json!(0), json!(3))] {
        assert_ne!(listed("optionGroup", fields(least, most)).fingerprint, ours);
    }
}

#[test]
fn an_entry_of_which_only_the_id_can_be_read_is_known_as_none_of_ours() {
    let row = json!({"kind": "dish", "dish": {"externalId": "d-1", "name": 7, "deactivated": "yes", "prices": "none"}});
    assert!(item(row.clone()).is_err());
    let expected = Held {
        kind: Kind::Dish,
        external_id: "d-1".into(),
        fingerprint: 0,
        deactivated: false,
        name: String::new(),
        offer: None,
    };
    assert_eq!(stub(&row), Some(expected));
    let gone =
        stub(&json!({"kind": "optionGroup", "optionGroup": {"externalId": "g", "name": "G", "deactivated": true}}));
    assert_eq!(gone.map(|held| (held.kind, held.name, held.deactivated)), Some((Kind::Group, "G".into(), true)));
    for row in [
        json!(null),
        json!({"kind": "combo", "combo": {"externalId": "x"}}),
        json!({"kind": "dish"}),
        json!({"kind": "dish", "category": {"externalId": "x"}}),
        json!({"kind": "dish", "dish": {"externalId": 7}}),
    ] {
        assert_eq!(stub(&row), None, "{row}");
    }
}

fn finding(level: menu::Level, message: &str, remedy: &str) -> menu::Finding {
    let (message, remedy) = (message.to_owned(), remedy.to_owned());
    menu::Finding { check: Check::SameName, level, subject: "d-1".into(), message, remedy }
}

#[test]
fn a_finding_is_told_by_its_check_in_sentences_that_are_cut_between_characters() {
    let told = told(&finding(menu::Level::Warning, &"è".repeat(501), ""));
    assert_eq!((told.check.as_str(), told.level, told.remedy), ("same_name", Level::Warning, None));
    assert_eq!(told.message, "è".repeat(500));
    let remedy = super::told(&finding(menu::Level::Error, "Uno", &"ù".repeat(600))).remedy.unwrap();
    assert_eq!(remedy, "ù".repeat(500));
}

#[test]
fn the_worst_findings_come_first_and_those_left_out_are_counted() {
    let mut all: Vec<_> = (0..60).map(|n| finding(menu::Level::Warning, &n.to_string(), "")).collect();
    all.push(finding(menu::Level::Error, "grave", ""));
    let told = findings(&all);
    assert_eq!(told.len(), MAX_FINDINGS);
    assert_eq!((told[0].level, told[0].message.as_str()), (Level::Error, "grave"));
    assert_eq!(told[1].message, "0");
    assert_eq!(
        (told[49].check.as_str(), told[49].message.as_str()),
        ("more", "Altre 12 segnalazioni non sono mostrate")
    );
    assert_eq!(findings(&all[..50]).len(), 50);
    assert!(findings(&all[..50]).iter().all(|finding| finding.check != "more"));
}
