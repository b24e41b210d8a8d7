//! The life of an order on the till: which state may follow which.

use super::{account::TillOrder, customers::account_mut};
use crate::state::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What staff do to an order at the till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TillAction {
    /// `ACCEPTED`.
    Accept,
    /// `REJECTED`, with this reason; none leaves the reason out.
    Refuse(Option<String>),
    /// `PROCESSING`.
    Processing,
    /// `READY`.
    Ready,
    /// `SHIPPING`.
    Ship,
    /// Any state by its name.
    State(String),
    /// `COMPLETED`; a receipt is separate.
    Complete,
    /// `CANCELED`.
    Cancel,
    /// The order disappears.
    Delete,
    /// Merged into the order as it is: rows, notes, due date.
    Edit(Value),
}

/// Why the till does not do it.
#[derive(Debug)]
pub(crate) enum ActionError {
    NotFound,
    Illegal(String),
}

impl TillAction {
    fn target(&self) -> Option<&str> {
        match self {
            Self::Accept => Some("ACCEPTED"),
            Self::Refuse(_) => Some("REJECTED"),
            Self::Processing => Some("PROCESSING"),
            Self::Ready => Some("READY"),
            Self::Ship => Some("SHIPPING"),
            Self::State(state) => Some(state),
            Self::Complete => Some("COMPLETED"),
            Self::Cancel => Some("CANCELED"),
            Self::Delete | Self::Edit(_) => None,
        }
    }
}

/// States that may follow this one.
pub(crate) fn legal_moves(from: &str, delivery: bool) -> &'static [&'static str] {
    match (from, delivery) {
        ("REQUESTED", _) => &["ACCEPTED", "REJECTED", "CANCELED"],
        ("ACCEPTED", false) => &["PROCESSING", "READY", "COMPLETED", "CANCELED"],
        ("ACCEPTED", true) => &["PROCESSING", "READY", "SHIPPING", "CANCELED"],
        ("PROCESSING", false) => &["READY", "COMPLETED", "CANCELED"],
        ("PROCESSING", true) => &["READY", "SHIPPING", "CANCELED"],
        ("READY", false) => &["COMPLETED", "CANCELED"],
        ("READY", true) => &["SHIPPING", "DELIVERING", "SHIPPED"],
        ("SHIPPING" | "DELIVERING", true) => &["SHIPPED", "COMPLETED"],
        ("SHIPPED", true) => &["COMPLETED"],
        _ => &[],
    }
}

/// Does what staff do; `force` lets any state follow any other.
pub(crate) fn apply(
    state: &mut State,
    key: &str,
    external_id: &str,
    action: TillAction,
    force: bool,
) -> Result<(), ActionError> {
    let toggles = state.config.till.clone();
    let account = account_mut(state, key).map_err(|_| ActionError::NotFound)?;
    let order = account.order_mut(external_id).filter(|order| !order.deleted).ok_or(ActionError::NotFound)?;
    if order.entity["isExternalOrder"] != true {
        return Err(ActionError::Illegal("the order is not external: the till does not show it".into()));
    }
    if let Some(target) = action.target() {
        check_move(order, target, force || toggles.skip_states)?;
        order.entity["externalWorkflowStatus"] = json!(target);
        order.states.push(target.to_owned());
    }
    match action {
        TillAction::Refuse(Some(reason)) => order.entity["rejectionReason"] = json!(reason),
        TillAction::Complete if toggles.completed_sets_processed => order.entity["status"] = json!("PROCESSED"),
        TillAction::Delete => {
            order.entity["externalWorkflowStatus"] = json!("CANCELED");
            order.deleted = true;
        }
        TillAction::Edit(patch) => merge(&mut order.entity, &patch),
        _ => {}
    }
    Ok(())
}

fn check_move(order: &TillOrder, target: &str, force: bool) -> Result<(), ActionError> {
    let from = order.field("externalWorkflowStatus");
    let delivery = order.field("deliveryMode") == "DELIVERY";
    if force || legal_moves(from, delivery).contains(&target) {
        return Ok(());
    }
    Err(ActionError::Illegal(format!("{from} cannot become {target}")))
}

/// Merges as a JSON merge patch does.
pub(crate) fn merge(target: &mut Value, patch: &Value) {
    let Some(fields) = patch.as_object() else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, value) in fields {
        if value.is_null() {
            if let Some(object) = target.as_object_mut() {
                object.remove(name);
            }
        } else {
            merge(&mut target[name.as_str()], value);
        }
    }
}
