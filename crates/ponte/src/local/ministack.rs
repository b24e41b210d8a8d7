//! The `MiniStack` process.

use std::fs::File;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::workspace::Workspace;
use super::{REGION, aws_environment, client};

const START_TIMEOUT: Duration = Duration::from_secs(60);
const POLL_INTERVAL: Duration = Duration::from_millis(50);
const START_ATTEMPTS: u8 = 3;

/// Ends `MiniStack` when standard input closes, which it does when this process ends in whatever way; the word `keep`
/// lets it live on.
const GUARD: &str = r#"read -r word; [ "$word" = keep ] || kill "$0""#;

/// A running `MiniStack`.
#[derive(Debug)]
pub(super) struct MiniStack {
    process: Child,
    guard: Child,
    endpoint: String,
    folder: PathBuf,
}

impl MiniStack {
    /// A free port may be taken by somebody else before `MiniStack` binds it, hence the attempts.
    pub(super) async fn start(workspace: &Workspace) -> Result<Self> {
        let mut folder = PathBuf::new();
        for _ in 0..START_ATTEMPTS {
            let mut ministack = Self::spawn(workspace)?;
            if ministack.is_ready().await? {
                return Ok(ministack);
            }
            folder.clone_from(&ministack.folder);
        }
        bail!("MiniStack does not start, see {}", folder.join("ministack.log").display())
    }

    fn spawn(workspace: &Workspace) -> Result<Self> {
        let port = free_port()?;
        let endpoint = format!("http://127.0.0.1:{port}");
        let folder = workspace.run_folder().join(format!("aws-{port}"));
        let process = command(&workspace.tool("ministack")?, &folder, &endpoint, port)?
            .spawn()
            .context("cannot run MiniStack")?;
        let guard = Command::new("sh")
            .args(["-c", GUARD])
            .arg(process.id().to_string())
            .process_group(0)
            .stdin(Stdio::piped())
            .spawn()
            .context("cannot run sh")?;
        Ok(Self { process, guard, endpoint, folder })
    }

    /// `false` if the process ended, or let the time pass, instead of answering.
    async fn is_ready(&mut self) -> Result<bool> {
        let http = client()?;
        let deadline = Instant::now() + START_TIMEOUT;
        while Instant::now() < deadline && self.is_running() {
            if is_healthy(&http, &self.endpoint).await {
                // Another process may have answered on a port that was taken.
                return Ok(self.is_running());
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        Ok(false)
    }

    fn is_running(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Folder of this instance's logs.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Lets the process live on after this one.
    pub(super) fn keep(mut self) -> Result<()> {
        self.dismiss_guard("keep").context("MiniStack has ended")
    }

    fn dismiss_guard(&mut self, word: &str) -> std::io::Result<()> {
        if let Some(mut input) = self.guard.stdin.take() {
            writeln!(input, "{word}")?;
        }
        self.guard.wait().map(drop)
    }
}

impl Drop for MiniStack {
    fn drop(&mut self) {
        let kept = self.guard.stdin.is_none();
        if kept {
            return;
        }
        // The id of a process that has ended may belong to another one, which the guard must not hit.
        let word = if self.is_running() { "end" } else { "keep" };
        // Nothing can be done here about a failure, and the logs stay for whoever looks into it.
        let _ = self.dismiss_guard(word);
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(scratch(&self.folder));
    }
}

pub(super) async fn is_healthy(http: &reqwest::Client, endpoint: &str) -> bool {
    let answer = http.get(format!("{endpoint}/_ministack/health")).send().await;
    answer.is_ok_and(|response| response.status().is_success())
}

fn command(ministack: &Path, folder: &Path, endpoint: &str, port: u16) -> Result<Command> {
    let scratch = scratch(folder);
    std::fs::create_dir_all(&scratch).with_context(|| format!("cannot make {}", scratch.display()))?;
    let log = File::create(folder.join("ministack.log")).context("cannot write MiniStack's log")?;
    let mut command = Command::new(ministack);
    command
        .envs(aws_environment(endpoint))
        .env("GATEWAY_PORT", port.to_string())
        .env("BIND_HOST", "127.0.0.1")
        .env("MINISTACK_REGION", REGION)
        // Its MQTT broker has a fixed port, of which a second instance would be short.
        .env("IOT_MTLS_ENABLED", "0")
        .env("TMPDIR", scratch)
        .env_remove("AWS_SESSION_TOKEN")
        .env_remove("AWS_PROFILE")
        // Out of reach of the terminal's Ctrl-C, which the guard translates.
        .process_group(0)
        .stdin(Stdio::null())
        .stderr(log.try_clone().context("cannot write MiniStack's log")?)
        .stdout(log);
    Ok(command)
}

fn scratch(folder: &Path) -> PathBuf {
    folder.join("tmp")
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on the loopback interface")?;
    Ok(listener.local_addr().context("no free port on the loopback interface")?.port())
}
