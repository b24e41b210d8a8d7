use super::*;
use proptest::prelude::*;

/// A party, and the time that passes.
struct Here {
    circuit: Circuit,
    now: Timestamp,
}

impl Here {
    fn new() -> Self {
        Self { circuit: Circuit::new("till#1"), now: Timestamp::from_second(1_790_000_000).unwrap() }
    }

    /// A call that comes to this, if it may be made.
    fn call(&mut self, lane: Lane, heard: Heard) -> Result<Pass, SignedDuration> {
        let pass = self.circuit.ask(lane, self.now)?;
        self.circuit.note(lane, pass, heard, self.now);
        Ok(pass)
    }

    fn pass(&mut self, wait: SignedDuration) {
        self.now += wait;
    }

    /// How long calls of a lane are shut out, without asking for one.
    fn shut(&self, lane: Lane) -> Option<SignedDuration> {
        self.circuit.clone().ask(lane, self.now).err()
    }

    fn broken() -> Self {
        let mut here = Self::new();
        for _ in 0..FAILURES_IN_A_ROW {
            here.call(Lane::Orders, Heard::Failure).unwrap();
        }
        here
    }
}

const ASKED: Heard = Heard::SlowDown(Some(SignedDuration::from_secs(40)));

#[test]
fn failures_in_a_row_open_it_and_one_answer_between_them_begins_the_count_anew() {
    let mut here = Here::new();
    for _ in 0..3 {
        for _ in 1..FAILURES_IN_A_ROW {
            here.call(Lane::Orders, Heard::Failure).unwrap();
            here.call(Lane::Orders, Heard::Nothing).unwrap();
        }
        here.call(Lane::Orders, Heard::Answer).unwrap();
    }
    assert_eq!(here.circuit.standing(), Standing::default());
    for _ in 0..FAILURES_IN_A_ROW {
        assert_eq!(here.call(Lane::Orders, Heard::Failure), Ok(Pass::Free));
    }
    assert!(here.call(Lane::Orders, Heard::Answer).is_err());
}

#[test]
fn who_asks_to_slow_down_is_obeyed_at_once_and_for_ten_minutes_at_most() {
    let mut here = Here::new();
    here.call(Lane::Orders, ASKED).unwrap();
    let wait = here.shut(Lane::Orders).unwrap();
    assert!((40..=50).contains(&wait.as_secs()), "{wait}");
    let mut here = Here::new();
    here.call(Lane::Orders, Heard::SlowDown(Some(SignedDuration::from_hours(5)))).unwrap();
    let wait = here.shut(Lane::Orders).unwrap();
    assert!(wait >= LONGEST_ASKED && wait <= LONGEST_ASKED + SignedDuration::from_secs(15), "{wait}");
    let mut here = Here::new();
    here.call(Lane::Orders, Heard::SlowDown(None)).unwrap();
    assert!(here.shut(Lane::Orders).unwrap() >= FIRST_WAIT);
}

#[test]
fn one_call_is_the_trial_and_its_answer_closes_it() {
    let mut here = Here::broken();
    here.pass(here.shut(Lane::Orders).unwrap());
    let trial = here.circuit.ask(Lane::Orders, here.now).unwrap();
    assert!(matches!(trial, Pass::Trial { .. }));
    assert_eq!(here.shut(Lane::Orders), Some(TRIAL), "the others wait for it");
    here.circuit.note(Lane::Orders, trial, Heard::Answer, here.now);
    assert_eq!(here.call(Lane::Orders, Heard::Answer), Ok(Pass::Free));
}

#[test]
fn a_trial_that_never_ends_is_followed_by_another_and_its_late_word_counts_for_nothing() {
    let mut here = Here::broken();
    here.pass(here.shut(Lane::Orders).unwrap());
    let lost = here.circuit.ask(Lane::Orders, here.now).unwrap();
    here.pass(TRIAL);
    let next = here.circuit.ask(Lane::Orders, here.now).unwrap();
    assert_ne!(lost, next);
    let before = here.circuit.clone();
    for heard in [Heard::Answer, Heard::Failure, ASKED] {
        assert_eq!(here.circuit.note(Lane::Orders, lost, heard, here.now), None);
    }
    assert_eq!(here.circuit, before);
}

