//! One event on one order.

use super::{
    Body, Effect, OrderState, Phase, Signal, TillSays, What,
    state::Told,
    table::{self, Say},
};
use crate::{Cents, TillOrderId, messages, order::Status};
use jiff::Timestamp;

/// How the line of history begins that says why an order was not sent.
pub(super) const NOT_SENT: &str = "not-sent:";

/// What the history says of an order that nobody looks at any more.
const LEFT_ALONE: &str = "left-alone";

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
    /// Nobody has closed it, and nobody will look at it any more.
    LeftAlone,
    /// The platform refused a status because it has the order elsewhere.
    PlatformIsAt {
        /// Where.
        status: Status,
    },
    /// The platform refuses a status for good: the customer does not know it.
    CustomerNotTold,
    /// The same order came again with other content (E04).
    OtherContent,
    /// An operator has it tried again. Where the till was not read just now to be without it, `again` MUST be false.
    Replayed {
        /// Names the attempt: when it was asked for, in milliseconds since the epoch.
        attempt: i64,
        /// Send it though staff were told to enter it by hand.
        again: bool,
    },
}

/// Applies one event. None means that nothing changes and nothing has to be written.
///
/// Times are whole milliseconds, as they are stored: who finishes an effect after a crash sends what was sent before.
#[must_use]
pub fn step(before: &OrderState, event: &Event, at: Timestamp) -> Option<OrderState> {
    let mut state = before.clone();
    state.apply(event, Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at));
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
            Event::LeftAlone => self.left_alone(at),
            Event::PlatformIsAt { status } => self.platform_is_at(*status, at),
            Event::CustomerNotTold => {
                if self.first_time(Told::MessageRefused) {
                    self.note(at, "not-told");
                    self.tell_staff(at, TillSays::Delivered, messages::CUSTOMER_NOT_TOLD);
                }
            }
            Event::OtherContent => self.other_content(at),
            Event::Replayed { attempt, again } => self.replayed(*attempt, *again, at),
        }
    }

    fn intended(&mut self, date: Timestamp, due: Timestamp, body: &Body, notice: &str, at: Timestamp) {
        if self.phase == Phase::Received && !self.is_alive() {
            self.phase = Phase::Withdrawn;
            self.note(at, "off");
        } else if self.phase == Phase::Received {
            self.phase = Phase::Creating { date, due, body: body.clone() };
            self.push(at, What::Create);
            self.tell_staff(at, TillSays::Delivered, notice);
            self.push(at, What::Deadlines);
            self.note(at, "intent");
        }
    }

    fn on_till(&mut self, id: &TillOrderId, at: Timestamp) {
        if matches!(self.phase, Phase::OnTill { .. }) {
            return;
        }
        let announced = matches!(self.phase, Phase::Creating { .. });
        let notice = self.notice_of_arrival(announced);
        self.pending.retain(|effect| effect.what != What::Create);
        self.phase = Phase::OnTill { id: id.clone(), since: at };
        self.faults = 0;
        self.note(at, "on-till");
        if !announced || !notice.is_empty() {
            self.tell_staff(at, TillSays::Delivered, notice);
        }
        if !announced && self.status == Status::New {
            self.push(at, What::Deadlines);
        }
    }

    /// What staff are told of an order that arrives, besides what was announced with the intent.
    fn notice_of_arrival(&mut self, announced: bool) -> String {
        if self.status == Status::Cancelled {
            return messages::CANCELLED_BY_CUSTOMER.to_owned();
        }
        let mut notice = Vec::new();
        // The till waits for an answer that the customer already has (E60).
        if announced && self.status != Status::New && self.first_time(Told::Disagreement) {
            notice.push(messages::disagreement(self.status));
        }
        if self.phase == Phase::NotOnTill || self.by_hand {
            notice.push(messages::THERE_AFTER_ALL.to_owned());
        }
        if self.told.contains(&Told::OtherContent) {
            notice.push(messages::OTHER_CONTENT.to_owned());
        }
        notice.join(" ")
    }

    /// Strikes the creation and what was to follow it, and gives back what was struck.
    fn strike_creation(&mut self) -> Vec<What> {
        let follows = |what: &What| {
            matches!(what, What::Create | What::Deadlines | What::Staff { state: TillSays::Delivered, .. })
        };
        let pending = std::mem::take(&mut self.pending).into_iter();
        let (struck, kept): (Vec<Effect>, _) = pending.partition(|effect| follows(&effect.what));
        self.pending = kept;
        struck.into_iter().map(|effect| effect.what).collect()
    }

    fn absent(&mut self, at: Timestamp) {
        if matches!(self.phase, Phase::Creating { .. }) {
            self.strike_creation();
            let off = !self.is_alive();
            self.phase = if off { Phase::Withdrawn } else { Phase::Received };
            self.note(at, "absent");
            if off {
                self.tell_withdrawn(at);
            }
        }
    }

    /// Staff hear of a withdrawal only if they were told that the order was on its way, or to enter it by hand.
    fn tell_withdrawn(&mut self, at: Timestamp) {
        if self.by_hand {
            self.tell_staff(at, TillSays::Failed, messages::CANCELLED_PERHAPS_THERE);
        } else if self.attempts > 0 {
            self.tell_staff(at, TillSays::Failed, messages::WITHDRAWN);
        }
    }

    fn not_sent(&mut self, message: &str, at: Timestamp) {
        if matches!(self.phase, Phase::Received | Phase::Creating { .. }) {
            self.strike_creation();
            // Nobody should enter by hand what the customer has called off; the till may have it after all.
            let off = self.status == Status::Cancelled;
            self.phase = if off { Phase::Withdrawn } else { Phase::NotOnTill };
            self.note(at, format!("{NOT_SENT}{}", messages::not_sent_code(message)));
            let message = match self.told.contains(&Told::OtherContent) {
                _ if off => messages::CANCELLED_PERHAPS_THERE.to_owned(),
                true => format!("{message} {}", messages::OTHER_CONTENT_NOT_SENT),
                false => message.to_owned(),
            };
            self.tell_staff(at, TillSays::Failed, message);
        }
    }

    /// Nothing that was told is taken back but by a person, and staff hear that they may have it twice.
    fn replayed(&mut self, attempt: i64, again: bool, at: Timestamp) {
        if attempt <= self.replayed {
            return;
        }
        self.replayed = attempt;
        if again && self.phase == Phase::NotOnTill && self.is_alive() {
            self.phase = Phase::Received;
            self.by_hand = true;
            (self.attempts, self.faults) = (0, 0);
            self.note(at, "replay-again");
            self.tell_staff(at, TillSays::Pending, messages::TRIED_AGAIN);
        } else {
            self.note(at, "replay");
        }
    }

    /// Before the order's way to the till has ended, nothing is told: the end carries it.
    fn other_content(&mut self, at: Timestamp) {
        if self.first_time(Told::OtherContent) {
            self.note(at, "other-content");
            match self.phase {
                Phase::OnTill { .. } => self.tell_staff(at, TillSays::Delivered, messages::OTHER_CONTENT),
                Phase::NotOnTill => self.tell_staff(at, TillSays::Failed, messages::OTHER_CONTENT_NOT_SENT),
                Phase::Received | Phase::Creating { .. } | Phase::Withdrawn => {}
            }
        }
    }

    fn unreachable(&mut self, status: Option<u16>, at: Timestamp) {
        if !matches!(self.phase, Phase::Received | Phase::Creating { .. }) {
            return;
        }
        self.faults = if status == Some(500) { self.faults.saturating_add(1) } else { 0 };
        if self.attempts == 0 && self.is_alive() {
            self.note(at, "unreachable");
            // Staff hear of it before what follows the creation, which is still to come.
            let creation = self.strike_creation();
            self.tell_staff(at, TillSays::Pending, messages::STILL_TRYING);
            creation.into_iter().for_each(|what| self.push(at, what));
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
            // Staff were told to enter it by hand.
            Phase::NotOnTill => self.tell_staff(at, TillSays::Failed, messages::CANCELLED_PERHAPS_THERE),
            Phase::Creating { .. } | Phase::Withdrawn => {}
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

    fn left_alone(&mut self, at: Timestamp) {
        let is_told = self.history.iter().any(|entry| entry.1 == LEFT_ALONE);
        if self.is_alive() && matches!(self.phase, Phase::OnTill { .. }) && !is_told {
            self.note(at, LEFT_ALONE);
            self.tell_staff(at, TillSays::Delivered, messages::LEFT_ALONE);
        }
    }

    fn platform_is_at(&mut self, status: Status, at: Timestamp) {
        self.pending.retain(|effect| !matches!(effect.what, What::Status { .. }));
        if self.status != status {
            let both_off = [self.status, status].iter().all(|is| matches!(is, Status::Rejected | Status::Cancelled));
            self.status = status;
            self.note(at, format!("platform-is-{status:?}").to_lowercase());
            if self.phase == Phase::Received && !self.is_alive() {
                self.phase = Phase::Withdrawn;
                self.tell_staff(at, TillSays::Failed, messages::done_on_platform(status));
            } else if matches!(self.phase, Phase::OnTill { .. }) && !both_off && self.first_time(Told::Disagreement) {
                self.tell_staff(at, TillSays::Delivered, messages::disagreement(status));
            }
        }
    }
}
