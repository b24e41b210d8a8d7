//! One invocation's life: it ends, or stands still, between any two awaits if the dice say so.

use crate::{dice::Dice, fault::Fault};
use app::ports::Clock;
use jiff::{SignedDuration, Timestamp};
use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::time::{Instant, sleep};

/// An invocation of a function.
#[derive(Debug)]
pub(crate) struct Life {
    is_dead: AtomicBool,
    was_frozen: AtomicBool,
    clock: SimulatedClock,
}

impl Life {
    /// Begins one.
    pub(crate) fn begin(dice: &Dice, scope: &str, clock: SimulatedClock) -> Arc<Self> {
        let off = match dice.strikes(Fault::ClockSkew, scope) {
            true => SignedDuration::from_millis(dice.below("skew", scope, 8_000) as i64 - 4_000),
            false => SignedDuration::ZERO,
        };
        let clock = SimulatedClock { off, ..clock };
        Arc::new(Self { is_dead: AtomicBool::default(), was_frozen: AtomicBool::default(), clock })
    }

    /// A moment at which the function may stand still for a while, or be ended: then nothing of it goes on.
    pub(crate) async fn step(&self, dice: &Dice, scope: &str) {
        if dice.strikes(Fault::Frozen, scope) {
            self.was_frozen.store(true, Ordering::Relaxed);
            sleep(dice.millis("frozen", scope, 5_000, 600_000)).await;
        }
        if !self.is_dead() && dice.ends_here(scope) {
            self.is_dead.store(true, Ordering::Relaxed);
        }
        if self.is_dead() {
            pending::<()>().await;
        }
    }

    /// Whether it was ended.
    pub(crate) fn is_dead(&self) -> bool {
        self.is_dead.load(Ordering::Relaxed)
    }

    /// Whether it stood still at least once: then it may go on when its time is over.
    pub(crate) fn was_frozen(&self) -> bool {
        self.was_frozen.load(Ordering::Relaxed)
    }

    /// What the function thinks that the time is.
    pub(crate) fn clock(&self) -> SimulatedClock {
        self.clock
    }
}

/// A wall clock that shows the runtime's own, stopped time, and may be wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SimulatedClock {
    pub(crate) begun: Instant,
    pub(crate) started: Timestamp,
    pub(crate) off: SignedDuration,
}

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        self.started + self.begun.elapsed() + self.off
    }
}
