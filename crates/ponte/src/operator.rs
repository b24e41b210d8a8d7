//! Where an operator works, and how the answers are printed: standard output is data, standard error is talk.

use anyhow::{Context as _, Result, anyhow, bail};
use app::ports::{Freshness, OrderKey, OrderStore as _, StoreError, SystemClock, TenantAccess, Tenants as _, Work};
use aws_adapters::{
    config::{OperatorConfig, environment},
    dynamodb_menu::DynamoMenuStore,
    dynamodb_orders::DynamoOrderStore,
    dynamodb_tenants::DynamoTenants,
    sdk::Aws,
    secrets::Secrets,
};
use aws_sdk_cloudformation::error::ProvideErrorMetadata as _;
use clap::Args;
use domain::TenantId;
use serde::Serialize;
use std::{
    collections::HashMap,
    io::Write,
    sync::Arc,
    time::{Duration, Instant},
};

/// Where to work and how to answer.
#[derive(Debug, Clone, Default, Args)]
pub struct Target {
    /// Reads tables, queues, key and addresses from the outputs of this CloudFormation stack. Without it the environment
    /// names them, as it does for the functions.
    #[arg(long, global = true, value_name = "NAME", help_heading = "Where")]
    pub stack: Option<String>,
    /// The address of AWS where it is not its own: a local one.
    #[arg(long, global = true, value_name = "URL", help_heading = "Where")]
    pub endpoint_url: Option<String>,
    /// Answers in JSON.
    #[arg(long, global = true, help_heading = "Answer")]
    pub json: bool,
    /// Does what cannot be undone without asking.
    #[arg(long, global = true, help_heading = "Answer")]
    pub yes: bool,
}

/// The outputs of the stack and the variables that they stand for.
const OUTPUTS: [(&str, &str); 10] = [
    ("TenantsTableName", "TENANTS_TABLE"),
    ("StateTableName", "STATE_TABLE"),
    ("OrdersQueueUrl", "ORDERS_QUEUE_URL"),
    ("OrdersDeadLetterQueueUrl", "ORDERS_DEAD_LETTER_QUEUE_URL"),
    ("SyncQueueUrl", "SYNC_QUEUE_URL"),
    ("SyncDeadLetterQueueUrl", "SYNC_DEAD_LETTER_QUEUE_URL"),
    ("SecretsKeyArn", "SECRETS_KEY_ID"),
    ("ApiUrl", "API_URL"),
    ("CicBaseUrl", "CIC_BASE_URL"),
    ("PlateformBaseUrl", "PLATEFORM_BASE_URL"),
];

/// Everything that a command works with.
#[derive(Debug, Clone)]
pub struct Operator {
    /// Clients of AWS.
    pub aws: Aws,
    /// Names and addresses.
    pub config: OperatorConfig,
    /// Who is joined to whom.
    pub tenants: DynamoTenants,
    /// The till of every tenant.
    pub till: cassa_in_cloud::Client,
    /// The platform.
    pub platform: plateform::Client,
    target: Target,
}

impl Operator {
    /// Finds out where to work.
    ///
    /// # Errors
    /// If the stack is not there, or a name is missing: all that are, each with what it is for.
    pub async fn open(target: &Target) -> Result<Self> {
        let read = |name: &str| match (name, &target.endpoint_url) {
            ("AWS_ENDPOINT_URL", Some(url)) => Some(url.clone()),
            _ => environment(name),
        };
        let aws = Aws::new(&read);
        let variables = match &target.stack {
            Some(stack) => outputs(&aws, read("AWS_ENDPOINT_URL"), stack).await?,
            None => HashMap::new(),
        };
        let config = OperatorConfig::read(|name| variables.get(name).cloned().or_else(|| environment(name)))?;
        Self::new(aws, config, target.clone())
    }

    /// Works with these.
    ///
    /// # Errors
    /// If a client cannot be made.
    pub fn new(aws: Aws, config: OperatorConfig, target: Target) -> Result<Self> {
        let sync = &config.sync;
        let secrets = Secrets::new(aws.kms.clone(), sync.tenants.secrets_key_id.clone(), sync.tenants.allow_plaintext);
        let till = cassa_in_cloud::Settings { base_url: sync.cic_base_url.clone(), ..Default::default() };
        let platform =
            plateform::Settings { base_url: sync.plateform_base_url.clone(), timeout: plateform::DEFAULT_TIMEOUT };
        Ok(Self {
            tenants: DynamoTenants::new(aws.dynamodb.clone(), &sync.tenants.table, secrets, SystemClock),
            till: cassa_in_cloud::Client::new(&till)?,
            platform: plateform::Client::new(platform)?,
            aws,
            config,
            target,
        })
    }

