//! What is too doubtful to be applied, and what a person is told of it.

use super::{read::Reading, sync::Cycle};
use crate::ports::TillError;
use domain::menu::{Check, Finding, Kind, Level, manifest::Manifest, till::Catalogue};

const CREATE_MODE: &str = "Cassa: Configurazione > Modalità di vendita, crea il nome esatto";

/// Why a reading must not be applied, if so: the last good menu stays.
pub(super) fn of_reading(
    catalogue: &Catalogue,
    reading: &Reading,
    manifest: Option<&Manifest>,
    had_modes: bool,
    cycle: &Cycle<'_>,
) -> Option<Finding> {
    // Prices that were there are gone (E19); where they never were, a dish without a price is better than no dish (S28).
    if had_modes && let Some(name) = missing_mode(catalogue, cycle) {
        let message = format!("Sulla cassa manca la modalità di vendita «{name}»: il menù non è stato aggiornato");
        return Some(error(Check::SalesMode, message, CREATE_MODE));
    }
    if !reading.complete {
        let message = "La lettura del menù dalla cassa non è completa: il menù non è stato aggiornato".to_owned();
        return Some(error(Check::Incomplete, message, "Si riprova da soli; se continua, avvisa l'assistenza"));
    }
    // Where the manifest is lost, nobody knows how much there was.
    let has_menu = manifest.is_none_or(|manifest| manifest.orderable_dishes() > 0);
    let is_empty = catalogue.products.is_empty() && reading.counts.0 == 0;
    (is_empty && !cycle.request.force).then(|| {
        let (message, remedy) = match has_menu {
            true => (
                "La cassa risponde con un menù vuoto: resta valido l'ultimo menù",
                "Cassa: Configurazione > Prodotti; se è voluto, ripeti con conferma",
            ),
            false => (
                "La cassa non mostra nessun articolo di questo punto vendita",
                "Cassa: Configurazione > Prodotti; controlla anche il numero del punto vendita in Monitoring > Diagnostica",
            ),
        };
        error(Check::MassChange, message.to_owned(), remedy)
    })
}

/// The name of a sales mode that the till does not have (S26, S27).
fn missing_mode<'a>(catalogue: &Catalogue, cycle: &'a Cycle<'_>) -> Option<&'a str> {
    let tenant = &cycle.access.tenant;
    let modes =
        [(&catalogue.takeaway, &tenant.sales_mode_takeaway), (&catalogue.delivery, &tenant.sales_mode_delivery)];
    modes.into_iter().find(|(mode, _)| mode.is_none()).map(|(_, name)| name.as_str())
}

/// What is told of a first menu whose dishes have no price in a service, because its sales mode is missing.
pub(super) fn without_mode(catalogue: &Catalogue, cycle: &Cycle<'_>) -> Option<Finding> {
    let name = missing_mode(catalogue, cycle)?;
    let message =
        format!("Sulla cassa manca la modalità di vendita «{name}»: in quel servizio nessun piatto è ordinabile");
    Some(error(Check::SalesMode, message, CREATE_MODE))
}

/// Too much would disappear at once (E55).
pub(super) fn mass_change(lost: usize) -> Finding {
    let message =
        format!("Troppi piatti non sarebbero più ordinabili ({lost} insieme): il menù non è stato aggiornato");
    error(
        Check::MassChange,
        message,
        "Controlla la cassa in Configurazione > Prodotti; se è voluto, ripeti con conferma",
    )
}

/// The till does not answer, time and again.
pub(super) fn silent() -> Finding {
    let message = "La cassa non risponde alla lettura del menù: resta valido l'ultimo menù".to_owned();
    error(Check::Incomplete, message, "Si riprova da soli; se continua, avvisa l'assistenza della cassa")
}

/// The till refuses to be read (E45).
pub(super) fn refused(why: &TillError) -> Finding {
    let (what, remedy) = match why {
        TillError::KeyRefused { .. } => {
            ("la chiave API", "Cassa: Impostazioni > Account > API, controlla la chiave e la licenza Enterprise")
        }
        _ => ("la lettura del menù", "Controlla punto vendita e canale dell'integrazione, o avvisa l'assistenza"),
    };
    error(Check::Key, format!("La cassa rifiuta {what}: menù e clienti non si aggiornano"), remedy)
}

/// What the platform held before it was joined to the till, and loses at the next whole pass (S07).
pub(super) fn ghost(kind: Kind, external_id: &str, name: &str) -> Finding {
    let what = match kind {
        Kind::Category => "la categoria",
        Kind::Group => "il gruppo",
        Kind::Dish => "il piatto",
    };
    Finding {
        check: Check::Ghost,
        level: Level::Warning,
        subject: external_id.to_owned(),
        message: format!("«{name}» è su Plateform e non sulla cassa: sarà disattivato alla prossima lettura completa"),
        remedy: format!("Plateform: Gestione > Menu > Prodotti, elimina {what}; se serve, crealo sulla cassa"),
    }
}

fn error(check: Check, message: String, remedy: &str) -> Finding {
    Finding { check, level: Level::Error, subject: String::new(), message, remedy: remedy.to_owned() }
}
