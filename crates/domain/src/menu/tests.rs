//! The rules of the menu, by number. Every name, price and address is invented.

mod bad_input;
mod build;
mod channel;
mod diff;
mod findings;
mod guards;
mod manifest;
mod options;
mod ownership;
mod prices;
mod properties;
mod removals;
mod text;
mod world;
