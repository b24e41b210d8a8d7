//! One cycle of a tenant's menu.

use super::{MenuFailure, MenuWorld, Menus, Request, Synced, calls::Calls, pass::Pass, read::Reading};
use crate::ports::{
    Clock, Freshness, PlatformAccess, TenantAccess, Tenants, Work,
    menu::{MenuLease, MenuState, MenuStore},
};
use domain::{TenantId, lifecycle::Heard, menu::digest, tenant::Tenant};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// How much longer than its work a menu stays taken.
const LEASE_MARGIN: SignedDuration = SignedDuration::from_secs(10);

/// What one cycle works with.
pub(super) struct Cycle<'a> {
    pub(super) work: &'a Work,
    pub(super) access: Arc<TenantAccess>,
    pub(super) platform: Arc<PlatformAccess>,
    pub(super) request: Request,
    pub(super) begun: Timestamp,
    /// How news of orders came.
    pub(super) heard: &'a [Heard],
    revision: u64,
}

impl<W: MenuWorld> Menus<W> {
    /// Brings the till's changes to the platform, and the platform's customers to the till.
    ///
    /// # Errors
    /// When the cycle has to come back; repeating it is harmless.
    pub async fn sync(&self, work: &Work, tenant: &TenantId, request: Request) -> Result<Synced, MenuFailure> {
        self.sync_and_hear(work, tenant, request, &[]).await
    }

    /// The same, and counts how the news of the tenant's orders came: a till that no longer calls is told, too.
    ///
    /// # Errors
    /// When the cycle has to come back; repeating it is harmless.
    pub async fn sync_and_hear(
        &self,
        work: &Work,
        tenant: &TenantId,
        request: Request,
        heard: &[Heard],
    ) -> Result<Synced, MenuFailure> {
        let access = self.world.tenants().tenant(tenant, Freshness::Cached).await?.ok_or(MenuFailure::NoTenant)?;
        let platform = self.world.tenants().platform(Freshness::Cached).await?;
        let begun = self.world.clock().now();
        let until = SignedDuration::try_from(work.left()).unwrap_or_default() + LEASE_MARGIN;
        let until = begun.saturating_add(until).unwrap_or(Timestamp::MAX);
        let lease = self.world.store().take(tenant, until).await?.ok_or(MenuFailure::Busy)?;
        let cycle = Cycle { work, access, platform, request, begun, heard, revision: lease.revision };
        let mut state = lease.state.clone();
        let has_customers = state.customers_ms.is_some_and(|begun| begun >= request.asked_ms);
        let result = match (is_done(&state, request), has_customers) {
            (false, _) => self.cycle(&cycle, &mut state).await,
            (true, false) => self.customers_alone(&cycle, &mut state).await,
            (true, true) => Ok(Synced::default()),
        };
        // What was found out is kept also when the cycle broke off; a dry run changes nothing but the lease.
        let kept = if request.dry_run { &lease.state } else { &state };
        self.free(tenant, &lease, kept).await?;
        result
    }

    async fn free(&self, tenant: &TenantId, lease: &MenuLease, state: &MenuState) -> Result<(), MenuFailure> {
        match self.world.store().save(tenant, lease.revision, state).await? {
            true => Ok(()),
            false => Err(MenuFailure::Busy),
        }
    }

    /// The menu is done, and customers were left over.
    async fn customers_alone(&self, cycle: &Cycle<'_>, state: &mut MenuState) -> Result<Synced, MenuFailure> {
        let mut calls = Calls::new(self, cycle.work, &cycle.access);
        Ok(Synced { customers: self.bring_customers(cycle, &mut calls, state).await?, ..Synced::default() })
    }

