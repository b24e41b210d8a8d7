//! From a JSON value to the names and types of its fields.

use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The fields whose words may be shown: enumerations of the API sheet.
const ENUMERATIONS: [&str; 9] = [
    "status",
    "externalWorkflowStatus",
    "internalWorkflowStatus",
    "deliveryMode",
    "prepaymentStatus",
    "salesType",
    "paymentType",
    "entity",
    "events",
];

/// The longest name of a field or word of an enumeration, in bytes.
const LONGEST: usize = 40;

/// From how many digits on a name may be an id or a telephone number.
const DIGITS: usize = 4;

/// What one field looked like.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FieldShape {
    /// `object`, `list`, `text`, `integer`, `decimal`, `truth`, `null`.
    pub types: BTreeSet<&'static str>,
    /// How often it was there.
    pub count: usize,
    /// The words of an enumeration.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub words: BTreeSet<String>,
}

/// The fields of a value by path, `products[].variants[].id`.
pub(super) fn of(value: &Value) -> BTreeMap<String, FieldShape> {
    let mut fields = BTreeMap::new();
    walk("", "", value, &mut fields);
    fields
}

fn walk(path: &str, name: &str, value: &Value, fields: &mut BTreeMap<String, FieldShape>) {
    if !path.is_empty() {
        let shape = fields.entry(path.to_owned()).or_default();
        shape.types.insert(type_of(value));
        shape.count += 1;
        shape.words.extend(word(name, value));
    }
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let key = if is_name(key) { key.as_str() } else { "*" };
                let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                walk(&path, key, value, fields);
            }
        }
        Value::Array(items) => {
            let path = format!("{path}[]");
            items.iter().for_each(|item| walk(&path, name, item, fields));
        }
        _ => {}
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "truth",
        Value::Number(number) if number.is_f64() => "decimal",
        Value::Number(_) => "integer",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// A key that is data, an id or an e-mail address, is no name.
pub(super) fn is_name(key: &str) -> bool {
    let fits = !key.is_empty() && key.len() <= LONGEST;
    let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    fits && plain && key.starts_with(|first: char| first.is_ascii_lowercase()) && digits < DIGITS
}

fn word(name: &str, value: &Value) -> Option<String> {
    let text = value.as_str().filter(|_| ENUMERATIONS.contains(&name))?;
    let is_word = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    (is_word && !text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_told_by_path_type_and_count_and_never_by_what_they_hold() {
        let fields = of(&json!({"orders": [
            {"id": "secret-1", "status": "PROCESSED", "name": "MARIA", "amount": 7.5, "rows": [1, null]},
            {"id": 7, "status": "Mario Rossi", "390000000001": {"x": true}, "a@example.test": "y"},
        ]}));
        let text = serde_json::to_string(&fields).unwrap();
        for hidden in ["secret", "MARIA", "Mario", "3900", "example", "7.5"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
        let shape =
            |path: &str| fields.get(path).map(|shape| (shape.types.iter().copied().collect::<Vec<_>>(), shape.count));
        assert_eq!(shape("orders[].id"), Some((vec!["integer", "text"], 2)));
        assert_eq!(shape("orders[].rows[]"), Some((vec!["integer", "null"], 2)));
        assert_eq!(shape("orders[].amount"), Some((vec!["decimal"], 1)));
        assert_eq!(shape("orders[].*.x"), Some((vec!["truth"], 1)));
        assert_eq!(fields["orders[].status"].words, BTreeSet::from(["PROCESSED".to_owned()]));
        assert_eq!(fields["orders[].name"].words, BTreeSet::new());
    }
}
