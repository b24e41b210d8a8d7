//! Every sentence that restaurant staff or customers read, in Italian, in one place.

use crate::{Cents, order::Status};

/// The longest reason that the platform takes.
pub const LONGEST_REASON: usize = 500;

/// While the till cannot be reached and the order is still being tried.
pub const STILL_TRYING: &str = "La cassa non risponde: l'ordine verrà inviato appena possibile. Non inserirlo a mano finché non viene segnalato come non inviato.";
/// The tenant is paused.
pub const PAUSED: &str =
    "Integrazione in pausa: l'ordine non è stato inviato alla cassa. Inseriscilo a mano sulla cassa.";
/// The customer called it off before it was sent.
pub const WITHDRAWN: &str = "Annullato dal cliente prima di arrivare in cassa: non c'è nulla da fare.";
/// The customer called it off and the till has it; the till has no cancel call.
pub const CANCELLED_BY_CUSTOMER: &str = "Annullato dal cliente: annulla l'ordine anche sulla cassa e non prepararlo.";
/// The till goes on with an order that the customer believes off (E06, E30).
pub const GOES_ON_THOUGH_OFF: &str = "Attenzione: l'ordine va avanti sulla cassa, ma al cliente risulta annullato o rifiutato. Contatta il cliente e chiudi l'ordine sulla cassa.";
/// Nobody has closed it at the till for so long that Ponte stops looking.
pub const LEFT_ALONE: &str = "Dopo tre giorni l'ordine risulta ancora aperto sulla cassa e non viene più controllato: chiudilo sulla cassa, oppure aggiornalo qui.";
/// The platform refused to take a status.
pub const CUSTOMER_NOT_TOLD: &str = "La piattaforma non ha accettato lo stato dell'ordine e il cliente non è stato avvisato: avvisalo e controlla l'ordine.";
/// A prepaid order was refused or cancelled.
pub const REFUND_DUE: &str = "Ordine pagato online, poi rifiutato o annullato: il cliente va rimborsato.";
/// The same order came again with other content (E04).
pub const OTHER_CONTENT: &str =
    "L'ordine è arrivato due volte con contenuto diverso: sulla cassa vale il primo. Verifica con il cliente.";
/// The same, of an order that is not on the till (E04).
pub const OTHER_CONTENT_NOT_SENT: &str = "L'ordine è arrivato due volte con contenuto diverso e non è in cassa. Verifica con il cliente, poi inseriscilo a mano sulla cassa.";
/// Staff were told to enter it by hand, and then the till had it after all.
pub const THERE_AFTER_ALL: &str = "L'ordine è comunque arrivato in cassa: se l'hai già inserito a mano, annullane uno.";
/// The customer called it off while it was not known whether the till had it.
pub const CANCELLED_PERHAPS_THERE: &str =
    "Annullato dal cliente: se trovi l'ordine in cassa, annullalo e non prepararlo.";
/// The creation was ambiguous and the till says both «already there» and «not there».
pub const CONFLICT_NOT_FOUND: &str = "La cassa dice di avere già l'ordine, ma non lo mostra. Controlla gli ordini sulla cassa; se non c'è, inseriscilo a mano.";
/// The wished time is too long ago (E47).
pub const TOO_OLD: &str = "La cassa non ha risposto in tempo e l'ordine è ormai vecchio: non verrà più inviato. Contatta il cliente e, se serve, inseriscilo a mano sulla cassa.";
/// The API key or the licence is refused (E45).
pub const KEY_REFUSED: &str = "La cassa rifiuta la chiave API o la licenza: l'ordine non è stato inviato. Inseriscilo a mano e controlla la chiave in Impostazioni > Account > API.";
/// Repeated faults that may hide a bad request.
pub const TILL_FAULT: &str = "La cassa risponde più volte con lo stesso errore: l'ordine non è stato inviato. Inseriscilo a mano sulla cassa e avvisa l'assistenza.";
/// Over the till's 100 KB even with the shortest notes (E42).
pub const TOO_LARGE: &str =
    "L'ordine è troppo grande per la cassa e non è stato inviato: inseriscilo a mano sulla cassa.";
