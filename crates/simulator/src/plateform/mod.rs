//! The platform, strictly as its contract says.

mod customers;
mod events;
mod idempotency;
mod integration;
mod menu;
mod menu_entry;
mod order;
mod page;
mod problem;
mod routes;
mod schema;
mod status;
mod store;

pub(crate) use events::{Event, hook};
pub(crate) use menu::{find_mut, put};
pub(crate) use menu_entry::{MenuEntry, MenuKind};
pub(crate) use problem::{Problem, fault_reply};
pub(crate) use routes::handle;
pub(crate) use status::{Moved, move_order};
pub(crate) use store::{PlacedOrder, Platform};
