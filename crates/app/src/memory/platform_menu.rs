//! The platform's menu in memory: one restaurant, its entries with what the platform owns of them, and its customers.

mod state;

use super::lock;
use crate::{
    ports::menu::{CustomerPage, Health, HealthReport, Held, MenuWrite, PlatformMenu, WriteOutcome},
    ports::{PlatformAccess, PlatformError, Work},
};
use domain::{
    TenantId,
    menu::{Entry, Finding, Kind, entry_key, preview::Offer},
    order::Customer,
};
use jiff::{Timestamp, tz::TimeZone};
use state::{Row, State};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

/// As many customers as a page has.
const PAGE: usize = 100;

/// A call of the platform.
#[derive(Debug, Clone, PartialEq)]
pub enum MenuCall {
    /// `write_menu`, with its key.
    Write(String, MenuWrite),
    /// `held_menu`.
    Held,
    /// `changed_customers`, with its instant and its cursor.
    Customers(Option<Timestamp>, Option<String>),
    /// `put_health`.
    Health,
}

/// What the restaurant was told of the integration.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// How it stands.
    pub health: Health,
    /// One sentence.
    pub message: String,
    /// When it was found so.
    pub checked_at: Timestamp,
    /// What a person should know.
    pub findings: Vec<Finding>,
}

/// The platform's menu in memory. Every tenant sees the same restaurant.
#[derive(Debug, Clone, Default)]
pub struct MemoryPlatformMenu(Arc<Mutex<State>>);

impl MemoryPlatformMenu {
    /// Holds an entry that somebody else put there.
    pub fn put_foreign(&self, kind: Kind, external_id: &str, name: &str) {
        let (external_id, name) = (external_id.to_owned(), name.to_owned());
        let key = entry_key(kind, &external_id);
        let row = Row { kind, external_id, name, entry: None, deactivated: false, owned: String::new() };
        lock(&self.0).rows.insert(key, row);
    }

    /// Changes what the till owns of an entry, as somebody on the platform would who does not know better.
    pub fn edit(&self, kind: Kind, external_id: &str, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) =
            lock(&self.0).rows.get_mut(&entry_key(kind, external_id)).and_then(|row| row.entry.as_mut())
        {
            change(entry);
        }
    }

    /// Fills in what the platform owns of an entry: translations, allergens and the rest.
    pub fn own(&self, kind: Kind, external_id: &str, owned: &str) {
        if let Some(row) = lock(&self.0).rows.get_mut(&entry_key(kind, external_id)) {
            owned.clone_into(&mut row.owned);
        }
    }

    /// What the platform owns, by key.
    #[must_use]
    pub fn owned(&self) -> BTreeMap<String, String> {
        lock(&self.0).rows.iter().map(|(key, row)| (key.clone(), row.owned.clone())).collect()
    }

    /// Deletes an entry, as a person would.
    pub fn delete(&self, kind: Kind, external_id: &str) {
        lock(&self.0).rows.remove(&entry_key(kind, external_id));
    }

    /// What the till owns of the entries that are not deactivated, by key.
    #[must_use]
    pub fn live(&self) -> BTreeMap<String, Entry> {
        let state = lock(&self.0);
        let live = state.rows.iter().filter(|(_, row)| !row.deactivated);
        live.filter_map(|(key, row)| Some((key.clone(), row.entry.clone()?))).collect()
    }

    /// The keys of the entries that are deactivated.
    #[must_use]
    pub fn deactivated(&self) -> Vec<String> {
        let state = lock(&self.0);
        state.rows.iter().filter(|(_, row)| row.deactivated).map(|(key, _)| key.clone()).collect()
    }

    /// The next so many writes of an entry with this id fail alone with this code.
    pub fn refuse(&self, external_id: &str, times: u32, code: &str) {
        lock(&self.0).refusals.insert(external_id.to_owned(), (times, code.to_owned()));
    }

    /// The next calls fail, each with one of these, before anything is done.
    pub fn fail(&self, errors: impl IntoIterator<Item = PlatformError>) {
        let mut state = lock(&self.0);
        let next = state.calls.len() + 1;
        state.faults.extend((next..).zip(errors).map(|(call, error)| (call, (false, error))));
    }

    /// The `n`-th call from now, 1 for the next one, fails before anything is done.
    pub fn fail_call(&self, n: usize, error: PlatformError) {
        let mut state = lock(&self.0);
        let at = state.calls.len() + n;
        state.faults.insert(at, (false, error));
    }

    /// The `n`-th call from now, 1 for the next one, is done and its answer is lost.
    pub fn lose_call(&self, n: usize, error: PlatformError) {
        let mut state = lock(&self.0);
        let at = state.calls.len() + n;
        state.faults.insert(at, (true, error));
    }

    /// The next call is done and its answer is lost.
    pub fn lose_answer(&self, error: PlatformError) {
        self.lose_call(1, error);
    }

    /// The idempotency keys that came again with another body: a fault of ours.
    #[must_use]
    pub fn changed_requests(&self) -> Vec<String> {
        lock(&self.0).changed_requests.clone()
    }

    /// The calls so far, failed ones included.
    #[must_use]
    pub fn calls(&self) -> Vec<MenuCall> {
        lock(&self.0).calls.clone()
    }

    /// The changes that were sent so far, whatever became of them.
    #[must_use]
    pub fn writes(&self) -> Vec<MenuWrite> {
        let write = |call| if let MenuCall::Write(_, change) = call { Some(change) } else { None };
        self.calls().into_iter().filter_map(write).collect()
    }

    /// What the restaurant was told, in order.
    #[must_use]
    pub fn told(&self) -> Vec<Told> {
        lock(&self.0).told.clone()
    }

    /// Adds a customer who changed then.
    pub fn put_customer(&self, customer: Customer, changed_at: Option<Timestamp>) {
        lock(&self.0).customers.push((customer, changed_at));
    }

    fn call(&self, call: MenuCall) -> Result<Option<PlatformError>, PlatformError> {
        let mut state = lock(&self.0);
        state.calls.push(call);
        let number = state.calls.len();
        match state.faults.remove(&number) {
            Some((false, error)) => Err(error),
            fault => Ok(fault.map(|(_, error)| error)),
        }
    }
}

