//! A whole pass over the catalogue, in pages that must fit together (E43). It can be put aside between two pages and
//! gone on with by another invocation.

use crate::ports::menu::{Page, Slice};
use domain::{
    SalesModeId,
    menu::till::{OptionNames, TillCategory, TillProduct},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The till's largest page.
pub(super) const PAGE: usize = 100;

/// How often a list whose pages do not fit together is begun anew.
const ATTEMPTS: usize = 3;

/// A pass that was put aside longer ago than this is begun anew: too much may have changed.
const OLDEST: SignedDuration = SignedDuration::from_hours(2);

/// What a whole pass has read so far.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Pass {
    begun_ms: i64,
    /// Whether it was asked for, and is compared with what the platform holds.
    pub(super) is_asked: bool,
    pub(super) modes: Option<(Option<SalesModeId>, Option<SalesModeId>)>,
    pub(super) names: Option<OptionNames>,
    pub(super) categories: List<TillCategory>,
    pub(super) products: List<TillProduct>,
}

impl Pass {
    pub(super) fn begun(at: Timestamp) -> Self {
        Self { begun_ms: at.as_millisecond(), ..Self::default() }
    }

    /// When its first page was read: what changed later is for the next reading of changes.
    pub(super) fn begun_at(&self) -> Timestamp {
        Timestamp::from_millisecond(self.begun_ms).unwrap_or_default()
    }

    /// Reads a pass that was put aside; none if it is of another version or too old.
    pub(super) fn resumed(stored: &[u8], now: Timestamp) -> Option<Self> {
        let pass: Self = serde_json::from_slice(stored).ok()?;
        (now.duration_since(pass.begun_at()) < OLDEST).then_some(pass)
    }

    /// The pass as it is put aside; none if nothing of it is worth the writing.
    pub(super) fn put_aside(&self) -> Option<Vec<u8>> {
        serde_json::to_vec(self).ok().filter(|_| self.products.start > 0)
    }
}

/// A row of a list.
pub(super) trait Row {
    /// The till's id.
    fn id(&self) -> &str;
}

/// Puts pages together. A changed total, a repeated row or a page that ends too soon means that the list moved while it
/// was read: it is begun anew, and after some attempts given as incomplete. Rows that repeat at the same places again are
/// the till's own doubles.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct List<T> {
    rows: Vec<T>,
    seen: BTreeMap<String, usize>,
    /// Where rows came twice, in this attempt and in the one before.
    doubles: [BTreeMap<String, (usize, usize)>; 2],
    unreadable: Vec<String>,
    start: usize,
    total: Option<usize>,
    attempt: usize,
    has_moved: bool,
    /// Whether a row was so torn that nobody knows which it is: anything that is missing may be that one.
    has_nameless: bool,
    state: State,
    changed_since: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    #[default]
    Reading,
    Complete,
    Incomplete,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            seen: BTreeMap::new(),
            doubles: Default::default(),
            unreadable: Vec::new(),
            start: 0,
            total: None,
            attempt: 1,
            has_moved: false,
            has_nameless: false,
            state: State::Reading,
            changed_since: None,
        }
    }
}

impl<T: Row> List<T> {
    /// The rows that changed since then.
    pub(super) fn changed_since(since: Timestamp) -> Self {
        Self { changed_since: Some(since), ..Self::default() }
    }

    /// The next page to read, if there is one.
    pub(super) fn next(&self) -> Option<Slice> {
        let slice = Slice { start: self.start, limit: PAGE, changed_since: self.changed_since };
        (self.state == State::Reading).then_some(slice)
    }

    pub(super) fn add(&mut self, page: Page<T>) {
        let total = *self.total.get_or_insert(page.total);
        self.has_nameless |= page.sent > page.rows.len() + page.unreadable.len();
        for (place, row) in (self.start..).zip(page.rows) {
            match self.seen.get(row.id()) {
                Some(first) => {
                    self.doubles[0].insert(row.id().to_owned(), (*first, place));
                }
                None => {
                    self.seen.insert(row.id().to_owned(), place);
                    self.rows.push(row);
                }
            }
        }
        self.unreadable.extend(page.unreadable);
        self.start += page.sent;
        let ended = page.sent == 0 || self.start >= total;
        // Pages that end before the total, or go beyond it, do not fit.
        self.has_moved |= page.total != total || (ended && self.start != total);
        let [doubles, before] = &mut self.doubles;
        self.has_moved |= ended && !doubles.is_empty() && doubles != before;
        if self.has_moved && self.attempt < ATTEMPTS {
            let doubles = [BTreeMap::new(), std::mem::take(doubles)];
            let changed_since = self.changed_since;
            *self = Self { attempt: self.attempt + 1, doubles, changed_since, ..Self::default() };
        } else if ended {
            self.state = if self.has_moved || self.has_nameless { State::Incomplete } else { State::Complete };
        }
    }

    /// How many rows there are, as the till says.
    pub(super) fn total(&self) -> usize {
        self.total.unwrap_or_default()
    }

    /// Whether it was read to its end and its pages fitted together.
    pub(super) fn is_complete(&self) -> bool {
        self.state == State::Complete
    }

    /// Whether there was nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.start == 0
    }

    /// The rows, and the ids of those that could not be read.
    pub(super) fn into_rows(self) -> (Vec<T>, Vec<String>) {
        (self.rows, self.unreadable)
    }
}

#[cfg(test)]
mod tests;
