//! The ports of the menu and of customers: what the sync job needs from the world.

use super::{PlatformAccess, PlatformError, StoreError, TenantAccess, TillError, Work};
use domain::{
    SalesModeId, TenantId,
    doctor::Pushes,
    menu::{
        Entry, Finding, Kind,
        manifest::Manifest,
        preview::Offer,
        till::{OptionNames, TillCategory, TillProduct},
    },
    order::Customer,
};
use jiff::{Timestamp, tz::TimeZone};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::future::Future;

/// One page of a list of the till.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows that could be read.
    pub rows: Vec<T>,
    /// How many rows the till sent, those that could not be read included: where the next page starts.
    pub sent: usize,
    /// How many there are in all, as the till says.
    pub total: usize,
    /// The till's ids of rows that could not be read; they are there and must not be taken for deleted. A row that
    /// has not even an id is counted in `sent` alone: after a page with such a row nothing must be taken for deleted.
    pub unreadable: Vec<String>,
}

/// Which rows of a list are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// Zero-based offset.
    pub start: usize,
    /// At most 100.
    pub limit: usize,
    /// Only what changed since; none is everything.
    pub changed_since: Option<Timestamp>,
}

/// The till's catalogue, as one sales point sees it. Each method is exactly one call of the till.
pub trait TillCatalogue: Send + Sync {
    /// A page of categories.
    fn categories(
        &self,
        work: &Work,
        access: &TenantAccess,
        slice: Slice,
    ) -> impl Future<Output = Result<Page<TillCategory>, TillError>> + Send;

    /// A page of products.
    fn catalogue_products(
        &self,
        work: &Work,
        access: &TenantAccess,
        slice: Slice,
    ) -> impl Future<Output = Result<Page<TillProduct>, TillError>> + Send;

    /// The names of options and values; empty where the till has no such endpoint, or not for this key. At most two
    /// calls, the second only when the first path does not exist or its first page is not all. What is beyond has no
    /// name, and that there is more is logged.
    fn option_names(
        &self,
        work: &Work,
        access: &TenantAccess,
    ) -> impl Future<Output = Result<OptionNames, TillError>> + Send;

    /// The sales modes with exactly these names, asked now: for take-away and for delivery.
    fn sales_modes(
        &self,
        work: &Work,
        access: &TenantAccess,
    ) -> impl Future<Output = Result<(Option<SalesModeId>, Option<SalesModeId>), TillError>> + Send;
}

/// What the platform holds, as far as drift is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The entry's kind.
    pub kind: Kind,
    /// The entry's external id.
    pub external_id: String,
    /// The fingerprint of its till-owned fields, as [`Entry::fingerprint`] makes it of the same content.
    pub fingerprint: u64,
    /// Whether it has been deactivated.
    pub deactivated: bool,
    /// What people read.
    pub name: String,
    /// What it costs, of a dish that can be read.
    pub offer: Option<Offer>,
}

/// A change of the menu: everything to write in one go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MenuWrite {
    /// To be written, in the order of the kinds.
    pub upserts: Vec<Entry>,
    /// To be deactivated.
    pub deactivations: Vec<(Kind, String)>,
}

/// What became of one entry of a change, in the order in which it was sent: upserts, then deactivations.
pub type WriteOutcome = Result<(), String>;

/// The integration's state, as the restaurant sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// «integrazione attiva con Cassa in Cloud».
    Active,
    /// Something needs a person.
    Degraded,
    /// Nothing goes on until a person has mended it.
    Error,
}

/// The platform's menu, customers and status of the integration.
pub trait PlatformMenu: Send + Sync {
    /// Writes a change, split as the contract demands; entries succeed and fail alone. `idempotency_key` is extended
    /// by the part's number.
    fn write_menu(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        idempotency_key: &str,
        change: &MenuWrite,
    ) -> impl Future<Output = Result<Vec<WriteOutcome>, PlatformError>> + Send;

    /// Everything that the platform holds.
    fn held_menu(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
    ) -> impl Future<Output = Result<Vec<Held>, PlatformError>> + Send;

    /// A page of the customers changed after an instant, oldest change first; the first page without a cursor, each
    /// next one with what the page before gave and the same instant. What cannot be read is logged and left out.
    fn changed_customers(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        after: Option<Timestamp>,
        cursor: Option<&str>,
        zone: &TimeZone,
    ) -> impl Future<Output = Result<CustomerPage, PlatformError>> + Send;

    /// Tells the restaurant how the integration stands, with a sentence in Italian and the findings.
    fn put_health(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        idempotency_key: &str,
        health: &HealthReport<'_>,
    ) -> impl Future<Output = Result<(), PlatformError>> + Send;
}

/// One page of the customers that changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerPage {
    /// The customers that could be read, each with its instant of change, where the platform says it.
    pub customers: Vec<(Customer, Option<Timestamp>)>,
    /// Where the list goes on; none is its end.
    pub next: Option<String>,
}

