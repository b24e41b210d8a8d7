//! One function, one event, on the local AWS.

use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde_json::Value;

use crate::{local::LocalAws, shop::Shop};

/// A deployed function.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Function {
    /// The one behind the HTTP API.
    Webhook,
    /// The one behind the orders queue.
    Consumer,
    /// The one behind the sync queue and the schedules.
    Sync,
}

/// Invokes a function with the event of a file and returns its answer.
///
/// The restaurant left open by the demo is used if there is one; otherwise one is opened for the call.
///
/// # Errors
/// If the file is not JSON, if no stack can be had, or if the function fails.
pub async fn run(function: Function, event: &Path) -> Result<Value> {
    let text = std::fs::read(event).with_context(|| format!("cannot read {}", event.display()))?;
    let event = serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", event.display()))?;
    if let Some(aws) = LocalAws::attach().await? {
        return aws.invoke(name(&aws, function), &event).await;
    }
    let shop = Shop::open(false).await?;
    shop.aws.invoke(name(&shop.aws, function), &event).await
}

fn name(aws: &LocalAws, function: Function) -> &str {
    match function {
        Function::Webhook => &aws.outputs().webhook_function,
        Function::Consumer => &aws.outputs().consumer_function,
        Function::Sync => &aws.outputs().sync_function,
    }
}
