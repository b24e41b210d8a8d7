//! What is remembered of a run: of each order what the checks need, and for a reader everything.

use crate::sim::lock;
use domain::order::Status;
use std::{collections::BTreeMap, fmt::Write, sync::Mutex, time::Duration};

/// What is remembered of one order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) placed: Option<Duration>,
    /// When Ponte committed that it knows of the customer's cancellation.
    pub(crate) known_off: Option<Duration>,
    /// When creations left for the till.
    pub(crate) sent: Vec<Duration>,
    /// When the till first had it.
    pub(crate) arrived: Option<Duration>,
    /// Whether Ponte has stored that the till had it.
    pub(crate) known_there: bool,
    /// Whether the till took it once more after that.
    pub(crate) taken_though_known: bool,
    /// When staff first heard anything of it.
    pub(crate) told: Option<Duration>,
    /// Moves that the platform refused as illegal: where it was, and where Ponte wanted it.
    pub(crate) illegal: Vec<(Status, Status)>,
    /// When the customer called it off.
    pub(crate) called_off: Option<Duration>,
    /// Whether staff touched the order's total at the till.
    pub(crate) edited: bool,
    /// Sentences that told staff to enter it by hand while the till had it.
    pub(crate) by_hand: Vec<String>,
    /// Products in a body that the till did not have any more when they were read.
    pub(crate) ghosts: Vec<String>,
}

#[derive(Debug, Clone)]
struct Line {
    at: Duration,
    scope: String,
    what: String,
}

/// The record of one run.
#[derive(Debug)]
pub(crate) struct Record {
    facts: Mutex<BTreeMap<String, Facts>>,
    /// None: nobody wants to read it.
    lines: Option<Mutex<Vec<Line>>>,
}

impl Record {
    pub(crate) fn new(told: bool) -> Self {
        Self { facts: Mutex::default(), lines: told.then(Mutex::default) }
    }

    pub(crate) fn note(&self, at: Duration, scope: &str, what: impl FnOnce() -> String) {
        if let Some(lines) = &self.lines {
            lock(lines).push(Line { at, scope: scope.to_owned(), what: what() });
        }
    }

    /// Changes what is remembered of an order.
    pub(crate) fn of(&self, order: &str, change: impl FnOnce(&mut Facts)) {
        change(lock(&self.facts).entry(order.to_owned()).or_default());
    }

    /// What is remembered of an order.
    pub(crate) fn facts(&self, order: &str) -> Facts {
        lock(&self.facts).get(order).cloned().unwrap_or_default()
    }

    /// The history as people read it.
    pub(crate) fn history(&self) -> String {
        let mut text = String::new();
        for line in self.lines.iter().flat_map(|lines| lock(lines).clone()) {
            let (minutes, seconds) = (line.at.as_secs() / 60, line.at.as_millis() % 60_000);
            // Writing to a string does not fail.
            let _ = writeln!(text, "{minutes:>4}:{:06.3} {:<8} {}", seconds as f64 / 1000.0, line.scope, line.what);
        }
        text
    }
}
