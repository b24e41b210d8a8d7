//! The way to the till, the clock that runs on it, and what the platform does meanwhile.

use super::{customer, staff, told};
use crate::{
    lifecycle::{Event, FAULTS_BEFORE_GIVING_UP, OrderState, Phase, Signal, TillSays, What, alert_times, step},
    messages,
    order::Status,
    testing::{after, at, created, intended, on_till, order, received, till},
};
use jiff::SignedDuration;

fn creating() -> OrderState {
    after(&received(false), &intended())
}

fn not_sent(message: &str) -> Event {
    Event::NotSent { message: message.into() }
}

fn unreachable(status: Option<u16>) -> Event {
    Event::Unreachable { status }
}

fn creations(state: &OrderState) -> usize {
    state.pending.iter().filter(|effect| effect.what == What::Create).count()
}

#[test]
fn the_intent_is_stored_with_everything_that_follows_it() {
    let kinds: Vec<What> = creating().pending.into_iter().map(|effect| effect.what).collect();
    let delivered = What::Staff { state: TillSays::Delivered, message: String::new() };
    assert_eq!(kinds, [What::Create, delivered, What::Deadlines]);
}

#[test]
fn e02_an_order_is_intended_and_created_once() {
    assert_eq!(step(&creating(), &intended(), at(2)), None);
    let there = after(&creating(), &created());
    assert_eq!(creations(&there), 0);
    assert_eq!(step(&there, &created(), at(2)), None);
    assert_eq!(step(&there, &intended(), at(2)), None);
}

#[test]
fn e02_only_an_order_that_the_till_was_read_not_to_have_is_made_anew() {
    let absent = after(&creating(), &Event::Absent);
    assert_eq!((absent.phase.clone(), absent.pending.len()), (Phase::Received, 0));
    let again = after(&absent, &intended());
    assert_eq!(creations(&again), 1);
    for settled in [on_till(false), told(after(&creating(), &not_sent("x"))), received(false)] {
        assert_eq!(step(&settled, &Event::Absent, at(2)), None);
    }
}

#[test]
fn staff_read_the_notice_of_the_intent_once_the_till_has_the_order() {
    let Event::Intended { date, due, body, .. } = intended() else { unreachable!() };
    let notice = messages::WITHOUT_CUSTOMER.to_owned();
    let state = after(&received(false), &Event::Intended { date, due, body, notice });
    assert_eq!(staff(&after(&state, &created())), [(TillSays::Delivered, messages::WITHOUT_CUSTOMER)]);
}

#[test]
fn s44_what_cannot_reach_the_till_is_told_to_staff_at_once() {
    for state in [received(false), creating()] {
        let state = after(&state, &not_sent(messages::PAUSED));
        assert_eq!(state.phase, Phase::NotOnTill);
        assert_eq!(staff(&state), [(TillSays::Failed, messages::PAUSED)]);
        assert_eq!((creations(&state), state.status), (0, Status::New));
        assert!(!told(state).is_open());
    }
}

#[test]
fn e47_the_first_failure_says_pending_before_anything_that_follows_the_creation() {
    let first = after(&creating(), &unreachable(None));
    assert_eq!(staff(&first)[0], (TillSays::Pending, messages::STILL_TRYING));
    assert_eq!(first.pending[0].what, What::Staff { state: TillSays::Pending, message: messages::STILL_TRYING.into() });
    assert_eq!(creations(&first), 1);
    let there = after(&after(&first, &unreachable(None)), &created());
    let said: Vec<TillSays> = staff(&there).into_iter().map(|(state, _)| state).collect();
    assert_eq!(said, [TillSays::Pending, TillSays::Delivered], "told once, and the last word is the true one");
}

#[test]
fn three_equal_answers_500_in_a_row_are_counted_and_anything_else_starts_again() {
    let after_all =
        |statuses: &[Option<u16>]| statuses.iter().fold(creating(), |s, status| after(&s, &unreachable(*status)));
    assert_eq!(after_all(&[Some(500), Some(500), Some(500)]).faults, FAULTS_BEFORE_GIVING_UP);
    assert_eq!(after_all(&[Some(500), Some(500), Some(503)]).faults, 0);
    assert_eq!(after_all(&[Some(500), None, Some(500)]).faults, 1);
    assert_eq!(after(&after_all(&[Some(500)]), &created()).faults, 0);
    let absent = after(&after_all(&[Some(500)]), &Event::Absent);
    assert_eq!(absent.faults, 1, "reading that it is not there does not excuse the answer");
}

#[test]
fn an_order_that_shows_up_after_staff_were_told_to_enter_it_is_told_as_such() {
    let gone = told(after(&creating(), &not_sent(messages::CONFLICT_NOT_FOUND)));
    let state = after(&gone, &till(Signal::Requested));
    assert_eq!(staff(&state), [(TillSays::Delivered, messages::THERE_AFTER_ALL)]);
}