#[test]
fn openings_in_a_row_last_longer_up_to_a_minute_for_orders_and_five_for_menus() {
    for (lane, longest) in [(Lane::Orders, 60), (Lane::Menus, 300)] {
        let mut here = Here::new();
        let mut waits = Vec::new();
        for _ in 1..FAILURES_IN_A_ROW {
            here.call(lane, Heard::Failure).unwrap();
        }
        for _ in 0..12 {
            here.call(lane, Heard::Failure).unwrap();
            waits.push(here.shut(lane).unwrap());
            here.pass(*waits.last().unwrap());
        }
        let doubled = (0..12).map(|n| SignedDuration::from_secs((5 << n).min(longest)));
        for (wait, doubled) in waits.iter().zip(doubled) {
            assert!(*wait >= doubled && *wait <= doubled + doubled / 4, "{waits:?}");
        }
    }
}

#[test]
fn asking_for_a_moment_again_and_again_makes_no_later_failure_last_longer() {
    let mut here = Here::new();
    for _ in 0..6 {
        here.call(Lane::Orders, Heard::SlowDown(Some(SignedDuration::from_secs(1)))).unwrap();
        here.pass(SignedDuration::from_secs(2));
    }
    here.call(Lane::Orders, Heard::Failure).unwrap();
    let shut = here.shut(Lane::Orders).unwrap();
    assert!(shut < SignedDuration::from_secs(13), "{shut}");
}

#[test]
fn an_outage_learnt_from_others_ends_the_count_of_failures_before_it() {
    for lane in [Lane::Orders, Lane::Menus] {
        let mut here = Here::new();
        for _ in 1..FAILURES_IN_A_ROW {
            here.call(lane, Heard::Failure).unwrap();
        }
        let (mut open, mut closed) = (Standing::default(), Standing::default());
        *open.of(lane) = Breaker::Open { until_ms: here.now.as_millisecond(), openings: 1 };
        here.circuit.adopt(open);
        *closed.of(lane) = Breaker::Closed { since_ms: Some(here.now.as_millisecond()) };
        here.circuit.adopt(closed);
        here.pass(REST);
        for _ in 1..FAILURES_IN_A_ROW {
            here.call(lane, Heard::Failure).unwrap();
            assert_eq!(here.shut(lane), None, "{lane:?}");
        }
        here.call(lane, Heard::Failure).unwrap();
        assert!(here.shut(lane).is_some(), "{lane:?}");
    }
}

#[test]
fn standings_without_an_outage_leave_the_count_of_failures_as_it_is() {
    let mut here = Here::new();
    for _ in 1..FAILURES_IN_A_ROW {
        here.call(Lane::Orders, Heard::Failure).unwrap();
    }
    let menus = Breaker::Open { until_ms: here.now.as_millisecond(), openings: 1 };
    here.circuit.adopt(Standing { menus, ..Standing::default() });
    here.call(Lane::Orders, Heard::Failure).unwrap();
    assert!(here.shut(Lane::Orders).is_some());
}

#[test]
fn parties_that_broke_down_together_are_not_tried_together() {
    let wait = |n: u32| wait(&format!("till#{n}"), Lane::Orders, 5, None).as_millis();
    let waits: std::collections::BTreeSet<_> = (0..100).map(wait).collect();
    assert!(waits.len() > 60, "{}", waits.len());
    assert_eq!(wait(7), wait(7), "and yet nothing is left to chance");
}

#[test]
fn calls_begun_before_it_opened_neither_close_it_nor_make_it_longer() {
    let mut here = Here::broken();
    let before = here.circuit.clone();
    for heard in [Heard::Answer, Heard::Failure, ASKED, Heard::Nothing] {
        assert_eq!(here.circuit.note(Lane::Orders, Pass::Free, heard, here.now), None);
    }
    assert_eq!(here.circuit, before);
}

#[test]
fn a_trial_that_tells_nothing_leaves_the_trial_to_the_next_call() {
    let mut here = Here::broken();
    here.pass(here.shut(Lane::Orders).unwrap());
    for _ in 0..2 {
        assert!(matches!(here.call(Lane::Orders, Heard::Nothing), Ok(Pass::Trial { .. })));
    }
    here.call(Lane::Orders, Heard::Failure).unwrap();
    let wait = here.shut(Lane::Orders).unwrap();
    assert!((10..=13).contains(&wait.as_secs()), "it opened for the second time: {wait}");
}

#[test]
fn menus_stand_back_while_the_way_of_orders_is_shut_and_for_a_while_after() {
    let mut here = Here::broken();
    let wait = here.shut(Lane::Orders).unwrap();
    assert_eq!(here.shut(Lane::Menus), Some(wait + PATIENCE), "the trial is an order's");
    here.pass(wait);
    here.call(Lane::Orders, Heard::Answer).unwrap();
    assert_eq!(here.shut(Lane::Orders), None);
    assert_eq!(here.shut(Lane::Menus), Some(REST));
    here.pass(REST);
    assert_eq!(here.call(Lane::Menus, Heard::Answer), Ok(Pass::Free));
}

