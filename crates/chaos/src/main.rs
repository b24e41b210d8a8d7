//! `make chaos`: many seeds and a table, or one seed and its history.

use anyhow::{Context, Result, bail};
use chaos::{Fault, Options, Outcome, run, shorten};
use clap::Parser;
use comfy_table::{CellAlignment, Table, presets::NOTHING};
use std::{
    collections::{BTreeMap, BTreeSet},
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Lives through evenings on which everything goes wrong that can, and checks what became of every order.
#[derive(Debug, Parser)]
#[command(name = "chaos")]
struct Arguments {
    /// How many seeds are run.
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// How many orders each seed places.
    #[arg(long, default_value_t = 500)]
    orders: usize,
    /// Runs this seed alone and prints what happened.
    #[arg(long)]
    seed: Option<u64>,
    /// Places only these orders, by number.
    #[arg(long, value_delimiter = ',')]
    only: Vec<usize>,
    /// What does not go wrong, by the names of the table.
    #[arg(long, value_delimiter = ',')]
    without: Vec<Fault>,
}

impl Arguments {
    fn options(&self, seed: u64, told: bool) -> Options {
        let orders = match self.only.is_empty() {
            true => (1..=self.orders).collect(),
            false => self.only.iter().copied().collect(),
        };
        Options { seed, orders, without: self.without.iter().copied().collect(), ends_at: None, told }
    }
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    match arguments.seed {
        Some(seed) => one(&arguments.options(seed, true)),
        None => many(&arguments),
    }
}

fn one(options: &Options) -> Result<ExitCode> {
    let outcome = run(options)?;
    anstream::print!("{}", outcome.history);
    for violation in &outcome.violations {
        anstream::println!("BROKEN {violation}");
    }
    anstream::println!("{}", table(std::slice::from_ref(&outcome)));
    Ok(if outcome.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn many(arguments: &Arguments) -> Result<ExitCode> {
    let begun = Instant::now();
    let outcomes = every_seed(arguments)?;
    let all: Vec<Outcome> = outcomes.values().cloned().collect();
    anstream::println!("{}", table(&all));
    anstream::println!("{} seeds in {:.0} s", all.len(), begun.elapsed().as_secs_f64());
    let broken = outcomes.iter().filter(|(_, outcome)| !outcome.violations.is_empty());
    let broken: Vec<_> = broken.collect();
    let Some((seed, outcome)) = broken.first() else { return Ok(ExitCode::SUCCESS) };
    for (seed, outcome) in &broken {
        for violation in &outcome.violations {
            anstream::println!("BROKEN seed {seed}: {violation}");
        }
    }
    let first = outcome.violations.first().context("a broken run says what is broken")?;
    let shortest = Options { told: true, ..shorten(&arguments.options(**seed, false), first.rule)? };
    anstream::println!("\nThe shortest history of seed {seed} in which «{}» is broken:\n", first.rule);
    anstream::print!("{}", run(&shortest)?.history);
    anstream::println!("\nAgain with: make chaos SEED={seed} ONLY={}{}", list(&shortest.orders), without(&shortest));
    Ok(ExitCode::FAILURE)
}

fn without(options: &Options) -> String {
    match options.without.is_empty() {
        true => String::new(),
        false => format!(" WITHOUT={}", list(&options.without)),
    }
}

fn list(items: &BTreeSet<impl ToString>) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Runs the seeds, as many side by side as there are cores.
fn every_seed(arguments: &Arguments) -> Result<BTreeMap<u64, Outcome>> {
    let (next, outcomes) = (AtomicU64::new(1), Mutex::new(BTreeMap::new()));
    let worker = || -> Result<()> {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed > arguments.seeds {
                return Ok(());
            }
            let outcome = run(&arguments.options(seed, false))?;
            outcomes.lock().unwrap_or_else(PoisonError::into_inner).insert(seed, outcome);
        }
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        for worker in workers {
            match worker.join() {
                Ok(ended) => ended?,
                Err(_) => bail!("a run panicked"),
            }
        }
        Ok(())
    })?;
    Ok(outcomes.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn table(outcomes: &[Outcome]) -> Table {
    let sum = |count: fn(&Outcome) -> u64| outcomes.iter().map(count).sum::<u64>().to_string();
    let wait = outcomes.iter().map(|outcome| outcome.longest_wait).max().unwrap_or(Duration::ZERO);
    let most = outcomes.iter().map(|outcome| outcome.most_calls).max().unwrap_or_default();
    let mut table = Table::new();
    table.load_style(NOTHING);
    let rows = [
        ("orders", sum(|outcome| outcome.orders as u64)),
        ("of them on the till", sum(|outcome| outcome.on_till as u64)),
        ("creations sent again after a reading", sum(|outcome| outcome.sent_again as u64)),
        ("messages worked on again", sum(|outcome| outcome.retries)),
        ("duplicates suppressed", sum(duplicates)),
        ("times a party was left alone", sum(|outcome| outcome.circuits_opened as u64)),
        ("dead letters, all given back", sum(|outcome| outcome.dead_letters as u64)),
        ("most calls of a key in ten minutes", most.to_string()),
        ("longest wait until till or staff knew", format!("{} s", wait.as_secs())),
    ];
    for (what, number) in rows {
        table.add_row([what.to_owned(), number]);
    }
    for fault in Fault::ALL {
        let struck: u64 = outcomes.iter().filter_map(|outcome| outcome.struck.get(fault)).sum();
        table.add_row([format!("fault: {fault}"), struck.to_string()]);
    }
    let broken: usize = outcomes.iter().map(|outcome| outcome.violations.len()).sum();
    table.add_row(["promises broken".to_owned(), broken.to_string()]);
    if let Some(numbers) = table.column_mut(1) {
        numbers.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// What came twice and was once.
fn duplicates(outcome: &Outcome) -> u64 {
    let twice = [Fault::WebhookDoubled, Fault::MessageDoubled, Fault::MessageNotDeleted];
    twice.iter().filter_map(|fault| outcome.struck.get(fault)).sum()
}
