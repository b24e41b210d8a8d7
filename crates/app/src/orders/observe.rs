//! From what a message says to what happened: a till webhook is a hint, so the order is read again and what is read
//! counts; the payload counts only when the read fails.

use super::{
    Failure, World,
    replay::Replay,
    session::{Session, Subject},
};
use crate::{message::TillHint, ports::Till};
use domain::{
    TillOrderId,
    lifecycle::{Event, OrderState, Phase, Signal, fingerprint},
    order::Order,
    till::TillOrder,
};
use jiff::SignedDuration;

/// Why an order is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Input<'a> {
    /// The platform says that it is new.
    Placed(&'a Order),
    /// The till called.
    Hint(&'a TillHint),
    /// The till was read.
    Seen(&'a TillOrder),
    /// A fiscal document names it.
    Document(Option<&'a TillOrderId>),
    /// The platform's customer called it off.
    Cancelled,
    /// Nobody may have answered it.
    Deadline(u8),
    /// Nobody has answered it, as polling has just seen; or it could not look.
    Overdue(u8),
    /// Nobody has closed it, and it is about to leave the index.
    LeftAlone,
    /// Something may be left to do; the order as the platform has it, when it was read.
    Wake(Option<&'a Order>),
    /// An operator has it tried again.
    Replay(Replay<'a>),
}

/// What is left for the holder of an order that is taken: enough to look again. What the till says is followed by `:` and
/// the till's id, which older versions left out.
const LOOK_AGAIN: &str = "look-again";
const DELETED: &str = "deleted";
const DOCUMENTED: &str = "documented";
const CANCELLED: &str = "cancelled";

/// What a fact says, and the till's id in it.
fn parts(fact: &str) -> (&str, Option<TillOrderId>) {
    match fact.split_once(':') {
        Some((what, id)) => (what, TillOrderId::parse(id).ok()),
        None => (fact, None),
    }
}

/// What a reading of the till means for an order; none if it is another order.
pub(super) fn as_event(order: &TillOrder, state: &OrderState, subject: Subject<'_>) -> Option<Event> {
    let other = order.external_id.as_ref().is_some_and(|id| *id != subject.key.order);
    (!other).then(|| Event::Till {
        signal: Signal::of(order, state.online, subject.access.tenant.processed_is_document),
        id: order.id.clone(),
        reason: order.rejection_reason.clone(),
        amount: order.amount,
    })
}

impl<'a> Input<'a> {
    /// The fact to leave when the order is taken; none means that the message has to come back.
    pub(super) fn as_fact(&self) -> Option<String> {
        match self {
            Self::Hint(hint) if hint.deleted => Some(format!("{DELETED}:{}", hint.id)),
            Self::Hint(TillHint { id, .. }) | Self::Seen(TillOrder { id, .. }) => Some(format!("{LOOK_AGAIN}:{id}")),
            Self::Document(_) => Some(DOCUMENTED.to_owned()),
            Self::Cancelled => Some(CANCELLED.to_owned()),
            Self::Placed(_)
            | Self::Deadline(_)
            | Self::Overdue(_)
            | Self::LeftAlone
            | Self::Wake(_)
            | Self::Replay(_) => None,
        }
    }

    /// The order as the platform has it, when this input carries it.
    pub(super) fn order(&self) -> Option<&'a Order> {
        match self {
            Self::Placed(order) => Some(order),
            Self::Wake(order) => *order,
            Self::Replay(replay) => Some(replay.order),
            _ => None,
        }
    }
}

impl<W: World> Session<'_, W> {
    /// Applies what a message says.
    pub(super) async fn observe(&mut self, input: Input<'_>) -> Result<(), Failure> {
        let before = self.state.status;
        match input {
            Input::Placed(order) => {
                // A tombstone of an order cancelled before it was seen has no content to compare.
                if !self.state.content.is_empty() && self.state.content != fingerprint(order) {
                    self.apply(&Event::OtherContent);
                }
            }
            Input::Hint(hint) => {
                self.hinted(hint).await?;
                if !hint.is_echo() {
                    self.state.hear(before, true, self.now());
                }
            }
            Input::Seen(order) => {
                self.seen(order);
                self.state.hear(before, false, self.now());
            }
            Input::Document(till_order) => self.documented(till_order),
            Input::Cancelled => self.apply(&Event::CancelledOnPlatform),
            Input::Deadline(alert) => {
                self.look_before_alarm().await;
                self.state.hear(before, false, self.now());
                self.overdue(alert);
            }
            Input::Overdue(alert) => self.overdue(alert),
            Input::LeftAlone => self.apply(&Event::LeftAlone),
            Input::Wake(_) => {}
            Input::Replay(replay) => self.replayed(replay).await?,
        }
        Ok(())
    }

    /// What others left that counts before anything is sent: a cancellation, since no ghost is ever ordered; and that the
    /// till spoke of the order, since then it has had it, even if it is deleted meanwhile and no reading shows it any more.
    pub(super) fn observe_what_was_left(&mut self) {
        if self.facts.remove(CANCELLED) {
            self.apply(&Event::CancelledOnPlatform);
        }
        if let Some(id) = self.facts.iter().find_map(|fact| parts(fact).1) {
            self.recognise(&id);
        }
    }

    /// The till had it by this id: it is not sent again.
    fn recognise(&mut self, id: &TillOrderId) {
        if matches!(self.state.phase, Phase::Received | Phase::Creating { .. }) {
            self.apply(&Event::Created { id: id.clone() });
        }
    }

    /// Deals with what others left while the order was taken, or what had to wait for its creation. What cannot be
    /// dealt with yet stays parked.
    pub(super) async fn observe_facts(&mut self) {
        self.observe_what_was_left();
        for fact in std::mem::take(&mut self.facts) {
            let may_come = matches!(self.state.phase, Phase::Received | Phase::Creating { .. });
            let (what, named) = parts(&fact);
            match (what, self.state.till_order().cloned().or(named)) {
                _ if may_come => drop(self.facts.insert(fact)),
                (DOCUMENTED, Some(id)) => self.documented(Some(&id)),
                // Of an order that was given up, too: staff have to hear that it is there after all.
                (LOOK_AGAIN | DELETED, Some(id)) => {
                    if let Err(error) = self.look_again(&id, what == DELETED).await {
                        tracing::warn!(order.id = %self.subject.key.order, %error, "the till could not be asked again; it will be");
                        self.facts.insert(fact);
                    }
                }
                // It will never be on the till: no document can matter.
                _ => {}
            }
        }
    }

    async fn hinted(&mut self, hint: &TillHint) -> Result<(), Failure> {
        if self.state.till_order().is_some_and(|known| *known != hint.id) {
            return Ok(());
        }
        let subject = self.subject;
        match self.orders.world.till().order(subject.work, subject.access, &hint.id).await {
            Ok(Some(order)) => self.seen(&order),
            Ok(None) if hint.deleted => self.gone(&hint.id),
            // One reading that does not find it is not yet a deletion: polling compares it with the list first.
            Ok(None) => self.recognise(&hint.id),
            Err(error) => match &hint.payload {
                _ if hint.deleted => self.gone(&hint.id),
                Some(payload) => self.seen(payload),
                None => return Err(error.into()),
            },
        }
        Ok(())
    }

    pub(super) async fn look_again(&mut self, id: &TillOrderId, deleted: bool) -> Result<(), Failure> {
        self.hinted(&TillHint { id: id.clone(), external_id: None, deleted, payload: None }).await
    }

    pub(super) fn seen(&mut self, order: &TillOrder) {
        if let Some(event) = as_event(order, &self.state, self.subject) {
            self.apply(&event);
        }
    }

    fn gone(&mut self, id: &TillOrderId) {
        self.apply(&Event::Till { signal: Signal::Cancelled, id: id.clone(), reason: None, amount: None });
    }

    fn documented(&mut self, till_order: Option<&TillOrderId>) {
        match self.state.till_order().or(till_order).cloned() {
            Some(id) => self.apply(&Event::Till { signal: Signal::Closed, id, reason: None, amount: None }),
            // The creation has to be resolved first; then the document counts.
            None => {
                self.facts.insert(DOCUMENTED.to_owned());
            }
        }
    }

    /// Before staff are alarmed, the till is asked once more; that it does not answer changes nothing.
    async fn look_before_alarm(&mut self) {
        let Some(id) = self.state.till_order().cloned() else { return };
        let subject = self.subject;
        if let Ok(Some(order)) = self.orders.world.till().order(subject.work, subject.access, &id).await {
            self.seen(&order);
        }
    }

    fn overdue(&mut self, alert: u8) {
        let Phase::OnTill { since, .. } = self.state.phase else { return };
        let minutes = self.now().duration_since(since).max(SignedDuration::ZERO).as_mins();
        self.apply(&Event::Deadline { alert, minutes });
    }
}
