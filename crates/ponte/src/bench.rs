//! How long a function takes from nothing, and how long once it runs, in Lambda's own runtime interface emulator.
//!
//! The processor is this machine's, whole: Lambda gives a function of 256 MB about a seventh of one.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::child::GuardedChild;
use crate::local::{aws_environment, client, free_port, ministack::MiniStack, workspace::Workspace};

const COLD_STARTS: usize = 20;
const WARM_CALLS: usize = 50;
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// Latencies of the health check, each list sorted.
#[derive(Debug)]
pub struct Report {
    cold: Vec<Duration>,
    warm: Vec<Duration>,
}

/// Measures a webhook function that was built for this machine.
///
/// # Errors
/// If the emulator is missing, or does not answer in time, or the function answers anything but 200.
pub async fn run(bootstrap: &Path) -> Result<Report> {
    let workspace = Workspace::find()?;
    let emulator = emulator(&workspace)?;
    // Empty, but there: a function opens its connections while it starts.
    let aws = MiniStack::start(&workspace).await?;
    let bootstrap = bootstrap.canonicalize().with_context(|| format!("no function at {}", bootstrap.display()))?;
    let mut report = Report { cold: Vec::new(), warm: Vec::new() };
    for _ in 0..COLD_STARTS {
        let instance = Instance::start(&emulator, &bootstrap, aws.endpoint()).await?;
        report.cold.push(instance.call().await?);
        for _ in 0..WARM_CALLS {
            report.warm.push(instance.call().await?);
        }
    }
    report.cold.sort_unstable();
    report.warm.sort_unstable();
    Ok(report)
}

/// The emulator comes inside sam.
fn emulator(workspace: &Workspace) -> Result<PathBuf> {
    let name = if cfg!(target_arch = "aarch64") { "aws-lambda-rie-arm64" } else { "aws-lambda-rie-x86_64" };
    let sam = workspace.tool("sam")?;
    let libraries = sam.parent().and_then(Path::parent).unwrap_or(&sam).join("lib");
    let pythons = std::fs::read_dir(&libraries).with_context(|| format!("cannot read {}", libraries.display()))?;
    pythons
        .filter_map(|python| Some(python.ok()?.path().join("site-packages/samcli/local/rapid").join(name)))
        .find(|path| path.is_file())
        .with_context(|| format!("no {name} below {}", libraries.display()))
}

struct Instance {
    url: String,
    http: reqwest::Client,
    _process: GuardedChild,
}

impl Instance {
    /// The emulator starts the function only with the first call.
    async fn start(emulator: &Path, bootstrap: &Path, aws: &str) -> Result<Self> {
        let port = free_port()?;
        let process = GuardedChild::spawn(command(emulator, bootstrap, [port, free_port()?], aws))?;
        let deadline = Instant::now() + START_TIMEOUT;
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            ensure!(Instant::now() < deadline, "the emulator does not start");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let url = format!("http://127.0.0.1:{port}/2015-03-31/functions/function/invocations");
        Ok(Self { url, http: client()?, _process: process })
    }

    async fn call(&self) -> Result<Duration> {
        let start = Instant::now();
        let answer: Value = self.http.post(&self.url).json(&health_check()).send().await?.json().await?;
        let elapsed = start.elapsed();
        ensure!(answer["statusCode"] == 200, "the function answered {answer}");
        Ok(elapsed)
    }
}

fn command(emulator: &Path, bootstrap: &Path, [port, runtime_port]: [u16; 2], aws: &str) -> Command {
    let mut command = Command::new(emulator);
    command
        .args(["--runtime-interface-emulator-address", &format!("127.0.0.1:{port}")])
        .args(["--runtime-api-address", &format!("127.0.0.1:{runtime_port}"), "--log-level", "error"])
        .arg(bootstrap)
        .arg("handler")
        .envs(aws_environment(aws))
        .envs([("TENANTS_TABLE", "tenants"), ("SECRETS_KEY_ID", "key"), ("ALLOW_PLAINTEXT_SECRETS", "true")])
        .envs([("ORDERS_QUEUE_URL", "orders"), ("SYNC_QUEUE_URL", "sync")])
        .env("AWS_LAMBDA_FUNCTION_TIMEOUT", "10")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn health_check() -> Value {
    json!({
        "version": "2.0",
        "routeKey": "GET /healthz",
        "rawPath": "/healthz",
        "rawQueryString": "",
        "headers": {"host": "localhost"},
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "api",
            "domainName": "localhost",
            "requestId": "request",
            "routeKey": "GET /healthz",
            "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000",
            "timeEpoch": 1_767_225_600_000_u64,
            "http": {
                "method": "GET",
                "path": "/healthz",
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "ponte"
            }
        },
        "isBase64Encoded": false
    })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "cold  {} ({} processes)", Quantiles(&self.cold), self.cold.len())?;
        write!(f, "warm  {} ({} calls)", Quantiles(&self.warm), self.warm.len())
    }
}

/// Sorted latencies, at least one.
struct Quantiles<'a>(&'a [Duration]);

impl Quantiles<'_> {
    fn at(&self, percent: usize) -> f64 {
        let index = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        self.0.get(index).map_or(f64::NAN, |latency| latency.as_secs_f64() * 1000.0)
    }
}

impl fmt::Display for Quantiles<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p50 {:7.2}  p99 {:7.2}  max {:7.2} ms", self.at(50), self.at(99), self.at(100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_the_nearest_rank() {
        let latencies: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(Quantiles(&latencies).to_string(), "p50  100.00  p99  198.00  max  200.00 ms");
        assert_eq!(Quantiles(&latencies[..1]).to_string(), "p50    1.00  p99    1.00  max    1.00 ms");
    }
}
