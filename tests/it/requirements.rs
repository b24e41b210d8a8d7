//! `docs/requirements.md` against the tests: no rule is missing, no proof is made up, none is forgotten.
//!
//! A test that proves a rule carries its number: `s59_…`, `e10_e29_…`, `s20_to_s24_…`. The page names it in the row of
//! that rule as `package::function`. `REGENERATE_DOCS=1` rewrites the column of proofs, and nothing else, from the
//! tests; what stands there without a number stays as long as it exists.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

const PAGE: &str = "docs/requirements.md";
const SEPARATOR: &str = "<br>";

/// The rules of the list: seed, checks before activation, edge cases.
const LIST: [(&str, usize, RangeInclusive<u8>); 3] = [("S", 2, 1..=71), ("DR", 1, 1..=14), ("E", 2, 1..=62)];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn rules() -> Vec<String> {
    let numbers = |(letter, width, range): (&str, usize, RangeInclusive<u8>)| {
        range.map(move |n| format!("{letter}{n:0width$}")).collect::<Vec<_>>()
    };
    LIST.into_iter().flat_map(numbers).collect()
}

/// One row: the rule, its words, and the tests named.
struct Row {
    rule: String,
    words: String,
    tests: BTreeSet<String>,
}

impl Row {
    fn parse(line: &str) -> Option<Self> {
        let cells: Vec<&str> = line.trim().strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect();
        let [rule, words, proofs] = cells.as_slice() else { return None };
        if !rules().iter().any(|known| known == rule) {
            return None;
        }
        let pieces = proofs.split(SEPARATOR).map(str::trim);
        let tests = pieces.filter_map(|piece| piece.strip_prefix('`')?.strip_suffix('`')).map(str::to_owned);
        Some(Self { rule: (*rule).to_owned(), words: (*words).to_owned(), tests: tests.collect() })
    }

    /// The row with these proofs.
    fn print(&self, tests: &BTreeSet<String>) -> String {
        let pieces: Vec<String> = tests.iter().map(|test| format!("`{test}`")).collect();
        format!("| {} | {} | {} |", self.rule, self.words, pieces.join(SEPARATOR))
    }
}

/// Every test of the workspace as `package::function`.
struct Tests {
    all: BTreeSet<String>,
    by_rule: BTreeMap<String, BTreeSet<String>>,
}

impl Tests {
    fn scan() -> Self {
        let mut all = BTreeSet::new();
        for folder in ["crates", "tests"] {
            for file in sources(&root().join(folder)) {
                let text = fs::read_to_string(&file).expect("a source file");
                all.extend(functions(&text).into_iter().map(|name| format!("{}::{name}", package(&file))));
            }
        }
        let mut by_rule: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for test in &all {
            let name = test.rsplit("::").next().unwrap_or_default();
            for rule in numbers(name) {
                by_rule.entry(rule).or_default().insert(test.clone());
            }
        }
        Self { all, by_rule }
    }

    fn of(&self, rule: &str) -> BTreeSet<String> {
        self.by_rule.get(rule).cloned().unwrap_or_default()
    }

    /// The tests that the row should name: those with its number, and those named without one that exist.
    fn proofs(&self, row: &Row) -> BTreeSet<String> {
        self.of(&row.rule).union(&row.tests.intersection(&self.all).cloned().collect()).cloned().collect()
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let mut found: Vec<_> = files.into_iter().filter(|path| path.extension().is_some_and(|e| e == "rs")).collect();
    found.extend(folders.iter().filter(|path| !path.ends_with("target")).flat_map(|path| sources(path)));
    found
}

/// The package of a file: the folder under `crates`, or the one that this test is part of.
fn package(file: &Path) -> String {
    let inside = file.strip_prefix(root()).expect("a file of the workspace");
    let mut parts = inside.iter().map(|part| part.to_string_lossy().into_owned());
    match parts.next().as_deref() {
        Some("crates") => parts.next().unwrap_or_default(),
        _ => env!("CARGO_PKG_NAME").to_owned(),
    }
}

/// The names of test functions, those of `proptest!` among them; an ignored one proves nothing.
fn functions(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if line == "#[test]" || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if line.starts_with("#[ignore") {
            is_test = false;
        } else if let Some(rest) = line.strip_prefix("fn ").or_else(|| line.strip_prefix("async fn ")) {
            let name = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
            if std::mem::take(&mut is_test) {
                found.push(name.to_owned());
            }
        }
    }
    found
}

