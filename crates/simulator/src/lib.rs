//! Both remote parties of the bridge in one local program: the till and the platform, strict by default.
//!
//! [`Simulator::start`] binds a loopback port and serves `/cic` (the till's API), `/plateform` (the platform's API),
//! `/control` (what a person or a test does to either party) and `/` (a page that shows both sides). Everything that
//! `/control` offers is a method of [`Control`], to which [`Simulator`] dereferences, so a test and a person run the
//! same code. See the README of this crate for the endpoints and for what each switch does.

mod clock;
mod config;
mod control;
mod error;
mod fault;
mod hooks;
mod http;
mod money;
mod plateform;
mod restaurant;
mod server;
mod state;
mod till;
mod toggles;
mod world;

pub use config::{Config, SimulatorConfig};
pub use control::{ActionOptions, Control, Item, ItemOption, MenuEdit, Outcome, PlaceOrder, RawWebhook};
pub use error::ControlError;
pub use fault::{FaultKind, FaultSpec};
pub use hooks::{Attempt, Delivery, DeliveryState, WebhookMode, sign_as_plateform, sign_as_till};
pub use http::{Party, RecordedRequest};
pub use restaurant::{KeyState, MenuChoice, RestaurantSpec};
pub use server::Simulator;
pub use till::{Table, TillAction, demo_ids};
pub use toggles::{
    BatchAnswer, CustomerPut, DeleteBody, OptionsPath, OrdersWindow, PlateformToggles, SignatureMode, TillToggles,
    Visibility,
};
