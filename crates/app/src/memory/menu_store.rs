//! Menus in memory, in the forms of a table: states as JSON, the manifest in shards of text.

use super::{Faults, ManualClock, lock};
use crate::{
    ports::menu::{MenuLease, MenuState, MenuStore},
    ports::{Clock, StoreError},
};
use domain::{
    TenantId,
    menu::{Finding, manifest::Manifest},
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
};

/// How many shards a manifest has.
const SHARDS: usize = 32;

#[derive(Debug, Default)]
struct Row {
    findings: Vec<Finding>,
    put_aside: Option<(u64, Vec<u8>)>,
    state: Option<String>,
    revision: u64,
    lease_ms: Option<i64>,
}

#[derive(Debug, Default)]
struct Menus {
    rows: BTreeMap<TenantId, Row>,
    shards: BTreeMap<(TenantId, usize), String>,
    writes: usize,
    shard_writes: usize,
    faults: Faults,
    fail_at: Option<u32>,
}

/// Menus in memory.
#[derive(Debug, Clone)]
pub struct MemoryMenuStore {
    menus: Arc<Mutex<Menus>>,
    clock: ManualClock,
}

impl MemoryMenuStore {
    /// An empty store with this clock.
    #[must_use]
    pub fn new(clock: ManualClock) -> Self {
        Self { menus: Arc::default(), clock }
    }

    /// How many writes there were, shards and refused ones included: all are billed.
    #[must_use]
    pub fn writes(&self) -> usize {
        lock(&self.menus).writes
    }

    /// How many of the writes were shards of a manifest.
    #[must_use]
    pub fn shard_writes(&self) -> usize {
        lock(&self.menus).shard_writes
    }

    /// Makes the next so many calls fail as a store does that does not answer.
    pub fn fail_next(&self, calls: u32) {
        lock(&self.menus).faults = Faults(calls);
    }

    /// Makes the call after so many that succeed fail, as a process that ends there would leave it.
    pub fn fail_after(&self, calls: u32) {
        lock(&self.menus).fail_at = Some(calls);
    }

    /// Makes a tenant's manifest unreadable.
    pub fn spoil_manifest(&self, tenant: &TenantId) {
        lock(&self.menus).shards.insert((tenant.clone(), 0), "no line of a manifest".to_owned());
    }

    /// The state and the manifest as they are stored, whatever faults were asked for.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn stored(&self, tenant: &TenantId) -> Result<(MenuState, Manifest), StoreError> {
        let menus = lock(&self.menus);
        let state = menus.rows.get(tenant).map(Row::state).transpose()?;
        Ok((state.unwrap_or_default(), manifest(&menus, tenant)?))
    }

    fn call(&self) -> Result<MutexGuard<'_, Menus>, StoreError> {
        let mut menus = lock(&self.menus);
        if let Some(left) = menus.fail_at {
            menus.fail_at = left.checked_sub(1);
            menus.faults = Faults(u32::from(left == 0));
        }
        menus.faults.next("the menu store in memory")?;
        Ok(menus)
    }
}

impl Row {
    fn state(&self) -> Result<MenuState, StoreError> {
        self.state.as_deref().map_or(Ok(MenuState::default()), |state| serde_json::from_str(state).map_err(broken))
    }
}

impl MenuStore for MemoryMenuStore {
    async fn take(&self, tenant: &TenantId, until: Timestamp) -> Result<Option<MenuLease>, StoreError> {
        let now = self.clock.now().as_millisecond();
        let mut menus = self.call()?;
        menus.writes += 1;
        let row = menus.rows.entry(tenant.clone()).or_default();
        if row.lease_ms.is_some_and(|lease| lease > now) {
            return Ok(None);
        }
        row.lease_ms = Some(until.as_millisecond());
        row.revision += 1;
        Ok(Some(MenuLease { state: row.state()?, revision: row.revision }))
    }

    async fn save(&self, tenant: &TenantId, revision: u64, state: &MenuState) -> Result<bool, StoreError> {
        let mut menus = self.call()?;
        menus.writes += 1;
        let Some(row) = menus.rows.get_mut(tenant).filter(|row| row.revision == revision) else {
            return Ok(false);
        };
        row.state = Some(serde_json::to_string(state).map_err(broken)?);
        row.lease_ms = None;
        Ok(true)
    }

    async fn look(&self, tenant: &TenantId) -> Result<Option<MenuState>, StoreError> {
        self.call()?.rows.get(tenant).map(Row::state).transpose()
    }

    async fn manifest(&self, tenant: &TenantId) -> Result<Manifest, StoreError> {
        manifest(&*self.call()?, tenant)
    }

    async fn findings(&self, tenant: &TenantId) -> Result<Vec<Finding>, StoreError> {
        Ok(self.call()?.rows.get(tenant).map(|row| row.findings.clone()).unwrap_or_default())
    }

    async fn save_findings(&self, tenant: &TenantId, findings: &[Finding]) -> Result<(), StoreError> {
        let mut menus = self.call()?;
        menus.writes += 1;
        menus.rows.entry(tenant.clone()).or_default().findings = findings.to_vec();
        Ok(())
    }

    async fn put_aside(&self, tenant: &TenantId, revision: u64, pass: &[u8]) -> Result<(), StoreError> {
        let mut menus = self.call()?;
        menus.writes += 1;
        menus.rows.entry(tenant.clone()).or_default().put_aside = Some((revision, pass.to_vec()));
        Ok(())
    }

    async fn resume(&self, tenant: &TenantId, revision: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let menus = self.call()?;
        let kept = menus.rows.get(tenant).and_then(|row| row.put_aside.clone());
        Ok(kept.filter(|(of, _)| *of == revision).map(|(_, pass)| pass))
    }

    async fn save_manifest(
        &self,
        tenant: &TenantId,
        before: Option<&Manifest>,
        after: &Manifest,
    ) -> Result<(), StoreError> {
        let changed: BTreeSet<_> = match before {
            None => (0..SHARDS).collect(),
            Some(before) => {
                let differs = |key: &&String| before.entries.get(*key) != after.entries.get(*key);
                before.entries.keys().chain(after.entries.keys()).filter(differs).map(|key| shard(key)).collect()
            }
        };
        for number in changed {
            let mut menus = self.call()?;
            let entries = after.entries.iter().filter(|(key, _)| shard(key) == number);
            let entries = entries.map(|(key, known)| (key.clone(), *known)).collect();
            menus.writes += 1;
            menus.shard_writes += 1;
            menus.shards.insert((tenant.clone(), number), Manifest { entries }.encode());
        }
        Ok(())
    }
}

fn manifest(menus: &Menus, tenant: &TenantId) -> Result<Manifest, StoreError> {
    let mut manifest = Manifest::default();
    for (_, text) in menus.shards.iter().filter(|((of, _), _)| of == tenant) {
        let shard = Manifest::decode(text).ok_or_else(|| broken("run a full pass"))?;
        manifest.entries.extend(shard.entries);
    }
    Ok(manifest)
}

fn shard(key: &str) -> usize {
    key.bytes().fold(0_usize, |hash, byte| hash.wrapping_mul(31).wrapping_add(usize::from(byte))) % SHARDS
}

fn broken(error: impl std::fmt::Display) -> StoreError {
    StoreError::Malformed { what: "a menu in memory".to_owned(), remedy: error.to_string() }
}
