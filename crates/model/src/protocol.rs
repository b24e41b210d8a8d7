//! The protocol of `app::orders`, one step for each moment in which a worker touches something outside itself.
//!
//! It decides nothing about an order: what an event does is [`Decisions`]'s to say. A step lists all its outcomes; the
//! first is the one without a fault.

mod effects;
mod look;
mod till;

pub(crate) use effects::is_legal;

use crate::{
    decisions::{Decisions, First, Happens, StateId},
    world::{At, Facts, Lease, Session, Worker, World},
};
use domain::{lifecycle::Signal, order::Status, till::TillOrder, till::Workflow};

/// The rules of the protocol. Each can be dropped, to see that it is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// A commit is refused when somebody else committed or parked in between.
    pub fence: bool,
    /// After an unclear answer the till is read before anything is sent again.
    pub read_back: bool,
    /// What the till says is looked up by what the customer knows already.
    pub late_words_are_ignored: bool,
    /// What others left while an order was made ready is read before it is sent.
    pub facts_before_sending: bool,
    /// An effect is written before it is carried out.
    pub written_before_done: bool,
}

/// What the till and the clock can be trusted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// No call outlives the lease of its caller; the till may create an order twice.
    Leases,
    /// A zombie goes on calling for as long as it likes; the till refuses a second order with the same `externalId`.
    UniqueOrders,
}

/// The protocol over the decisions of one order.
pub struct Protocol {
    /// What is decided.
    pub decisions: Decisions,
    /// What is done.
    pub rules: Rules,
    /// What is relied on.
    pub trust: Trust,
}

impl Rules {
    /// All of them.
    pub const ALL: Self = Self {
        fence: true,
        read_back: true,
        late_words_are_ignored: true,
        facts_before_sending: true,
        written_before_done: true,
    };
}

/// How a step may end: in words, and the world after it.
pub type Outcomes = Vec<(&'static str, World)>;

/// One worker's step under way.
#[derive(Clone)]
struct Turn<'a> {
    protocol: &'a Protocol,
    world: World,
    me: usize,
}

impl Protocol {
    /// All outcomes of the next step of a worker, the one without a fault first.
    #[must_use]
    pub fn outcomes(&self, world: &World, me: usize) -> Outcomes {
        Turn { protocol: self, world: world.clone(), me }.outcomes()
    }

    /// The state after an event.
    pub(crate) fn hear(&self, before: StateId, happens: Happens) -> StateId {
        match happens {
            Happens::Till(_) if !self.rules.late_words_are_ignored => {
                self.decisions.step(self.decisions.unheard(before), happens)
            }
            _ => self.decisions.step(before, happens),
        }
    }

    /// What a word of the till means.
    #[must_use]
    pub(crate) fn signal(&self, workflow: Workflow) -> Signal {
        let order = TillOrder {
            id: self.decisions.till_order(),
            external_id: None,
            workflow,
            processed: false,
            rejection_reason: None,
            sales_point: None,
            amount: None,
        };
        Signal::of(&order, self.decisions.is_online(), false)
    }
}

