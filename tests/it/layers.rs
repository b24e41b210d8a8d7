//! The layers of the workspace, read from what its packages are built from.

use std::collections::BTreeSet;
use std::process::Command;

/// What talks over a network, or knows where the code runs.
const OUTSIDE: [&str; 7] = ["hyper", "reqwest", "axum", "rustls", "lambda_runtime", "lambda_http", "aws_lambda_events"];
const FUNCTIONS: [&str; 3] = ["webhook", "consumer", "sync"];

/// A package that ends up in another one, tests and build scripts left out.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    is_ours: bool,
}

/// Name and version of every package, a line each.
///
/// `cargo tree` rather than `cargo metadata`, which also lists optional packages that nobody switched on.
fn tree(package: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none", "--package", package])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("a tree in UTF-8");
    lines.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
}

fn built_from(package: &str) -> BTreeSet<Package> {
    tree(package).iter().filter_map(|line| parse(line)).collect()
}

fn parse(line: &str) -> Option<Package> {
    let name = line.split(' ').next().filter(|name| !name.is_empty())?;
    Some(Package { name: name.to_owned(), is_ours: line.contains(" (/") })
}

fn names(package: &str) -> BTreeSet<String> {
    built_from(package).into_iter().map(|package| package.name).collect()
}

fn ours(package: &str) -> Vec<String> {
    built_from(package).into_iter().filter(|package| package.is_ours).map(|package| package.name).collect()
}

fn is_outside(package: &str) -> bool {
    OUTSIDE.contains(&package) || is_aws(package)
}

fn is_aws(package: &str) -> bool {
    ["aws-sdk", "aws-config", "aws-smithy"].iter().any(|prefix| package.starts_with(prefix))
}

/// What would be switched on in a package by what is built when no package is named, a line each.
fn features(package: &str) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "normal,features", "--invert", package])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("a tree in UTF-8")
}

#[test]
fn the_functions_are_built_without_what_is_there_for_tests() {
    for package in ["app", "aws-adapters", "domain"] {
        let features = features(package);
        assert!(features.contains("consumer"), "{package} is in the consumer: {features}");
        for switch in ["test-support", "planted-bugs"] {
            assert!(!features.contains(switch), "{package} is built with {switch}");
        }
    }
}

#[test]
fn the_domain_neither_waits_nor_talks_to_anything() {
    for package in names("domain") {
        assert!(package != "tokio" && !is_outside(&package), "domain is built from {package}");
    }
}

#[test]
fn use_cases_know_neither_aws_nor_http() {
    for package in names("app") {
        assert!(!is_outside(&package), "app is built from {package}");
    }
}

#[test]
fn clients_know_nothing_of_aws() {
    for client in ["cassa-in-cloud", "plateform"] {
        for package in names(client) {
            assert!(!is_aws(&package), "{client} is built from {package}");
        }
    }
}

#[test]
fn what_is_inside_does_not_know_what_is_outside() {
    assert_eq!(ours("domain"), ["domain"]);
    assert_eq!(ours("app"), ["app", "domain"]);
    assert_eq!(ours("cassa-in-cloud"), ["app", "cassa-in-cloud", "domain"]);
    assert_eq!(ours("plateform"), ["app", "domain", "plateform"]);
    assert_eq!(ours("aws-adapters"), ["app", "aws-adapters", "domain"]);
}

#[test]
fn a_function_carries_one_http_stack_and_one_source_of_cryptography() {
    for function in FUNCTIONS {
        let tree = tree(function);
        for package in ["rustls", "hyper", "aws-lc-rs"] {
            let versions = tree.iter().filter(|line| line.starts_with(&format!("{package} v"))).count();
            assert_eq!(versions, 1, "{package} in {function}");
        }
        let second = tree.iter().find(|line| line.starts_with("ring v") || line.starts_with("openssl v"));
        assert_eq!(second, None, "in {function}");
    }
}

#[test]
fn what_is_for_tests_stays_out_of_the_functions() {
    for function in FUNCTIONS {
        for package in ["simulator", "model", "chaos"] {
            assert!(!names(function).contains(package), "{package} in {function}");
        }
    }
}
