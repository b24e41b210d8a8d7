//! The checks on an order's rows: numbers, ids, prices.

use super::{
    account::{Account, Table},
    error::TillError,
    shape::text,
};
use crate::{money, toggles::TillToggles};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Checks every row and returns the rows as reads will show them.
pub(crate) fn check(
    account: &Account,
    toggles: &TillToggles,
    point: i64,
    rows: &[Value],
) -> Result<Vec<Value>, TillError> {
    if rows.is_empty() {
        return Err(TillError::invalid_params("rows"));
    }
    let mut numbers = BTreeSet::new();
    rows.iter()
        .map(|row| {
            let number = row["rowNumber"].as_i64().filter(|number| *number >= 1);
            if !number.is_some_and(|number| numbers.insert(number)) {
                return Err(TillError::invalid_params("rowNumber"));
            }
            check_row(account, toggles, point, row)
        })
        .collect()
}

fn check_row(account: &Account, toggles: &TillToggles, point: i64, row: &Value) -> Result<Value, TillError> {
    let product = product_of(account, toggles, point, row)?;
    required_id(account, Table::Departments, row, "idDepartment")?;
    required_id(account, Table::Taxes, row, "idTax")?;
    if !row["idSalesMode"].is_null() {
        required_id(account, Table::SalesModes, row, "idSalesMode")?;
    }
    check_numbers(row)?;
    check_modifiers(account, toggles, row)?;
    let amount = money::euro(super::amount::row_cents(row)?);
    let mut shown = super::shape::without_nulls(row);
    shown["idProduct"] = product["id"].clone();
    shown["idCategory"] = product["idCategory"].clone();
    shown["refund"] = json!(false);
    shown["coverCharge"] = json!(false);
    shown["calculatedAmount"] = amount;
    Ok(shown)
}

/// The product behind a row, by variant; by product only where products have no technical variant.
fn product_of<'a>(
    account: &'a Account,
    toggles: &TillToggles,
    point: i64,
    row: &Value,
) -> Result<&'a Value, TillError> {
    let sold_here = |product: &&Value| product["idSalesPoint"].as_i64().is_none_or(|own| own == point);
    let mut products = account.rows(Table::Products).iter().filter(sold_here);
    if !row["idProductVariant"].is_null() {
        let wanted = &row["idProductVariant"];
        let found = products.find(|product| {
            let shown = toggles.technical_variants || product["multivariant"] == true;
            shown && product["variants"].as_array().is_some_and(|all| all.iter().any(|v| v["id"] == *wanted))
        });
        return found.ok_or_else(|| TillError::invalid_id("idProductVariant"));
    }
    if toggles.technical_variants || row["idProduct"].is_null() {
        return Err(TillError::invalid_params("idProductVariant"));
    }
    let found = products.find(|product| product["id"] == row["idProduct"] && product["multivariant"] != true);
    found.ok_or_else(|| TillError::invalid_id("idProduct"))
}

fn required_id(account: &Account, table: Table, row: &Value, field: &str) -> Result<(), TillError> {
    let id = row[field].as_str().ok_or_else(|| TillError::invalid_params(field))?;
    account.find(table, id).map(|_| ()).ok_or_else(|| TillError::invalid_id(field))
}

fn check_numbers(row: &Value) -> Result<(), TillError> {
    let quantity = money::decimal(&row["quantity"]).filter(|quantity| *quantity > Decimal::ZERO);
    if quantity.is_none() {
        return Err(TillError::invalid_params("quantity"));
    }
    let price = money::decimal(&row["price"]);
    if price.is_none_or(money::has_fraction_of_cent) {
        return Err(TillError::invalid_params("price"));
    }
    if !row["note"].is_null() && !row["note"].is_string() {
        return Err(TillError::invalid_params("note: error.expected.jsstring"));
    }
    Ok(())
}

fn check_modifiers(account: &Account, toggles: &TillToggles, row: &Value) -> Result<(), TillError> {
    let chosen = &row["rowModifierValues"];
    if chosen.is_null() {
        return Ok(());
    }
    let refused = || TillError::invalid_params("rowModifierValues");
    let chosen = chosen.as_array().filter(|_| !toggles.reject_row_modifier_values).ok_or_else(refused)?;
    for value in chosen {
        if !value["idModifierValue"].is_null() {
            continue;
        }
        let option = account.find(Table::Options, text(value, "idOption"));
        let option = option.ok_or_else(|| TillError::invalid_id("rowModifierValues.idOption"))?;
        let known = option["values"].as_array().into_iter().flatten().any(|known| known["id"] == value["idValue"]);
        if !known {
            return Err(TillError::invalid_id("rowModifierValues.idValue"));
        }
    }
    Ok(())
}
