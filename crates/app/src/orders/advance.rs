//! One look at one order: observe, take, work off, free.

use super::{
    Failure, Orders, Outcome, World,
    observe::Input,
    session::{Session, Subject},
};
use crate::ports::{Clock, Freshness, OrderStore, Platform, PlatformError, Stored, Tenants};
use domain::{
    lifecycle::{Event, OrderState, Phase},
    order::{Order, Status},
};
use std::time::Duration;

/// How often a look is repeated when somebody else was faster.
const LOOKS: usize = 4;

impl<W: World> Orders<W> {
    /// Looks at an order because of `input` and does everything that follows.
    pub(super) async fn advance(&self, subject: Subject<'_>, input: Input<'_>) -> Result<Outcome, Failure> {
        for _ in 0..LOOKS {
            let found = match self.world.store().load(subject.key).await? {
                None => self.first_sight(subject, input).await?,
                Some(stored) => self.look(subject, input, stored).await?,
            };
            if let Some(outcome) = found {
                return Ok(outcome);
            }
        }
        Err(Failure::Taken { wait: Duration::from_secs(1) })
    }

    /// An order that is stored. None: somebody was faster, look again.
    async fn look(&self, subject: Subject<'_>, input: Input<'_>, stored: Stored) -> Result<Option<Outcome>, Failure> {
        let now = self.world.clock().now();
        if stored.is_taken(now) {
            return match input.as_fact() {
                Some(fact) => {
                    let parked = self.world.store().park(subject.key, stored.revision, &fact).await?;
                    Ok(parked.then_some(Outcome::Parked))
                }
                None => Err(Failure::Taken { wait: left(&stored, now) }),
            };
        }
        let mut session = Session::over(self, subject, stored);
        session.observe_what_was_left();
        session.observe(input).await?;
        if !session.is_changed() && !session.has_work(input.order()) {
            return Ok(Some(Outcome::Unchanged));
        }
        if !session.has_work(input.order()) {
            return Ok(session.free(None).await?.then_some(Outcome::Done));
        }
        if !session.take().await? {
            return Ok(None);
        }
        session.work_off(input.order(), false).await.map(Some)
    }

    /// An order that is not stored. None: somebody stored it meanwhile, look again.
    async fn first_sight(&self, subject: Subject<'_>, input: Input<'_>) -> Result<Option<Outcome>, Failure> {
        match input {
            Input::Placed(order) => self.receive(subject, order).await,
            Input::Cancelled => self.bury(subject).await,
            Input::Hint(_) | Input::Seen(_) | Input::Document(_) => self.adopt(subject, input).await,
            Input::Replay(replay) => self.receive(subject, replay.order).await,
            Input::Deadline(_) | Input::Overdue(_) | Input::LeftAlone | Input::Wake(_) => Ok(Some(Outcome::Ignored)),
        }
    }

    async fn receive(&self, subject: Subject<'_>, order: &Order) -> Result<Option<Outcome>, Failure> {
        if !matches!(order.status, Status::New | Status::Confirmed) {
            return Ok(Some(Outcome::Ignored));
        }
        let state = OrderState::received(order, self.world.clock().now());
        let mut session = Session::new(self, subject, state);
        if !session.take().await? {
            return Ok(None);
        }
        session.work_off(Some(order), true).await.map(Some)
    }

    /// A cancellation that came before its order: remembered, so that the order is not sent when it comes.
    async fn bury(&self, subject: Subject<'_>) -> Result<Option<Outcome>, Failure> {
        let mut session = Session::new(self, subject, OrderState::tombstone(self.world.clock().now()));
        Ok(session.free(None).await?.then_some(Outcome::Done))
    }

    /// The till speaks of an order that was never stored: it is ours only if the platform knows it.
    async fn adopt(&self, subject: Subject<'_>, input: Input<'_>) -> Result<Option<Outcome>, Failure> {
        let Some(order) = self.ask_platform(subject).await? else { return Ok(Some(Outcome::Ignored)) };
        let mut session = Session::new(self, subject, OrderState::received(&order, self.world.clock().now()));
        session.observe(input).await?;
        // Not seen on the till: whether it has to be sent is for the search of missed orders to say.
        if session.state.phase == Phase::Received {
            return Ok(Some(Outcome::Ignored));
        }
        if !session.take().await? {
            return Ok(None);
        }
        session.work_off(None, false).await.map(Some)
    }

