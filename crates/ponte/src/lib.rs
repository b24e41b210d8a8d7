//! The operator's command of Ponte, and the local AWS that the demo and the tests run on.

pub mod bench;
mod child;
pub mod demo;
pub mod doctor;
pub mod drift;
pub mod invoke;
pub mod local;
pub mod operator;
pub mod order;
pub mod probe;
pub mod queue;
pub mod send;
pub mod shop;
pub mod status;
pub mod sync;
pub mod table;
pub mod tenant;
