//! Writing a change: refused entries are tried again alone, and told; the manifest says what was really written.

use super::{MenuFailure, MenuWorld, Menus, sync::Cycle};
use crate::ports::menu::{MenuState, MenuStore, MenuWrite, PlatformMenu, WriteOutcome};
use domain::menu::{Check, Entry, Finding, Kind, Level, diff::Changes, digest, entry_key, manifest::Manifest};

/// The platform's code for an entry that it does not have: what was to be deactivated, a person has deleted already.
const GONE: &str = "not_found";

impl<W: MenuWorld> Menus<W> {
    /// Writes `changes` and the manifest; answers the manifest and what the platform did not take. `base` is the manifest
    /// as the platform really was.
    pub(super) async fn apply(
        &self,
        cycle: &Cycle<'_>,
        state: &mut MenuState,
        stored: Option<&Manifest>,
        mut base: Manifest,
        changes: Changes,
    ) -> Result<(Manifest, Vec<Finding>), MenuFailure> {
        let deactivations = changes.deactivations.iter().filter_map(|key| split(key)).collect();
        let change = MenuWrite { upserts: changes.upserts, deactivations };
        let mut refused = Vec::new();
        if !change.upserts.is_empty() || !change.deactivations.is_empty() {
            let outcomes = self.write(cycle, state, &change).await?;
            let again = pick(&change, &outcomes);
            note(&mut base, &change, &outcomes);
            if let Some(again) = again {
                let outcomes = self.write(cycle, state, &again).await?;
                note(&mut base, &again, &outcomes);
                refused = findings(&again, &outcomes);
            }
        }
        if stored != Some(&base) {
            self.world.store().save_manifest(&cycle.access.tenant.id, stored, &base).await?;
        }
        Ok((base, refused))
    }

    /// The key of a write is made of what is written and of a counter: a repetition after a crash is the same request,
    /// and a change back to what was before is another one, also where the answers between are lost.
    async fn write(
        &self,
        cycle: &Cycle<'_>,
        state: &mut MenuState,
        change: &MenuWrite,
    ) -> Result<Vec<WriteOutcome>, MenuFailure> {
        let tenant = &cycle.access.tenant.id;
        let content = digest(&format!("{change:?}"));
        let key = format!("ponte-{tenant}-menu-{}-{content:016x}", state.sequence);
        state.sequence += 1;
        Ok(self.world.platform().write_menu(cycle.work, &cycle.platform, tenant, &key, change).await?)
    }
}

fn split(key: &str) -> Option<(Kind, String)> {
    Some((Kind::of_key(key)?, key.split_once(':')?.1.to_owned()))
}

/// The entries that were refused, to be tried again alone.
fn pick(change: &MenuWrite, outcomes: &[WriteOutcome]) -> Option<MenuWrite> {
    let (upserts, deactivations) = outcomes.split_at(change.upserts.len().min(outcomes.len()));
    let again = MenuWrite {
        upserts: failed(&change.upserts, upserts, ""),
        deactivations: failed(&change.deactivations, deactivations, GONE),
    };
    (!again.upserts.is_empty() || !again.deactivations.is_empty()).then_some(again)
}

/// What was refused for anything else than this.
fn failed<T: Clone>(sent: &[T], outcomes: &[WriteOutcome], harmless: &str) -> Vec<T> {
    let is_failed = |outcome: &WriteOutcome| outcome.as_ref().is_err_and(|code| code != harmless);
    sent.iter().zip(outcomes).filter(|(_, outcome)| is_failed(outcome)).map(|(sent, _)| sent.clone()).collect()
}

fn note(manifest: &mut Manifest, change: &MenuWrite, outcomes: &[WriteOutcome]) {
    let (upserts, deactivations) = outcomes.split_at(change.upserts.len().min(outcomes.len()));
    for (entry, outcome) in change.upserts.iter().zip(upserts) {
        if outcome.is_ok() {
            manifest.written(entry);
        }
    }
    for ((kind, id), outcome) in change.deactivations.iter().zip(deactivations) {
        let key = entry_key(*kind, id);
        match outcome {
            Ok(()) => manifest.deactivated(&key),
            Err(code) if code == GONE => {
                manifest.entries.remove(&key);
            }
            Err(_) => {}
        }
    }
}

fn findings(change: &MenuWrite, outcomes: &[WriteOutcome]) -> Vec<Finding> {
    let upserts = change.upserts.iter().map(Entry::external_id);
    let ids = upserts.chain(change.deactivations.iter().map(|(_, id)| id.as_str()));
    let refused = ids.zip(outcomes).filter_map(|(id, outcome)| Some((id, outcome.as_ref().err()?)));
    refused
        .map(|(id, code)| Finding {
            check: Check::NotTaken,
            level: Level::Error,
            subject: id.to_owned(),
            message: format!("Plateform non ha accettato una voce del menù ({code})"),
            remedy: "Controlla la voce sulla cassa in Configurazione > Prodotti".to_owned(),
        })
        .collect()
}
