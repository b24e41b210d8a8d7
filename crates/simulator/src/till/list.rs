//! Pages: offset and limit, an irregular key, the total count.

use super::{error::TillError, query::Query};
use crate::{
    http::Reply,
    toggles::{TillToggles, Visibility},
};
use serde_json::{Map, Value, json};

/// The till's largest page.
const MAX_LIMIT: i64 = 100;

/// Where a page begins and how long it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    start: usize,
    limit: usize,
}

impl Page {
    /// `start` and `limit`, both mandatory.
    pub(crate) fn required(query: &Query, toggles: &TillToggles) -> Result<Self, TillError> {
        let start = query.integer("start").ok_or_else(|| TillError::invalid_params("start"))?;
        let limit = query.integer("limit").ok_or_else(|| TillError::invalid_params("limit"))?;
        Self::checked(start, limit, toggles)
    }

    /// `start` and `limit` where the till does not insist.
    pub(crate) fn optional(query: &Query, toggles: &TillToggles) -> Result<Self, TillError> {
        let limit = query.integer("limit").unwrap_or(MAX_LIMIT);
        Self::checked(query.integer("start").unwrap_or(0), limit, toggles)
    }

    fn checked(start: i64, limit: i64, toggles: &TillToggles) -> Result<Self, TillError> {
        let limit = if toggles.clamp_limit { limit.min(MAX_LIMIT) } else { limit };
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(TillError::invalid_params("limit"));
        }
        let start = usize::try_from(start).map_err(|_| TillError::invalid_params("start"))?;
        Ok(Self { start, limit: usize::try_from(limit).unwrap_or(1) })
    }

    /// The page of these rows under the list's key.
    pub(crate) fn reply(self, key: &str, rows: &[&Value], view: impl Fn(&Value) -> Value) -> Reply {
        Reply::ok(&Value::Object(self.envelope(key, rows, view)))
    }

    pub(crate) fn envelope(self, key: &str, rows: &[&Value], view: impl Fn(&Value) -> Value) -> Map<String, Value> {
        let page: Vec<Value> = rows.iter().skip(self.start).take(self.limit).map(|row| view(row)).collect();
        let mut envelope = Map::new();
        envelope.insert(key.to_owned(), Value::Array(page));
        envelope.insert("totalCount".to_owned(), json!(rows.len()));
        envelope
    }
}

/// Whether `idsSalesPoint` lets a row through.
pub(crate) fn visible(point: Option<i64>, query: &Query, toggles: &TillToggles) -> bool {
    let Some(points) = query.list("idsSalesPoint") else { return true };
    match point {
        Some(point) => points.contains(&json!(point)),
        None => toggles.visibility == Visibility::OwnAndGlobal,
    }
}

/// The filters that most lists share: `ids`, `description` and the `lastUpdate` window.
pub(crate) fn common(row: &Value, query: &Query) -> bool {
    let updated = row["lastUpdate"].as_i64().unwrap_or_default();
    one_of(row, "id", query.list("ids"))
        && contains(row, "description", query.text("description"))
        && query.moment("lastUpdateFrom").is_none_or(|from| updated >= from.first_ms)
        && query.moment("lastUpdateTo").is_none_or(|to| updated <= to.last_ms)
}

/// Whether a field's value is in the list, if there is a list.
pub(crate) fn one_of(row: &Value, field: &str, wanted: Option<&Vec<Value>>) -> bool {
    wanted.is_none_or(|wanted| wanted.contains(&row[field]))
}

/// Whether a field contains the text in any case, if there is a text.
pub(crate) fn contains(row: &Value, field: &str, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| row[field].as_str().unwrap_or_default().to_lowercase().contains(&wanted.to_lowercase()))
}
