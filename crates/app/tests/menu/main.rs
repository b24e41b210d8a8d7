//! The menu's cycle over ports in memory: what the till sells reaches the platform, whatever fails on the way, and what
//! the platform owns stays as it is.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bad_input;
mod build;
mod changes;
mod customers;
mod drift;
mod faults;
mod first;
mod fixture;
mod guards;
mod jobs;
mod passes;
mod properties;
mod webhooks;
