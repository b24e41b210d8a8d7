//! Whether the till's webhooks work, told beside the menu: without them everything goes on, a minute later.

use super::{MenuFailure, MenuWorld, Menus, calls::Calls, sync::Cycle};
use crate::ports::{
    doctor::TillWebhooks,
    menu::{MenuState, MenuStore},
};
use domain::{
    doctor::portal,
    menu::{Check, Finding},
};

impl<W: MenuWorld> Menus<W> {
    /// Counts how news came, and asks the till's portal where everything is asked for. What it does not answer changes
    /// nothing of what is known.
    pub(super) async fn hear(&self, cycle: &Cycle<'_>, calls: &mut Calls<'_, W>, state: &mut MenuState) {
        if cycle.request.dry_run {
            return;
        }
        if (cycle.request.whole || state.whole_pass_ms.is_none()) && calls.spend(1).await.is_ok() {
            let tenant = &cycle.access.tenant;
            match self.world.till().webhooks(cycle.work, &cycle.access).await {
                Ok(hooks) => state.pushes.portal = hooks.map(|hooks| portal(tenant, &hooks)).unwrap_or_default(),
                Err(error) => tracing::warn!(tenant.id = %tenant.id, %error, "the till's webhooks could not be listed"),
            }
        }
        state.pushes.hear(cycle.heard);
        if state.pushes.is_silent() {
            tracing::warn!(
                tenant.id = %cycle.access.tenant.id, changes.unpushed = state.pushes.unpushed,
                "the till no longer calls; check its webhooks"
            );
        }
    }

    /// Tells what has changed of it, where nothing of the menu had to be told.
    pub(super) async fn tell_of_webhooks(&self, cycle: &Cycle<'_>, state: &mut MenuState) -> Result<(), MenuFailure> {
        // Before the first menu there is nothing yet to stand beside.
        if state.read_ms.is_none() || state.pushes.told == state.pushes.to_tell() {
            return Ok(());
        }
        let findings = self.world.store().findings(&cycle.access.tenant.id).await?;
        self.tell(cycle, state, &of_menu(findings)).await
    }
}

/// The findings that are the menu's own.
pub(super) fn of_menu(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.retain(|finding| finding.check != Check::Webhook);
    findings
}
