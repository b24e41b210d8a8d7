//! What the platform holds, and what becomes of a change.

use super::{MenuCall, Told};
use crate::{ports::PlatformError, ports::menu::WriteOutcome};
use domain::{
    menu::{Entry, Kind, entry_key},
    order::Customer,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) kind: Kind,
    pub(super) external_id: String,
    pub(super) name: String,
    /// What the till owns; none for what the platform had before.
    pub(super) entry: Option<Entry>,
    pub(super) deactivated: bool,
    /// Stands for all fields that the platform owns.
    pub(super) owned: String,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) rows: BTreeMap<String, Row>,
    pub(super) refusals: BTreeMap<String, (u32, String)>,
    pub(super) requests: BTreeMap<String, (String, Vec<WriteOutcome>)>,
    pub(super) changed_requests: Vec<String>,
    pub(super) customers: Vec<(Customer, Option<Timestamp>)>,
    pub(super) told: Vec<Told>,
    pub(super) calls: Vec<MenuCall>,
    /// By the number of the call: whether it is done all the same, and what it answers.
    pub(super) faults: BTreeMap<usize, (bool, PlatformError)>,
}

impl State {
    /// Does a write once for its key and answers what became of it; a repetition gets the same answer.
    pub(super) fn once(
        &mut self,
        key: &str,
        body: String,
        write: impl FnOnce(&mut Self) -> Vec<WriteOutcome>,
    ) -> Result<Vec<WriteOutcome>, PlatformError> {
        match self.requests.get(key) {
            Some((before, outcomes)) if *before == body => Ok(outcomes.clone()),
            Some(_) => {
                self.changed_requests.push(key.to_owned());
                Err(PlatformError::Refused { status: 409, code: "idempotency_key_reused".to_owned() })
            }
            None => {
                let outcomes = write(self);
                self.requests.insert(key.to_owned(), (body, outcomes.clone()));
                Ok(outcomes)
            }
        }
    }

    fn refused(&mut self, external_id: &str) -> WriteOutcome {
        match self.refusals.get_mut(external_id).filter(|(times, _)| *times > 0) {
            None => Ok(()),
            Some((times, code)) => {
                *times -= 1;
                Err(code.clone())
            }
        }
    }

    pub(super) fn upsert(&mut self, entry: &Entry) -> WriteOutcome {
        self.refused(entry.external_id())?;
        let known = |kind, id: &String| self.rows.contains_key(&entry_key(kind, id));
        if let Entry::Dish(dish) = entry
            && !(known(Kind::Category, &dish.category) && dish.groups.iter().all(|group| known(Kind::Group, group)))
        {
            return Err("not_found".to_owned());
        }
        let row = Row {
            kind: entry.kind(),
            external_id: entry.external_id().to_owned(),
            name: name(entry).to_owned(),
            entry: Some(entry.clone()),
            deactivated: false,
            owned: self.rows.get(&entry.key()).map(|row| row.owned.clone()).unwrap_or_default(),
        };
        self.rows.insert(entry.key(), row);
        Ok(())
    }

    pub(super) fn deactivate(&mut self, kind: Kind, external_id: &str) -> WriteOutcome {
        self.refused(external_id)?;
        let row = self.rows.get_mut(&entry_key(kind, external_id)).ok_or("not_found")?;
        row.deactivated = true;
        Ok(())
    }
}

fn name(entry: &Entry) -> &str {
    match entry {
        Entry::Category(category) => &category.name,
        Entry::Group(group) => &group.name,
        Entry::Dish(dish) => &dish.name,
    }
}