    async fn cycle(&self, cycle: &Cycle<'_>, state: &mut MenuState) -> Result<Synced, MenuFailure> {
        let mut calls = Calls::new(self, cycle.work, &cycle.access);
        let is_changed = state.settings != Some(settings(&cycle.access.tenant));
        let is_whole = cycle.request.whole || state.held_back || is_changed;
        self.hear(cycle, &mut calls, state).await;
        let mut synced = match self.attempt(cycle, &mut calls, state, is_whole).await? {
            Some(synced) => synced,
            None => self.attempt(cycle, &mut calls, state, true).await?.unwrap_or_default(),
        };
        if !cycle.request.dry_run {
            self.tell_of_webhooks(cycle, state).await?;
            synced.is_silent = state.pushes.is_silent();
            synced.customers = self.bring_customers(cycle, &mut calls, state).await?;
        }
        Ok(synced)
    }

    /// Reads and applies; none if only a whole pass can tell what has changed.
    async fn attempt(
        &self,
        cycle: &Cycle<'_>,
        calls: &mut Calls<'_, W>,
        state: &mut MenuState,
        is_whole: bool,
    ) -> Result<Option<Synced>, MenuFailure> {
        match self.read(cycle, calls, state, is_whole).await {
            Ok(reading) => self.menu(cycle, state, reading).await,
            Err(failure) => self.refused(cycle, state, failure).await.map(Some),
        }
    }

    /// What changed, or everything where that is asked for or cannot be told apart. A pass that was put aside goes first.
    async fn read(
        &self,
        cycle: &Cycle<'_>,
        calls: &mut Calls<'_, W>,
        state: &mut MenuState,
        is_whole: bool,
    ) -> Result<Reading, MenuFailure> {
        let resumed = self.resume(cycle, state).await?;
        let is_whole = is_whole || resumed.is_some();
        if !is_whole && let Some(changes) = self.read_changes(calls, state, cycle.begun).await? {
            return Ok(changes);
        }
        let mut pass = resumed.unwrap_or_else(|| Pass::begun(cycle.begun));
        pass.is_asked |= cycle.request.whole;
        let read = self.read_everything(calls, &mut pass, state.modes.is_some()).await;
        state.put_aside = None;
        if let Err(failure) = read {
            self.put_aside(cycle, state, &pass).await?;
            return Err(failure);
        }
        Ok(pass.finish())
    }

    /// The pass that was put aside, unless everything was asked for since it began.
    async fn resume(&self, cycle: &Cycle<'_>, state: &MenuState) -> Result<Option<Pass>, MenuFailure> {
        let Some(revision) = state.put_aside else { return Ok(None) };
        let stored = self.world.store().resume(&cycle.access.tenant.id, revision).await?;
        let pass = stored.and_then(|stored| Pass::resumed(&stored, cycle.begun));
        let is_late = |pass: &Pass| cycle.request.whole && pass.begun_at().as_millisecond() < cycle.request.asked_ms;
        Ok(pass.filter(|pass| !is_late(pass)))
    }

    async fn put_aside(&self, cycle: &Cycle<'_>, state: &mut MenuState, pass: &Pass) -> Result<(), MenuFailure> {
        let Some(bytes) = pass.put_aside().filter(|_| !cycle.request.dry_run) else { return Ok(()) };
        self.world.store().put_aside(&cycle.access.tenant.id, cycle.revision, &bytes).await?;
        state.put_aside = Some(cycle.revision);
        Ok(())
    }
}

/// A digest of what the tenant's record says of the menu: where it differs, everything differs.
pub(super) fn settings(tenant: &Tenant) -> u64 {
    let modes = (&tenant.sales_mode_takeaway, &tenant.sales_mode_delivery);
    let policies = (tenant.missing_price, tenant.deleted_article, &tenant.removal_groups);
    digest(&format!("{:?}", (tenant.sales_point, &tenant.channel, modes, policies)))
}

/// Whether a cycle that began after this one was asked for has done it: webhooks come in bursts.
fn is_done(state: &MenuState, request: Request) -> bool {
    // While a menu is held back every reading is a whole one.
    let is_enough = !request.whole || state.held_back;
    let last = if is_enough { state.read_ms.max(state.whole_pass_ms) } else { state.whole_pass_ms };
    request.asked_ms > 0 && last.is_some_and(|begun| begun >= request.asked_ms)
}
