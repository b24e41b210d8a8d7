//! Texts that a kitchen printer prints: cleaned, cut, with what may hurt somebody first and never cut (E40, E41).

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// What flags an allergy for whoever reads the ticket.
pub const ALLERGY_FLAG: &str = "!! ALLERGIA !!";

/// Parts of words that mean an allergy or intolerance, lower case, in the languages that customers write in.
const ALLERGY_WORDS: [&str; 16] = [
    "allerg", "intoller", "intoleran", "celiac", "celiach", "coeliac", "zöliakie", "glutin", "gluten", "lattosio",
    "lactose", "laktose", "anafila", "anaphyla", "favism", "unverträglich",
];

/// Invisible characters that only confuse a printer or turn text around: zero-width, bidirectional, byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFF}')
}

/// The text in NFC, on one line, without control and invisible characters, single-spaced.
#[must_use]
pub fn clean(text: &str) -> String {
    let spaced: String = text
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c })
        .nfc()
        .collect();
    spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// At most `longest` characters of the text, never splitting what a reader sees as one character.
#[must_use]
pub fn cut(text: &str, longest: usize) -> &str {
    let mut end = 0;
    let mut length = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        length += grapheme.chars().count();
        if length > longest {
            break;
        }
        end = start + grapheme.len();
    }
    &text[..end]
}

/// Whether a wish speaks of an allergy. The only place that decides so, for lines and whole orders.
#[must_use]
pub fn speaks_of_allergy(text: &str) -> bool {
    let text: String = text.nfc().collect::<String>().to_lowercase();
    ALLERGY_WORDS.iter().any(|word| text.contains(word))
}

/// A note: allergy texts first and whole, then the other parts in their order, cut to `longest` characters in all.
///
/// The allergy texts may exceed `longest` on their own: they are never cut.
#[must_use]
pub fn compose(allergies: &[String], parts: &[String], longest: usize) -> String {
    let mut note = allergies.iter().map(|text| format!("{ALLERGY_FLAG} {text}")).collect::<Vec<_>>().join(" | ");
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let separator = if note.is_empty() { "" } else { " | " };
        let used = note.chars().count() + separator.len();
        let room = cut(part, longest.saturating_sub(used)).trim_end();
        if !room.is_empty() {
            note = note + separator + room;
        }
    }
    note
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn e40_notes_are_nfc_on_one_line_without_control_or_bidirectional_characters() {
        assert_eq!(clean("cipolla\u{0}\r\n  ben\tcotta \u{202E}e\u{301}"), "cipolla ben cotta é");
    }

    #[test]
    fn e40_a_cut_never_splits_what_a_reader_sees_as_one_character() {
        assert_eq!(cut("ab👩‍🍳cd", 3), "ab");
        assert_eq!(cut("nẹ\u{301}o", 2), "n");
        assert_eq!(cut("abc", 3), "abc");
    }

    #[test]
    fn e41_allergies_are_recognised_in_the_languages_of_the_customers() {
        for text in ["ALLERGIA alle noci", "sono celiaco", "Allergie gegen Nüsse", "no gluten please", "intolérance: intoleranza"] {
            assert!(speaks_of_allergy(text), "{text}");
        }
        assert!(!speaks_of_allergy("ben cotta, senza cipolla"));
    }

    proptest! {
        #[test]
        fn e41_an_allergy_text_comes_first_and_is_never_cut(allergy in "[a-z ]{1,400}", wish in ".{0,400}", longest in 0usize..300) {
            let note = compose(&[allergy.clone()], &[clean(&wish)], longest);
            let expected = format!("{ALLERGY_FLAG} {allergy}");
            prop_assert!(note.starts_with(&expected));
            prop_assert!(note.chars().count() <= longest.max(expected.chars().count()));
        }

        #[test]
        fn e40_a_clean_text_has_nothing_that_a_printer_cannot_take(text in "\\PC{0,60}|.{0,60}") {
            let cleaned = clean(&text);
            prop_assert!(!cleaned.chars().any(|c| c.is_control() || is_invisible(c)));
            prop_assert_eq!(clean(&cleaned), cleaned);
        }
    }
}
