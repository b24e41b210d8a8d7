//! Parties that are down are left alone by everybody, and found again.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;
mod menus;
mod outage;
mod sharing;
