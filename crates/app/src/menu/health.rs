//! How the integration stands, as the restaurant is told: once for each change of it.

use super::{MenuFailure, MenuWorld, Menus, Synced, doubt, sync::Cycle, webhooks::of_menu};
use crate::ports::menu::{Health, HealthReport, MenuState, MenuStore, PlatformMenu};
use domain::menu::{Check, Finding, Level, digest, finding::most};

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
        self.tell(cycle, state, &synced.findings).await?;
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
        self.stop(cycle, state, why.clone()).await?;
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
                self.stop(cycle, state, doubt::silent()).await?;
            }
            return Err(failure);
        }
        tracing::error!(tenant.id = %cycle.access.tenant.id, %error, "the till refuses to be read");
        let why = doubt::refused(error);
        self.stop(cycle, state, why.clone()).await?;
        Ok(Synced { held_back: true, findings: vec![why], ..Synced::default() })
    }

    /// What was known of single dishes is still so, beside what stops everything.
    async fn stop(&self, cycle: &Cycle<'_>, state: &mut MenuState, why: Finding) -> Result<(), MenuFailure> {
        if cycle.request.dry_run {
            return Ok(());
        }
        state.held_back = true;
        let mut findings = of_menu(self.world.store().findings(&cycle.access.tenant.id).await?);
        findings.retain(|known| !known.is_about_everything());
        findings.push(why);
        self.tell(cycle, state, &findings).await?;
        state.read_ms = Some(cycle.begun.as_millisecond());
        Ok(())
    }

    /// Tells these findings of the menu, and those of the webhooks, unless they were told last.
    pub(super) async fn tell(
        &self,
        cycle: &Cycle<'_>,
        state: &mut MenuState,
        of_menu: &[Finding],
    ) -> Result<(), MenuFailure> {
        let findings = [of_menu, &state.pushes.findings()].concat();
        let (health, message) = standing(&findings);
        let findings = most(findings);
        let of_webhooks = state.pushes.to_tell();
        let told = (health, digest(&serde_json::json!(findings).to_string()));
        let tenant = &cycle.access.tenant.id;
        // What is kept tells of a cycle that ended after telling and before its state was saved.
        if state.health == Some(told) && self.world.store().findings(tenant).await? == findings {
            state.pushes.told = of_webhooks;
            return Ok(());
        }
        // Where the answer is lost, nobody knows what the restaurant sees.
        state.health = None;
        self.world.store().save_findings(tenant, &findings).await?;
        let report = HealthReport { health, message: &message, checked_at: cycle.begun, findings: &findings };
        let key = format!("ponte-{tenant}-health-{}", cycle.begun.as_millisecond());
        self.world.platform().put_health(cycle.work, &cycle.platform, tenant, &key, &report).await?;
        state.health = Some(told);
        state.pushes.told = of_webhooks;
        Ok(())
    }
}

/// How the integration stands, and the sentence for it: what stops the menu comes before a till that does not call.
fn standing(findings: &[Finding]) -> (Health, String) {
    let is_lame = |finding: &&Finding| finding.check == Check::Webhook && finding.level == Level::Error;
    let why = findings.iter().find(|finding| finding.is_about_everything());
    match why.or_else(|| findings.iter().find(is_lame)) {
        None => (Health::Active, String::new()),
        Some(why) => {
            let health = if why.check == Check::Key { Health::Error } else { Health::Degraded };
            (health, format!("{}. {}", why.message, why.remedy))
        }
    }
}
