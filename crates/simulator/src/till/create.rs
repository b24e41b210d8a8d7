//! `POST /documents/orders/batch`: the only way in for an order.

use super::{
    account::{Account, Table, TillOrder},
    amount,
    customers::{account_mut, object},
    error::TillError,
    events::order_hook,
    life::{self, TillAction},
    rows,
    shape::without_nulls,
};
use crate::{
    http::{Incoming, Reply},
    state::State,
    toggles::{BatchAnswer, TillToggles},
};
use serde_json::{Value, json};

/// Checks every order of the batch, then keeps them all or none.
pub(crate) fn batch(state: &mut State, key: &str, request: &Incoming) -> Result<Reply, TillError> {
    let body = object(request)?;
    let toggles = state.config.till.clone();
    let received = body.get("create").and_then(Value::as_array).filter(|orders| !orders.is_empty());
    let received = received.ok_or_else(|| TillError::invalid_params("create: error.expected.jsarray"))?;
    let account = account_mut(state, key)?;
    let now_ms = request.at.as_millisecond();
    let mut checked: Vec<Value> = Vec::new();
    for order in received {
        if checked.iter().any(|earlier| earlier["externalId"] == order["externalId"]) {
            return Err(TillError::conflict("externalId"));
        }
        checked.push(check(account, &toggles, order, now_ms)?);
    }
    let kept = checked.into_iter().zip(received).map(|(entity, received)| {
        let entity = complete(state, entity, now_ms);
        let states = vec![super::text(&entity, "externalWorkflowStatus").to_owned()];
        TillOrder { entity, received: received.clone(), batch_size: body_len(&body), deleted: false, states }
    });
    let kept: Vec<TillOrder> = kept.collect();
    let answer = answer(&toggles, &kept);
    let external_ids: Vec<String> = kept.iter().map(|order| order.field("externalId").to_owned()).collect();
    account_mut(state, key)?.orders.extend(kept);
    let mut hooks = Vec::new();
    for external_id in &external_ids {
        if toggles.order_create_echo {
            hooks.extend(order_hook(state, key, external_id, "CREATE", None));
        }
        if toggles.auto_accept && life::apply(state, key, external_id, TillAction::Accept, true).is_ok() {
            hooks.extend(order_hook(state, key, external_id, "EDIT", None));
        }
    }
    Ok(Reply::ok(&answer).causing(hooks))
}

fn body_len(body: &serde_json::Map<String, Value>) -> usize {
    body.get("create").and_then(Value::as_array).map_or(0, Vec::len)
}

fn check(account: &Account, toggles: &TillToggles, order: &Value, now_ms: i64) -> Result<Value, TillError> {
    let external_id = order["externalId"].as_str().filter(|id| !id.is_empty());
    let external_id = external_id.ok_or_else(|| TillError::invalid_params("externalId"))?;
    if account.order(external_id).is_some() {
        return Err(TillError::conflict("externalId"));
    }
    check_head(order, now_ms)?;
    let document = &order["document"];
    let point = document["idSalesPoint"].as_i64().ok_or_else(|| TillError::invalid_params("idSalesPoint"))?;
    if !account.owns_sales_point(point) {
        return Err(TillError::invalid_id("idSalesPoint"));
    }
    check_customer(account, toggles, document)?;
    let sent = document["rows"].as_array().ok_or_else(|| TillError::invalid_params("rows"))?;
    let shown = rows::check(account, toggles, point, sent)?;
    amount::check(document, sent)?;
    if let Some(limit) = &toggles.order_limit {
        return Err(TillError::invalid_params(limit.clone()));
    }
    let mut entity = without_nulls(order);
    entity["document"]["rows"] = Value::Array(shown);
    Ok(entity)
}

fn check_head(order: &Value, now_ms: i64) -> Result<(), TillError> {
    if !order["isExternalOrder"].is_boolean() {
        return Err(TillError::invalid_params("isExternalOrder"));
    }
    if order["dueDate"].as_i64().is_none_or(|due| due <= now_ms) {
        return Err(TillError::invalid_params("dueDate"));
    }
    if !order["date"].is_null() && !order["date"].is_i64() {
        return Err(TillError::invalid_params("date"));
    }
    if !matches!(order["deliveryMode"].as_str(), Some("PICKUP" | "DELIVERY" | "OTHER" | "TABLE")) {
        return Err(TillError::invalid_params("deliveryMode"));
    }
    let country = &order["destinationCountry"];
    if !country.is_null() && country.as_str().is_none_or(|code| code.len() != 2) {
        return Err(TillError::invalid_params("destinationCountry"));
    }
    let prepay = order["prepay"].as_bool().ok_or_else(|| TillError::invalid_params("prepay"))?;
    if prepay && !order["prepaymentStatus"].is_string() {
        return Err(TillError::invalid_params("prepaymentStatus"));
    }
    if order["document"].is_object() { Ok(()) } else { Err(TillError::invalid_params("document")) }
}

fn check_customer(account: &Account, toggles: &TillToggles, document: &Value) -> Result<(), TillError> {
    match (document["idCustomer"].as_str(), document["idOrganization"].as_str()) {
        (Some(id), _) if account.find(Table::Customers, id).is_none() => Err(TillError::invalid_id("idCustomer")),
        (None, Some(_)) => Err(TillError::invalid_id("idOrganization")),
        (None, None) if toggles.customer_required => Err(TillError::invalid_params("idCustomer")),
        _ => Ok(()),
    }
}

/// Adds what the till sets itself.
fn complete(state: &mut State, mut entity: Value, now_ms: i64) -> Value {
    entity["id"] = json!(state.ids.uuid());
    entity["status"] = json!("NOT_PROCESSED");
    entity["externalWorkflowStatus"] = json!("REQUESTED");
    if entity["date"].is_null() {
        entity["date"] = json!(now_ms);
    }
    entity["document"]["id"] = json!(state.ids.uuid());
    for row in entity["document"]["rows"].as_array_mut().into_iter().flatten() {
        row["id"] = json!(state.ids.uuid());
    }
    entity
}

fn answer(toggles: &TillToggles, orders: &[TillOrder]) -> Value {
    let ids = orders.iter().enumerate().map(|(index, order)| {
        let (id, external_id) = (order.field("id"), order.field("externalId"));
        match toggles.batch_answer {
            BatchAnswer::CreateDetails => json!({ "index": index, "id": id, "externalId": external_id }),
            BatchAnswer::Create => json!({ "id": id, "externalId": external_id }),
        }
    });
    let ids: Vec<Value> = ids.collect();
    match toggles.batch_answer {
        BatchAnswer::CreateDetails => json!({ "batchResponse": { "createDetails": ids } }),
        BatchAnswer::Create => json!({ "batchResponse": { "create": ids, "update": [] } }),
    }
}
