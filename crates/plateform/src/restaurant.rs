//! A restaurant, and what it is told about the integration.

use crate::{
    Client, error, orders, text,
    transport::{Caller, Write},
};
use app::ports::{PlatformAccess, PlatformError, Work};
use domain::{TenantId, order::Service};
use jiff::Timestamp;
use reqwest::Method;
use serde::{Deserialize, Serialize};

/// The longest message of the contract, in characters.
const MAX_MESSAGE: usize = 500;

/// A restaurant of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restaurant {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// Its IANA time zone, as the platform writes it.
    pub time_zone: String,
    /// Its languages, default first.
    pub locales: Vec<String>,
    /// What it offers; services that Ponte does not know are left out.
    pub services: Vec<OfferedService>,
    /// Whether the platform already holds menu data (S07).
    pub menu_present: bool,
}

/// A service that a restaurant offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferedService {
    /// Which one.
    pub service: Service,
    /// Whether a menu is assigned to it (S52).
    pub menu_assigned: bool,
}

/// What "menu configurazione" shows about the integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationStatus {
    /// The state.
    pub state: IntegrationState,
    /// A sentence in Italian; cut at 500 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// When it was found to be so.
    pub checked_at: Timestamp,
    /// What was checked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// The state of the integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum IntegrationState {
    /// Being set up.
    Activating,
    /// Shown as «integrazione attiva con Cassa in Cloud» (S51).
    Active,
    /// Working with limits.
    Degraded,
    /// Not working.
    Error,
    /// Paused on purpose.
    Paused,
}

/// One check and what it found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The check's id.
    pub check: String,
    /// How bad it is.
    pub level: Level,
    /// A sentence in Italian.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// To be looked at.
    Warning,
    /// To be mended.
    Error,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RestaurantDto {
    id: String,
    name: String,
    time_zone: String,
    locales: Vec<String>,
    services: Vec<ServiceDto>,
    menu_present: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServiceDto {
    kind: String,
    menu_assigned: bool,
}

#[derive(Serialize)]
struct IntegrationStatusDto<'a> {
    provider: &'static str,
    #[serde(flatten)]
    status: &'a IntegrationStatus,
}

impl Client {
    /// `getRestaurant`: the restaurant, read now.
    ///
    /// # Errors
    /// `NotFound` if there is none; else as [`PlatformError`] says.
    pub async fn get_restaurant(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
    ) -> Result<Restaurant, PlatformError> {
        let url = self.restaurant_url(tenant, &[])?;
        let dto: RestaurantDto = self.read(Caller { work, access, tenant }, url).await?;
        if dto.id != tenant.as_str() {
            return Err(error::malformed("restaurant.id"));
        }
        let offered = |s: ServiceDto| {
            orders::service(&s.kind).map(|service| OfferedService { service, menu_assigned: s.menu_assigned })
        };
        Ok(Restaurant {
            id: tenant.clone(),
            name: dto.name,
            time_zone: dto.time_zone,
            locales: dto.locales,
            services: dto.services.into_iter().filter_map(offered).collect(),
            menu_present: dto.menu_present,
        })
    }

    /// `putIntegrationStatus`: what the restaurant is told about the integration.
    ///
    /// # Errors
    /// [`PlatformError`], by what the caller does next.
    pub async fn put_integration_status(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        idempotency_key: &str,
        status: &IntegrationStatus,
    ) -> Result<(), PlatformError> {
        let message = status.message.as_deref().map(|message| text::cut(message, MAX_MESSAGE).to_owned());
        let status = IntegrationStatus { message, ..status.clone() };
        let body = IntegrationStatusDto { provider: "cassa-in-cloud", status: &status };
        let url = self.restaurant_url(tenant, &["integration"])?;
        let write = Write::new(Method::PUT, url, idempotency_key, &body)?;
        self.write(Caller { work, access, tenant }, write).await.map(drop)
    }
}
