//! What the functions are told through their environment.
//!
//! Everything is read at cold start and every problem is told at once, each with what the variable is for and an
//! example.

mod reader;

use reader::{Reader, Variable};

const TENANTS_TABLE: Variable =
    Variable { name: "TENANTS_TABLE", meaning: "table of the tenants", example: "ponte-tenants" };
const STATE_TABLE: Variable =
    Variable { name: "STATE_TABLE", meaning: "table of orders and menus", example: "ponte-state" };
const ORDERS_QUEUE_URL: Variable = Variable {
    name: "ORDERS_QUEUE_URL",
    meaning: "URL of the orders queue",
    example: "https://sqs.eu-south-1.amazonaws.com/123456789012/ponte-orders",
};
const SYNC_QUEUE_URL: Variable = Variable {
    name: "SYNC_QUEUE_URL",
    meaning: "URL of the sync queue",
    example: "https://sqs.eu-south-1.amazonaws.com/123456789012/ponte-sync",
};
const CIC_BASE_URL: Variable =
    Variable { name: "CIC_BASE_URL", meaning: "base URL of the till's API", example: "https://api.cassanova.com" };
const PLATEFORM_BASE_URL: Variable = Variable {
    name: "PLATEFORM_BASE_URL",
    meaning: "base URL of the platform's API",
    example: "https://api.plateform.example",
};
const ORDERS_DEAD_LETTER_QUEUE_URL: Variable = Variable {
    name: "ORDERS_DEAD_LETTER_QUEUE_URL",
    meaning: "URL of the queue of given-up order events",
    example: "https://sqs.eu-south-1.amazonaws.com/123456789012/ponte-orders-dead",
};
const SYNC_DEAD_LETTER_QUEUE_URL: Variable = Variable {
    name: "SYNC_DEAD_LETTER_QUEUE_URL",
    meaning: "URL of the queue of given-up jobs",
    example: "https://sqs.eu-south-1.amazonaws.com/123456789012/ponte-sync-dead",
};
const API_URL: Variable = Variable {
    name: "API_URL",
    meaning: "base URL of the webhooks",
    example: "https://abc123.execute-api.eu-south-1.amazonaws.com",
};
const SECRETS_KEY_ID: Variable = Variable {
    name: "SECRETS_KEY_ID",
    meaning: "KMS key of the tenants' secrets",
    example: "arn:aws:kms:eu-south-1:123456789012:key/…",
};

/// The base URL of the till where none is set.
pub const CIC_BASE_URL_DEFAULT: &str = "https://api.cassanova.com";

/// Everything wrong with the environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment is not complete: {}", .problems.join("; "))]
pub struct ConfigError {
    /// One sentence for each variable.
    pub problems: Vec<String>,
}

/// Where the tenants and their secrets are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantsConfig {
    /// `TENANTS_TABLE`, required: table with partition key `tenant_id`.
    pub table: String,
    /// `SECRETS_KEY_ID`, required unless secrets may be strings: the KMS key of encrypted secrets.
    pub secrets_key_id: Option<String>,
    /// `ALLOW_PLAINTEXT_SECRETS`, default false: whether a secret may be stored as a string. Only `true` is true.
    pub allow_plaintext: bool,
}

/// What the function `webhook` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookConfig {
    /// The tenants.
    pub tenants: TenantsConfig,
    /// `ORDERS_QUEUE_URL`, required.
    pub orders_queue_url: String,
    /// `SYNC_QUEUE_URL`, required.
    pub sync_queue_url: String,
}

/// What the function `consumer` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerConfig {
    /// The tenants.
    pub tenants: TenantsConfig,
    /// `STATE_TABLE`, required: table with `pk`, `sk` and the time-to-live attribute `expires_at`.
    pub state_table: String,
    /// `ORDERS_QUEUE_URL`, required: deadlines are delayed messages there.
    pub orders_queue_url: String,
    /// `CIC_BASE_URL`, default `https://api.cassanova.com`, without a slash at the end.
    pub cic_base_url: String,
    /// `PLATEFORM_BASE_URL`, required, without a slash at the end.
    pub plateform_base_url: String,
}

