//! The life of one order with everybody who has to do with it, small enough to try everything.
pub mod decisions;
pub mod explore;
pub mod moves;
pub mod protocol;
pub mod world;
