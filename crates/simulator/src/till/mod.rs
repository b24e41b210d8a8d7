//! The till: Cassa in Cloud as far as its behaviour is known, strict where a client could go wrong.

mod account;
mod amount;
mod auth;
mod catalogue;
mod create;
mod customers;
mod demo_menu;
mod demo_rows;
mod documents;
mod error;
mod events;
mod guard;
mod life;
mod list;
mod params;
mod query;
mod rate;
mod receipts;
mod routes;
mod rows;
mod shape;
mod trattoria;

pub(crate) use account::Account;
pub use account::Table;
pub use demo_menu::demo_ids;
pub(crate) use demo_menu::webhook;
pub(crate) use error::fault_reply;
pub(crate) use events::{entity_hooks, hook, order_hook, receipt_hook};
pub use life::TillAction;
pub(crate) use life::{ActionError, apply, legal_moves, merge};
pub(crate) use receipts::issue;
pub(crate) use routes::handle;
pub(crate) use shape::{order_view, text};
