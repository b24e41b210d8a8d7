//! Acts on the platform: an order is placed, cancelled, or moved by staff; a customer changes; a sync is asked for.

use super::{
    Control, place, spec_of,
    types::{ActionOptions, Outcome, PlaceOrder},
};
use crate::{
    clock,
    error::ControlError,
    hooks::NewHook,
    plateform::{self, Event, Moved, PlacedOrder},
    state::State,
};
use serde_json::{Value, json};

impl Control {
    /// A customer orders on the platform, which tells the bridge with `order.created`.
    ///
    /// # Errors
    /// When the dish cannot be ordered or the order's id is taken.
    pub async fn place_order(&self, wanted: PlaceOrder) -> Result<Outcome, ControlError> {
        let (order, hook) = self.place(&wanted)?;
        Ok(self.finish(order, vec![hook], wanted.wait).await)
    }

    fn place(&self, wanted: &PlaceOrder) -> Result<(Value, NewHook), ControlError> {
        let mut guard = self.world.lock();
        let state = &mut *guard;
        let spec = spec_of(state, wanted.restaurant.as_deref())?;
        let now = state.ids.tick(clock::now());
        let missing = || ControlError::NotFound(spec.restaurant_id.clone());
        let platform = state.platforms.get(&spec.restaurant_id).ok_or_else(missing)?;
        let account = state.accounts.get(&spec.api_key).ok_or_else(missing)?;
        let shop = place::Shop { spec: &spec, platform, account, now };
        let order = place::order(&shop, &mut state.ids, wanted)?;
        let platform = state.platforms.get_mut(&spec.restaurant_id).ok_or_else(missing)?;
        let id = order["id"].as_str().unwrap_or_default();
        if platform.order(id).is_some() {
            return Err(ControlError::Conflict(format!("order {id} exists")));
        }
        let states = vec![json!({ "status": order["status"], "by": "customer", "at": now.to_string() })];
        let placed = PlacedOrder { order: order.clone(), messages: Vec::new(), till_history: Vec::new(), states };
        platform.orders.push(placed);
        if order["customer"]["id"].is_string() {
            platform.upsert_customer(order["customer"].clone(), now);
        }
        let event = Event::OrderCreated(order.clone());
        let hook = plateform::hook(state, &spec, &event, wanted.webhook, now);
        Ok((order, hook))
    }

    /// The customer cancels; the platform tells the bridge with `order.cancelled`.
    ///
    /// # Errors
    /// When the order does not exist or is over.
    pub async fn cancel_order(
        &self,
        id: &str,
        reason: Option<&str>,
        options: ActionOptions,
    ) -> Result<Outcome, ControlError> {
        let (order, hook) = {
            let mut state = self.world.lock();
            let (restaurant, order) = self.move_status(&mut state, id, "cancelled", reason, "customer")?;
            let spec = spec_of(&state, Some(&restaurant))?;
            let event = Event::OrderCancelled { order_id: id.to_owned(), reason: reason.map(str::to_owned) };
            (order, plateform::hook(&mut state, &spec, &event, options.webhook, clock::now()))
        };
        Ok(self.finish(order, vec![hook], options.wait).await)
    }

    /// Staff move the order on the platform instead of at the till: `confirmed`, `rejected` or `evaso`.
    ///
    /// # Errors
    /// When the order does not exist or may not take the state.
    pub fn staff(&self, id: &str, status: &str, reason: Option<&str>) -> Result<Value, ControlError> {
        let mut state = self.world.lock();
        Ok(self.move_status(&mut state, id, status, reason, "staff")?.1)
    }

    fn move_status(
        &self,
        state: &mut State,
        id: &str,
        to: &str,
        reason: Option<&str>,
        by: &str,
    ) -> Result<(String, Value), ControlError> {
        let at = state.ids.tick(clock::now());
        let mut places = state.platforms.iter_mut();
        let found = places.find_map(|(restaurant, platform)| Some((restaurant, platform.order_mut(id)?)));
        let (restaurant, placed) = found.ok_or_else(|| ControlError::NotFound(format!("order {id}")))?;
        let moved = Moved { to, reason, by, at };
        let refused = |problem: crate::plateform::Problem| ControlError::Conflict(problem.to_json().to_string());
        plateform::move_order(placed, &moved).map_err(refused)?;
        Ok((restaurant.clone(), placed.order.clone()))
    }

    /// A customer changes on the platform, which tells the bridge with `customer.changed`.
    ///
    /// # Errors
    /// When the restaurant does not exist.
    pub async fn change_customer(
        &self,
        restaurant: &str,
        customer: Value,
        options: ActionOptions,
    ) -> Result<Outcome, ControlError> {
        let hook = {
            let mut state = self.world.lock();
            let spec = spec_of(&state, Some(restaurant))?;
            let now = state.ids.tick(clock::now());
            if let Some(platform) = state.platforms.get_mut(restaurant) {
                platform.upsert_customer(customer.clone(), now);
            }
            plateform::hook(&mut state, &spec, &Event::CustomerChanged(customer.clone()), options.webhook, now)
        };
        Ok(self.finish(customer, vec![hook], options.wait).await)
    }

    /// Somebody asks for a sync on the platform, which tells the bridge with `integration.sync_requested`.
    ///
    /// # Errors
    /// When the restaurant does not exist.
    pub async fn request_sync(&self, restaurant: &str, options: ActionOptions) -> Result<Outcome, ControlError> {
        let hook = {
            let mut state = self.world.lock();
            let spec = spec_of(&state, Some(restaurant))?;
            plateform::hook(&mut state, &spec, &Event::SyncRequested, options.webhook, clock::now())
        };
        Ok(self.finish(Value::Null, vec![hook], options.wait).await)
    }
}
