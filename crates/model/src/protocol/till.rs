//! The way to the till: `app::orders::prepare` and `create`.

use super::{Outcomes, Trust, Turn};
use crate::{
    decisions::Happens,
    world::{At, Facts},
};
use domain::order::Status;

impl Turn<'_> {
    fn is_alive(&self) -> bool {
        self.session().is_some_and(|session| self.protocol.decisions.glance(session.state).is_alive)
    }

    fn stands(&self) -> Option<crate::decisions::Glance> {
        self.session().map(|session| self.protocol.decisions.glance(session.state))
    }

    /// An order that comes back may have been called off meanwhile; that the platform does not answer holds nothing up.
    pub(super) fn ask_before_preparing(mut self) -> Outcomes {
        let fault = self.fault("the platform fails", |turn| turn.go(At::Prepare));
        self.apply_whether_off();
        match self.stands().is_some_and(|stands| stands.is_received) {
            true => self.go(At::Prepare),
            false => self.go_on(),
        }
        [("asked", self.world)].into_iter().chain(fault).collect()
    }

    pub(super) fn prepare(mut self) -> Outcomes {
        let unreachable = self.fault("the till fails", |turn| {
            turn.apply(Happens::Unreachable);
            turn.till_failed();
        });
        let refused = self.fault("it must not be sent", |turn| {
            turn.apply(Happens::NotSent);
            turn.go_on();
        });
        self.apply(Happens::Intended);
        match self.stands().is_some_and(|stands| stands.is_creating) {
            true => self.go(At::Keep(true)),
            false => self.go_on(),
        }
        [("made ready", self.world)].into_iter().chain(unreachable).chain(refused).collect()
    }

    /// Writes what has been decided. Facts that were parked meanwhile are read first: a cancellation counts.
    pub(super) fn keep(mut self, creates: bool) -> Outcomes {
        let is_written = self.commit(self.worker().lease == crate::world::Lease::Runs);
        if !is_written && !self.rejoin() {
            self.fail();
            return self.only("somebody has it");
        }
        if !is_written && self.protocol.rules.facts_before_sending {
            self.observe_what_was_left();
            return self.only("facts were parked");
        }
        match creates && (self.is_alive() || !self.protocol.rules.facts_before_sending) {
            true => self.go(At::Create),
            false => self.go_on(),
        }
        self.only(if is_written { "written" } else { "facts were parked" })
    }

    /// The one call that must never be made twice.
    pub(super) fn create(mut self) -> Outcomes {
        if self.protocol.trust == Trust::UniqueOrders && self.world.till.orders > 0 {
            self.go(At::ReadBack(true));
            return self.only("conflict");
        }
        let lost = self.fault("not made, no answer", |turn| {
            turn.apply(Happens::Unreachable);
            turn.till_failed();
        });
        let unclear = self.fault("made, the answer is lost", |turn| {
            turn.made();
            turn.apply(Happens::Unreachable);
            turn.till_failed();
        });
        let refused = self.fault("refused", |turn| {
            turn.apply(Happens::NotSent);
            turn.go_on();
        });
        self.made();
        self.apply(Happens::Created);
        self.go_on();
        [("made", self.world)].into_iter().chain(lost).chain(unclear).chain(refused).collect()
    }

    fn made(&mut self) {
        self.world.till.orders += 1;
        if self.world.till.orders > 1 {
            self.world.broken = Some("the till has the order twice");
        }
        let Some(session) = self.session() else { return };
        let off = self.protocol.decisions.glance(session.state).status == Status::Cancelled;
        if off || session.facts.has(Facts::CANCELLED) || session.parked.has(Facts::CANCELLED) {
            self.world.broken = Some("an order was sent that was known to be cancelled");
        }
    }

    pub(super) fn read_back(mut self, conflict: bool) -> Outcomes {
        if !self.protocol.rules.read_back && !conflict {
            self.go(At::AskBeforeResending);
            return self.only("not read");
        }
        let fault = self.fault("the till fails", |turn| {
            turn.apply(Happens::Unreachable);
            turn.till_failed();
        });
        let what = match (self.world.till.orders, conflict) {
            (1.., _) => {
                self.apply(Happens::Created);
                self.go_on();
                "found"
            }
            (0, true) => {
                self.apply(Happens::NotSent);
                self.go_on();
                "not found"
            }
            (0, false) => {
                self.go(At::AskBeforeResending);
                "not found"
            }
        };
        [(what, self.world)].into_iter().chain(fault).collect()
    }

    /// Nothing is sent a second time without asking whether anybody still wants it; what was made ready for a time that
    /// has passed is made ready anew.
    pub(super) fn ask_before_resending(mut self) -> Outcomes {
        let unasked = self.fault("the platform fails", |turn| {
            let alive = turn.is_alive();
            turn.resend_or_withdraw(alive);
        });
        let too_old = self.fault("it is too old", |turn| {
            turn.apply(if turn.is_alive() { Happens::NotSent } else { Happens::Absent });
            turn.go_on();
        });
        let mut anew = self.clone();
        anew.apply_whether_off();
        anew.resend_or_withdraw(false);
        self.apply_whether_off();
        let alive = self.is_alive();
        self.resend_or_withdraw(alive);
        let outcomes = [("asked", self.world), ("its time has passed", anew.world)];
        outcomes.into_iter().chain(unasked).chain(too_old).collect()
    }

    fn resend_or_withdraw(&mut self, resend: bool) {
        if resend {
            return self.go(At::Create);
        }
        self.apply(Happens::Absent);
        self.go_on();
    }

    pub(super) fn look_again(mut self) -> Outcomes {
        let fault = self.fault("the till fails", |turn| {
            turn.change(|session| session.facts = session.facts.with(Facts::LOOK_AGAIN));
            turn.go_on();
        });
        if self.world.till.orders > 0 {
            self.apply(Happens::Till(self.protocol.signal(self.world.till.workflow)));
        }
        self.go_on();
        [("read", self.world)].into_iter().chain(fault).collect()
    }
}
