//! `(desired, manifest) → changes`: what is to be written, and whether that is more than may happen unasked.

use super::{
    finding::{Check, Finding},
    manifest::{Known, Manifest},
    mapping::{Mapped, NO_CATEGORY},
    model::{Entry, Kind, entry_key},
};
use crate::tenant::{DeletedArticle, Tenant};
use std::collections::{BTreeMap, BTreeSet};

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
        let written = manifest.entries.get(key);
        if !matches!(written, Some(Known::Written { fingerprint, .. }) if *fingerprint == entry.fingerprint()) {
            changes.upserts.push(entry.clone());
        }
    }
    changes.upserts.sort_by_key(Entry::kind);
    let withheld: BTreeSet<String> = mapped.withheld.iter().map(|id| entry_key(Kind::Dish, id)).collect();
    for (key, known) in &manifest.entries {
        let owner = owner(key);
        let is_there = mapped.menu.entries.contains_key(key) || mapped.untouched.contains(&owner);
        if is_there || *known == Known::Deactivated {
            continue;
        }
        let is_withheld = withheld.contains(&owner);
        let was_read = match scope {
            Scope::Whole => true,
            Scope::Part => is_withheld || is_dish_of(mapped, &owner),
        };
        match tenant.deleted_article {
            _ if !was_read => {}
            DeletedArticle::Report if !is_withheld => changes.findings.push(left_there(key)),
            _ => changes.deactivations.push(key.clone()),
        }
    }
    changes
}

/// What a person should delete on the platform: of the entries with these keys, which are deactivated there, those that
/// the till does not have (S11, S16, S36). A group that goes with its dish is not told, nor what is there and not offered.
/// `names` are the platform's, by key, as far as they are known.
#[must_use]
pub fn to_delete<'a>(
    mapped: &Mapped,
    keys: impl IntoIterator<Item = &'a String>,
    names: &BTreeMap<String, String>,
) -> Vec<Finding> {
    let withheld: BTreeSet<String> = mapped.withheld.iter().map(|id| entry_key(Kind::Dish, id)).collect();
    let parked = entry_key(Kind::Category, NO_CATEGORY);
    let is_told = |key: &&String| {
        let owner = owner(key);
        let goes_alone = owner == **key || mapped.menu.entries.contains_key(&owner);
        goes_alone && !withheld.contains(&owner) && !mapped.untouched.contains(&owner) && **key != parked
    };
    keys.into_iter().filter(is_told).map(|key| deleted(key, names.get(key))).collect()
}

fn deleted(key: &str, name: Option<&String>) -> Finding {
    let id = key.split_once(':').map_or(key, |(_, id)| id);
    let (what, remedy) = match Kind::of_key(key) {
        Some(Kind::Category) => ("Una categoria", "elimina la categoria"),
        Some(Kind::Group) => ("Un gruppo di opzioni", "elimina il gruppo"),
        _ => ("Un piatto", "elimina il piatto"),
    };
    let what = name.map_or_else(|| what.to_owned(), |name| format!("«{name}»"));
    let remedy = format!("Plateform: Gestione > Menu > Prodotti, {remedy}");
    Finding::warning(Check::Ghost, id, format!("{what} non è sulla cassa ed è disattivato su Plateform"), &remedy)
}

/// The key of the dish or the category that an entry stands or falls with: a group's place, else itself.
fn owner(key: &str) -> String {
    let mut parts = key.split(':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("g"), Some("p"), Some(product)) => entry_key(Kind::Dish, product),
        (Some("g"), Some("c"), Some(category)) => entry_key(Kind::Category, category),
        _ => key.to_owned(),
    }
}

fn is_dish_of(mapped: &Mapped, key: &str) -> bool {
    matches!(mapped.menu.entries.get(key), Some(Entry::Dish(_)))
}

fn left_there(key: &str) -> Finding {
    let id = key.split_once(':').map_or(key, |(_, id)| id);
    let (what, remedy) = match Kind::of_key(key) {
        Some(Kind::Category) => ("Una categoria cancellata dalla cassa è rimasta", "elimina la categoria"),
        Some(Kind::Group) => ("Un gruppo di opzioni cancellato dalla cassa è rimasto", "elimina il gruppo"),
        _ => ("Un piatto cancellato dalla cassa è rimasto", "elimina il piatto"),
    };
    let remedy = format!("Plateform: Gestione > Menu > Prodotti, {remedy}");
    Finding::error(Check::Ghost, id, format!("{what} su Plateform"), &remedy)
}

/// One dish may go whatever its share is: a small menu must be able to change.
const ALWAYS_ALLOWED: usize = 1;

/// How many of the orderable dishes a change takes away: they are gone, or their prices are. What a person took off the
/// channel is not lost (S15).
#[must_use]
pub fn lost_dishes(changes: &Changes, manifest: &Manifest) -> usize {
    let was_orderable = |key: &str| {
        let known = manifest.entries.get(key);
        Kind::of_key(key) == Some(Kind::Dish) && matches!(known, Some(Known::Written { orderable: true, .. }))
    };
    let is_lost = |entry: &&Entry| match entry {
        Entry::Dish(dish) => dish.active && !entry.is_orderable() && was_orderable(&entry.key()),
        _ => false,
    };
    let closed = changes.upserts.iter().filter(is_lost);
    let removed = changes.deactivations.iter().filter(|key| was_orderable(key));
    closed.count() + removed.count()
}

/// Whether a change takes away more of the orderable dishes than the tenant allows unasked (E19, E55).
#[must_use]
pub fn is_mass_change(changes: &Changes, manifest: &Manifest, tenant: &Tenant) -> bool {
    let lost = lost_dishes(changes, manifest);
    lost > ALWAYS_ALLOWED && lost * 100 > tenant.mass_change_percent * manifest.orderable_dishes()
}
