//! The ports: what the use cases need from the world, one trait per capability.
//!
//! Contracts are written on each method; `app::contract` holds the tests that every adapter must pass.

mod circuit;
pub mod doctor;
pub mod menu;
mod orders;
mod platform;
mod tenants;
mod till;
mod work;

pub use circuit::{CircuitStore, Saved, StoredStanding, Upstream};
pub use orders::{Commit, Committed, OrderKey, OrderQueue, OrderStore, Stored, SyncQueue};
pub use platform::{Platform, PlatformError, StatusChange, TillDelivery, TillState};
pub use tenants::{Freshness, PlatformAccess, TenantAccess, Tenants};
pub use till::{Till, TillError};
pub use work::{Clock, StoreError, SystemClock, Work, asked_wait};
