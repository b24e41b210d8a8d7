//! The deployed stack: `sam deploy` of the real template, and what came of it.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::ministack::MiniStack;
use super::workspace::Workspace;
use super::{LocalAwsOptions, REGION, aws_environment};

const STACK_NAME: &str = "ponte";

/// Outputs of the stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outputs {
    /// Base URL of the HTTP API, on a host name under `localhost`.
    #[serde(rename = "ApiUrl")]
    pub api_url: String,
    /// Table of tenants.
    #[serde(rename = "TenantsTableName")]
    pub tenants_table: String,
    /// Table of orders, manifests and leases.
    #[serde(rename = "StateTableName")]
    pub state_table: String,
    /// Queue of order events.
    #[serde(rename = "OrdersQueueUrl")]
    pub orders_queue_url: String,
    /// Order events that were given up.
    #[serde(rename = "OrdersDeadLetterQueueUrl")]
    pub orders_dead_letter_queue_url: String,
    /// Queue of the jobs of tenants.
    #[serde(rename = "SyncQueueUrl")]
    pub sync_queue_url: String,
    /// Jobs that were given up.
    #[serde(rename = "SyncDeadLetterQueueUrl")]
    pub sync_dead_letter_queue_url: String,
    /// KMS key of secrets.
    #[serde(rename = "SecretsKeyArn")]
    pub secrets_key_id: String,
    /// Name of the function behind the HTTP API.
    #[serde(rename = "WebhookFunctionName")]
    pub webhook_function: String,
    /// Name of the function behind the orders queue.
    #[serde(rename = "ConsumerFunctionName")]
    pub consumer_function: String,
    /// Name of the function behind the sync queue and the schedules.
    #[serde(rename = "SyncFunctionName")]
    pub sync_function: String,
}

impl Outputs {
    /// Host of [`Self::api_url`] without its port, for a `Host` header.
    #[must_use]
    pub fn api_host(&self) -> &str {
        let host = self.api_url.trim_start_matches("http://");
        host.split(':').next().unwrap_or(host)
    }

    /// Id of the HTTP API.
    pub(super) fn api_id(&self) -> &str {
        self.api_host().split('.').next().unwrap_or_default()
    }
}

