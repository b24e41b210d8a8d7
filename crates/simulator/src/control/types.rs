//! Requests and results of control calls.

use crate::{
    hooks::{Delivery, WebhookMode},
    till::Table,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an act left behind.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// The order, row or receipt after the act.
    pub entity: Value,
    /// The webhooks that the act caused; finished unless it was told not to wait.
    pub deliveries: Vec<Delivery>,
}

/// How an act is done.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActionOptions {
    /// What becomes of the webhook; absent follows the configuration.
    pub webhook: Option<WebhookMode>,
    /// Return only when every attempt has ended.
    pub wait: bool,
    /// Allow a state that may not follow the present one.
    pub force: bool,
    /// The restaurant, where several share an external id.
    pub restaurant: Option<String>,
}

impl Default for ActionOptions {
    fn default() -> Self {
        Self { webhook: None, wait: true, force: false, restaurant: None }
    }
}

impl ActionOptions {
    /// Waits, with the webhook treated like this.
    pub fn webhook(mode: WebhookMode) -> Self {
        Self { webhook: Some(mode), ..Self::default() }
    }
}

/// A new order in short form, priced from the platform's menu, or from the till's catalogue while the platform has
/// none; or `full`, an order as the contract has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlaceOrder {
    /// Restaurant; absent is the only one.
    pub restaurant: Option<String>,
    /// Order id; absent is a new one.
    pub id: Option<String>,
    /// What people call it; absent is the next number.
    pub number: Option<String>,
    /// `takeaway` or `delivery`.
    pub service: String,
    /// `online` or `onSite`.
    pub payment: String,
    /// Absent: paid if online.
    pub paid: Option<bool>,
    /// What is ordered.
    pub items: Vec<Item>,
    /// RFC 3339; absent is as soon as possible.
    pub requested_for: Option<String>,
    /// Order note.
    pub notes: Option<String>,
    /// As in the contract.
    pub fees: Vec<Value>,
    /// As in the contract.
    pub discounts: Vec<Value>,
    /// As in the contract; absent is an invented one.
    pub customer: Option<Value>,
    /// As in the contract; absent with `delivery` is an invented one.
    pub delivery: Option<Value>,
    /// Allow dishes that the platform would not let anybody order.
    pub allow_unorderable: bool,
    /// An order as the contract has it; what is missing of id, number, state and times is filled in.
    pub full: Option<Value>,
    /// What becomes of the webhook.
    pub webhook: Option<WebhookMode>,
    /// Return only when every attempt has ended.
    pub wait: bool,
}

impl Default for PlaceOrder {
    fn default() -> Self {
        Self {
            restaurant: None,
            id: None,
            number: None,
            service: "takeaway".into(),
            payment: "onSite".into(),
            paid: None,
            items: Vec::new(),
            requested_for: None,
            notes: None,
            fees: Vec::new(),
            discounts: Vec::new(),
            customer: None,
            delivery: None,
            allow_unorderable: false,
            full: None,
            webhook: None,
            wait: true,
        }
    }
}

/// One line of a new order.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Item {
    /// Id or name of the dish.
    pub product: String,
    /// How many; 0 is 1.
    pub quantity: u32,
    /// Additions and removals.
    pub options: Vec<ItemOption>,
    /// Wish of the customer.
    pub notes: Option<String>,
    /// A price of its own; with it a dish that nobody knows can be ordered.
    pub unit_price_cents: Option<i64>,
}

impl Item {
    /// One line without options.
    pub fn new(product: impl Into<String>, quantity: u32) -> Self {
        Self { product: product.into(), quantity, ..Self::default() }
    }

    /// The same line with this option, once.
    #[must_use]
    pub fn option(mut self, name: impl Into<String>) -> Self {
        self.options.push(ItemOption { option: name.into(), quantity: 1 });
        self
    }
}

/// An addition or removal of a line; in JSON also just its name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "ItemOptionForm")]
pub struct ItemOption {
    /// Id or name of the option.
    pub option: String,
    /// How often.
    pub quantity: u32,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ItemOptionForm {
    Name(String),
    Full { option: String, quantity: Option<u32> },
}

impl From<ItemOptionForm> for ItemOption {
    fn from(form: ItemOptionForm) -> Self {
        match form {
            ItemOptionForm::Name(option) => Self { option, quantity: 1 },
            ItemOptionForm::Full { option, quantity } => Self { option, quantity: quantity.unwrap_or(1) },
        }
    }
}

/// A change of one of the till's rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MenuEdit {
    /// Restaurant whose account is changed; absent is the only one.
    pub restaurant: Option<String>,
    /// Kind of row.
    pub table: Table,
    /// Id of the row; a new one creates it.
    pub id: String,
    /// Merged into the row (null removes a field); absent deletes the row.
    pub patch: Option<Value>,
    /// What becomes of the webhook.
    pub webhook: Option<WebhookMode>,
    /// Return only when every attempt has ended.
    pub wait: bool,
}

impl MenuEdit {
    /// Merges this into a row.
    pub fn put(table: Table, id: impl Into<String>, patch: Value) -> Self {
        Self { restaurant: None, table, id: id.into(), patch: Some(patch), webhook: None, wait: true }
    }

    /// Deletes a row.
    pub fn delete(table: Table, id: impl Into<String>) -> Self {
        Self { patch: None, ..Self::put(table, id, Value::Null) }
    }
}

/// A webhook of the till with any body.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawWebhook {
    /// Restaurant to whose address it goes; absent is the only one.
    #[serde(default)]
    pub restaurant: Option<String>,
    /// `ENTITY/EVENT`.
    pub operation: String,
    /// The entity.
    pub body: Value,
    /// What becomes of it.
    #[serde(default)]
    pub webhook: Option<WebhookMode>,
}
