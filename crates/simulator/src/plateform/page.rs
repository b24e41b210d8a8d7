//! Lists of the platform: an opaque cursor and a limit.

use super::problem::Problem;
use crate::http::Incoming;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The query of a list call.
#[derive(Debug)]
pub(crate) struct ListQuery {
    values: BTreeMap<String, String>,
    limit: usize,
}

impl ListQuery {
    /// Reads the query; parameters that the call does not have are refused.
    pub(crate) fn parse(request: &Incoming, known: &[&str]) -> Result<Self, Problem> {
        let mut values = BTreeMap::new();
        for (name, value) in request.query_pairs() {
            let allowed = name == "cursor" || name == "limit" || known.contains(&name.as_str());
            if !allowed || values.insert(name.clone(), value).is_some() {
                return Err(Problem::validation(format!("{name}: unknown or repeated parameter")));
            }
        }
        let limit = match values.get("limit") {
            None => 100,
            Some(text) => {
                let limit = text.parse().ok().filter(|limit| (1..=500).contains(limit));
                limit.ok_or_else(|| Problem::validation("limit: 1 to 500"))?
            }
        };
        Ok(Self { values, limit })
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// `updatedAfter`.
    pub(crate) fn updated_after(&self) -> Result<Option<Timestamp>, Problem> {
        let parse = |text: &str| text.parse().map_err(|_| Problem::validation("updatedAfter: not a date-time"));
        self.text("updatedAfter").map(parse).transpose()
    }

    /// The page of these sorted items that comes after the cursor. Every item has a key that sorts as the items do.
    pub(crate) fn page<T>(&self, items: Vec<(String, T)>, view: impl Fn(T) -> Value) -> Result<Value, Problem> {
        let after = match self.text("cursor") {
            None => None,
            Some(cursor) => {
                let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
                let key = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
                Some(key.ok_or_else(|| Problem::validation("cursor: not one of ours"))?)
            }
        };
        let mut left = items.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after)).peekable();
        let page: Vec<(String, T)> = left.by_ref().take(self.limit).collect();
        let last = page.last().map(|(key, _)| URL_SAFE_NO_PAD.encode(key));
        let next = left.peek().and(last);
        let items: Vec<Value> = page.into_iter().map(|(_, item)| view(item)).collect();
        Ok(json!({ "items": items, "nextCursor": next }))
    }
}
