//! What the platform keeps for one restaurant.

use super::{
    idempotency::IdempotencyKeys,
    menu_entry::{MenuEntry, MenuKind},
};
use crate::restaurant::RestaurantSpec;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An order with what the platform did about it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PlacedOrder {
    /// The order as the API shows it.
    pub(crate) order: Value,
    /// Messages that the customer got, oldest first.
    pub(crate) messages: Vec<Value>,
    /// Every till delivery that was put, oldest first.
    pub(crate) till_history: Vec<Value>,
    /// Every state it has been in, with who moved it.
    pub(crate) states: Vec<Value>,
}

impl PlacedOrder {
    pub(crate) fn id(&self) -> &str {
        self.order["id"].as_str().unwrap_or_default()
    }

    pub(crate) fn status(&self) -> &str {
        self.order["status"].as_str().unwrap_or_default()
    }
}

/// What the platform keeps for one restaurant.
#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) token: String,
    pub(crate) restaurant: Value,
    /// Orders in the order in which they were placed.
    pub(crate) orders: Vec<PlacedOrder>,
    pub(crate) customers: Vec<Value>,
    pub(crate) menu: BTreeMap<(MenuKind, String), MenuEntry>,
    /// Integration states that were put, oldest first.
    pub(crate) integration: Vec<Value>,
    pub(crate) keys: IdempotencyKeys,
}

impl Platform {
    pub(crate) fn new(spec: &RestaurantSpec) -> Self {
        let service = |kind: &str| json!({ "kind": kind, "menuAssigned": spec.menus_assigned });
        let restaurant = json!({
            "id": spec.restaurant_id, "name": spec.name, "timeZone": "Europe/Rome",
            "locales": ["it", "en", "fr", "de", "es"],
            "services": [service("takeaway"), service("delivery")], "menuPresent": false,
        });
        Self {
            token: spec.plateform_token.clone(),
            restaurant,
            orders: Vec::new(),
            customers: Vec::new(),
            menu: BTreeMap::new(),
            integration: Vec::new(),
            keys: IdempotencyKeys::default(),
        }
    }

    pub(crate) fn order(&self, id: &str) -> Option<&PlacedOrder> {
        self.orders.iter().find(|placed| placed.id() == id)
    }

    pub(crate) fn order_mut(&mut self, id: &str) -> Option<&mut PlacedOrder> {
        self.orders.iter_mut().find(|placed| placed.id() == id)
    }

    /// Puts a customer in place, stamped.
    pub(crate) fn upsert_customer(&mut self, mut customer: Value, now: jiff::Timestamp) {
        customer["updatedAt"] = json!(now.to_string());
        self.customers.retain(|kept| kept["id"] != customer["id"]);
        self.customers.push(customer);
    }
}
