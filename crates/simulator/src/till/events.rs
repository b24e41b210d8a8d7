//! Webhooks of the till: the entity itself, signed with the secret of its kind.

use super::{
    account::Table,
    shape::{order_view, row_view, text},
};
use crate::{
    hooks::{NewHook, Signer, WebhookMode},
    http::Party,
    restaurant::RestaurantSpec,
    state::State,
    toggles::DeleteBody,
};
use serde_json::{Value, json};

/// A webhook to one restaurant's address.
pub(crate) fn hook(
    state: &State,
    spec: &RestaurantSpec,
    operation: &str,
    body: Value,
    mode: Option<WebhookMode>,
) -> NewHook {
    let entity = operation.split('/').next().unwrap_or_default();
    let toggles = &state.config.till;
    let only_id = toggles.delete_body == DeleteBody::OnlyId && operation.ends_with("/DELETE");
    let signer = Signer::Till {
        secret: spec.secret_of(entity).to_owned(),
        operation: operation.to_owned(),
        mode: toggles.signature,
    };
    NewHook {
        party: Party::Cic,
        restaurant: spec.restaurant_id.clone(),
        operation: operation.to_owned(),
        path: format!("/webhooks/cic/{}", spec.restaurant_id),
        body: if only_id { json!({ "id": body["id"] }) } else { body },
        signer,
        mode: mode.unwrap_or(toggles.webhook),
    }
}

/// `ORDER/...` to the restaurant of the order's sales point.
pub(crate) fn order_hook(
    state: &State,
    key: &str,
    external_id: &str,
    event: &str,
    mode: Option<WebhookMode>,
) -> Vec<NewHook> {
    let Some(order) = state.accounts.get(key).and_then(|account| account.order(external_id)) else {
        return Vec::new();
    };
    let body = order_view(&order.entity);
    let operation = format!("ORDER/{event}");
    send_to(state, key, order.sales_point(), &operation, &body, mode)
}

/// `RECEIPT/CREATE` to the restaurant of the receipt's sales point.
pub(crate) fn receipt_hook(state: &State, key: &str, receipt_id: &str, mode: Option<WebhookMode>) -> Vec<NewHook> {
    let receipts = state.accounts.get(key).map(|account| account.receipts.as_slice()).unwrap_or_default();
    let Some(receipt) = receipts.iter().find(|receipt| text(receipt, "id") == receipt_id) else {
        return Vec::new();
    };
    send_to(state, key, receipt["document"]["idSalesPoint"].as_i64(), "RECEIPT/CREATE", receipt, mode)
}

/// A catalogue row's event, to every restaurant that sees the row.
pub(crate) fn entity_hooks(
    state: &State,
    key: &str,
    table: Table,
    row: &Value,
    event: &str,
    mode: Option<WebhookMode>,
) -> Vec<NewHook> {
    let (Some(entity), Some(account)) = (table.entity(), state.accounts.get(key)) else { return Vec::new() };
    let body = row_view(account, &state.config.till, table, row);
    send_to(state, key, row["idSalesPoint"].as_i64(), &format!("{entity}/{event}"), &body, mode)
}

fn send_to(
    state: &State,
    key: &str,
    point: Option<i64>,
    operation: &str,
    body: &Value,
    mode: Option<WebhookMode>,
) -> Vec<NewHook> {
    let Some(account) = state.accounts.get(key) else { return Vec::new() };
    let seeing = state.restaurants_seeing(key, point).into_iter();
    let seeing = seeing.filter(|spec| account.sends(spec.sales_point_id, operation));
    seeing.map(|spec| hook(state, spec, operation, body.clone(), mode)).collect()
}
