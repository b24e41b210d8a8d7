//! The catalogue of titles, rules and remedies, Italian and English.

use super::{CheckId, Lang, Verdict};

/// Italian, then English.
type Words = [&'static str; 2];

fn in_lang(words: Words, lang: Lang) -> &'static str {
    match lang {
        Lang::It => words[0],
        Lang::En => words[1],
    }
}

pub(super) fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    let words = match verdict {
        Verdict::Green => ["bene", "green"],
        Verdict::Unknown => ["ignoto", "unknown"],
        Verdict::Yellow => ["attenzione", "yellow"],
        Verdict::Red => ["errore", "red"],
    };
    in_lang(words, lang)
}

pub(super) fn title(id: CheckId, lang: Lang) -> &'static str {
    let words = match id {
        CheckId::Key => ["Chiave API", "API key"],
        CheckId::Scope => ["Lettura e scrittura", "Read and write"],
        CheckId::SalesPoint => ["Punto vendita", "Sales point"],
        CheckId::SalesModes => ["Modalità di vendita", "Sales modes"],
        CheckId::Prices => ["Prezzi", "Prices"],
        CheckId::Channel => ["Canale", "Channel"],
        CheckId::Variants => ["Varianti", "Variants"],
        CheckId::Ghosts => ["Fantasmi", "Ghosts"],
        CheckId::Limits => ["Limiti sugli ordini", "Order limits"],
        CheckId::Webhooks => ["Webhook", "Webhooks"],
        CheckId::Services => ["Menù e servizi", "Menus and services"],
        CheckId::FirstSync => ["Menù precedente", "Menu before"],
        CheckId::Clocks => ["Orologi", "Clocks"],
        CheckId::TestOrder => ["Ordine di prova", "Test order"],
    };
    in_lang(words, lang)
}

pub(super) fn rule(id: CheckId, lang: Lang) -> &'static str {
    let words = match id {
        CheckId::Key => [
            "La cassa accetta la chiave; serve la licenza Enterprise",
            "The till takes the key; the Enterprise licence is needed",
        ],
        CheckId::Scope => ["La chiave legge e scrive", "The key reads and writes"],
        CheckId::SalesPoint => [
            "Il punto vendita è della chiave e ha una licenza attiva",
            "The sales point is the key's and has an active licence",
        ],
        CheckId::SalesModes => {
            ["Le due modalità di vendita hanno il nome esatto", "Both sales modes have the exact name"]
        }
        CheckId::Prices => [
            "Ogni articolo in vendita ha un prezzo maggiore di 0 in entrambe le modalità",
            "Every article on sale has a price above 0 in both modes",
        ],
        CheckId::Channel => [
            "Articoli e categorie sono sul canale dell'integrazione",
            "Articles and their categories are on the integration's channel",
        ],
        CheckId::Variants => [
            "Nessun articolo sul canale usa le varianti della cassa",
            "No article on the channel uses the till's variants",
        ],
        CheckId::Ghosts => {
            ["Plateform non vende nulla che la cassa non abbia", "Plateform sells nothing that the till does not have"]
        }
        CheckId::Limits => [
            "Nessun limite su ordini per fascia oraria, importo o consegne",
            "No limit on orders per time slot, amount or deliveries",
        ],
        CheckId::Webhooks => [
            "Modifica e cancellazione degli ordini, e creazione delle ricevute, arrivano a Ponte",
            "Edited and deleted orders, and created receipts, are sent to Ponte",
        ],
        CheckId::Services => ["Ogni servizio ha il suo menù", "Every service has its menu"],
        CheckId::FirstSync => [
            "Prima della prima lettura Plateform è vuota, o una persona conferma",
            "Before the first pass Plateform is empty, or a person confirms",
        ],
        CheckId::Clocks => ["Gli orologi differiscono di meno di 60 s", "The clocks differ by less than 60 s"],
        CheckId::TestOrder => [
            "Un ordine di prova arriva sulla cassa e torna rifiutato con un motivo",
            "A test order reaches the till and comes back refused with a reason",
        ],
    };
    in_lang(words, lang)
}

