//! The state of an order in words, for the person who operates Ponte.

use super::{OrderState, Phase, step::NOT_SENT};
use crate::{messages, order::Status};

/// One line of history in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Who caused it: `piattaforma`, `cassa`, `cliente`, `ponte` or `operatore`.
    pub who: &'static str,
    /// What happened.
    pub what: String,
}

/// Where an order stands and what it waits for, in one Italian sentence.
#[must_use]
pub fn explain(state: &OrderState) -> String {
    let stands = match &state.phase {
        Phase::Received => on_its_way(state),
        Phase::Creating { .. } => in_creation(state),
        Phase::OnTill { .. } => on_till(state),
        Phase::NotOnTill => not_on_till(state),
        Phase::Withdrawn => withdrawn(state.status).to_owned(),
    };
    let left = match state.pending.len() {
        // What follows a creation waits for it by itself.
        _ if matches!(state.phase, Phase::Creating { .. }) => String::new(),
        0 => String::new(),
        1 => "; resta un'azione da compiere".to_owned(),
        left => format!("; restano {left} azioni da compiere"),
    };
    let is_double = state.by_hand && state.is_alive() && matches!(state.phase, Phase::OnTill { .. });
    let double = if is_double { "; se lo staff l'ha inserito a mano, sulla cassa ce ne sono due" } else { "" };
    format!("{stands}{double}{left}.")
}

/// Why the order was not sent, as staff were told at last; none if they were not.
#[must_use]
pub fn why_not_sent(state: &OrderState) -> Option<&'static str> {
    let code = state.history.iter().rev().find_map(|entry| entry.1.strip_prefix(NOT_SENT))?;
    Some(messages::not_sent_sentence(code))
}

fn on_its_way(state: &OrderState) -> String {
    match (state.is_alive(), state.attempts, state.by_hand) {
        (false, ..) => "L'ordine non è più atteso dal cliente e non verrà inviato alla cassa".to_owned(),
        (true, 0, false) => "L'ordine è arrivato e sta per essere inviato alla cassa".to_owned(),
        (true, 0, true) => "Un operatore fa inviare di nuovo l'ordine alla cassa".to_owned(),
        (true, times, _) => {
            format!("La cassa non ha risposto ({}) e l'ordine viene ancora provato", often(times))
        }
    }
}

fn in_creation(state: &OrderState) -> String {
    match (state.is_alive(), state.attempts) {
        (false, _) => {
            "L'ordine non è più atteso dal cliente: si controlla soltanto se la cassa l'ha ricevuto".to_owned()
        }
        (true, 0) => "L'ordine è in corso di invio alla cassa".to_owned(),
        (true, times) => format!(
            "La cassa non ha dato una risposta chiara ({}): prima di inviare di nuovo l'ordine si controlla se ce l'ha",
            often(times)
        ),
    }
}

fn on_till(state: &OrderState) -> String {
    let refund = if state.online { ", e il cliente va rimborsato" } else { "" };
    match (state.status, state.alerts, state.online) {
        (Status::New, 0, _) => "L'ordine è in cassa e attende la risposta del ristorante".to_owned(),
        (Status::New, 1, _) => "L'ordine è in cassa e nessuno ha risposto: lo staff è stato avvisato".to_owned(),
        (Status::New, alerts, _) => {
            format!("L'ordine è in cassa e nessuno ha risposto: lo staff è stato avvisato {alerts} volte")
        }
        (Status::Confirmed, _, true) => {
            "L'ordine è accettato e attende il documento fiscale, perché è pagato online".to_owned()
        }
        (Status::Confirmed, _, false) => "L'ordine è accettato e attende che la cassa lo completi".to_owned(),
        (Status::Rejected, ..) => format!("L'ordine è rifiutato o annullato dalla cassa{refund}"),
        (Status::Evaso, ..) => "L'ordine è evaso: non c'è più nulla da fare".to_owned(),
        (Status::Cancelled, ..) => {
            "L'ordine è annullato dal cliente ma è in cassa, dove lo annulla una persona".to_owned()
        }
    }
}

fn not_on_till(state: &OrderState) -> String {
    let off = match state.status {
        Status::New | Status::Confirmed => {
            return "L'ordine non è in cassa e non verrà inviato: lo staff deve inserirlo a mano".to_owned();
        }
        Status::Rejected => "è rifiutato",
        Status::Evaso => "è evaso sulla piattaforma",
        Status::Cancelled => "è annullato dal cliente",
    };
    format!("L'ordine non è stato inviato alla cassa e intanto {off}: se lo staff l'ha inserito a mano, va controllato")
}

fn withdrawn(status: Status) -> &'static str {
    match status {
        Status::New | Status::Confirmed => {
            "L'ordine è stato ritirato prima dell'invio, ma la piattaforma lo dà ancora per valido: va controllato"
        }
        Status::Rejected => "L'ordine è stato rifiutato sulla piattaforma prima di arrivare in cassa",
        Status::Evaso => "L'ordine è stato chiuso sulla piattaforma prima di arrivare in cassa",
        Status::Cancelled => "L'ordine è stato annullato dal cliente prima di arrivare in cassa",
    }
}

fn often(times: u8) -> String {
    if times == 1 { "un tentativo".to_owned() } else { format!("{times} tentativi") }
}

/// A line of history in words. A code of a version to come is shown as it is.
#[must_use]
pub fn in_words(code: &str) -> Line {
    let (who, what) = match code {
        "received" => ("piattaforma", "ordine arrivato"),
        "cancelled" => ("cliente", "ordine annullato"),
        "other-content" => ("piattaforma", "lo stesso ordine è arrivato con contenuto diverso"),
        "not-told" => ("piattaforma", "uno stato per il cliente è stato rifiutato"),
        "intent" => ("ponte", "pronto per la cassa, invio registrato"),
        "off" => ("ponte", "non più valido, non inviato"),
        "absent" => ("cassa", "letta: l'ordine non c'è"),
        "unreachable" => ("cassa", "non risponde"),
        "on-till" => ("cassa", "ordine arrivato in cassa"),
        "edited" => ("cassa", "totale modificato"),
        "left-alone" => ("ponte", "nessuno lo chiude: non viene più controllato"),
        "goes-on-though-off" => ("cassa", "va avanti con un ordine che per il cliente è chiuso"),
        "confirmed" => ("cassa", "accettato"),
        "rejected" => ("cassa", "rifiutato o annullato"),
        "evaso" => ("cassa", "chiuso"),
        "replay" => ("operatore", "fa riprovare l'ordine"),
        "replay-again" => ("operatore", "fa inviare di nuovo un ordine dato per non inviato"),
        other => return of_several(other),
    };
    Line { who, what: what.to_owned() }
}

fn of_several(code: &str) -> Line {
    if let Some(why) = code.strip_prefix(NOT_SENT) {
        return Line { who: "ponte", what: format!("non inviato: {}", messages::not_sent_sentence(why)) };
    }
    if let Some(alert) = code.strip_prefix("alert-") {
        return Line { who: "ponte", what: format!("nessuna risposta, avviso {alert} allo staff") };
    }
    if let Some(status) = code.strip_prefix("platform-is-") {
        return Line { who: "piattaforma", what: format!("l'ordine lì risulta «{}»", status_in_words(status)) };
    }
    Line { who: "ponte", what: code.to_owned() }
}

fn status_in_words(status: &str) -> &str {
    match status {
        "new" => "nuovo",
        "confirmed" => "confermato",
        "rejected" => "rifiutato",
        "cancelled" => "annullato",
        other => other,
    }
}
