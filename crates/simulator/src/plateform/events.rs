//! Webhooks of the platform: Standard Webhooks to one address for all restaurants.

use crate::{
    hooks::{NewHook, Signer, WebhookMode},
    http::Party,
    restaurant::RestaurantSpec,
    state::State,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Something that the platform tells.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    OrderCreated(Value),
    OrderCancelled { order_id: String, reason: Option<String> },
    CustomerChanged(Value),
    SyncRequested,
}

impl Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::OrderCreated(_) => "order.created",
            Self::OrderCancelled { .. } => "order.cancelled",
            Self::CustomerChanged(_) => "customer.changed",
            Self::SyncRequested => "integration.sync_requested",
        }
    }

    fn data(&self) -> Value {
        match self {
            Self::OrderCreated(order) => json!({ "order": order }),
            Self::OrderCancelled { order_id, reason: Some(reason) } => json!({ "orderId": order_id, "reason": reason }),
            Self::OrderCancelled { order_id, reason: None } => json!({ "orderId": order_id }),
            Self::CustomerChanged(customer) => json!({ "customer": customer }),
            Self::SyncRequested => json!({}),
        }
    }
}

/// The webhook that tells it.
pub(crate) fn hook(
    state: &mut State,
    spec: &RestaurantSpec,
    event: &Event,
    mode: Option<WebhookMode>,
    now: Timestamp,
) -> NewHook {
    let toggles = &state.config.plateform;
    let (mode, signature) = (mode.unwrap_or(toggles.webhook), toggles.signature);
    let body = json!({
        "type": event.kind(), "restaurantId": spec.restaurant_id, "occurredAt": now.to_string(), "data": event.data(),
    });
    NewHook {
        party: Party::Plateform,
        restaurant: spec.restaurant_id.clone(),
        operation: event.kind().to_owned(),
        path: "/webhooks/plateform".to_owned(),
        body,
        signer: Signer::Plateform {
            secret: spec.plateform_webhook_secret.clone(),
            message_id: format!("msg_{}", state.ids.uuid()),
            mode: signature,
        },
        mode,
    }
}
