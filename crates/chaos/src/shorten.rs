//! From a run that shows something that must not be, to the shortest one that still shows it.

use crate::{
    fault::Fault,
    run::{Options, run},
};
use std::collections::BTreeSet;

/// As many runs as are tried.
const TRIES: usize = 150;

/// Leaves out orders, then faults, as long as the same rule stays broken.
///
/// # Errors
/// When a run cannot be set up: a fault of this crate.
pub fn shorten(failing: &Options, rule: &str) -> anyhow::Result<Options> {
    let mut tries = 0;
    let mut breaks = |options: &Options| -> anyhow::Result<bool> {
        tries += 1;
        Ok(tries <= TRIES && run(options)?.violations.iter().any(|violation| violation.rule == rule))
    };
    let mut shortest = failing.clone();
    let mut part = shortest.orders.len().div_ceil(2);
    while part > 0 {
        let orders: Vec<usize> = shortest.orders.iter().copied().collect();
        let mut left_out = false;
        for chunk in orders.chunks(part) {
            let rest: BTreeSet<usize> =
                shortest.orders.iter().copied().filter(|order| !chunk.contains(order)).collect();
            let fewer = Options { orders: rest, ..shortest.clone() };
            if !fewer.orders.is_empty() && breaks(&fewer)? {
                shortest = fewer;
                left_out = true;
            }
        }
        part = if left_out { part.min(shortest.orders.len().div_ceil(2)) } else { part / 2 };
        if shortest.orders.len() == 1 {
            break;
        }
    }
    for fault in Fault::ALL {
        let mut calmer = shortest.clone();
        calmer.without.insert(*fault);
        if breaks(&calmer)? {
            shortest = calmer;
        }
    }
    Ok(shortest)
}
