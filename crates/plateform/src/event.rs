//! What a verified webhook says.

use crate::{
    customers::{Customer, customer},
    orders, text,
};
use domain::{OrderId, TenantId, order::Order, time::parse_instant};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::fmt;

/// Not an event of the contract. Names the field, never its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an event of the platform's contract ({field})")]
pub struct EventError {
    /// Which field is not as it should be.
    pub field: String,
}

impl EventError {
    fn of(field: impl Into<String>) -> Self {
        Self { field: field.into() }
    }
}

/// What happened on the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlatformEvent {
    /// `order.created`.
    OrderCreated(Box<Order>),
    /// `order.cancelled`.
    OrderCancelled {
        /// Which order.
        order: OrderId,
        /// Why, if it was said.
        reason: Option<String>,
    },
    /// `customer.changed`.
    CustomerChanged(Box<Customer>),
    /// `integration.sync_requested`.
    SyncRequested,
    /// A type that this version does not know: answered and ignored.
    Unknown {
        /// The type, if it is fit to be shown.
        kind: String,
    },
}

/// What every event has: whose it is and what kind. `Debug` does not show the data.
#[derive(Clone, PartialEq)]
pub struct Envelope {
    restaurant: TenantId,
    kind: String,
    occurred_at: Option<String>,
    data: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventDto {
    #[serde(rename = "type")]
    kind: String,
    restaurant_id: String,
    occurred_at: Option<String>,
    data: Option<Value>,
}

impl Envelope {
    pub(crate) fn parse(body: &[u8]) -> Result<Self, EventError> {
        let dto: EventDto = serde_json::from_slice(body).map_err(|error| EventError::of(text::shape(&error)))?;
        let restaurant = TenantId::parse(&dto.restaurant_id).map_err(|_| EventError::of("restaurantId"))?;
        let data = dto.data.and_then(|data| match data {
            Value::Object(data) => Some(data),
            _ => None,
        });
        Ok(Self { restaurant, kind: dto.kind, occurred_at: dto.occurred_at, data })
    }

    /// The restaurant: the tenant.
    #[must_use]
    pub fn restaurant_id(&self) -> &TenantId {
        &self.restaurant
    }

    /// The event, its times read on the restaurant's clock where they have no offset.
    ///
    /// # Errors
    /// When it is of a known type and not as the contract says, such as an order of another restaurant.
    pub fn event(self, zone: &TimeZone) -> Result<PlatformEvent, EventError> {
        match self.kind.as_str() {
            "order.created" => self.order_created(zone),
            "order.cancelled" => self.order_cancelled(zone),
            "customer.changed" => self.customer_changed(zone),
            "integration.sync_requested" => self.data(zone).map(|_| PlatformEvent::SyncRequested),
            unknown => Ok(PlatformEvent::Unknown { kind: text::shown(unknown) }),
        }
    }

    fn order_created(self, zone: &TimeZone) -> Result<PlatformEvent, EventError> {
        let tenant = self.restaurant.clone();
        let order = take(&mut self.data(zone)?, "order")?;
        let order = orders::order(order, &tenant, zone).map_err(EventError::of)?;
        Ok(PlatformEvent::OrderCreated(Box::new(order)))
    }

    fn order_cancelled(self, zone: &TimeZone) -> Result<PlatformEvent, EventError> {
        let mut data = self.data(zone)?;
        let id = take(&mut data, "orderId")?;
        let order = id.as_str().and_then(|id| OrderId::parse(id).ok()).ok_or_else(|| EventError::of("orderId"))?;
        match data.remove("reason") {
            None | Some(Value::Null) => Ok(PlatformEvent::OrderCancelled { order, reason: None }),
            Some(Value::String(reason)) => Ok(PlatformEvent::OrderCancelled { order, reason: Some(reason) }),
            Some(_) => Err(EventError::of("reason")),
        }
    }

    fn customer_changed(self, zone: &TimeZone) -> Result<PlatformEvent, EventError> {
        let value = take(&mut self.data(zone)?, "customer")?;
        let customer = customer(value, zone).map_err(EventError::of)?;
        Ok(PlatformEvent::CustomerChanged(Box::new(customer)))
    }

    /// What an event of a known type has to have besides its type.
    fn data(self, zone: &TimeZone) -> Result<Map<String, Value>, EventError> {
        let occurred_at = self.occurred_at.as_deref().and_then(|text| parse_instant(text, zone));
        occurred_at.ok_or_else(|| EventError::of("occurredAt"))?;
        self.data.ok_or_else(|| EventError::of("data"))
    }
}

fn take(data: &mut Map<String, Value>, field: &str) -> Result<Value, EventError> {
    data.remove(field).filter(|value| !value.is_null()).ok_or_else(|| EventError::of(format!("missing.{field}")))
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = text::shown(&self.kind);
        f.debug_struct("Envelope").field("restaurant", &self.restaurant).field("kind", &kind).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
