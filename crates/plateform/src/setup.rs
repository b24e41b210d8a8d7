//! The port of the doctor, by the client's own methods.

use crate::{Client, transport::Caller};
use app::{
    ports::doctor::{PlatformSetup, RestaurantSeen},
    ports::{PlatformAccess, PlatformError, Work},
};
use domain::TenantId;
use jiff::Timestamp;

impl PlatformSetup for Client {
    async fn restaurant(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
    ) -> Result<RestaurantSeen, PlatformError> {
        let restaurant = self.get_restaurant(work, access, tenant).await?;
        let services = restaurant.services.iter().map(|offered| (offered.service, offered.menu_assigned)).collect();
        Ok(RestaurantSeen { services, has_menu: restaurant.menu_present })
    }

    async fn platform_time(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
    ) -> Result<Option<Timestamp>, PlatformError> {
        let url = self.restaurant_url(tenant, &[])?;
        self.date(Caller { work, access, tenant }, url).await
    }
}
