//! Examples of an order's life, each named by the rule that it proves.

mod docs;
mod explained;
mod stored;
mod through_delivery;
mod through_operator;
mod through_till;

use super::{OrderState, TillSays, What};
use crate::order::Status;

/// What the customer is still to be told, with the reason.
fn customer(state: &OrderState) -> Vec<(Status, &str)> {
    let told = |what| match what {
        &What::Status { to, ref reason } => Some((to, reason.as_deref().unwrap_or_default())),
        _ => None,
    };
    state.pending.iter().filter_map(|effect| told(&effect.what)).collect()
}

/// What staff are still to be told.
fn staff(state: &OrderState) -> Vec<(TillSays, &str)> {
    let told = |what| match what {
        &What::Staff { state, ref message } => Some((state, message.as_str())),
        _ => None,
    };
    state.pending.iter().filter_map(|effect| told(&effect.what)).collect()
}

/// The state with everything told.
fn told(mut state: OrderState) -> OrderState {
    state.pending.clear();
    state
}
