//! Lambda's Invoke call, one POST.

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
