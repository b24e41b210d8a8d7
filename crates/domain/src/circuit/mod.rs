//! Whether a party is called at all: a circuit breaker for each of the two lanes that lead to it.
//!
//! Closed, calls are made; after failures in a row, or at once when the party asks to slow down, it opens and no call is
//! made; when the time is over one call is the trial, and its end closes or opens it again for longer. Orders come before
//! menus: what menus meet with never keeps an order back, and menus stand back until the way of orders has been well for
//! a while. Nothing here knows what a party is, or where a [`Standing`] is shared.

use crate::menu::digest;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// So many failures in a row open a breaker: one order that cannot be taken has answers between its failures.
pub const FAILURES_IN_A_ROW: u32 = 5;

/// How long a trial may take before somebody else makes another: longer than a client waits for an answer.
pub const TRIAL: SignedDuration = SignedDuration::from_secs(20);

/// How long the first opening lasts where the party does not say; each further one in a row twice as long.
pub const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(5);

/// The longest that a party's own wish is followed: the till's calls are counted over ten minutes.
pub const LONGEST_ASKED: SignedDuration = SignedDuration::from_mins(10);

/// How long menus stand back after the way of orders has closed again.
pub const REST: SignedDuration = SignedDuration::from_mins(2);

/// How long menus leave the trial to an order; where none comes, they look for themselves.
pub const PATIENCE: SignedDuration = SignedDuration::from_mins(1);

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// What an order waits for.
    Orders,
    /// Everything else: menus and their customers.
    Menus,
}

impl Lane {
    /// The longest opening where the party does not say: orders look again every minute.
    #[must_use]
    pub fn longest_wait(self) -> SignedDuration {
        match self {
            Self::Orders => SignedDuration::from_mins(1),
            Self::Menus => SignedDuration::from_mins(5),
        }
    }
}

/// What a call came to, as far as it tells how the party is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It answered, be it with a refusal.
    Answer,
    /// It did not answer, or with a fault.
    Failure,
    /// It asks to slow down, for so long if it says.
    SlowDown(Option<SignedDuration>),
    /// Nothing can be told: a cached answer, our own deadline, a fault that the request itself may have caused.
    Nothing,
}

/// One lane's breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Breaker {
    /// Calls are made.
    Closed {
        /// When it closed, in milliseconds since the epoch; none if it was never open.
        since_ms: Option<i64>,
    },
    /// No call is made.
    Open {
        /// Until when, in milliseconds since the epoch; then one call is the trial, which moves this on.
        until_ms: i64,
        /// How often it has opened in a row, from 1.
        openings: u32,
    },
}

impl Default for Breaker {
    fn default() -> Self {
        Self::Closed { since_ms: None }
    }
}

/// What all who call a party share of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The breaker of orders.
    pub orders: Breaker,
    /// The breaker of menus.
    pub menus: Breaker,
}

impl Standing {
    fn of(&mut self, lane: Lane) -> &mut Breaker {
        match lane {
            Lane::Orders => &mut self.orders,
            Lane::Menus => &mut self.menus,
        }
    }

    /// Up to when something of this matters, in milliseconds since the epoch.
    #[must_use]
    pub fn matters_until_ms(&self) -> i64 {
        let end = |breaker| match breaker {
            Breaker::Closed { since_ms } => since_ms.map_or(0, |since| later(since, REST)),
            Breaker::Open { until_ms, .. } => later(until_ms, PATIENCE),
        };
        end(self.orders).max(end(self.menus))
    }
}

/// Leave to make one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// The breaker is closed.
    Free,
    /// This call is the trial, until then.
    Trial {
        /// When the trial is given up, in milliseconds since the epoch; tells it from every other.
        until_ms: i64,
    },
}

/// How one party is, as one who calls it knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circuit {
    name: String,
    standing: Standing,
    /// In a row, of orders and of menus. Not shared: to share each failure would cost a write.
    failures: (u32, u32),
}

