//! What people set in the till's portal: webhooks, and the licence of a sales point.

use super::{Control, spec_of};
use crate::{error::ControlError, till};
use serde_json::{Value, json};

impl Control {
    /// Changes the portal's webhook for an entity, such as `{"paused":true}` or `{"events":["EDIT"]}`; without a patch
    /// it is deleted. A webhook that is paused, absent or not for the event sends nothing.
    ///
    /// # Errors
    /// When the restaurant does not exist.
    pub fn configure_webhook(
        &self,
        restaurant: Option<&str>,
        entity: &str,
        patch: Option<&Value>,
    ) -> Result<Value, ControlError> {
        let mut state = self.world.lock();
        let spec = spec_of(&state, restaurant)?;
        let missing = || ControlError::NotFound(format!("webhook {entity}"));
        let account = state.accounts.get_mut(&spec.api_key).ok_or_else(missing)?;
        let point = json!([spec.sales_point_id]);
        let same = |hook: &Value| hook["entity"] == entity && hook["idsSalesPoint"] == point;
        let Some(patch) = patch else {
            account.webhooks.retain(|hook| !same(hook));
            return Ok(Value::Null);
        };
        if !account.webhooks.iter().any(same) {
            account.webhooks.push(till::webhook(&spec, entity));
        }
        let hook = account.webhooks.iter_mut().find(|hook| same(hook)).ok_or_else(missing)?;
        till::merge(hook, patch);
        Ok(hook.clone())
    }

    /// Changes what the till says about a sales point; `{"noActiveLicense":true}` takes its licence.
    ///
    /// # Errors
    /// When the restaurant does not exist.
    pub fn edit_sales_point(&self, restaurant: Option<&str>, patch: &Value) -> Result<Value, ControlError> {
        let mut state = self.world.lock();
        let spec = spec_of(&state, restaurant)?;
        let missing = || ControlError::NotFound(format!("sales point {}", spec.sales_point_id));
        let account = state.accounts.get_mut(&spec.api_key).ok_or_else(missing)?;
        let mut points = account.sales_points.iter_mut();
        let point = points.find(|point| point["id"] == spec.sales_point_id).ok_or_else(missing)?;
        till::merge(point, patch);
        Ok(point.clone())
    }
}
