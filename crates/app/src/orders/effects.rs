//! The pending effects, in sequence. Each repetition is the same request, so that a crash between any two is harmless.

use super::{Failure, World, session::Session};
use crate::{
    message::{OrderEvent, OrderMessage},
    ports::{OrderKey, OrderQueue, Platform, PlatformError, StatusChange, TillDelivery, TillState},
};
use domain::{
    lifecycle::{Effect, Event, Phase, TillSays, What, alert_times, short_name},
    order::Status,
};
use std::time::Duration;

impl<W: World> Session<'_, W> {
    /// Carries out what is pending until nothing is.
    pub(super) async fn carry_out(&mut self) -> Result<(), Failure> {
        loop {
            self.carry_out_before_creation().await?;
            match (self.state.pending.first().map(|effect| effect.seq), &self.state.phase) {
                (None, _) => return Ok(()),
                (Some(_), Phase::Creating { .. }) => self.resume().await?,
                (Some(seq), _) => self.state.done(seq),
            }
        }
    }

    /// Carries out what is pending up to a creation: its turn is over, or it is not this holder's to resume.
    pub(super) async fn carry_out_before_creation(&mut self) -> Result<(), Failure> {
        loop {
            self.keep_what_is_to_be_done().await?;
            let Some(effect) = self.state.pending.first().cloned() else { return Ok(()) };
            self.may_call()?;
            match &effect.what {
                What::Create => return Ok(()),
                What::Status { to, reason } => self.tell_customer(&effect, *to, reason.clone()).await?,
                What::Staff { state, message } => self.tell_staff(&effect, *state, message).await?,
                What::Deadlines => self.set_deadlines().await?,
            }
            self.state.done(effect.seq);
        }
    }

    async fn tell_customer(&mut self, effect: &Effect, to: Status, reason: Option<String>) -> Result<(), Failure> {
        let access = self.platform().await?;
        let change =
            StatusChange { status: to, reason, occurred_at: effect.at, till_order: self.state.till_order().cloned() };
        let (work, key) = (self.subject.work, self.subject.key);
        let name = idempotency_key(key, "status", effect.seq);
        match self.orders.world.platform().change_status(work, &access, key, &name, &change).await {
            Err(PlatformError::IllegalTransition { current }) => {
                tracing::warn!(order.id = %key.order, wanted = ?to, ?current, "the platform has the order elsewhere; its state is adopted");
                self.apply(&Event::PlatformIsAt { status: current });
                Ok(())
            }
            Err(error) if is_final(&error) => {
                self.apply(&Event::CustomerNotTold);
                self.settle(Err(error))
            }
            answer => self.settle(answer.map(|_| ())),
        }
    }

    async fn tell_staff(&mut self, effect: &Effect, state: TillSays, message: &str) -> Result<(), Failure> {
        let access = self.platform().await?;
        let delivery = TillDelivery {
            state: match state {
                TillSays::Pending => TillState::Pending,
                TillSays::Delivered => TillState::Delivered,
                TillSays::Failed => TillState::Failed,
            },
            // What is said of an order that is not there names no order of the till, though it may come there before this
            // is repeated.
            till_order: self.state.till_order().filter(|_| state == TillSays::Delivered).cloned(),
            message: (!message.is_empty()).then(|| message.to_owned()),
            updated_at: effect.at,
        };
        let (work, key) = (self.subject.work, self.subject.key);
        let name = idempotency_key(key, "till", effect.seq);
        let answer = self.orders.world.platform().put_till(work, &access, key, &name, &delivery).await;
        self.settle(answer)
    }

    /// What the platform refuses for good is told to the operator; repeating it would not change its mind.
    fn settle(&self, answer: Result<(), PlatformError>) -> Result<(), Failure> {
        match answer {
            Ok(()) => Ok(()),
            Err(error) if error.is_retryable() => Err(error.into()),
            Err(error) => {
                tracing::error!(order.id = %self.subject.key.order, %error, "the platform refuses to be told; check the order there");
                Ok(())
            }
        }
    }

    async fn set_deadlines(&self) -> Result<(), Failure> {
        let times = alert_times(self.subject.access.tenant.acceptance_alert);
        let messages: Vec<(OrderMessage, Duration)> = (1u8..)
            .zip(times)
            .map(|(alert, after)| {
                let event = OrderEvent::Deadline { order: self.subject.key.order.clone(), alert };
                let message = OrderMessage {
                    tenant: self.subject.key.tenant.clone(),
                    correlation: self.subject.work.correlation.clone(),
                    sent_ms: self.now().as_millisecond(),
                    event,
                };
                (message, after.unsigned_abs())
            })
            .collect();
        Ok(self.orders.world.queue().send(&messages).await?)
    }
}

/// Whether a message will never reach the customer. A key that was used is one whose first request was done.
fn is_final(error: &PlatformError) -> bool {
    let done = matches!(error, PlatformError::Refused { code, .. } if code == "idempotency_key_reused");
    !done && !error.is_retryable()
}

/// Names an effect for the platform: the same on every repetition, another for every other effect, order and
/// restaurant. At most 128 characters, as the contract wants it.
fn idempotency_key(key: &OrderKey, effect: &str, seq: u32) -> String {
    format!("ponte-{}-{effect}-{seq}-{}", key.order, short_name(key.tenant.as_str()))
}
