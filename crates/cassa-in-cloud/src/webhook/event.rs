//! What a verified webhook says.

use super::WebhookError;
use crate::types::{self, OrderDto, SourcesDto};
use app::message::TillHint;
use domain::{SalesPointId, till::DocumentLink};
use serde_json::Value;

/// The longest entity or event name, in bytes.
const NAME_MAX: usize = 64;

/// What happened at the till.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TillEvent {
    /// An order was created, edited or deleted.
    Order {
        /// What the till said; the order is re-read before it is believed.
        hint: TillHint,
        /// Whose order it is, when the till says it.
        sales_point: Option<SalesPointId>,
    },
    /// A receipt or an invoice was issued or edited.
    Document {
        /// The orders that it was made from.
        orders: Vec<DocumentLink>,
        /// Whose document it is, when the till says it.
        sales_point: Option<SalesPointId>,
    },
    /// Something of the menu changed.
    Catalogue {
        /// Whether it is a product: anything else is shared by many, whose own readings do not tell of the change.
        is_product: bool,
        /// Whose it is; none when it is every sales point's, or the till does not say.
        sales_point: Option<SalesPointId>,
    },
    /// Nothing that Ponte acts on.
    Ignored {
        /// The entity, in capitals.
        entity: String,
    },
}

/// Reads operation and body; the body is nested at most as deep as `serde_json` allows, far from the stack's end.
pub(super) fn parse(operation: Option<&str>, body: &[u8]) -> Result<TillEvent, WebhookError> {
    let (entity, event) = operation.and_then(split).ok_or(WebhookError::Operation)?;
    let body: Value = serde_json::from_slice(body).map_err(|_| WebhookError::Body)?;
    if !body.is_object() {
        return Err(WebhookError::Body);
    }
    match (entity.as_str(), event.as_str()) {
        ("ORDER", event) => order(&body, event == "DELETE"),
        ("RECEIPT" | "INVOICE", "CREATE" | "EDIT") => Ok(TillEvent::Document {
            orders: types::read::<SourcesDto>(&body).unwrap_or_default().into_links(),
            sales_point: types::sales_point(&body),
        }),
        ("PRODUCT" | "CATEGORY" | "MODIFIER" | "DEPARTMENT" | "TAX", _) => {
            let is_product = entity == "PRODUCT";
            Ok(TillEvent::Catalogue { is_product, sales_point: types::own_sales_point(&body) })
        }
        _ => Ok(TillEvent::Ignored { entity }),
    }
}

/// `ENTITY/EVENT` in capitals.
fn split(operation: &str) -> Option<(String, String)> {
    let is_name = |name: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        (1..=NAME_MAX).contains(&name.len()) && name.chars().all(allowed)
    };
    let (entity, event) = operation.trim().split_once('/')?;
    (is_name(entity) && is_name(event)).then(|| (entity.to_ascii_uppercase(), event.to_ascii_uppercase()))
}

/// A deletion may come with the whole order or with its id alone.
fn order(body: &Value, deleted: bool) -> Result<TillEvent, WebhookError> {
    let dto: OrderDto = types::read(body).map_err(|_| WebhookError::OrderId)?;
    let has_state = dto.has_state();
    let order = dto.try_into_domain().map_err(|_| WebhookError::OrderId)?;
    let hint = TillHint {
        id: order.id.clone(),
        external_id: order.external_id.clone(),
        deleted,
        payload: has_state.then(|| order.clone()),
    };
    Ok(TillEvent::Order { hint, sales_point: order.sales_point })
}
