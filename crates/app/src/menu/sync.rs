//! One cycle of a tenant's menu.

use super::{MenuFailure, MenuWorld, Menus, Request, Synced, calls::Calls, read::Reading};
use crate::{
    ports::menu::{Health, HealthReport, Held, MenuLease, MenuState, MenuStore, PlatformMenu},
    ports::{Clock, Freshness, PlatformAccess, TenantAccess, Tenants, Work},
};
use domain::{
    TenantId,
    menu::{
        Check, Finding, Kind, Level,
        diff::{Changes, Scope, diff, is_mass_change},
        digest, entry_key,
        manifest::{Known, Manifest},
        mapping::{Mapped, map},
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
        let cycle = Cycle { work, access, platform, request, begun };
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
        let reading = self.read(&mut calls, state, cycle.request.whole).await?;
        let mut synced = self.menu(cycle, state, reading).await?;
        if !cycle.request.dry_run {
            synced.customers = self.bring_customers(cycle, &mut calls, state).await?;
            self.tell_health(cycle, state, &synced).await?;
        }
        Ok(synced)
    }

    async fn menu(&self, cycle: &Cycle<'_>, state: &mut MenuState, reading: Reading) -> Result<Synced, MenuFailure> {
        let tenant = &cycle.access.tenant;
        let Some((catalogue, scope)) = &reading.catalogue else {
            remember(state, cycle, &reading);
            return Ok(Synced { findings: state.findings.clone(), ..Synced::default() });
        };
        let whole = *scope == Scope::Whole;
        let manifest = self.world.store().manifest(&tenant.id).await?;
        let mapped = map(catalogue, tenant);
        let mut synced = Synced { whole, findings: mapped.findings.clone(), ..Synced::default() };
        if let Some(finding) = doubt(catalogue, &reading, &manifest, cycle) {
            return Ok(hold_back(state, synced, finding));
        }
        let (base, ghosts) = match whole {
            true => self.as_held(cycle, state, &manifest, &mapped).await?,
            false => (manifest.clone(), Vec::new()),
        };
        synced.findings.extend(ghosts);
        let mut changes = diff(&mapped, &base, *scope, tenant);
        changes.deactivations.retain(|key| !reading.unreadable.contains(key));
        synced.findings.append(&mut changes.findings);
        if is_mass_change(&changes, &manifest, tenant) && !cycle.request.force {
            return Ok(hold_back(state, synced, mass_change(&changes)));
        }
        synced.written = changes.upserts.len();
        synced.deactivated = changes.deactivations.len();
        if cycle.request.dry_run {
            return Ok(synced);
        }
        let refused = self.apply(cycle, state, &manifest, base, changes).await?;
        synced.findings.extend(refused);
        keep_findings(state, &synced, whole);
        remember(state, cycle, &reading);
        if whole {
            state.whole_pass_ms = Some(cycle.begun.as_millisecond());
            state.modes = modes(catalogue);
        }
        Ok(synced)
    }

    /// The manifest as the platform really is: what somebody changed there is written again, what is gone there is
    /// missing. What is not the till's is announced once, and deactivated by the next whole pass (S07).
    async fn as_held(
        &self,
        cycle: &Cycle<'_>,
        state: &mut MenuState,
        manifest: &Manifest,
        mapped: &Mapped,
    ) -> Result<(Manifest, Vec<Finding>), MenuFailure> {
        let tenant = &cycle.access.tenant.id;
        let held = self.world.platform().held_menu(cycle.work, &cycle.platform, tenant).await?;
        let mut base = Manifest::default();
        let mut ghosts = Vec::new();
        for Held { kind, external_id, fingerprint, deactivated, name } in held {
            let key = entry_key(kind, &external_id);
            let ours = manifest.entries.contains_key(&key) || mapped.menu.entries.contains_key(&key);
            if !ours && !deactivated && kind == Kind::Dish {
                ghosts.push(ghost(&external_id, &name));
            }
            if ours || state.announced {
                let orderable = matches!(manifest.entries.get(&key), Some(Known::Written { orderable: true, .. }));
                let known = Known::Written { fingerprint, orderable };
                base.entries.insert(key, if deactivated { Known::Deactivated } else { known });
            }
        }
        state.announced = true;
        Ok((base, ghosts))
    }

    /// Tells the restaurant how the integration stands, when that or the findings have changed.
    async fn tell_health(
        &self,
        cycle: &Cycle<'_>,
        state: &mut MenuState,
        synced: &Synced,
    ) -> Result<(), MenuFailure> {
        let health = if synced.held_back { Health::Degraded } else { Health::Active };
        let worst = state.findings.iter().find(|finding| synced.held_back && finding.level == Level::Error);
        let message = worst.map(|finding| format!("{}. {}", finding.message, finding.remedy)).unwrap_or_default();
        let told = (health, digest(&serde_json::json!(state.findings).to_string()));
        if state.health == Some(told) {
            return Ok(());
        }
        let tenant = &cycle.access.tenant.id;
        let report = HealthReport { health, message: &message, checked_at: cycle.begun, findings: &state.findings };
        let key = format!("ponte-{tenant}-health-{}", cycle.begun.as_millisecond());
        self.world.platform().put_health(cycle.work, &cycle.platform, tenant, &key, &report).await?;
        state.health = Some(told);
        Ok(())
    }
}

