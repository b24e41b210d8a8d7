//! Ponte on AWS: the ports of `app` over DynamoDB, SQS and KMS, with configuration, logs and metrics of the Lambdas.
//!
//! Adapters are thin: what they decide is only how a promise of a port is kept by a conditional write, a batch or a
//! cache. Nothing here shows a secret: values are opened straight into `SecretString` and errors name only where.

pub mod batch;
pub mod call_budget;
pub mod config;
pub mod dead_letters;
pub mod dynamodb_circuits;
pub mod dynamodb_menu;
pub mod dynamodb_orders;
pub mod dynamodb_registry;
pub mod dynamodb_tenants;
pub mod envelope;
pub mod logs;
pub mod metrics;
pub mod sdk;
pub mod secrets;
pub mod sqs;
#[cfg(any(test, feature = "test-support"))]
pub mod written;

mod attributes;
mod cache;
mod failure;
mod open_index;
mod tenant_item;

#[cfg(test)]
mod replay;
