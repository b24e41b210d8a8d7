//! Menus in the state table: one small item per tenant with what is known between two jobs, one with the findings, and the
//! manifest in shards.
//!
//! Only a pass that was put aside has a time to live: a menu that nobody changes for months must still cost nothing. Shards are written
//! without a condition: only the holder of the menu writes them, and the nightly full pass, which compares with what the
//! platform holds, heals what a holder did that outlived its lease.

mod packed;
mod shards;

use crate::{
    attributes::{Item, n, number, s, text},
    failure::{malformed, refused, unavailable},
};
use app::{
    ports::menu::{MenuLease, MenuState, MenuStore},
    ports::{Clock, StoreError, SystemClock},
};
use aws_sdk_dynamodb::{
    Client,
    operation::update_item::{UpdateItemError, UpdateItemOutput, builders::UpdateItemFluentBuilder},
    primitives::Blob,
    types::{AttributeValue, ReturnValue},
};
use domain::{
    TenantId,
    menu::{Finding, manifest::Manifest},
};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use packed::{deflate, inflate};

/// The sort key of the item with the state.
const HEAD: &str = "head";
/// The sort key of the item with the findings.
const FINDINGS: &str = "findings";
/// What the sort keys of the manifest's shards begin with.
const SHARD: &str = "shard#";
/// What the sort keys of a pass begin with that was put aside.
const PASS: &str = "pass#";
/// How long a pass is kept that was put aside, in seconds.
const PASS_KEPT: i64 = 24 * 60 * 60;
/// As many bytes as an item may hold: DynamoDB takes 400 KB with names and keys.
const LARGEST: usize = 390 * 1024;
/// How many shards are written at the same time.
const AT_ONCE: usize = 8;

/// Menus in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoMenuStore<C = SystemClock> {
    client: Client,
    table: String,
    clock: C,
}

impl<C: Clock> DynamoMenuStore<C> {
    /// Menus in this table, with string keys `pk` and `sk`.
    pub fn new(client: Client, table: impl Into<String>, clock: C) -> Self {
        Self { client, table: table.into(), clock }
    }

    /// Deletes everything that is known of a tenant's menu; answers how many items that were. Joined again, the tenant
    /// begins like a new one.
    ///
    /// # Errors
    /// If the table does not answer; what is deleted by then stays so.
    pub async fn forget(&self, tenant: &TenantId) -> Result<usize, StoreError> {
        let query = self.client.query().table_name(&self.table).consistent_read(true).projection_expression("sk");
        let query = query.key_condition_expression("pk = :pk").expression_attribute_values(":pk", s(name(tenant)));
        let items: Vec<Item> = query
            .into_paginator()
            .items()
            .send()
            .try_collect()
            .await
            .map_err(|error| unavailable(self.what(), &error))?;
        for key in items.iter().filter_map(|item| text(item, "sk")) {
            let delete = self.client.delete_item().table_name(&self.table).key("pk", s(name(tenant))).key("sk", s(key));
            delete.send().await.map_err(|error| unavailable(self.what(), &error))?;
        }
        Ok(items.len())
    }

    fn what(&self) -> String {
        format!("table {}", self.table)
    }

    fn update(&self, tenant: &TenantId) -> UpdateItemFluentBuilder {
        self.client.update_item().table_name(&self.table).key("pk", s(name(tenant))).key("sk", s(HEAD))
    }

