//! `ponte order`: one order's life, which orders need a person, and having one tried again.

#[cfg(test)]
mod examples;
mod list;
mod replay;
mod show;
mod test_order;

use crate::operator::Operator;
use anyhow::Result;
use app::ports::{OrderKey, OrderStore as _, Stored};
use clap::Subcommand;
use domain::{OrderId, TenantId, order::Status};
use std::process::ExitCode;

pub use list::Which;

/// What to do with orders.
#[derive(Debug, Subcommand)]
pub enum OrderCommand {
    /// Shows what happened to an order, what is left to do, and what both sides believe now.
    Show {
        /// The restaurant's id on the platform.
        tenant: String,
        /// The order's id on the platform.
        order: String,
    },
    /// Lists orders that something may still happen to, or that failed.
    List {
        /// The restaurant's id on the platform; without it all that have open orders.
        tenant: Option<String>,
        /// Which orders. Those that failed are in no index: they are searched in the whole table, for one restaurant.
        #[arg(long, value_enum, default_value_t = Which::Open)]
        state: Which,
    },
    /// Has an order tried again, as an attempt of its own; never makes a second order on the till.
    Replay {
        /// The restaurant's id on the platform.
        tenant: String,
        /// The order's id on the platform.
        order: String,
        /// Sends it though staff were told to enter it by hand: it may then be on the till twice.
        #[arg(long)]
        again: bool,
    },
    /// Explains how to place a test order, waits for it and follows it.
    Test {
        /// The restaurant's id on the platform.
        tenant: String,
        /// How many seconds to wait in all.
        #[arg(long, default_value_t = 600)]
        wait: u64,
    },
}

/// Does it.
///
/// # Errors
/// If an id is none, or a table or a party that is needed does not answer.
pub async fn run(operator: &Operator, command: OrderCommand) -> Result<ExitCode> {
    match command {
        OrderCommand::Show { tenant, order } => show::run(operator, &key(&tenant, &order)?).await,
        OrderCommand::List { tenant, state } => list::run(operator, tenant.as_deref(), state).await,
        OrderCommand::Replay { tenant, order, again } => replay::run(operator, &key(&tenant, &order)?, again).await,
        OrderCommand::Test { tenant, wait } => test_order::run(operator, &TenantId::parse(&tenant)?, wait).await,
    }
}

fn key(tenant: &str, order: &str) -> Result<OrderKey> {
    Ok(OrderKey { tenant: TenantId::parse(tenant)?, order: OrderId::parse(order)? })
}

async fn stored(operator: &Operator, key: &OrderKey) -> Result<Option<Stored>> {
    Ok(operator.orders().load(key).await?)
}

/// A status as the platform shows it.
fn status_in_words(status: Status) -> &'static str {
    match status {
        Status::New => "nuovo",
        Status::Confirmed => "confermato",
        Status::Rejected => "rifiutato",
        Status::Evaso => "evaso",
        Status::Cancelled => "annullato",
    }
}
