//! Menus in the state table: one item per tenant with what is known between two jobs, and the manifest in shards.
//!
//! Nothing here has a time to live: a menu that nobody changes for months must still cost nothing. Shards are written
//! without a condition: only the holder of the menu writes them, and the nightly full pass, which compares with what the
//! platform holds, heals what a holder did that outlived its lease.

mod cut;
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
use domain::{TenantId, menu::manifest::Manifest};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

/// The sort key of the item with the state.
const HEAD: &str = "head";
/// What the sort keys of the manifest's shards begin with.
const SHARD: &str = "shard#";
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

    async fn put_shard(&self, tenant: &TenantId, shard: usize, bytes: Vec<u8>) -> Result<(), StoreError> {
        let put = self.client.put_item().table_name(&self.table);
        let put = put
            .item("pk", s(name(tenant)))
            .item("sk", s(format!("{SHARD}{shard}")))
            .item("entries", AttributeValue::B(Blob::new(bytes)));
        put.send().await.map(drop).map_err(|error| unavailable(self.what(), &error))
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
        let state = cut::fitting(state).map_err(|error| malformed(name(tenant), error.to_string()))?;
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
        let get = self.client.get_item().table_name(&self.table).consistent_read(true);
        let found = get.key("pk", s(name(tenant))).key("sk", s(HEAD)).send().await;
        let found = found.map_err(|error| unavailable(self.what(), &error))?;
        found.item.map(|item| read(tenant, &item)).transpose()
    }

    async fn manifest(&self, tenant: &TenantId) -> Result<Manifest, StoreError> {
        let mut items = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND begins_with(sk, :shard)")
            .expression_attribute_values(":pk", s(name(tenant)))
            .expression_attribute_values(":shard", s(SHARD))
            .into_paginator()
            .items()
            .send();
        let mut manifest = Manifest::default();
        while let Some(item) = items.try_next().await.map_err(|error| unavailable(self.what(), &error))? {
            let bytes = item.get("entries").and_then(|entries| entries.as_b().ok());
            let shard = bytes.and_then(|bytes| shards::unpack(bytes.as_ref()));
            manifest.entries.extend(shard.ok_or_else(|| unreadable(tenant, &item))?.entries);
        }
        Ok(manifest)
    }

    async fn save_manifest(&self, tenant: &TenantId, before: &Manifest, after: &Manifest) -> Result<(), StoreError> {
        let mut changed = Vec::new();
        for (shard, entries) in shards::changed(before, after) {
            let bytes =
                shards::pack(&entries).map_err(|error| refused("a shard of the manifest", error.to_string()))?;
            if bytes.len() > shards::LARGEST {
                let what = format!("manifest of tenant {tenant}, {} entries in one shard", entries.entries.len());
                return Err(malformed(what, "the menu is larger than the table can hold; take products off the till"));
            }
            changed.push((shard, bytes));
        }
        let puts = changed.into_iter().map(|(shard, bytes)| self.put_shard(tenant, shard, bytes));
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
