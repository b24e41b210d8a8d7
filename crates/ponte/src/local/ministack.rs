//! The `MiniStack` process.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::workspace::Workspace;
use super::{REGION, aws_environment, client};
use crate::child::GuardedChild;

const START_TIMEOUT: Duration = Duration::from_secs(60);
const POLL_INTERVAL: Duration = Duration::from_millis(50);
const START_ATTEMPTS: u8 = 3;

/// A running `MiniStack`.
#[derive(Debug)]
pub(crate) struct MiniStack {
    process: GuardedChild,
    /// Held for its end.
    _scratch: Scratch,
    endpoint: String,
    folder: PathBuf,
}

impl MiniStack {
    /// A free port may be taken by somebody else before `MiniStack` binds it, hence the attempts.
    pub(crate) async fn start(workspace: &Workspace) -> Result<Self> {
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
        let scratch = Scratch::new(&folder)?;
        let command = command(&workspace.tool("ministack")?, &folder, &scratch, &endpoint, port)?;
        let process = GuardedChild::spawn(command).context("MiniStack")?;
        Ok(Self { process, endpoint, folder, _scratch: scratch })
    }

    /// `false` if the process ended, or let the time pass, instead of answering.
    async fn is_ready(&mut self) -> Result<bool> {
        let http = client()?;
        let deadline = Instant::now() + START_TIMEOUT;
        while Instant::now() < deadline && self.process.is_running() {
            if is_healthy(&http, &self.endpoint).await {
                // Another process may have answered on a port that was taken.
                return Ok(self.process.is_running());
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        Ok(false)
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    #[cfg(feature = "test-support")]
    pub(super) fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Folder of this instance's logs.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

/// The folder where `MiniStack` unpacks functions, gone when it is dropped; the logs beside it stay.
#[derive(Debug)]
struct Scratch(PathBuf);

impl Scratch {
    fn new(folder: &Path) -> Result<Self> {
        let path = folder.join("tmp");
        std::fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is left to `make clean`.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(super) async fn is_healthy(http: &reqwest::Client, endpoint: &str) -> bool {
    let answer = http.get(format!("{endpoint}/_ministack/health")).send().await;
    answer.is_ok_and(|response| response.status().is_success())
}

fn command(ministack: &Path, folder: &Path, scratch: &Scratch, endpoint: &str, port: u16) -> Result<Command> {
    let log = File::create(folder.join("ministack.log")).context("cannot write MiniStack's log")?;
    let mut command = Command::new(ministack);
    command
        .envs(aws_environment(endpoint))
        .env("GATEWAY_PORT", port.to_string())
        .env("BIND_HOST", "127.0.0.1")
        .env("MINISTACK_REGION", REGION)
        // Its MQTT broker has a fixed port, of which a second instance would be short.
        .env("IOT_MTLS_ENABLED", "0")
        .env("TMPDIR", &scratch.0)
        .env_remove("AWS_SESSION_TOKEN")
        .env_remove("AWS_PROFILE")
        .stderr(log.try_clone().context("cannot write MiniStack's log")?)
        .stdout(log);
    Ok(command)
}

/// A port of the loopback interface that nobody uses at this moment.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on the loopback interface")?;
    Ok(listener.local_addr().context("no free port on the loopback interface")?.port())
}
