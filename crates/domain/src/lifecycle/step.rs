//! One event on one order.

use super::{
    Body, OrderState, Phase, Signal, TillSays, What,
    state::Told,
    table::{self, Say},
};
use crate::{Cents, TillOrderId, messages, order::Status};
use jiff::Timestamp;

/// What can happen to an order, whoever saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The order is ready to be sent: this is the intent.
    Intended {
        /// `date` on the till.
        date: Timestamp,
        /// `dueDate` on the till.
        due: Timestamp,
        /// The exact body.
        body: Body,
        /// What staff are told once it is there; Italian, empty for nothing.
        notice: String,
    },
    /// The till has it.
    Created {
        /// The till's order.
        id: TillOrderId,
    },
    /// The till was read and does not have it.
    Absent,
    /// It will not be sent.
    NotSent {
        /// Why and what to do; Italian, for staff.
        message: String,
    },
    /// The till could not be asked; it will be tried again.
    Unreachable {
        /// The HTTP status of a creation's answer, if there was one.
        status: Option<u16>,
    },
    /// The till was seen to say this.
    Till {
        /// What it means.
        signal: Signal,
        /// The till's order.
        id: TillOrderId,
        /// What the restaurateur typed.
        reason: Option<String>,
        /// The total at the till.
        amount: Option<Cents>,
    },
    /// The platform's customer called it off.
    CancelledOnPlatform,
    /// The restaurateur has had this long to answer.
    Deadline {
        /// Which alert, from 1.
        alert: u8,
        /// Minutes since the order was on the till.
        minutes: i64,
    },
    /// The platform refused a status because it has the order elsewhere.
    PlatformIsAt {
        /// Where.
        status: Status,
    },
    /// The same order came again with other content (E04).
    OtherContent,
}

/// Applies one event. None means that nothing changes and nothing has to be written.
#[must_use]
pub fn step(before: &OrderState, event: &Event, at: Timestamp) -> Option<OrderState> {
    let mut state = before.clone();
    state.apply(event, at);
    (state != *before).then_some(state)
}

