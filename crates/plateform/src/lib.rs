#![doc = include_str!("../README.md")]

mod changes;
mod client;
mod convert;
mod customers;
mod error;
mod event;
mod listing;
mod menu;
mod menu_port;
mod order_calls;
mod order_dto;
mod orders;
mod port;
mod restaurant;
mod setup;
mod signature;
mod text;
mod transport;
mod webhook;

pub use changes::{
    CategoryUpsert, ChangeOutcome, Deactivation, DishPrices, DishUpsert, MAX_CHANGES, MAX_CHANGES_BYTES, MenuChanges,
    MenuKind, OptionGroupKind, OptionGroupUpsert, OptionUpsert, Outcome, ServicePrice,
};
pub use client::{Client, DEFAULT_TIMEOUT, Settings, SettingsError};
pub use customers::Customer;
pub use event::{Envelope, EventError, PlatformEvent};
pub use listing::{Cursor, Listing, Page};
pub use menu::{DishOwned, MenuItem, PlatformOwned, Translation};
pub use order_calls::OrderFilter;
pub use restaurant::{Finding, IntegrationState, IntegrationStatus, Level, OfferedService, Restaurant};
pub use webhook::{RawWebhook, VerifiedWebhook, WebhookError};
