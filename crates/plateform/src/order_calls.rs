//! The calls about orders: read, list, move, tell the staff.

use crate::{
    Client, Listing, error,
    listing::Query,
    orders, text,
    transport::{Caller, Write},
};
use app::ports::{OrderKey, PlatformAccess, PlatformError, StatusChange, TillDelivery, TillState, Work};
use domain::{
    TenantId,
    order::{Order, Status},
};
use jiff::{Timestamp, tz::TimeZone};
use reqwest::Method;
use serde::{Deserialize, Serialize};

/// The longest reason of the contract, in characters.
const MAX_REASON: usize = 500;

/// Which orders are listed; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Only orders in one of these states; none is any.
    pub statuses: Vec<Status>,
    /// Only orders changed after this instant.
    pub updated_after: Option<Timestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusChangeDto<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    occurred_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    till_order_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TillDeliveryDto<'a> {
    state: &'static str,
    till_order_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    updated_at: Timestamp,
}

/// All that is needed of the order after a change: reading more of it could only fail.
#[derive(Deserialize)]
struct MovedDto {
    status: String,
}

impl Client {
    /// `getOrder`: one order, or none if the platform does not know it.
    ///
    /// # Errors
    /// [`PlatformError`], by what the caller does next.
    pub async fn get_order(
        &self,
        work: &Work,
        access: &PlatformAccess,
        key: &OrderKey,
        zone: &TimeZone,
    ) -> Result<Option<Order>, PlatformError> {
        let caller = Caller { work, access, tenant: &key.tenant };
        let value = match self.read(caller, self.order_url(&key.tenant, &key.order, &[])?).await {
            Err(PlatformError::NotFound) => return Ok(None),
            answer => answer?,
        };
        let order = orders::order(value, &key.tenant, zone).map_err(|field| error::malformed(&field))?;
        if order.id != key.order {
            return Err(error::malformed("order.id"));
        }
        Ok(Some(order))
    }

    /// `listOrders`: every order that the filter lets through, oldest change first.
    ///
    /// # Errors
    /// [`PlatformError`], by what the caller does next.
    pub async fn list_orders(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        zone: &TimeZone,
        filter: &OrderFilter,
    ) -> Result<Listing<Order>, PlatformError> {
        let mut url = self.restaurant_url(tenant, &["orders"])?;
        if !filter.statuses.is_empty() {
            let names: Vec<_> = filter.statuses.iter().map(|s| status_name(*s)).collect();
            url.query_pairs_mut().append_pair("status", &names.join(","));
        }
        if let Some(after) = filter.updated_after {
            url.query_pairs_mut().append_pair("updatedAfter", &after.to_string());
        }
        let query = Query { what: "orders", url, row: |row| orders::order(row, tenant, zone) };
        self.listing(Caller { work, access, tenant }, &query).await
    }

    /// `changeOrderStatus`: moves an order; answers where it is afterwards.
    ///
    /// # Errors
    /// `IllegalTransition` with the current state if the move is not legal from there; else as [`PlatformError`] says.
    pub async fn change_order_status(
        &self,
        work: &Work,
        access: &PlatformAccess,
        key: &OrderKey,
        idempotency_key: &str,
        change: &StatusChange,
    ) -> Result<Status, PlatformError> {
        if matches!(change.status, Status::New | Status::Cancelled) {
            return Err(error::ours("status"));
        }
        let body = StatusChangeDto {
            status: status_name(change.status),
            reason: change.reason.as_deref().map(|reason| text::cut(reason, MAX_REASON)),
            occurred_at: change.occurred_at,
            till_order_id: change.till_order.as_ref().map(|id| id.as_str()),
        };
        let url = self.order_url(&key.tenant, &key.order, &["status"])?;
        let write = Write::new(Method::POST, url, idempotency_key, &body)?;
        let moved: MovedDto = error::parse(&self.write(Caller { work, access, tenant: &key.tenant }, write).await?)?;
        error::status_of(&moved.status).ok_or_else(|| error::malformed("order.status"))
    }

    /// `putTillDelivery`: tells the staff whether an order has reached the till.
    ///
    /// # Errors
    /// [`PlatformError`], by what the caller does next.
    pub async fn put_till_delivery(
        &self,
        work: &Work,
        access: &PlatformAccess,
        key: &OrderKey,
        idempotency_key: &str,
        delivery: &TillDelivery,
    ) -> Result<(), PlatformError> {
        let body = TillDeliveryDto {
            state: match delivery.state {
                TillState::Pending => "pending",
                TillState::Delivered => "delivered",
                TillState::Failed => "failed",
            },
            till_order_id: delivery.till_order.as_ref().map(|id| id.as_str()),
            message: delivery.message.as_deref(),
            updated_at: delivery.updated_at,
        };
        let url = self.order_url(&key.tenant, &key.order, &["till"])?;
        let write = Write::new(Method::PUT, url, idempotency_key, &body)?;
        self.write(Caller { work, access, tenant: &key.tenant }, write).await.map(drop)
    }
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Confirmed => "confirmed",
        Status::Rejected => "rejected",
        Status::Evaso => "evaso",
        Status::Cancelled => "cancelled",
    }
}
