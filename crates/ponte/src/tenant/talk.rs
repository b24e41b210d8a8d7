//! What is said to an operator beside the answer, and what is asked: all on standard error.

use anyhow::{Context as _, Result, bail};
use secrecy::SecretString;
use std::io::{IsTerminal as _, Write as _};

/// Says something.
///
/// # Errors
/// If nobody can be told.
pub(super) fn say(words: &str) -> Result<()> {
    writeln!(std::io::stderr(), "{words}").context("cannot write to standard error")
}

/// Whether a person is there to be asked.
pub(super) fn is_somebody_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks a person for a line.
///
/// # Errors
/// If nobody answers.
pub(super) fn ask(question: &str) -> Result<String> {
    let mut talk = std::io::stderr();
    write!(talk, "{question} ").and_then(|()| talk.flush()).context("cannot ask")?;
    line()
}

/// Asks a person for a secret, which is not shown while it is typed.
///
/// # Errors
/// If nobody answers.
pub(super) fn ask_secret(question: &str) -> Result<SecretString> {
    let mut talk = std::io::stderr();
    write!(talk, "{question} ").and_then(|()| talk.flush()).context("cannot ask")?;
    let typed = console::Term::stderr().read_secure_line().context("nobody answers")?;
    Ok(SecretString::from(typed.trim()))
}

/// The next line of standard input.
///
/// # Errors
/// If there is none.
pub(super) fn line() -> Result<String> {
    let mut line = String::new();
    if std::io::stdin().read_line(&mut line).context("standard input cannot be read")? == 0 {
        bail!("standard input is at its end and a line was expected");
    }
    Ok(line.trim().to_owned())
}