/// A local AWS that outlives its starter.
#[derive(Serialize, Deserialize)]
struct Kept {
    endpoint: String,
    outputs: Outputs,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SamOutput {
    output_key: String,
    output_value: String,
}

pub(super) async fn deploy(workspace: &Workspace, aws: &MiniStack, options: &LocalAwsOptions) -> Result<()> {
    let log_path = aws.folder().join("deploy.log");
    let log = File::create(&log_path).context("cannot write the log of the deployment")?;
    let mut sam = sam(workspace, aws)?;
    sam.args(["deploy", "--resolve-s3", "--no-confirm-changeset", "--capabilities", "CAPABILITY_IAM"])
        .args(["--stack-name", STACK_NAME, "--region", REGION, "--parameter-overrides"])
        .args(parameters(options))
        .stdout(log.try_clone().context("cannot write the log of the deployment")?)
        .stderr(log);
    let status = tokio::task::spawn_blocking(move || sam.status()).await?.context("cannot run sam")?;
    ensure!(status.success(), "the template could not be deployed, see {}", log_path.display());
    Ok(())
}

pub(super) async fn outputs(workspace: &Workspace, aws: &MiniStack) -> Result<Outputs> {
    let mut sam = sam(workspace, aws)?;
    sam.args(["list", "stack-outputs", "--stack-name", STACK_NAME, "--region", REGION, "--output", "json"]);
    let result = tokio::task::spawn_blocking(move || sam.output()).await?.context("cannot run sam")?;
    ensure!(result.status.success(), "no outputs of the stack: {}", String::from_utf8_lossy(&result.stderr));
    parse(&result.stdout)
}

fn parse(list: &[u8]) -> Result<Outputs> {
    let list: Vec<SamOutput> = serde_json::from_slice(list).context("sam answered otherwise than in JSON")?;
    let map = list.into_iter().map(|output| (output.output_key, output.output_value.into())).collect();
    serde_json::from_value(serde_json::Value::Object(map)).context("the stack lacks an output")
}

pub(super) fn remember(workspace: &Workspace, endpoint: &str, outputs: &Outputs) -> Result<()> {
    let kept = Kept { endpoint: endpoint.to_owned(), outputs: outputs.clone() };
    let path = kept_path(workspace);
    std::fs::write(&path, serde_json::to_vec_pretty(&kept)?).with_context(|| format!("cannot write {}", path.display()))
}

pub(super) fn recall(workspace: &Workspace) -> Result<Option<(String, Outputs)>> {
    let path = kept_path(workspace);
    if !path.is_file() {
        return Ok(None);
    }
    let text = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let kept: Kept = serde_json::from_slice(&text).with_context(|| format!("{} is damaged", path.display()))?;
    Ok(Some((kept.endpoint, kept.outputs)))
}

fn kept_path(workspace: &Workspace) -> PathBuf {
    workspace.run_folder().join("kept.json")
}

fn sam(workspace: &Workspace, aws: &MiniStack) -> Result<Command> {
    let mut command = Command::new(workspace.tool("sam")?);
    command
        .current_dir(workspace.root())
        .envs(aws_environment(aws.endpoint()))
        .env("SAM_CLI_TELEMETRY", "0")
        .env_remove("AWS_SESSION_TOKEN")
        .env_remove("AWS_PROFILE")
        .stdin(Stdio::null());
    Ok(command)
}

fn parameters(options: &LocalAwsOptions) -> [String; 5] {
    let schedules = if options.schedules { "ENABLED" } else { "DISABLED" };
    let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" };
    [
        format!("Architecture={architecture}"),
        format!("CicBaseUrl={}", options.cic_base_url),
        format!("PlateformBaseUrl={}", options.plateform_base_url),
        "AllowPlaintextSecrets=true".to_owned(),
        format!("SchedulesState={schedules}"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const KEYS: [&str; 10] = [
        "TenantsTableName",
        "StateTableName",
        "OrdersQueueUrl",
        "OrdersDeadLetterQueueUrl",
        "SyncQueueUrl",
        "SyncDeadLetterQueueUrl",
        "SecretsKeyArn",
        "WebhookFunctionName",
        "ConsumerFunctionName",
        "SyncFunctionName",
    ];

    fn listed() -> Vec<serde_json::Value> {
        let mut list = vec![output("ApiUrl", "http://1a2b3c4d.execute-api.localhost:4566")];
        list.extend(KEYS.map(|key| output(key, key)));
        list
    }

    fn output(key: &str, value: &str) -> serde_json::Value {
        json!({"OutputKey": key, "OutputValue": value, "Description": ""})
    }

    fn parsed(list: &[serde_json::Value]) -> Result<Outputs> {
        parse(&serde_json::to_vec(list).unwrap())
    }

    #[test]
    fn outputs_are_read_from_what_sam_lists() {
        let outputs = parsed(&listed()).unwrap();
        assert_eq!(outputs.orders_queue_url, "OrdersQueueUrl");
        assert_eq!(outputs.secrets_key_id, "SecretsKeyArn");
    }

    #[test]
    fn a_missing_output_is_named() {
        let problem = parsed(&listed()[..5]).unwrap_err();
        assert!(format!("{problem:#}").contains("SyncQueueUrl"), "{problem:#}");
    }

    #[test]
    fn the_host_of_the_api_has_no_port() {
        let outputs = parsed(&listed()).unwrap();
        assert_eq!(outputs.api_host(), "1a2b3c4d.execute-api.localhost");
        assert_eq!(outputs.api_id(), "1a2b3c4d");
    }

    #[test]
    fn schedules_run_only_where_they_are_asked_for() {
        let options = |schedules| LocalAwsOptions {
            cic_base_url: "http://till".to_owned(),
            plateform_base_url: "http://platform".to_owned(),
            schedules,
        };
        assert!(parameters(&options(true)).contains(&"SchedulesState=ENABLED".to_owned()));
        assert!(parameters(&options(false)).contains(&"SchedulesState=DISABLED".to_owned()));
    }
}