/// Whether a cycle that began after this one was asked for has done it: webhooks come in bursts.
fn is_done(state: &MenuState, request: Request) -> bool {
    let last = if request.whole { state.whole_pass_ms } else { state.products_since_ms };
    request.asked_ms > 0 && last.is_some_and(|begun| begun >= request.asked_ms)
}

/// Notes up to where changes have been read, and how much there was.
fn remember(state: &mut MenuState, cycle: &Cycle<'_>, reading: &Reading) {
    if cycle.request.dry_run || !reading.complete {
        return;
    }
    state.products_since_ms = Some(cycle.begun.as_millisecond());
    state.categories_since_ms = Some(cycle.begun.as_millisecond());
    state.counts = reading.counts;
}

/// Findings of a whole pass replace all; those of a part are added, and replaced by the next whole pass.
fn keep_findings(state: &mut MenuState, synced: &Synced, whole: bool) {
    if whole {
        state.findings.clear();
    }
    state.findings.extend(synced.findings.iter().cloned());
    state.findings.sort();
    state.findings.dedup();
}

fn hold_back(state: &mut MenuState, mut synced: Synced, finding: Finding) -> Synced {
    synced.held_back = true;
    state.findings.retain(|known| known.check != finding.check);
    state.findings.insert(0, finding.clone());
    synced.findings.insert(0, finding);
    synced
}

/// Why a reading must not be applied, if so: the last good menu stays.
fn doubt(catalogue: &Catalogue, reading: &Reading, manifest: &Manifest, cycle: &Cycle<'_>) -> Option<Finding> {
    let tenant = &cycle.access.tenant;
    let missing = [
        (&catalogue.takeaway, &tenant.sales_mode_takeaway),
        (&catalogue.delivery, &tenant.sales_mode_delivery),
    ];
    if let Some((_, name)) = missing.iter().find(|(mode, _)| mode.is_none()) {
        let message = format!("Sulla cassa manca la modalità di vendita «{name}»: il menù non è stato aggiornato");
        return Some(error(Check::SalesMode, message, "Cassa: Configurazione > Modalità di vendita, crea il nome esatto"));
    }
    if !reading.complete {
        let message = "La lettura del menù dalla cassa non è completa: il menù non è stato aggiornato".to_owned();
        return Some(error(Check::Incomplete, message, "Si riprova da soli; se continua, avvisa l'assistenza"));
    }
    let empty = catalogue.products.is_empty() && reading.counts.0 == 0 && !manifest.entries.is_empty();
    (empty && !cycle.request.force).then(|| {
        let message = "La cassa risponde con un menù vuoto: resta valido l'ultimo menù".to_owned();
        error(Check::MassChange, message, "Cassa: Configurazione > Prodotti; se è voluto, ripeti con conferma")
    })
}

fn mass_change(changes: &Changes) -> Finding {
    let gone = changes.deactivations.len();
    let message = format!("Troppi piatti sparirebbero insieme ({gone} cancellati): il menù non è stato aggiornato");
    error(Check::MassChange, message, "Controlla la cassa in Configurazione > Prodotti; se è voluto, ripeti con conferma")
}

fn ghost(external_id: &str, name: &str) -> Finding {
    Finding {
        check: Check::Ghost,
        level: Level::Warning,
        subject: external_id.to_owned(),
        message: format!("«{name}» è su Plateform e non sulla cassa"),
        remedy: "Plateform: Gestione > Menu > Prodotti, elimina il piatto".to_owned(),
    }
}

fn error(check: Check, message: String, remedy: &str) -> Finding {
    Finding { check, level: Level::Error, subject: String::new(), message, remedy: remedy.to_owned() }
}

fn modes(catalogue: &Catalogue) -> Option<(String, String)> {
    Some((catalogue.takeaway.as_ref()?.to_string(), catalogue.delivery.as_ref()?.to_string()))
}
