//! The life of orders over ports in memory: what reaches the till, what the customer and the staff are told, and what
//! a fault, a duplicate or a late word changes: nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod alone;
mod between;
mod crashes;
mod creation;
mod customers;
mod fixture;
mod life;
mod moments;
mod polling;
mod pushes;
mod replay;
mod taken;
mod turns;