    /// Sends an update; none if its condition does not hold.
    async fn send(&self, update: UpdateItemFluentBuilder) -> Result<Option<UpdateItemOutput>, StoreError> {
        match update.send().await {
            Ok(output) => Ok(Some(output)),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(None),
                _ => Err(unavailable(self.what(), &error)),
            },
        }
    }

    async fn put(
        &self,
        tenant: &TenantId,
        key: &str,
        attributes: impl IntoIterator<Item = (&str, AttributeValue)>,
    ) -> Result<(), StoreError> {
        let put = self.client.put_item().table_name(&self.table).item("pk", s(name(tenant))).item("sk", s(key));
        let put = attributes.into_iter().fold(put, |put, (name, value)| put.item(name, value));
        put.send().await.map(drop).map_err(|error| unavailable(self.what(), &error))
    }

    async fn get(&self, tenant: &TenantId, key: &str) -> Result<Option<Item>, StoreError> {
        let get = self.client.get_item().table_name(&self.table).consistent_read(true);
        let found = get.key("pk", s(name(tenant))).key("sk", s(key)).send().await;
        found.map(|found| found.item).map_err(|error| unavailable(self.what(), &error))
    }

    /// The tenant's items whose sort keys begin so, in their order.
    async fn items(&self, tenant: &TenantId, begin: &str) -> Result<Vec<Item>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND begins_with(sk, :begin)")
            .expression_attribute_values(":pk", s(name(tenant)))
            .expression_attribute_values(":begin", s(begin));
        let items = query.into_paginator().items().send().try_collect().await;
        items.map_err(|error| unavailable(self.what(), &error))
    }
}

impl<C: Clock> MenuStore for DynamoMenuStore<C> {
    async fn take(&self, tenant: &TenantId, until: Timestamp) -> Result<Option<MenuLease>, StoreError> {
        // An attempt that timed out may have been carried out: the SDK's next one then finds its own mark.
        let take = self
            .update(tenant)
            .update_expression("SET lease = :until, holder = :holder ADD rev :one")
            .condition_expression("attribute_not_exists(lease) OR lease <= :now OR holder = :holder")
            .expression_attribute_values(":until", n(until.as_millisecond()))
            .expression_attribute_values(":now", n(self.clock.now().as_millisecond()))
            .expression_attribute_values(":holder", s(mark()?))
            .expression_attribute_values(":one", n(1))
            .return_values(ReturnValue::AllNew);
        let Some(taken) = self.send(take).await? else {
            return Ok(None);
        };
        let item = taken.attributes.unwrap_or_default();
        let revision = number(&item, "rev").ok_or_else(|| broken(tenant, "rev"))?;
        Ok(Some(MenuLease { state: read(tenant, &item)?, revision }))
    }

