//! Exact money: JSON numbers become decimals through their text, never through float arithmetic.

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use serde_json::{Number, Value};

/// The exact decimal written in a JSON number; `None` for anything else.
pub(crate) fn decimal(value: &Value) -> Option<Decimal> {
    let text = value.as_number()?.to_string();
    text.parse().ok().or_else(|| Decimal::from_scientific(&text).ok())
}

/// Rounded to whole cents, half away from zero, as a till prints a row.
pub(crate) fn to_cents(value: Decimal) -> Option<i64> {
    (value * Decimal::ONE_HUNDRED).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()
}

/// Cents of a JSON price in euro.
pub(crate) fn cents(value: &Value) -> Option<i64> {
    to_cents(decimal(value)?)
}

/// Whether a decimal needs a fraction of a cent.
pub(crate) fn has_fraction_of_cent(value: Decimal) -> bool {
    value.normalize().scale() > 2
}

/// Cents as the JSON number of euro that the till shows.
pub(crate) fn euro(cents: i64) -> Value {
    let text = Decimal::new(cents, 2).to_string();
    text.parse::<f64>().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_price_that_floats_cannot_hold_is_exact() {
        let sum: Decimal = (0..3).filter_map(|_| decimal(&json!(0.1))).sum();
        assert_eq!(Some(sum), decimal(&json!(0.3)));
    }

    #[test]
    fn weights_round_to_the_cent_away_from_zero() {
        assert_eq!(to_cents("1.005".parse().unwrap()), Some(101));
    }

    #[test]
    fn cents_become_euro_and_come_back() {
        assert_eq!(cents(&euro(1990)), Some(1990));
    }
}
