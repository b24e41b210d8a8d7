//! Orders of the platform, and what the bridge says about their way to the till.

use super::{page::ListQuery, problem::Problem, schema, store::Platform};
use crate::{
    http::{Incoming, Reply},
    state::IdSource,
};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The states of an order.
pub(crate) const STATES: [&str; 5] = ["new", "confirmed", "rejected", "evaso", "cancelled"];

/// `GET /orders`, oldest change first.
pub(crate) fn list(platform: &Platform, request: &Incoming) -> Result<Reply, Problem> {
    let query = ListQuery::parse(request, &["status", "updatedAfter"])?;
    let wanted: Option<Vec<&str>> = query.text("status").map(|text| text.split(',').collect());
    if wanted.iter().flatten().any(|status| !STATES.contains(status)) {
        return Err(Problem::validation("status: unknown state"));
    }
    let after = query.updated_after()?;
    let orders = platform.orders.iter().filter(|placed| {
        wanted.as_ref().is_none_or(|wanted| wanted.contains(&placed.status()))
            && after.is_none_or(|after| updated_at(&placed.order) > after)
    });
    let keyed = orders.map(|placed| (sort_key(&placed.order), &placed.order));
    let mut items: Vec<(String, &Value)> = keyed.collect();
    items.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(Reply::ok(&query.page(items, Value::clone)?))
}

/// `GET /orders/{id}`.
pub(crate) fn one(platform: &Platform, id: &str) -> Result<Reply, Problem> {
    let placed = platform.order(id).ok_or_else(|| Problem::not_found("order"))?;
    Ok(Reply::ok(&placed.order))
}

/// `PUT /orders/{id}/till`.
pub(crate) fn put_till(
    platform: &mut Platform,
    ids: &mut IdSource,
    id: &str,
    request: &Incoming,
) -> Result<Reply, Problem> {
    let delivery = schema::parse("TillDelivery", &request.body)?;
    let placed = platform.order_mut(id).ok_or_else(|| Problem::not_found("order"))?;
    if delivery["state"] == "failed" && delivery["message"].as_str().is_none_or(str::is_empty) {
        return Err(Problem::validation("body.message: with failed it says what to do"));
    }
    placed.order["till"] = delivery.clone();
    placed.till_history.push(delivery);
    touch(&mut placed.order, ids.tick(request.at));
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// Stamps a change.
pub(crate) fn touch(order: &mut Value, now: Timestamp) {
    order["updatedAt"] = json!(now.to_string());
}

/// When a thing was last changed; unreadable means long ago.
pub(crate) fn updated_at(value: &Value) -> Timestamp {
    value["updatedAt"].as_str().and_then(|text| text.parse().ok()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Sorts as the change does.
pub(crate) fn sort_key(value: &Value) -> String {
    format!("{:020}{}", updated_at(value).as_millisecond(), value["id"].as_str().unwrap_or_default())
}
