//! From the short form to an order as the contract has it.

use super::{
    price::{self, Offer, OfferedOption},
    types::{Item, ItemOption, PlaceOrder},
};
use crate::{error::ControlError, plateform::Platform, restaurant::RestaurantSpec, state::IdSource, till::Account};
use jiff::Timestamp;
use serde_json::{Value, json};

/// What an order is made from.
pub(super) struct Shop<'a> {
    pub(super) spec: &'a RestaurantSpec,
    pub(super) platform: &'a Platform,
    pub(super) account: &'a Account,
    pub(super) now: Timestamp,
}

/// Makes the order.
pub(super) fn order(shop: &Shop<'_>, ids: &mut IdSource, wanted: &PlaceOrder) -> Result<Value, ControlError> {
    let mut order = match &wanted.full {
        Some(full) => full.clone(),
        None => short_form(shop, wanted)?,
    };
    if order["lines"].as_array().is_none_or(Vec::is_empty) {
        return Err(ControlError::Invalid("an order needs lines".into()));
    }
    let (id, number) = (ids.uuid(), (1001 + shop.platform.orders.len()).to_string());
    fill(&mut order, "id", wanted.id.clone().unwrap_or(id));
    fill(&mut order, "number", wanted.number.clone().unwrap_or(number));
    fill(&mut order, "status", "new".into());
    fill(&mut order, "createdAt", shop.now.to_string());
    fill(&mut order, "updatedAt", shop.now.to_string());
    order["restaurantId"] = json!(shop.spec.restaurant_id);
    Ok(order)
}

fn fill(order: &mut Value, field: &str, value: String) {
    if order[field].is_null() {
        order[field] = json!(value);
    }
}

fn short_form(shop: &Shop<'_>, wanted: &PlaceOrder) -> Result<Value, ControlError> {
    check(wanted)?;
    let lines = wanted.items.iter().enumerate().map(|(index, item)| line(shop, wanted, index, item));
    let lines = lines.collect::<Result<Vec<Value>, ControlError>>()?;
    let total = sum(&lines, "totalCents") + sum(&wanted.fees, "amountCents") - sum(&wanted.discounts, "amountCents");
    let paid = wanted.paid.unwrap_or(wanted.payment == "online");
    let mut order = json!({
        "service": wanted.service, "requestedFor": wanted.requested_for, "lines": lines,
        "customer": wanted.customer.clone().unwrap_or_else(|| customer(shop.now)),
        "payment": { "method": wanted.payment, "paid": paid, "transactionId": paid.then_some("pi_demo_0001") },
        "fees": wanted.fees, "discounts": wanted.discounts, "totalCents": total, "notes": wanted.notes.clone().unwrap_or_default(),
        "rejectionReason": null, "delivery": null,
    });
    if wanted.service == "delivery" {
        order["delivery"] = wanted.delivery.clone().unwrap_or_else(address);
    }
    Ok(order)
}

fn check(wanted: &PlaceOrder) -> Result<(), ControlError> {
    if !["takeaway", "delivery"].contains(&wanted.service.as_str()) {
        return Err(ControlError::Invalid(format!("service {}: takeaway or delivery", wanted.service)));
    }
    if !["online", "onSite"].contains(&wanted.payment.as_str()) {
        return Err(ControlError::Invalid(format!("payment {}: online or onSite", wanted.payment)));
    }
    let time = wanted.requested_for.as_deref().map(str::parse::<Timestamp>);
    if matches!(time, Some(Err(_))) {
        return Err(ControlError::Invalid("requested_for: RFC 3339 with offset".into()));
    }
    Ok(())
}

fn sum(values: &[Value], field: &str) -> i64 {
    values.iter().filter_map(|value| value[field].as_i64()).sum()
}

fn line(shop: &Shop<'_>, wanted: &PlaceOrder, index: usize, item: &Item) -> Result<Value, ControlError> {
    let found = price::offer(shop.platform, shop.account, &wanted.service, item);
    let ghost = || Offer { external_id: item.product.clone(), name: item.product.clone(), ..Offer::default() };
    let offer = match (found, item.unit_price_cents) {
        (Some(offer), _) => offer,
        (None, Some(_)) => ghost(),
        (None, None) => return Err(ControlError::NotFound(format!("dish {}", item.product))),
    };
    if !offer.orderable && !wanted.allow_unorderable && item.unit_price_cents.is_none() {
        return Err(ControlError::Conflict(format!("{} cannot be ordered for {}", offer.name, wanted.service)));
    }
    let unit = item.unit_price_cents.or(offer.cents).unwrap_or_default();
    let chosen = item.options.iter().map(|option| chosen(&offer, option));
    let chosen = chosen.collect::<Result<Vec<(Value, i64)>, ControlError>>()?;
    let quantity = i64::from(item.quantity.max(1));
    let total = quantity * (unit + chosen.iter().map(|(_, cents)| cents).sum::<i64>());
    let options: Vec<Value> = chosen.into_iter().map(|(option, _)| option).collect();
    let mut line = json!({
        "id": format!("line-{}", index + 1), "dishExternalId": offer.external_id, "name": offer.name,
        "quantity": quantity, "unitPriceCents": unit, "options": options, "totalCents": total,
    });
    if let Some(notes) = &item.notes {
        line["notes"] = json!(notes);
    }
    Ok(line)
}

/// A chosen option, and what it adds to the price of one.
fn chosen(offer: &Offer, wanted: &ItemOption) -> Result<(Value, i64), ControlError> {
    let matches = |option: &&OfferedOption| {
        option.external_id == wanted.option || option.name.eq_ignore_ascii_case(&wanted.option)
    };
    let found = offer.options.iter().find(matches);
    let found = found.ok_or_else(|| ControlError::NotFound(format!("option {} of {}", wanted.option, offer.name)))?;
    let quantity = wanted.quantity.max(1);
    let option = json!({
        "groupExternalId": found.group, "optionExternalId": found.external_id, "name": found.name,
        "kind": if found.removal { "removal" } else { "addition" }, "quantity": quantity, "priceCents": found.cents,
    });
    Ok((option, i64::from(quantity) * found.cents))
}

fn customer(now: Timestamp) -> Value {
    json!({ "id": "customer-1", "firstName": "Anna", "lastName": "Prova", "email": "anna.prova@example.test",
        "phone": "+390000000001", "locale": "it", "updatedAt": now.to_string() })
}

fn address() -> Value {
    json!({ "street": "Via Finta 10", "city": "Torino", "postalCode": "10100", "province": "TO", "country": "IT",
        "instructions": "Citofono PROVA" })
}
