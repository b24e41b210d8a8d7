//! Lambda's own calls, as far as they are needed: Invoke, and the switch of what a queue feeds.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

pub(super) async fn invoke(http: &reqwest::Client, endpoint: &str, function: &str, event: &Value) -> Result<Value> {
    let url = format!("{endpoint}/2015-03-31/functions/{function}/invocations");
    let response = http.post(url).json(event).send().await.with_context(|| format!("cannot invoke {function}"))?;
    let status = response.status();
    let failed = !status.is_success() || response.headers().contains_key("x-amz-function-error");
    let body = response.text().await.with_context(|| format!("{function} broke off its answer"))?;
    ensure!(!failed, "{function} failed with status {status}: {body}");
    serde_json::from_str(&body).with_context(|| format!("{function} did not answer in JSON: {body}"))
}

/// Switches the mapping that feeds a function from its queue.
#[cfg(feature = "test-support")]
pub(super) async fn switch_event_source(
    http: &reqwest::Client,
    endpoint: &str,
    function: &str,
    enabled: bool,
) -> Result<()> {
    let mappings = format!("{endpoint}/2015-03-31/event-source-mappings");
    let listed = http.get(format!("{mappings}/?FunctionName={function}")).send().await?.error_for_status()?;
    let listed: Value = listed.json().await.context("the list of mappings is no JSON")?;
    let id = listed["EventSourceMappings"][0]["UUID"].as_str();
    let id = id.with_context(|| format!("nothing feeds {function}"))?;
    let wanted = serde_json::json!({ "Enabled": enabled });
    let switched = http.put(format!("{mappings}/{id}")).json(&wanted).send().await?;
    switched.error_for_status().with_context(|| format!("what feeds {function} cannot be switched"))?;
    Ok(())
}