/// What the restaurant is told of the integration.
#[derive(Debug, Clone, Copy)]
pub struct HealthReport<'a> {
    /// How it stands.
    pub health: Health,
    /// One sentence in Italian; empty for none.
    pub message: &'a str,
    /// When it was found so; stored, not the time of sending.
    pub checked_at: Timestamp,
    /// What a person should know.
    pub findings: &'a [Finding],
}

/// What is known of a tenant's menu between two jobs: one small item.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MenuState {
    /// Up to where changes of products have been read, by the till's own clock, in milliseconds since the epoch.
    pub products_since_ms: Option<i64>,
    /// Up to where changes of categories have been read.
    pub categories_since_ms: Option<i64>,
    /// When the last reading began that was completed, be it applied or held back.
    pub read_ms: Option<i64>,
    /// A digest of the categories that the last whole pass has read.
    pub categories: Option<u64>,
    /// A digest of what the tenant's record said of the menu when everything was last read.
    pub settings: Option<u64>,
    /// How many products and categories the till said it had.
    pub counts: (usize, usize),
    /// When everything was last read and compared with what the platform holds, in milliseconds since the epoch.
    pub whole_pass_ms: Option<i64>,
    /// The sales modes found by the last whole pass.
    pub modes: Option<(String, String)>,
    /// Counts the writes to the platform: part of every idempotency key.
    pub sequence: u64,
    /// Whether what the platform held before the first pass has been announced, and may be deactivated (S07).
    pub announced: bool,
    /// Up to where changed customers have been read.
    pub customers_since_ms: Option<i64>,
    /// When the last cycle began that has seen every changed customer.
    pub customers_ms: Option<i64>,
    /// Customers brought to the till at the end of that reading or just before: when they changed, and a digest of what
    /// was brought.
    pub customers_brought: Vec<(i64, u64)>,
    /// The change of a customer that failed last, by its digest, and in how many cycles.
    pub customer_failed: Option<(u64, u32)>,
    /// How many readings in a row the till has failed.
    pub failed: u32,
    /// Whether the last reading was too doubtful to be applied: until one is applied, everything is read each time.
    pub held_back: bool,
    /// How the integration was last told to stand, and the fingerprint of what was told.
    pub health: Option<(Health, u64)>,
    /// The pass that was put aside, by the revision that did it.
    pub put_aside: Option<u64>,
    /// Whether the till's webhooks work.
    pub pushes: Pushes,
}

/// A tenant's menu state under a lease.
#[derive(Debug, Clone, PartialEq)]
pub struct MenuLease {
    /// The state as it was read.
    pub state: MenuState,
    /// The fence of the next save.
    pub revision: u64,
}

/// Keeps what is known of menus. A tenant's menu is worked on by one holder at a time.
pub trait MenuStore: Send + Sync {
    /// Takes the tenant's menu until an instant; none if somebody has it. One write.
    fn take(
        &self,
        tenant: &TenantId,
        until: Timestamp,
    ) -> impl Future<Output = Result<Option<MenuLease>, StoreError>> + Send;

    /// Saves the state and frees the menu; MUST write only if the lease is still the holder's. One write.
    fn save(
        &self,
        tenant: &TenantId,
        revision: u64,
        state: &MenuState,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// The state without taking it, for people.
    fn look(&self, tenant: &TenantId) -> impl Future<Output = Result<Option<MenuState>, StoreError>> + Send;

    /// What a person should know: at most [`domain::menu::finding::MOST`], kept apart from the state because they are many
    /// and seldom change.
    fn findings(&self, tenant: &TenantId) -> impl Future<Output = Result<Vec<Finding>, StoreError>> + Send;

    /// Replaces what a person should know.
    fn save_findings(
        &self,
        tenant: &TenantId,
        findings: &[Finding],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Keeps a pass that another invocation goes on with, for a day.
    fn put_aside(
        &self,
        tenant: &TenantId,
        revision: u64,
        pass: &[u8],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The pass that this revision put aside, if it is still there and whole.
    fn resume(
        &self,
        tenant: &TenantId,
        revision: u64,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, StoreError>> + Send;

    /// The whole manifest.
    fn manifest(&self, tenant: &TenantId) -> impl Future<Output = Result<Manifest, StoreError>> + Send;

    /// Writes what of the manifest differs between `before` and `after`: whole shards, only those that changed; all of
    /// them where nobody knows what is stored.
    fn save_manifest(
        &self,
        tenant: &TenantId,
        before: Option<&Manifest>,
        after: &Manifest,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The till's calls, shared by all tenants of one API key. Orders do not ask; everything else does.
pub trait CallBudget: Send + Sync {
    /// Takes up to `wanted` calls of the current ten minutes; answers how many were granted, 0 when the window's part
    /// for menus is used up.
    fn take_calls(&self, api_key: &SecretString, wanted: u32) -> impl Future<Output = Result<u32, StoreError>> + Send;
}
