//! What is told of a menu: enough to act on, and never more than anybody reads.

use crate::menu::{
    Check, Finding,
    finding::{MOST, most},
};

fn about(check: Check, subject: &str) -> Finding {
    Finding::warning(check, subject, format!("«{subject}» è da controllare"), "Controlla")
}

fn many(count: usize) -> Vec<Finding> {
    (0..count).map(|number| about(Check::Ghost, &format!("{number:03}"))).collect()
}

#[test]
fn a_finding_is_about_everything_when_no_entry_is_its_subject() {
    for check in [Check::SalesMode, Check::Key, Check::MassChange] {
        assert!(about(check, "").is_about_everything() && about(check, "x").is_about_everything(), "{check:?}");
    }
    assert!(about(Check::Incomplete, "").is_about_everything());
    assert!(!about(Check::Incomplete, "p").is_about_everything(), "one entry that could not be read");
    assert!(!about(Check::Ghost, "").is_about_everything() && !about(Check::Ghost, "p").is_about_everything());
}

#[test]
fn as_many_findings_as_are_kept_are_all_told_once_each() {
    let twice: Vec<Finding> = many(MOST).into_iter().chain(many(MOST)).rev().collect();
    assert_eq!(most(twice), many(MOST));
}

#[test]
fn errors_are_kept_before_warnings_and_the_rest_is_counted() {
    let error = Finding::error(Check::Ghost, "zzz", "«zzz» è un errore".to_owned(), "Correggi");
    let kept = most(many(MOST + 2).into_iter().chain([error.clone()]).collect());
    assert_eq!(kept.len(), MOST + 1);
    assert!(kept.contains(&error));
    assert_eq!(kept.last().unwrap().message, "Altre segnalazioni non elencate: 3");
    assert_eq!(kept.last().unwrap().check, Check::Others);
}

#[test]
fn what_was_counted_before_is_counted_on_and_listed_no_more() {
    let before = most(many(MOST + 4));
    let again = most(before.into_iter().chain([about(Check::Key, "")]).collect());
    assert_eq!(again.len(), MOST + 1);
    assert_eq!(again.last().unwrap().message, "Altre segnalazioni non elencate: 5");
}
