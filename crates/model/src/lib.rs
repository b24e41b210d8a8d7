//! One order with everybody who has to do with it, small enough to try every sequence in which things can happen.
//!
//! The decisions are the real ones, [`domain::lifecycle::step()`]; the [`protocol`] of the use cases around them (load,
//! take, write, call, free) is told again, one step for each moment in which a worker touches something outside itself.
//! Between any two steps another worker, a crash, a message, either party or the time may come in. `crates/app/tests`
//! prove that the use cases do what is told here; this crate proves that doing so is enough. It is built for tests
//! alone: nothing that is deployed may depend on it.

pub mod decisions;
pub mod explore;
pub mod moves;
pub mod picture;
pub mod promises;
pub mod protocol;
pub mod world;
