//! How the integration stands, as the restaurant is told: once for each change of it.

use super::{MenuFailure, MenuWorld, Menus, Synced, doubt, sync::Cycle};
use crate::ports::menu::{Health, HealthReport, MenuState, MenuStore, PlatformMenu};
use domain::menu::{Check, Finding, digest, finding::most};

/// So many readings in a row fail before the restaurant is told: a moment's fault is nobody's business.
const TOLD_AFTER: u32 = 3;

impl<W: MenuWorld> Menus<W> {
    /// The reading was applied: the integration is well, whatever there is to know of single dishes, unless a whole service
    /// cannot be ordered.
    pub(super) async fn conclude(
        &self,
        cycle: &Cycle<'_>,
        state: &mut MenuState,
        synced: &Synced,
    ) -> Result<(), MenuFailure> {
        let lame = synced.findings.iter().find(|finding| finding.check == Check::SalesMode);
        let (health, message) = match lame {
            Some(why) => (Health::Degraded, format!("{}. {}", why.message, why.remedy)),
            None => (Health::Active, String::new()),
        };
        self.tell(cycle, state, health, &message, &synced.findings).await?;
        // Not before it is told: until then everything is read again.
        state.held_back = false;
        Ok(())
    }

    /// The reading was too doubtful to be applied: the last good menu stays, and a person is told why (E19, E43, E55).
    pub(super) async fn hold_back(
        &self,
        cycle: &Cycle<'_>,
        state: &mut MenuState,
        synced: Synced,
        why: Finding,
    ) -> Result<Synced, MenuFailure> {
        self.stop(cycle, state, Health::Degraded, why.clone()).await?;
        Ok(Synced { held_back: true, findings: [vec![why], synced.findings].concat(), ..synced })
    }

    /// The till refuses to be read: no repetition mends that, a person does (E45). Any other failure comes back.
    pub(super) async fn refused(
        &self,
        cycle: &Cycle<'_>,
        state: &mut MenuState,
        failure: MenuFailure,
    ) -> Result<Synced, MenuFailure> {
        let MenuFailure::Till(error) = &failure else { return Err(failure) };
        if error.is_retryable() {
            state.failed = state.failed.saturating_add(1);
            if state.failed == TOLD_AFTER {
                self.stop(cycle, state, Health::Degraded, doubt::silent()).await?;
            }
            return Err(failure);
        }
        tracing::error!(tenant.id = %cycle.access.tenant.id, %error, "the till refuses to be read");
        let why = doubt::refused(error);
        self.stop(cycle, state, Health::Error, why.clone()).await?;
        Ok(Synced { held_back: true, findings: vec![why], ..Synced::default() })
    }

    /// What was known of single dishes is still so, beside what stops everything.
    async fn stop(
        &self,
        cycle: &Cycle<'_>,
        state: &mut MenuState,
        health: Health,
        why: Finding,
    ) -> Result<(), MenuFailure> {
        if cycle.request.dry_run {
            return Ok(());
        }
        state.held_back = true;
        let message = format!("{}. {}", why.message, why.remedy);
        let mut findings = self.world.store().findings(&cycle.access.tenant.id).await?;
        findings.retain(|known| !known.is_about_everything());
        findings.push(why);
        self.tell(cycle, state, health, &message, &most(findings)).await?;
        state.read_ms = Some(cycle.begun.as_millisecond());
        Ok(())
    }

    async fn tell(
        &self,
        cycle: &Cycle<'_>,
        state: &mut MenuState,
        health: Health,
        message: &str,
        findings: &[Finding],
    ) -> Result<(), MenuFailure> {
        let told = (health, digest(&serde_json::json!(findings).to_string()));
        let tenant = &cycle.access.tenant.id;
        // What is kept tells of a cycle that ended after telling and before its state was saved.
        if state.health == Some(told) && self.world.store().findings(tenant).await? == findings {
            return Ok(());
        }
        // Where the answer is lost, nobody knows what the restaurant sees.
        state.health = None;
        self.world.store().save_findings(tenant, findings).await?;
        let report = HealthReport { health, message, checked_at: cycle.begun, findings };
        let key = format!("ponte-{tenant}-health-{}", cycle.begun.as_millisecond());
        self.world.platform().put_health(cycle.work, &cycle.platform, tenant, &key, &report).await?;
        state.health = Some(told);
        Ok(())
    }
}