impl Turn<'_> {
    fn outcomes(self) -> Outcomes {
        match self.worker().at {
            At::Load => self.load(),
            At::AskWhetherPlaced => self.ask_whether_placed(),
            At::Observe => self.observe(),
            At::Park => self.park(),
            At::Take => self.take(),
            At::Write => self.write(),
            At::List => self.list(),
            At::AskForPoll => self.ask_for_poll(),
            At::Keep(creates) => self.keep(creates),
            At::Free => self.free(),
            At::LookAgain => self.look_again(),
            At::Effect => self.in_time(Self::effect),
            At::AskBeforePreparing => self.ask_before_preparing(),
            At::Prepare => self.in_time(Self::prepare),
            At::Create => self.in_time(Self::create),
            At::ReadBack(conflict) => self.in_time(|turn| turn.read_back(conflict)),
            At::AskBeforeResending => self.ask_before_resending(),
        }
    }

    fn worker(&self) -> &Worker {
        &self.world.workers[self.me]
    }

    fn worker_mut(&mut self) -> &mut Worker {
        &mut self.world.workers[self.me]
    }

    /// The work of this worker; without one there is nothing that it could say.
    fn session(&self) -> Option<&Session> {
        self.worker().session.as_ref()
    }

    fn change(&mut self, change: impl FnOnce(&mut Session)) {
        if let Some(session) = &mut self.worker_mut().session {
            change(session);
        }
    }

    fn apply(&mut self, happens: Happens) {
        let protocol = self.protocol;
        self.change(|session| session.state = protocol.hear(session.state, happens));
    }

    /// The other outcome, which takes one of the faults that may yet happen.
    fn fault(&self, what: &'static str, then: impl FnOnce(&mut Self)) -> Option<(&'static str, World)> {
        let mut other = self.clone();
        other.world.faults.others = other.world.faults.others.checked_sub(1)?;
        then(&mut other);
        Some((what, other.world))
    }

    fn only(self, what: &'static str) -> Outcomes {
        vec![(what, self.world)]
    }

    /// Runs a step that calls somebody, unless the lease has run out.
    fn in_time(mut self, step: impl FnOnce(Self) -> Outcomes) -> Outcomes {
        if self.protocol.trust == Trust::Leases && self.worker().lease == Lease::Over {
            self.give_back();
            return self.only("out of time");
        }
        step(self)
    }

    fn go(&mut self, at: At) {
        self.worker_mut().at = at;
    }

    /// The work is over and the message with it.
    fn end(&mut self) {
        self.world.workers.remove(self.me);
    }

    /// The work has failed: the message comes back.
    fn fail(&mut self) {
        let worker = self.world.workers.remove(self.me);
        if let Some(message) = worker.message {
            self.world.send(message.again());
        }
    }

    /// Something failed and nothing more can be told: frees the order, then fails.
    fn give_back(&mut self) {
        self.change(|session| session.is_failing = true);
        self.go(At::Free);
    }

    /// The till failed: staff are told that the order is still being tried, then it is given back.
    fn till_failed(&mut self) {
        self.change(|session| session.is_failing = true);
        self.go_on();
    }

    /// Writes the session's state on the condition that nobody wrote or parked since it was read. False: somebody did.
    fn commit(&mut self, is_taken: bool) -> bool {
        let Some(Session { state, stored, facts, parked, .. }) = self.session().cloned() else { return false };
        let is_ours = match &self.world.item {
            None => stored.is_none(),
            Some(item) => self.worker().is_current && stored.is_some() && item.parked == parked,
        };
        if self.protocol.rules.fence && !is_ours {
            return false;
        }
        let is_open = self.protocol.decisions.glance(state).is_open;
        let was_listed = self.world.item.as_ref().is_some_and(|item| item.is_listed);
        let is_listed = is_open || (was_listed && is_taken);
        self.world.item = Some(crate::world::Item { state, is_taken, parked: facts, is_listed });
        let me = self.me;
        self.world.workers.iter_mut().enumerate().for_each(|(who, worker)| worker.is_current = who == me);
        self.change(|session| (session.stored, session.parked) = (Some(state), facts));
        true
    }

    /// After a lost commit: if the order is still ours, somebody only parked facts, which are ours to deal with now.
    fn rejoin(&mut self) -> bool {
        let Some(item) = self.world.item.clone().filter(|_| self.worker().is_current) else { return false };
        if self.session().is_none_or(|session| session.stored.is_none()) {
            return false;
        }
        self.change(|session| {
            session.facts = session.facts.with(item.parked.without(session.parked));
            session.parked = item.parked;
        });
        true
    }

    /// What others left that counts before anything is sent: a cancellation, and that the till spoke of the order.
    fn observe_what_was_left(&mut self) {
        if self.session().is_some_and(|session| session.facts.has(Facts::CANCELLED)) {
            self.change(|session| session.facts = session.facts.without(Facts::CANCELLED));
            self.apply(Happens::Cancelled);
        }
        let Some(session) = self.session().cloned() else { return };
        let glance = self.protocol.decisions.glance(session.state);
        if session.facts.has(Facts::LOOK_AGAIN) && (glance.is_received || glance.is_creating) {
            self.apply(Happens::Created);
        }
    }

    /// Applies that the order is off on the platform, if it is.
    fn apply_whether_off(&mut self) {
        match self.world.platform.status {
            Status::New | Status::Confirmed => {}
            Status::Cancelled => self.apply(Happens::Cancelled),
            status @ (Status::Rejected | Status::Evaso) => self.apply(Happens::PlatformIs(status)),
        }
    }

    /// Goes on to whatever has to be done next: pending effects, the sending of an order not yet sent, facts left by
    /// others, what follows from them; at last the order is freed.
    fn go_on(&mut self) {
        loop {
            let Some(session) = self.session().cloned() else { return };
            let glance = self.protocol.decisions.glance(session.state);
            let unwritten = self.protocol.decisions.first_is_unwritten(session.state, session.stored);
            match glance.first {
                Some((First::Create, _)) if session.is_failing => return self.go(At::Free),
                Some((First::Create, _)) => return self.go(At::ReadBack(false)),
                Some(_) if unwritten && self.protocol.rules.written_before_done => return self.go(At::Keep(false)),
                Some(_) => return self.go(At::Effect),
                None if session.is_failing || session.is_last_round => return self.go(At::Free),
                None if glance.is_received && self.worker().has_order => {
                    let is_fresh = self.worker().is_fresh;
                    return self.go(if is_fresh { At::Prepare } else { At::AskBeforePreparing });
                }
                None => {
                    self.change(|session| session.is_last_round = true);
                    if self.observe_facts() {
                        return self.go(At::LookAgain);
                    }
                }
            }
        }
    }

    /// Deals with what others left. True: the till has to be read for it.
    fn observe_facts(&mut self) -> bool {
        self.observe_what_was_left();
        let Some(session) = self.session().cloned() else { return false };
        let glance = self.protocol.decisions.glance(session.state);
        if !glance.is_on_till {
            let may_come = glance.is_received || glance.is_creating;
            self.change(|session| session.facts = if may_come { session.facts } else { Facts::default() });
            return false;
        }
        if session.facts.has(Facts::DOCUMENTED) {
            self.apply(Happens::Till(Signal::Closed));
        }
        let look = session.facts.has(Facts::LOOK_AGAIN);
        self.change(|session| session.facts = Facts::default());
        look
    }
}
