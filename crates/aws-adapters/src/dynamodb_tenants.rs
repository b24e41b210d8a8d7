//! Tenants from the tenants table, with their secrets opened, cached for five minutes.
//!
//! What is not there is not cached: a new tenant works at once, and made-up names cannot push real tenants out.

use crate::{
    attributes::{Item, s},
    cache::Cache,
    failure::unavailable,
    secrets::Secrets,
    tenant_item::{self, PLATFORM},
};
use app::ports::{Clock, Freshness, PlatformAccess, StoreError, SystemClock, TenantAccess, Tenants};
use aws_sdk_dynamodb::Client;
use domain::{TenantId, tenant::Activity};
use jiff::SignedDuration;
use std::sync::Arc;

/// How long a record serves.
const OLDEST: SignedDuration = SignedDuration::from_mins(5);
/// A record younger than this is not read again even if a reload is asked: a flood of bad signatures costs one read.
const YOUNGEST: SignedDuration = SignedDuration::from_secs(30);
/// As many tenants as a process remembers.
const MOST: usize = 1000;

/// Tenants in DynamoDB; clones share what was read.
#[derive(Debug, Clone)]
pub struct DynamoTenants<C = SystemClock> {
    client: Client,
    table: String,
    secrets: Arc<Secrets>,
    clock: C,
    tenants: Arc<Cache<TenantId, TenantAccess>>,
    platform: Arc<Cache<(), PlatformAccess>>,
}

impl<C: Clock> DynamoTenants<C> {
    /// Tenants in this table, with the string key `tenant_id`.
    pub fn new(client: Client, table: impl Into<String>, secrets: Secrets, clock: C) -> Self {
        let (tenants, platform) = (Arc::new(Cache::new(MOST)), Arc::new(Cache::new(1)));
        Self { client, table: table.into(), secrets: Arc::new(secrets), clock, tenants, platform }
    }

    /// Reads the platform's record while the function starts: it opens the connections to DynamoDB and KMS, and the
    /// first event finds record and data key in memory. A failure is left to the first event to find again.
    pub async fn warm(&self) {
        drop(self.platform(Freshness::Cached).await);
    }

    fn what(&self) -> String {
        format!("table {}", self.table)
    }

    async fn item(&self, id: &str, freshness: Freshness) -> Result<Option<Item>, StoreError> {
        let get = self.client.get_item().table_name(&self.table).key("tenant_id", s(id));
        let found = get.consistent_read(freshness == Freshness::Reload).send().await;
        found.map(|found| found.item).map_err(|error| unavailable(self.what(), &error))
    }
}

fn age(freshness: Freshness) -> SignedDuration {
    match freshness {
        Freshness::Cached => OLDEST,
        Freshness::Reload => YOUNGEST,
    }
}

impl<C: Clock> Tenants for DynamoTenants<C> {
    async fn tenant(&self, id: &TenantId, freshness: Freshness) -> Result<Option<Arc<TenantAccess>>, StoreError> {
        let now = self.clock.now();
        if let Some(access) = self.tenants.get(id, now, age(freshness)) {
            return Ok(Some(access));
        }
        let Some(item) = self.item(id.as_str(), freshness).await? else {
            self.tenants.remove(id);
            return Ok(None);
        };
        let access = Arc::new(tenant_item::tenant(&item, &self.secrets, now).await?);
        self.tenants.put(id.clone(), now, Arc::clone(&access));
        Ok(Some(access))
    }

    async fn platform(&self, freshness: Freshness) -> Result<Arc<PlatformAccess>, StoreError> {
        let now = self.clock.now();
        if let Some(access) = self.platform.get(&(), now, age(freshness)) {
            return Ok(access);
        }
        let item = self.item(PLATFORM, freshness).await?;
        let access = Arc::new(tenant_item::platform(item, &self.secrets, now).await?);
        self.platform.put((), now, Arc::clone(&access));
        Ok(access)
    }

    async fn active(&self) -> Result<Vec<TenantId>, StoreError> {
        let mut items = self.client.scan().table_name(&self.table).into_paginator().items().send();
        let mut active = Vec::new();
        while let Some(item) = items.try_next().await.map_err(|error| unavailable(self.what(), &error))? {
            active.extend(active_tenant(&item));
        }
        Ok(active)
    }
}

/// The tenant of an item, if it is one and works.
fn active_tenant(item: &Item) -> Option<TenantId> {
    if tenant_item::key(item).starts_with('#') {
        return None;
    }
    match tenant_item::record(item) {
        Ok(tenant) => (tenant.activity == Activity::Active).then_some(tenant.id),
        Err(error) => {
            let fields: Vec<_> = error.problems.iter().map(|problem| problem.field).collect();
            tracing::error!(tenant = error.tenant, ?fields, "a tenant's record cannot be read, it is left out");
            None
        }
    }
}

#[cfg(test)]
mod tests;
