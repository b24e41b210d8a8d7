#![doc = include_str!("../README.md")]

mod account;
mod auth;
mod call;
mod catalogue;
mod client;
mod customers;
mod documents;
mod draft;
mod error;
mod http;
mod menu;
mod orders;
mod paging;
mod probe;
pub mod query;
mod till;
mod types;
pub mod webhook;

pub use account::SalesPoint;
pub use client::{Client, Settings, SettingsError};
pub use probe::{FieldShape, Guess, PROBE_CALLS, Probe, ProbedCall, Standing};
