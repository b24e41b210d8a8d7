//! Names, descriptions and addresses, fit for the platform.

use super::html;
use crate::notes::{clean, cut};

/// The platform's longest name.
const LONGEST_NAME: usize = 200;

/// The platform's longest description.
const LONGEST_TEXT: usize = 5000;

/// The longest address of a picture that a browser is sure to take.
const LONGEST_ADDRESS: usize = 2000;

/// A text that fits, and whether it had to be cut for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fitted {
    pub(super) text: String,
    pub(super) is_cut: bool,
}

fn fit(text: &str, longest: usize) -> Fitted {
    let text = clean(text);
    let mut kept = cut(&text, longest).trim_end();
    if kept.is_empty() {
        // One endless heap of marks on one letter: better torn than lost.
        let end = text.char_indices().nth(longest).map_or(text.len(), |(end, _)| end);
        kept = &text[..end];
    }
    Fitted { is_cut: kept.len() < text.len(), text: kept.to_owned() }
}

/// A name of 1 to 200 characters; none if nothing of it can be shown.
pub(super) fn name(typed: &str) -> Option<Fitted> {
    Some(fit(typed, LONGEST_NAME)).filter(|name| !name.text.is_empty())
}

/// The plain text of what may be HTML, on one line, at most 5,000 characters.
pub(super) fn plain(typed: &str) -> Fitted {
    match typed.contains(['<', '&']) {
        true => fit(&html::text(typed), LONGEST_TEXT),
        false => fit(typed, LONGEST_TEXT),
    }
}

/// An address of a picture; none if it is no http address.
pub(super) fn photo(address: &str) -> Option<String> {
    let address = address.trim();
    let (scheme, rest) = address.split_once("://")?;
    let is_http = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    let is_host = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let of_uri = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=%".contains(&byte);
    let is_uri = address.bytes().all(of_uri) && address.matches('#').count() < 2 && escapes_are_whole(address);
    (is_http && is_host && is_uri && address.len() <= LONGEST_ADDRESS).then(|| address.to_owned())
}

fn escapes_are_whole(address: &str) -> bool {
    let escaped = |text: &str| text.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
    address.split('%').skip(1).all(escaped)
}
