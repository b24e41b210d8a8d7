//! The contract's request schemas, checked strictly: an object may carry no property that its schema does not name.

use super::problem::Problem;
use jiff::Timestamp;
use serde_json::Value;
use std::sync::LazyLock;

/// Unreadable schemas would refuse every request, so a mistake in the file cannot go unnoticed.
static SCHEMAS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("schemas.json")).unwrap_or_default());

/// Parses a body and checks it.
///
/// # Errors
/// With the path and the rule that is broken.
pub(crate) fn parse(schema: &str, body: &[u8]) -> Result<Value, Problem> {
    let value: Value = serde_json::from_slice(body).map_err(|error| Problem::validation(format!("body: {error}")))?;
    check(&SCHEMAS[schema], &value, "body").map_err(Problem::validation)?;
    Ok(value)
}

fn check(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        return check(&SCHEMAS[name], value, at);
    }
    if !schema.is_object() {
        return Err(format!("{at}: no schema"));
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        return Err(format!("{at}: not one of {}", schema["enum"]));
    }
    check_type(&schema["type"], value, at)?;
    match value {
        Value::Object(_) => check_object(schema, value, at),
        Value::Array(items) => {
            let mut numbered = items.iter().enumerate();
            numbered.try_for_each(|(index, item)| check(&schema["items"], item, &format!("{at}[{index}]")))
        }
        Value::String(text) => check_text(schema, text, at),
        Value::Number(number) => {
            let minimum = schema["minimum"].as_i64();
            let below = minimum.is_some_and(|minimum| number.as_i64().is_some_and(|number| number < minimum));
            if below { Err(format!("{at}: below the minimum")) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

fn check_type(wanted: &Value, value: &Value, at: &str) -> Result<(), String> {
    let fits = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    };
    let fits = match wanted {
        Value::Null => true,
        Value::String(name) => fits(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(fits),
        _ => false,
    };
    if fits { Ok(()) } else { Err(format!("{at}: must be {wanted}")) }
}

fn check_object(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    for name in required {
        if value.get(name).is_none() {
            return Err(format!("{at}.{name}: missing"));
        }
    }
    for (name, item) in value.as_object().into_iter().flatten() {
        let property =
            schema["properties"].get(name).ok_or_else(|| format!("{at}.{name}: not a property of the contract"))?;
        check(property, item, &format!("{at}.{name}"))?;
    }
    Ok(())
}

fn check_text(schema: &Value, text: &str, at: &str) -> Result<(), String> {
    let length = text.chars().count() as u64;
    if schema["minLength"].as_u64().is_some_and(|least| length < least) {
        return Err(format!("{at}: too short"));
    }
    if schema["maxLength"].as_u64().is_some_and(|most| length > most) {
        return Err(format!("{at}: too long"));
    }
    let fits = match schema["format"].as_str() {
        Some("date-time") => text.parse::<Timestamp>().is_ok(),
        Some("uri") => ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme)) && !text.contains(' '),
        Some("percentage") => is_percentage(text),
        _ => true,
    };
    if fits { Ok(()) } else { Err(format!("{at}: not a {}", schema["format"])) }
}

/// One or two digits, then perhaps a point and one or two digits.
fn is_percentage(text: &str) -> bool {
    let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refusal(schema: &str, body: &Value) -> Option<String> {
        parse(schema, body.to_string().as_bytes()).err().map(|problem| problem.to_json()["detail"].to_string())
    }

    #[test]
    fn a_field_that_the_platform_owns_is_refused() {
        let detail = refusal("CategoryUpsert", &json!({ "externalId": "c", "name": "Pizze", "translations": {} }));
        assert!(detail.unwrap().contains("translations"));
    }

    #[test]
    fn times_without_an_offset_are_refused() {
        let body = json!({ "status": "confirmed", "occurredAt": "2026-01-01T10:00:00" });
        assert!(refusal("StatusChange", &body).unwrap().contains("date-time"));
    }

    #[test]
    fn percentages_follow_the_pattern() {
        assert!(["4", "10", "22.00", "5.5"].iter().all(|text| is_percentage(text)));
        assert!(!["", "100", "10%", "1.234", ".5"].iter().any(|text| is_percentage(text)));
    }

    #[test]
    fn a_null_is_refused_where_the_contract_does_not_allow_it() {
        assert!(refusal("CategoryUpsert", &json!({ "externalId": "c", "name": "P", "imageUrl": null })).is_none());
        assert!(refusal("CategoryUpsert", &json!({ "externalId": "c", "name": "P", "active": null })).is_some());
    }
}
