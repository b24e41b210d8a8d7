//! What Ponte reads of the till, and the order that it writes there.

use crate::{
    Cents, DepartmentId, OptionId, OptionValueId, OrderId, ProductId, SalesModeId, SalesPointId, TaxId, TillCustomerId,
    TillOrderId, VariantId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where an external order is on the till (`externalWorkflowStatus`, API sheet 5.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Workflow {
    /// Waiting for the restaurateur.
    Requested,
    /// Accepted.
    Accepted,
    /// In the kitchen.
    Processing,
    /// Ready.
    Ready,
    /// Leaving.
    Shipping,
    /// Left.
    Shipped,
    /// On the road.
    Delivering,
    /// Refused.
    Rejected,
    /// Cancelled at the till (one L).
    Canceled,
    /// Closed.
    Completed,
    /// Absent, or a word that this version does not know: it changes nothing and is counted.
    #[serde(other)]
    Unknown,
}

/// An order as the till shows it, by webhook, list or single read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillOrder {
    /// The till's id.
    pub id: TillOrderId,
    /// The platform's order, when the till says it.
    pub external_id: Option<OrderId>,
    /// The till's workflow.
    pub workflow: Workflow,
    /// `status` = `PROCESSED`: most likely turned into a sales document (API sheet 5.6).
    pub processed: bool,
    /// What the restaurateur typed when refusing.
    pub rejection_reason: Option<String>,
    /// The sales point, when the till says it.
    pub sales_point: Option<SalesPointId>,
    /// The order's total at the till, when the till says it (E28).
    pub amount: Option<Cents>,
}

/// One order that a fiscal document names as its source (`documentConnectionSources.orders[]`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentLink {
    /// The platform's order, when the till says it: compared first.
    pub external_id: Option<OrderId>,
    /// The till's order, compared second.
    pub till_order: Option<TillOrderId>,
}

/// A product, as far as an order row needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The till's id.
    pub id: ProductId,
    /// The name at the till.
    pub name: String,
    /// Its variants; one technical variant for a simple product (API sheet 3.2).
    pub variants: Vec<VariantId>,
    /// Printer and tax.
    pub department: Option<DepartmentId>,
    /// The department's tax.
    pub tax: Option<TaxId>,
    /// Whether it is on the tenant's channel (S15).
    pub on_channel: bool,
    /// What its own additions and removals offer, where the till says it.
    pub options: Option<Vec<(OptionId, OptionValueId)>>,
}

/// A sales mode: a price list with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesMode {
    /// The till's id.
    pub id: SalesModeId,
    /// Its name, compared exactly (S27).
    pub name: String,
}

/// A customer of the till with every field that the till gave, so that a write never blanks one.
#[derive(Clone, PartialEq)]
pub struct TillCustomer {
    /// The till's id.
    pub id: TillCustomerId,
    /// The whole record as read, `id` included.
    pub record: serde_json::Map<String, serde_json::Value>,
}

impl std::fmt::Debug for TillCustomer {
    /// Shows the id alone: everything else is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TillCustomer").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Which thing a row sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowItem {
    /// By variant, the usual form.
    Variant(VariantId),
    /// By product, when the till shows no variant (GUESS, API sheet 3.2).
    Product(ProductId),
}

/// One chosen addition or removal, sent as structure (`rowModifierValues`, GUESS inside).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowModifier {
    /// The till's option.
    pub option: OptionId,
    /// The till's value.
    pub value: OptionValueId,
    /// Price of one.
    pub price: Cents,
    /// How many for one dish.
    pub quantity: i64,
}

/// One row of an order for the till. `price` is of one unit, modifiers excluded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// What is sold.
    pub item: RowItem,
    /// Printer and tax.
    pub department: Option<DepartmentId>,
    /// Tax.
    pub tax: Option<TaxId>,
    /// How many.
    pub quantity: i64,
    /// Price of one unit, modifiers excluded.
    pub price: Cents,
    /// Whether it is the delivery fee (`shippingCost`).
    pub shipping: bool,
    /// What the kitchen reads; empty is none.
    pub note: String,
    /// Additions and removals sent as structure.
    pub modifiers: Vec<RowModifier>,
}

impl DraftRow {
    /// What the row costs: quantity × (price + modifiers).
    #[must_use]
    pub fn amount(&self) -> Cents {
        let modifiers: Cents = self.modifiers.iter().map(|m| m.price.times(m.quantity)).sum();
        (self.price + modifiers).times(self.quantity)
    }
}

/// An order ready for the till.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// The platform's order id.
    pub external_id: OrderId,
    /// Where it goes.
    pub sales_point: SalesPointId,
    /// The till's customer, when there is one.
    pub customer: Option<TillCustomerId>,
    /// The price list of its service.
    pub sales_mode: SalesModeId,
    /// When it was sent, stored with the intent.
    pub date: Timestamp,
    /// When it is wanted, in the future when it is sent.
    pub due: Timestamp,
    /// DELIVERY with an address, PICKUP without.
    pub delivery: Option<crate::order::Address>,
    /// Whether the customer collects it.
    pub pickup: bool,
    /// The customer's telephone for this order.
    pub phone: String,
    /// The customer's e-mail for this order.
    pub email: Option<String>,
    /// The gateway's reference, only where the tenant says that the till understands the prepaid flag.
    pub prepaid: Option<String>,
    /// What everybody reads.
    pub note: String,
    /// The rows, numbered from 1 in this order.
    pub rows: Vec<DraftRow>,
}

impl Draft {
    /// The sum of the rows: equal to the platform's total, to the cent.
    #[must_use]
    pub fn amount(&self) -> Cents {
        self.rows.iter().map(DraftRow::amount).sum()
    }
}
