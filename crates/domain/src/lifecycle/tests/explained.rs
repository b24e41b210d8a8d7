//! What the operator reads of an order, in every phase and status.

use crate::{
    lifecycle::{Entry, Event, OrderState, Phase, Signal, explain, in_words, why_not_sent},
    messages,
    order::Status::{self, Cancelled, Confirmed, Evaso, New, Rejected},
    testing::{after, at, created, intended, on_till, received, till, till_id},
};

fn creating() -> Phase {
    after(&received(false), &intended()).phase
}

fn there() -> Phase {
    Phase::OnTill { id: till_id(), since: at(1) }
}

fn in_phase(phase: &Phase, status: Status) -> OrderState {
    OrderState { phase: phase.clone(), status, ..received(false) }
}

#[test]
fn every_phase_and_status_has_one_sentence_of_its_own_that_ends() {
    let phases = [Phase::Received, creating(), there(), Phase::NotOnTill, Phase::Withdrawn];
    let mut sentences = Vec::new();
    for phase in &phases {
        for status in [New, Confirmed, Rejected, Evaso, Cancelled] {
            let sentence = explain(&in_phase(phase, status));
            assert!(sentence.ends_with('.') && sentence.matches('.').count() == 1, "{sentence}");
            sentences.push(sentence);
        }
    }
    sentences.sort();
    sentences.dedup();
    assert_eq!(sentences.len(), 17, "what is different is said differently: {sentences:#?}");
}

#[test]
fn an_order_on_the_till_says_what_it_waits_for() {
    let paid = OrderState { online: true, ..in_phase(&there(), Confirmed) };
    assert_eq!(explain(&paid), "L'ordine è accettato e attende il documento fiscale, perché è pagato online.");
    let here = in_phase(&there(), Confirmed);
    assert_eq!(explain(&here), "L'ordine è accettato e attende che la cassa lo completi.");
    let alerted = OrderState { alerts: 2, ..in_phase(&there(), New) };
    assert!(explain(&alerted).contains("avvisato 2 volte"), "{}", explain(&alerted));
    let refund = OrderState { online: true, ..in_phase(&there(), Rejected) };
    assert!(explain(&refund).contains("rimborsato"), "{}", explain(&refund));
}

#[test]
fn an_order_that_is_tried_says_how_often() {
    let once = after(&received(false), &Event::Unreachable { status: None });
    assert!(explain(&once).starts_with("La cassa non ha risposto (un tentativo)"), "{}", explain(&once));
    let twice = after(&once, &Event::Unreachable { status: None });
    assert!(explain(&twice).contains("(2 tentativi)"), "{}", explain(&twice));
    let unclear = after(&after(&received(false), &intended()), &Event::Unreachable { status: Some(503) });
    assert!(explain(&unclear).contains("si controlla se ce l'ha"), "{}", explain(&unclear));
}

#[test]
fn what_is_still_to_be_done_is_counted() {
    let accepted = after(&on_till(false), &till(Signal::Accepted));
    let left = accepted.pending.len();
    assert!(explain(&OrderState { pending: accepted.pending[..1].to_vec(), ..accepted.clone() }).contains("un'azione"));
    let both = OrderState { pending: [accepted.pending.clone(), accepted.pending.clone()].concat(), ..accepted };
    assert!(explain(&both).contains(&format!("{} azioni", left * 2)), "{}", explain(&both));
}

#[test]
fn why_an_order_was_not_sent_can_be_read_from_its_history_without_its_dishes() {
    assert_eq!(why_not_sent(&received(false)), None);
    let paused = after(&received(false), &Event::NotSent { message: messages::PAUSED.into() });
    assert_eq!(why_not_sent(&paused), Some(messages::PAUSED));
    let dish = after(&received(false), &Event::NotSent { message: messages::unknown_dish("Carbonara") });
    assert_eq!(dish.history.last().unwrap().1, "not-sent:menu");
    assert!(why_not_sent(&dish).unwrap().contains("piatto"));
}

#[test]
fn every_sentence_of_an_order_not_sent_has_a_code_of_its_own() {
    for (code, sentence) in messages::NOT_SENT {
        assert_eq!(messages::not_sent_code(sentence), code);
        assert_eq!(messages::not_sent_sentence(code), sentence);
    }
}

#[test]
fn every_line_of_history_says_who_and_what() {
    let life = [
        intended(),
        Event::Unreachable { status: None },
        created(),
        Event::OtherContent,
        Event::Deadline { alert: 1, minutes: 3 },
        Event::LeftAlone,
        till(Signal::Accepted),
        Event::CustomerNotTold,
        Event::Replayed { attempt: 1, again: false },
        Event::PlatformIsAt { status: Rejected },
        till(Signal::Accepted),
    ];
    let state = life.iter().fold(received(true), |state, event| after(&state, event));
    for Entry(_, code) in &state.history {
        let line = in_words(code);
        assert_ne!(line.what, *code, "{code} has no words");
    }
    assert_eq!(in_words("alert-2").what, "nessuna risposta, avviso 2 allo staff");
    assert_eq!((in_words("replay").who, in_words("a-later-code").what.as_str()), ("operatore", "a-later-code"));
}

#[test]
fn what_follows_a_creation_is_not_said_to_be_left_to_do() {
    let creating = after(&received(false), &intended());
    assert_eq!(creating.pending.len(), 3);
    assert_eq!(explain(&creating), "L'ordine è in corso di invio alla cassa.");
}

#[test]
fn where_the_platform_has_an_order_is_said_in_its_words() {
    for (code, word) in
        [("new", "nuovo"), ("confirmed", "confermato"), ("rejected", "rifiutato"), ("cancelled", "annullato")]
    {
        assert_eq!(in_words(&format!("platform-is-{code}")).what, format!("l'ordine lì risulta «{word}»"));
    }
}