/// The rules that a test's name carries.
fn numbers(name: &str) -> BTreeSet<String> {
    let words: Vec<&str> = name.split('_').collect();
    let mut found: BTreeSet<String> = words.iter().filter_map(|word| number(word)).map(shown).collect();
    for part in words.windows(3).filter(|part| part[1] == "to") {
        if let (Some((letter, from)), Some((_, to))) = (number(part[0]), number(part[2])) {
            found.extend((from..=to).map(|n| shown((letter, n))));
        }
    }
    found
}

fn number(word: &str) -> Option<(&'static str, u8)> {
    let (letter, width, range) = LIST.into_iter().find(|(letter, ..)| {
        word.strip_prefix(&letter.to_lowercase()).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })?;
    let digits = &word[letter.len()..];
    let n = digits.parse().ok().filter(|n| range.contains(n))?;
    (digits.len() >= width).then_some((letter, n))
}

fn shown((letter, n): (&str, u8)) -> String {
    let width = if letter == "DR" { 1 } else { 2 };
    format!("{letter}{n:0width$}")
}

/// The page with its column of proofs made anew.
fn regenerated(page: &str, tests: &Tests) -> String {
    let lines = page.lines().map(|line| match Row::parse(line) {
        Some(row) => row.print(&tests.proofs(&row)),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// What is wrong with the page, a line each.
fn faults(rows: &[Row], tests: &Tests) -> Vec<String> {
    let mut faults = Vec::new();
    for rule in rules() {
        match rows.iter().filter(|row| row.rule == rule).count() {
            0 => faults.push(format!("{rule} is missing from the page")),
            1 => {}
            _ => faults.push(format!("{rule} has more than one row")),
        }
    }
    for row in rows {
        let rule = &row.rule;
        faults
            .extend(row.tests.difference(&tests.all).map(|test| format!("{rule} names {test}, which does not exist")));
        faults.extend(tests.of(rule).difference(&row.tests).map(|test| format!("{rule} does not name {test}")));
        if row.tests.is_empty() {
            faults.push(format!("{rule} is not proved"));
        }
    }
    faults
}

#[test]
fn every_rule_stands_on_the_page_with_the_tests_that_prove_it() {
    let (path, tests) = (root().join(PAGE), Tests::scan());
    let mut page = fs::read_to_string(&path).expect("the page of requirements");
    if std::env::var_os("REGENERATE_DOCS").is_some() {
        page = regenerated(&page, &tests);
        fs::write(&path, &page).expect("the page of requirements");
    }
    let rows: Vec<Row> = page.lines().filter_map(Row::parse).collect();
    let faults = faults(&rows, &tests);
    assert!(faults.is_empty(), "{PAGE} (REGENERATE_DOCS=1 names the tests anew):\n{}", faults.join("\n"));
}

#[test]
fn a_name_carries_the_numbers_of_its_rules() {
    let carried = |name| numbers(name).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(carried("s59_s64_acceptance_means_accepted"), "S59 S64");
    assert_eq!(carried("s20_to_s22_are_the_platforms_and_so_is_s24"), "S20 S21 S22 S24");
    assert_eq!(carried("dr4_names_near_misses_and_e62_holds"), "DR4 E62");
    assert_eq!(carried("e99_s3_is_none_nor_is_sha256"), "");
}

#[test]
fn only_what_runs_as_a_test_is_one() {
    let source = "#[test]\nfn one() {\n}\nfn helper() {}\nproptest! {\n    #[test]\n    fn two(\n        x in 0..1\n    ) {}\n}\n\
                  #[tokio::test(start_paused = true)]\nasync fn three() {}\n#[test]\n#[ignore]\nfn four() {}\n";
    assert_eq!(functions(source), ["one", "two", "three"]);
}
