//! Secrets come from files or from standard input, never from the command line, where others could read them.

use super::talk;
use anyhow::{Context as _, Result, bail};
use secrecy::{ExposeSecret as _, SecretString};
use std::path::Path;

/// The longest secret taken, in bytes: more is a wrong file.
const LONGEST: usize = 4096;

/// The secret in a file, or in the next line of standard input where the file is `-`.
///
/// # Errors
/// If it cannot be read, is empty or is more than one line. No message shows any of it.
pub(super) fn read(file: &Path, what: &str) -> Result<SecretString> {
    let text = match file.to_str() {
        Some("-") => talk::line().with_context(|| format!("{what} is expected on standard input"))?,
        _ => std::fs::read_to_string(file).with_context(|| format!("{what} cannot be read from {}", file.display()))?,
    };
    checked(SecretString::from(text.trim()), what)
}

/// A secret that can be one.
///
/// # Errors
/// If it is empty, of several lines or words, or much too long.
pub(super) fn checked(secret: SecretString, what: &str) -> Result<SecretString> {
    let text = secret.expose_secret();
    if text.is_empty() {
        bail!("{what} is empty");
    }
    if text.len() > LONGEST || text.contains(char::is_whitespace) || text.contains(char::is_control) {
        bail!("{what} is not one word; the file must hold the secret and nothing else");
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_one_word_and_no_message_shows_it() {
        assert!(checked("key-1".into(), "the API key").is_ok());
        for wrong in ["", "two words", "a\nb", "a\u{7}b", &"x".repeat(5000)] {
            let told = format!("{:#}", checked(wrong.into(), "the API key").unwrap_err());
            assert!(told.starts_with("the API key is ") && !told.contains("two"), "{told}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let told = format!("{:#}", read(Path::new("/nowhere/key"), "the API key").unwrap_err());
        assert!(told.starts_with("the API key cannot be read from /nowhere/key"), "{told}");
    }
}