/// What the function `sync` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncConfig {
    /// The tenants.
    pub tenants: TenantsConfig,
    /// `STATE_TABLE`, required: table with `pk`, `sk` and the time-to-live attribute `expires_at`.
    pub state_table: String,
    /// `ORDERS_QUEUE_URL`, required: reconciliation and missed orders go there.
    pub orders_queue_url: String,
    /// `SYNC_QUEUE_URL`, required: one message a tenant and job.
    pub sync_queue_url: String,
    /// `CIC_BASE_URL`, default `https://api.cassanova.com`, without a slash at the end.
    pub cic_base_url: String,
    /// `PLATEFORM_BASE_URL`, required, without a slash at the end.
    pub plateform_base_url: String,
}

/// What an operator's command is told, by the environment or by a stack: all that the function `sync` is told, and what an
/// operator looks at beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorConfig {
    /// What the function `sync` is told.
    pub sync: SyncConfig,
    /// `ORDERS_DEAD_LETTER_QUEUE_URL`, required.
    pub orders_dead_letter_queue_url: String,
    /// `SYNC_DEAD_LETTER_QUEUE_URL`, required.
    pub sync_dead_letter_queue_url: String,
    /// `API_URL`, required: base URL of the webhooks, without a slash at the end.
    pub api_url: String,
}

/// The process environment, for the `read` functions.
#[must_use]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl TenantsConfig {
    fn read(reader: &mut Reader<'_>) -> Self {
        let allow_plaintext = reader.is_true("ALLOW_PLAINTEXT_SECRETS");
        Self {
            table: reader.required(TENANTS_TABLE),
            secrets_key_id: match allow_plaintext {
                true => reader.get(SECRETS_KEY_ID.name),
                false => Some(reader.required(SECRETS_KEY_ID)),
            },
            allow_plaintext,
        }
    }
}

impl WebhookConfig {
    /// Reads the variables.
    ///
    /// # Errors
    /// With every variable that is missing or malformed.
    pub fn read(read: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(&read);
        let config = Self {
            tenants: TenantsConfig::read(&mut reader),
            orders_queue_url: reader.queue(ORDERS_QUEUE_URL),
            sync_queue_url: reader.queue(SYNC_QUEUE_URL),
        };
        reader.finish(config)
    }
}

impl ConsumerConfig {
    /// Reads the variables.
    ///
    /// # Errors
    /// With every variable that is missing or malformed.
    pub fn read(read: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(&read);
        let config = Self {
            tenants: TenantsConfig::read(&mut reader),
            state_table: reader.required(STATE_TABLE),
            orders_queue_url: reader.queue(ORDERS_QUEUE_URL),
            cic_base_url: reader.base_url(CIC_BASE_URL, Some(CIC_BASE_URL_DEFAULT)),
            plateform_base_url: reader.base_url(PLATEFORM_BASE_URL, None),
        };
        reader.finish(config)
    }
}

impl SyncConfig {
    /// Reads the variables.
    ///
    /// # Errors
    /// With every variable that is missing or malformed.
    pub fn read(read: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(&read);
        let config = Self::from(&mut reader);
        reader.finish(config)
    }

    fn from(reader: &mut Reader<'_>) -> Self {
        Self {
            tenants: TenantsConfig::read(reader),
            state_table: reader.required(STATE_TABLE),
            orders_queue_url: reader.queue(ORDERS_QUEUE_URL),
            sync_queue_url: reader.queue(SYNC_QUEUE_URL),
            cic_base_url: reader.base_url(CIC_BASE_URL, Some(CIC_BASE_URL_DEFAULT)),
            plateform_base_url: reader.base_url(PLATEFORM_BASE_URL, None),
        }
    }
}

impl OperatorConfig {
    /// Reads the variables.
    ///
    /// # Errors
    /// With every variable that is missing or malformed.
    pub fn read(read: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(&read);
        let config = Self {
            sync: SyncConfig::from(&mut reader),
            orders_dead_letter_queue_url: reader.queue(ORDERS_DEAD_LETTER_QUEUE_URL),
            sync_dead_letter_queue_url: reader.queue(SYNC_DEAD_LETTER_QUEUE_URL),
            api_url: reader.base_url(API_URL, None),
        };
        reader.finish(config)
    }
}

#[cfg(test)]
mod tests;
