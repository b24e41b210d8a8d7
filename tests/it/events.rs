//! The event files: made here, never by hand, and each run through the real handler.
//!
//! `REGENERATE_EVENTS=1` rewrites `events/` from [`cases`].

mod bodies;
mod cases;
mod gateway;
mod handlers;
mod sign;

use cases::{Case, cases};
use std::{collections::BTreeSet, fs, path::PathBuf};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../events")
}

fn pretty(case: &Case) -> String {
    serde_json::to_string_pretty(&case.event).unwrap() + "\n"
}

#[test]
fn every_event_file_is_what_it_is_made_to_be_and_none_is_left_over() {
    let cases = cases();
    if std::env::var_os("REGENERATE_EVENTS").is_some() {
        for case in &cases {
            fs::write(folder().join(case.file), pretty(case)).unwrap();
        }
    }
    for case in &cases {
        let file = fs::read_to_string(folder().join(case.file)).unwrap_or_default();
        assert_eq!(file, pretty(case), "{}: REGENERATE_EVENTS=1 makes it anew", case.file);
    }
    let made: BTreeSet<String> = cases.iter().map(|case| case.file.to_owned()).collect();
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let found: BTreeSet<String> = entries.filter(|name| name.ends_with(".json")).collect();
    assert_eq!(found, made);
}

#[test]
fn the_page_of_the_events_names_every_file() {
    let page = fs::read_to_string(folder().join("README.md")).unwrap();
    let missing: Vec<_> = cases().into_iter().filter(|case| !page.contains(&format!("`{}`", case.file))).collect();
    assert!(missing.is_empty(), "{:?}", missing.iter().map(|case| case.file).collect::<Vec<_>>());
}

#[tokio::test]
async fn every_event_file_gets_its_answer_from_the_real_handler() {
    for case in cases() {
        let text = fs::read_to_string(folder().join(case.file)).unwrap();
        let event = serde_json::from_str(&text).unwrap();
        let answer = handlers::answer(&case, event).await;
        assert_eq!(answer, case.expected, "{}", case.file);
    }
}
