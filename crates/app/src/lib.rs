//! What Ponte does: use cases over small ports.
//!
//! The Lambdas, the command line and the simulator run these same functions. Nothing here knows DynamoDB, SQS, HTTP
//! or the shape of a remote party's JSON; adapters implement [`ports`] and stay thin. Decisions belong to `domain`.

pub mod batch;
pub mod circuit;
#[cfg(feature = "test-support")]
pub mod contract;
pub mod customers;
pub mod doctor;
pub mod jobs;
#[cfg(feature = "test-support")]
pub mod memory;
pub mod menu;
pub mod message;
pub mod orders;
pub mod ports;
