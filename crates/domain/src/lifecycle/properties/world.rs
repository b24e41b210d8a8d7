//! A platform that keeps its contract and a bridge that carries out effects in their sequence.

use crate::{
    Cents,
    lifecycle::{Event, OrderState, Phase, Signal, TillSays, What, step},
    order::Status,
    testing::{at, created, intended, received, till, till_because, till_id},
};

/// What may happen next.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Letter {
    /// This event.
    Event(Event),
    /// Somebody moves the order on the platform, unseen.
    Platform(Status),
    /// The platform tells of its cancellation, if there was one.
    CancellationArrives,
}

/// Everything that may happen, each with one form.
pub(super) fn alphabet() -> Vec<Letter> {
    let edited = Event::Till { signal: Signal::Accepted, id: till_id(), reason: None, amount: Some(Cents(1)) };
    let bridge = [
        intended(),
        created(),
        Event::Absent,
        Event::NotSent { message: "Inseriscilo a mano.".into() },
        Event::Unreachable { status: None },
        Event::Unreachable { status: Some(500) },
        Event::Deadline { alert: 1, minutes: 3 },
        Event::Deadline { alert: 3, minutes: 10 },
        Event::LeftAlone,
        Event::OtherContent,
        Event::Replayed { attempt: 1, again: true },
        till_because(Signal::Refused, Some("Forno guasto")),
        edited,
    ];
    let words = Signal::ALL.map(till);
    let platform = [Status::Confirmed, Status::Rejected, Status::Evaso, Status::Cancelled].map(Letter::Platform);
    let events = bridge.into_iter().chain(words).map(Letter::Event);
    events.chain(platform).chain([Letter::CancellationArrives]).collect()
}

/// The order on both sides.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) state: OrderState,
    pub(super) platform: Status,
    /// What the bridge has asked the platform to tell the customer, refusals of the platform included.
    pub(super) asked: Vec<Status>,
    /// What the customer was told, whoever caused it.
    pub(super) heard: Vec<Status>,
    /// What staff see.
    pub(super) shown: Option<TillSays>,
    /// Whether somebody moved the order on the platform.
    pub(super) moved: bool,
}

impl World {
    pub(super) fn new(online: bool, platform: Status) -> Self {
        let mut state = received(online);
        state.status = platform;
        let heard: Vec<Status> = (platform != Status::New).then_some(platform).into_iter().collect();
        Self { state, platform, asked: heard.clone(), heard, shown: None, moved: false }
    }

    /// Lets it happen; every rule that holds of a single step is asserted.
    pub(super) fn happen(&mut self, letter: &Letter) {
        match letter {
            Letter::Event(event) => self.apply(event),
            Letter::Platform(to) => {
                self.moved = true;
                self.move_to(*to);
            }
            Letter::CancellationArrives if self.platform == Status::Cancelled => {
                self.apply(&Event::CancelledOnPlatform)
            }
            Letter::CancellationArrives => {}
        }
    }

    fn apply(&mut self, event: &Event) {
        if let Some(next) = step(&self.state, event, at(1)) {
            super::holds_of_a_step(&self.state, event, &next);
            self.state = next;
        }
    }

    /// Whether the platform's contract lets it, or has it there already.
    fn move_to(&mut self, to: Status) -> bool {
        use Status::{Cancelled, Confirmed, Evaso, New, Rejected};
        let legal = match (self.platform, to) {
            (New, Confirmed | Rejected | Cancelled) | (Confirmed, Evaso | Rejected | Cancelled) => true,
            (from, to) if from == to => return true,
            _ => false,
        };
        if legal {
            self.platform = to;
            self.heard.push(to);
        }
        legal
    }

    /// Carries out what is pending, as far as the creation lets it.
    pub(super) fn drain(&mut self) {
        while let Some(effect) = self.state.pending.first().cloned() {
            match effect.what {
                What::Create => return,
                What::Deadlines => {}
                What::Staff { state, .. } => self.shown = Some(state),
                What::Status { to, .. } => {
                    self.asked.push(to);
                    if !self.move_to(to) {
                        self.apply(&Event::PlatformIsAt { status: self.platform });
                    }
                }
            }
            self.state.done(effect.seq);
        }
    }

    /// What tells two worlds apart for the future: not the history, and of counters only what is decided by them.
    pub(super) fn key(&self) -> String {
        let mut state = self.state.clone();
        state.history.clear();
        (state.next_seq, state.faults, state.attempts) = (0, 0, state.attempts.min(1));
        state.pending.iter_mut().for_each(|effect| effect.seq = 0);
        state.told.sort_by_key(|told| *told as u8);
        format!("{:?}", Self { state, ..self.clone() })
    }

    /// Asserts what holds of an order whose effects have been carried out.
    pub(super) fn holds_at_rest(&self) {
        use Status::{Cancelled, Confirmed, Evaso, Rejected};
        let allowed: [&[Status]; 5] = [&[], &[Confirmed], &[Confirmed, Evaso], &[Rejected], &[Confirmed, Rejected]];
        assert!(allowed.contains(&self.asked.as_slice()), "the platform was asked for {:?}", self.asked);
        let heard: Vec<Status> = self.heard.iter().copied().filter(|status| *status != Cancelled).collect();
        assert!(allowed.contains(&heard.as_slice()), "the customer heard {heard:?}");

        let creating = matches!(self.state.phase, Phase::Creating { .. });
        if !self.moved && !creating {
            assert_eq!(self.platform, self.state.status, "both sides know the same");
        }
        let expected = match self.state.phase {
            Phase::Received | Phase::Creating { .. } => [None, Some(TillSays::Pending)],
            Phase::OnTill { .. } => [Some(TillSays::Delivered); 2],
            Phase::NotOnTill => [Some(TillSays::Failed); 2],
            Phase::Withdrawn => [None, Some(TillSays::Failed)],
        };
        assert!(expected.contains(&self.shown), "{:?} is shown as {:?}", self.state.phase, self.shown);
    }
}
