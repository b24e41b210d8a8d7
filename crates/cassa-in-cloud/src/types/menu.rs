//! Categories and products as the menu needs them (API sheet sections 3 and 4).

use super::{BadShape, fields::Fields, modifier, tolerant};
use domain::{
    ProductId,
    menu::till::{TillCategory, TillProduct},
    tenant::Channel,
};
use serde_json::Value;

/// The field of a channel (API sheet section 3).
pub(crate) fn channel_flag(channel: Channel) -> &'static str {
    match channel {
        Channel::Risto => "enableForRisto",
        Channel::Sale => "enableForSale",
        Channel::Ecommerce => "enableForECommerce",
        Channel::MobileCommerce => "enableForMobileCommerce",
        Channel::SelfOrder => "enableForSelfOrderMenu",
        Channel::Kiosk => "enableForKiosk",
    }
}

/// The till's id of a row, if it has a usable one, whatever else is wrong with it.
pub(crate) fn row_id(row: &Value) -> Option<String> {
    id(Fields::of(row).ok()?).ok()
}

/// Reads one category; `flag` is the field of the tenant's channel.
pub(crate) fn category(row: &Value, flag: &'static str) -> Result<TillCategory, BadShape> {
    let fields = Fields::of(row)?;
    Ok(TillCategory {
        id: id(fields)?,
        name: fields.text("description").unwrap_or_default(),
        on_channel: fields.flag(flag)?,
        modifiers: modifier::modifiers(fields)?,
        image: fields.text("imageUrl"),
        sales_point: fields.sales_point()?,
    })
}

/// Reads one product; `flag` is the field of the tenant's channel.
pub(crate) fn dish(row: &Value, flag: &'static str) -> Result<TillProduct, BadShape> {
    let fields = Fields::of(row)?;
    Ok(TillProduct {
        id: id(fields)?,
        name: fields.text("description").unwrap_or_default(),
        text: fields.text("descriptionExtended").unwrap_or_default(),
        category: fields.id("idCategory", "category").and_then(usable),
        on_channel: fields.flag(flag)?,
        prices: modifier::prices(fields)?,
        variants: fields.list("variants")?.len(),
        multivariant: fields.flag("multivariant")?,
        menu: fields.flag("menu")?,
        composition: fields.flag("composition")? || fields.flag("soldOnlyInCompositions")?,
        by_weight: fields.flag("soldByWeight")?,
        modifiers: modifier::modifiers(fields)?,
        images: images(fields),
        vat_rate: vat_rate(fields),
        sales_point: fields.sales_point()?,
    })
}

fn id(fields: Fields<'_>) -> Result<String, BadShape> {
    fields.text("id").and_then(usable).ok_or(BadShape::NoId)
}

/// Every id of the till has one form, that of a product's.
fn usable(id: String) -> Option<String> {
    ProductId::parse(&id).ok().map(String::from)
}

/// Addresses, as objects or bare. Whether each is one is for the menu to say.
fn images(fields: Fields<'_>) -> Vec<String> {
    let address = |image: &Value| match Fields::of(image) {
        Ok(image) => image.text("imageUrl"),
        Err(_) => image.as_str().filter(|address| !address.trim().is_empty()).map(str::to_owned),
    };
    fields.list("images").unwrap_or_default().iter().filter_map(address).collect()
}

/// The rate of the department's tax, in percent.
fn vat_rate(fields: Fields<'_>) -> Option<String> {
    let tax = fields.object("department")?.object("tax")?;
    tax.get("rate").and_then(tolerant::to_decimal).map(|rate| rate.normalize().to_string())
}

#[cfg(test)]
mod tests;