    async fn save(&self, tenant: &TenantId, revision: u64, state: &MenuState) -> Result<bool, StoreError> {
        let state = serde_json::to_string(state).map_err(|error| malformed(name(tenant), error.to_string()))?;
        // The revision stays: a repeated attempt writes the same again, unless somebody has taken the menu since.
        let save = self
            .update(tenant)
            .update_expression("SET #state = :state REMOVE lease, holder")
            .condition_expression("rev = :rev")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":state", s(state))
            .expression_attribute_values(":rev", n(revision));
        Ok(self.send(save).await?.is_some())
    }

    async fn look(&self, tenant: &TenantId) -> Result<Option<MenuState>, StoreError> {
        self.get(tenant, HEAD).await?.map(|item| read(tenant, &item)).transpose()
    }

    async fn findings(&self, tenant: &TenantId) -> Result<Vec<Finding>, StoreError> {
        let Some(item) = self.get(tenant, FINDINGS).await? else { return Ok(Vec::new()) };
        let findings = text(&item, FINDINGS).and_then(|findings| serde_json::from_str(findings).ok());
        findings.ok_or_else(|| broken(tenant, FINDINGS))
    }

    async fn save_findings(&self, tenant: &TenantId, findings: &[Finding]) -> Result<(), StoreError> {
        let findings = serde_json::to_string(findings).map_err(|error| malformed(name(tenant), error.to_string()))?;
        self.put(tenant, FINDINGS, [(FINDINGS, s(findings))]).await
    }

    async fn put_aside(&self, tenant: &TenantId, revision: u64, pass: &[u8]) -> Result<(), StoreError> {
        let bytes = deflate(pass).map_err(|error| refused("a pass over a catalogue", error.to_string()))?;
        let parts = bytes.chunks(LARGEST);
        let (count, expiry) = (parts.len(), self.clock.now().as_second() + PASS_KEPT);
        for (number, part) in parts.enumerate() {
            let attributes = [
                ("of", n(revision)),
                ("parts", n(count)),
                ("bytes", AttributeValue::B(Blob::new(part))),
                ("expires_at", n(expiry)),
            ];
            self.put(tenant, &format!("{PASS}{number:03}"), attributes).await?;
        }
        Ok(())
    }

    async fn resume(&self, tenant: &TenantId, revision: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let items = self.items(tenant, PASS).await?;
        let ours: Vec<&Item> = items.iter().filter(|item| number(item, "of") == Some(revision)).collect();
        if ours.first().and_then(|item| number(item, "parts")) != Some(ours.len()) {
            return Ok(None);
        }
        let parts = ours.iter().filter_map(|item| item.get("bytes")?.as_b().ok());
        Ok(inflate(&parts.flat_map(|part| part.as_ref()).copied().collect::<Vec<u8>>()))
    }

    async fn manifest(&self, tenant: &TenantId) -> Result<Manifest, StoreError> {
        let mut manifest = Manifest::default();
        for item in self.items(tenant, SHARD).await? {
            let bytes = item.get("entries").and_then(|entries| entries.as_b().ok());
            let shard = bytes.and_then(|bytes| shards::unpack(bytes.as_ref()));
            manifest.entries.extend(shard.ok_or_else(|| unreadable(tenant, &item))?.entries);
        }
        Ok(manifest)
    }

    async fn save_manifest(
        &self,
        tenant: &TenantId,
        before: Option<&Manifest>,
        after: &Manifest,
    ) -> Result<(), StoreError> {
        let mut changed = Vec::new();
        for (shard, entries) in shards::changed(before, after) {
            let bytes =
                shards::pack(&entries).map_err(|error| refused("a shard of the manifest", error.to_string()))?;
            if bytes.len() > LARGEST {
                let what = format!("manifest of tenant {tenant}, {} entries in one shard", entries.entries.len());
                return Err(malformed(what, "the menu is larger than the table can hold; take products off the till"));
            }
            changed.push((shard, bytes));
        }
        let puts = changed.into_iter().map(|(shard, bytes)| async move {
            let entries = [("entries", AttributeValue::B(Blob::new(bytes)))];
            self.put(tenant, &format!("{SHARD}{shard}"), entries).await
        });
        stream::iter(puts).buffer_unordered(AT_ONCE).try_collect().await
    }
}

fn name(tenant: &TenantId) -> String {
    format!("menu#{tenant}")
}

/// Marks one call of `take`.
fn mark() -> Result<String, StoreError> {
    let mut random = [0; 8];
    aws_lc_rs::rand::fill(&mut random).map_err(|_| refused("random numbers", "the generator failed"))?;
    Ok(format!("{:016x}", u64::from_be_bytes(random)))
}

/// The state; a menu that was only ever taken has none yet.
fn read(tenant: &TenantId, item: &Item) -> Result<MenuState, StoreError> {
    match item.get("state") {
        None => Ok(MenuState::default()),
        Some(_) => text(item, "state")
            .and_then(|state| serde_json::from_str(state).ok())
            .ok_or_else(|| broken(tenant, "state")),
    }
}

fn broken(tenant: &TenantId, field: &str) -> StoreError {
    malformed(
        format!("menu of tenant {tenant}, attribute {field}"),
        "another version wrote it; deploy the version that did, or delete the item and run a full pass",
    )
}

fn unreadable(tenant: &TenantId, shard: &Item) -> StoreError {
    let shard = text(shard, "sk").unwrap_or("without a sort key");
    malformed(
        format!("manifest of tenant {tenant}, item {} {shard}", name(tenant)),
        "delete this item and run a full pass, which writes it again",
    )
}

#[cfg(test)]
mod tests;
