//! Every check, driven out of green and back.

mod menu;
mod setup;
mod world;
