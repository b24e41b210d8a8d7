//! What may be shown of a text that somebody else wrote.

/// The longest shown text, in characters.
const SHOWN: usize = 80;

/// A code or detail fit for logs and errors: letters, digits and `._:-`, at most 80 characters, and nothing that
/// could be an e-mail address or a telephone number. `unreadable` stands for everything else.
pub(crate) fn shown(text: &str) -> String {
    let safe = !text.is_empty()
        && text.chars().count() <= SHOWN
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._:-".contains(c))
        && longest_digits(text) < 6;
    if safe { text.to_owned() } else { "unreadable".to_owned() }
}

fn longest_digits(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}

/// The first `max` characters of a text.
pub(crate) fn cut(text: &str, max: usize) -> &str {
    text.char_indices().nth(max).map_or(text, |(end, _)| &text[..end])
}

/// Why some JSON has not the wanted shape, without any of its values: `missing.FIELD`, `syntax` or `type`.
pub(crate) fn shape(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split_once('`'));
    match missing {
        Some((field, _)) => shown(&format!("missing.{field}")),
        None if error.is_data() => "type".to_owned(),
        None => "syntax".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_the_contract_is_shown_and_personal_data_is_not() {
        assert_eq!(shown("illegal_transition:order-12.3"), "illegal_transition:order-12.3");
        for hidden in ["", "mario@example.test", "390000000001", "a b", "è", &"a".repeat(81)] {
            assert_eq!(shown(hidden), "unreadable");
        }
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("perché", 6), "perché");
        assert_eq!(cut("perché", 5), "perch");
        assert_eq!(cut("èèè", 2), "èè");
    }
}
