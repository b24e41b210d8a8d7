//! The one door through which calls to both parties come: recorded, harmed by faults, answered.

pub(crate) mod gateway;
mod incoming;
pub(crate) mod listener;
mod record;
mod reply;

pub(crate) use incoming::Incoming;
pub(crate) use record::Recorder;
pub use record::{Party, RecordedRequest};
pub(crate) use reply::Reply;
