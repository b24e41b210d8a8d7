//! For tests: what was written to a log or to the metrics, read back.

use crate::logs;
use serde_json::Value;
use std::{
    io::{self, Write},
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};
use tracing::{Dispatch, subscriber::DefaultGuard};

/// With a single subscriber alive, `tracing` decides whether a line is wanted for good by the thread that reaches it
/// first, and that may be another test's, which has none. With two it asks the thread each time.
static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));

/// What was written, whoever wrote it.
#[derive(Debug, Clone, Default)]
pub struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    /// Takes the logs of this thread until the guard is dropped.
    #[must_use]
    pub fn take_logs(&self, level: &str) -> DefaultGuard {
        LazyLock::force(&SECOND);
        let writer = self.clone();
        tracing::subscriber::set_default(logs::subscriber(level, move || writer.clone()))
    }

    /// Everything; what is no UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }

    /// Each line as JSON; a line that is none is null.
    #[must_use]
    pub fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap_or_default()).collect()
    }

    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
