//! `ponte send`: a webhook of a file, as its sender would send it now.

use crate::operator::Operator;
use anyhow::{Context as _, Result, bail, ensure};
use app::ports::{Freshness, Tenants as _};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Args;
use domain::TenantId;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, path::PathBuf, process::ExitCode, time::Duration};

/// Where the till's webhooks of a tenant go.
const TILL_PATH: &str = "/webhooks/cic/";
/// Where the platform's webhooks go.
const PLATFORM_PATH: &str = "/webhooks/plateform";
/// Headers of the gateway or of the connection: they are not the sender's.
const NOT_THE_SENDERS: [&str; 7] =
    ["host", "content-length", "accept", "user-agent", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"];
/// How long the answer may take.
const LONGEST: Duration = Duration::from_secs(30);

/// What to send, for whom and where.
#[derive(Debug, Args)]
pub struct Send {
    /// File with an event of the HTTP API, like those in `events/`.
    file: PathBuf,
    /// Base URL of the webhooks; without it that of the stack.
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    /// Sends it as of this restaurant: in the address, or in the body of the platform's events; signed with its secret.
    #[arg(long)]
    tenant: Option<String>,
    /// Sends it as it stands in the file: nothing is signed anew.
    #[arg(long, conflicts_with = "tenant")]
    as_is: bool,
}

/// What was answered.
#[derive(Debug, Serialize)]
struct Answer {
    status: u16,
    body: Value,
}

/// The part of an event of the gateway that its sender made.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Webhook {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

/// An event of the HTTP API, payload format 2.0.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    raw_path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    is_base64_encoded: bool,
    request_context: Context,
}

#[derive(Debug, Deserialize)]
struct Context {
    http: Http,
}

#[derive(Debug, Deserialize)]
struct Http {
    method: String,
}

/// Sends it and prints what was answered; anything but 2xx is a failure.
///
/// # Errors
/// If the file is no such event, there is no secret to sign with, or nobody answers.
pub async fn run(operator: &Operator, send: &Send) -> Result<ExitCode> {
    let text = std::fs::read(&send.file).with_context(|| format!("cannot read {}", send.file.display()))?;
    let mut webhook = Webhook::of_event(&text).with_context(|| send.file.display().to_string())?;
    let to = send.to.as_deref().unwrap_or(&operator.config.api_url).trim_end_matches('/');
    if !send.as_is && webhook.method == "POST" {
        sign(operator, send, &mut webhook).await?;
        let question = format!("{to}{} lo prenderà per vero. Inviare?", webhook.path);
        if !operator.confirm(&question)? {
            return Ok(ExitCode::FAILURE);
        }
    }
    let answer = post(to, webhook).await?;
    operator.print(&answer, |answer| format!("{} {}", answer.status, answer.body))?;
    Ok(ExitCode::from(u8::from(!(200..300).contains(&answer.status))))
}

/// Signs with the live secret of who is said to send; a till's event without a tenant keeps the signature of its file.
async fn sign(operator: &Operator, send: &Send, webhook: &mut Webhook) -> Result<()> {
    let tenant = send.tenant.as_deref().map(TenantId::parse).transpose()?;
    if webhook.path.starts_with(TILL_PATH) {
        let Some(tenant) = tenant else { return Ok(()) };
        let access = operator.tenants.tenant(&tenant, Freshness::Reload).await?;
        let access = access.with_context(|| format!("there is no tenant {tenant}; check its id"))?;
        let secret = first(&access.webhook_secrets, tenant.as_str())?;
        webhook.sign_as_till(&tenant, secret.expose_secret());
        return Ok(());
    }
    if webhook.path != PLATFORM_PATH {
        bail!("{} takes no webhooks; send it with --as-is", webhook.path);
    }
    let access = operator.tenants.platform(Freshness::Reload).await?;
    let secret = first(&access.webhook_secrets, "the platform")?;
    if let Some(tenant) = tenant {
        webhook.speak_of(&tenant)?;
    }
    webhook.sign_as_platform(secret.expose_secret(), Timestamp::now());
    Ok(())
}

fn first<'a>(secrets: &'a [SecretString], whose: &str) -> Result<&'a SecretString> {
    secrets.first().with_context(|| format!("{whose} has no webhook secret to sign with"))
}

impl Webhook {
    fn of_event(text: &[u8]) -> Result<Self> {
        let event: Event = serde_json::from_slice(text).context("not an event of the HTTP API")?;
        let body = match event.is_base64_encoded {
            true => STANDARD.decode(&event.body).context("its body is not base64")?,
            false => event.body.into_bytes(),
        };
        let lower = event.headers.into_iter().map(|(name, value)| (name.to_lowercase(), value));
        let headers = lower.filter(|(name, _)| !NOT_THE_SENDERS.contains(&name.as_str())).collect();
        Ok(Self { method: event.request_context.http.method, path: event.raw_path, headers, body })
    }

    fn sign_as_till(&mut self, tenant: &TenantId, secret: &str) {
        self.path = format!("{TILL_PATH}{tenant}");
        self.headers.insert("x-cn-signature".to_owned(), simulator::sign_as_till(secret, &self.body));
    }

    /// Signed now and under an id of its own: an event of a file would be too old, and known.
    fn sign_as_platform(&mut self, secret: &str, now: Timestamp) {
        let id = format!("msg_ponte_{}", now.as_millisecond());
        let signature = simulator::sign_as_plateform(secret, &id, now, &self.body);
        self.headers.insert("webhook-signature".to_owned(), signature);
        self.headers.insert("webhook-timestamp".to_owned(), now.as_second().to_string());
        self.headers.insert("webhook-id".to_owned(), id);
    }

    /// Puts the restaurant into an event of the platform, wherever it names one.
    fn speak_of(&mut self, tenant: &TenantId) -> Result<()> {
        let mut event: Value = serde_json::from_slice(&self.body).context("its body is not JSON")?;
        ensure!(event.pointer("/restaurantId").is_some(), "its body names no restaurant");
        for place in ["/restaurantId", "/data/order/restaurantId"] {
            if let Some(named) = event.pointer_mut(place) {
                *named = tenant.as_str().into();
            }
        }
        self.body = event.to_string().into_bytes();
        Ok(())
    }
}

async fn post(to: &str, webhook: Webhook) -> Result<Answer> {
    let client = reqwest::Client::builder().timeout(LONGEST).build().context("cannot make an HTTP client")?;
    let method = webhook.method.parse().context("its method is none")?;
    let url = format!("{to}{}", webhook.path);
    let mut request = client.request(method, &url).body(webhook.body);
    for (name, value) in &webhook.headers {
        request = request.header(name, value);
    }
    let answer = request.send().await.with_context(|| format!("{url} does not answer"))?;
    let status = answer.status().as_u16();
    let text = answer.text().await.with_context(|| format!("{url} breaks off its answer"))?;
    Ok(Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) })
}

#[cfg(test)]
mod tests;
