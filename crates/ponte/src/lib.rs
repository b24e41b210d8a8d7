//! The operator's command of Ponte, and the local AWS that the demo and the tests run on.

pub mod invoke;
pub mod local;
