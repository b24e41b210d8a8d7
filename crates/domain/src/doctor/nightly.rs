//! What the night's whole pass tells beside the menu's own findings: nothing that costs a call.

use super::menu::off_channel;
use crate::{
    menu::{Check, Finding, till::Catalogue},
    tenant::Tenant,
};

/// The findings of DR6; prices, variants and ghosts are findings of the menu already.
#[must_use]
pub fn nightly(catalogue: &Catalogue, tenant: &Tenant) -> Vec<Finding> {
    let off = off_channel(catalogue, tenant).into_iter();
    off.map(|(id, name, dishes)| {
        let message =
            format!("La categoria «{name}» è fuori dal canale: i suoi articoli sul canale ({dishes}) non si vendono");
        Finding::warning(Check::Channel, &id, message, "Cassa: Configurazione > Categorie, canali di vendita")
    })
    .collect()
}
