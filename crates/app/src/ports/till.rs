//! The till of one tenant.

use super::{TenantAccess, Work};
use domain::{
    OrderId, ProductId, TillCustomerId, TillOrderId,
    till::{DocumentLink, Draft, Product, SalesMode, TillCustomer, TillOrder},
};
use jiff::Timestamp;
use std::{future::Future, time::Duration};

/// Why the till did not do what was asked, by what the caller does next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TillError {
    /// No answer, a fault, or not the documented shape. A write may have been done all the same. Try again later.
    #[error("the till did not answer as it should ({detail})")]
    Unclear {
        /// The HTTP status, if there was an answer.
        status: Option<u16>,
        /// What was seen; no personal data.
        detail: String,
    },
    /// The connection could not be made: nothing was done. Try again later.
    #[error("the till cannot be reached ({detail})")]
    Unreachable {
        /// What was seen; no personal data.
        detail: String,
    },
    /// Too many calls: nothing was done. Try again after the given time.
    #[error("the till asks to slow down")]
    RateLimited {
        /// What the till asked for.
        retry_after: Option<Duration>,
    },
    /// The API key or the licence is refused, also after one new token. A person has to act.
    #[error("the till refuses the API key or the licence ({status})")]
    KeyRefused {
        /// The HTTP status.
        status: u16,
    },
    /// The till already has an entity with this `externalId` (`ConflictValue`).
    #[error("the till already has it ({detail})")]
    Conflict {
        /// What was seen; no personal data.
        detail: String,
    },
    /// An id is not the till's any more (`InvalidId`): the menu is stale.
    #[error("the till does not know an id ({detail})")]
    InvalidId {
        /// What was seen; no personal data.
        detail: String,
    },
    /// The till refuses what was asked, for good.
    #[error("the till refuses the request ({status}, {detail})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What was seen; no personal data.
        detail: String,
    },
    /// The request is over the till's 100 KB, found before sending or told by 413.
    #[error("the request is over the till's 100 KB")]
    TooLarge,
}

impl TillError {
    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unclear { .. } | Self::Unreachable { .. } | Self::RateLimited { .. })
    }
}

/// The till of one tenant, as far as orders and their customers need it.
pub trait Till: Send + Sync {
    /// The products with these ids, read now; those that the till does not have are absent from the answer.
    fn products(
        &self,
        work: &Work,
        access: &TenantAccess,
        ids: &[ProductId],
    ) -> impl Future<Output = Result<Vec<Product>, TillError>> + Send;

    /// The sales mode with exactly this name, or none. May be cached for some minutes.
    fn sales_mode(
        &self,
        work: &Work,
        access: &TenantAccess,
        name: &str,
    ) -> impl Future<Output = Result<Option<SalesMode>, TillError>> + Send;

    /// Customers by e-mail (the till's own match; compare again).
    fn customers_by_email(
        &self,
        work: &Work,
        access: &TenantAccess,
        email: &str,
    ) -> impl Future<Output = Result<Vec<TillCustomer>, TillError>> + Send;

    /// Customers by name (the till's own match; compare again).
    fn customers_by_name(
        &self,
        work: &Work,
        access: &TenantAccess,
        name: &str,
    ) -> impl Future<Output = Result<Vec<TillCustomer>, TillError>> + Send;

    /// Creates a customer from a record without `id`.
    fn create_customer(
        &self,
        work: &Work,
        access: &TenantAccess,
        record: &serde_json::Map<String, serde_json::Value>,
    ) -> impl Future<Output = Result<TillCustomerId, TillError>> + Send;

    /// Writes the whole record of a customer.
    fn update_customer(
        &self,
        work: &Work,
        access: &TenantAccess,
        customer: &TillCustomer,
    ) -> impl Future<Output = Result<(), TillError>> + Send;

    /// The exact body that creates this order; pure.
    ///
    /// # Errors
    /// `TooLarge` when the till would refuse it for its size.
    fn order_body(&self, draft: &Draft) -> Result<String, TillError>;

    /// Sends one order body made by [`Till::order_body`].
    fn create_order(
        &self,
        work: &Work,
        access: &TenantAccess,
        order: &OrderId,
        body: &str,
    ) -> impl Future<Output = Result<TillOrderId, TillError>> + Send;

    /// One order, or none if the till says that there is no such order.
    fn order(
        &self,
        work: &Work,
        access: &TenantAccess,
        id: &TillOrderId,
    ) -> impl Future<Output = Result<Option<TillOrder>, TillError>> + Send;

    /// Every order of the sales point in the window; windows of any length, split below three days inside.
    fn orders(
        &self,
        work: &Work,
        access: &TenantAccess,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Future<Output = Result<Vec<TillOrder>, TillError>> + Send;

    /// The orders that receipts of the sales point in the window name as their source.
    fn documented_orders(
        &self,
        work: &Work,
        access: &TenantAccess,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Future<Output = Result<Vec<DocumentLink>, TillError>> + Send;
}
