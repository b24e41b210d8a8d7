//! The till's query strings: every value is a JSON literal.

use super::{
    error::TillError,
    params::{Kind, ParamSpec},
};
use crate::{clock, http::Incoming, toggles::TillToggles};
use serde_json::Value;
use std::collections::BTreeMap;

/// A span of time named by one literal: an instant, or a whole day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) first_ms: i64,
    pub(crate) last_ms: i64,
}

/// Parsed parameters.
#[derive(Debug, Default)]
pub(crate) struct Query {
    values: BTreeMap<&'static str, Value>,
    moments: BTreeMap<&'static str, Moment>,
}

impl Query {
    /// Reads the query of a call that takes these parameters.
    pub(crate) fn parse(request: &Incoming, known: &[ParamSpec], toggles: &TillToggles) -> Result<Self, TillError> {
        let mut query = Self::default();
        for (name, raw) in request.query_pairs() {
            let Some((name, kind)) = known.iter().find(|(known, _)| *known == name) else {
                if toggles.ignore_unknown_parameters {
                    continue;
                }
                return Err(TillError::invalid_params(format!("{name}: unknown parameter")));
            };
            if query.values.contains_key(name) {
                return Err(mismatch(name, *kind));
            }
            let value = literal(name, *kind, &raw, toggles.lenient_strings)?;
            if *kind == Kind::Moment {
                query.moments.insert(name, moment(name, &value)?);
            }
            query.values.insert(name, value);
        }
        Ok(query)
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.values.get(name)?.as_i64()
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_str()
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.values.get(name)?.as_bool()
    }

    pub(crate) fn list(&self, name: &str) -> Option<&Vec<Value>> {
        self.values.get(name)?.as_array()
    }

    pub(crate) fn moment(&self, name: &str) -> Option<Moment> {
        self.moments.get(name).copied()
    }
}

fn literal(name: &str, kind: Kind, raw: &str, lenient_strings: bool) -> Result<Value, TillError> {
    let parsed: Option<Value> = serde_json::from_str(raw).ok();
    match (kind, parsed) {
        (Kind::Sorts, _) => Err(TillError::internal()),
        (Kind::Text, Some(value)) if value.is_string() => Ok(value),
        (Kind::Text, _) if lenient_strings => Ok(Value::String(raw.to_owned())),
        (Kind::Text, _) => Err(TillError::internal()),
        (Kind::Integer, Some(value)) if value.is_i64() => Ok(value),
        (Kind::Flag, Some(value)) if value.is_boolean() => Ok(value),
        (Kind::Moment, Some(value)) if value.is_i64() || value.is_string() => Ok(value),
        (Kind::Integers, Some(value)) if all(&value, Value::is_i64) => Ok(value),
        (Kind::Texts, Some(value)) if all(&value, Value::is_string) => Ok(value),
        (Kind::Channels, Some(value)) if all(&value, |item| super::params::channel_flag(item).is_some()) => Ok(value),
        (kind, _) => Err(mismatch(name, kind)),
    }
}

fn all(value: &Value, test: impl Fn(&Value) -> bool) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(test))
}

fn mismatch(name: &str, kind: Kind) -> TillError {
    let expected = match kind {
        Kind::Integer | Kind::Moment => "jsnumber",
        Kind::Flag => "jsboolean",
        Kind::Text | Kind::Sorts => "jsstring",
        Kind::Integers | Kind::Texts | Kind::Channels => "jsarray",
    };
    TillError::invalid_params(format!("{name}: error.expected.{expected}"))
}

fn moment(name: &str, value: &Value) -> Result<Moment, TillError> {
    if let Some(ms) = value.as_i64() {
        return Ok(Moment { first_ms: ms, last_ms: ms });
    }
    let day = value.as_str().and_then(|text| text.parse().ok());
    let bounds = day.and_then(clock::day_bounds_ms);
    let (first_ms, last_ms) =
        bounds.ok_or_else(|| TillError::invalid_params(format!("{name}: error.expected.date")))?;
    Ok(Moment { first_ms, last_ms })
}
