//! An operator has an order tried again.

use super::{staff, told};
use crate::{
    lifecycle::{Event, OrderState, Phase, Signal, TillSays, explain, step},
    messages,
    testing::{after, at, created, intended, on_till, received, till},
};

fn again(attempt: i64) -> Event {
    Event::Replayed { attempt, again: true }
}

fn not_sent() -> OrderState {
    told(after(&received(false), &Event::NotSent { message: messages::PAUSED.into() }))
}

#[test]
fn an_attempt_is_written_into_the_history_and_changes_nothing_else() {
    for state in [received(false), after(&received(false), &intended()), on_till(false), not_sent()] {
        let next = after(&state, &Event::Replayed { attempt: 1, again: false });
        assert_eq!(next.history.last().unwrap().1, "replay");
        assert_eq!((&next.phase, next.status, &next.pending), (&state.phase, state.status, &state.pending));
    }
}

#[test]
fn each_attempt_counts_once_and_a_second_one_counts_again() {
    let once = after(&received(false), &Event::Replayed { attempt: 5, again: false });
    assert_eq!(step(&once, &Event::Replayed { attempt: 5, again: false }, at(3)), None, "delivered twice");
    assert_eq!(step(&once, &Event::Replayed { attempt: 4, again: false }, at(3)), None, "delivered late");
    assert!(step(&once, &Event::Replayed { attempt: 6, again: false }, at(3)).is_some());
}

#[test]
fn an_order_not_sent_goes_on_its_way_again_and_staff_are_warned_of_a_double() {
    let next = after(&not_sent(), &again(1));
    assert_eq!((&next.phase, next.is_open()), (&Phase::Received, true));
    assert_eq!(staff(&next), [(TillSays::Pending, messages::TRIED_AGAIN)]);
    let arrived = after(&told(after(&told(next), &intended())), &created());
    assert_eq!(staff(&arrived), [(TillSays::Delivered, messages::THERE_AFTER_ALL)], "it may be there twice");
    assert!(explain(&arrived).contains("ce ne sono due"), "{}", explain(&arrived));
}

#[test]
fn an_order_that_fails_again_is_failed_again_and_a_late_copy_of_the_attempt_does_not_send_it() {
    let tried = told(after(&not_sent(), &again(1)));
    let failed = after(&tried, &Event::NotSent { message: messages::KEY_REFUSED.into() });
    assert_eq!((&failed.phase, staff(&failed)), (&Phase::NotOnTill, vec![(TillSays::Failed, messages::KEY_REFUSED)]));
    assert_eq!(step(&failed, &again(1), at(3)), None);
}

#[test]
fn what_is_on_the_till_or_off_for_the_customer_is_never_sent_by_an_operator() {
    let off = told(after(&not_sent(), &Event::CancelledOnPlatform));
    let refused = told(after(&on_till(false), &till(Signal::Refused)));
    for state in [off, refused, on_till(false)] {
        let next = after(&state, &again(1));
        assert_eq!((&next.phase, &next.pending), (&state.phase, &state.pending));
    }
}

#[test]
fn staff_hear_that_an_order_tried_again_was_called_off_because_they_may_have_entered_it() {
    let tried = told(after(&not_sent(), &again(1)));
    let off = after(&tried, &Event::CancelledOnPlatform);
    assert_eq!(
        (&off.phase, staff(&off)),
        (&Phase::Withdrawn, vec![(TillSays::Failed, messages::CANCELLED_PERHAPS_THERE)])
    );
}
