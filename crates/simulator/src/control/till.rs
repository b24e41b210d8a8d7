//! Acts at the till: an order is accepted, refused, moved on, completed, deleted; a receipt is issued.

use super::{
    Control, spec_of,
    types::{ActionOptions, Outcome, RawWebhook},
};
use crate::{
    clock,
    error::ControlError,
    state::State,
    till::{self, ActionError, TillAction},
};
use serde_json::{Value, json};

impl Control {
    /// Staff do something to an order at the till, which tells the bridge with `ORDER/EDIT` or `ORDER/DELETE`.
    ///
    /// # Errors
    /// When the till does not have the order or the state may not follow.
    pub async fn till_action(
        &self,
        external_id: &str,
        action: TillAction,
        options: ActionOptions,
    ) -> Result<Outcome, ControlError> {
        let (entity, hooks) = {
            let mut state = self.world.lock();
            let key = account_of(&state, external_id, options.restaurant.as_deref())?;
            let event = if action == TillAction::Delete { "DELETE" } else { "EDIT" };
            till::apply(&mut state, &key, external_id, action, options.force).map_err(|e| refused(e, external_id))?;
            let hooks = till::order_hook(&state, &key, external_id, event, options.webhook);
            (entity(&state, &key, external_id), hooks)
        };
        Ok(self.finish(entity, hooks, options.wait).await)
    }

    /// The till prints a receipt for an order: `RECEIPT/CREATE`, then `ORDER/EDIT` with `PROCESSED`.
    ///
    /// # Errors
    /// When the till does not have the order.
    pub async fn issue_receipt(&self, external_id: &str, options: ActionOptions) -> Result<Outcome, ControlError> {
        let (entity, hooks) = {
            let mut state = self.world.lock();
            let key = account_of(&state, external_id, options.restaurant.as_deref())?;
            let id = till::issue(&mut state, &key, external_id, clock::now()).map_err(|e| refused(e, external_id))?;
            let mut hooks = till::receipt_hook(&state, &key, &id, options.webhook);
            hooks.extend(till::order_hook(&state, &key, external_id, "EDIT", options.webhook));
            (entity(&state, &key, external_id), hooks)
        };
        Ok(self.finish(entity, hooks, options.wait).await)
    }

    /// Sends any webhook of the till, rightly signed.
    ///
    /// # Errors
    /// When the restaurant does not exist.
    pub async fn till_webhook(&self, raw: RawWebhook) -> Result<Outcome, ControlError> {
        let hook = {
            let state = self.world.lock();
            let spec = spec_of(&state, raw.restaurant.as_deref())?;
            till::hook(&state, &spec, &raw.operation, raw.body.clone(), raw.webhook)
        };
        Ok(self.finish(raw.body, vec![hook], true).await)
    }

    /// States that the till would let an order take now.
    pub fn next_states(&self, external_id: &str) -> Vec<&'static str> {
        let state = self.world.lock();
        let order = state.accounts.values().find_map(|account| account.order(external_id));
        let moves = order.map(|order| {
            till::legal_moves(order.field("externalWorkflowStatus"), order.field("deliveryMode") == "DELIVERY")
        });
        moves.unwrap_or_default().to_vec()
    }
}

/// The key of the account that has the order.
fn account_of(state: &State, external_id: &str, restaurant: Option<&str>) -> Result<String, ControlError> {
    let wanted = restaurant.map(|id| spec_of(state, Some(id))).transpose()?;
    let found = state.accounts.iter().find(|(key, account)| {
        wanted.as_ref().is_none_or(|spec| spec.api_key == **key) && account.order(external_id).is_some()
    });
    found.map(|(key, _)| key.clone()).ok_or_else(|| ControlError::NotFound(format!("order {external_id} on the till")))
}

fn entity(state: &State, key: &str, external_id: &str) -> Value {
    let order = state.accounts.get(key).and_then(|account| account.order(external_id));
    order.map_or(Value::Null, |order| json!(till::order_view(&order.entity)))
}

fn refused(error: ActionError, external_id: &str) -> ControlError {
    match error {
        ActionError::NotFound => ControlError::NotFound(format!("order {external_id} on the till")),
        ActionError::Illegal(why) => ControlError::Conflict(why),
    }
}
