//! `(desired, manifest) → changes`: what is to be written, and whether that is more than may happen unasked.

use super::{
    finding::{Check, Finding},
    manifest::{Known, Manifest},
    mapping::Mapped,
    model::{Entry, Kind, entry_key},
};
use crate::tenant::{DeletedArticle, Tenant};
use std::collections::BTreeSet;

/// How much of the till was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything: what is missing was deleted.
    Whole,
    /// Some products: what is missing was not read.
    Part,
}

/// What is to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// To be written, categories first, then groups, then dishes.
    pub upserts: Vec<Entry>,
    /// To be deactivated, by entry key.
    pub deactivations: Vec<String>,
    /// Deleted on the till and left on the platform, as the tenant wants it.
    pub findings: Vec<Finding>,
}

impl Changes {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.upserts.is_empty() && self.deactivations.is_empty()
    }
}

/// Compares what is desired with what was written.
#[must_use]
pub fn diff(mapped: &Mapped, manifest: &Manifest, scope: Scope, tenant: &Tenant) -> Changes {
    let mut changes = Changes::default();
    for (key, entry) in &mapped.menu.entries {
        let same = matches!(manifest.entries.get(key), Some(Known::Written { fingerprint, .. }) if *fingerprint == entry.fingerprint());
        if !same {
            changes.upserts.push(entry.clone());
        }
    }
    changes.upserts.sort_by_key(Entry::kind);
    let withheld: BTreeSet<String> = mapped.withheld.iter().map(|id| entry_key(Kind::Dish, id)).collect();
    for (key, known) in &manifest.entries {
        let gone = match scope {
            Scope::Whole => !mapped.menu.entries.contains_key(key),
            Scope::Part => withheld.contains(key),
        };
        if !gone || *known == Known::Deactivated {
            continue;
        }
        let deleted = Kind::of_key(key) == Some(Kind::Dish) && !withheld.contains(key);
        match tenant.deleted_article {
            DeletedArticle::Report if deleted => changes.findings.push(left_there(key)),
            _ => changes.deactivations.push(key.clone()),
        }
    }
    changes
}

fn left_there(key: &str) -> Finding {
    let id = key.split_once(':').map_or(key, |(_, id)| id);
    let message = "Un piatto cancellato dalla cassa è rimasto su Plateform".to_owned();
    Finding::error(Check::Ghost, id, message, "Plateform: Gestione > Menu > Prodotti, elimina il piatto")
}

/// The percentage of orderable dishes that a change would take away at once.
#[must_use]
pub fn loss_percent(changes: &Changes, manifest: &Manifest) -> usize {
    let orderable = |key: &str| matches!(manifest.entries.get(key), Some(Known::Written { orderable: true, .. }));
    let closed = changes.upserts.iter().filter(|entry| entry.kind() == Kind::Dish && !entry.is_orderable() && orderable(&entry.key()));
    let removed = changes.deactivations.iter().filter(|key| Kind::of_key(key) == Some(Kind::Dish) && orderable(key));
    let lost = closed.count() + removed.count();
    match manifest.orderable_dishes() {
        0 => 0,
        // Rounded up: the guard's percentage is what may be lost at most.
        before => (lost * 100).div_ceil(before),
    }
}

/// So few dishes may go at once whatever their share is: a small menu must be able to change.
const ALWAYS_ALLOWED: usize = 3;

/// Whether a change takes away more than the tenant allows unasked (E19, E55).
#[must_use]
pub fn is_mass_change(changes: &Changes, manifest: &Manifest, tenant: &Tenant) -> bool {
    let percent = loss_percent(changes, manifest);
    let lost = percent * manifest.orderable_dishes() / 100;
    percent > tenant.mass_change_percent && lost > ALWAYS_ALLOWED
}
