//! Seeing both sides.

use super::Control;
use crate::{
    clock,
    hooks::Delivery,
    http::{Party, RecordedRequest},
    state::State,
};
use serde_json::{Value, json};

impl Control {
    /// Everything that the page and tests need, catalogues excepted.
    pub fn state(&self) -> Value {
        let state = self.world.lock();
        json!({
            "now": clock::now().to_string(),
            "config": state.config,
            "restaurants": restaurants(&state),
            "plateform": { "orders": plateform_orders(&state), "messages": messages(&state) },
            "till": { "orders": till_orders(&state), "receipts": receipts(&state) },
            "webhooks": state.outbox.all().collect::<Vec<_>>(),
            "requests": state.recorder.counts(),
            "faults": state.faults,
        })
    }

    /// The platform's order.
    pub fn order(&self, id: &str) -> Option<Value> {
        self.placed(id).map(|placed| placed["order"].clone())
    }

    /// The platform's order with `messages`, `till_history` and `states`.
    pub fn placed(&self, id: &str) -> Option<Value> {
        let state = self.world.lock();
        let placed = state.platforms.values().find_map(|platform| platform.order(id))?;
        serde_json::to_value(placed).ok()
    }

    /// Messages that the customer of an order got, oldest first.
    pub fn messages(&self, id: &str) -> Vec<Value> {
        let placed = self.placed(id);
        placed.and_then(|placed| placed["messages"].as_array().cloned()).unwrap_or_default()
    }

    /// The till's order with `entity`, `received`, `batch_size`, `deleted` and `states`.
    pub fn till_order(&self, external_id: &str) -> Option<Value> {
        let state = self.world.lock();
        let order = state.accounts.values().find_map(|account| account.order(external_id))?;
        serde_json::to_value(order).ok()
    }

    /// Every order on the till, deleted ones included.
    pub fn till_orders(&self) -> Vec<Value> {
        till_orders(&self.world.lock())
    }

    /// What the bridge said about the integration of a restaurant, oldest first.
    pub fn integration(&self, restaurant: &str) -> Vec<Value> {
        let state = self.world.lock();
        state.platforms.get(restaurant).map(|platform| platform.integration.clone()).unwrap_or_default()
    }

    /// Recorded calls, oldest first; of one party if given.
    pub fn requests(&self, party: Option<Party>) -> Vec<RecordedRequest> {
        let state = self.world.lock();
        state.recorder.all().filter(|request| party.is_none_or(|party| party == request.party)).cloned().collect()
    }

    /// Every webhook, oldest first.
    pub fn webhooks(&self) -> Vec<Delivery> {
        self.world.lock().outbox.all().cloned().collect()
    }
}

fn restaurants(state: &State) -> Vec<Value> {
    let views = state.specs.values().map(|spec| {
        let account = state.accounts.get(&spec.api_key);
        let platform = state.platforms.get(&spec.restaurant_id);
        json!({
            "restaurant_id": spec.restaurant_id, "name": spec.name, "sales_point_id": spec.sales_point_id,
            "key_state": account.map(|account| account.key_state),
            "menu_entries": platform.map(|platform| platform.menu.len()),
            "integration": platform.and_then(|platform| platform.integration.last()),
        })
    });
    views.collect()
}

fn plateform_orders(state: &State) -> Vec<Value> {
    let orders = state.platforms.values().flat_map(|platform| &platform.orders);
    orders.filter_map(|placed| serde_json::to_value(placed).ok()).collect()
}

fn messages(state: &State) -> Vec<&Value> {
    let orders = state.platforms.values().flat_map(|platform| &platform.orders);
    orders.flat_map(|placed| &placed.messages).collect()
}

fn till_orders(state: &State) -> Vec<Value> {
    let orders = state.accounts.values().flat_map(|account| &account.orders);
    orders.filter_map(|order| serde_json::to_value(order).ok()).collect()
}

fn receipts(state: &State) -> Vec<&Value> {
    state.accounts.values().flat_map(|account| &account.receipts).collect()
}
