//! Texts that a kitchen printer prints: cleaned, cut, with what may hurt somebody first and never cut (E40, E41).

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

/// What flags an allergy for whoever reads the ticket.
pub const ALLERGY_FLAG: &str = "!! ALLERGIA !!";

/// Parts of words that mean an allergy or intolerance, lower case and without accents, in the languages that
/// customers write in: Italian, English, French, German, Spanish.
const ALLERGY_WORDS: [&str; 19] = [
    "allerg",
    "alerg",
    "intoller",
    "intoler",
    "celiac",
    "coeliac",
    "coeliaq",
    "cœliaq",
    "zoliak",
    "zoeliak",
    "glutin",
    "gluten",
    "lattos",
    "lactos",
    "laktos",
    "anafila",
    "anaphyla",
    "favism",
    "unvertrag",
];

/// Invisible characters that only confuse a printer or turn text around: zero-width, bidirectional, byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFF}')
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
    let text: String = clean(text).to_lowercase().nfd().filter(|c| !is_combining_mark(*c)).collect();
    ALLERGY_WORDS.iter().any(|word| text.contains(word))
}

/// A note: allergy texts first and whole, then the other parts in their order, cut to `room` characters besides.
#[must_use]
pub fn compose(allergies: &[String], parts: &[String], room: usize) -> String {
    let flagged = allergies.iter().map(|text| format!("{ALLERGY_FLAG} {text}")).collect::<Vec<_>>().join(" | ");
    extend(flagged, parts, room)
}

/// Adds parts to a note that is never cut: at most `room` characters of them, separators included.
#[must_use]
pub fn extend(mut note: String, parts: &[String], room: usize) -> String {
    let longest = note.chars().count().saturating_add(room);
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let separator = if note.is_empty() { "" } else { " | " };
        let used = note.chars().count() + separator.len();
        let kept = cut(part, longest.saturating_sub(used)).trim_end();
        if !kept.is_empty() {
            note = note + separator + kept;
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
        for text in [
            "ALLERGIA alle noci",
            "sono celiaco",
            "intolleranza al lattosio",
            "Nussallergie",
            "Zöliakie",
            "Laktoseunverträglichkeit",
            "no gluten please",
            "intolérance aux noix",
            "maladie cœliaque",
            "alérgico a las nueces",
            "soy celíaca, sin lactosa",
            "ALLE\u{200B}RGI\u{300}A alle noci",
        ] {
            assert!(speaks_of_allergy(text), "{text}");
        }
        for text in ["ben cotta, senza cipolla", "senza glutammato", "citofono Allegri"] {
            assert!(!speaks_of_allergy(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn e41_an_allergy_text_comes_first_and_is_never_cut(allergy in "[a-z ]{1,400}", wish in ".{0,400}", room in 0usize..300) {
            let note = compose(std::slice::from_ref(&allergy), &[clean(&wish)], room);
            let expected = format!("{ALLERGY_FLAG} {allergy}");
            prop_assert!(note.starts_with(&expected));
            prop_assert!(note.chars().count() <= expected.chars().count() + room);
        }

        #[test]
        fn e40_a_clean_text_has_nothing_that_a_printer_cannot_take(text in "\\PC{0,60}|.{0,60}") {
            let cleaned = clean(&text);
            prop_assert!(!cleaned.chars().any(|c| c.is_control() || is_invisible(c)));
            prop_assert_eq!(clean(&cleaned), cleaned);
        }
    }
}
