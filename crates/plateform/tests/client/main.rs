//! The client against a scripted server on this machine: what it sends, and what it makes of each answer.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod changes;
mod failures;
mod lists;
mod logs;
mod menu;
mod menu_reads;
mod menu_writes;
mod paths;
mod server;
mod setup;
mod simulated_menu;
mod simulated_orders;
mod stage;