    /// What is known of menus.
    #[must_use]
    pub fn menus(&self) -> DynamoMenuStore {
        DynamoMenuStore::new(self.aws.dynamodb.clone(), &self.config.sync.state_table, SystemClock)
    }

    /// What is known of orders.
    #[must_use]
    pub fn orders(&self) -> DynamoOrderStore {
        DynamoOrderStore::new(self.aws.dynamodb.clone(), &self.config.sync.state_table, SystemClock)
    }

    /// How many orders of a restaurant are open. Its index holds others that are only watched.
    ///
    /// # Errors
    /// If the table does not answer, or an order cannot be read.
    pub async fn open_orders(&self, tenant: &TenantId) -> Result<usize, StoreError> {
        let (orders, mut open) = (self.orders(), 0);
        for order in orders.open_orders(tenant).await? {
            let stored = orders.load(&OrderKey { tenant: tenant.clone(), order }).await?;
            open += usize::from(stored.is_some_and(|stored| stored.state.is_open()));
        }
        Ok(open)
    }

    /// A restaurant with its secrets, read now.
    ///
    /// # Errors
    /// If there is none of this id, or its record cannot be read.
    pub async fn tenant(&self, id: &TenantId) -> Result<Arc<TenantAccess>> {
        let found = self.tenants.tenant(id, Freshness::Reload).await?;
        found.with_context(|| format!("there is no restaurant {id}; `ponte tenant list` shows those there are"))
    }

    /// A piece of work that may take so long; `what` ties its traces together.
    #[must_use]
    pub fn work(&self, what: &str, longest: Duration) -> Work {
        Work { deadline: Instant::now() + longest, correlation: format!("ponte-{what}") }
    }

    /// Whether what cannot be undone is done without asking.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        self.target.yes
    }

    /// Prints an answer: as JSON if that was asked for, else as people read it. Colours go where they can be seen.
    ///
    /// # Errors
    /// If the answer cannot be written.
    pub fn print<T: Serialize>(&self, answer: &T, as_text: impl FnOnce(&T) -> String) -> Result<()> {
        let text = match self.target.json {
            true => serde_json::to_string_pretty(answer)?,
            false => as_text(answer),
        };
        match writeln!(anstream::stdout(), "{}", text.trim_end()) {
            // Whoever reads has seen enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            written => written.context("cannot write the answer"),
        }
    }

    /// Asks before something that cannot be undone; true only for «sì» or «yes».
    ///
    /// # Errors
    /// If nobody can be asked.
    pub fn confirm(&self, question: &str) -> Result<bool> {
        if self.target.yes {
            return Ok(true);
        }
        let mut talk = std::io::stderr();
        write!(talk, "{question} [sì/no] ").and_then(|()| talk.flush()).context("cannot ask; say --yes")?;
        let mut answer = String::new();
        if std::io::stdin().read_line(&mut answer).context("nobody answers; say --yes")? == 0 {
            bail!("nobody answers; say --yes");
        }
        Ok(matches!(answer.trim().to_lowercase().as_str(), "s" | "si" | "sì" | "y" | "yes"))
    }
}

/// The stack's outputs, by the variables that they stand for.
async fn outputs(aws: &Aws, endpoint: Option<String>, stack: &str) -> Result<HashMap<String, String>> {
    let mut config = aws_sdk_cloudformation::config::Builder::from(&aws.shared);
    config.set_endpoint_url(endpoint);
    let cloudformation = aws_sdk_cloudformation::Client::from_conf(config.build());
    let described = cloudformation.describe_stacks().stack_name(stack).send().await;
    let described = described.map_err(|error| {
        let why = error.message().map_or_else(|| error.to_string(), str::to_owned);
        anyhow!("the stack {stack} cannot be described; look at its name, the region and the credentials: {why}")
    })?;
    let outputs = described.stacks().iter().flat_map(aws_sdk_cloudformation::types::Stack::outputs);
    let value =
        |key: &str| outputs.clone().find(|output| output.output_key() == Some(key))?.output_value().map(str::to_owned);
    let known = OUTPUTS.iter().filter_map(|(key, variable)| Some(((*variable).to_owned(), value(key)?)));
    Ok(known.collect())
}
