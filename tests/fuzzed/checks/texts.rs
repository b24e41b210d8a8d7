//! What holds of every text that goes to a kitchen printer (E40).

use unicode_normalization::is_nfc;

/// Characters that only confuse a printer or turn a text around.
const INVISIBLE: [char; 9] =
    ['\u{AD}', '\u{200B}', '\u{200E}', '\u{200F}', '\u{202A}', '\u{202E}', '\u{2066}', '\u{2069}', '\u{FEFF}'];

/// Panics unless the text is one line in NFC without anything that a printer cannot take.
pub(super) fn assert_printable(text: &str) {
    assert!(is_nfc(text), "not NFC: {text:?}");
    assert!(!text.chars().any(char::is_control), "a control character: {text:?}");
    assert!(!text.contains(INVISIBLE), "an invisible character: {text:?}");
}

/// How many characters a limit counts.
pub(super) fn length(text: &str) -> usize {
    text.chars().count()
}

/// From how many digits on a number may be a telephone's.
const DIGITS_MAX: usize = 6;

/// Panics unless an error's text can stand in a log: nothing that breaks its line or could be somebody's number.
pub(super) fn assert_loggable(text: &str) {
    let digits = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default();
    assert!(digits < DIGITS_MAX && text.len() <= 300 && !text.contains(['@', '\n']), "in an error: {text:?}");
}
