//! What is known of an order, small enough to be one item of one kilobyte.

use super::{Body, Heard, fingerprint};
use crate::{
    Cents, TillOrderId,
    order::{Order, Status},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How far the order has come on its way to the till.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Phase {
    /// Known; nothing has been sent.
    Received,
    /// The intent is stored; the creation may or may not have happened.
    Creating {
        /// The order's `date` on the till: with `due`, where to look for it.
        #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
        date: Timestamp,
        /// The order's `dueDate` on the till.
        #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
        due: Timestamp,
        /// The exact body.
        body: Body,
    },
    /// On the till.
    OnTill {
        /// The till's order.
        id: TillOrderId,
        /// Since when: the acceptance clock.
        #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
        since: Timestamp,
    },
    /// Not on the till, for good; staff were told.
    NotOnTill,
    /// Called off, or done with on the platform, before it was sent.
    Withdrawn,
}

/// Whether the order has reached the till, as staff are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TillSays {
    /// Still being tried.
    Pending,
    /// On the till.
    Delivered,
    /// Not on the till.
    Failed,
}

/// What an effect does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum What {
    /// Create the order on the till with the stored body. Pending until the till has it or certainly does not; of an
    /// order that is no longer [alive](OrderState::is_alive), only look whether it is there.
    Create,
    /// Tell the platform, and so the customer, a status.
    Status {
        /// `Confirmed`, `Rejected` or `Evaso`.
        to: Status,
        /// Why, with `Rejected`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Tell the staff, on the platform, how the order stands with the till.
    Staff {
        /// Whether it has reached the till.
        state: TillSays,
        /// Italian; empty for nothing.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        message: String,
    },
    /// Have oneself called back when the restaurateur has not answered.
    Deadlines,
}

/// Something still to be done. `seq` and `at` are stored, so that every repetition is the same request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Counts the effects of the order.
    pub seq: u32,
    /// When it was decided.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub at: Timestamp,
    /// What to do.
    #[serde(flatten)]
    pub what: What,
}

/// One line of the order's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry(
    /// When, in milliseconds since the epoch.
    pub i64,
    /// What, as a short code: no personal data.
    pub String,
);

/// The state of one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderState {
    /// What staff and customer call it.
    pub number: String,
    /// What was ordered, as a fingerprint (E04).
    pub content: String,
    /// Paid through the platform: the gate of the fiscal document.
    pub online: bool,
    /// What the customer pays.
    pub total: Cents,
    /// When the customer ordered.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub created_at: Timestamp,
    /// When the customer expects it.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub wished_at: Timestamp,
    /// What the customer knows.
    pub status: Status,
    /// How far it has come on its way to the till.
    pub phase: Phase,
    /// How often the till could not be asked.
    #[serde(default)]
    pub attempts: u8,
    /// How many equal HTTP 500 answers a creation has had in a row.
    #[serde(default)]
    pub faults: u8,
    /// How many acceptance alerts staff have had.
    #[serde(default)]
    pub alerts: u8,
    /// What staff have been told once and are not told again.
    #[serde(default)]
    pub told: Vec<Told>,
    /// The last attempt that an operator asked for, by its time in milliseconds since the epoch; 0 is none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub replayed: i64,
    /// Whether staff were told to enter it by hand before an operator had it tried again: it may be there twice.
    #[serde(default, skip_serializing_if = "is_false")]
    pub by_hand: bool,
    /// How the last news came from the till; none before there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<Heard>,
    /// The number of the next effect.
    #[serde(default)]
    pub next_seq: u32,
    /// What is still to be done, in this order.
    #[serde(default)]
    pub pending: Vec<Effect>,
    /// What has happened.
    #[serde(default)]
    pub history: Vec<Entry>,
}

/// What staff are told once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// The till goes on with an order that is off.
    GoesOnThoughOff,
    /// The total at the till is another (E28).
    Edited,
    /// The same order came again with other content (E04).
    OtherContent,
    /// The platform had the order in another state.
    Disagreement,
    /// The platform took a message for the customer not at all.
    MessageRefused,
}

/// As many lines of history as an item has room for; the first few and the last are kept.
const HISTORY: usize = 24;

fn is_zero(number: &i64) -> bool {
    *number == 0
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl OrderState {
    /// An order just received. `order.status` is where the platform has it already (E60).
    #[must_use]
    pub fn received(order: &Order, now: Timestamp) -> Self {
        let mut state = Self {
            number: order.number.clone(),
            content: fingerprint(order),
            online: order.payment.online,
            total: order.total,
            created_at: order.created_at,
            wished_at: order.wished_at(),
            status: order.status,
            phase: Phase::Received,
            ..Self::tombstone(now)
        };
        state.history.clear();
        state.note(now, "received");
        state
    }

    /// What is remembered of an order that was called off before it was seen: it is never sent.
    #[must_use]
    pub fn tombstone(now: Timestamp) -> Self {
        let mut state = Self {
            number: String::new(),
            content: String::new(),
            online: false,
            total: Cents::ZERO,
            created_at: now,
            wished_at: now,
            status: Status::Cancelled,
            phase: Phase::Withdrawn,
            attempts: 0,
            faults: 0,
            alerts: 0,
            told: Vec::new(),
            replayed: 0,
            by_hand: false,
            heard: None,
            next_seq: 0,
            pending: Vec::new(),
            history: Vec::new(),
        };
        state.note(now, "cancelled");
        state
    }

    /// Whether anything has still to happen to it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let reachable = matches!(self.phase, Phase::Received | Phase::OnTill { .. });
        !self.pending.is_empty() || matches!(self.phase, Phase::Creating { .. }) || (self.is_alive() && reachable)
    }

    /// Whether the customer still expects the order: neither refused nor called off nor handed over.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        matches!(self.status, Status::New | Status::Confirmed)
    }

    /// The till's order, once known.
    #[must_use]
    pub fn till_order(&self) -> Option<&TillOrderId> {
        match &self.phase {
            Phase::OnTill { id, .. } => Some(id),
            _ => None,
        }
    }

    /// Strikes an effect that has been carried out.
    pub fn done(&mut self, seq: u32) {
        self.pending.retain(|effect| effect.seq != seq);
    }

    /// Adds a line of history: a short code without personal data.
    pub fn note(&mut self, at: Timestamp, what: impl Into<String>) {
        self.history.push(Entry(at.as_millisecond(), what.into()));
        if self.history.len() > HISTORY {
            self.history.remove(HISTORY / 4);
        }
    }

    pub(super) fn push(&mut self, at: Timestamp, what: What) {
        let seq = self.next_seq;
        self.next_seq += 1;
        self.pending.push(Effect { seq, at, what });
    }

    pub(super) fn tell_staff(&mut self, at: Timestamp, state: TillSays, message: impl Into<String>) {
        self.push(at, What::Staff { state, message: message.into() });
    }

    /// Whether staff have not been told this yet; remembers that they are now.
    pub(super) fn first_time(&mut self, what: Told) -> bool {
        let first = !self.told.contains(&what);
        if first {
            self.told.push(what);
        }
        first
    }
}
