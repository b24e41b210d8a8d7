//! Additions and removals, prices, and the names of options, wherever the till puts them (API sheet 4.5).

use super::{BadShape, fields::Fields, tolerant};
use domain::{
    OptionId, OptionValueId, SalesModeId,
    menu::till::{OptionNames, TillModifier, TillPrice, TillValue},
};
use rust_decimal::Decimal;
use serde_json::Value;

/// The modifiers of a product or a category. One that cannot be read is logged and left out.
pub(super) fn modifiers(row: Fields<'_>) -> Result<Vec<TillModifier>, BadShape> {
    let listed = super::rows("modifiers", row.list("modifiers")?, modifier);
    let numbered = (0..).zip(listed);
    Ok(numbered.map(|(place, (position, rest))| TillModifier { position: position.unwrap_or(place), ..rest }).collect())
}

/// A modifier, and its position apart: one without stands where it is listed.
fn modifier(value: &Value) -> Result<(Option<i64>, TillModifier), BadShape> {
    let fields = Fields::of(value)?;
    let option = fields.id("idOption", "option").and_then(|id| OptionId::parse(&id).ok()).ok_or(BadShape::NoId)?;
    let values = super::rows("values of modifiers", fields.list("values")?, self::value);
    let position = fields.get("position").and_then(tolerant::to_integer);
    Ok((position, TillModifier { option, name: name(fields, "option"), position: 0, values }))
}

fn value(value: &Value) -> Result<TillValue, BadShape> {
    let fields = Fields::of(value)?;
    let id = fields.id("idValue", "value").and_then(|id| OptionValueId::parse(&id).ok()).ok_or(BadShape::NoId)?;
    let prices = prices(fields)?;
    // Offered without a surcharge that is there and cannot be read, it would be given away.
    let price = fields.get("price").map(|price| tolerant::to_cents(price).ok_or(BadShape::Odd("price"))).transpose()?;
    let is_percentage = match fields.get("percentagePrice") {
        None | Some(Value::Bool(false)) => false,
        Some(percentage) => tolerant::to_decimal(percentage) != Some(Decimal::ZERO),
    };
    let is_default = fields.flag("isDefault")?;
    Ok(TillValue { id, name: name(fields, "value"), price, prices, is_percentage, is_default })
}

/// The candidates for a name, in their order; a blank one is none.
fn name(fields: Fields<'_>, embedded: &str) -> Option<String> {
    let inner = fields.object(embedded);
    let of_inner = |field: &str| inner.and_then(|inner| inner.text(field));
    let of_outer = |field: &str| fields.text(field);
    of_inner("description")
        .or_else(|| of_outer("description"))
        .or_else(|| of_outer("name"))
        .or_else(|| of_inner("name"))
}

/// The prices of a product or of a value. An amount that is none is kept as such; a price of which nobody can say where
/// it holds spoils its owner, because another would be taken in its place.
pub(super) fn prices(owner: Fields<'_>) -> Result<Vec<TillPrice>, BadShape> {
    owner.list("prices")?.iter().filter(|price| !price.is_null()).map(price).collect()
}

fn price(value: &Value) -> Result<TillPrice, BadShape> {
    let odd = || BadShape::Odd("prices");
    let fields = Fields::of(value).map_err(|_| odd())?;
    let mode = match fields.get("idSalesMode") {
        None => None,
        Some(id) => Some(tolerant::to_text(id).and_then(|id| SalesModeId::parse(&id).ok()).ok_or_else(odd)?),
    };
    let value = fields.get("value").and_then(tolerant::to_cents);
    Ok(TillPrice { mode, sales_point: fields.sales_point()?, value })
}

/// The names in a list of options. What has no id or no name is passed over: it names nothing.
pub(crate) fn option_names(options: &[Value]) -> OptionNames {
    let mut names = OptionNames::default();
    for option in options.iter().filter_map(|option| Fields::of(option).ok()) {
        let id = option.text("id").or_else(|| option.id("idOption", "option"));
        if let (Some(Ok(id)), Some(name)) = (id.map(|id| OptionId::parse(&id)), name(option, "option")) {
            names.options.insert(id, name);
        }
        for value in option.list("values").unwrap_or_default().iter().filter_map(|value| Fields::of(value).ok()) {
            let id = value.text("id").or_else(|| value.id("idValue", "value"));
            if let (Some(Ok(id)), Some(name)) = (id.map(|id| OptionValueId::parse(&id)), name(value, "value")) {
                names.values.insert(id, name);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests;
