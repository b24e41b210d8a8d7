//! From a message to the taking of the order: `app::orders::advance`, `observe`, `reconcile`.

use super::{Outcomes, Turn};
use crate::{
    decisions::{Happens, StateId},
    world::{At, Facts, Input, Lease, Session},
};
use domain::{lifecycle::Signal, order::Status};

impl Turn<'_> {
    fn open(&mut self, state: StateId, stored: Option<StateId>, parked: Facts) {
        let worker = self.worker_mut();
        worker.is_current = true;
        worker.lease = Lease::None;
        worker.session =
            Some(Session { state, stored, facts: parked, parked, is_last_round: false, is_failing: false });
    }

    pub(super) fn load(mut self) -> Outcomes {
        let input = self.worker().input;
        let Some(item) = self.world.item.clone() else {
            self.first_sight(input);
            return self.only("not stored");
        };
        self.open(item.state, Some(item.state), item.parked);
        if input == Input::Poll {
            self.poll(item.is_taken, item.parked);
            return self.only("polls");
        }
        if item.is_taken {
            match fact(input) {
                Some(_) => self.go(At::Park),
                None => self.fail(),
            }
            return self.only("taken");
        }
        self.observe_what_was_left();
        let glance = self.protocol.decisions.glance(item.state);
        match input {
            Input::Hint(_) => self.go(At::Observe),
            Input::Document if glance.is_on_till => self.observed(Happens::Till(Signal::Closed)),
            Input::Document => {
                self.change(|session| session.facts = session.facts.with(Facts::DOCUMENTED));
                self.decide();
            }
            Input::Seen(workflow) => self.observed(Happens::Till(self.protocol.signal(workflow))),
            Input::Cancelled => self.observed(Happens::Cancelled),
            Input::Placed(_) | Input::Wake(_) | Input::Poll => self.decide(),
        }
        self.only("free")
    }

    fn first_sight(&mut self, input: Input) {
        match input {
            Input::Placed(_) if self.worker().message.is_some_and(|message| message.again) => {
                self.go(At::AskWhetherPlaced);
            }
            Input::Placed(status) => self.receive(status),
            Input::Cancelled => {
                self.open(self.protocol.decisions.tombstone(), None, Facts::default());
                self.go(At::Write);
            }
            // Nothing is created that was not stored before: here the till never speaks of an order that nobody stored.
            Input::Hint(_) | Input::Document | Input::Seen(_) | Input::Wake(_) | Input::Poll => self.end(),
        }
    }

    fn receive(&mut self, status: Status) {
        if !matches!(status, Status::New | Status::Confirmed) {
            return self.end();
        }
        self.open(self.protocol.decisions.received(status), None, Facts::default());
        (self.worker_mut().has_order, self.worker_mut().is_fresh) = (true, true);
        self.go(At::Take);
    }

    /// A placement that comes again may find its order never stored and cancelled meanwhile.
    pub(super) fn ask_whether_placed(mut self) -> Outcomes {
        let fault = self.fault("the platform fails", Self::fail);
        let status = self.world.platform.status;
        self.worker_mut().input = Input::Placed(status);
        match self.world.item {
            None => self.receive(status),
            Some(_) => self.go(At::Load),
        }
        [("asked", self.world)].into_iter().chain(fault).collect()
    }

    /// A notification is a hint: what is read counts, and the payload only when the read fails.
    pub(super) fn observe(mut self) -> Outcomes {
        let input = self.worker().input;
        let fault = self.fault("the till fails", |turn| match input {
            Input::Hint(payload) => turn.observed(Happens::Till(turn.protocol.signal(payload))),
            _ => turn.fail(),
        });
        if self.world.till.orders > 0 {
            self.apply(Happens::Till(self.protocol.signal(self.world.till.workflow)));
        }
        self.decide();
        [("read", self.world)].into_iter().chain(fault).collect()
    }

    fn observed(&mut self, happens: Happens) {
        self.apply(happens);
        self.decide();
    }

    /// Whether there is anything to write, and anything to do besides.
    fn decide(&mut self) {
        let Some(session) = self.session().cloned() else { return };
        let glance = self.protocol.decisions.glance(session.state);
        let carries_order = matches!(self.worker().input, Input::Placed(_) | Input::Wake(true));
        self.worker_mut().has_order = carries_order;
        let to_send = glance.is_received && carries_order;
        match to_send || glance.first.is_some() || !session.facts.is_empty() {
            true => self.go(At::Take),
            false if session.stored == Some(session.state) => self.end(),
            false => self.go(At::Write),
        }
    }

    pub(super) fn park(mut self) -> Outcomes {
        let fact = fact(self.worker().input).unwrap_or_default();
        let is_current = self.worker().is_current;
        match self.world.item.as_mut().filter(|_| is_current) {
            Some(item) => {
                item.parked = item.parked.with(fact);
                self.end();
                self.only("parked")
            }
            None => {
                self.look_anew();
                self.only("somebody wrote")
            }
        }
    }

    fn look_anew(&mut self) {
        let worker = self.worker_mut();
        (worker.session, worker.is_current, worker.at) = (None, false, At::Load);
    }

    pub(super) fn take(mut self) -> Outcomes {
        if !self.commit(true) {
            self.look_anew();
            return self.only("somebody was faster");
        }
        self.worker_mut().lease = Lease::Runs;
        self.observe_what_was_left();
        self.go_on();
        self.only("taken")
    }

    pub(super) fn write(mut self) -> Outcomes {
        if self.commit(false) {
            self.end();
            return self.only("written");
        }
        match self.rejoin() {
            true => self.look_anew(),
            false => self.fail(),
        }
        self.only("somebody was faster")
    }

    fn poll(&mut self, is_taken: bool, parked: Facts) {
        let Some(session) = self.session() else { return };
        let glance = self.protocol.decisions.glance(session.state);
        if !glance.is_open {
            if let Some(item) = &mut self.world.item {
                item.is_listed = false;
            }
            return self.end();
        }
        let is_quiet = glance.is_on_till && glance.first.is_none() && parked.is_empty();
        match is_taken {
            _ if is_quiet => self.go(At::List),
            true => self.end(),
            false if glance.is_received || glance.is_creating => self.go(At::AskForPoll),
            false => {
                self.worker_mut().input = Input::Wake(false);
                self.look_anew();
            }
        }
    }

    pub(super) fn list(mut self) -> Outcomes {
        let fault = self.fault("the till fails", Self::end);
        let Some(state) = self.session().map(|session| session.state) else { return self.only("nothing to compare") };
        let till = self.world.till.clone();
        let is_news = |signal| self.protocol.hear(state, Happens::Till(signal)) != state;
        let input = if till.orders > 0 && is_news(self.protocol.signal(till.workflow)) {
            Some(Input::Seen(till.workflow))
        } else if till.is_documented && is_news(Signal::Closed) {
            Some(Input::Document)
        } else {
            None
        };
        match input {
            Some(input) => {
                self.worker_mut().input = input;
                self.look_anew();
            }
            None => self.end(),
        }
        [("compared", self.world)].into_iter().chain(fault).collect()
    }

    pub(super) fn ask_for_poll(mut self) -> Outcomes {
        let fault = self.fault("the platform fails", Self::end);
        self.worker_mut().input = Input::Wake(true);
        self.look_anew();
        [("asked", self.world)].into_iter().chain(fault).collect()
    }
}

/// What is left for the holder of an order that is taken; none means that the message has to come back.
fn fact(input: Input) -> Option<Facts> {
    match input {
        Input::Hint(_) | Input::Seen(_) => Some(Facts::LOOK_AGAIN),
        Input::Document => Some(Facts::DOCUMENTED),
        Input::Cancelled => Some(Facts::CANCELLED),
        Input::Placed(_) | Input::Wake(_) | Input::Poll => None,
    }
}
