//! What an order must sum up to.

use super::error::TillError;
use crate::money;
use rust_decimal::Decimal;
use serde_json::Value;

/// A row's amount in cents: quantity × (price + Σ modifier quantity × price), rounded to the cent.
pub(crate) fn row_cents(row: &Value) -> Result<i64, TillError> {
    let quantity = decimal(row, "quantity")?;
    let mut unit = decimal(row, "price")?;
    for value in row["rowModifierValues"].as_array().into_iter().flatten() {
        let times = if value["quantity"].is_null() { Decimal::ONE } else { decimal(value, "quantity")? };
        let price = if value["price"].is_null() { Decimal::ZERO } else { decimal(value, "price")? };
        unit += times * price;
    }
    money::to_cents(quantity * unit).ok_or_else(|| TillError::invalid_params("price"))
}

/// The order's `document.amount` must be the exact sum of its rows.
pub(crate) fn check(document: &Value, rows: &[Value]) -> Result<(), TillError> {
    let amount = money::decimal(&document["amount"]).ok_or_else(|| TillError::invalid_params("amount"))?;
    let mut sum = 0;
    for row in rows.iter().filter(|row| row["subtotal"] != true) {
        sum += row_cents(row)?;
    }
    if amount != Decimal::new(sum, 2) {
        return Err(TillError::invalid_params("amount"));
    }
    Ok(())
}

fn decimal(value: &Value, field: &str) -> Result<Decimal, TillError> {
    money::decimal(&value[field]).ok_or_else(|| TillError::invalid_params(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn modifiers_count_once_for_each_unit_of_the_row() {
        let row = json!({ "quantity": 2, "price": 8.0,
            "rowModifierValues": [{ "price": 1.5, "quantity": 1 }, { "price": 0.5, "quantity": 2 }] });
        assert_eq!(row_cents(&row).ok(), Some(2100));
    }

    #[test]
    fn a_sum_that_floats_get_wrong_is_accepted() {
        let row = json!({ "quantity": 3, "price": 0.1 });
        assert!(check(&json!({ "amount": 0.3 }), &[row]).is_ok());
    }

    #[test]
    fn one_cent_off_is_refused() {
        let row = json!({ "quantity": 1, "price": 9.0 });
        assert!(check(&json!({ "amount": 9.01 }), &[row]).is_err());
    }
}