#[test]
fn e04_other_content_is_told_once_and_never_in_place_of_what_to_do() {
    let state = after(&on_till(false), &Event::OtherContent);
    assert_eq!(staff(&state), [(TillSays::Delivered, messages::OTHER_CONTENT)]);
    assert_eq!(step(&told(state), &Event::OtherContent, at(2)), None);
    let not_there = after(&told(after(&received(false), &not_sent("x"))), &Event::OtherContent);
    assert_eq!(staff(&not_there), [(TillSays::Failed, messages::OTHER_CONTENT_NOT_SENT)]);
}

#[test]
fn e04_other_content_that_comes_on_the_way_is_told_at_its_end() {
    let on_the_way = after(&creating(), &Event::OtherContent);
    assert_eq!(staff(&after(&on_the_way, &created())).last(), Some(&(TillSays::Delivered, messages::OTHER_CONTENT)));
    let failed = after(&on_the_way, &not_sent("La cassa rifiuta."));
    assert_eq!(staff(&failed).last().unwrap().1, format!("La cassa rifiuta. {}", messages::OTHER_CONTENT_NOT_SENT));
}

#[test]
fn e30_cancelled_before_it_was_sent_is_never_sent() {
    let state = after(&received(false), &Event::CancelledOnPlatform);
    assert_eq!((state.phase.clone(), state.pending.len()), (Phase::Withdrawn, 0));
    assert_eq!(step(&state, &intended(), at(2)), None);
    assert_eq!(step(&OrderState::tombstone(at(0)), &intended(), at(2)), None);
}

#[test]
fn e30_staff_who_were_told_to_wait_for_an_order_hear_that_it_is_off() {
    let waiting = told(after(&received(false), &unreachable(None)));
    let state = after(&waiting, &Event::CancelledOnPlatform);
    assert_eq!(staff(&state), [(TillSays::Failed, messages::WITHDRAWN)]);
}

#[test]
fn e30_cancelled_while_creating_is_settled_by_what_the_till_has() {
    let state = after(&creating(), &Event::CancelledOnPlatform);
    assert!(state.is_open(), "it may be on the till");
    assert!(told(state.clone()).is_open(), "even if nothing is pending");
    assert_eq!(after(&state, &Event::Absent).phase, Phase::Withdrawn);
    let there = after(&state, &created());
    assert_eq!(staff(&there).last(), Some(&(TillSays::Delivered, messages::CANCELLED_BY_CUSTOMER)));
    let unclear = after(&state, &not_sent(messages::CONFLICT_NOT_FOUND));
    assert_eq!(unclear.phase, Phase::Withdrawn);
    assert_eq!(staff(&unclear), [(TillSays::Failed, messages::CANCELLED_PERHAPS_THERE)]);
}

#[test]
fn e30_staff_who_were_told_to_enter_an_order_by_hand_hear_that_it_is_off() {
    let state = after(&told(after(&received(false), &not_sent("Inseriscilo a mano."))), &Event::CancelledOnPlatform);
    assert_eq!(staff(&state), [(TillSays::Failed, messages::CANCELLED_PERHAPS_THERE)]);
}

#[test]
fn e30_nobody_is_told_that_a_cancelled_order_will_still_be_sent() {
    let state = after(&creating(), &Event::CancelledOnPlatform);
    let state = after(&state, &unreachable(None));
    assert!(staff(&state).iter().all(|(_, message)| *message != messages::STILL_TRYING));
}

#[test]
fn e30_cancelled_on_the_till_tells_staff_and_a_later_acceptance_does_not_confirm() {
    for before in [on_till(false), told(after(&on_till(false), &till(Signal::Accepted)))] {
        let state = after(&before, &Event::CancelledOnPlatform);
        assert_eq!(staff(&state), [(TillSays::Delivered, messages::CANCELLED_BY_CUSTOMER)]);
        let state = after(&told(state), &till(Signal::Closed));
        assert_eq!(customer(&state), []);
        assert_eq!(staff(&state), [(TillSays::Delivered, messages::GOES_ON_THOUGH_OFF)]);
        let quiet = step(&told(state), &till(Signal::Refused), at(3));
        assert_eq!(quiet, None, "the till follows: nothing to say");
    }
}

#[test]
fn e30_a_cancellation_takes_back_what_was_not_yet_said_and_comes_too_late_after_evaso() {
    let state = after(&after(&on_till(false), &till(Signal::Accepted)), &Event::CancelledOnPlatform);
    assert_eq!(customer(&state), []);
    let evaso = told(after(&on_till(false), &till(Signal::Closed)));
    assert_eq!(step(&evaso, &Event::CancelledOnPlatform, at(2)), None);
}

