//! `docs/order-life.md` says what [`TABLE`](crate::lifecycle::table::TABLE) says.

use crate::lifecycle::{Signal, table};
use std::collections::HashSet;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/order-life.md");
const BEGIN: &str = "<!-- table: begin -->\n";
const END: &str = "<!-- table: end -->";

#[test]
fn the_page_shows_the_table_that_is_in_force() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the page has a mark where the table begins");
    let (shown, after) = rest.split_once(END).expect("the page has a mark where the table ends");
    if std::env::var_os("REGENERATE_DOCS").is_some() {
        return std::fs::write(PAGE, [before, BEGIN, &table::as_markdown(), END, after].concat()).unwrap();
    }
    assert_eq!(shown, table::as_markdown(), "write the page anew with REGENERATE_DOCS=1 cargo test -p domain");
}

#[test]
fn the_table_has_each_pair_once_and_names_only_words_of_the_till() {
    let pairs: HashSet<_> = table::TABLE.iter().map(|row| (row.status, row.signal)).collect();
    assert_eq!(pairs.len(), table::TABLE.len());
    assert!(table::TABLE.iter().all(|row| Signal::ALL.contains(&row.signal)));
}

#[test]
fn the_runbook_knows_every_sentence_of_an_order_that_was_not_sent() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operations.md")).unwrap();
    for (code, sentence) in crate::messages::NOT_SENT {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{code}` | ")));
        let begin =
            row.and_then(|row| row.split(" | ").nth(1)).unwrap_or_else(|| panic!("{code} is not in the runbook"));
        assert!(sentence.starts_with(begin), "{code}: staff read «{sentence}»");
    }
}
