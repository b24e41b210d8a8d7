//! How the till shows what it keeps: embedded rows, the technical variant, no nulls.

use super::account::{Account, Table};
use crate::toggles::TillToggles;
use serde_json::{Map, Value};

/// A field's text, or nothing.
pub(crate) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

/// A copy without these fields.
pub(crate) fn without(value: &Value, fields: &[&str]) -> Value {
    let mut copy = value.clone();
    if let Some(object) = copy.as_object_mut() {
        object.retain(|name, _| !fields.contains(&name.as_str()));
    }
    copy
}

/// A copy without null properties at any depth.
pub(crate) fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name.clone(), without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}

/// A row as a read shows it.
pub(crate) fn row_view(account: &Account, toggles: &TillToggles, table: Table, row: &Value) -> Value {
    let mut view = without_nulls(row);
    let Some(object) = view.as_object_mut() else { return view };
    match table {
        Table::Departments => embed(account, object, "idTax", "tax", Table::Taxes),
        Table::Products => embed_in_product(account, toggles, object),
        _ => {}
    }
    if let Some(modifiers) = object.get_mut("modifiers").and_then(Value::as_array_mut) {
        for modifier in modifiers {
            name_modifier(account, toggles, modifier);
        }
    }
    view
}

fn embed_in_product(account: &Account, toggles: &TillToggles, product: &mut Map<String, Value>) {
    embed(account, product, "idDepartment", "department", Table::Departments);
    if let Some(Value::Object(department)) = product.get_mut("department") {
        embed(account, department, "idTax", "tax", Table::Taxes);
    }
    embed(account, product, "idCategory", "category", Table::Categories);
    if let Some(category) = product.get_mut("category") {
        *category = without(category, &["modifiers"]);
    }
    if !toggles.technical_variants && product.get("multivariant") != Some(&Value::Bool(true)) {
        product.remove("variants");
    }
}

fn embed(account: &Account, object: &mut Map<String, Value>, id: &str, name: &str, table: Table) {
    let found = object.get(id).and_then(Value::as_str).and_then(|id| account.find(table, id));
    if let Some(found) = found {
        object.insert(name.to_owned(), without_nulls(found));
    }
}

/// Puts the names of an option and of its values where the till is believed to show them.
fn name_modifier(account: &Account, toggles: &TillToggles, modifier: &mut Value) {
    let option = account.find(Table::Options, text(modifier, "idOption")).filter(|_| toggles.modifier_names).cloned();
    let Some(option) = option else { return };
    let Some(object) = modifier.as_object_mut() else { return };
    object.insert("option".to_owned(), without(&option, &["values", "lastUpdate"]));
    for value in object.get_mut("values").and_then(Value::as_array_mut).into_iter().flatten() {
        let named = option["values"].as_array().into_iter().flatten().find(|named| named["id"] == value["idValue"]);
        if let (Some(object), Some(named)) = (value.as_object_mut(), named) {
            object.insert("value".to_owned(), named.clone());
        }
    }
}

/// An order as a read shows it.
pub(crate) fn order_view(entity: &Value) -> Value {
    without_nulls(entity)
}
