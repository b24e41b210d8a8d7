//! From an order of the platform's JSON to the domain's order. What cannot be right is an error that names the field.

use crate::{
    customers,
    error::status_of,
    order_dto::{AddressDto, DiscountDto, FeeDto, LineDto, OptionDto, OrderDto, PaymentDto},
    text,
};
use domain::{
    Cents, OrderId, ProductId, TenantId,
    order::{Address, ChosenOption, Discount, Fee, Line, OptionKind, Order, Payment, Service},
    time::parse_instant,
};
use jiff::tz::TimeZone;
use serde_json::Value;

/// The field that is not as the contract says; no value.
pub(crate) type FieldError = String;

/// An order of this restaurant.
pub(crate) fn order(value: Value, tenant: &TenantId, zone: &TimeZone) -> Result<Order, FieldError> {
    let dto: OrderDto = serde_json::from_value(value).map_err(|e| format!("order.{}", text::shape(&e)))?;
    into_domain(dto, tenant, zone)
}

fn into_domain(dto: OrderDto, tenant: &TenantId, zone: &TimeZone) -> Result<Order, FieldError> {
    if dto.restaurant_id != tenant.as_str() {
        return Err(wrong("restaurantId"));
    }
    if dto.lines.is_empty() {
        return Err(wrong("lines"));
    }
    parse_instant(&dto.updated_at, zone).ok_or_else(|| wrong("updatedAt"))?;
    let requested_for = match dto.requested_for {
        Some(text) => Some(parse_instant(&text, zone).ok_or_else(|| wrong("requestedFor"))?),
        None => None,
    };
    Ok(Order {
        id: OrderId::parse(&dto.id).map_err(|_| wrong("id"))?,
        tenant: tenant.clone(),
        number: dto.number,
        status: status_of(&dto.status).ok_or_else(|| wrong("status"))?,
        service: service(&dto.service).ok_or_else(|| wrong("service"))?,
        created_at: parse_instant(&dto.created_at, zone).ok_or_else(|| wrong("createdAt"))?,
        requested_for,
        customer: customers::person(&dto.customer).map_err(|field| format!("order.{field}"))?,
        delivery: dto.delivery.map(address),
        payment: payment(dto.payment)?,
        lines: dto.lines.into_iter().map(line).collect::<Result<_, _>>()?,
        fees: dto.fees.unwrap_or_default().into_iter().map(fee).collect(),
        discounts: dto.discounts.unwrap_or_default().into_iter().map(discount).collect::<Result<_, _>>()?,
        total: Cents(dto.total_cents),
        notes: dto.notes.unwrap_or_default(),
    })
}

fn wrong(field: &str) -> FieldError {
    format!("order.{field}")
}

pub(crate) fn service(name: &str) -> Option<Service> {
    match name {
        "takeaway" => Some(Service::Takeaway),
        "delivery" => Some(Service::Delivery),
        _ => None,
    }
}

fn address(dto: AddressDto) -> Address {
    Address {
        street: dto.street.unwrap_or_default(),
        city: dto.city.unwrap_or_default(),
        postal_code: dto.postal_code.unwrap_or_default(),
        province: dto.province.unwrap_or_default(),
        country: dto.country.unwrap_or_default(),
        instructions: dto.instructions.unwrap_or_default(),
    }
}

fn payment(dto: PaymentDto) -> Result<Payment, FieldError> {
    let online = match dto.method.as_str() {
        "online" => true,
        "onSite" => false,
        _ => return Err(wrong("payment.method")),
    };
    Ok(Payment { online, paid: dto.paid, transaction_id: dto.transaction_id.filter(|id| !id.is_empty()) })
}

fn line(dto: LineDto) -> Result<Line, FieldError> {
    Ok(Line {
        product: ProductId::parse(&dto.dish_external_id).map_err(|_| wrong("lines.dishExternalId"))?,
        name: dto.name,
        quantity: at_least_one(dto.quantity).ok_or_else(|| wrong("lines.quantity"))?,
        unit_price: Cents(dto.unit_price_cents),
        options: dto.options.into_iter().map(option).collect::<Result<_, _>>()?,
        notes: dto.notes.unwrap_or_default(),
        total: Cents(dto.total_cents),
    })
}

fn option(dto: OptionDto) -> Result<ChosenOption, FieldError> {
    let kind = match dto.kind.as_str() {
        "addition" => OptionKind::Addition,
        "removal" => OptionKind::Removal,
        _ => return Err(wrong("lines.options.kind")),
    };
    Ok(ChosenOption {
        group: dto.group_external_id,
        value: dto.option_external_id,
        name: dto.name,
        kind,
        quantity: at_least_one(dto.quantity).ok_or_else(|| wrong("lines.options.quantity"))?,
        price: Cents(dto.price_cents),
    })
}

fn at_least_one(quantity: i64) -> Option<i64> {
    (quantity >= 1).then_some(quantity)
}

/// A kind of fee that this version does not know is a fee all the same: its amount is part of the total.
fn fee(dto: FeeDto) -> Fee {
    Fee { delivery: dto.kind == "delivery", name: dto.name, amount: Cents(dto.amount_cents) }
}

fn discount(dto: DiscountDto) -> Result<Discount, FieldError> {
    let amount = Cents(dto.amount_cents);
    match amount.is_negative() {
        true => Err(wrong("discounts.amountCents")),
        false => Ok(Discount { name: dto.name, amount }),
    }
}

#[cfg(test)]
mod tests;
