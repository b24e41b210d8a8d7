//! What is fuzzed, without a fuzzer: every seed and every former finding goes through its check, and so do a few mutations
//! of each. `make fuzz` is the same for as long as one likes (docs/fuzzing.md).

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a helper of a test fails as a test does")]

mod checks;
mod seeds;

use checks::{TARGETS, check, mutate};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

/// How a file that a finding left behind is named; the others are made by [`seeds`].
const FINDING: &str = "finding-";

/// How often each seed is mutated in an ordinary test.
const MUTATIONS: u64 = 40;

/// All seeds together, in bytes: they are cloned with the repository.
const SEEDS_MAX: usize = 300 * 1024;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())).collect()
}

/// Runs the check and says which input it was that failed.
fn holds(target: &str, name: &str, input: &[u8]) {
    let outcome = catch_unwind(AssertUnwindSafe(|| check(target, input)));
    assert!(outcome.is_ok(), "{target}/{name} fails with the input:\n{}", String::from_utf8_lossy(input));
}

fn corpus_holds(target: &str) {
    for (name, seed) in files(&folder().join("seeds").join(target)) {
        holds(target, &name, &seed);
        for number in 0..MUTATIONS {
            if let Some(mutation) = mutate::json(&seed, number) {
                holds(target, &format!("{name}, mutation {number}"), &mutation);
            }
        }
    }
}

#[test]
fn webhook_requests_of_the_corpus_are_answered_as_the_contract_says() {
    corpus_holds("webhook_request");
}

#[test]
fn till_events_of_the_corpus_are_read_faithfully_or_refused() {
    corpus_holds("till_events");
}

#[test]
fn e61_queue_messages_of_the_corpus_are_stable_and_bad_ones_fail_alone() {
    corpus_holds("queue_messages");
}

#[test]
fn answers_of_the_till_in_the_corpus_are_read_or_refused() {
    corpus_holds("till_pages");
}

#[test]
fn answers_of_the_platform_in_the_corpus_are_read_or_refused() {
    corpus_holds("platform_pages");
}

#[test]
fn e40_e41_notes_of_the_corpus_hide_no_allergy_and_sums_hold_to_the_cent() {
    corpus_holds("notes");
}

#[test]
fn every_target_has_its_program_and_its_seeds() {
    let names: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let programs = files(&folder().join("fuzz_targets"));
    let of = |name: &String| (format!("{name}.rs"), format!("#![no_main]\n\nfuzz::target!({name});\n").into_bytes());
    assert_eq!(programs, names.iter().map(of).collect());
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    assert!(names.iter().all(|name| manifest.contains(&format!("name = \"{name}\""))));
    assert_eq!(seeds::seeds().into_keys().collect::<BTreeSet<_>>(), names);
}

#[test]
fn every_seed_is_what_it_is_made_to_be_and_every_other_is_a_finding() {
    let mut bytes = 0;
    for (target, made) in seeds::seeds() {
        let folder = folder().join("seeds").join(&target);
        if std::env::var_os("REGENERATE_SEEDS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            let stale = files(&folder).into_keys().filter(|name| !name.starts_with(FINDING));
            stale.for_each(|name| fs::remove_file(folder.join(name)).unwrap());
            made.iter().for_each(|(name, seed)| fs::write(folder.join(name), seed).unwrap());
        }
        let mut found = files(&folder);
        bytes += found.values().map(Vec::len).sum::<usize>();
        found.retain(|name, _| !name.starts_with(FINDING));
        let names = |seeds: &BTreeMap<String, Vec<u8>>| seeds.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&found), names(&made), "{target}: REGENERATE_SEEDS=1 makes them anew");
        assert!(found == made, "{target}: REGENERATE_SEEDS=1 makes them anew");
    }
    assert!(bytes < SEEDS_MAX, "{bytes} bytes of seeds");
}
