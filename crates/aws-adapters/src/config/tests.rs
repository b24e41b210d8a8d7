use super::*;

fn read<'a>(set: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
    |name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
}

const COMPLETE: [(&str, &str); 6] = [
    ("TENANTS_TABLE", "t"),
    ("STATE_TABLE", "s"),
    ("SECRETS_KEY_ID", "k"),
    ("ORDERS_QUEUE_URL", "http://localhost:4566/1/orders"),
    ("SYNC_QUEUE_URL", "https://sqs.eu-south-1.amazonaws.com/1/sync"),
    ("PLATEFORM_BASE_URL", "https://api.plateform.example/"),
];

#[test]
fn a_complete_environment_has_the_till_s_address_as_default_and_no_slash_at_the_end() {
    let config = SyncConfig::read(read(&COMPLETE)).unwrap();
    assert_eq!(config.cic_base_url, "https://api.cassanova.com");
    assert_eq!(config.plateform_base_url, "https://api.plateform.example");
    assert_eq!(config.tenants.secrets_key_id.as_deref(), Some("k"));
    assert!(!config.tenants.allow_plaintext);
    assert!(WebhookConfig::read(read(&COMPLETE)).is_ok() && ConsumerConfig::read(read(&COMPLETE)).is_ok());
}

#[test]
fn every_missing_variable_is_told_at_once_with_meaning_and_example() {
    let error = ConsumerConfig::read(|_| None).unwrap_err();
    let names: Vec<_> = error.problems.iter().map(|p| p.split(' ').next().unwrap()).collect();
    let expected = ["TENANTS_TABLE", "SECRETS_KEY_ID", "STATE_TABLE", "ORDERS_QUEUE_URL", "PLATEFORM_BASE_URL"];
    assert_eq!(names, expected);
    assert_eq!(error.problems[0], "TENANTS_TABLE is missing (table of the tenants, for example ponte-tenants)");
    assert!(error.to_string().contains("; STATE_TABLE is missing"), "{error}");
}

#[test]
fn only_true_allows_secrets_as_strings_and_then_no_key_is_needed() {
    for (value, allowed) in [("true", true), ("TRUE", false), ("1", false), (" true", false), ("", false)] {
        let mut set = COMPLETE.to_vec();
        set.push(("ALLOW_PLAINTEXT_SECRETS", value));
        assert_eq!(WebhookConfig::read(read(&set)).unwrap().tenants.allow_plaintext, allowed, "{value}");
        set.retain(|(name, _)| *name != "SECRETS_KEY_ID");
        assert_eq!(WebhookConfig::read(read(&set)).is_ok(), allowed, "{value}");
    }
}

#[test]
fn a_base_url_is_https_unless_it_is_on_this_machine() {
    for (url, good) in [
        ("https://api.example.com/v1", true),
        ("http://127.0.0.1:9000", true),
        ("http://127.9.9.9", true),
        ("http://localhost:9000", true),
        ("http://1a2b.execute-api.localhost:9000", true),
        ("http://notlocalhost:9000", false),
        ("http://[::1]:9000", true),
        ("http://api.example.com", false),
        ("http://localhost.example.com", false),
        ("http://127.0.0.1.example.com", false),
        ("http://128.0.0.1", false),
        ("https://user@api.example.com", false),
        ("https://api.example.com?x=1", false),
        ("ftp://api.example.com", false),
        ("api.example.com", false),
        ("https://", false),
    ] {
        let mut set = COMPLETE.to_vec();
        set.push(("CIC_BASE_URL", url));
        let config = SyncConfig::read(read(&set));
        assert_eq!(config.is_ok(), good, "{url}: {config:?}");
    }
}

#[test]
fn a_queue_url_that_is_none_is_told() {
    let mut set = vec![("ORDERS_QUEUE_URL", "ponte-orders")];
    set.extend(COMPLETE);
    let error = WebhookConfig::read(read(&set)).unwrap_err();
    assert!(error.problems[0].starts_with("ORDERS_QUEUE_URL is no URL"), "{error}");
}
