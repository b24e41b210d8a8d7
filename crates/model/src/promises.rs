//! What is promised of an order: in every world, and at the end when nothing goes wrong any more.

use crate::{decisions::Happens, moves::Move, protocol::Protocol, world::World};
use domain::{
    lifecycle::{Phase, Signal, TillSays},
    order::Status,
};

impl Protocol {
    /// What is promised of every world, or what of it is broken.
    #[must_use]
    pub fn broken(&self, world: &World) -> Option<&'static str> {
        let heard: Vec<Status> =
            world.platform.heard.iter().copied().filter(|status| *status != Status::Cancelled).collect();
        match world.broken {
            Some(broken) => Some(broken),
            None if !allowed(&world.platform.asked) => Some("the customer is to be told contradictions, or twice"),
            None if !allowed(&heard) => Some("the customer heard contradictions, or twice"),
            None => None,
        }
    }

    /// Which of the moves is next when nothing goes wrong any more: workers end one after the other, leases run out,
    /// messages are delivered, the jobs run. None: the world is at rest.
    #[must_use]
    pub fn quiet_move(&self, world: &World, moves: &[(Move, World)]) -> Option<usize> {
        let find = |wanted: fn(&Move) -> bool| moves.iter().position(|(what, _)| wanted(what));
        if !world.workers.is_empty() {
            return Some(0);
        }
        if world.item.as_ref().is_some_and(|item| item.is_taken) {
            return find(|what| *what == Move::LeaseRunsOut);
        }
        if !world.queue.is_empty() {
            return find(|what| matches!(what, Move::Deliver(_)));
        }
        find(|what| *what == Move::Poll)
            .filter(|at| self.is_news(world, moves[*at].1.clone()))
            .or_else(|| find(|what| *what == Move::FindMissed))
    }

    /// Whether a job that has just begun will change anything.
    fn is_news(&self, world: &World, mut after: World) -> bool {
        while !after.workers.is_empty() {
            after = self.outcomes(&after, 0).swap_remove(0).1;
        }
        self.plain(after) != *world
    }

    /// At rest an order is over, or visibly waits, and both sides know the same.
    #[must_use]
    pub fn amiss_at_rest(&self, world: &World) -> Option<&'static str> {
        let platform = &world.platform;
        let Some(item) = &world.item else {
            return (platform.status == Status::New).then_some("an order was never seen");
        };
        let state = self.decisions.state(item.state);
        let is_news = |signal| {
            let after = self.decisions.step(item.state, Happens::Till(signal));
            self.decisions.glance(after).status != state.status
        };
        if !state.pending.is_empty() {
            return Some("effects are left that nobody will carry out");
        }
        if state.status != platform.status && !platform.is_ahead {
            return Some("the customer was not told what the till says");
        }
        let expected = match state.phase {
            Phase::Received | Phase::Creating { .. } => return Some("an order is stuck on its way to the till"),
            Phase::OnTill { .. } => Some(TillSays::Delivered),
            Phase::NotOnTill => Some(TillSays::Failed),
            Phase::Withdrawn if state.is_alive() => return Some("an order that is wanted was withdrawn"),
            Phase::Withdrawn => None,
        };
        let is_on_till = matches!(state.phase, Phase::OnTill { .. });
        if expected.is_some() && platform.shown != expected {
            return Some("staff see the order where it is not");
        }
        if (world.till.orders > 0) != is_on_till {
            return Some("the till has an order that is said not to be there, or has not one that is");
        }
        if is_on_till
            && (is_news(self.signal(world.till.workflow)) || world.till.is_documented && is_news(Signal::Closed))
        {
            return Some("the till has said what nobody has heard");
        }
        (is_on_till && state.is_alive() && !item.is_listed).then_some("an open order is not watched")
    }
}

fn allowed(told: &[Status]) -> bool {
    use Status::{Confirmed, Evaso, Rejected};
    let all: [&[Status]; 5] = [&[], &[Confirmed], &[Confirmed, Evaso], &[Rejected], &[Confirmed, Rejected]];
    all.contains(&told)
}
