//! The ports: what the use cases need from the world, one trait per capability.
//!
//! Contracts are written on each method; `app::contract` holds the tests that every adapter must pass.

use crate::message::{OrderMessage, SyncMessage};
use domain::{
    OrderId, ProductId, TenantId, TillCustomerId, TillOrderId,
    lifecycle::OrderState,
    order::{Order, Status},
    tenant::Tenant,
    till::{DocumentLink, Draft, Product, SalesMode, TillCustomer, TillOrder},
};
use jiff::Timestamp;
use secrecy::SecretString;
use std::{
    collections::BTreeSet,
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

/// The wall clock, so that tests own it.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// What one piece of work may still spend, and the id that ties its traces together.
#[derive(Debug, Clone)]
pub struct Work {
    /// When the work must be over; no call may outlive it.
    pub deadline: Instant,
    /// Correlation id, from the webhook through the queue to both parties.
    pub correlation: String,
}

impl Work {
    /// The time that a call may take: `wanted`, or what is left if that is less.
    #[must_use]
    pub fn budget(&self, wanted: Duration) -> Duration {
        wanted.min(self.left())
    }

    /// What is left until the deadline.
    #[must_use]
    pub fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

/// A store, a queue or the key service did not do its part. Always worth another try.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It did not answer, or answered with a fault or a throttle.
    #[error("{what} is not available")]
    Unavailable {
        /// Which table, queue or key.
        what: String,
        /// What the SDK said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What it holds cannot be read; an operator has to mend it.
    #[error("{what} cannot be read: {remedy}")]
    Malformed {
        /// Which record.
        what: String,
        /// What is wrong and what to write instead; never a secret.
        remedy: String,
    },
}

/// A tenant with its secrets opened.
#[derive(Debug)]
pub struct TenantAccess {
    /// The record.
    pub tenant: Tenant,
    /// The till's API key.
    pub api_key: SecretString,
    /// The live secrets of the till's webhooks: one per entity, old and new during a rotation.
    pub webhook_secrets: Vec<SecretString>,
    /// When it was read, for the reload after a signature mismatch.
    pub read_at: Timestamp,
}

/// What the platform gave to Ponte as a whole.
#[derive(Debug)]
pub struct PlatformAccess {
    /// Bearer token of its API.
    pub api_token: SecretString,
    /// The live `whsec_` secrets of its webhooks.
    pub webhook_secrets: Vec<SecretString>,
    /// When it was read, for the reload after a signature mismatch.
    pub read_at: Timestamp,
}

/// How fresh a tenant has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// At most five minutes old.
    Cached,
    /// Read now.
    Reload,
}

/// Reads tenants. Answers may be up to five minutes old unless a reload is asked.
pub trait Tenants: Send + Sync {
    /// The tenant, or none if there is no such record. A malformed record is `Malformed`, never none.
    fn tenant(
        &self,
        id: &TenantId,
        freshness: Freshness,
    ) -> impl Future<Output = Result<Option<Arc<TenantAccess>>, StoreError>> + Send;

    /// The platform's record; a missing one is `Malformed`.
    fn platform(&self, freshness: Freshness) -> impl Future<Output = Result<Arc<PlatformAccess>, StoreError>> + Send;

    /// Every tenant whose record says active, in no order. Malformed records are skipped and logged by the adapter.
    fn active(&self) -> impl Future<Output = Result<Vec<TenantId>, StoreError>> + Send;
}

/// Names an order: the platform's ids are unique inside a tenant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderKey {
    /// The restaurant.
    pub tenant: TenantId,
    /// The platform's order.
    pub order: OrderId,
}

/// An order as the store holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The state.
    pub state: OrderState,
    /// Counts the commits; the fence of the next one.
    pub revision: u64,
    /// Until when somebody works on it; none is free.
    pub leased_until: Option<Timestamp>,
    /// Facts left by those who found it taken. Idempotent: a set.
    pub parked: BTreeSet<String>,
}

impl Stored {
    /// Whether somebody may be working on it at `now`.
    #[must_use]
    pub fn is_taken(&self, now: Timestamp) -> bool {
        self.leased_until.is_some_and(|until| until > now)
    }
}

/// What a commit writes.
#[derive(Debug, Clone, Copy)]
pub struct Commit<'a> {
    /// The new state, pending effects included.
    pub state: &'a OrderState,
    /// The revision that was read; none if the order must not exist yet.
    pub expected: Option<u64>,
    /// The parked facts that were read.
    pub parked: &'a BTreeSet<String>,
    /// The facts that stay parked after this commit, not yet dealt with.
    pub left: &'a BTreeSet<String>,
    /// Keeps or takes the order until then; none frees it.
    pub lease_until: Option<Timestamp>,
}

/// How a commit ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// Written, with this revision.
    Done(u64),
    /// Somebody else committed or parked in between; nothing was written.
    Lost,
}

/// Holds the state of orders. Every write is conditional: a zombie can never overwrite what came after it.
pub trait OrderStore: Send + Sync {
    /// The order as last committed (a strongly consistent read).
    fn load(&self, key: &OrderKey) -> impl Future<Output = Result<Option<Stored>, StoreError>> + Send;

    /// Writes state, pending effects and lease in one conditional write: MUST write only if the stored revision is
    /// `expected` (or there is no order, when none is expected) and the stored parked facts are exactly `parked`;
    /// afterwards exactly `left` is parked.
    /// Also keeps the index of open orders: an order that is open is in it before the write is acknowledged.
    fn commit(&self, key: &OrderKey, commit: Commit<'_>) -> impl Future<Output = Result<Committed, StoreError>> + Send;

    /// Leaves a fact for whoever works on the order now. MUST write only if the revision is still `revision`;
    /// false means that it is not and the caller must look again. Parking a fact twice leaves one.
    fn park(&self, key: &OrderKey, revision: u64, fact: &str) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// The open orders of a tenant, oldest first.
    fn open_orders(&self, tenant: &TenantId) -> impl Future<Output = Result<Vec<OrderId>, StoreError>> + Send;

    /// The tenants that have open orders, each once.
    fn open_tenants(&self) -> impl Future<Output = Result<Vec<TenantId>, StoreError>> + Send;

    /// Takes an order out of the index of open orders, whatever its state.
    fn stop_watching(&self, key: &OrderKey) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Puts messages on the orders queue.
pub trait OrderQueue: Send + Sync {
    /// Stores all messages durably, or fails; each is delivered at least once, not before its delay (at most 15
    /// minutes).
    fn send(&self, messages: &[(OrderMessage, Duration)]) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Puts messages on the sync queue.
pub trait SyncQueue: Send + Sync {
    /// Stores all messages durably, or fails; each is delivered at least once.
    fn send(&self, messages: &[SyncMessage]) -> impl Future<Output = Result<(), StoreError>> + Send;
}

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
    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
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
