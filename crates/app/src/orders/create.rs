//! The creation on the till: once sent, never sent again before the till was read.

use super::{Failure, World, session::Session};
use crate::ports::{Till, TillError};
use domain::{
    lifecycle::{Event, FAULTS_BEFORE_GIVING_UP, Phase},
    messages,
    order::Status,
    till::TillOrder,
};
use jiff::{SignedDuration, Timestamp};

/// How far around `date` and `dueDate` an order is searched: which of the two the till filters on is not known.
const AROUND: SignedDuration = SignedDuration::from_hours(12);

/// With less time than this until it is due, a stored body is not sent again but made anew.
const DUE_AGAIN: SignedDuration = SignedDuration::from_secs(60);

impl<W: World> Session<'_, W> {
    /// Sends the stored body, whose intent has just been committed or which the till was read not to have.
    pub(super) async fn create(&mut self) -> Result<(), Failure> {
        self.may_create()?;
        let Phase::Creating { body, .. } = &self.state.phase else { return Ok(()) };
        let subject = self.subject;
        let sent = self.orders.world.till();
        match sent.create_order(subject.work, subject.access, &subject.key.order, body.as_str()).await {
            Ok(id) => {
                self.apply(&Event::Created { id });
                Ok(())
            }
            Err(TillError::Conflict { .. }) => self.conflict().await,
            Err(error) => self.not_created(error).await,
        }
    }

    /// Finds out what became of a creation that somebody began, and begins it again only if the till does not have it.
    pub(super) async fn resume(&mut self) -> Result<(), Failure> {
        let Phase::Creating { due, .. } = self.state.phase else { return Ok(()) };
        if let Some(found) = self.read_back().await? {
            self.apply(&Event::Created { id: found.id });
            return Ok(());
        }
        // Nothing is sent a second time without asking whether anybody still wants it.
        self.ask_whether_off().await?;
        let dead_end = match self.state.faults >= FAULTS_BEFORE_GIVING_UP {
            true => Some(messages::TILL_FAULT),
            false => self.not_to_be_sent(),
        };
        let off = !matches!(self.state.status, Status::New | Status::Confirmed);
        match dead_end {
            Some(message) if !off => self.apply(&Event::NotSent { message: message.to_owned() }),
            _ if off || due.duration_since(self.now()) < DUE_AGAIN => self.apply(&Event::Absent),
            _ => return self.create().await,
        }
        Ok(())
    }

    /// The till says that it has it: then it can be found, or a person has to look.
    async fn conflict(&mut self) -> Result<(), Failure> {
        let event = match self.read_back().await? {
            Some(found) => Event::Created { id: found.id },
            None => Event::NotSent { message: messages::CONFLICT_NOT_FOUND.to_owned() },
        };
        self.apply(&event);
        Ok(())
    }

    async fn not_created(&mut self, error: TillError) -> Result<(), Failure> {
        let message = match &error {
            TillError::KeyRefused { .. } if self.key_was_replaced().await? => return self.unreachable(error),
            TillError::Unclear { status, .. } => {
                self.apply(&Event::Unreachable { status: *status });
                return Err(Failure::Ambiguous(error));
            }
            TillError::Unreachable { .. } | TillError::RateLimited { .. } => return self.unreachable(error),
            TillError::KeyRefused { .. } => messages::KEY_REFUSED,
            TillError::InvalidId { .. } => messages::STALE_ID,
            TillError::TooLarge => messages::TOO_LARGE,
            TillError::Refused { .. } | TillError::Conflict { .. } => messages::REFUSED_BY_TILL,
        };
        tracing::error!(order.id = %self.subject.key.order, %error, "the till refuses the order; staff are told");
        self.apply(&Event::NotSent { message: message.to_owned() });
        Ok(())
    }

    /// Notes that the till could not be asked; staff hear of the first time.
    pub(super) fn unreachable(&mut self, error: TillError) -> Result<(), Failure> {
        self.apply(&Event::Unreachable { status: None });
        Err(error.into())
    }

    async fn read_back(&mut self) -> Result<Option<TillOrder>, Failure> {
        #[cfg(feature = "planted-bugs")]
        if domain::planted::is(domain::planted::Bug::NoReadBack) {
            return Ok(None);
        }
        self.may_call()?;
        let Phase::Creating { date, due, .. } = self.state.phase else { return Ok(None) };
        for at in [Some(date), (due.duration_since(date) > AROUND).then_some(due)].into_iter().flatten() {
            match self.orders_around(at).await {
                Ok(orders) => {
                    let ours = |order: &TillOrder| order.external_id.as_ref() == Some(&self.subject.key.order);
                    if let Some(found) = orders.into_iter().find(ours) {
                        return Ok(Some(found));
                    }
                }
                Err(error) => return self.unreachable(error).map(|()| None),
            }
        }
        Ok(None)
    }

    async fn orders_around(&self, at: Timestamp) -> Result<Vec<TillOrder>, TillError> {
        let (from, to) = (at.saturating_sub(AROUND), at.saturating_add(AROUND));
        let subject = self.subject;
        let (from, to) = (from.unwrap_or(Timestamp::MIN), to.unwrap_or(Timestamp::MAX));
        self.orders.world.till().orders(subject.work, subject.access, from, to).await
    }
}
