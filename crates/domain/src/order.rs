//! An order as the platform knows it, cleaned of everything that Ponte does not need.
//!
//! It travels inside queue messages, so its serialised form is versioned with them (`app::message`).

use crate::{Cents, CustomerId, OptionId, OrderId, ProductId, TenantId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where an order is on the platform. `Cancelled` is the platform's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has answered the customer.
    New,
    /// The till accepted it; the customer was told.
    Confirmed,
    /// The till refused or cancelled it; the customer was told why.
    Rejected,
    /// Handed over, and documented where it was paid online.
    Evaso,
    /// Called off on the platform.
    Cancelled,
}

/// How the customer gets the food.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Collected at the restaurant.
    Takeaway,
    /// Brought to an address.
    Delivery,
}

/// Whom the order is for (S69).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The platform's id.
    pub id: CustomerId,
    /// First name, as typed.
    pub first_name: String,
    /// Last name, as typed; may be empty (E39).
    pub last_name: String,
    /// E-mail, if given.
    pub email: Option<String>,
    /// Telephone, as typed, if given.
    pub phone: Option<String>,
}

impl std::fmt::Debug for Customer {
    /// Shows the id alone: everything else is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Customer").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Where a delivery goes.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street and number.
    pub street: String,
    /// Town.
    pub city: String,
    /// Postal code.
    pub postal_code: String,
    /// Two-letter province.
    pub province: String,
    /// ISO 3166-1 alpha-2 country.
    pub country: String,
    /// What the rider has to know.
    pub instructions: String,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(redacted)")
    }
}

/// How the order is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Paid through the platform rather than at the restaurant: the gate of the fiscal document (S67).
    pub online: bool,
    /// Whether the money has been taken.
    pub paid: bool,
    /// The gateway's reference.
    pub transaction_id: Option<String>,
}

/// Whether a chosen option adds or takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptionKind {
    /// An addition.
    Addition,
    /// A removal.
    Removal,
}

/// One chosen option of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenOption {
    /// The platform's id of the group; it leads to the till's option (`till_option`).
    pub group: String,
    /// The till's id of the value.
    pub value: String,
    /// What people read.
    pub name: String,
    /// Adds or takes away.
    pub kind: OptionKind,
    /// How many times, for one dish.
    pub quantity: i64,
    /// Price of one; negative for a removal that is paid back (E21).
    pub price: Cents,
}

impl ChosenOption {
    /// The till's option that the group comes from: the third part of `p:PRODUCT:OPTION:add`, or the whole id.
    #[must_use]
    pub fn till_option(&self) -> Option<OptionId> {
        let mut parts = self.group.split(':');
        let id = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("p" | "c"), Some(_), Some(option), Some(_)) => option,
            _ => self.group.as_str(),
        };
        OptionId::parse(id).ok()
    }
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The till's product: the dish's `externalId`.
    pub product: ProductId,
    /// What the customer read.
    pub name: String,
    /// How many, at least 1.
    pub quantity: i64,
    /// Price of one, options excluded.
    pub unit_price: Cents,
    /// What was chosen on it.
    pub options: Vec<ChosenOption>,
    /// The customer's wish for this line.
    pub notes: String,
    /// What the platform says the line costs.
    pub total: Cents,
}

impl Line {
    /// What the line costs by its own parts, or none where no number is large enough.
    #[must_use]
    pub fn exact_total(&self) -> Option<Cents> {
        let options = self.options.iter().map(|option| option.price.checked_times(option.quantity));
        let parts: Option<Vec<Cents>> = std::iter::once(Some(self.unit_price)).chain(options).collect();
        Cents::checked_sum(parts?)?.checked_times(self.quantity)
    }
}

/// An amount on top of the lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// Whether it is the delivery fee.
    pub delivery: bool,
    /// What people read.
    pub name: String,
    /// How much.
    pub amount: Cents,
}

/// An amount taken off the whole order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    /// What people read.
    pub name: String,
    /// How much, not negative.
    pub amount: Cents,
}

/// An order of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The platform's id; `externalId` on the till.
    pub id: OrderId,
    /// The restaurant.
    pub tenant: TenantId,
    /// What staff and customer call it.
    pub number: String,
    /// Where it was on the platform when it was read.
    pub status: Status,
    /// Collected or brought.
    pub service: Service,
    /// When the customer ordered.
    pub created_at: Timestamp,
    /// When the customer wants it; none is as soon as possible.
    pub requested_for: Option<Timestamp>,
    /// Whom it is for.
    pub customer: Customer,
    /// Where it goes, when brought.
    pub delivery: Option<Address>,
    /// How it is paid.
    pub payment: Payment,
    /// What was ordered, at least one line.
    pub lines: Vec<Line>,
    /// What is added to the lines.
    pub fees: Vec<Fee>,
    /// What is taken off.
    pub discounts: Vec<Discount>,
    /// What the customer pays.
    pub total: Cents,
    /// The customer's wish for the whole order.
    pub notes: String,
}

impl Order {
    /// When the customer expects it: the wished time, or when it was ordered.
    #[must_use]
    pub fn wished_at(&self) -> Timestamp {
        self.requested_for.unwrap_or(self.created_at)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{delivered, order};

    #[test]
    fn e62_an_order_shows_neither_its_customer_nor_where_it_goes() {
        let order = delivered(order());
        let (customer, address) = (format!("{:?}", order.customer), format!("{:?}", order.delivery));
        assert_eq!(customer, "Customer { id: CustomerId(\"plt-customer-1\"), .. }");
        assert_eq!(address, "Some(Address(redacted))");
        assert!(!format!("{order:?}").contains("example.test"));
    }
}
