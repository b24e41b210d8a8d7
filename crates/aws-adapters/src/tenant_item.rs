//! How the items of the tenants table are read: the record without its secrets, and the secrets opened.

use crate::{
    attributes::{Item, text, to_json},
    envelope::Purpose,
    failure::malformed,
    secrets::{Place, Secrets},
};
use app::ports::{PlatformAccess, StoreError, TenantAccess};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::tenant::{RecordError, Tenant};
use jiff::Timestamp;
use secrecy::SecretString;

/// The item of the platform's own secrets.
pub(crate) const PLATFORM: &str = "#plateform";

/// The record of an item; its secrets never enter it.
pub(crate) fn record(item: &Item) -> Result<Tenant, RecordError> {
    let mut item = item.clone();
    if let Some(AttributeValue::M(cic)) = item.get_mut("cic") {
        strip_secrets(cic);
    }
    Tenant::from_record(&to_json(&item))
}

/// Takes the secrets out of the part of a record that is about the till.
pub(crate) fn strip_secrets(cic: &mut Item) {
    cic.retain(|name, _| name != "api_key" && name != "webhook_secrets");
}

/// A tenant with its secrets opened.
pub(crate) async fn tenant(item: &Item, secrets: &Secrets, read_at: Timestamp) -> Result<TenantAccess, StoreError> {
    let tenant = record(item).map_err(|error| {
        let remedies: Vec<_> = error.problems.iter().map(|p| format!("{}: {}", p.field, p.remedy)).collect();
        malformed(format!("tenant {}", error.tenant), remedies.join("; "))
    })?;
    let cic = item.get("cic").and_then(|cic| cic.as_m().ok());
    let place = |purpose| Place { tenant: tenant.id.as_str(), purpose };
    let api_key = secrets.open(place(Purpose::CicApiKey), cic.and_then(|cic| cic.get("api_key"))).await?;
    let hooks = cic.and_then(|cic| cic.get("webhook_secrets"));
    let webhook_secrets = open_list(secrets, place(Purpose::CicWebhookSecret), hooks).await?;
    Ok(TenantAccess { tenant, api_key, webhook_secrets, read_at })
}

/// The platform's secrets opened.
pub(crate) async fn platform(
    item: Option<Item>,
    secrets: &Secrets,
    at: Timestamp,
) -> Result<PlatformAccess, StoreError> {
    let item = item.ok_or_else(|| {
        malformed(
            format!("item {PLATFORM} of the tenants table"),
            "missing; store the platform's api_token and webhook_secrets there",
        )
    })?;
    let place = |purpose| Place { tenant: PLATFORM, purpose };
    Ok(PlatformAccess {
        api_token: secrets.open(place(Purpose::PlateformApiToken), item.get("api_token")).await?,
        webhook_secrets: open_list(secrets, place(Purpose::PlateformWebhookSecret), item.get("webhook_secrets"))
            .await?,
        read_at: at,
    })
}

/// The key of an item.
pub(crate) fn key(item: &Item) -> &str {
    text(item, "tenant_id").unwrap_or_default()
}

/// The secrets in a list of one or more.
pub(crate) async fn open_list(
    secrets: &Secrets,
    place: Place<'_>,
    list: Option<&AttributeValue>,
) -> Result<Vec<SecretString>, StoreError> {
    let list = list.and_then(|list| list.as_l().ok()).filter(|list| !list.is_empty()).ok_or_else(|| {
        malformed(
            format!("the secrets {} of {}", place.purpose.as_str(), place.tenant),
            "missing or empty; store a list of one or more",
        )
    })?;
    let mut opened = Vec::with_capacity(list.len());
    for value in list {
        opened.push(secrets.open(place, Some(value)).await?);
    }
    Ok(opened)
}
