//! The fault simulation: the real use cases, through the real functions' code, over ports in memory, on a clock that moves
//! only when nobody can work, with faults on every edge.
//!
//! Everything comes from one seed: the same seed is the same run, to the last message. Nothing here is deployed, and
//! nothing here decides anything about an order.

mod check;
mod deploy;
mod dice;
mod fault;
mod functions;
mod life;
mod menu;
mod plan;
mod ports;
mod record;
mod run;
mod shorten;
mod sim;
mod sqs;
mod story;

pub use check::Violation;
pub use fault::Fault;
pub use run::{Options, Outcome, run};
pub use shorten::shorten;
