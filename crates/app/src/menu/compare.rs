//! From a reading to the platform: compared, doubted, written and told.

use super::{
    MenuFailure, MenuWorld, Menus, Synced, doubt,
    read::{Reading, digest_of},
    sync::{Cycle, settings},
    webhooks::of_menu,
};
use crate::{
    ports::StoreError,
    ports::menu::{Held, MenuState, MenuStore, PlatformMenu},
};
use domain::{
    TenantId,
    doctor::nightly,
    menu::{
        Check, Finding, Kind,
        diff::{Changes, Scope, diff, is_mass_change, lost_dishes, to_delete},
        entry_key,
        finding::most,
        manifest::{Known, Manifest},
        mapping::{Mapped, map_readable},
        preview::{Before, Preview, preview},
        till::Catalogue,
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// What the platform holds, as far as a cycle has to know.
#[derive(Default)]
struct Seen {
    base: Manifest,
    ghosts: Vec<Finding>,
    /// What people read, by key.
    names: BTreeMap<String, String>,
    /// Whether it was asked, rather than taken from the manifest.
    is_compared: bool,
}

/// A reading with what it becomes.
struct Read<'a> {
    reading: &'a Reading,
    catalogue: &'a Catalogue,
    mapped: Mapped,
    is_whole: bool,
}

impl<W: MenuWorld> Menus<W> {
    /// Applies a reading; none if only a whole pass can tell what has changed.
    pub(super) async fn menu(
        &self,
        cycle: &Cycle<'_>,
        state: &mut MenuState,
        reading: Reading,
    ) -> Result<Option<Synced>, MenuFailure> {
        let Some((catalogue, scope)) = &reading.catalogue else {
            remember(state, &reading);
            return Ok(Some(Synced::default()));
        };
        let tenant = &cycle.access.tenant;
        let is_whole = *scope == Scope::Whole;
        let stored = self.manifest(&tenant.id).await?;
        let mapped = map_readable(catalogue, &reading.unreadable, tenant);
        if !is_whole && reading.complete && stored.as_ref().is_none_or(|stored| has_unknown_dish(&mapped, stored)) {
            return Ok(None);
        }
        let mut synced = Synced { whole: is_whole, findings: mapped.findings.clone(), ..Synced::default() };
        if let Some(why) = doubt::of_reading(catalogue, &reading, stored.as_ref(), state.modes.is_some(), cycle) {
            return self.hold_back(cycle, state, synced, why).await.map(Some);
        }
        synced.findings.extend(doubt::without_mode(catalogue, cycle));
        let read = Read { reading: &reading, catalogue, mapped, is_whole };
        let mut seen = self.seen(cycle, state, stored.as_ref(), &read).await?;
        let mut changes = diff(&read.mapped, &seen.base, *scope, tenant);
        synced.findings.append(&mut seen.ghosts);
        synced.findings.append(&mut changes.findings);
        synced.preview = self.preview(cycle, &changes).await?;
        let before = stored.as_ref().unwrap_or(&seen.base);
        if is_mass_change(&changes, before, tenant) && !cycle.request.force {
            let why = doubt::mass_change(lost_dishes(&changes, before));
            return self.hold_back(cycle, state, synced, why).await.map(Some);
        }
        synced.written = changes.upserts.len();
        synced.deactivated = changes.deactivations.len();
        if !cycle.request.dry_run {
            self.write_and_tell(cycle, state, (stored.as_ref(), seen, changes), &read, &mut synced).await?;
        }
        Ok(Some(synced))
    }

    /// What the change would mean for who reads the platform, whose menu is read for it.
    async fn preview(&self, cycle: &Cycle<'_>, changes: &Changes) -> Result<Option<Preview>, MenuFailure> {
        if !cycle.request.dry_run {
            return Ok(None);
        }
        let tenant = &cycle.access.tenant.id;
        let held = self.world.platform().held_menu(cycle.work, &cycle.platform, tenant).await?;
        let before = |held: Held| {
            let key = entry_key(held.kind, &held.external_id);
            (key, Before { name: held.name, deactivated: held.deactivated, offer: held.offer })
        };
        Ok(Some(preview(changes, &held.into_iter().map(before).collect())))
    }

    async fn write_and_tell(
        &self,
        cycle: &Cycle<'_>,
        state: &mut MenuState,
        (stored, seen, changes): (Option<&Manifest>, Seen, Changes),
        read: &Read<'_>,
        synced: &mut Synced,
    ) -> Result<(), MenuFailure> {
        let Read { reading, catalogue, mapped, is_whole } = read;
        let gone = changes.deactivations.clone();
        let (manifest, refused) = self.apply(cycle, state, stored, seen.base, changes).await?;
        let is_waiting = |key: &&String| manifest.entries.get(*key) == Some(&Known::Deactivated);
        let waiting: Vec<&String> = match is_whole {
            true => manifest.entries.keys().filter(is_waiting).collect(),
            false => gone.iter().filter(is_waiting).collect(),
        };
        let mut findings = match is_whole {
            true => nightly(catalogue, &cycle.access.tenant),
            false => self.still_known(&cycle.access.tenant.id, catalogue, mapped).await?,
        };
        findings.append(&mut synced.findings);
        findings.extend(refused);
        let names = match waiting.is_empty() || seen.is_compared {
            true => seen.names,
            false => self.names(cycle).await?,
        };
        findings.extend(to_delete(mapped, waiting, &names));
        synced.findings = most(findings);
        self.conclude(cycle, state, synced).await?;
        remember(state, reading);
        if *is_whole {
            state.modes = modes(catalogue);
            state.settings = Some(settings(&cycle.access.tenant));
            state.categories = Some(digest_of(&catalogue.categories));
        }
        if seen.is_compared {
            state.whole_pass_ms = Some(reading.begun.as_millisecond());
            state.announced = true;
        }
        Ok(())
    }

    /// What the platform holds: as it says itself where everything was asked for, is read for the first time, or the
    /// manifest is lost; else as the manifest says.
    async fn seen(
        &self,
        cycle: &Cycle<'_>,
        state: &MenuState,
        stored: Option<&Manifest>,
        read: &Read<'_>,
    ) -> Result<Seen, MenuFailure> {
        let is_compared = read.is_whole && (read.reading.is_asked || state.whole_pass_ms.is_none());
        match stored {
            Some(stored) if !is_compared => Ok(Seen { base: stored.clone(), ..Seen::default() }),
            _ => self.as_held(cycle, state, stored, &read.mapped).await,
        }
    }

    /// The manifest; none if it cannot be read, and everything has to be compared with the platform instead.
    async fn manifest(&self, tenant: &TenantId) -> Result<Option<Manifest>, MenuFailure> {
        match self.world.store().manifest(tenant).await {
            Ok(manifest) => Ok(Some(manifest)),
            Err(error @ StoreError::Malformed { .. }) => {
                tracing::error!(tenant.id = %tenant, %error, "the manifest is lost; what the platform holds stands in for it");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What the platform really holds: what somebody changed there is written again, what is gone there is missing. What
    /// is not the till's is announced once, and deactivated by the next whole pass (S07).
    async fn as_held(
        &self,
        cycle: &Cycle<'_>,
        state: &MenuState,
        manifest: Option<&Manifest>,
        mapped: &Mapped,
    ) -> Result<Seen, MenuFailure> {
        let tenant = &cycle.access.tenant.id;
        let held = self.world.platform().held_menu(cycle.work, &cycle.platform, tenant).await?;
        let mut seen = Seen { is_compared: true, ..Seen::default() };
        for Held { kind, external_id, fingerprint, deactivated, name, .. } in held {
            let key = entry_key(kind, &external_id);
            let before = manifest.and_then(|manifest| manifest.entries.get(&key));
            let ours = before.is_some() || mapped.menu.entries.contains_key(&key);
            if !ours && !deactivated && !state.announced {
                seen.ghosts.push(doubt::ghost(kind, &external_id, &name));
            }
            if ours || state.announced {
                // Where the manifest is lost, everything counts as orderable, and so for the guard.
                let orderable = manifest.is_none() || matches!(before, Some(Known::Written { orderable: true, .. }));
                let known = Known::Written { fingerprint, orderable };
                seen.base.entries.insert(key.clone(), if deactivated { Known::Deactivated } else { known });
            }
            seen.names.insert(key, name);
        }
        Ok(seen)
    }

    /// What people read of everything that the platform holds, by key: only it knows what something was called that the
    /// till has no more.
    async fn names(&self, cycle: &Cycle<'_>) -> Result<BTreeMap<String, String>, MenuFailure> {
        let held = self.world.platform().held_menu(cycle.work, &cycle.platform, &cycle.access.tenant.id).await?;
        Ok(held.into_iter().map(|held| (entry_key(held.kind, &held.external_id), held.name)).collect())
    }

    /// The findings of earlier cycles that are not about what has just been read.
    async fn still_known(
        &self,
        tenant: &TenantId,
        catalogue: &Catalogue,
        mapped: &Mapped,
    ) -> Result<Vec<Finding>, MenuFailure> {
        let read: BTreeSet<&str> = catalogue.products.iter().map(|product| product.id.as_str()).collect();
        let is_back = |id: &str| mapped.menu.entries.values().any(|entry| entry.external_id() == id);
        let mut known = of_menu(self.world.store().findings(tenant).await?);
        known.retain(|finding| match finding.check {
            Check::Ghost => !is_back(&finding.subject),
            // The other dish of the name may not have been read.
            Check::SameName => true,
            _ => !read.contains(finding.subject.as_str()),
        });
        Ok(known)
    }
}

/// Whether a dish is new, or back. Where changes alone were read the count is the same, so another one is gone (E53).
fn has_unknown_dish(mapped: &Mapped, manifest: &Manifest) -> bool {
    let is_live = |id: &str| matches!(manifest.entries.get(&entry_key(Kind::Dish, id)), Some(Known::Written { .. }));
    mapped.menu.dishes().any(|dish| !is_live(&dish.external_id))
}

/// Notes up to where changes have been read, and how much there was.
fn remember(state: &mut MenuState, reading: &Reading) {
    state.failed = 0;
    state.products_since_ms = Some(reading.begun.as_millisecond());
    state.categories_since_ms = Some(reading.begun.as_millisecond());
    state.read_ms = Some(reading.begun.as_millisecond());
    state.counts = reading.counts;
}

fn modes(catalogue: &Catalogue) -> Option<(String, String)> {
    Some((catalogue.takeaway.as_ref()?.to_string(), catalogue.delivery.as_ref()?.to_string()))
}
