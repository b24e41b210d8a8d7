//! What the till says and what follows from it.

use super::{customer, staff, told};
use crate::{
    Cents,
    lifecycle::{Event, OrderState, Phase, Signal, TillSays, step},
    messages,
    order::Status,
    testing::{after, at, on_till, received, till, till_because, till_id},
    till::{TillOrder, Workflow},
};

fn seen(workflow: Workflow, processed: bool) -> TillOrder {
    TillOrder {
        id: till_id(),
        external_id: None,
        workflow,
        processed,
        rejection_reason: None,
        sales_point: None,
        amount: None,
    }
}

/// The order after these words of the till, each told before the next.
fn heard(state: OrderState, signals: &[Signal]) -> OrderState {
    signals.iter().fold(state, |state, signal| step(&told(state.clone()), &till(*signal), at(2)).unwrap_or(told(state)))
}

#[test]
fn requested_changes_nothing_for_the_customer() {
    assert_eq!(Signal::of(&seen(Workflow::Requested, false), false, true), Signal::Requested);
    assert_eq!(step(&on_till(false), &till(Signal::Requested), at(2)), None);
}

#[test]
fn the_first_word_of_the_till_is_what_tells_staff_that_it_has_the_order() {
    let state = after(&received(false), &till(Signal::Requested));
    assert_eq!(staff(&state), [(TillSays::Delivered, "")]);
    assert_eq!(customer(&state), []);
}

#[test]
fn s59_s64_acceptance_and_every_state_of_the_kitchen_mean_accepted() {
    use Workflow::{Accepted, Delivering, Processing, Ready, Shipped, Shipping};
    for workflow in [Accepted, Processing, Ready, Shipping, Shipped, Delivering] {
        for online in [false, true] {
            assert_eq!(Signal::of(&seen(workflow, false), online, true), Signal::Accepted);
        }
    }
}

#[test]
fn s59_acceptance_at_the_till_confirms_once() {
    let state = after(&on_till(false), &till(Signal::Accepted));
    assert_eq!(customer(&state), [(Status::Confirmed, "")]);
    assert_eq!(state.status, Status::Confirmed);
    assert_eq!(step(&state, &till(Signal::Accepted), at(3)), None);
    assert_eq!(step(&told(state), &till(Signal::Accepted), at(3)), None);
}

#[test]
fn s61_s62_refusal_at_the_till_rejects_with_the_reason_that_was_typed() {
    let state = after(&on_till(false), &till_because(Signal::Refused, Some(" Forno\n guasto ")));
    assert_eq!(customer(&state), [(Status::Rejected, "Forno guasto")]);
    assert_eq!(staff(&state), []);
}

#[test]
fn e57_an_empty_reason_becomes_a_default_and_a_long_one_is_cut_to_what_the_platform_takes() {
    for empty in [None, Some(""), Some(" \u{0}\n")] {
        let state = after(&on_till(false), &till_because(Signal::Refused, empty));
        assert_eq!(customer(&state), [(Status::Rejected, "Il ristorante non può accettare l'ordine.")]);
    }
    let long = "è".repeat(2000);
    for (from, signal) in [(on_till(false), Signal::Refused), (on_till(false), Signal::Cancelled)] {
        let state = after(&from, &till_because(signal, Some(&long)));
        assert_eq!(customer(&state)[0].1.chars().count(), messages::LONGEST_REASON);
    }
}

#[test]
fn e29_cancelled_or_deleted_at_the_till_is_a_rejection_that_says_so() {
    let state = after(&on_till(false), &till(Signal::Cancelled));
    assert_eq!(customer(&state), [(Status::Rejected, "Ordine annullato dalla cassa.")]);
}

#[test]
fn e05_cancelled_after_confirmation_has_its_own_text_whatever_word_the_till_uses() {
    for signal in [Signal::Cancelled, Signal::Refused] {
        let confirmed = told(after(&on_till(false), &till(Signal::Accepted)));
        let state = after(&confirmed, &till_because(signal, Some("Manca la farina")));
        let text = "Ordine annullato dalla cassa dopo la conferma: Manca la farina";
        assert_eq!(customer(&state), [(Status::Rejected, text)]);
        assert_eq!(staff(&state), [], "paid at the restaurant: nothing to give back");
    }
}

#[test]
fn e05_e29_a_prepaid_order_that_is_refused_or_cancelled_is_flagged_for_refund() {
    let confirmed = told(after(&on_till(true), &till(Signal::Accepted)));
    for (from, signal) in
        [(on_till(true), Signal::Refused), (on_till(true), Signal::Cancelled), (confirmed, Signal::Cancelled)]
    {
        assert_eq!(staff(&after(&from, &till(signal))), [(TillSays::Delivered, messages::REFUND_DUE)]);
    }
}

#[test]
fn s65_e24_completed_and_paid_at_the_restaurant_is_evaso_without_a_document() {
    assert_eq!(Signal::of(&seen(Workflow::Completed, false), false, true), Signal::Closed);
    let confirmed = told(after(&on_till(false), &till(Signal::Accepted)));
    assert_eq!(customer(&after(&confirmed, &till(Signal::Closed))), [(Status::Evaso, "")]);
}

#[test]
fn e08_completed_without_acceptance_confirms_first_and_is_evaso_then() {
    let state = after(&on_till(false), &till(Signal::Closed));
    assert_eq!(customer(&state), [(Status::Confirmed, ""), (Status::Evaso, "")]);
}

