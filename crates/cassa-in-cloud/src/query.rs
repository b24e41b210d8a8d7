//! Query strings as the till reads them: every value is a JSON literal, then percent-encoded (API sheet 1.4).
//!
//! The types are the point: a list goes as one JSON array and a text is always quoted, because the till answers 400
//! to the first mistake and 500 to the second.

use jiff::Timestamp;
use std::fmt::{Display, Write as _};

/// A query string under construction. Nothing else writes one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(String);

impl Query {
    /// An empty query.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A whole number, bare.
    #[must_use]
    pub fn long(self, key: &str, value: i64) -> Self {
        self.literal(key, &value.to_string())
    }

    /// A number of rows, bare.
    #[must_use]
    pub fn count(self, key: &str, value: usize) -> Self {
        self.literal(key, &value.to_string())
    }

    /// A truth value, bare.
    #[must_use]
    pub fn boolean(self, key: &str, value: bool) -> Self {
        self.literal(key, if value { "true" } else { "false" })
    }

    /// A text, in double quotes.
    #[must_use]
    pub fn text(self, key: &str, value: &str) -> Self {
        let quoted = quoted(value);
        self.literal(key, &quoted)
    }

    /// Whole numbers, as one JSON array.
    #[must_use]
    pub fn longs(self, key: &str, values: &[i64]) -> Self {
        let list = list(values.iter());
        self.literal(key, &list)
    }

    /// Ids, as one JSON array of quoted texts.
    #[must_use]
    pub fn ids<T: Display>(self, key: &str, ids: &[T]) -> Self {
        let list = list(ids.iter().map(|id| quoted(&id.to_string())));
        self.literal(key, &list)
    }

    /// An instant, as bare milliseconds since the epoch.
    #[must_use]
    pub fn instant(self, key: &str, at: Timestamp) -> Self {
        self.long(key, at.as_millisecond())
    }

    /// The encoded query, without the question mark.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn literal(mut self, key: &str, literal: &str) -> Self {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(key);
        self.0.push('=');
        for byte in literal.bytes() {
            match byte {
                b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' => self.0.push(char::from(byte)),
                // Writing to a string cannot fail.
                _ => drop(write!(self.0, "%{byte:02X}")),
            }
        }
        self
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn list(items: impl Iterator<Item = impl Display>) -> String {
    let items: Vec<String> = items.map(|item| item.to_string()).collect();
    format!("[{}]", items.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_truths_and_instants_go_bare() {
        let at: Timestamp = "2026-11-24T19:30:00Z".parse().unwrap();
        let query = Query::new().long("start", 0).boolean("hasActiveLicense", true).instant("datetimeFrom", at);
        assert_eq!(query.as_str(), "start=0&hasActiveLicense=true&datetimeFrom=1795548600000");
    }

    #[test]
    fn texts_are_quoted_and_lists_are_one_json_array() {
        let query = Query::new().text("name", "Zoë \"+\"").longs("idsSalesPoint", &[90101]).ids("ids", &["a", "b"]);
        assert_eq!(
            query.as_str(),
            "name=%22Zo%C3%AB%20%5C%22%2B%5C%22%22&idsSalesPoint=%5B90101%5D&ids=%5B%22a%22%2C%22b%22%5D"
        );
    }

    #[test]
    fn a_text_can_never_leave_its_literal() {
        let query = Query::new().text("email", "a\"&limit=1#\u{7}@example.test");
        assert_eq!(query.as_str(), "email=%22a%5C%22%26limit%3D1%23%5Cu0007%40example.test%22");
    }
}
