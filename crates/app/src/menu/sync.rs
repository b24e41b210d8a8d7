//! One cycle of a tenant's menu.

use super::{MenuFailure, MenuWorld, Menus, Request, Synced, calls::Calls, doubt, pass::Pass, read::Reading};
use crate::ports::{
    Clock, Freshness, PlatformAccess, StoreError, TenantAccess, Tenants, Work,
    menu::{Held, MenuLease, MenuState, MenuStore, PlatformMenu},
};
use domain::{
    TenantId,
    menu::{
        Finding, Kind,
        diff::{Scope, diff, is_mass_change},
        entry_key,
        finding::most,
        manifest::{Known, Manifest},
        mapping::{Mapped, map_readable},
        till::Catalogue,
    },
};
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
    revision: u64,
}

impl<W: MenuWorld> Menus<W> {
    /// Brings the till's changes to the platform, and the platform's customers to the till.
    ///
    /// # Errors
    /// When the cycle has to come back; repeating it is harmless.
    pub async fn sync(&self, work: &Work, tenant: &TenantId, request: Request) -> Result<Synced, MenuFailure> {
        let access = self.world.tenants().tenant(tenant, Freshness::Cached).await?.ok_or(MenuFailure::NoTenant)?;
        let platform = self.world.tenants().platform(Freshness::Cached).await?;
        let begun = self.world.clock().now();
        let until = SignedDuration::try_from(work.left()).unwrap_or_default() + LEASE_MARGIN;
        let until = begun.saturating_add(until).unwrap_or(Timestamp::MAX);
        let lease = self.world.store().take(tenant, until).await?.ok_or(MenuFailure::Busy)?;
        let cycle = Cycle { work, access, platform, request, begun, revision: lease.revision };
        let mut state = lease.state.clone();
        let result = match is_done(&state, request) {
            true => Ok(Synced::default()),
            false => self.cycle(&cycle, &mut state).await,
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

    async fn cycle(&self, cycle: &Cycle<'_>, state: &mut MenuState) -> Result<Synced, MenuFailure> {
        let mut calls = Calls::new(self, cycle.work, &cycle.access);
        let reading = match self.read(cycle, &mut calls, state).await {
            Ok(reading) => reading,
            Err(failure) => return self.refused(cycle, state, failure).await,
        };
        let mut synced = self.menu(cycle, state, reading).await?;
        if !cycle.request.dry_run {
            synced.customers = self.bring_customers(cycle, &mut calls, state).await?;
        }
        Ok(synced)
    }

    /// What changed, or everything where that is asked for or cannot be told apart. A pass that was put aside goes first.
    async fn read(
        &self,
        cycle: &Cycle<'_>,
        calls: &mut Calls<'_, W>,
        state: &mut MenuState,
    ) -> Result<Reading, MenuFailure> {
        let resumed = self.resume(cycle, state).await?;
        let is_whole = cycle.request.whole || state.held_back || resumed.is_some();
        if !is_whole && let Some(changes) = self.read_changes(calls, state, cycle.begun).await? {
            return Ok(changes);
        }
        let mut pass = resumed.unwrap_or_else(|| Pass::begun(cycle.begun));
        let read = self.read_everything(calls, &mut pass).await;
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

    async fn menu(&self, cycle: &Cycle<'_>, state: &mut MenuState, reading: Reading) -> Result<Synced, MenuFailure> {
        let Some((catalogue, scope)) = &reading.catalogue else {
            remember(state, &reading);
            return Ok(Synced::default());
        };
        let tenant = &cycle.access.tenant;
        let whole = *scope == Scope::Whole;
        let stored = self.manifest(&tenant.id, whole, state).await?;
        let manifest = stored.clone().unwrap_or_default();
        let mapped = map_readable(catalogue, &reading.unreadable, tenant);
        let mut synced = Synced { whole, findings: mapped.findings.clone(), ..Synced::default() };
        if let Some(finding) = doubt::of_reading(catalogue, &reading, &manifest, cycle) {
            return self.hold_back(cycle, state, synced, finding).await;
        }
        let is_compared = whole && (cycle.request.whole || state.whole_pass_ms.is_none() || stored.is_none());
        let (base, ghosts) = match is_compared {
            true => self.as_held(cycle, state, stored.as_ref(), &mapped).await?,
            false => (manifest.clone(), Vec::new()),
        };
        synced.findings.extend(ghosts);
        let mut changes = diff(&mapped, &base, *scope, tenant);
        synced.findings.append(&mut changes.findings);
        let before = stored.as_ref().unwrap_or(&base);
        if is_mass_change(&changes, before, tenant) && !cycle.request.force {
            return self.hold_back(cycle, state, synced, doubt::mass_change(&changes)).await;
        }
        synced.written = changes.upserts.len();
        synced.deactivated = changes.deactivations.len();
        if cycle.request.dry_run {
            return Ok(synced);
        }
        let refused = self.apply(cycle, state, stored.as_ref(), base, changes).await?;
        synced.findings.extend(refused);
        let known = if whole { Vec::new() } else { self.still_known(&tenant.id, catalogue).await? };
        synced.findings = most(known.into_iter().chain(synced.findings).collect());
        self.conclude(cycle, state, &synced).await?;
        remember(state, &reading);
        if whole {
            state.whole_pass_ms = Some(reading.begun.as_millisecond());
            state.modes = modes(catalogue);
        }
        Ok(synced)
    }

    /// The manifest; none if it cannot be read and everything is compared with the platform instead.
    async fn manifest(
        &self,
        tenant: &TenantId,
        whole: bool,
        state: &mut MenuState,
    ) -> Result<Option<Manifest>, MenuFailure> {
        match self.world.store().manifest(tenant).await {
            Ok(manifest) => Ok(Some(manifest)),
            Err(error @ StoreError::Malformed { .. }) if whole => {
                tracing::error!(tenant.id = %tenant, %error, "the manifest is lost; what the platform holds stands in for it");
                Ok(None)
            }
            Err(error) => {
                if matches!(error, StoreError::Malformed { .. }) {
                    state.held_back = true;
                }
                Err(error.into())
            }
        }
    }

    /// The manifest as the platform really is: what somebody changed there is written again, what is gone there is
    /// missing. What is not the till's is announced once, and deactivated by the next whole pass (S07).
    async fn as_held(
        &self,
        cycle: &Cycle<'_>,
        state: &mut MenuState,
        manifest: Option<&Manifest>,
        mapped: &Mapped,
    ) -> Result<(Manifest, Vec<Finding>), MenuFailure> {
        let tenant = &cycle.access.tenant.id;
        let held = self.world.platform().held_menu(cycle.work, &cycle.platform, tenant).await?;
        let mut base = Manifest::default();
        let mut ghosts = Vec::new();
        for Held { kind, external_id, fingerprint, deactivated, name } in held {
            let key = entry_key(kind, &external_id);
            let before = manifest.and_then(|manifest| manifest.entries.get(&key));
            let ours = before.is_some() || mapped.menu.entries.contains_key(&key);
            if !ours && !deactivated && kind == Kind::Dish {
                ghosts.push(doubt::ghost(&external_id, &name));
            }
            if ours || state.announced {
                // Where the manifest is lost, everything counts as orderable, and so for the guard.
                let orderable = manifest.is_none() || matches!(before, Some(Known::Written { orderable: true, .. }));
                let known = Known::Written { fingerprint, orderable };
                base.entries.insert(key, if deactivated { Known::Deactivated } else { known });
            }
        }
        state.announced |= !cycle.request.dry_run;
        Ok((base, ghosts))
    }

    /// The findings of earlier cycles that are not about what has just been read.
    async fn still_known(&self, tenant: &TenantId, catalogue: &Catalogue) -> Result<Vec<Finding>, MenuFailure> {
        let mut known = self.world.store().findings(tenant).await?;
        known.retain(|finding| catalogue.products.iter().all(|product| product.id != finding.subject));
        Ok(known)
    }
}

/// Whether a cycle that began after this one was asked for has done it: webhooks come in bursts.
fn is_done(state: &MenuState, request: Request) -> bool {
    let last = if request.whole { state.whole_pass_ms } else { state.products_since_ms };
    request.asked_ms > 0 && last.is_some_and(|begun| begun >= request.asked_ms)
}

/// Notes up to where changes have been read, and how much there was.
fn remember(state: &mut MenuState, reading: &Reading) {
    state.products_since_ms = Some(reading.begun.as_millisecond());
    state.categories_since_ms = Some(reading.begun.as_millisecond());
    state.counts = reading.counts;
}

fn modes(catalogue: &Catalogue) -> Option<(String, String)> {
    Some((catalogue.takeaway.as_ref()?.to_string(), catalogue.delivery.as_ref()?.to_string()))
}
