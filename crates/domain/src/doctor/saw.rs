//! What a check saw, and the sentence for it in both languages.

use super::{Lang, observed::Unseen};
use crate::order::Service;
use std::fmt;

/// Whom something was to be seen at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// Cassa in Cloud.
    Till,
    /// Plateform.
    Platform,
    /// Ponte's own tables.
    Ponte,
}

/// Names of things, of which a sentence shows the first few.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

/// As many names as a sentence shows.
const SHOWN: usize = 5;

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<String> = self.0.iter().take(SHOWN).map(|name| format!("«{name}»")).collect();
        f.write_str(&shown.join(", "))?;
        match self.0.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            others => write!(f, " (+{others})"),
        }
    }
}

/// What a check saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saw {
    /// Nothing, and why.
    NotSeen(Party, Unseen),
    /// The key gave a token and was answered.
    KeyWorks,
    /// The key is refused with this status.
    KeyRefused(u16),
    /// Something of ours is on the till.
    Written,
    /// Nothing of ours is known to be on the till.
    NeverWritten,
    /// The sales point is the key's and has its licence.
    SalesPoint {
        /// The till's number.
        id: i64,
        /// Its name.
        name: String,
    },
    /// The sales point has no active licence.
    NoLicence(i64),
    /// The sales point is not the key's.
    SalesPointMissing {
        /// The till's number.
        id: i64,
        /// Those that the key has.
        others: Names,
    },
    /// The sales mode is there once.
    ModeFound(String),
    /// The sales mode is there more than once.
    ModeTwice(String),
    /// The sales mode is not there.
    ModeMissing {
        /// The name wanted.
        name: String,
        /// Names that are nearly so.
        near: Names,
    },
    /// A sales mode is missing, so that nothing can be said of prices.
    NoModes,
    /// So many dishes on sale have both prices.
    AllPriced(usize),
    /// Can be ordered for nothing.
    ForNothing(Names),
    /// No price in either service.
    NoPrice(Names),
    /// A price in one service only.
    OnePrice(Names),
    /// So many dishes are on the channel with their categories.
    OnChannel(usize),
    /// Nothing is on the channel.
    NothingOnChannel,
    /// A category is off the channel, so many of its articles are on it.
    CategoryOff {
        /// Its name.
        category: String,
        /// How many of its articles are on the channel.
        dishes: usize,
    },
    /// No article on the channel has variants.
    NoVariants,
    /// Articles with variants.
    Variants(Names),
    /// The platform sells nothing that the till does not have.
    NoGhosts,
    /// The platform sells what the till does not have.
    Ghosts(Names),
    /// So many entries are deactivated on the platform and not on the till.
    Waiting(usize),
    /// The till's pages did not fit together.
    TornMenu,
    /// The till's API says nothing about limits.
    LimitsNotReadable,
    /// Every needed event has a webhook.
    WebhooksReady,
    /// No webhook leads here.
    NoWebhook {
        /// How the address ends.
        path: String,
        /// How many lead elsewhere.
        others: usize,
    },
    /// An event has no webhook.
    EventMissing(String),
    /// The webhooks of an event are paused.
    EventPaused(String),
    /// So many changes in a row were found by polling alone.
    NotPushed(u32),
    /// The till has called with news.
    Pushed,
    /// No secret is stored.
    NoSecret,
    /// A service with its menu.
    ServiceReady(Service),
    /// A service without a menu.
    ServiceWithoutMenu(Service),
    /// The restaurant offers no service.
    NoServices,
    /// A whole pass has been applied.
    Synced,
    /// The platform holds a menu and no pass has been applied.
    MenuBefore,
    /// The platform holds nothing.
    PlatformEmpty,
    /// How many seconds a clock is ahead of ours.
    Clock {
        /// Whose.
        party: Party,
        /// Seconds; negative is behind.
        ahead: i64,
    },
    /// An order of ours is on the till now.
    OrderOnTill,
    /// No order of ours is on the till now.
    NoOrderSeen,
}

impl Party {
    fn text(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Till, Lang::It) => "cassa",
            (Self::Till, Lang::En) => "till",
            (Self::Platform, _) => "Plateform",
            (Self::Ponte, _) => "Ponte",
        }
    }
}

impl Unseen {
    fn text(&self, lang: Lang) -> String {
        let (it, en) = match self {
            Self::Refused(status) => (format!("accesso rifiutato ({status})"), format!("access refused ({status})")),
            Self::Late => ("nessuna risposta in tempo".to_owned(), "no answer in time".to_owned()),
            Self::NoCalls => (
                "chiamate di questi dieci minuti esaurite".to_owned(),
                "the calls of these ten minutes are used up".to_owned(),
            ),
            Self::NoAnswer(why) => (format!("nessuna risposta utile ({why})"), format!("no usable answer ({why})")),
            Self::NotOffered => ("dato non offerto dall'API".to_owned(), "not offered by the API".to_owned()),
        };
        pick(lang, it, en)
    }
}

fn pick(lang: Lang, it: String, en: String) -> String {
    match lang {
        Lang::It => it,
        Lang::En => en,
    }
}

fn service(service: Service, lang: Lang) -> &'static str {
    match (service, lang) {
        (Service::Takeaway, Lang::It) => "asporto",
        (Service::Takeaway, Lang::En) => "take-away",
        (Service::Delivery, Lang::It) => "consegna",
        (Service::Delivery, Lang::En) => "delivery",
    }
}

