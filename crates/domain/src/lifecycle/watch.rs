//! How long an order is looked at, and how the news of it came: what polling has to know.
//!
//! Nothing here changes what becomes of an order.

use super::{OrderState, Phase, state::Told, step::NOT_SENT};
use crate::order::Status;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long after it was expected an order that nobody closes is still looked at.
const WATCHED: SignedDuration = SignedDuration::from_hours(72);

/// How long an order that is off, or given up, is looked at after it was expected: the till may go on with it.
const WATCHED_OFF: SignedDuration = SignedDuration::from_hours(1);

/// The codes of [`crate::messages::NOT_SENT`] after which the till may have the order all the same.
const PERHAPS_THERE: [&str; 2] = ["fault", "conflict"];

/// How the last news of an order came from the till.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard(
    /// When, in milliseconds since the epoch.
    pub i64,
    /// Whether the till called; else polling found it.
    pub bool,
);

impl OrderState {
    /// Whether it is looked at: it is open, or the till may go on with it though it is off or was given up (E06, E30).
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.is_open()
            || match self.phase {
                Phase::OnTill { .. } => {
                    matches!(self.status, Status::Rejected | Status::Cancelled)
                        && !self.told.contains(&Told::GoesOnThoughOff)
                }
                Phase::NotOnTill => self.is_alive() && self.is_perhaps_there(),
                Phase::Received | Phase::Creating { .. } | Phase::Withdrawn => false,
            }
    }

    /// Until when it is looked at, if nothing happens to it.
    #[must_use]
    pub fn watched_until(&self) -> Timestamp {
        let expected = self.wished_at.max(self.created_at);
        let last = self.history.last().and_then(|entry| Timestamp::from_millisecond(entry.0).ok());
        let until = match self.is_open() {
            true => expected.saturating_add(WATCHED),
            false => expected.max(last.unwrap_or(expected)).saturating_add(WATCHED_OFF),
        };
        until.unwrap_or(Timestamp::MAX)
    }

    /// Notes how news came, when there were some since the customer knew `before`. A call that finds nothing new any more
    /// counts where polling had been faster: the till does call.
    pub fn hear(&mut self, before: Status, pushed: bool, at: Timestamp) {
        let was_slower = pushed && self.heard.is_some_and(|Heard(_, pushed)| !pushed);
        if self.status != before || was_slower {
            self.heard = Some(Heard(at.as_millisecond(), pushed));
        }
    }

    fn is_perhaps_there(&self) -> bool {
        let code = self.history.iter().rev().find_map(|entry| entry.1.strip_prefix(NOT_SENT));
        code.is_some_and(|code| PERHAPS_THERE.contains(&code))
    }
}
