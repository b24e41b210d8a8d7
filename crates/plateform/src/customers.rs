//! Customers of a restaurant: they travel to the till only (S71).

use crate::{
    Client, Cursor, Listing, Page, listing::Query, order_dto::CustomerDto, orders::FieldError, text, transport::Caller,
};
use app::ports::{PlatformAccess, PlatformError, Work};
use domain::{CustomerId, TenantId, order, time::parse_instant};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

/// A customer as the platform lists it. `Debug` shows no personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Who it is.
    pub person: order::Customer,
    /// The language that the platform speaks with the customer.
    pub locale: Option<String>,
    /// When the platform last changed the record, if it says so.
    pub updated_at: Option<Timestamp>,
}

impl Client {
    /// Every customer changed after an instant (all without one), oldest change first.
    ///
    /// # Errors
    /// [`PlatformError`], by what the caller does next.
    pub async fn list_customers(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        zone: &TimeZone,
        updated_after: Option<Timestamp>,
    ) -> Result<Listing<Customer>, PlatformError> {
        let query = self.customers_query(tenant, zone, updated_after)?;
        self.listing(Caller { work, access, tenant }, &query).await
    }

    /// One page of [`Client::list_customers`], for a job that saves its place.
    ///
    /// # Errors
    /// [`PlatformError`], by what the caller does next.
    pub async fn customers_page(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        zone: &TimeZone,
        updated_after: Option<Timestamp>,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Customer>, PlatformError> {
        let query = self.customers_query(tenant, zone, updated_after)?;
        self.page(Caller { work, access, tenant }, &query, cursor).await
    }

    fn customers_query(
        &self,
        tenant: &TenantId,
        zone: &TimeZone,
        updated_after: Option<Timestamp>,
    ) -> Result<Query<impl Fn(Value) -> Result<Customer, FieldError>>, PlatformError> {
        let mut url = self.restaurant_url(tenant, &["customers"])?;
        if let Some(after) = updated_after {
            url.query_pairs_mut().append_pair("updatedAfter", &after.to_string());
        }
        let zone = zone.clone();
        Ok(Query { what: "customers", url, row: move |row| customer(row, &zone) })
    }
}

/// A customer outside an order.
pub(crate) fn customer(value: Value, zone: &TimeZone) -> Result<Customer, FieldError> {
    let dto: CustomerDto = serde_json::from_value(value).map_err(|e| format!("customer.{}", text::shape(&e)))?;
    let updated_at = match &dto.updated_at {
        Some(text) => Some(parse_instant(text, zone).ok_or("customer.updatedAt")?),
        None => None,
    };
    Ok(Customer { person: person(&dto)?, locale: dto.locale.clone(), updated_at })
}

/// Who a customer is; an empty e-mail or telephone is none.
pub(crate) fn person(dto: &CustomerDto) -> Result<order::Customer, FieldError> {
    let given = |text: &Option<String>| text.clone().filter(|t| !t.trim().is_empty());
    Ok(order::Customer {
        id: CustomerId::parse(&dto.id).map_err(|_| "customer.id")?,
        first_name: dto.first_name.clone(),
        last_name: dto.last_name.clone(),
        email: given(&dto.email),
        phone: given(&dto.phone),
    })
}
