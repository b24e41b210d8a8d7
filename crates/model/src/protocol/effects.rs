//! What goes out, and the freeing of the order: `app::orders::effects` and `session`.

use super::{Outcomes, Turn};
use crate::decisions::{First, Happens, Request};
use domain::{lifecycle::TillSays, order::Status};

impl Turn<'_> {
    /// Carries out the first pending effect; the platform may fail before or after it has done it.
    pub(super) fn effect(mut self) -> Outcomes {
        let first = self.session().and_then(|session| self.protocol.decisions.glance(session.state).first);
        let Some((first, request)) = first else { return self.only("nothing to do") };
        let before = self.fault("the platform fails", Self::give_back);
        let after = self.fault("done, the answer is lost", |turn| {
            turn.carry_out(first, request);
            turn.give_back();
        });
        let current = self.carry_out(first, request);
        if let Some(current) = current {
            self.apply(Happens::PlatformIs(current));
        }
        let protocol = self.protocol;
        // What the platform's state struck is not to be struck again.
        if current.is_none() {
            self.change(|session| session.state = protocol.decisions.done(session.state));
        }
        self.go_on();
        [("done", self.world)].into_iter().chain(before).chain(after).collect()
    }

    /// What the platform does with a request. Its own status, if it refuses because it has the order elsewhere.
    fn carry_out(&mut self, first: First, request: Request) -> Option<Status> {
        match first {
            // A deadline only has the till read and the staff told: nothing that is promised here.
            First::Create | First::Deadlines => None,
            First::Staff(state) => {
                self.tell_staff(state, request);
                None
            }
            First::Customer(to) => self.tell_customer(to, request),
        }
    }

    fn tell_staff(&mut self, state: TillSays, request: Request) {
        if self.is_new(request) {
            self.world.platform.shown = Some(state);
        }
    }

    fn tell_customer(&mut self, to: Status, request: Request) -> Option<Status> {
        let is_new = self.is_new(request);
        let platform = &mut self.world.platform;
        if is_new {
            platform.asked.push(to);
        }
        match is_legal(platform.status, to) {
            _ if platform.status == to => None,
            true if is_new => {
                platform.status = to;
                platform.heard.push(to);
                None
            }
            true => None,
            false => Some(platform.status),
        }
    }

    /// Whether the platform has not yet seen this request. One number for two requests would lose the second.
    fn is_new(&mut self, request: Request) -> bool {
        let requests = &mut self.world.platform.requests;
        match requests.iter().find(|known| known.0 == request.0) {
            None => {
                requests.push(request);
                true
            }
            Some(known) => {
                if *known != request {
                    self.world.broken = Some("two requests had one number");
                }
                false
            }
        }
    }

    pub(super) fn free(mut self) -> Outcomes {
        let Some(session) = self.session().cloned() else { return self.only("nothing to free") };
        let settles = session.is_failing && self.protocol.decisions.glance(session.state).is_creating;
        if self.commit(settles) {
            match session.is_failing {
                true => self.fail(),
                false => self.end(),
            }
            return self.only("freed");
        }
        if session.is_failing || !self.rejoin() {
            self.fail();
            return self.only("somebody has it");
        }
        self.change(|session| session.is_last_round = false);
        self.observe_what_was_left();
        self.go_on();
        self.only("facts were parked")
    }
}

/// What the platform's contract allows.
pub(crate) fn is_legal(from: Status, to: Status) -> bool {
    use Status::{Cancelled, Confirmed, Evaso, New, Rejected};
    matches!((from, to), (New, Confirmed | Rejected | Cancelled) | (Confirmed, Evaso | Rejected | Cancelled))
}
