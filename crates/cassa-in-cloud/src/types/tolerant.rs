//! Readers of single fields, for `deserialize_with`. Each takes every form that the till is known or suspected to use
//! (API sheet 1.5 and 11) and answers none to any other.

use domain::Cents;
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

/// The longest number believed, in bytes.
const NUMBER_MAX: usize = 40;

/// A text, or a number as text.
pub(crate) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(to_text(&Value::deserialize(from)?))
}

/// A whole number, bare or as text.
pub(crate) fn integer<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(to_integer(&Value::deserialize(from)?))
}

/// An amount of euro, bare or as text, in cents.
pub(crate) fn cents<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Cents>, D::Error> {
    Ok(to_cents(&Value::deserialize(from)?))
}

/// An object of a known type.
pub(crate) fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Option<T>, D::Error> {
    Ok(super::read(&Value::deserialize(from)?).ok())
}

/// A list of anything.
pub(crate) fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Value>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Array(items) => items,
        _ => Vec::new(),
    })
}

/// A text, or a number as text.
pub(crate) fn to_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A whole number, bare or as text.
pub(crate) fn to_integer(value: &Value) -> Option<i64> {
    to_decimal(value).filter(Decimal::is_integer)?.to_i64()
}

/// An amount of euro in cents, exactly; what is finer than a cent is rounded half away from zero.
pub(crate) fn to_cents(value: &Value) -> Option<Cents> {
    let cents = to_decimal(value)?.checked_mul(Decimal::ONE_HUNDRED)?;
    cents.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64().map(Cents)
}

/// A number, bare or as text.
///
/// JSON numbers come as their shortest text, which is the text that the till wrote for any amount of up to 15 digits.
pub(crate) fn to_decimal(value: &Value) -> Option<Decimal> {
    let text = to_text(value)?;
    let text = text.trim();
    if text.len() > NUMBER_MAX {
        return None;
    }
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn e26_amounts_are_read_to_the_cent_in_every_form() {
        for (value, cents) in [
            (json!(19), 1900),
            (json!(19.0), 1900),
            (json!(8.1), 810),
            (json!(0.29), 29),
            (json!(1.005), 101),
            (json!(-1.005), -101),
            (json!(1.0049), 100),
            (json!("22.00"), 2200),
            (json!(" -0.5 "), -50),
            (json!(1e2), 10000),
            (json!("1e2"), 10000),
            (json!("1E-1"), 10),
        ] {
            assert_eq!(to_cents(&value), Some(Cents(cents)), "{value}");
        }
    }

    #[test]
    fn what_is_no_amount_is_none_and_never_a_panic() {
        let endless = format!("0.{}", "9".repeat(4000));
        for value in ["", "-", "12,50", "NaN", "1e99999999999", "1e4294967295", "1e308", "9e27", "0x10", &endless] {
            assert_eq!(to_cents(&json!(value)), None, "{value}");
        }
        for value in [json!(null), json!(true), json!([1]), json!({}), json!(1e308), json!(u64::MAX)] {
            assert_eq!(to_cents(&value), None, "{value}");
        }
    }

    #[test]
    fn whole_numbers_are_read_in_every_form_and_nothing_is_cut_off() {
        for value in [json!(90101), json!(90101.0), json!("90101"), json!("90101.0")] {
            assert_eq!(to_integer(&value), Some(90101), "{value}");
        }
        assert_eq!(to_integer(&json!(90101.5)), None);
        assert_eq!(to_integer(&json!("90101x")), None);
    }

    proptest! {
        #[test]
        fn e26_every_amount_survives_the_way_to_the_till_and_back(cents in -100_000_000_000_000..100_000_000_000_000i64) {
            let written = Cents(cents).to_string();
            let number: Value = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(to_cents(&number), Some(Cents(cents)));
            prop_assert_eq!(to_cents(&Value::String(written)), Some(Cents(cents)));
        }

        #[test]
        fn no_text_makes_the_readers_panic(text in ".{0,60}") {
            to_cents(&Value::String(text.clone()));
            to_integer(&Value::String(text));
        }
    }
}
