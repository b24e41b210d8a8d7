//! The fields of one object of the menu, read with tolerance; null is absent.
//!
//! What decides whether, where or for how much something is sold is read by the methods that answer a `Result`: there,
//! another form than those known is an error rather than absent, so that nothing is ever sold on a guess.

use super::{BadShape, tolerant};
use domain::SalesPointId;
use serde_json::{Map, Value};

/// The fields of one object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The fields of a value that is an object.
    pub(super) fn of(value: &'a Value) -> Result<Self, BadShape> {
        value.as_object().map(Self).ok_or(BadShape::NotAnObject)
    }

    /// A field that is not null.
    pub(super) fn get(self, field: &str) -> Option<&'a Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }

    /// A text that is not blank, or a number as text.
    pub(super) fn text(self, field: &str) -> Option<String> {
        self.get(field).and_then(tolerant::to_text).filter(|text| !text.trim().is_empty())
    }

    /// An embedded object.
    pub(super) fn object(self, field: &str) -> Option<Self> {
        Self::of(self.get(field)?).ok()
    }

    /// An id, or that of the object embedded in its place.
    pub(super) fn id(self, field: &str, embedded: &str) -> Option<String> {
        self.text(field).or_else(|| self.object(embedded)?.text("id"))
    }

    /// A list; absent is empty.
    pub(super) fn list(self, field: &'static str) -> Result<&'a [Value], BadShape> {
        match self.get(field) {
            None => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(BadShape::Odd(field)),
        }
    }

    /// A truth value, bare, as text or as 0 and 1; absent is false.
    pub(super) fn flag(self, field: &'static str) -> Result<bool, BadShape> {
        match self.get(field) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => match tolerant::to_text(other).map(|text| text.trim().to_ascii_lowercase()).as_deref() {
                Some("true" | "1") => Ok(true),
                Some("false" | "0" | "") => Ok(false),
                _ => Err(BadShape::Odd(field)),
            },
        }
    }

    /// The one sales point that sees it; absent is every sales point.
    pub(super) fn sales_point(self) -> Result<Option<SalesPointId>, BadShape> {
        let field = "idSalesPoint";
        let number = self.get(field).map(|value| tolerant::to_integer(value).ok_or(BadShape::Odd(field)));
        Ok(number.transpose()?.map(SalesPointId))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_truth_value_is_read_in_every_form_and_any_other_is_odd() {
        let read = |value: Value| Fields::of(&json!({"f": value})).unwrap().flag("f");
        for value in [json!(true), json!("TRUE"), json!(" true "), json!(1), json!("1")] {
            assert_eq!(read(value.clone()), Ok(true), "{value}");
        }
        for value in [json!(false), json!("false"), json!(0), json!(""), json!(null)] {
            assert_eq!(read(value.clone()), Ok(false), "{value}");
        }
        for value in [json!("yes"), json!(2), json!([]), json!({})] {
            assert_eq!(read(value.clone()), Err(BadShape::Odd("f")), "{value}");
        }
    }

    #[test]
    fn a_sales_point_of_another_form_is_never_taken_for_every_sales_point() {
        let read = |value: Value| Fields::of(&json!({"idSalesPoint": value})).unwrap().sales_point();
        assert_eq!(read(json!("90101")), Ok(Some(SalesPointId(90101))));
        assert_eq!(read(json!(null)), Ok(None));
        for value in [json!("x"), json!({"id": 90101}), json!(1.5), json!("")] {
            assert_eq!(read(value.clone()), Err(BadShape::Odd("idSalesPoint")), "{value}");
        }
    }
}
