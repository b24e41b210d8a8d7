//! The client against a till on the loopback interface, and the webhooks as the till sends them.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod access;
mod account;
mod answers;
mod body;
mod calls;
mod documents;
mod faults;
mod lists;
mod menu;
mod menu_faults;
mod menu_names;
mod probe;
mod properties;
mod server;
mod setup;
mod simulated;
mod token;
mod webhook;
