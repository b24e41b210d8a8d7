//! The menu: what the till sells, as the platform shall show it.
//!
//! [`mapping::map`] makes the desired menu of one reading of the till; [`diff::diff`] says what is to be written, given
//! a [`manifest::Manifest`] of what was written before. Nothing here has a place for a field that the platform owns.

pub mod diff;
pub mod finding;
mod html;
pub mod manifest;
pub mod mapping;
mod model;
mod options;
pub mod preview;
mod prices;
mod text;
pub mod till;

pub use finding::{Check, Finding, Level};
pub use model::{
    Category, Dish, Entry, GroupKind, Kind, Menu, OptionGroup, OptionItem, ServicePrice, digest, entry_key,
};

#[cfg(test)]
mod tests;
