//! The ports in memory, for tests: deterministic, without network, and with the same forms as the real ones.
//!
//! Every type is a handle: clones share what they hold. What a real adapter would write as JSON or in milliseconds goes
//! through the same forms here, so that a test in memory does not pass by a precision that a table does not have.

mod budget;
mod catalogue;
mod circuit;
mod menu_store;
mod orders;
mod platform;
mod platform_menu;
mod queue;
mod setup;
mod tenants;
mod till;

pub use budget::MemoryBudget;
pub use catalogue::{CatalogueCall, MemoryCatalogue, MemoryMenuTill};
pub use circuit::MemoryCircuits;
pub use menu_store::MemoryMenuStore;
pub use orders::MemoryOrderStore;
pub use platform::MemoryPlatform;
pub use platform_menu::{MemoryPlatformMenu, MenuCall, Told};
pub use queue::MemoryQueue;
pub use setup::{MemorySetup, SetupAnswers};
pub use tenants::MemoryTenants;
pub use till::{Fault, MemoryTill, TillCall};

use crate::ports::{Clock, StoreError};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A clock that stands still until it is moved.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<Mutex<Timestamp>>);

impl ManualClock {
    /// A clock that shows this time.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Moves it on.
    pub fn advance(&self, by: SignedDuration) {
        *lock(&self.0) += by;
    }

    /// Sets it.
    pub fn set(&self, now: Timestamp) {
        *lock(&self.0) = now;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *lock(&self.0)
    }
}

/// A point at which a caller can be ended: before anything is done, and after it is done and before it is known.
async fn pause() {
    tokio::task::yield_now().await;
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Calls that are to fail, for tests of what happens then.
#[derive(Debug, Default)]
struct Faults(u32);

impl Faults {
    fn next(&mut self, what: &str) -> Result<(), StoreError> {
        match self.0.checked_sub(1) {
            None => Ok(()),
            Some(left) => {
                self.0 = left;
                Err(StoreError::Unavailable { what: what.to_owned(), source: "a fault was asked for".into() })
            }
        }
    }
}
