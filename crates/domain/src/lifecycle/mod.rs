//! The life of an order: `(state, event) → (state, effects)`.
//!
//! [`table`] says, as data, what each word of the till does to the status that the customer knows; [`step()`] joins it to
//! the delivery of the order to the till and to what both parties can do meanwhile. Effects are part of the state: they
//! are stored with it in one write and carried out afterwards, each with the facts that make a repetition harmless.

mod body;
mod explain;
mod state;
mod step;
pub mod table;
mod watch;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use body::Body;
pub use explain::{Line, explain, in_words, why_not_sent};
pub use state::{Effect, Entry, OrderState, Phase, TillSays, What};
pub use step::{Event, step};
pub use table::Signal;
pub use watch::Heard;

use crate::order::Order;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

/// After how many equal HTTP 500 answers a creation is taken as refused: a 500 may hide a bad request (API sheet 8).
pub const FAULTS_BEFORE_GIVING_UP: u8 = 3;

/// When the staff are told that nobody answered an order, counted from its arrival on the till: the tenant's minutes,
/// then 5 and 10 where those come later. Never an automatic refusal.
#[must_use]
pub fn alert_times(first: SignedDuration) -> Vec<SignedDuration> {
    let later = [5, 10].map(SignedDuration::from_mins);
    std::iter::once(first).chain(later.into_iter().filter(|at| *at > first)).collect()
}

/// A fingerprint of what was ordered: two deliveries of one order share it, whatever else changed in between (E04).
#[must_use]
pub fn fingerprint(order: &Order) -> String {
    let content = serde_json::json!([
        order.service,
        order.requested_for.map(|at| at.as_millisecond()),
        order.lines,
        order.fees,
        order.discounts,
        order.total,
    ]);
    short_name(&content.to_string())
}

/// Sixteen hexadecimal digits that stand for a text.
#[must_use]
pub fn short_name(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
