use super::*;
use crate::order::examples::{key, order, stored};
use domain::lifecycle::{Effect, TillSays};

fn rome() -> TimeZone {
    TimeZone::get("Europe/Rome").unwrap()
}

fn at_till(workflow: Workflow, amount: i64) -> Result<Option<TillOrder>, String> {
    Ok(Some(TillOrder {
        id: domain::TillOrderId::parse("till-1").unwrap(),
        external_id: None,
        workflow,
        processed: false,
        rejection_reason: None,
        sales_point: None,
        amount: Some(Cents(amount)),
    }))
}

#[test]
fn an_order_on_the_till_reads_as_its_story_and_what_both_sides_believe() {
    let stored =
        stored("on_till", "confirmed", &[(0, "received"), (800, "intent"), (2_100, "on-till"), (185_000, "confirmed")]);
    let shown =
        Shown::of(&key(), &stored, &Ok(Some(order("confirmed"))), Some(&at_till(Workflow::Accepted, 1900)), rome());
    insta::assert_snapshot!(as_text(&shown), @r"
    Ordine 1001 (o-1) di rest-1, 19,00 €
    L'ordine è accettato e attende che la cassa lo completi.

     quando          dopo        chi          che cosa
     24/11 19:00:00              piattaforma  ordine arrivato
     24/11 19:00:00  +0,8 s      ponte        pronto per la cassa, invio registrato
     24/11 19:00:02  +1,3 s      cassa        ordine arrivato in cassa
     24/11 19:03:05  +3 min 2 s  cassa        accettato

    qui          confermato, in cassa
    piattaforma  confermato, 19,00 €
    cassa        ACCEPTED, senza documento, 19,00 €
    tentativi    0
    ");
}

#[test]
fn an_order_not_sent_says_what_staff_were_told_and_that_a_side_does_not_answer() {
    let stored = stored("not_on_till", "new", &[(0, "received"), (60_000, "not-sent:paused")]);
    let shown =
        Shown::of(&key(), &stored, &Err("the platform did not answer as it should (timeout)".into()), None, rome());
    insta::assert_snapshot!(as_text(&shown), @r"
    Ordine 1001 (o-1) di rest-1, 19,00 €
    L'ordine non è in cassa e non verrà inviato: lo staff deve inserirlo a mano.
    Detto allo staff: Integrazione in pausa: l'ordine non è stato inviato alla cassa. Inseriscilo a mano sulla cassa.

     quando          dopo        chi          che cosa
     24/11 19:00:00              piattaforma  ordine arrivato
     24/11 19:01:00  +1 min 0 s  ponte        non inviato: Integrazione in pausa: l'ordine non è stato inviato alla cassa. Inseriscilo a mano sulla cassa.

    qui          nuovo, non in cassa
    piattaforma  non risponde (the platform did not answer as it should (timeout))
    cassa        non interrogata: non risulta in cassa
    tentativi    0
    ");
}

#[test]
fn what_is_not_in_step_is_pointed_out_with_what_is_left_to_do() {
    let mut stored = stored("on_till", "confirmed", &[(0, "received")]);
    let staff = What::Staff { state: TillSays::Delivered, message: String::new() };
    stored.state.pending.push(Effect { seq: 0, at: Timestamp::UNIX_EPOCH, what: staff });
    stored.parked.insert("look-again".into());
    stored.leased_until = Some(Timestamp::from_millisecond(1_795_543_230_000).unwrap());
    let shown = Shown::of(&key(), &stored, &Ok(Some(order("new"))), Some(&at_till(Workflow::Unknown, 1800)), rome());
    insta::assert_snapshot!(as_text(&shown), @r"
    Ordine 1001 (o-1) di rest-1, 19,00 €
    L'ordine è accettato e attende che la cassa lo completi; resta un'azione da compiere.

     quando          dopo  chi          che cosa
     24/11 19:00:00        piattaforma  ordine arrivato

    qui          confermato, in cassa
    piattaforma  nuovo, 19,00 €
    cassa        UNKNOWN, senza documento, 18,00 €
    tentativi    0
    attenzione: la piattaforma dà l'ordine per «nuovo», qui è «confermato»
    attenzione: la cassa usa uno stato che questa versione non conosce
    attenzione: il totale sulla cassa è diverso
    da fare: dire allo staff che l'ordine è in cassa
    in attesa: look-again
    preso in carico fino alle 19:00:30
    ");
    let gone = Shown::of(&key(), &stored, &Ok(None), Some(&Ok(None)), rome());
    assert_eq!(gone.differences, ["la piattaforma non conosce l'ordine", "la cassa non ha più l'ordine"]);
}

#[test]
fn spans_are_said_in_the_units_that_matter() {
    assert_eq!([900, 12_000, 185_000, 7_500_000].map(span), ["0,9 s", "12 s", "3 min 5 s", "2 h 5 min"]);
}

#[test]
fn an_order_in_json_has_no_personal_data_and_its_codes() {
    let stored = stored("on_till", "confirmed", &[(0, "received"), (800, "intent")]);
    let shown = Shown::of(&key(), &stored, &Ok(Some(order("confirmed"))), None, rome());
    let json = serde_json::to_value(&shown).unwrap();
    assert_eq!((&json["timeline"][1]["code"], &json["timeline"][1]["after_ms"]), (&"intent".into(), &800.into()));
    assert!(!json.to_string().contains("Cliente"), "{json}");
}
