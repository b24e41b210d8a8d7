//! The till's calls in memory.

use super::{ManualClock, lock};
use crate::{
    ports::menu::CallBudget,
    ports::{Clock, StoreError},
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

/// How long a window is, in seconds.
const WINDOW: i64 = 600;

#[derive(Debug, Default)]
struct State {
    used: BTreeMap<(String, i64), u32>,
    granted: u32,
    asked: usize,
}

/// The till's calls in memory, so many for each API key and ten minutes.
#[derive(Debug, Clone)]
pub struct MemoryBudget {
    state: Arc<Mutex<State>>,
    clock: ManualClock,
    size: u32,
}

impl MemoryBudget {
    /// A budget of so many calls in ten minutes.
    #[must_use]
    pub fn new(clock: ManualClock, size: u32) -> Self {
        Self { state: Arc::default(), clock, size }
    }

    /// How many calls were granted in all.
    #[must_use]
    pub fn granted(&self) -> u32 {
        lock(&self.state).granted
    }

    /// How often calls were asked for.
    #[must_use]
    pub fn asked(&self) -> usize {
        lock(&self.state).asked
    }
}

impl CallBudget for MemoryBudget {
    async fn take_calls(&self, api_key: &SecretString, wanted: u32) -> Result<u32, StoreError> {
        let window = self.clock.now().as_second().div_euclid(WINDOW);
        let mut state = lock(&self.state);
        let used = state.used.entry((api_key.expose_secret().to_owned(), window)).or_default();
        let granted = wanted.min(self.size - *used);
        *used += granted;
        state.granted += granted;
        state.asked += 1;
        Ok(granted)
    }
}
