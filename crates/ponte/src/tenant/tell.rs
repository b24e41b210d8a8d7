//! What the restaurant is told on the platform about the integration.

use super::LONGEST;
use crate::operator::Operator;
use anyhow::{Context as _, Result};
use app::ports::{
    Clock as _, Freshness, SystemClock, Tenants as _,
    menu::{Health, HealthReport, MenuStore as _, PlatformMenu as _},
};
use domain::TenantId;
use plateform::{IntegrationState, IntegrationStatus};

/// What staff read while nothing is sent.
const PAUSED: &str = "Integrazione in pausa: gli ordini non arrivano alla cassa, inseriscili a mano";

/// What staff read once nothing is joined any more.
const REMOVED: &str = "Integrazione scollegata: gli ordini non arrivano più alla cassa, inseriscili a mano";

/// Tells the restaurant that nothing is sent.
///
/// # Errors
/// If the platform does not take it.
pub(super) async fn paused(operator: &Operator, tenant: &TenantId) -> Result<()> {
    let told = stopped(operator, tenant, PAUSED).await;
    told.context("the record is written, but the platform was not told; say it again with the same command")
}

/// Tells the restaurant that it is not joined any more: «integrazione attiva» must not stay.
///
/// # Errors
/// If the platform does not take it.
pub(super) async fn removed(operator: &Operator, tenant: &TenantId) -> Result<()> {
    stopped(operator, tenant, REMOVED).await
}

async fn stopped(operator: &Operator, tenant: &TenantId, message: &str) -> Result<()> {
    let access = operator.tenants.platform(Freshness::Cached).await?;
    let status = IntegrationStatus {
        state: IntegrationState::Paused,
        message: Some(message.to_owned()),
        checked_at: SystemClock.now(),
        findings: Vec::new(),
    };
    let work = operator.work("tenant-pause", LONGEST);
    Ok(operator.platform.put_integration_status(&work, &access, tenant, &key(tenant, "paused"), &status).await?)
}

/// Tells the restaurant that the integration works («integrazione attiva con Cassa in Cloud»), or what the menu's last
/// cycle found that it does not. Answers what was told.
///
/// # Errors
/// If the platform does not take it.
pub(super) async fn working(operator: &Operator, tenant: &TenantId) -> Result<Health> {
    let state = operator.menus().look(tenant).await?.unwrap_or_default();
    let health = state.health.map_or(Health::Active, |(health, _)| health);
    let findings = operator.menus().findings(tenant).await?;
    let why = findings.iter().find(|finding| finding.is_about_everything());
    let message = why.map(|why| format!("{}. {}", why.message, why.remedy)).unwrap_or_default();
    let report = HealthReport { health, message: &message, checked_at: SystemClock.now(), findings: &findings };
    let access = operator.tenants.platform(Freshness::Cached).await?;
    let work = operator.work("tenant-active", LONGEST);
    let told = operator.platform.put_health(&work, &access, tenant, &key(tenant, "active"), &report).await;
    told.context("the record is written, but the platform was not told; `ponte tenant resume` tells it again")?;
    Ok(health)
}

/// How the integration stands, as the restaurant reads it.
pub(crate) fn words(health: Health) -> &'static str {
    match health {
        Health::Active => "integrazione attiva con Cassa in Cloud",
        Health::Degraded => "integrazione con limiti: vedi le segnalazioni",
        Health::Error => "integrazione in errore: vedi le segnalazioni",
    }
}

/// A key that no earlier telling had: pausing, resuming and pausing again must not be swallowed.
fn key(tenant: &TenantId, what: &str) -> String {
    format!("ponte-{tenant}-{what}-{}", SystemClock.now().as_millisecond())
}
