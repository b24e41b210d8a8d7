//! Reading and writing of DynamoDB attributes.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Number, Value};
use std::{collections::HashMap, fmt::Display};

/// An item as the SDK gives it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// A string attribute.
pub(crate) fn s(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number attribute.
pub(crate) fn n(value: impl Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The text under a name, if it is one.
pub(crate) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

/// The number under a name, if it is one.
pub(crate) fn number<T: std::str::FromStr>(item: &Item, name: &str) -> Option<T> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

/// An item as JSON. Binary attributes have no place in JSON and are left out.
pub(crate) fn to_json(item: &Item) -> Map<String, Value> {
    item.iter().filter_map(|(name, value)| Some((name.clone(), value_to_json(value)?))).collect()
}

fn value_to_json(value: &AttributeValue) -> Option<Value> {
    Some(match value {
        AttributeValue::S(text) => Value::String(text.clone()),
        AttributeValue::N(text) => number_to_json(text),
        AttributeValue::Bool(flag) => Value::Bool(*flag),
        AttributeValue::Null(_) => Value::Null,
        AttributeValue::L(all) => Value::Array(all.iter().filter_map(value_to_json).collect()),
        AttributeValue::M(map) => Value::Object(to_json(map)),
        AttributeValue::Ss(all) => Value::Array(all.iter().cloned().map(Value::String).collect()),
        AttributeValue::Ns(all) => Value::Array(all.iter().map(|text| number_to_json(text)).collect()),
        _ => return None,
    })
}

/// A whole number where it is one: DynamoDB keeps `20` and `20.0` alike.
fn number_to_json(text: &str) -> Value {
    let whole = text.parse::<i64>().ok().map(Number::from);
    whole.or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64)).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::primitives::Blob;
    use serde_json::json;

    #[test]
    fn an_item_becomes_json_without_its_binary_attributes() {
        let inner = Item::from([("n".into(), n(20)), ("b".into(), AttributeValue::B(Blob::new([1])))]);
        let item = Item::from([
            ("s".into(), s("x")),
            ("half".into(), n("0.5")),
            ("no".into(), AttributeValue::Null(true)),
            ("flag".into(), AttributeValue::Bool(true)),
            ("list".into(), AttributeValue::L(vec![s("a")])),
            ("set".into(), AttributeValue::Ss(vec!["b".into()])),
            ("map".into(), AttributeValue::M(inner)),
        ]);
        let expected = json!({"s": "x", "half": 0.5, "no": null, "flag": true, "list": ["a"], "set": ["b"],
            "map": {"n": 20}});
        assert_eq!(Value::Object(to_json(&item)), expected);
    }
}
