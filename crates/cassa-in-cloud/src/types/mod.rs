//! The till's wire types and what they are in the domain. They never leave this crate.
//!
//! Read with tolerance: unknown fields are ignored, null is absent, a field of another type than expected is absent.
//! What no reading can do without is the id; a row without one is no row.

mod fields;
mod menu;
mod modifier;
mod order;
mod product;
pub(crate) mod tolerant;

pub(crate) use menu::{category, channel_flag, dish, row_id};
pub(crate) use modifier::option_names;
pub(crate) use order::{OrderDto, SourcesDto, order, own_sales_point, sales_point};
pub(crate) use product::{product, sales_mode};

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Why something of the till is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadShape {
    /// Not an object.
    #[error("not an object")]
    NotAnObject,
    /// No id, or one that no id of the till can be.
    #[error("without a usable id")]
    NoId,
    /// A field that decides what is sold, where and for how much, in a form that no reading fits.
    #[error("with a field of an unknown form: {0}")]
    Odd(&'static str),
}

/// Reads an object; a JSON array would otherwise pass for one, field by field.
pub(crate) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, BadShape> {
    match value {
        Value::Object(_) => T::deserialize(value).map_err(|_| BadShape::NotAnObject),
        _ => Err(BadShape::NotAnObject),
    }
}

/// Converts the rows of a list; one that cannot be read is logged and left out, so that it cannot hide the others.
pub(crate) fn rows<T>(what: &'static str, rows: &[Value], convert: impl Fn(&Value) -> Result<T, BadShape>) -> Vec<T> {
    let converted = rows.iter().filter_map(|row| {
        convert(row)
            .inspect_err(|error| tracing::warn!(till.list = what, error.message = %error, "row of the till left out"))
            .ok()
    });
    converted.collect()
}