impl OrderState {
    fn apply(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Intended { date, due, body, notice } => self.intended(*date, *due, body, notice, at),
            Event::Created { id } => self.on_till(id, at),
            Event::Absent => self.absent(at),
            Event::NotSent { message } => self.not_sent(message, at),
            Event::Unreachable { status } => self.unreachable(*status, at),
            Event::Till { signal, id, reason, amount } => self.till(*signal, id, reason.as_deref(), *amount, at),
            Event::CancelledOnPlatform => self.cancelled_on_platform(at),
            Event::Deadline { alert, minutes } => self.deadline(*alert, *minutes, at),
            Event::PlatformIsAt { status } => self.platform_is_at(*status, at),
            Event::OtherContent => {
                if self.first_time(Told::OtherContent) {
                    self.note(at, "other-content");
                    self.tell_staff(at, self.till_says(), messages::OTHER_CONTENT);
                }
            }
        }
    }

    fn intended(&mut self, date: Timestamp, due: Timestamp, body: &Body, notice: &str, at: Timestamp) {
        if self.phase == Phase::Received {
            self.phase = Phase::Creating { date, due, body: body.clone(), notice: notice.to_owned() };
            self.push(at, What::Create);
            self.note(at, "intent");
        }
    }

    fn on_till(&mut self, id: &TillOrderId, at: Timestamp) {
        let notice = match &self.phase {
            Phase::OnTill { .. } => return,
            Phase::Creating { notice, .. } => notice.clone(),
            Phase::Received | Phase::NotOnTill | Phase::Withdrawn => String::new(),
        };
        self.pending.retain(|effect| effect.what != What::Create);
        self.phase = Phase::OnTill { id: id.clone(), since: at };
        self.faults = 0;
        self.note(at, "on-till");
        let message = if self.status == Status::Cancelled { messages::CANCELLED_BY_CUSTOMER.to_owned() } else { notice };
        self.tell_staff(at, TillSays::Delivered, message);
        if self.status == Status::New {
            self.push(at, What::Deadlines);
        }
    }

    fn absent(&mut self, at: Timestamp) {
        if matches!(self.phase, Phase::Creating { .. }) {
            self.pending.retain(|effect| effect.what != What::Create);
            let off = self.status == Status::Cancelled;
            self.phase = if off { Phase::Withdrawn } else { Phase::Received };
            self.note(at, "absent");
            if off {
                self.tell_withdrawn(at);
            }
        }
    }

    /// Staff hear of a withdrawal only if they were told that the order was on its way.
    fn tell_withdrawn(&mut self, at: Timestamp) {
        if self.attempts > 0 {
            self.tell_staff(at, TillSays::Failed, messages::WITHDRAWN);
        }
    }

    fn not_sent(&mut self, message: &str, at: Timestamp) {
        if matches!(self.phase, Phase::Received | Phase::Creating { .. }) {
            self.pending.retain(|effect| effect.what != What::Create);
            self.phase = Phase::NotOnTill;
            self.note(at, "not-sent");
            self.tell_staff(at, TillSays::Failed, message);
        }
    }

    fn unreachable(&mut self, status: Option<u16>, at: Timestamp) {
        if !matches!(self.phase, Phase::Received | Phase::Creating { .. }) {
            return;
        }
        self.faults = if status == Some(500) { self.faults.saturating_add(1) } else { 0 };
        if self.attempts == 0 {
            self.tell_staff(at, TillSays::Pending, messages::STILL_TRYING);
            self.note(at, "unreachable");
        }
        self.attempts = self.attempts.saturating_add(1);
    }

    fn till(&mut self, signal: Signal, id: &TillOrderId, reason: Option<&str>, amount: Option<Cents>, at: Timestamp) {
        self.on_till(id, at);
        if let Some(row) = table::lookup(self.status, signal) {
            for say in row.says {
                self.say(*say, reason, at);
            }
            self.status = row.next;
        }
        if amount.is_some_and(|amount| amount != self.total) && self.first_time(Told::Edited) {
            self.note(at, "edited");
            let message = messages::edited(amount.unwrap_or_default(), self.total);
            self.tell_staff(at, TillSays::Delivered, message);
        }
    }

    fn say(&mut self, say: Say, reason: Option<&str>, at: Timestamp) {
        let after_confirmation = self.status == Status::Confirmed;
        let (to, reason) = match say {
            Say::Confirmed => (Status::Confirmed, None),
            Say::Evaso => (Status::Evaso, None),
            Say::Refused => (Status::Rejected, Some(messages::refusal(reason))),
            Say::Cancelled => (Status::Rejected, Some(messages::cancellation(reason, after_confirmation))),
            Say::GoesOnThoughOff => {
                if self.first_time(Told::GoesOnThoughOff) {
                    self.note(at, "goes-on-though-off");
                    self.tell_staff(at, TillSays::Delivered, messages::GOES_ON_THOUGH_OFF);
                }
                return;
            }
        };
        self.note(at, format!("{to:?}").to_lowercase());
        self.push(at, What::Status { to, reason });
        if to == Status::Rejected && self.online {
            self.tell_staff(at, TillSays::Delivered, messages::REFUND_DUE);
        }
    }

    fn cancelled_on_platform(&mut self, at: Timestamp) {
        if !matches!(self.status, Status::New | Status::Confirmed) {
            return;
        }
        self.status = Status::Cancelled;
        // The platform has already told the customer; a status still to be sent would only be refused.
        self.pending.retain(|effect| !matches!(effect.what, What::Status { .. }));
        self.note(at, "cancelled");
        match self.phase {
            Phase::Received => {
                self.phase = Phase::Withdrawn;
                self.tell_withdrawn(at);
            }
            Phase::OnTill { .. } => self.tell_staff(at, TillSays::Delivered, messages::CANCELLED_BY_CUSTOMER),
            Phase::Creating { .. } | Phase::NotOnTill | Phase::Withdrawn => {}
        }
    }

    fn deadline(&mut self, alert: u8, minutes: i64, at: Timestamp) {
        let waiting = self.status == Status::New && matches!(self.phase, Phase::OnTill { .. });
        if waiting && alert > self.alerts {
            self.alerts = alert;
            self.note(at, format!("alert-{alert}"));
            self.tell_staff(at, TillSays::Delivered, messages::not_answered(minutes));
        }
    }

    fn platform_is_at(&mut self, status: Status, at: Timestamp) {
        self.pending.retain(|effect| !matches!(effect.what, What::Status { .. }));
        if self.status != status {
            self.status = status;
            self.note(at, format!("platform-is-{status:?}").to_lowercase());
            if self.first_time(Told::Disagreement) {
                self.tell_staff(at, self.till_says(), messages::disagreement(status));
            }
        }
    }

    fn till_says(&self) -> TillSays {
        match self.phase {
            Phase::OnTill { .. } => TillSays::Delivered,
            Phase::Received | Phase::Creating { .. } => TillSays::Pending,
            Phase::NotOnTill | Phase::Withdrawn => TillSays::Failed,
        }
    }
}
