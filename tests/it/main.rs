//! Tests of the whole: the template, the layers, and the functions on a local AWS.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a helper of a test fails as a test does")]

mod adapters;
mod events;
mod harness;
mod http;
mod layers;
mod menu;
mod orders;
mod requirements;
mod template;
