//! A child process that ends with this one, however this one ends.

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// Ends the child when standard input closes, which it does when this process ends in whatever way; the word `ended`
/// says that there is nothing left to end.
const GUARD: &str = r#"read -r word; [ "$word" = ended ] || kill "$0""#;

/// A child process and its guard; dropping it ends both and waits for them.
#[derive(Debug)]
pub(crate) struct GuardedChild {
    process: Child,
    guard: Child,
}

impl GuardedChild {
    pub(crate) fn spawn(mut command: Command) -> Result<Self> {
        // In groups of their own: out of reach of the terminal's Ctrl-C, which only ends this process, and thereby them.
        let process = command.process_group(0).stdin(Stdio::null()).spawn().context("cannot run it")?;
        let guard = Command::new("sh")
            .args(["-c", GUARD])
            .arg(process.id().to_string())
            .process_group(0)
            .stdin(Stdio::piped())
            .spawn()
            .context("cannot run sh")?;
        Ok(Self { process, guard })
    }

    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    #[cfg(feature = "test-support")]
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    fn dismiss_guard(&mut self, word: &str) -> std::io::Result<()> {
        if let Some(mut input) = self.guard.stdin.take() {
            writeln!(input, "{word}")?;
        }
        self.guard.wait().map(drop)
    }
}

impl Drop for GuardedChild {
    fn drop(&mut self) {
        // The id of a process that has ended may belong to another one, which the guard must not hit.
        let word = if self.is_running() { "end" } else { "ended" };
        // Nothing can be done here about a failure.
        let _ = self.dismiss_guard(word);
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper() -> GuardedChild {
        let mut command = Command::new("sleep");
        command.arg("60");
        GuardedChild::spawn(command).unwrap()
    }

    fn is_alive(pid: u32) -> bool {
        Command::new("kill").args(["-0", &pid.to_string()]).stderr(Stdio::null()).status().unwrap().success()
    }

    #[test]
    fn a_dropped_child_has_ended() {
        let mut child = sleeper();
        let pid = child.process.id();
        assert!(child.is_running());
        drop(child);
        assert!(!is_alive(pid));
    }

    #[test]
    fn a_child_that_ended_by_itself_is_noticed() {
        let mut child = GuardedChild::spawn(Command::new("true")).unwrap();
        child.process.wait().unwrap();
        assert!(!child.is_running());
    }
}