/// A stale id (S17, S37).
pub const STALE_ID: &str = "La cassa non riconosce un articolo o un codice dell'ordine, che non è stato inviato. Inseriscilo a mano e aggiorna il menù.";
/// The till refused the order: most likely a limit or a time (S41-S44, E34).
pub const REFUSED_BY_TILL: &str = "La cassa rifiuta l'ordine, forse per un limite di ordini, di importo o di orario (cassa: Impostazioni > Ordini). Inseriscilo a mano sulla cassa e togli il limite.";
/// The lines do not add up to the total.
pub const SUM_IS_WRONG: &str = "Il totale dell'ordine non corrisponde alla somma delle righe: non è stato inviato alla cassa. Verifica l'ordine e inseriscilo a mano.";
/// The discounts are more than the order.
pub const DISCOUNT_TOO_LARGE: &str = "Lo sconto supera il valore dell'ordine, che non è stato inviato alla cassa. Verifica l'ordine e inseriscilo a mano.";
/// An operator has an order sent of which staff were told to enter it by hand.
pub const TRIED_AGAIN: &str = "L'assistenza fa inviare di nuovo l'ordine alla cassa: non inserirlo a mano. Se l'hai già inserito, sulla cassa ce ne saranno due: annullane uno.";
/// The customer record could not be written; the order went without it.
pub const WITHOUT_CUSTOMER: &str = "Ordine arrivato in cassa senza l'anagrafica del cliente: la cassa l'ha rifiutata.";
/// Several till customers fit; the oldest was used.
pub const AMBIGUOUS_CUSTOMER: &str = "In cassa ci sono più clienti con questi dati: è stato usato il più vecchio.";

/// The sentences of orders that are not sent, each with the short code that the order's history keeps.
pub const NOT_SENT: [(&str, &str); 10] = [
    ("paused", PAUSED),
    ("too-old", TOO_OLD),
    ("key", KEY_REFUSED),
    ("fault", TILL_FAULT),
    ("too-large", TOO_LARGE),
    ("stale-id", STALE_ID),
    ("refused", REFUSED_BY_TILL),
    ("sum", SUM_IS_WRONG),
    ("discount", DISCOUNT_TOO_LARGE),
    ("conflict", CONFLICT_NOT_FOUND),
];

/// The short code of a sentence of [`NOT_SENT`]; of one that names a dish or a sales mode, `menu`: the name stays out of
/// the history.
#[must_use]
pub fn not_sent_code(sentence: &str) -> &'static str {
    NOT_SENT.iter().find(|(_, known)| *known == sentence).map_or("menu", |(code, _)| code)
}

/// What staff were told, by its short code.
#[must_use]
pub fn not_sent_sentence(code: &str) -> &'static str {
    let menu = "Un piatto o la modalità di vendita dell'ordine manca sulla cassa o non può essere inviato: inserisci l'ordine a mano.";
    NOT_SENT.iter().find(|(known, _)| *known == code).map_or(menu, |(_, sentence)| sentence)
}

/// The reason of a refusal as the customer reads it: what was typed, or a default (S62, E57).
#[must_use]
pub fn refusal(typed: Option<&str>) -> String {
    match clean(typed) {
        Some(reason) => reason,
        None => "Il ristorante non può accettare l'ordine.".to_owned(),
    }
}

/// The reason of a cancellation, told apart from a refusal (E05).
#[must_use]
pub fn cancellation(typed: Option<&str>, after_confirmation: bool) -> String {
    let what = if after_confirmation {
        "Ordine annullato dalla cassa dopo la conferma"
    } else {
        "Ordine annullato dalla cassa"
    };
    match clean(typed) {
        Some(reason) => crate::notes::cut(&format!("{what}: {reason}"), LONGEST_REASON).to_owned(),
        None => format!("{what}."),
    }
}