impl Circuit {
    /// A party of which nothing is known. Its name spreads its trials from those of other parties.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), standing: Standing::default(), failures: (0, 0) }
    }

    /// What is to be shared.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// Takes over what others have shared. Failures before an outage belong to it: after it they count anew.
    pub fn adopt(&mut self, standing: Standing) {
        if matches!(standing.orders, Breaker::Open { .. }) {
            self.failures.0 = 0;
        }
        if matches!(standing.menus, Breaker::Open { .. }) {
            self.failures.1 = 0;
        }
        self.standing = standing;
    }

    /// Asks to make a call at `now`.
    ///
    /// # Errors
    /// With how long to wait: no call may be made.
    pub fn ask(&mut self, lane: Lane, now: Timestamp) -> Result<Pass, SignedDuration> {
        let now_ms = now.as_millisecond();
        let mut shut_until = match (lane, self.standing.orders) {
            (Lane::Orders, _) | (Lane::Menus, Breaker::Closed { since_ms: None }) => i64::MIN,
            (Lane::Menus, Breaker::Closed { since_ms: Some(since) }) => later(since, REST),
            (Lane::Menus, Breaker::Open { until_ms, .. }) => later(until_ms, PATIENCE),
        };
        let breaker = self.standing.of(lane);
        if let Breaker::Open { until_ms, .. } = breaker {
            shut_until = shut_until.max(*until_ms);
        }
        if shut_until > now_ms {
            return Err(SignedDuration::from_millis(shut_until.saturating_sub(now_ms)));
        }
        match breaker {
            Breaker::Open { until_ms, .. } => {
                *until_ms = later(now_ms, TRIAL);
                Ok(Pass::Trial { until_ms: *until_ms })
            }
            Breaker::Closed { .. } => Ok(Pass::Free),
        }
    }

    /// Notes what a call came to at `now`. Answers for how long the breaker has opened, if it has.
    pub fn note(&mut self, lane: Lane, pass: Pass, heard: Heard, now: Timestamp) -> Option<SignedDuration> {
        let failures = match lane {
            Lane::Orders => &mut self.failures.0,
            Lane::Menus => &mut self.failures.1,
        };
        let breaker = self.standing.of(lane);
        let openings = match *breaker {
            Breaker::Closed { .. } => {
                match heard {
                    Heard::Answer => *failures = 0,
                    Heard::Failure => *failures += 1,
                    Heard::SlowDown(_) | Heard::Nothing => {}
                }
                let opens = *failures >= FAILURES_IN_A_ROW || matches!(heard, Heard::SlowDown(_));
                opens.then_some(1)?
            }
            // While it is open, the trial's word alone counts: calls begun before it say what is known.
            Breaker::Open { until_ms, openings } if pass == (Pass::Trial { until_ms }) => match heard {
                Heard::Answer => {
                    *breaker = Breaker::Closed { since_ms: Some(now.as_millisecond()) };
                    return None;
                }
                // The next call is the trial.
                Heard::Nothing => {
                    *breaker = Breaker::Open { until_ms: now.as_millisecond(), openings };
                    return None;
                }
                // Who says for how long is well enough to know.
                Heard::SlowDown(Some(_)) => openings,
                Heard::Failure | Heard::SlowDown(None) => openings.saturating_add(1),
            },
            Breaker::Open { .. } => return None,
        };
        *failures = 0;
        let asked = if let Heard::SlowDown(asked) = heard { asked } else { None };
        let wait = wait(&self.name, lane, openings, asked);
        *breaker = Breaker::Open { until_ms: later(now.as_millisecond(), wait), openings };
        Some(wait)
    }
}

/// How long an opening lasts: what the party asks for, else doubling; never shorter, and longer by up to a quarter, so
/// that those who opened together do not try together. No chance is in it: the same name and count wait the same.
fn wait(name: &str, lane: Lane, openings: u32, asked: Option<SignedDuration>) -> SignedDuration {
    let longest = lane.longest_wait();
    let doubled = FIRST_WAIT.checked_mul(1 << openings.saturating_sub(1).min(10)).unwrap_or(longest).min(longest);
    let wait = asked.map_or(doubled, |asked| asked.clamp(SignedDuration::from_secs(1), LONGEST_ASKED));
    let share = i32::try_from(digest(&format!("{name}#{openings}")) % 256).unwrap_or_default();
    wait + wait.min(longest) / 4 * share / 256
}

fn later(ms: i64, by: SignedDuration) -> i64 {
    ms.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