#[test]
fn s67_s68_completed_without_document_waits_when_prepaid() {
    assert_eq!(Signal::of(&seen(Workflow::Completed, false), true, true), Signal::AwaitingDocument);
    let state = after(&on_till(true), &till(Signal::AwaitingDocument));
    assert_eq!((customer(&state), staff(&state)), (vec![(Status::Confirmed, "")], vec![]), "no refund is due");
    assert_eq!(step(&told(state), &till(Signal::AwaitingDocument), at(3)), None);
}

#[test]
fn e23_document_and_completion_in_any_order_are_evaso_once() {
    let (completed, document) = (Signal::AwaitingDocument, Signal::Closed);
    for words in [vec![completed, document], vec![document, completed], vec![completed, document, completed, document]]
    {
        let state = heard(on_till(true), &words);
        assert_eq!(state.status, Status::Evaso, "{words:?}");
        let evaso = state.history.iter().filter(|entry| entry.1 == "evaso").count();
        assert_eq!(evaso, 1, "{words:?}");
    }
}

#[test]
fn processed_is_the_document_of_a_prepaid_order_only_behind_the_switch() {
    for workflow in [Workflow::Completed, Workflow::Accepted, Workflow::Unknown] {
        assert_eq!(Signal::of(&seen(workflow, true), true, true), Signal::Closed);
        assert_eq!(Signal::of(&seen(workflow, true), false, false), Signal::Closed, "paid at the restaurant: no gate");
    }
    assert_eq!(Signal::of(&seen(Workflow::Completed, true), true, false), Signal::AwaitingDocument);
    assert_eq!(Signal::of(&seen(Workflow::Accepted, true), true, false), Signal::Accepted);
}

#[test]
fn a_refusal_or_cancellation_outweighs_processed() {
    assert_eq!(Signal::of(&seen(Workflow::Rejected, true), false, true), Signal::Refused);
    assert_eq!(Signal::of(&seen(Workflow::Canceled, true), true, true), Signal::Cancelled);
}

#[test]
fn a_document_of_a_refused_order_is_not_evaso_and_staff_hear_of_it() {
    let refused = told(after(&on_till(false), &till(Signal::Refused)));
    let state = after(&refused, &till(Signal::Closed));
    assert_eq!(customer(&state), []);
    assert_eq!(staff(&state), [(TillSays::Delivered, messages::GOES_ON_THOUGH_OFF)]);
}

#[test]
fn e06_accepted_after_refused_tells_staff_once_and_never_the_customer() {
    let refused = told(after(&on_till(false), &till(Signal::Refused)));
    let state = after(&refused, &till(Signal::Accepted));
    assert_eq!((customer(&state), staff(&state).len()), (vec![], 1));
    assert_eq!(step(&told(state), &till(Signal::Accepted), at(3)), None);
}

#[test]
fn e07_a_backward_word_unsends_nothing_and_evaso_is_never_repeated() {
    let evaso = heard(on_till(false), &[Signal::Accepted, Signal::Closed]);
    for signal in Signal::ALL {
        assert_eq!(step(&told(evaso.clone()), &till(signal), at(3)), None, "{signal:?}");
    }
}

#[test]
fn e09_a_late_or_repeated_word_changes_nothing() {
    let confirmed = told(after(&on_till(false), &till(Signal::Accepted)));
    for signal in [Signal::Requested, Signal::Accepted, Signal::AwaitingDocument, Signal::Unknown] {
        assert_eq!(step(&confirmed, &till(signal), at(3)), None, "{signal:?}");
    }
}

#[test]
fn an_unknown_word_keeps_the_state() {
    assert_eq!(Signal::of(&seen(Workflow::Unknown, false), false, true), Signal::Unknown);
    assert_eq!(step(&on_till(false), &till(Signal::Unknown), at(2)), None);
}

#[test]
fn e28_another_total_at_the_till_is_told_to_staff_once_and_not_to_the_customer() {
    let edited = Event::Till { signal: Signal::Accepted, id: till_id(), reason: None, amount: Some(Cents(1050)) };
    let state = after(&on_till(false), &edited);
    let text =
        "L'ordine è stato modificato sulla cassa: totale 10,50 € invece di 9,00 €. Il cliente non è stato avvisato.";
    assert_eq!(staff(&state), [(TillSays::Delivered, text)]);
    assert_eq!(customer(&state), [(Status::Confirmed, "")]);
    assert_eq!(step(&told(state), &edited, at(3)), None);
}

#[test]
fn e27_a_refund_after_the_close_is_recorded_and_reopens_nothing() {
    let evaso = heard(on_till(false), &[Signal::Accepted, Signal::Closed]);
    let refund = Event::Till { signal: Signal::Closed, id: till_id(), reason: None, amount: Some(Cents(400)) };
    let state = after(&told(evaso), &refund);
    assert_eq!((state.status, customer(&state), staff(&state).len()), (Status::Evaso, vec![], 1));
    assert_eq!(state.total, Cents(900));
    assert!(!told(state).is_open());
}

#[test]
fn e01_a_word_that_comes_before_the_creation_returned_settles_the_creation() {
    let creating = after(&received(false), &crate::testing::intended());
    let state = after(&creating, &till(Signal::Accepted));
    assert!(matches!(state.phase, Phase::OnTill { .. }));
    assert_eq!(customer(&state), [(Status::Confirmed, "")]);
    assert_eq!(step(&state, &crate::testing::created(), at(3)), None);
}
