//! An operator has an order tried again: an attempt of its own, which no earlier one swallows and which never makes a
//! second order on the till.
//!
//! «Not sent» is final for everybody but a person who says so: even then both parties are asked first, and staff are told
//! that they may have entered it by hand.

use super::{
    Failure, Orders, Outcome, World,
    observe::Input,
    session::{Session, Subject},
};
use crate::ports::Till;
use domain::{
    lifecycle::{Event, Phase},
    order::Order,
    till::TillOrder,
};
use jiff::{SignedDuration, Timestamp};

/// How far around an order's times the till is searched: which date its window is about is not known.
const AROUND: SignedDuration = SignedDuration::from_hours(12);

/// One attempt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Replay<'a> {
    attempt: i64,
    again: bool,
    pub(super) order: &'a Order,
}

impl<W: World> Orders<W> {
    /// Tries an order again, as the platform has it now.
    pub(super) async fn replay(&self, subject: Subject<'_>, attempt: i64, again: bool) -> Result<Outcome, Failure> {
        match self.ask_platform(subject).await? {
            Some(order) => self.advance(subject, Input::Replay(Replay { attempt, again, order: &order })).await,
            None => Ok(Outcome::Ignored),
        }
    }
}

impl<W: World> Session<'_, W> {
    /// Applies an attempt. What is off on the platform, or on the till after all, is not sent.
    pub(super) async fn replayed(&mut self, replay: Replay<'_>) -> Result<(), Failure> {
        self.apply_whether_off(replay.order);
        if let Some(id) = self.state.till_order().cloned() {
            self.look_again(&id, false).await?;
        }
        let given_up = self.state.phase == Phase::NotOnTill && self.state.is_alive();
        let mut again = replay.again && given_up && replay.attempt > self.state.replayed;
        if again && let Some(found) = self.search_till().await? {
            self.seen(&found);
            again = false;
        }
        self.apply(&Event::Replayed { attempt: replay.attempt, again });
        Ok(())
    }

    /// The order at the till, wherever its times may have put it.
    async fn search_till(&self) -> Result<Option<TillOrder>, Failure> {
        let (first, last) = (self.state.created_at, self.state.wished_at.max(self.now()));
        let from = first.saturating_sub(AROUND).unwrap_or(Timestamp::MIN);
        let to = last.saturating_add(AROUND).unwrap_or(Timestamp::MAX);
        let subject = self.subject;
        let orders = self.orders.world.till().orders(subject.work, subject.access, from, to).await?;
        Ok(orders.into_iter().find(|order| order.external_id.as_ref() == Some(&subject.key.order)))
    }
}
