//! How parties are, in memory.

use super::{Faults, lock};
use crate::ports::{CircuitStore, Saved, StoreError, StoredStanding, Upstream};
use domain::circuit::Standing;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

#[derive(Debug, Default)]
struct State {
    /// As the table would have it: revision and text.
    standings: HashMap<Upstream, (u64, String)>,
    faults: Faults,
    loads: usize,
    saves: usize,
}

/// How parties are, in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryCircuits(Arc<Mutex<State>>);

impl MemoryCircuits {
    /// So many of the next calls fail.
    pub fn fail_next(&self, calls: u32) {
        lock(&self.0).faults.0 = calls;
    }

    /// How often something was read.
    #[must_use]
    pub fn loads(&self) -> usize {
        lock(&self.0).loads
    }

    /// How often something was written, or would have been.
    #[must_use]
    pub fn saves(&self) -> usize {
        lock(&self.0).saves
    }
}

impl State {
    fn stored(&self, upstream: &Upstream) -> Option<StoredStanding> {
        let (revision, text) = self.standings.get(upstream)?;
        Some(StoredStanding { standing: serde_json::from_str(text).ok()?, revision: *revision })
    }
}

impl CircuitStore for MemoryCircuits {
    async fn load(&self, upstream: &Upstream) -> Result<Option<StoredStanding>, StoreError> {
        let mut state = lock(&self.0);
        state.loads += 1;
        state.faults.next("circuits")?;
        Ok(state.stored(upstream))
    }

    async fn save(&self, upstream: &Upstream, expected: Option<u64>, standing: &Standing) -> Result<Saved, StoreError> {
        let mut state = lock(&self.0);
        state.saves += 1;
        state.faults.next("circuits")?;
        let stored = state.stored(upstream);
        if stored.map(|stored| stored.revision) != expected {
            return Ok(Saved::Lost(stored));
        }
        let revision = expected.unwrap_or_default() + 1;
        let text = serde_json::to_string(standing).unwrap_or_default();
        state.standings.insert(upstream.clone(), (revision, text));
        Ok(Saved::Done(revision))
    }
}
