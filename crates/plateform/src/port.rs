//! The port of the use cases, by the client's own methods.

use crate::{Client, IntegrationState, IntegrationStatus, OrderFilter};
use app::ports::{OrderKey, Platform, PlatformAccess, PlatformError, StatusChange, TillDelivery, Work};
use domain::{
    OrderId, TenantId,
    order::{Order, Status},
};
use jiff::{Timestamp, tz::TimeZone};

impl Platform for Client {
    async fn order(
        &self,
        work: &Work,
        access: &PlatformAccess,
        key: &OrderKey,
        zone: &TimeZone,
    ) -> Result<Option<Order>, PlatformError> {
        self.get_order(work, access, key, zone).await
    }

    async fn new_orders(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        zone: &TimeZone,
    ) -> Result<Vec<Order>, PlatformError> {
        let filter = OrderFilter { statuses: vec![Status::New], updated_after: None };
        let listing = self.list_orders(work, access, tenant, zone, &filter).await?;
        Ok(listing.items)
    }

    async fn cancelled(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        zone: &TimeZone,
        since: Timestamp,
        orders: &[OrderId],
    ) -> Result<Vec<OrderId>, PlatformError> {
        let filter = OrderFilter { statuses: vec![Status::Cancelled], updated_after: Some(since) };
        let listing = self.list_orders(work, access, tenant, zone, &filter).await?;
        Ok(listing.items.into_iter().map(|order| order.id).filter(|id| orders.contains(id)).collect())
    }

    async fn change_status(
        &self,
        work: &Work,
        access: &PlatformAccess,
        key: &OrderKey,
        idempotency_key: &str,
        change: &StatusChange,
    ) -> Result<Status, PlatformError> {
        self.change_order_status(work, access, key, idempotency_key, change).await
    }

    async fn put_till(
        &self,
        work: &Work,
        access: &PlatformAccess,
        key: &OrderKey,
        idempotency_key: &str,
        delivery: &TillDelivery,
    ) -> Result<(), PlatformError> {
        self.put_till_delivery(work, access, key, idempotency_key, delivery).await
    }

    async fn put_active(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        idempotency_key: &str,
        checked_at: Timestamp,
    ) -> Result<(), PlatformError> {
        let status =
            IntegrationStatus { state: IntegrationState::Active, message: None, checked_at, findings: Vec::new() };
        self.put_integration_status(work, access, tenant, idempotency_key, &status).await
    }
}
