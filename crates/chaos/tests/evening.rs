//! A few evenings on which everything goes wrong, and that a run is made of its seed alone.

use chaos::{Fault, Options, run};
use std::collections::BTreeSet;

fn evening(seed: u64, orders: usize) -> Options {
    Options { seed, orders: (1..=orders).collect(), without: BTreeSet::new(), ends_at: None, told: true }
}

#[test]
fn the_same_seed_is_the_same_evening_to_the_last_message() {
    let [one, other] = [(); 2].map(|()| run(&evening(7, 40)).unwrap());
    assert!(one.history.lines().count() > 400, "{}", one.history.lines().count());
    assert_eq!(one, other);
    assert_ne!(run(&evening(8, 40)).unwrap().history, one.history);
}

#[test]
fn no_promise_is_broken_and_every_kind_of_fault_has_struck() {
    let mut struck = BTreeSet::new();
    for seed in 1..=6 {
        let outcome = run(&Options { told: false, ..evening(seed, 120) }).unwrap();
        assert_eq!(outcome.violations, [], "seed {seed}; again with: make chaos SEED={seed} ORDERS=120");
        assert!(outcome.on_till > 90, "{} of 120 orders on the till", outcome.on_till);
        struck.extend(outcome.struck.into_keys());
    }
    let missing: Vec<_> = Fault::ALL.iter().filter(|fault| !struck.contains(fault)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn an_evening_without_faults_needs_no_second_try() {
    let calm = Options { without: Fault::ALL.iter().copied().collect(), told: false, ..evening(1, 100) };
    let outcome = run(&calm).unwrap();
    assert_eq!(outcome.violations, []);
    assert_eq!((outcome.sent_again, outcome.dead_letters, outcome.circuits_opened), (0, 0, 0));
    assert!(outcome.longest_wait.as_secs() < 10, "{:?}", outcome.longest_wait);
}

/// One order alone, with nothing wrong but a function that ends at a moment of its life.
fn ended_at(order: usize, moment: u64) -> Options {
    let without = Fault::ALL.iter().copied().collect();
    Options { seed: 1, orders: [order].into(), without, ends_at: Some(moment), told: false }
}

#[test]
fn e61_a_function_that_ends_at_any_moment_of_an_order_s_life_breaks_no_promise() {
    // The one is paid online, accepted, cooked and documented; the other is called off by its customer and goes on.
    for order in [9, 2] {
        for moment in 0.. {
            let outcome = run(&ended_at(order, moment)).unwrap();
            assert_eq!(outcome.violations, [], "order {order}, ended at moment {moment}");
            if moment >= outcome.moments {
                assert!(moment > 40, "order {order} has {moment} moments");
                break;
            }
        }
    }
}

#[test]
fn e02_while_leases_hold_no_order_is_doubled_even_at_tills_that_take_it_twice() {
    let without: BTreeSet<_> = [Fault::Zombie].into();
    let mut sent_again = 0;
    for seed in 1..=3 {
        let outcome = run(&Options { told: false, without: without.clone(), ..evening(seed, 120) }).unwrap();
        assert_eq!(outcome.violations, [], "seed {seed}; again with: make chaos SEED={seed} ORDERS=120 WITHOUT=zombie");
        sent_again += outcome.sent_again;
    }
    assert!(sent_again > 0, "nothing was sent again: nothing is shown");
}
