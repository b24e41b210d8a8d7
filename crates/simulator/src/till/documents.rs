//! Reading orders and receipts, in windows shorter than three days, and the prepayment of an order.

use super::{
    account::Account,
    catalogue::check_points,
    customers::{account_mut, object},
    error::TillError,
    list::{Page, visible},
    params,
    query::Query,
    shape::order_view,
};
use crate::{
    http::{Incoming, Reply},
    state::State,
    toggles::{OrdersWindow, TillToggles},
};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// A window must be shorter than this.
const MAX_WINDOW_MS: i64 = 3 * 24 * 60 * 60 * 1000;

/// `GET /documents/orders`. There is no filter on the external id.
pub(crate) fn orders(account: &Account, toggles: &TillToggles, request: &Incoming) -> Result<Reply, TillError> {
    let query = Query::parse(request, params::ORDERS, toggles)?;
    let page = Page::required(&query, toggles)?;
    check_points(account, &query)?;
    let (from, to) = window(&query, request.at.as_millisecond())?;
    let field = match toggles.orders_window {
        OrdersWindow::Date => "date",
        OrdersWindow::DueDate => "dueDate",
    };
    let rows: Vec<&Value> = account
        .orders
        .iter()
        .filter(|order| !order.deleted && visible(order.sales_point(), &query, toggles))
        .map(|order| &order.entity)
        .filter(|order| order[field].as_i64().is_some_and(|at| (from..=to).contains(&at)))
        .collect();
    Ok(page.reply("orders", &rows, order_view))
}

/// `GET /documents/orders/{id}`.
pub(crate) fn order(account: &Account, id: &str) -> Result<Reply, TillError> {
    let found = account.orders.iter().find(|order| !order.deleted && order.field("id") == id);
    let found = found.ok_or_else(|| TillError::not_found("order"))?;
    Ok(Reply::ok(&json!({ "order": order_view(&found.entity) })))
}

/// `PUT /documents/orders/{id}/prepayment`.
pub(crate) fn prepayment(state: &mut State, key: &str, id: &str, request: &Incoming) -> Result<Reply, TillError> {
    let body = object(request)?;
    if !body.get("prepay").is_some_and(Value::is_boolean) {
        return Err(TillError::invalid_params("prepay"));
    }
    let orders = &mut account_mut(state, key)?.orders;
    let order = orders.iter_mut().find(|order| !order.deleted && order.field("id") == id);
    let order = order.ok_or_else(|| TillError::not_found("order"))?;
    for field in ["prepay", "prepaymentStatus", "prepaymentTransactionId"] {
        if let Some(value) = body.get(field) {
            order.entity[field] = value.clone();
        }
    }
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// `GET /documents/receipts`.
pub(crate) fn receipts(account: &Account, toggles: &TillToggles, request: &Incoming) -> Result<Reply, TillError> {
    let query = Query::parse(request, params::RECEIPTS, toggles)?;
    let page = Page::required(&query, toggles)?;
    check_points(account, &query)?;
    let (from, to) = window(&query, request.at.as_millisecond())?;
    let rows: Vec<&Value> = account
        .receipts
        .iter()
        .filter(|receipt| visible(receipt["document"]["idSalesPoint"].as_i64(), &query, toggles))
        .filter(|receipt| receipt["datetime"].as_i64().is_some_and(|at| (from..=to).contains(&at)))
        .filter(|receipt| query.list("numbers").is_none_or(|numbers| numbers.contains(&receipt["number"])))
        .collect();
    let mut envelope = page.envelope("receipts", &rows, Value::clone);
    envelope.insert("currency".into(), json!({ "id": 1, "code": "EUR", "name": "Euro", "numberOfDecimals": 2 }));
    Ok(Reply::ok(&Value::Object(envelope)))
}

/// First and last millisecond. A window without an end lasts until now; days count whole, both ends included.
fn window(query: &Query, now_ms: i64) -> Result<(i64, i64), TillError> {
    let from = query.moment("datetimeFrom").ok_or_else(|| TillError::invalid_params("datetimeFrom"))?.first_ms;
    let to = query.moment("datetimeTo");
    let end = to.map_or(now_ms, |to| if to.last_ms > to.first_ms { to.last_ms + 1 } else { to.last_ms });
    if end < from || end - from >= MAX_WINDOW_MS {
        return Err(TillError::invalid_params("datetimeTo"));
    }
    Ok((from, to.map_or(i64::MAX, |to| to.last_ms)))
}