pub(super) fn remedy(id: CheckId, lang: Lang) -> &'static str {
    let words = match id {
        CheckId::Key => [
            "Cassa: Impostazioni > Account > API > Nuova API Key; poi Plateform: Impostazioni > Integrazioni > Cassa in Cloud > API Key",
            "Till: Impostazioni > Account > API > Nuova API Key; then Plateform: Impostazioni > Integrazioni > Cassa in Cloud > API Key",
        ],
        CheckId::Scope => [
            "Cassa: Impostazioni > Account > API, la chiave deve leggere e scrivere; un ordine di prova lo dimostra",
            "Till: Impostazioni > Account > API, the key must read and write; a test order proves it",
        ],
        CheckId::SalesPoint => [
            "Cassa: Monitoring > Diagnostica, copia il numero in Plateform: Impostazioni > Integrazioni > Cassa in Cloud > Sales Point",
            "Till: Monitoring > Diagnostica, copy the number to Plateform: Impostazioni > Integrazioni > Cassa in Cloud > Sales Point",
        ],
        CheckId::SalesModes => [
            "Cassa: Configurazione > Modalità di vendita, scrivi il nome esatto, una volta sola",
            "Till: Configurazione > Modalità di vendita, write the exact name, once",
        ],
        CheckId::Prices => [
            "Cassa: Configurazione > Prodotti, prezzo di entrambe le modalità di vendita",
            "Till: Configurazione > Prodotti, the price of both sales modes",
        ],
        CheckId::Channel => [
            "Cassa: Configurazione > Prodotti e Categorie, canali di vendita; o correggi cic.channel",
            "Till: Configurazione > Prodotti and Categorie, sales channels; or mend cic.channel",
        ],
        CheckId::Variants => [
            "Cassa: Configurazione > Prodotti, usa aggiunte e rimozioni al posto delle varianti",
            "Till: Configurazione > Prodotti, use additions and removals instead of variants",
        ],
        CheckId::Ghosts => [
            "Plateform: Gestione > Menu > Prodotti, elimina le voci; poi ponte sync TENANT --full",
            "Plateform: Gestione > Menu > Prodotti, delete the entries; then ponte sync TENANT --full",
        ],
        CheckId::Limits => [
            "Cassa: Impostazioni > Ordini, togli ogni limite; con un limite gli ordini restano solo su Plateform",
            "Till: Impostazioni > Ordini, remove every limit; with one, orders stay on Plateform alone",
        ],
        CheckId::Webhooks => [
            "Cassa: Impostazioni > Account > WebHooks, ordini (modifica, cancellazione) e ricevute (creazione); poi salva il Secret",
            "Till: Impostazioni > Account > WebHooks, orders (edit, delete) and receipts (create); then store the Secret",
        ],
        CheckId::Services => [
            "Plateform: Menu > configurazione, abbina un menù a ogni tipologia di servizio",
            "Plateform: Menu > configurazione, match a menu to every service type",
        ],
        CheckId::FirstSync => [
            "Controlla con ponte sync TENANT --full --dry-run: ciò che non è della cassa sarà disattivato",
            "Look with ponte sync TENANT --full --dry-run: what is not the till's will be deactivated",
        ],
        CheckId::Clocks => [
            "Regola l'orologio di questa macchina; se è giusto, avvisa l'assistenza della parte indicata",
            "Set this machine's clock; if it is right, tell the support of the party named",
        ],
        CheckId::TestOrder => [
            "ponte order test TENANT; sulla cassa rifiuta l'ordine con un motivo, e guarda che torni",
            "ponte order test TENANT; refuse the order on the till with a reason, and see it come back",
        ],
    };
    in_lang(words, lang)
}
