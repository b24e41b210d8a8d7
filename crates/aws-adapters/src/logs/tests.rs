use super::*;
use crate::written::Written;
use secrecy::SecretString;
use serde_json::Value;
use tracing::{debug, info, info_span, warn};

/// What is written at a level while something runs.
fn written(level: &str, run: impl FnOnce()) -> String {
    let written = Written::default();
    let guard = written.take_logs(level);
    run();
    drop(guard);
    written.text()
}

#[test]
fn a_line_is_json_with_its_fields_on_top_and_the_ids_of_its_spans() {
    let text = written("info", || {
        let invocation = info_span!("invocation", request_id = "r-1");
        let _invocation = invocation.enter();
        let record = info_span!("record", correlation = "c-1");
        let _record = record.enter();
        info!(order.id = "o-1", duration_ms = 12, "order on the till");
    });
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["message"], "order on the till");
    assert_eq!((&line["order.id"], &line["duration_ms"]), (&"o-1".into(), &12.into()));
    assert_eq!(line["level"], "INFO");
    assert!(line["timestamp"].as_str().unwrap().ends_with('Z'), "{text}");
    assert_eq!(line["spans"][0]["request_id"], "r-1");
    assert_eq!(line["spans"][1]["correlation"], "c-1");
}

#[test]
fn secrets_and_personal_data_never_reach_a_line() {
    let text = written("trace", || {
        let secret = SecretString::from("canary-secret");
        let email = Redacted("canary@example.com");
        info!(?secret, ?email, name = %Redacted("canary-name"), "seen");
        info!(wrapped = ?Some(Redacted(vec!["canary"])), "seen");
    });
    assert_eq!(text.lines().count(), 2);
    assert!(!text.contains("canary"), "{text}");
    assert!(text.contains("[redacted]"), "{text}");
}

#[test]
fn crates_that_log_bodies_stay_quiet_at_any_level() {
    for level in ["trace", "aws_smithy_runtime=trace", "lambda_runtime=trace,trace"] {
        let text = written(level, || {
            debug!(target: "aws_smithy_runtime::client", body = "canary");
            info!(target: "lambda_runtime", body = "canary");
            warn!(target: "lambda_runtime", "kept");
            debug!("ours");
        });
        assert!(!text.contains("canary"), "{level}: {text}");
        assert!(text.contains("kept"), "{level}: {text}");
    }
}

#[test]
fn the_level_is_rust_log_s_then_log_level_s_then_info() {
    let set = |pairs: &'static [(&str, &str)]| {
        level(move |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    };
    assert_eq!(set(&[("RUST_LOG", "debug"), ("LOG_LEVEL", "warn")]), "debug");
    assert_eq!(set(&[("RUST_LOG", ""), ("LOG_LEVEL", "warn")]), "warn");
    assert_eq!(set(&[]), "info");
}

#[test]
fn a_level_that_is_not_understood_is_info() {
    let text = written("much=!?", || {
        debug!("hidden");
        info!("shown");
    });
    assert!(text.contains("shown") && !text.contains("hidden"), "{text}");
}
