//! Names, descriptions and addresses, fit for the platform.

use crate::notes::{clean, cut};

/// The platform's longest name.
const LONGEST_NAME: usize = 200;

/// The platform's longest description.
const LONGEST_TEXT: usize = 5000;

/// A name of 1 to 200 characters; none if nothing of it can be shown.
pub(super) fn name(typed: &str) -> Option<String> {
    let name = clean(typed);
    let name = cut(&name, LONGEST_NAME).trim_end();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Whether a name loses something by being cut.
pub(super) fn is_cut(typed: &str) -> bool {
    clean(typed).chars().count() > LONGEST_NAME
}

/// The plain text of what may be HTML, on one line, at most 5,000 characters.
pub(super) fn plain(html: &str) -> String {
    let plain = match html.contains(['<', '&']) {
        true => html2text::config::plain_no_decorate().string_from_read(html.as_bytes(), usize::MAX >> 1),
        false => Ok(html.to_owned()),
    };
    let text = clean(&plain.unwrap_or_else(|_| html.to_owned()));
    cut(&text, LONGEST_TEXT).trim_end().to_owned()
}

/// An address of a picture; none if it is no http address.
pub(super) fn photo(address: &str) -> Option<String> {
    let address = address.trim();
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let visible = address.len() <= 2000 && address.bytes().all(|byte| byte.is_ascii_graphic());
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    (visible && !host.is_empty() && !address.contains(['"', '<', '>', '\\'])).then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s19_html_becomes_clean_text_with_its_entities() {
        assert_eq!(plain("<p>Pomodoro, <b>mozzarella</b> &amp; basilico</p><p>Ben&nbsp;cotta</p>"), "Pomodoro, mozzarella & basilico Ben cotta");
        assert_eq!(plain("<script>alert(1)</script>Bionda"), "Bionda");
        assert_eq!(plain("5 < 6"), "5 < 6");
    }

    #[test]
    fn names_are_clean_cut_and_never_empty() {
        assert_eq!(name("  Pizza\u{0} \u{202E}Margherita 🍕 "), Some("Pizza Margherita 🍕".into()));
        assert_eq!(name("\u{0}\u{200B} "), None);
        assert_eq!(name(&"è".repeat(500)).map(|name| name.chars().count()), Some(200));
        assert!(is_cut(&"è".repeat(500)));
    }

    #[test]
    fn an_address_that_is_none_is_no_photo() {
        assert!(photo("https://images.example.test/a.jpg?x=1").is_some());
        for address in ["", "margherita.jpg", "javascript:alert(1)", "https://", "https:///x", "https://a b/c", "ftp://example.test/a"] {
            assert_eq!(photo(address), None, "{address}");
        }
    }
}
