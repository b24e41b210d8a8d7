//! The platform, as far as orders need it.

use super::{OrderKey, PlatformAccess, Work};
use domain::{
    OrderId, TenantId, TillOrderId,
    order::{Order, Status},
};
use jiff::Timestamp;
use std::{future::Future, time::Duration};

/// Why the platform did not do what was asked, by what the caller does next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlatformError {
    /// No answer, a fault, or not the contract's shape. Try again with the same key and body.
    #[error("the platform did not answer as it should ({detail})")]
    Unavailable {
        /// The HTTP status, if there was an answer.
        status: Option<u16>,
        /// What the platform asked for (429, 503).
        retry_after: Option<Duration>,
        /// What was seen; no personal data.
        detail: String,
    },
    /// The move is not legal from where the order is now.
    #[error("the platform has the order in another state")]
    IllegalTransition {
        /// Where the order is now.
        current: Status,
    },
    /// There is no such restaurant or order.
    #[error("the platform does not know it")]
    NotFound,
    /// The platform refuses what was asked, for good.
    #[error("the platform refuses the request ({status} {code})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The problem's code.
        code: String,
    },
}

impl PlatformError {
    /// Whether the same request may succeed later. A refused token is mended by a person, and what waits for it must
    /// not be lost meanwhile.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Refused { status: 401 | 403, .. })
    }
}

/// Whether the order has reached the till, as staff see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TillState {
    /// Still being tried.
    Pending,
    /// On the till.
    Delivered,
    /// Not on the till; the message says what to do.
    Failed,
}

/// `PUT …/till`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TillDelivery {
    /// Whether it has reached the till.
    pub state: TillState,
    /// The till's order, once known.
    pub till_order: Option<TillOrderId>,
    /// Italian, for staff.
    pub message: Option<String>,
    /// When it became so; stored, not the time of sending.
    pub updated_at: Timestamp,
}

/// `POST …/status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    /// Where the order goes; never `New` or `Cancelled`.
    pub status: Status,
    /// Why, with `Rejected`.
    pub reason: Option<String>,
    /// When it became so; stored, not the time of sending.
    pub occurred_at: Timestamp,
    /// The till's order, once known.
    pub till_order: Option<TillOrderId>,
}

/// The platform, as far as orders need it. Every write carries the idempotency key given: same key, same body.
pub trait Platform: Send + Sync {
    /// One order, or none if the platform does not know it.
    fn order(
        &self,
        work: &Work,
        access: &PlatformAccess,
        key: &OrderKey,
        zone: &jiff::tz::TimeZone,
    ) -> impl Future<Output = Result<Option<Order>, PlatformError>> + Send;

    /// The orders of a restaurant that nobody has answered.
    fn new_orders(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        zone: &jiff::tz::TimeZone,
    ) -> impl Future<Output = Result<Vec<Order>, PlatformError>> + Send;

    /// Those of these orders that their customers have called off. None of them was placed before `since`.
    ///
    /// Asked one by one, unless the platform can list them.
    fn cancelled(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        zone: &jiff::tz::TimeZone,
        _since: Timestamp,
        orders: &[OrderId],
    ) -> impl Future<Output = Result<Vec<OrderId>, PlatformError>> + Send {
        async move {
            let mut cancelled = Vec::new();
            for order in orders {
                let key = OrderKey { tenant: tenant.clone(), order: order.clone() };
                let found = self.order(work, access, &key, zone).await?;
                cancelled.extend(found.filter(|found| found.status == Status::Cancelled).map(|found| found.id));
            }
            Ok(cancelled)
        }
    }

    /// Moves an order; answers where it is afterwards.
    fn change_status(
        &self,
        work: &Work,
        access: &PlatformAccess,
        key: &OrderKey,
        idempotency_key: &str,
        change: &StatusChange,
    ) -> impl Future<Output = Result<Status, PlatformError>> + Send;

    /// Tells the staff whether an order has reached the till.
    fn put_till(
        &self,
        work: &Work,
        access: &PlatformAccess,
        key: &OrderKey,
        idempotency_key: &str,
        delivery: &TillDelivery,
    ) -> impl Future<Output = Result<(), PlatformError>> + Send;

    /// Tells the restaurant that the integration is active («integrazione attiva con Cassa in Cloud»).
    fn put_active(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        idempotency_key: &str,
        checked_at: Timestamp,
    ) -> impl Future<Output = Result<(), PlatformError>> + Send;
}
