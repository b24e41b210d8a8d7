//! The ports of the doctor: how both parties are set up, as far as nothing else has to know it.

use super::{PlatformAccess, PlatformError, TenantAccess, TillError, Work};
use domain::{TenantId, till::SalesMode};
use jiff::Timestamp;
use std::future::Future;

pub use domain::doctor::{RestaurantSeen, TillSalesPoint, TillWebhook};

/// How the till is set up. Nothing is written. What each method costs is said with it; none asks the budget itself.
pub trait TillSetup: Send + Sync {
    /// Every sales point of the key, and whether its licence is active: two calls.
    fn sales_points(
        &self,
        work: &Work,
        access: &TenantAccess,
    ) -> impl Future<Output = Result<Vec<TillSalesPoint>, TillError>> + Send;

    /// Every sales mode that the sales point sees, asked now: one call.
    fn every_sales_mode(
        &self,
        work: &Work,
        access: &TenantAccess,
    ) -> impl Future<Output = Result<Vec<SalesMode>, TillError>> + Send;

    /// What the till's clock says; none if it does not tell: one call.
    fn till_time(
        &self,
        work: &Work,
        access: &TenantAccess,
    ) -> impl Future<Output = Result<Option<Timestamp>, TillError>> + Send;
}

/// The till's webhooks, as its portal has them.
pub trait TillWebhooks: Send + Sync {
    /// The webhooks that the till's portal has configured; none where the till does not list them, or not for this
    /// key: one call.
    fn webhooks(
        &self,
        work: &Work,
        access: &TenantAccess,
    ) -> impl Future<Output = Result<Option<Vec<TillWebhook>>, TillError>> + Send;
}

/// How the platform is set up.
pub trait PlatformSetup: Send + Sync {
    /// The restaurant's services and menus.
    fn restaurant(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
    ) -> impl Future<Output = Result<RestaurantSeen, PlatformError>> + Send;

    /// What the platform's clock says; none if it does not tell.
    fn platform_time(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
    ) -> impl Future<Output = Result<Option<Timestamp>, PlatformError>> + Send;
}
