//! `ponte tenant rotate-secret`: new secrets beside the old ones, so that no webhook is refused during the change.

use super::{registry, secret};
use crate::operator::Operator;
use anyhow::{Context as _, Result, bail};
use app::ports::TillError;
use aws_adapters::dynamodb_registry::Record;
use clap::Args;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use std::{path::PathBuf, process::ExitCode};

/// Secrets to be replaced.
#[derive(Debug, Args)]
pub struct Rotate {
    /// The restaurant's id on the platform.
    pub id: String,
    /// File with a new secret of the till's webhooks, `-` for a line of standard input; once for each.
    #[arg(long, value_name = "FILE", required_unless_present = "api_key_file")]
    pub webhook_secret_file: Vec<PathBuf>,
    /// Keeps only the secrets that are given now; say it once the till signs with them.
    #[arg(long, requires = "webhook_secret_file")]
    pub drop_old: bool,
    /// File with the till's new API key, `-` for a line of standard input. It must reach the sales point.
    #[arg(long, value_name = "FILE")]
    pub api_key_file: Option<PathBuf>,
}

/// What became of the secrets.
#[derive(Debug, Serialize)]
struct Rotated {
    tenant: String,
    version: i64,
    api_key: &'static str,
    webhook_secrets: usize,
}

/// Replaces or adds secrets.
///
/// # Errors
/// If a secret cannot be read, the till refuses the key, or somebody else changed the record. Nothing is written then.
pub(super) async fn run(operator: &Operator, rotate: &Rotate) -> Result<ExitCode> {
    let registry = registry(operator);
    let before = registry.get(&rotate.id).await?;
    let mut after = before.clone();
    if let Some(file) = &rotate.api_key_file {
        let key = secret::read(file, "the API key")?;
        check_key(operator, &before, &key).await?;
        registry.seal_api_key(&mut after, &key).await?;
    }
    if !rotate.webhook_secret_file.is_empty() {
        let read = |file: &PathBuf| secret::read(file, "the secret of the webhooks");
        let new = rotate.webhook_secret_file.iter().map(read).collect::<Result<Vec<_>>>()?;
        let has_old = !before.forms().webhook_secrets.is_empty() && !rotate.drop_old;
        let old = match has_old {
            true => registry
                .webhook_secrets(&before)
                .await
                .context("the old secrets do not open; --drop-old replaces them")?,
            false => Vec::new(),
        };
        registry.seal_webhook_secrets(&mut after, &each_once(new, old)).await?;
    }
    let written = registry.save(&before, after).await?;
    let rotated = Rotated {
        tenant: rotate.id.clone(),
        version: written.version(),
        api_key: if rotate.api_key_file.is_some() { "sostituita" } else { "invariata" },
        webhook_secrets: written.forms().webhook_secrets.len(),
    };
    operator.print(&rotated, as_text)?;
    Ok(ExitCode::SUCCESS)
}

/// A key that does not reach the sales point would end every order.
async fn check_key(operator: &Operator, record: &Record, key: &SecretString) -> Result<()> {
    let point = record.tenant()?.sales_point;
    let work = operator.work("tenant-rotate", super::LONGEST);
    match operator.till.licensed_sales_points(&work, key).await {
        Ok(points) => super::choose::sales_point(&points, Some(point.0)).map(drop),
        Err(TillError::KeyRefused { status }) => {
            bail!("the till refuses the new API key ({status}); the old one stays")
        }
        Err(error) => Err(error).context("the till cannot be asked whether the key is good; the old one stays"),
    }
}

/// The new ones first, then the old ones, each once.
fn each_once(new: Vec<SecretString>, old: Vec<SecretString>) -> Vec<SecretString> {
    let mut all: Vec<SecretString> = Vec::with_capacity(new.len() + old.len());
    for secret in new.into_iter().chain(old) {
        if !all.iter().any(|known| known.expose_secret() == secret.expose_secret()) {
            all.push(secret);
        }
    }
    all
}

fn as_text(rotated: &Rotated) -> String {
    let Rotated { tenant, version, api_key, webhook_secrets } = rotated;
    format!(
        "{tenant}: chiave API {api_key}, segreti dei WebHook {webhook_secrets}\nversione {version}; le funzioni la usano entro cinque minuti\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_secrets_come_first_old_ones_stay_and_none_is_there_twice() {
        let secrets = |texts: &[&str]| texts.iter().map(|text| SecretString::from(*text)).collect::<Vec<_>>();
        let all = each_once(secrets(&["c", "b"]), secrets(&["a", "b"]));
        assert_eq!(all.iter().map(|secret| secret.expose_secret()).collect::<Vec<_>>(), ["c", "b", "a"]);
    }
}
