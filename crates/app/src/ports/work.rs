//! Time: the wall clock, what a piece of work may still spend, and what stores answer when they do not work.

use jiff::Timestamp;
use std::time::{Duration, Instant};

/// The wall clock, so that tests own it.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// What one piece of work may still spend, and the id that ties its traces together.
#[derive(Debug, Clone)]
pub struct Work {
    /// When the work must be over; no call may outlive it.
    pub deadline: Instant,
    /// Correlation id, from the webhook through the queue to both parties.
    pub correlation: String,
}

impl Work {
    /// The time that a call may take: `wanted`, or what is left if that is less.
    #[must_use]
    pub fn budget(&self, wanted: Duration) -> Duration {
        wanted.min(self.left())
    }

    /// What is left until the deadline.
    #[must_use]
    pub fn left(&self) -> Duration {
        // The runtime's clock is the machine's, but where a simulation has stopped it.
        self.deadline.saturating_duration_since(tokio::time::Instant::now().into_std())
    }
}

/// A store, a queue or the key service did not do its part. Always worth another try.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It did not answer, or answered with a fault or a throttle.
    #[error("{what} is not available")]
    Unavailable {
        /// Which table, queue or key.
        what: String,
        /// What the SDK said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What it holds cannot be read; an operator has to mend it.
    #[error("{what} cannot be read: {remedy}")]
    Malformed {
        /// Which record.
        what: String,
        /// What is wrong and what to write instead; never a secret.
        remedy: String,
    },
}