/// What was typed, clean and within the platform's length.
fn clean(typed: Option<&str>) -> Option<String> {
    let text = crate::notes::clean(typed?);
    let text = crate::notes::cut(&text, LONGEST_REASON).trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Nobody answered the order at the till.
#[must_use]
pub fn not_answered(minutes: i64) -> String {
    let word = if minutes == 1 { "minuto" } else { "minuti" };
    format!("L'ordine è in cassa da {minutes} {word} e nessuno ha risposto: accettalo o rifiutalo sulla cassa.")
}

/// The total at the till is another (E28).
#[must_use]
pub fn edited(at_till: Cents, at_platform: Cents) -> String {
    format!(
        "L'ordine è stato modificato sulla cassa: totale {} invece di {}. Il cliente non è stato avvisato.",
        at_till.in_italian(),
        at_platform.in_italian()
    )
}

/// The platform had the order elsewhere.
#[must_use]
pub fn disagreement(status: Status) -> String {
    let is = state(status);
    format!(
        "Sulla piattaforma l'ordine è {is}, sulla cassa no: allinea la cassa. Gli ordini si gestiscono solo dalla cassa."
    )
}

/// The platform was done with the order before it was sent (S57, E60).
#[must_use]
pub fn done_on_platform(status: Status) -> String {
    format!(
        "Sulla piattaforma l'ordine è {}: non è stato inviato alla cassa. Gli ordini si gestiscono solo dalla cassa.",
        state(status)
    )
}

fn state(status: Status) -> &'static str {
    match status {
        Status::New => "ancora nuovo",
        Status::Confirmed => "già confermato",
        Status::Rejected => "già rifiutato",
        Status::Evaso => "già evaso",
        Status::Cancelled => "già annullato",
    }
}

/// A dish that the till does not have (S17, E13).
#[must_use]
pub fn unknown_dish(name: &str) -> String {
    format!(
        "«{name}» non esiste più sulla cassa: l'ordine non è stato inviato. Contatta il cliente, poi inserisci l'ordine a mano."
    )
}

/// A dish with variants of the till, which cannot be sold by id alone (S32).
#[must_use]
pub fn dish_with_variants(name: &str) -> String {
    format!(
        "«{name}» ha varianti sulla cassa e non può essere inviato: inserisci l'ordine a mano e usa aggiunte e rimozioni al posto delle varianti."
    )
}

/// A dish that the till cannot sell, sent as the generic product (E13).
#[must_use]
pub fn sold_as_generic(name: &str) -> String {
    format!("«{name}» non è più vendibile sulla cassa: nell'ordine è un articolo generico, con il nome nella nota.")
}

/// A dish that was taken off sale at the till while it was in the cart (E14).
#[must_use]
pub fn off_sale(name: &str) -> String {
    format!(
        "«{name}» è stato tolto dalla vendita sulla cassa, forse è esaurito: accetta l'ordine solo se puoi prepararlo."
    )
}

/// An addition or removal that the till no longer has (E15).
#[must_use]
pub fn option_gone(option: &str, dish: &str) -> String {
    format!(
        "«{option}» non esiste più sulla cassa per «{dish}»: nell'ordine è scritto nella nota, e il prezzo è compreso."
    )
}

/// The sales mode that prices the order is missing (S26, S27).
#[must_use]
pub fn no_sales_mode(name: &str) -> String {
    format!(
        "Sulla cassa manca la modalità di vendita «{name}»: l'ordine non è stato inviato. Inseriscilo a mano e crea la modalità in Configurazione > Modalità di vendita."
    )
}

/// A fee for which no product was agreed, folded into the last row (E22).
#[must_use]
pub fn fee_in_last_row(name: &str, amount: Cents) -> String {
    format!(
        "Il supplemento «{name}» ({}) è compreso nell'ultima riga: crea sulla cassa un articolo per i supplementi e comunicalo all'assistenza.",
        amount.in_italian()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_for_staff_names_what_it_is_about_and_says_so_differently() {
        let about_a_dish = [unknown_dish, dish_with_variants, sold_as_generic, off_sale].map(|of| of("Carbonara"));
        assert!(about_a_dish.iter().all(|text| text.starts_with("«Carbonara» ")), "{about_a_dish:?}");
        let option = option_gone("Bufala", "Carbonara");
        assert!(option.starts_with("«Bufala» ") && option.contains("«Carbonara»"), "{option}");
        assert!(no_sales_mode("asporto").contains("«asporto»"));
        let distinct: std::collections::HashSet<&String> = about_a_dish.iter().collect();
        assert_eq!(distinct.len(), 4);
    }

    #[test]
    fn where_the_platform_has_an_order_is_in_the_sentence() {
        let words = [
            (Status::New, "ancora nuovo"),
            (Status::Confirmed, "già confermato"),
            (Status::Rejected, "già rifiutato"),
            (Status::Evaso, "già evaso"),
            (Status::Cancelled, "già annullato"),
        ];
        for (status, word) in words {
            for text in [disagreement(status), done_on_platform(status)] {
                assert!(text.starts_with(&format!("Sulla piattaforma l'ordine è {word}")), "{text}");
            }
        }
    }
}
