//! Tests of the whole: the template, the layers, and the functions on a local AWS.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a helper of a test fails as a test does")]

mod acts;
mod adapters;
mod events;
mod faults;
mod harness;
mod history;
mod http;
mod killed;
mod layers;
mod menu;
mod orders;
mod requirements;
mod rush;
mod template;
