//! Everything that a probe was answered, as the guesses look into it.

use super::Seen;
use domain::tenant::Channel;
use serde_json::Value;

/// Everything that was answered.
pub(super) struct Answers<'a> {
    pub(super) seen: &'a [Seen],
    pub(super) channel: Channel,
}

impl Answers<'_> {
    /// The answer to a question.
    pub(super) fn get(&self, call: &str) -> Option<&Seen> {
        self.seen.iter().find(|seen| seen.call == call)
    }

    /// The rows of a success.
    pub(super) fn rows(&self, call: &str) -> &[Value] {
        self.get(call).filter(|seen| seen.is_success()).map_or(&[], Seen::rows)
    }

    /// The modifiers of categories and products.
    pub(super) fn modifiers(&self) -> Vec<&Value> {
        let rows = self.rows("categories").iter().chain(self.rows("products"));
        rows.flat_map(|row| list(row, "modifiers")).collect()
    }

    /// Their values.
    pub(super) fn values(&self) -> Vec<&Value> {
        self.modifiers().into_iter().flat_map(|modifier| list(modifier, "values")).collect()
    }

    /// The status, or that there was none.
    pub(super) fn status(&self, call: &str) -> String {
        self.get(call).map_or_else(|| "no answer".to_owned(), |seen| seen.status.to_string())
    }
}

/// The items of a list field.
pub(super) fn list<'a>(row: &'a Value, field: &str) -> &'a [Value] {
    row.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// How many rows are wanted.
pub(super) fn count<'a>(rows: impl IntoIterator<Item = &'a Value>, wanted: impl Fn(&Value) -> bool) -> usize {
    rows.into_iter().filter(|row| wanted(row)).count()
}

/// Whether a field is there and not null.
pub(super) fn has(row: &Value, field: &str) -> bool {
    row.get(field).is_some_and(|value| !value.is_null())
}
