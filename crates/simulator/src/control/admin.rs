//! Running the simulator: configuration, restaurants, keys, faults, held webhooks, a fresh start.

use super::{Control, spec_of};
use crate::{
    clock,
    config::Config,
    error::ControlError,
    fault::FaultSpec,
    hooks::Delivery,
    restaurant::{KeyState, RestaurantSpec},
    state::State,
    till,
};
use serde_json::{Value, json};

impl Control {
    /// The configuration as it stands.
    pub fn config(&self) -> Config {
        self.world.lock().config.clone()
    }

    /// Merges this JSON into the configuration, such as `{"till":{"auto_accept":true}}`.
    ///
    /// # Errors
    /// When a field is unknown or of the wrong type; then nothing changes.
    pub fn configure(&self, patch: &Value) -> Result<Config, ControlError> {
        let invalid = |error: serde_json::Error| ControlError::Invalid(error.to_string());
        let mut state = self.world.lock();
        let mut merged = serde_json::to_value(&state.config).map_err(invalid)?;
        till::merge(&mut merged, patch);
        state.config = serde_json::from_value(merged).map_err(invalid)?;
        Ok(state.config.clone())
    }

    /// Adds a restaurant on both sides. The till's account is shared if the key is.
    ///
    /// # Errors
    /// When the id or the sales point is taken.
    pub fn add_restaurant(&self, spec: RestaurantSpec) -> Result<RestaurantSpec, ControlError> {
        let mut state = self.world.lock();
        let clash = state
            .specs
            .values()
            .any(|kept| kept.restaurant_id == spec.restaurant_id || kept.sales_point_id == spec.sales_point_id);
        if clash {
            let id = &spec.restaurant_id;
            return Err(ControlError::Conflict(format!("restaurant {id} or its sales point exists")));
        }
        state.add_restaurant(spec.clone(), clock::now());
        Ok(spec)
    }

    /// A restaurant with its secrets.
    ///
    /// # Errors
    /// When it does not exist.
    pub fn restaurant(&self, id: &str) -> Result<RestaurantSpec, ControlError> {
        spec_of(&self.world.lock(), Some(id))
    }

    /// What the vendor does to the API key of a restaurant's account.
    ///
    /// # Errors
    /// When the restaurant does not exist.
    pub fn set_key_state(&self, restaurant: &str, key_state: KeyState) -> Result<(), ControlError> {
        let mut state = self.world.lock();
        let key = spec_of(&state, Some(restaurant))?.api_key;
        if let Some(account) = state.accounts.get_mut(&key) {
            account.key_state = key_state;
        }
        Ok(())
    }

    /// Lets every token that is out expire now.
    pub fn expire_tokens(&self) {
        for account in self.world.lock().accounts.values_mut() {
            account.tokens.iter_mut().for_each(|token| token.expires_ms = 0);
        }
    }

    /// Arms a fault for the next matching call.
    pub fn arm_fault(&self, fault: FaultSpec) {
        self.world.lock().faults.push(fault);
    }

    /// Disarms every fault.
    pub fn clear_faults(&self) {
        self.world.lock().faults.clear();
    }

    /// Sends every held webhook, in order or reversed, and waits.
    pub async fn release_webhooks(&self, reversed: bool) -> Vec<Delivery> {
        let due = self.world.lock().outbox.release(reversed);
        self.world.run(due.clone(), true).await;
        self.world.lock().outbox.pick(&due)
    }

    /// Returns when no webhook is under way any more.
    pub async fn settle(&self) {
        self.world.settle().await;
    }

    /// Forgets orders, menus of the platform, requests, webhooks and faults, and restores catalogue and switches. The
    /// restaurants and the bridge's address stay.
    pub fn reset(&self) -> Value {
        let mut state = self.world.lock();
        let kept = state.config.clone();
        let config = Config {
            bridge_url: kept.bridge_url,
            bridge_host: kept.bridge_host,
            retry_gap_ms: kept.retry_gap_ms,
            max_retries: kept.max_retries,
            webhook_timeout_ms: kept.webhook_timeout_ms,
            ..Config::default()
        };
        let specs: Vec<RestaurantSpec> = state.specs.values().cloned().collect();
        *state = State::new(config, specs, clock::now());
        json!({ "restaurants": state.specs.keys().collect::<Vec<_>>() })
    }
}