impl Saw {
    /// The sentence.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::NotSeen(party, why) => format!("{}: {}", party.text(lang), why.text(lang)),
            Self::Clock { party, ahead } => format!("{} {ahead:+} s", party.text(lang)),
            Self::ServiceReady(kind) => {
                let kind = service(*kind, lang);
                pick(lang, format!("{kind} con menù"), format!("{kind} with a menu"))
            }
            Self::ServiceWithoutMenu(kind) => {
                let kind = service(*kind, lang);
                pick(lang, format!("{kind} senza menù"), format!("{kind} without a menu"))
            }
            other => {
                let (it, en) = other.of_menu().unwrap_or_else(|| other.of_setup());
                pick(lang, it, en)
            }
        }
    }

    /// What is seen in the menu, in Italian and English.
    fn of_menu(&self) -> Option<(String, String)> {
        Some(match self {
            Self::NoModes => both("manca una modalità di vendita (DR4)", "a sales mode is missing (DR4)"),
            Self::AllPriced(n) => {
                (format!("articoli con entrambi i prezzi: {n}"), format!("articles with both prices: {n}"))
            }
            Self::ForNothing(names) => (format!("ordinabili gratis: {names}"), format!("on sale for nothing: {names}")),
            Self::NoPrice(names) => (format!("senza prezzo: {names}"), format!("without a price: {names}")),
            Self::OnePrice(names) => {
                (format!("prezzo in un solo servizio: {names}"), format!("priced in one service only: {names}"))
            }
            Self::OnChannel(n) => (format!("articoli sul canale: {n}"), format!("articles on the channel: {n}")),
            Self::NothingOnChannel => both("nessun articolo sul canale", "no article on the channel"),
            Self::CategoryOff { category, dishes } => (
                format!("categoria «{category}» fuori dal canale, articoli suoi sul canale: {dishes}"),
                format!("category «{category}» off the channel, articles of it on the channel: {dishes}"),
            ),
            Self::NoVariants => both("nessuna variante", "no variants"),
            Self::Variants(names) => (format!("con varianti: {names}"), format!("with variants: {names}")),
            Self::NoGhosts => both("nessun fantasma", "no ghosts"),
            Self::Ghosts(names) => (
                format!("in vendita su Plateform e non sulla cassa: {names}"),
                format!("on sale on Plateform and not on the till: {names}"),
            ),
            Self::Waiting(n) => (
                format!("voci disattivate da eliminare su Plateform: {n}"),
                format!("deactivated entries to delete on Plateform: {n}"),
            ),
            Self::TornMenu => both("lettura del menù non completa", "the menu was not read whole"),
            _ => return None,
        })
    }

    /// What is seen of the set-up, in Italian and English.
    fn of_setup(&self) -> (String, String) {
        match self {
            Self::KeyWorks => both("la chiave funziona", "the key works"),
            Self::KeyRefused(status) => (format!("chiave rifiutata ({status})"), format!("key refused ({status})")),
            Self::Written => both("la cassa ha già accettato una scrittura", "the till has taken a write before"),
            Self::NeverWritten => both("nessuna scrittura ancora nota", "no write is known yet"),
            Self::SalesPoint { id, name } => {
                (format!("{id} «{name}», licenza attiva"), format!("{id} «{name}», active licence"))
            }
            Self::NoLicence(id) => (format!("{id} senza licenza attiva"), format!("{id} without an active licence")),
            Self::SalesPointMissing { id, others } => (
                format!("{id} non è della chiave, che vede: {others}"),
                format!("{id} is not the key's, which sees: {others}"),
            ),
            Self::ModeFound(name) => (format!("«{name}» c'è"), format!("«{name}» is there")),
            Self::ModeTwice(name) => (format!("«{name}» c'è più volte"), format!("«{name}» is there more than once")),
            Self::ModeMissing { name, near } if near.0.is_empty() => {
                (format!("«{name}» manca"), format!("«{name}» is missing"))
            }
            Self::ModeMissing { name, near } => {
                (format!("«{name}» manca, c'è {near}"), format!("«{name}» is missing, there is {near}"))
            }
            Self::LimitsNotReadable => both("l'API non mostra i limiti", "the API does not show limits"),
            Self::WebhooksReady => both("ordini e ricevute configurati", "orders and receipts are configured"),
            Self::NoWebhook { path, others } => (
                format!("nessun indirizzo …{path} (altri: {others})"),
                format!("no address …{path} (others: {others})"),
            ),
            Self::EventMissing(event) => (format!("manca {event}"), format!("{event} is missing")),
            Self::EventPaused(event) => (format!("{event} in pausa"), format!("{event} is paused")),
            Self::NotPushed(n) => (
                format!("ultime modifiche trovate solo controllando, senza avviso della cassa: {n}"),
                format!("last changes found by polling, not pushed by the till: {n}"),
            ),
            Self::Pushed => both("la cassa avvisa", "the till calls"),
            Self::NoSecret => both("nessun Secret salvato", "no Secret is stored"),
            Self::NoServices => both("nessun servizio attivo", "no service is offered"),
            Self::Synced => both("prima lettura già applicata", "the first pass has been applied"),
            Self::MenuBefore => both("Plateform ha già un menù", "Plateform holds a menu already"),
            Self::PlatformEmpty => both("Plateform è vuota", "Plateform is empty"),
            Self::OrderOnTill => both("un ordine è sulla cassa", "an order is on the till"),
            _ => both("nessun ordine aperto sulla cassa", "no open order on the till"),
        }
    }
}

fn both(it: &str, en: &str) -> (String, String) {
    (it.to_owned(), en.to_owned())
}
