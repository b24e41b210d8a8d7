//! The port of the menu, by the client's own methods.

use crate::{
    Client, Deactivation, Finding, IntegrationState, IntegrationStatus, Level, MenuChanges, MenuItem, Outcome, text,
};
use app::{
    ports::menu::{Health, HealthReport, Held, MenuWrite, PlatformMenu, WriteOutcome},
    ports::{PlatformAccess, PlatformError, Work},
};
use domain::{
    TenantId,
    menu::{self, Check, Entry},
    order::Customer,
};
use jiff::{Timestamp, tz::TimeZone};

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
            told.extend(self.apply_menu_changes(work, access, tenant, &key, set).await?);
        }
        let mut outcomes: Vec<WriteOutcome> = vec![Ok(()); places.len()];
        for (place, told) in places.into_iter().zip(told) {
            if let (Outcome::Failed { code }, Some(outcome)) = (told.outcome, outcomes.get_mut(place)) {
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
        // What cannot be read was logged. It is none of ours, or one of ours that will be written again.
        let listing = self.list_menu(work, access, tenant, None).await?;
        Ok(listing.items.into_iter().map(held).collect())
    }

    async fn changed_customers(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        after: Option<Timestamp>,
        zone: &TimeZone,
    ) -> Result<Vec<(Customer, Option<Timestamp>)>, PlatformError> {
        let page = self.customers_page(work, access, tenant, zone, after, None).await?;
        Ok(page.items.into_iter().map(|customer| (customer.person, customer.updated_at)).collect())
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
            Health::Paused => IntegrationState::Paused,
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
    Held { kind, external_id: entry.external_id().to_owned(), fingerprint, deactivated, name }
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
