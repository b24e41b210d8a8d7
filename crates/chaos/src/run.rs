//! One run, from a seed to what came of it.

use crate::{
    check::{Violation, check, longest_wait},
    deploy,
    dice::Dice,
    fault::Fault,
    functions,
    plan::{self, Planned},
    sim::Sim,
    story,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::Ordering,
    time::Duration,
};

/// What is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where all chance comes from.
    pub seed: u64,
    /// Which orders are placed.
    pub orders: BTreeSet<usize>,
    /// What does not go wrong.
    pub without: BTreeSet<Fault>,
    /// The only moment of the work on orders at which a function ends, instead of those that are rolled.
    pub ends_at: Option<u64>,
    /// Whether the history is kept for a reader.
    pub told: bool,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How many orders were placed.
    pub orders: usize,
    /// What must not be.
    pub violations: Vec<Violation>,
    /// How often each fault struck.
    pub struck: BTreeMap<Fault, u64>,
    /// At how many moments of the work on orders a function could have ended.
    pub moments: u64,
    /// How many of the orders came to the till.
    pub on_till: usize,
    /// Creations that were sent, beyond the first of an order.
    pub sent_again: usize,
    /// Messages that were worked on again, because they failed or were given out twice.
    pub retries: u64,
    /// Times that a party was left alone because it was down.
    pub circuits_opened: usize,
    /// The most calls of the till in ten minutes with one key.
    pub most_calls: usize,
    /// Messages that came to a dead-letter queue.
    pub dead_letters: usize,
    /// The longest time from an order to its being on the till, or to staff knowing that it is not yet.
    pub longest_wait: Duration,
    /// What happened, if it was wanted.
    pub history: String,
}

/// Runs a seed to its end.
///
/// # Errors
/// When the run cannot be set up: a fault of this crate.
pub fn run(options: &Options) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    runtime.block_on(async {
        let dice = Dice::new(options.seed, options.without.clone(), options.ends_at);
        let sim = Sim::new(dice, options.orders.iter().copied(), options.told)?;
        story::begin(&sim);
        functions::begin(&sim);
        tokio::time::sleep(sim.plan.values().map(Planned::is_over_after).max().unwrap_or_default()).await;
        sim.dice.calm_down();
        tokio::time::sleep(plan::CALM / 2).await;
        let now = sim.now();
        let dead_letters = sim.orders_queue.died().0 + sim.sync_queue.died().0;
        sim.orders_queue.redrive(now, deploy::to_known_version);
        sim.sync_queue.redrive(now, deploy::to_known_version);
        tokio::time::sleep(plan::CALM / 2).await;
        let facts: Vec<_> = sim.plan.values().map(|planned| sim.record.facts(planned.order.id.as_str())).collect();
        Ok(Outcome {
            orders: sim.plan.len(),
            violations: check(&sim).await,
            struck: sim.dice.struck(),
            moments: sim.dice.moments(),
            on_till: facts.iter().filter(|facts| facts.arrived.is_some()).count(),
            sent_again: facts.iter().map(|facts| facts.sent.len().saturating_sub(1)).sum(),
            retries: sim.orders_queue.again() + sim.sync_queue.again(),
            circuits_opened: sim.circuits_opened.load(Ordering::Relaxed),
            most_calls: sim.most_calls(),
            dead_letters,
            longest_wait: longest_wait(&sim),
            history: sim.record.history(),
        })
    })
}
