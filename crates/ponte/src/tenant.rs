//! `ponte tenant`: joins restaurants to their tills, and changes how they are joined.

mod add;
mod choose;
mod edit;
mod erase;
mod fields;
mod remove;
mod rotate;
mod secret;
mod show;
mod talk;
mod tell;

#[cfg(test)]
mod tests;

use crate::operator::Operator;
use anyhow::Result;
use aws_adapters::{dynamodb_registry::DynamoRegistry, secrets::Secrets};
use clap::{Args, Subcommand};
use std::{process::ExitCode, time::Duration};

pub use add::Add;
pub use edit::Set;
pub use erase::Erase;
pub use remove::Remove;
pub use rotate::Rotate;
pub(crate) use show::{name, state};

/// As long as the calls of one command may take.
const LONGEST: Duration = Duration::from_secs(60);

/// What is said where there are no restaurants.
pub(crate) const NOBODY: &str = "nessun ristorante: `ponte tenant add` collega il primo";

/// What is done with tenants.
#[derive(Debug, Subcommand)]
pub enum TenantCommand {
    /// Joins a restaurant to its till, asking only for what cannot be found out.
    Add(Add),
    /// Shows how a restaurant is joined; of secrets only how they are stored.
    Show(One),
    /// Lists all restaurants.
    List,
    /// Changes fields of a restaurant's record; a field without a value goes back to its default.
    Set(Set),
    /// Stops sending: each order is told to the staff, who enter it by hand.
    Pause(One),
    /// Sends again.
    Resume(One),
    /// Replaces the till's API key, or adds a secret of the till's webhooks beside the old ones.
    RotateSecret(Rotate),
    /// Takes a restaurant off its till.
    Remove(Remove),
    /// Erases what Ponte itself keeps of a customer, and says what others keep.
    EraseCustomer(Erase),
}

/// One restaurant.
#[derive(Debug, Args)]
pub struct One {
    /// The restaurant's id on the platform.
    pub id: String,
}

/// Carries out a command.
///
/// # Errors
/// If it is refused, or a party or a table does not answer.
pub async fn run(operator: &Operator, command: TenantCommand) -> Result<ExitCode> {
    match command {
        TenantCommand::Add(add) => add::run(operator, &add).await,
        TenantCommand::Show(One { id }) => show::one(operator, &id).await,
        TenantCommand::List => show::list(operator).await,
        TenantCommand::Set(set) => edit::set(operator, &set).await,
        TenantCommand::Pause(One { id }) => edit::pause(operator, &id).await,
        TenantCommand::Resume(One { id }) => edit::resume(operator, &id).await,
        TenantCommand::RotateSecret(rotate) => rotate::run(operator, &rotate).await,
        TenantCommand::Remove(remove) => remove::run(operator, &remove).await,
        TenantCommand::EraseCustomer(erase) => erase::run(operator, &erase).await,
    }
}

/// The records, to be written.
pub(crate) fn registry(operator: &Operator) -> DynamoRegistry {
    let tenants = &operator.config.sync.tenants;
    let secrets = Secrets::new(operator.aws.kms.clone(), tenants.secrets_key_id.clone(), tenants.allow_plaintext);
    DynamoRegistry::new(operator.aws.dynamodb.clone(), &tenants.table, secrets)
}

/// Where the till calls for a restaurant.
fn webhook_address(operator: &Operator, id: &str) -> String {
    format!("{}/webhooks/cic/{id}", operator.config.api_url)
}
