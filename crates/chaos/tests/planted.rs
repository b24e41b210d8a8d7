//! The checks can fail: each bug that is planted on purpose is found within a thousand orders.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chaos::{Options, Violation, run};
use domain::planted::{Bug, plant};
use std::collections::BTreeSet;

/// What two seeds of five hundred orders show.
fn a_thousand_orders() -> Vec<Violation> {
    let evening =
        |seed| Options { seed, orders: (1..=500).collect(), without: BTreeSet::new(), ends_at: None, told: false };
    (1..=2).flat_map(|seed| run(&evening(seed)).unwrap().violations).collect()
}

fn broken_with(bug: Option<Bug>) -> BTreeSet<&'static str> {
    plant(bug);
    let broken = a_thousand_orders().into_iter().map(|violation| violation.rule).collect();
    plant(None);
    broken
}

#[test]
fn without_a_bug_nothing_is_broken() {
    assert_eq!(broken_with(None), BTreeSet::new());
}

#[test]
fn a_table_that_takes_every_commit_is_found() {
    assert_ne!(broken_with(Some(Bug::NoFence)), BTreeSet::new());
}

#[test]
fn a_creation_that_is_not_read_back_is_found() {
    assert!(broken_with(Some(Bug::NoReadBack)).contains("nobody enters by hand what the till has"));
}

#[test]
fn late_words_of_the_till_that_count_are_found() {
    assert!(broken_with(Some(Bug::LateEvents)).contains("no message contradicts or repeats another"));
}
