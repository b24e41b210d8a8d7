//! Everything that may happen next in a world: a worker's step, a crash, a message, the two parties, the time.

use crate::{
    protocol::{Protocol, is_legal},
    world::{At, Faults, Input, Lease, Message, Worker, World},
};
use domain::{order::Status, till::Workflow};

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
