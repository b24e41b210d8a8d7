//! The form of a story: who did what, and when.

use anyhow::Result;
use std::{
    io::Write,
    time::{Duration, Instant},
};

/// The longest that anything of the demo may take; the till's back-off is the longest wait in it.
pub(super) const LONGEST: Duration = Duration::from_secs(60);

/// The lines of one story, each with the time since it began.
pub(super) struct Lines<'a, W> {
    out: &'a mut W,
    begun: Instant,
}

impl<'a, W: Write> Lines<'a, W> {
    /// Begins a story.
    pub(super) fn begin(out: &'a mut W) -> Self {
        Self { out, begun: Instant::now() }
    }

    /// Prints a line.
    pub(super) fn line(&mut self, who: &str, what: &str) -> Result<()> {
        Ok(writeln!(self.out, "  {:>6.2} s  {who:<9} {what}", self.begun.elapsed().as_secs_f64())?)
    }
}

/// An amount as people read it.
pub(super) fn euro(cents: i64) -> String {
    format!("{}.{:02} €", cents / 100, cents % 100)
}
