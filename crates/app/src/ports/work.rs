//! Time: the wall clock, what a piece of work may still spend, how long a party asks to wait, and what stores answer when
//! they do not work.

use domain::circuit::LONGEST_ASKED;
use jiff::{Timestamp, fmt::rfc2822};
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

/// What a `Retry-After` asks for, in seconds or as a date of RFC 9110: a date that has passed is no wait, and none is
/// longer than a wish is followed. None if it says neither.
#[must_use]
pub fn asked_wait(retry_after: &str, now: Timestamp) -> Option<Duration> {
    let text = retry_after.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
            Duration::try_from(until.duration_since(now)).unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST_ASKED.unsigned_abs()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_asked_for_in_seconds_or_as_a_date_and_is_bounded() {
        let now: Timestamp = "2026-11-24T19:30:00Z".parse().unwrap();
        let asked = |text: &str| asked_wait(text, now);
        assert_eq!(asked(" 7 "), Some(Duration::from_secs(7)));
        assert_eq!(asked("Tue, 24 Nov 2026 19:31:00 GMT"), Some(Duration::from_secs(60)));
        assert_eq!(asked("Tue, 24 Nov 2026 19:29:00 GMT"), Some(Duration::ZERO), "a date that has passed");
        for endless in ["601", "18446744073709551615", "Fri, 24 Nov 2028 19:30:00 GMT"] {
            assert_eq!(asked(endless), Some(LONGEST_ASKED.unsigned_abs()), "{endless}");
        }
        for none in ["soon", "-1", "", "18446744073709551616"] {
            assert_eq!(asked(none), None, "{none}");
        }
    }
}
