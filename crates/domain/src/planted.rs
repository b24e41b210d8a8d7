//! Bugs planted on purpose, one at a time, to show that the fault simulation finds them. Only with the feature
//! `planted-bugs`, which nothing that is deployed may switch on.

use crate::order::Status;
use std::cell::Cell;

/// A rule that is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// The table takes a commit whatever was committed in between.
    NoFence,
    /// After an ambiguous creation the till counts as read and empty.
    NoReadBack,
    /// What the till says counts as if the customer knew nothing yet.
    LateEvents,
}

thread_local! {
    static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
}

/// Plants a bug on this thread, or takes it out.
pub fn plant(bug: Option<Bug>) {
    PLANTED.set(bug);
}

/// Whether this bug is planted on this thread.
#[must_use]
pub fn is(bug: Bug) -> bool {
    PLANTED.get() == Some(bug)
}

/// The status that a word of the till is looked up with.
pub(crate) fn looked_up_with(status: Status) -> Status {
    if is(Bug::LateEvents) { Status::New } else { status }
}
