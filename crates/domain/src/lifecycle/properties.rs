//! What holds of every order, whatever happens to it and in whatever sequence: searched exhaustively to a depth, and
//! at random beyond.

mod world;

use super::{Event, OrderState, Phase, Signal, What, step};
use crate::{
    order::Status,
    testing::{at, till},
};
use proptest::prelude::*;
use std::collections::HashMap;
use world::{Letter, World, alphabet};

const DEPTH: usize = 6;

fn rank(status: Status) -> u8 {
    match status {
        Status::New => 0,
        Status::Confirmed => 1,
        Status::Rejected | Status::Evaso | Status::Cancelled => 2,
    }
}

/// The state without what counts repetitions, which is there to be different.
fn uncounted(state: &OrderState) -> OrderState {
    OrderState { attempts: 0, faults: 0, ..state.clone() }
}

/// Asserts what holds of every single step.
fn holds_of_a_step(before: &OrderState, event: &Event, after: &OrderState) {
    let again = step(after, event, at(2)).unwrap_or_else(|| after.clone());
    assert_eq!(uncounted(&again), uncounted(after), "twice is once: {event:?}");

    let new: Vec<_> = after.pending.iter().filter(|effect| effect.seq >= before.next_seq).collect();
    let kept = after.pending.len() - new.len();
    assert!(after.pending.is_sorted_by(|a, b| a.seq < b.seq), "numbered in sequence: {:?}", after.pending);
    assert!(after.pending.iter().all(|effect| effect.seq < after.next_seq), "no number is given twice");
    assert!(after.pending[..kept].iter().all(|old| before.pending.contains(old)), "a pending effect never changes");
    if !before.is_alive() {
        let staff = new.iter().all(|effect| matches!(effect.what, What::Staff { .. }));
        assert!(staff, "{event:?} on {:?} does more than tell staff: {new:?}", before.status);
    }

    let adopted = matches!(event, Event::PlatformIsAt { .. });
    let forward = before.status == after.status || rank(before.status) < rank(after.status);
    assert!(adopted || forward, "{event:?} leads from {:?} to {:?}", before.status, after.status);

    let creations = after.pending.iter().filter(|effect| effect.what == What::Create).count();
    let creating = matches!(after.phase, Phase::Creating { .. });
    assert_eq!(creations, usize::from(creating), "a creation is pending while, and only while, it is not settled");
    let arrived = matches!(before.phase, Phase::OnTill { .. });
    assert!(!arrived || before.phase == after.phase, "an order that is on the till stays there");
    assert!(after.is_open() || after.pending.is_empty());
}

/// Every world that can come about in `DEPTH` steps, with a way that leads there.
fn every_world(start: World, drained: bool) -> HashMap<String, (World, Vec<Letter>)> {
    let letters = alphabet();
    let mut reached = HashMap::from([(start.key(), (start.clone(), vec![]))]);
    let mut front = vec![(start, vec![])];
    for _ in 0..DEPTH {
        let mut next = Vec::new();
        for (world, way) in &front {
            for letter in &letters {
                let mut world: World = world.clone();
                world.happen(letter);
                if drained {
                    world.drain();
                }
                let way: Vec<Letter> = way.iter().chain([letter]).cloned().collect();
                if let std::collections::hash_map::Entry::Vacant(place) = reached.entry(world.key()) {
                    place.insert((world.clone(), way.clone()));
                    next.push((world, way));
                }
            }
        }
        front = next;
    }
    reached
}

fn starts() -> Vec<World> {
    [(false, Status::New), (true, Status::New), (true, Status::Confirmed)]
        .map(|(online, status)| World::new(online, status))
        .to_vec()
}

fn holds_everywhere(drained: bool) {
    for start in starts() {
        let worlds = every_world(start, drained);
        for (mut world, way) in worlds.into_values() {
            let result = std::panic::catch_unwind(move || {
                world.drain();
                world.holds_at_rest();
            });
            assert!(result.is_ok(), "after {way:?}");
        }
    }
}

#[test]
fn whatever_happens_nobody_is_told_contradictions_when_effects_go_out_at_once() {
    holds_everywhere(true);
}

#[test]
fn whatever_happens_nobody_is_told_contradictions_when_effects_go_out_at_the_end() {
    holds_everywhere(false);
}

#[test]
fn a_late_repetition_of_a_word_of_the_till_moves_nothing() {
    let customer = |state: &OrderState| -> Vec<What> {
        let all = state.pending.iter().map(|effect| effect.what.clone());
        all.filter(|what| matches!(what, What::Status { .. })).collect()
    };
    let hear = |state: &OrderState, signal| step(state, &till(signal), at(2)).unwrap_or_else(|| state.clone());
    for (world, way) in every_world(World::new(true, Status::New), true).into_values() {
        for first in Signal::ALL {
            for second in Signal::ALL {
                let once = hear(&hear(&world.state, first), second);
                let late = hear(&once, first);
                let same = once.status == late.status && customer(&once) == customer(&late);
                assert!(same, "{first:?} again after {second:?}, after {way:#?}");
            }
        }
    }
}

#[test]
fn what_the_platform_says_is_adopted_whenever_it_says_so() {
    for (world, _) in every_world(World::new(false, Status::New), false).into_values() {
        for status in [Status::New, Status::Confirmed, Status::Rejected, Status::Evaso, Status::Cancelled] {
            let event = Event::PlatformIsAt { status };
            let Some(next) = step(&world.state, &event, at(2)) else { continue };
            holds_of_a_step(&world.state, &event, &next);
            assert_eq!(next.status, status);
            assert!(!next.pending.iter().any(|effect| matches!(effect.what, What::Status { .. })));
        }
    }
}

fn letter() -> impl Strategy<Value = Letter> {
    prop::sample::select(alphabet())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn a_long_life_keeps_every_rule_whenever_effects_go_out(
        start in 0usize..3, life in prop::collection::vec((letter(), any::<bool>()), 0..40)
    ) {
        let mut world = starts().swap_remove(start);
        for (letter, drained) in &life {
            world.happen(letter);
            if *drained {
                world.drain();
            }
        }
        world.drain();
        world.holds_at_rest();
    }
}
