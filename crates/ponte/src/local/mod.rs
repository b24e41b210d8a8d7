//! The local AWS: `MiniStack` with the real template deployed on it, for the demo and for tests.
//!
//! Everything lives in memory behind one loopback port, so that several can run side by side. `MiniStack` ends with the
//! process that started it, however that process ends.

#[cfg(feature = "test-support")]
mod crash;
mod invoke;
pub(crate) mod ministack;
mod stack;
pub(crate) mod workspace;

use anyhow::{Context, Result};
use serde_json::Value;

use ministack::MiniStack;
pub(crate) use ministack::free_port;
pub use stack::Outputs;
use workspace::Workspace;

/// Region of the local AWS.
pub const REGION: &str = "eu-west-1";
/// Access key and secret of the local AWS, which checks neither.
pub const DUMMY_KEY: &str = "test";

/// What the deployed functions are told.
#[derive(Debug, Clone)]
pub struct LocalAwsOptions {
    /// Base URL of the till's API, usually the simulator's.
    pub cic_base_url: String,
    /// Base URL of the platform's API, usually the simulator's.
    pub plateform_base_url: String,
    /// Whether the schedules run; tests leave them off and invoke `sync` themselves.
    pub schedules: bool,
}

/// A running local AWS with the stack on it; dropping it ends both.
#[derive(Debug)]
pub struct LocalAws {
    endpoint: String,
    outputs: Outputs,
    http: reqwest::Client,
    ministack: Option<MiniStack>,
}

impl LocalAws {
    /// Starts `MiniStack` on a free port and deploys the template with the functions built in `target/lambda`.
    ///
    /// # Errors
    /// If a tool or a function is missing, if `MiniStack` does not come up in time, or if the deployment fails.
    pub async fn start(options: &LocalAwsOptions) -> Result<Self> {
        let workspace = Workspace::find()?;
        workspace.require_functions()?;
        let ministack = MiniStack::start(&workspace).await?;
        stack::deploy(&workspace, &ministack, options).await?;
        let outputs = stack::outputs(&workspace, &ministack).await?;
        let endpoint = ministack.endpoint().to_owned();
        Ok(Self { endpoint, outputs, http: client()?, ministack: Some(ministack) })
    }

    /// Joins the local AWS that was last announced in this workspace, `None` if it is gone.
    ///
    /// # Errors
    /// If its description cannot be read or names another form of stack.
    pub async fn attach() -> Result<Option<Self>> {
        let http = client()?;
        let Some((endpoint, outputs)) = stack::recall(&Workspace::find()?)? else {
            return Ok(None);
        };
        let alive = ministack::is_healthy(&http, &endpoint).await;
        Ok(alive.then_some(Self { endpoint, outputs, http, ministack: None }))
    }

    /// Base URL of every AWS service, for `AWS_ENDPOINT_URL`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Names and addresses of the deployed resources.
    #[must_use]
    pub fn outputs(&self) -> &Outputs {
        &self.outputs
    }

    /// Base URL of the webhooks by path, which needs no `Host` header.
    ///
    /// The address a person sees is [`Outputs::api_url`], on a name under `localhost` that not every client resolves.
    #[must_use]
    pub fn webhook_url(&self) -> String {
        format!("{}/_aws/execute-api/{}/$default", self.endpoint, self.outputs.api_id())
    }

    /// Invokes a function with an event and returns its answer.
    ///
    /// # Errors
    /// If the function cannot be reached or reports an error, which is then part of the message.
    pub async fn invoke(&self, function_name: &str, event: &Value) -> Result<Value> {
        invoke::invoke(&self.http, &self.endpoint, function_name, event).await
    }

    /// Kills every running environment of a function with SIGKILL, in the middle of whatever it does. Answers how many
    /// there were: busy ones, and idle ones that are kept warm.
    ///
    /// # Errors
    /// If the local AWS was not started by this process, or an environment cannot be killed.
    #[cfg(feature = "test-support")]
    pub fn kill(&self, function_name: &str) -> Result<usize> {
        crash::kill(self.started()?.process_id(), function_name)
    }

    /// Lets the orders queue fill up, or be worked off again in batches.
    ///
    /// # Errors
    /// If the mapping between queue and function cannot be found or switched.
    #[cfg(feature = "test-support")]
    pub async fn consume_orders(&self, enabled: bool) -> Result<()> {
        let function = &self.outputs.consumer_function;
        invoke::switch_event_source(&self.http, &self.endpoint, function, enabled).await
    }

    /// Everything that the local AWS and the functions on it have logged so far.
    ///
    /// # Errors
    /// If it was not started by this process, or its log cannot be read.
    pub fn log(&self) -> Result<String> {
        std::fs::read_to_string(self.started()?.folder().join("ministack.log")).context("cannot read the log")
    }

    fn started(&self) -> Result<&MiniStack> {
        self.ministack.as_ref().context("another process started the local AWS")
    }

    /// Notes where it is, so that [`Self::attach`] finds it for as long as this process lives.
    ///
    /// # Errors
    /// If the note cannot be written.
    pub fn announce(&self) -> Result<()> {
        stack::remember(&Workspace::find()?, &self.endpoint, &self.outputs)
    }
}

pub(crate) fn aws_environment(endpoint: &str) -> Vec<(&'static str, String)> {
    vec![
        ("AWS_ENDPOINT_URL", endpoint.to_owned()),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_DEFAULT_REGION", REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", DUMMY_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", DUMMY_KEY.to_owned()),
        ("NO_PROXY", "127.0.0.1,localhost".to_owned()),
    ]
}

pub(crate) fn client() -> Result<reqwest::Client> {
    reqwest::Client::builder().no_proxy().build().context("cannot make an HTTP client")
}
