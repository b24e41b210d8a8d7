//! Bodies of control calls over HTTP, and how refusals look there.

use super::types::{ActionOptions, PlaceOrder};
use crate::{
    error::ControlError,
    hooks::WebhookMode,
    till::{Table, TillAction},
};
use axum::{
    body::Bytes,
    http::StatusCode,
    response::{IntoResponse, Json, Response},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// A JSON body; an empty one is `{}`.
pub(super) fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, ControlError> {
    let bytes: &[u8] = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(bytes).map_err(|error| ControlError::Invalid(error.to_string()))
}

/// Body of an act on an order.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ActBody {
    pub(super) reason: Option<String>,
    /// With `complete`: the receipt is printed, too.
    pub(super) receipt: bool,
    /// With `state`: the state to take.
    to: Option<String>,
    /// With `edit`: merged into the order.
    patch: Option<Value>,
    webhook: Option<WebhookMode>,
    wait: Option<bool>,
    force: bool,
    restaurant: Option<String>,
}

impl ActBody {
    pub(super) fn options(&self) -> ActionOptions {
        ActionOptions {
            webhook: self.webhook,
            wait: self.wait.unwrap_or(true),
            force: self.force,
            restaurant: self.restaurant.clone(),
        }
    }

    pub(super) fn action(&self, name: &str) -> Result<TillAction, ControlError> {
        Ok(match name {
            "accept" => TillAction::Accept,
            "refuse" => TillAction::Refuse(self.reason.clone()),
            "processing" => TillAction::Processing,
            "ready" => TillAction::Ready,
            "ship" => TillAction::Ship,
            "complete" => TillAction::Complete,
            "cancel" => TillAction::Cancel,
            "delete" => TillAction::Delete,
            "edit" => TillAction::Edit(self.patch.clone().unwrap_or_default()),
            "state" => {
                let missing = || ControlError::Invalid("to: the state to take".into());
                TillAction::State(self.to.clone().ok_or_else(missing)?)
            }
            _ => return Err(ControlError::NotFound(format!("action {name}"))),
        })
    }
}

/// A new order: the short form, or an order as the contract has it with `webhook` and `wait` beside its fields.
pub(super) fn new_order(mut body: Value) -> Result<PlaceOrder, ControlError> {
    let invalid = |error: serde_json::Error| ControlError::Invalid(error.to_string());
    if body["lines"].is_null() {
        return serde_json::from_value(body).map_err(invalid);
    }
    let mut wanted = json!({ "restaurant": body["restaurantId"] });
    for field in ["webhook", "wait"] {
        if let Some(value) = body.as_object_mut().and_then(|body| body.remove(field)) {
            wanted[field] = value;
        }
    }
    wanted["full"] = body;
    serde_json::from_value(wanted).map_err(invalid)
}

/// Query of an edit of the till's rows.
#[derive(Debug, Deserialize)]
pub(super) struct EditQuery {
    pub(super) restaurant: Option<String>,
    pub(super) webhook: Option<WebhookMode>,
    pub(super) wait: Option<bool>,
}

/// The table of this name in a path.
pub(super) fn table(name: &str) -> Result<Table, ControlError> {
    serde_json::from_value(json!(name)).map_err(|_| ControlError::NotFound(format!("table {name}")))
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        (status, Json(json!({ "error": self.to_string() }))).into_response()
    }
}
