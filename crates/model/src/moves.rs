//! Everything that may happen next in a world: a worker's step, a crash, a message, the two parties, the time.

use crate::{
    decisions::Happens,
    protocol::{Protocol, is_legal},
    world::{At, Faults, Input, Lease, Message, Worker, World},
};
use domain::{
    lifecycle::{Phase, Signal, TillSays},
    order::Status,
    till::Workflow,
};

/// How many invocations run at a time.
const WORKERS: usize = 2;

/// One thing that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Move {
    /// A worker goes one step on, and it ends like this.
    Step(Input, At, &'static str),
    /// A worker ends before this step.
    Crash(Input, At),
    /// A message is delivered.
    Deliver(Input),
    /// A message is delivered and will be delivered again.
    Duplicate(Input),
    /// A message is lost.
    Lose(Input),
    /// The job of every minute begins.
    Poll,
    /// The search for orders that were never announced finds it.
    FindMissed,
    /// The running lease runs out, whoever holds it.
    LeaseRunsOut,
    /// The restaurateur moves the order, and the till calls.
    Till(Workflow),
    /// A receipt is issued, and the till calls.
    Receipt,
    /// Somebody moves the order on the platform, which tells only of a cancellation.
    Platform(Status),
}

impl Protocol {
    /// Every move from a world, with the world after it.
    #[must_use]
    pub fn moves(&self, world: &World) -> Vec<(Move, World)> {
        let mut moves = Vec::new();
        for (me, worker) in world.workers.iter().enumerate() {
            let outcomes = self.outcomes(world, me).into_iter();
            moves.extend(outcomes.map(|(how, after)| (Move::Step(worker.input, worker.at, how), after)));
            moves.extend(with_fault(
                world,
                |faults| &mut faults.crashes,
                |after| {
                    let worker = after.workers.remove(me);
                    worker.message.into_iter().for_each(|message| after.send(message.again()));
                    Move::Crash(worker.input, worker.at)
                },
            ));
        }
        if world.workers.len() < WORKERS {
            for message in &world.queue {
                moves.push(deliver(world, *message));
                moves.extend(with_fault(
                    world,
                    |faults| &mut faults.duplicates,
                    |after| {
                        after.workers.push(worker(message.input, Some(*message)));
                        after.queue.retain(|other| other != message);
                        after.send(message.again());
                        Move::Duplicate(message.input)
                    },
                ));
            }
            moves.extend(poll(world));
        }
        for message in &world.queue {
            moves.extend(with_fault(
                world,
                |faults| &mut faults.others,
                |after| {
                    after.queue.retain(|other| other != message);
                    after.platform.is_ahead |= message.input == Input::Cancelled;
                    Move::Lose(message.input)
                },
            ));
        }
        moves.extend(find_missed(world));
        moves.extend(lease_runs_out(world));
        moves.extend(self.parties(world));
        moves.into_iter().map(|(what, world)| (what, self.plain(world))).collect()
    }

    /// Without what can make no difference any more.
    pub(crate) fn plain(&self, mut world: World) -> World {
        let decisions = &self.decisions;
        let sessions = world.workers.iter().filter_map(|worker| worker.session.as_ref());
        let states: Vec<_> =
            world.item.iter().map(|item| item.state).chain(sessions.map(|session| session.state)).collect();
        world.platform.requests.retain(|request| states.iter().any(|state| decisions.may_request(*state, *request)));
        if world.faults.others == 0 {
            // A payload counts only when the till cannot be read.
            let messages = world.queue.iter_mut().map(|message| &mut message.input);
            let of_workers = world.workers.iter_mut().flat_map(|worker| {
                [&mut worker.input].into_iter().chain(worker.message.as_mut().map(|message| &mut message.input))
            });
            messages.chain(of_workers).for_each(|input| {
                if let Input::Hint(payload) = input {
                    *payload = Workflow::Unknown;
                }
            });
            let mut known = Vec::new();
            world.queue.retain(|message| {
                !known.contains(message) && {
                    known.push(*message);
                    true
                }
            });
        }
        world.in_order()
    }