impl PlatformMenu for MemoryPlatformMenu {
    async fn write_menu(
        &self,
        _: &Work,
        _: &PlatformAccess,
        _: &TenantId,
        idempotency_key: &str,
        change: &MenuWrite,
    ) -> Result<Vec<WriteOutcome>, PlatformError> {
        let after = self.call(MenuCall::Write(idempotency_key.to_owned(), change.clone()))?;
        let outcomes = lock(&self.0).once(idempotency_key, format!("{change:?}"), |state| {
            let mut outcomes: Vec<_> = change.upserts.iter().map(|entry| state.upsert(entry)).collect();
            outcomes.extend(change.deactivations.iter().map(|(kind, id)| state.deactivate(*kind, id)));
            outcomes
        })?;
        after.map_or(Ok(outcomes), Err)
    }

    async fn held_menu(&self, _: &Work, _: &PlatformAccess, _: &TenantId) -> Result<Vec<Held>, PlatformError> {
        let after = self.call(MenuCall::Held)?;
        let state = lock(&self.0);
        let held = |row: &Row| Held {
            kind: row.kind,
            external_id: row.external_id.clone(),
            fingerprint: row.entry.as_ref().map(Entry::fingerprint).unwrap_or_default(),
            deactivated: row.deactivated,
            name: row.name.clone(),
            offer: row.entry.as_ref().and_then(Offer::of),
        };
        after.map_or_else(|| Ok(state.rows.values().map(held).collect()), Err)
    }

    async fn changed_customers(
        &self,
        _: &Work,
        _: &PlatformAccess,
        _: &TenantId,
        after: Option<Timestamp>,
        cursor: Option<&str>,
        _: &TimeZone,
    ) -> Result<CustomerPage, PlatformError> {
        let fault = self.call(MenuCall::Customers(after, cursor.map(str::to_owned)))?;
        let not_ours = || PlatformError::Refused { status: 422, code: "validation".to_owned() };
        let start = cursor.map_or(Ok(0), |cursor| cursor.parse::<usize>().map_err(|_| not_ours()))?;
        let is_new = |at: &Option<Timestamp>| after.is_none_or(|after| at.is_none_or(|at| at > after));
        let mut changed: Vec<_> = lock(&self.0).customers.iter().filter(|(_, at)| is_new(at)).cloned().collect();
        changed.sort_by_key(|(_, at)| *at);
        let end = start.saturating_add(PAGE);
        let next = (end < changed.len()).then(|| end.to_string());
        let page = CustomerPage { customers: changed.into_iter().skip(start).take(PAGE).collect(), next };
        fault.map_or(Ok(page), Err)
    }

    async fn put_health(
        &self,
        _: &Work,
        _: &PlatformAccess,
        _: &TenantId,
        idempotency_key: &str,
        health: &HealthReport<'_>,
    ) -> Result<(), PlatformError> {
        let after = self.call(MenuCall::Health)?;
        let told = Told {
            health: health.health,
            message: health.message.to_owned(),
            checked_at: health.checked_at,
            findings: health.findings.to_vec(),
        };
        lock(&self.0).once(idempotency_key, format!("{told:?}"), |state| {
            state.told.push(told);
            Vec::new()
        })?;
        after.map_or(Ok(()), Err)
    }
}
