//! Tenants in memory, with the cache of the real ones: a changed record is seen after five minutes or by a reload.

use super::{Faults, ManualClock, lock};
use crate::ports::{Clock, Freshness, PlatformAccess, StoreError, TenantAccess, Tenants};
use domain::{
    TenantId,
    tenant::{Activity, Tenant},
};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

#[derive(Debug)]
struct Record {
    tenant: Tenant,
    api_key: SecretString,
    webhook_secrets: Vec<SecretString>,
}

#[derive(Debug, Default)]
struct Held {
    records: BTreeMap<TenantId, Record>,
    platform: Option<(SecretString, Vec<SecretString>)>,
    read: BTreeMap<TenantId, Arc<TenantAccess>>,
    read_platform: Option<Arc<PlatformAccess>>,
    reads: usize,
    faults: Faults,
}

/// Tenants in memory.
#[derive(Debug, Clone)]
pub struct MemoryTenants {
    held: Arc<Mutex<Held>>,
    clock: ManualClock,
}

fn secrets(texts: &[&str]) -> Vec<SecretString> {
    texts.iter().map(|text| SecretString::from(*text)).collect()
}

fn young(read_at: Timestamp, now: Timestamp, freshness: Freshness) -> bool {
    let age = match freshness {
        Freshness::Cached => SignedDuration::from_mins(5),
        Freshness::Reload => SignedDuration::from_secs(30),
    };
    now.duration_since(read_at) < age
}

impl MemoryTenants {
    /// No tenants and no platform yet.
    #[must_use]
    pub fn new(clock: ManualClock) -> Self {
        Self { held: Arc::default(), clock }
    }

    /// Stores a tenant's record; what was read of it before stays in the cache.
    pub fn put(&self, tenant: Tenant, api_key: &str, webhook_secrets: &[&str]) {
        let record = Record { api_key: api_key.into(), webhook_secrets: secrets(webhook_secrets), tenant };
        lock(&self.held).records.insert(record.tenant.id.clone(), record);
    }

    /// Stores the platform's record; what was read of it before stays in the cache.
    pub fn put_platform(&self, api_token: &str, webhook_secrets: &[&str]) {
        lock(&self.held).platform = Some((api_token.into(), secrets(webhook_secrets)));
    }

    /// How often a record was really read.
    #[must_use]
    pub fn reads(&self) -> usize {
        lock(&self.held).reads
    }

    /// Makes the next so many calls fail as a store does that does not answer.
    pub fn fail_next(&self, calls: u32) {
        lock(&self.held).faults = Faults(calls);
    }

    fn call(&self) -> Result<MutexGuard<'_, Held>, StoreError> {
        let mut held = lock(&self.held);
        held.faults.next("the tenants in memory")?;
        Ok(held)
    }
}

impl Tenants for MemoryTenants {
    async fn tenant(&self, id: &TenantId, freshness: Freshness) -> Result<Option<Arc<TenantAccess>>, StoreError> {
        let now = self.clock.now();
        let mut held = self.call()?;
        if let Some(read) = held.read.get(id).filter(|read| young(read.read_at, now, freshness)) {
            return Ok(Some(Arc::clone(read)));
        }
        held.reads += 1;
        let access = held.records.get(id).map(|record| {
            Arc::new(TenantAccess {
                tenant: record.tenant.clone(),
                api_key: record.api_key.clone(),
                webhook_secrets: record.webhook_secrets.clone(),
                read_at: now,
            })
        });
        match &access {
            Some(access) => held.read.insert(id.clone(), Arc::clone(access)),
            None => held.read.remove(id),
        };
        Ok(access)
    }

    async fn platform(&self, freshness: Freshness) -> Result<Arc<PlatformAccess>, StoreError> {
        let now = self.clock.now();
        let mut held = self.call()?;
        if let Some(read) = held.read_platform.as_ref().filter(|read| young(read.read_at, now, freshness)) {
            return Ok(Arc::clone(read));
        }
        held.reads += 1;
        let Some((api_token, webhook_secrets)) = held.platform.clone() else {
            return Err(StoreError::Malformed {
                what: "the platform's record in memory".to_owned(),
                remedy: "missing; call put_platform".to_owned(),
            });
        };
        let access = Arc::new(PlatformAccess { api_token, webhook_secrets, read_at: now });
        held.read_platform = Some(Arc::clone(&access));
        Ok(access)
    }

    async fn active(&self) -> Result<Vec<TenantId>, StoreError> {
        let held = self.call()?;
        let active = held.records.values().filter(|record| record.tenant.activity == Activity::Active);
        Ok(active.map(|record| record.tenant.id.clone()).collect())
    }
}
