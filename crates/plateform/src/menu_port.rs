//! The port of the menu, by the client's own methods.

use crate::{
    Client, Cursor, Deactivation, Finding, IntegrationState, IntegrationStatus, Level, MenuChanges, MenuItem, MenuKind,
    Outcome, error, menu::item, text,
};
use app::{
    ports::menu::{CustomerPage, Health, HealthReport, Held, MenuWrite, PlatformMenu, WriteOutcome},
    ports::{PlatformAccess, PlatformError, Work},
};
use domain::{
    TenantId,
    menu::{self, Check, Entry, preview::Offer},
};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

/// The most findings that a restaurant is told; more would not be read.
const MAX_FINDINGS: usize = 50;

/// The longest sentence of a finding, in characters.
const MAX_SENTENCE: usize = 500;

impl PlatformMenu for Client {
    async fn write_menu(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        idempotency_key: &str,
        change: &MenuWrite,
    ) -> Result<Vec<WriteOutcome>, PlatformError> {
        let (changes, places) = sorted(change);
        let mut told = Vec::with_capacity(places.len());
        for (part, set) in changes.batches().iter().enumerate() {
            let key = format!("{idempotency_key}-{part}");
            if set.len() == 1 && set.is_too_heavy() {
                // Made of the one entry that no change set can carry: it fails alone, like any other.
                told.push(Outcome::Failed { code: "too_large".to_owned() });
                continue;
            }
            let outcomes = self.apply_menu_changes(work, access, tenant, &key, set).await?;
            told.extend(outcomes.into_iter().map(|told| told.outcome));
        }
        let mut outcomes: Vec<WriteOutcome> = vec![Ok(()); places.len()];
        for (place, told) in places.into_iter().zip(told) {
            if let (Outcome::Failed { code }, Some(outcome)) = (told, outcomes.get_mut(place)) {
                *outcome = Err(code);
            }
        }
        Ok(outcomes)
    }

    async fn held_menu(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
    ) -> Result<Vec<Held>, PlatformError> {
        self.list_menu_as(work, access, tenant, |row| match item(row.clone()) {
            Ok(item) => Ok(held(item)),
            Err(field) => stub(&row).ok_or(field),
        })
        .await
    }

    async fn changed_customers(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        after: Option<Timestamp>,
        cursor: Option<&str>,
        zone: &TimeZone,
    ) -> Result<CustomerPage, PlatformError> {
        let saved = |text| Cursor::saved(text).ok_or_else(|| error::ours("cursor"));
        let cursor = cursor.map(saved).transpose()?;
        let page = self.customers_page(work, access, tenant, zone, after, cursor.as_ref()).await?;
        if page.next.is_some() && page.next == cursor {
            return Err(error::malformed("cursor_repeats"));
        }
        if page.skipped > 0 {
            tracing::warn!(tenant.id = %tenant, customers.skipped = page.skipped, "customers left out, as logged each");
        }
        let customers = page.items.into_iter().map(|customer| (customer.person, customer.updated_at)).collect();
        Ok(CustomerPage { customers, next: page.next.map(|next| next.as_str().to_owned()) })
    }

    async fn put_health(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        idempotency_key: &str,
        health: &HealthReport<'_>,
    ) -> Result<(), PlatformError> {
        let state = match health.health {
            Health::Active => IntegrationState::Active,
            Health::Degraded => IntegrationState::Degraded,
            Health::Error => IntegrationState::Error,
        };
        let message = (!health.message.is_empty()).then(|| health.message.to_owned());
        let findings = findings(health.findings);
        let status = IntegrationStatus { state, message, checked_at: health.checked_at, findings };
        self.put_integration_status(work, access, tenant, idempotency_key, &status).await
    }
}

/// The change in the contract's order, and the place of each of its entries in the order that was asked for.
fn sorted(change: &MenuWrite) -> (MenuChanges, Vec<usize>) {
    let mut changes = MenuChanges::default();
    let [mut categories, mut groups, mut dishes] = [Vec::new(), Vec::new(), Vec::new()];
    for (place, entry) in change.upserts.iter().enumerate() {
        match entry {
            Entry::Category(category) => {
                changes.categories.push(category.into());
                categories.push(place);
            }
            Entry::Group(group) => {
                changes.option_groups.push(group.into());
                groups.push(place);
            }
            Entry::Dish(dish) => {
                changes.dishes.push(dish.into());
                dishes.push(place);
            }
        }
    }
    let gone = |(kind, id): &(menu::Kind, String)| Deactivation { kind: (*kind).into(), external_id: id.clone() };
    changes.deactivations = change.deactivations.iter().map(gone).collect();
    let deactivations = (change.upserts.len()..).take(change.deactivations.len());
    (changes, [categories, groups, dishes].concat().into_iter().chain(deactivations).collect())
}

fn held(item: MenuItem) -> Held {
    let (kind, deactivated) = (item.kind().into(), item.platform().deactivated);
    let (entry, name, as_written) = match item {
        MenuItem::Category { till, .. } => (Entry::Category(till.clone().into()), till.name, true),
        MenuItem::OptionGroup { till, .. } => {
            let as_written = till.min_choices == 0 && till.max_choices.is_none();
            (Entry::Group(till.clone().into()), till.name, as_written)
        }
        MenuItem::Dish { till, .. } => {
            let name = till.name.clone();
            (Entry::Dish((*till).into()), name, true)
        }
    };
    let fingerprint = match as_written {
        true => entry.fingerprint(),
        // Numbers that we never write, and that an entry has no place for: the same as nothing that we wrote.
        false => !entry.fingerprint(),
    };
    let offer = Offer::of(&entry);
    Held { kind, external_id: entry.external_id().to_owned(), fingerprint, deactivated, name, offer }
}

/// An entry of which only kind and id can be read. It may be ordered all the same, so it has to be known; its fingerprint
/// is that of nothing that we wrote.
fn stub(row: &Value) -> Option<Held> {
    let kind: MenuKind = serde_json::from_value(row.get("kind")?.clone()).ok()?;
    let entry = row.get(kind.name())?;
    let text = |field: &str| entry.get(field).and_then(Value::as_str).map(str::to_owned);
    Some(Held {
        kind: kind.into(),
        external_id: text("externalId")?,
        fingerprint: 0,
        deactivated: entry.get("deactivated") == Some(&Value::Bool(true)),
        name: text("name").unwrap_or_default(),
        offer: None,
    })
}

/// What the restaurant is told: errors first, and how many are left out.
fn findings(all: &[menu::Finding]) -> Vec<Finding> {
    let mut worst_first: Vec<_> = all.iter().collect();
    worst_first.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let shown = if all.len() > MAX_FINDINGS { MAX_FINDINGS - 1 } else { all.len() };
    let mut told: Vec<Finding> = worst_first.iter().take(shown).map(|finding| told(finding)).collect();
    if all.len() > shown {
        let message = format!("Altre {} segnalazioni non sono mostrate", all.len() - shown);
        told.push(Finding { check: "more".to_owned(), level: Level::Warning, message, remedy: None });
    }
    told
}

fn told(finding: &menu::Finding) -> Finding {
    let level = match finding.level {
        menu::Level::Warning => Level::Warning,
        menu::Level::Error => Level::Error,
    };
    let sentence = |text: &str| text::cut(text, MAX_SENTENCE).to_owned();
    let remedy = (!finding.remedy.is_empty()).then(|| sentence(&finding.remedy));
    Finding { check: check(finding.check), level, message: sentence(&finding.message), remedy }
}

/// The check's name, as it is stored.
fn check(check: Check) -> String {
    serde_json::to_value(check).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