    fn parties(&self, world: &World) -> Vec<(Move, World)> {
        let mut moves = Vec::new();
        if world.till.orders > 0 && world.till.moves > 0 {
            for workflow in till_moves(world.till.workflow) {
                let mut after = world.clone();
                after.till.moves -= 1;
                after.till.workflow = *workflow;
                after.send(Message { input: Input::Hint(*workflow), again: false });
                moves.push((Move::Till(*workflow), after));
            }
            if self.decisions.is_online() && !world.till.is_documented {
                let mut after = world.clone();
                after.till.moves -= 1;
                after.till.is_documented = true;
                after.send(Message { input: Input::Document, again: false });
                moves.push((Move::Receipt, after));
            }
        }
        if world.platform.moves > 0 {
            for to in [Status::Cancelled, Status::Confirmed, Status::Rejected, Status::Evaso] {
                if !is_legal(world.platform.status, to) {
                    continue;
                }
                let mut after = world.clone();
                after.platform.moves -= 1;
                after.platform.status = to;
                after.platform.heard.push(to);
                match to {
                    Status::Cancelled => after.send(Message { input: Input::Cancelled, again: false }),
                    _ => after.platform.is_ahead = true,
                }
                moves.push((Move::Platform(to), after));
            }
        }
        moves
    }

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

/// Where the restaurateur may move an order, slips and steps back included.
fn till_moves(from: Workflow) -> &'static [Workflow] {
    use Workflow::{Accepted, Canceled, Completed, Rejected, Requested};
    match from {
        Requested => &[Accepted, Rejected, Canceled, Completed],
        Accepted => &[Completed, Canceled, Rejected],
        Rejected | Completed => &[Accepted],
        _ => &[],
    }
}

fn worker(input: Input, message: Option<Message>) -> Worker {
    Worker {
        input,
        message,
        at: At::Load,
        is_current: false,
        lease: Lease::None,
        session: None,
        has_order: false,
        is_fresh: false,
    }
}

fn deliver(world: &World, message: Message) -> (Move, World) {
    let mut after = world.clone();
    after.queue.retain(|other| *other != message);
    after.workers.push(worker(message.input, Some(message)));
    (Move::Deliver(message.input), after)
}

fn poll(world: &World) -> Option<(Move, World)> {
    let is_polling = world.workers.iter().any(|worker| worker.message.is_none());
    world.item.as_ref().filter(|item| item.is_listed && !is_polling)?;
    let mut after = world.clone();
    after.workers.push(worker(Input::Poll, None));
    Some((Move::Poll, after))
}

fn find_missed(world: &World) -> Option<(Move, World)> {
    let message = Message { input: Input::Placed(Status::New), again: false };
    let is_missed = world.item.is_none() && world.platform.status == Status::New && !world.queue.contains(&message);
    is_missed.then(|| {
        let mut after = world.clone();
        after.send(message);
        (Move::FindMissed, after)
    })
}

/// That a lease runs out on somebody who works makes a zombie, which is a fault.
fn lease_runs_out(world: &World) -> Option<(Move, World)> {
    let holders = world.workers.iter().filter(|worker| worker.lease == Lease::Runs).count();
    let is_taken = world.item.as_ref().is_some_and(|item| item.is_taken);
    if holders == 0 && !is_taken {
        return None;
    }
    let mut after = world.clone();
    after.faults.others = after.faults.others.checked_sub(u8::from(holders > 0))?;
    after.item.iter_mut().for_each(|item| item.is_taken = false);
    after.workers.iter_mut().filter(|worker| worker.lease == Lease::Runs).for_each(|worker| worker.lease = Lease::Over);
    Some((Move::LeaseRunsOut, after))
}

fn with_fault(
    world: &World,
    budget: fn(&mut Faults) -> &mut u8,
    change: impl FnOnce(&mut World) -> Move,
) -> Option<(Move, World)> {
    let mut after = world.clone();
    let left = budget(&mut after.faults);
    *left = left.checked_sub(1)?;
    let what = change(&mut after);
    Some((what, after))
}
