//! Moves of an order's status, and the one message that each state sends to the customer.

use super::{
    order::touch,
    problem::Problem,
    schema,
    store::{PlacedOrder, Platform},
};
use crate::{
    http::{Incoming, Reply},
    state::IdSource,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// A move that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Moved<'a> {
    pub(crate) to: &'a str,
    pub(crate) reason: Option<&'a str>,
    /// Who asks: `bridge`, `staff` or `customer`.
    pub(crate) by: &'a str,
    pub(crate) at: Timestamp,
}

/// `POST /orders/{id}/status`.
pub(crate) fn change(
    platform: &mut Platform,
    ids: &mut IdSource,
    id: &str,
    request: &Incoming,
) -> Result<Reply, Problem> {
    let body = schema::parse("StatusChange", &request.body)?;
    let to = body["status"].as_str().unwrap_or_default();
    let reason = body["reason"].as_str();
    if to == "rejected" && reason.is_none_or(|reason| reason.trim().is_empty()) {
        return Err(Problem::validation("body.reason: required with rejected"));
    }
    let placed = platform.order_mut(id).ok_or_else(|| Problem::not_found("order"))?;
    let moved = Moved { to, reason, by: "bridge", at: ids.tick(request.at) };
    move_order(placed, &moved)?;
    Ok(Reply::ok(&placed.order))
}

/// Moves an order. Asking for the state it is in does nothing.
///
/// # Errors
/// When the state may not follow the present one.
pub(crate) fn move_order(placed: &mut PlacedOrder, moved: &Moved<'_>) -> Result<(), Problem> {
    let current = placed.status().to_owned();
    if current == moved.to {
        return Ok(());
    }
    let legal = match (current.as_str(), moved.to) {
        ("new", "confirmed" | "rejected") | ("confirmed", "evaso" | "rejected") => true,
        ("new" | "confirmed", "cancelled") => moved.by == "customer",
        _ => false,
    };
    if !legal {
        return Err(Problem::illegal_transition(&current, moved.to));
    }
    placed.order["status"] = json!(moved.to);
    if moved.to == "rejected" {
        placed.order["rejectionReason"] = json!(moved.reason);
    }
    touch(&mut placed.order, moved.at);
    placed.states.push(json!({ "status": moved.to, "by": moved.by, "at": moved.at.to_string() }));
    placed.messages.extend(message(placed, moved));
    Ok(())
}

/// The message that the first arrival in a state starts. No state is entered twice, so none is sent twice.
fn message(placed: &PlacedOrder, moved: &Moved<'_>) -> Option<Value> {
    let text = match moved.to {
        "confirmed" => "Il tuo ordine è confermato".to_owned(),
        "rejected" => format!("Il tuo ordine è stato rifiutato: {}", moved.reason.unwrap_or_default()),
        "evaso" => "Grazie! Com'è andata? Lascia una recensione".to_owned(),
        _ => return None,
    };
    Some(json!({
        "orderId": placed.id(), "status": moved.to, "reason": moved.reason, "text": text,
        "customer": placed.order["customer"]["id"], "at": moved.at.to_string(),
    }))
}