    /// The order as the platform has it now.
    pub(super) async fn ask_platform(&self, subject: Subject<'_>) -> Result<Option<Order>, Failure> {
        let access = self.world.tenants().platform(Freshness::Cached).await?;
        let zone = &subject.access.tenant.time_zone;
        match self.world.platform().order(subject.work, &access, subject.key, zone).await {
            Ok(order) => Ok(order),
            Err(PlatformError::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

fn left(stored: &Stored, now: jiff::Timestamp) -> Duration {
    let until = stored.leased_until.unwrap_or(now);
    Duration::try_from(until.duration_since(now)).unwrap_or_default().max(Duration::from_secs(1))
}

impl<W: World> Session<'_, W> {
    /// Whether there is more to do than to write the state.
    fn has_work(&self, order: Option<&Order>) -> bool {
        let to_send = self.state.phase == Phase::Received && order.is_some();
        to_send || !self.state.pending.is_empty() || !self.facts.is_empty()
    }

    /// Does all that is left, in this order: pending effects, the sending of an order not yet sent, facts left by
    /// others. Whatever fails, what was done until then is committed before the failure is told.
    async fn work_off(&mut self, order: Option<&Order>, fresh: bool) -> Result<Outcome, Failure> {
        let given_up_before = self.state.phase == Phase::NotOnTill;
        loop {
            if let Err(failure) = self.work(order, fresh).await {
                self.give_back(&failure).await;
                return Err(failure);
            }
            if self.free(None).await? {
                let given_up = self.state.phase == Phase::NotOnTill && !given_up_before;
                return Ok(if given_up { Outcome::NotOnTill } else { Outcome::Done });
            }
        }
    }

    async fn work(&mut self, order: Option<&Order>, fresh: bool) -> Result<(), Failure> {
        self.observe_what_was_left();
        self.carry_out().await?;
        while self.state.phase == Phase::Received {
            let Some(order) = order else { break };
            match fresh {
                true => self.prepare(order).await?,
                false => self.prepare_again(order).await?,
            }
            if matches!(self.state.phase, Phase::Creating { .. }) {
                // The intent is stored before the till is asked to create anything.
                self.keep().await?;
                if self.state.is_alive() {
                    self.create().await?;
                }
            }
            self.carry_out().await?;
        }
        self.observe_facts().await;
        self.carry_out().await
    }

    /// An order that comes back may have been called off meanwhile: what the platform has now is what is sent.
    async fn prepare_again(&mut self, stale: &Order) -> Result<(), Failure> {
        let current = self.ask_whether_off().await?;
        if self.state.phase == Phase::Received {
            return self.prepare(current.as_ref().unwrap_or(stale)).await;
        }
        Ok(())
    }

    /// The order as the platform has it now, or none if it cannot be asked; that it is off there is applied at once.
    /// An order that the platform does not know is not sent: while it may still be, it comes back until the platform knows it.
    pub(super) async fn ask_whether_off(&mut self) -> Result<Option<Order>, Failure> {
        let current = match self.orders.ask_platform(self.subject).await {
            Ok(Some(current)) => current,
            Ok(None) if self.state.is_alive() && self.not_to_be_sent().is_none() => {
                return Err(Failure::Platform(PlatformError::NotFound));
            }
            Ok(None) | Err(_) => return Ok(None),
        };
        self.apply_whether_off(&current);
        Ok(Some(current))
    }

    /// Applies that the order is off on the platform, if it is.
    pub(super) fn apply_whether_off(&mut self, current: &Order) {
        match current.status {
            Status::New | Status::Confirmed => {}
            Status::Cancelled => self.apply(&Event::CancelledOnPlatform),
            status @ (Status::Rejected | Status::Evaso) => self.apply(&Event::PlatformIsAt { status }),
        }
    }

    /// Commits what was done and frees the order: at once, or after it has settled when the till may still be at it.
    async fn give_back(&mut self, failure: &Failure) {
        if matches!(failure, Failure::Till(_) | Failure::Ambiguous(_))
            && let Err(error) = self.carry_out_before_creation().await
        {
            tracing::warn!(order.id = %self.subject.key.order, %error, "staff could not be told yet that the order is being tried");
        }
        loop {
            let settle = matches!(self.state.phase, Phase::Creating { .. }).then_some(super::SETTLE);
            match self.free(settle).await {
                Ok(true) => return,
                // Facts were left meanwhile: they stay for the next holder, but for what counts at once.
                Ok(false) => self.observe_what_was_left(),
                // What the commit itself says is of no use beside the failure; the lease runs out by itself.
                Err(error) => {
                    tracing::warn!(order.id = %self.subject.key.order, %error, "the order could not be freed; its lease will run out");
                    return;
                }
            }
        }
    }
}