#[test]
fn e03_staff_are_told_three_times_that_nobody_answered_and_nothing_is_refused() {
    let minutes = SignedDuration::from_mins;
    assert_eq!(alert_times(minutes(3)), [minutes(3), minutes(5), minutes(10)]);
    assert_eq!(alert_times(minutes(5)), [minutes(5), minutes(10)]);
    let mut state = on_till(false);
    for (alert, minutes) in [(1, 3), (2, 5), (3, 10)] {
        let deadline = Event::Deadline { alert, minutes };
        state = after(&told(state), &deadline);
        let text = messages::not_answered(minutes);
        assert_eq!(staff(&state), [(TillSays::Delivered, text.as_str())]);
        assert_eq!(step(&state, &deadline, at(2)), None, "each once");
    }
    assert_eq!((state.status, customer(&state)), (Status::New, vec![]));
    let late = Event::Deadline { alert: 2, minutes: 11 };
    assert_eq!(step(&state, &late, at(2)), None);
}

#[test]
fn e03_a_deadline_says_nothing_of_an_order_that_was_answered_or_never_arrived() {
    let deadline = Event::Deadline { alert: 1, minutes: 3 };
    let accepted = told(after(&on_till(false), &till(Signal::Accepted)));
    for state in [accepted, creating(), received(false), told(after(&creating(), &not_sent("x")))] {
        assert_eq!(step(&state, &deadline, at(2)), None);
    }
    assert!(messages::not_answered(1).contains("da 1 minuto "));
}

#[test]
fn e60_a_status_that_the_platform_refuses_is_dropped_its_state_adopted_and_staff_told_once() {
    let state = after(&on_till(false), &till(Signal::Accepted));
    let state = after(&state, &Event::PlatformIsAt { status: Status::Rejected });
    assert_eq!((state.status, customer(&state)), (Status::Rejected, vec![]));
    assert_eq!(staff(&state), [(TillSays::Delivered, messages::disagreement(Status::Rejected).as_str())]);
    assert_eq!(step(&told(state), &Event::PlatformIsAt { status: Status::Rejected }, at(3)), None);
}

#[test]
fn e60_off_on_both_sides_is_no_disagreement() {
    let state = after(&on_till(false), &till(Signal::Refused));
    let state = after(&state, &Event::PlatformIsAt { status: Status::Cancelled });
    assert_eq!((state.status, staff(&state)), (Status::Cancelled, vec![]));
}

#[test]
fn e60_an_order_already_confirmed_on_the_platform_goes_to_the_till_and_is_not_confirmed_again() {
    let mut order = order();
    order.status = Status::Confirmed;
    let state = after(&OrderState::received(&order, at(0)), &intended());
    let state = after(&state, &created());
    assert_eq!(staff(&state).last().unwrap().1, messages::disagreement(Status::Confirmed));
    assert_eq!(step(&told(state), &till(Signal::Accepted), at(2)), None);
}

#[test]
fn e60_an_order_that_the_platform_is_done_with_is_not_sent() {
    for status in [Status::Rejected, Status::Evaso, Status::Cancelled] {
        let mut order = order();
        order.status = status;
        let state = after(&OrderState::received(&order, at(0)), &intended());
        assert_eq!((state.phase, state.pending.len()), (Phase::Withdrawn, 0));
        let state = after(&received(false), &Event::PlatformIsAt { status });
        assert_eq!(state.phase, Phase::Withdrawn);
        assert_eq!(staff(&state), [(TillSays::Failed, messages::done_on_platform(status).as_str())]);
    }
}

#[test]
fn an_order_that_waits_on_the_till_has_its_deadlines_set_once_however_it_came_there() {
    let deadlines = |state: &OrderState| state.pending.iter().filter(|effect| effect.what == What::Deadlines).count();
    let announced = after(&after(&received(false), &intended()), &created());
    let found = after(&received(false), &created());
    let answered = after(&OrderState { status: Status::Confirmed, ..received(false) }, &created());
    assert_eq!([&announced, &found, &answered].map(deadlines), [1, 1, 0]);
}

#[test]
fn staff_are_told_once_of_an_order_that_nobody_closes_and_nobody_looks_at_any_more() {
    let waiting = told(after(&on_till(true), &till(Signal::Accepted)));
    let left = after(&waiting, &Event::LeftAlone);
    assert_eq!(staff(&left), [(TillSays::Delivered, messages::LEFT_ALONE)]);
    assert_eq!((left.status, customer(&left)), (Status::Confirmed, vec![]));
    assert_eq!(step(&told(left), &Event::LeftAlone, at(3)), None);
    let closed = told(after(&on_till(false), &till(Signal::Closed)));
    for state in [closed, received(false), creating(), told(after(&creating(), &not_sent("x")))] {
        assert_eq!(step(&state, &Event::LeftAlone, at(3)), None);
    }
}
