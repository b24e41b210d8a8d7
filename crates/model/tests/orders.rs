//! What is promised of an order holds in every world that can come about; and without any one of the protocol's rules
//! it does not.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and says what it tried")]

use domain::{order::Status, till::Workflow};
use model::{
    decisions::Decisions,
    explore::{Explored, explore},
    moves::Move,
    protocol::{Protocol, Rules, Trust},
    world::{At, Faults, Input, World},
};

const NO_FAULT: Faults = Faults { crashes: 0, duplicates: 0, others: 0 };
const PLACED: Input = Input::Placed(Status::New);

fn protocol(rules: Rules, trust: Trust, online: bool) -> Protocol {
    Protocol { decisions: Decisions::new(online).unwrap(), rules, trust }
}

/// Tries everything and asserts that every promise is kept, that there was enough to try, and that each of these moves
/// was made.
fn holds(protocol: &Protocol, start: World, at_least: usize, made: &[(At, &str)]) -> Explored {
    let found = explore(protocol, start);
    println!("{} worlds, the farthest after {} moves, {} states", found.worlds, found.depth, protocol.decisions.seen());
    assert!(found.broken.is_none(), "{}", found.broken.unwrap());
    assert!(found.worlds >= at_least, "only {} worlds were reached", found.worlds);
    for (at, how) in made {
        let was_made = |what: &Move| matches!(what, Move::Step(_, step, end) if step == at && end == how);
        assert!(found.moves.iter().any(was_made), "{at:?} never ended with «{how}»");
    }
    found
}

#[test]
fn e61_a_whole_life_survives_a_crash_between_any_two_steps_and_a_duplicate() {
    let start = World::new(Faults { crashes: 1, duplicates: 1, ..NO_FAULT }, 2, 0);
    let made = [
        (At::Take, "somebody was faster"),
        (At::Park, "parked"),
        (At::Free, "facts were parked"),
        (At::ReadBack(false), "found"),
        (At::ReadBack(false), "not found"),
        (At::AskBeforeResending, "its time has passed"),
        (At::LookAgain, "read"),
        (At::AskWhetherPlaced, "asked"),
    ];
    let found = holds(&protocol(Rules::ALL, Trust::Leases, false), start, 500_000, &made);
    for at in [At::Take, At::Keep(true), At::Create, At::Effect, At::Free, At::Observe] {
        assert!(found.moves.iter().any(|what| matches!(what, Move::Crash(_, end) if *end == at)), "no crash {at:?}");
    }
    assert!(found.moves.contains(&Move::Duplicate(PLACED)));
    assert!(found.moves.contains(&Move::Till(Workflow::Completed)));
}

#[test]
fn a_prepaid_life_ends_well_in_whatever_sequence_acceptance_completion_and_receipt_come() {
    let found = holds(
        &protocol(Rules::ALL, Trust::Leases, true),
        World::new(NO_FAULT, 3, 0),
        100_000,
        &[(At::List, "compared"), (At::Observe, "read"), (At::LookAgain, "read")],
    );
    assert!(found.moves.contains(&Move::Receipt));
}

#[test]
fn a_whole_life_survives_any_one_call_that_fails_message_that_is_lost_or_lease_that_runs_out() {
    let start = World::new(Faults { others: 1, ..NO_FAULT }, 2, 0);
    let made = [
        (At::Create, "made, the answer is lost"),
        (At::Create, "not made, no answer"),
        (At::Effect, "done, the answer is lost"),
        (At::Effect, "out of time"),
        (At::Free, "somebody has it"),
        (At::Observe, "the till fails"),
        (At::LookAgain, "the till fails"),
        (At::Prepare, "it must not be sent"),
    ];
    let found = holds(&protocol(Rules::ALL, Trust::Leases, false), start, 300_000, &made);
    assert!(found.moves.contains(&Move::Lose(PLACED)));
    assert!(found.moves.contains(&Move::LeaseRunsOut));
}

#[test]
fn an_order_that_somebody_moves_on_the_platform_is_told_of_once_and_never_sent_when_it_is_known_to_be_off() {
    let start = World::new(Faults { crashes: 1, others: 1, ..NO_FAULT }, 0, 1);
    let made = [(At::Write, "written"), (At::Keep(true), "facts were parked"), (At::AskBeforePreparing, "asked")];
    let found = holds(&protocol(Rules::ALL, Trust::Leases, false), start, 300_000, &made);
    assert!(found.moves.contains(&Move::Lose(Input::Cancelled)));

    let found = holds(&protocol(Rules::ALL, Trust::Leases, false), World::new(NO_FAULT, 2, 1), 100_000, &[]);
    for to in [Status::Cancelled, Status::Confirmed, Status::Rejected, Status::Evaso] {
        assert!(found.moves.contains(&Move::Platform(to)), "{to:?}");
    }
}

#[test]
fn zombies_without_end_never_double_an_order_where_the_till_refuses_a_second_one() {
    let start = World::new(Faults { others: 2, ..NO_FAULT }, 0, 1);
    let made = [(At::Create, "conflict"), (At::ReadBack(true), "found"), (At::Keep(true), "somebody has it")];
    holds(&protocol(Rules::ALL, Trust::UniqueOrders, false), start, 300_000, &made);
}

/// Asserts that a promise is broken, and prints how.
fn breaks(rules: Rules, start: World, promise: &str) {
    let found = explore(&protocol(rules, Trust::Leases, false), start);
    let broken = found.broken.unwrap_or_else(|| panic!("nothing is broken in {} worlds", found.worlds));
    println!("{broken}");
    assert_eq!(broken.promise, promise);
}

#[test]
fn without_the_fence_two_holders_double_the_order() {
    breaks(Rules { fence: false, ..Rules::ALL }, World::new(NO_FAULT, 0, 0), "the till has the order twice");
}

#[test]
fn without_reading_back_an_order_whose_answer_was_lost_is_sent_twice() {
    let start = World::new(Faults { others: 1, ..NO_FAULT }, 0, 0);
    breaks(Rules { read_back: false, ..Rules::ALL }, start, "the till has the order twice");
}

#[test]
fn a_late_word_that_is_applied_tells_the_customer_twice() {
    let rules = Rules { late_words_are_ignored: false, ..Rules::ALL };
    breaks(rules, World::new(NO_FAULT, 2, 0), "the customer is to be told contradictions, or twice");
}

#[test]
fn without_reading_what_was_parked_a_cancelled_order_is_sent() {
    let rules = Rules { facts_before_sending: false, ..Rules::ALL };
    breaks(rules, World::new(NO_FAULT, 0, 1), "an order was sent that was known to be cancelled");
}

#[test]
fn an_effect_that_is_carried_out_before_it_is_written_is_another_one_after_a_crash() {
    let rules = Rules { written_before_done: false, ..Rules::ALL };
    let start = World::new(Faults { crashes: 1, ..NO_FAULT }, 2, 0);
    breaks(rules, start, "two requests had one number");
}