#[test]
fn where_no_order_comes_menus_look_for_themselves() {
    let mut here = Here::broken();
    here.pass(here.shut(Lane::Menus).unwrap());
    assert_eq!(here.call(Lane::Menus, Heard::Answer), Ok(Pass::Free));
    assert!(matches!(here.call(Lane::Orders, Heard::Answer), Ok(Pass::Trial { .. })), "the order's own trial is left");
}

#[test]
fn what_is_shared_is_read_as_it_was_written() {
    let mut here = Here::broken();
    here.call(Lane::Menus, Heard::Failure).unwrap_err();
    let text = serde_json::to_string(&here.circuit.standing()).unwrap();
    assert!(text.len() < 200, "{text}");
    assert_eq!(serde_json::from_str::<Standing>(&text).unwrap(), here.circuit.standing());
}

fn lane() -> impl Strategy<Value = Lane> {
    prop_oneof![Just(Lane::Orders), Just(Lane::Menus)]
}

fn heard() -> impl Strategy<Value = Heard> {
    let asked = proptest::option::of((0i64..4000).prop_map(SignedDuration::from_secs));
    prop_oneof![
        3 => Just(Heard::Failure),
        2 => Just(Heard::Answer),
        1 => Just(Heard::Nothing),
        1 => asked.prop_map(Heard::SlowDown)
    ]
}

/// Calls that begin and end in any order: who, how many seconds later, what it comes to, whether one ends then.
fn calls() -> impl Strategy<Value = Vec<(Lane, i64, Heard, bool)>> {
    proptest::collection::vec((lane(), 0i64..90, heard(), proptest::bool::ANY), 0..60)
}

proptest! {
    /// Whatever happens, an order is let through within the longest that may be asked, and a menu soon after.
    #[test]
    fn nobody_is_shut_out_for_ever(calls in calls()) {
        let mut here = Here::new();
        let mut open = Vec::new();
        for (lane, seconds, heard, ends) in calls {
            here.pass(SignedDuration::from_secs(seconds));
            let Ok(pass) = here.circuit.ask(lane, here.now) else { continue };
            open.push((lane, pass, heard));
            if ends {
                // The oldest call ends first, which may be another one.
                let (lane, pass, heard) = open.remove(0);
                here.circuit.note(lane, pass, heard, here.now);
            }
            let longest = LONGEST_ASKED + SignedDuration::from_secs(15);
            prop_assert!(here.shut(Lane::Orders).unwrap_or_default() <= longest);
            prop_assert!(here.shut(Lane::Menus).unwrap_or_default() <= longest.max(SignedDuration::from_secs(375)) + PATIENCE.max(REST));
        }
    }

    /// What menus meet with never changes what orders may do.
    #[test]
    fn menus_never_keep_an_order_back(calls in calls()) {
        let (mut both, mut alone) = (Here::new(), Here::new());
        for (lane, seconds, heard, _) in calls {
            for here in [&mut both, &mut alone] {
                here.pass(SignedDuration::from_secs(seconds));
            }
            let Ok(pass) = both.circuit.ask(lane, both.now) else { continue };
            both.circuit.note(lane, pass, heard, both.now);
            if lane == Lane::Orders {
                let pass = alone.circuit.ask(lane, alone.now);
                prop_assert!(pass.is_ok());
                alone.circuit.note(lane, pass.unwrap(), heard, alone.now);
            }
            prop_assert_eq!(both.circuit.standing().orders, alone.circuit.standing().orders);
        }
    }

    /// A party that is down is asked once for each opening, however many wait for it.
    #[test]
    fn a_party_that_is_down_is_asked_about_once_a_minute(waiting in 1usize..50, minutes in 5i64..60) {
        let mut here = Here::broken();
        let mut made = 0;
        for _ in 0..minutes * 60 {
            here.pass(SignedDuration::from_secs(1));
            made += (0..waiting).filter(|_| here.call(Lane::Orders, Heard::Failure).is_ok()).count();
        }
        // Four of the first minute's doubling, then each a minute or longer.
        prop_assert!(made as i64 <= minutes + 4, "{made} in {minutes} minutes");
        prop_assert!(made as i64 >= minutes * 60 / 75 - 2, "{made} in {minutes} minutes");
    }
}
