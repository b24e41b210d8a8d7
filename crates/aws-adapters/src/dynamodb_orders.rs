//! Orders in the state table: one item per order, written whole by one conditional put.
//!
//! An order past its `expires_at` that DynamoDB has not deleted yet is still the order: remembering longer can only keep
//! an effect from happening twice.

use crate::{
    attributes::{Item, n, number, s, text},
    failure::{malformed, refused, unavailable},
    open_index::OpenIndex,
};
use app::ports::{Clock, Commit, Committed, OrderKey, OrderStore, StoreError, Stored, SystemClock};
use aws_sdk_dynamodb::{
    Client,
    operation::{put_item::PutItemError, update_item::UpdateItemError},
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use domain::{OrderId, TenantId, lifecycle::OrderState};
use jiff::Timestamp;

/// How long an order is remembered after its last write, or after its day where that is later, in seconds: 45 days.
const KEPT: i64 = 45 * 24 * 60 * 60;

/// What a look through the whole table found of one tenant.
#[derive(Debug, Clone, PartialEq)]
pub struct Scanned {
    /// The orders that could be read, in no order.
    pub orders: Vec<(OrderId, Stored)>,
    /// Whether the whole table was looked through.
    pub is_whole: bool,
}

/// Orders in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoOrderStore<C = SystemClock> {
    client: Client,
    table: String,
    open: OpenIndex,
    clock: C,
}

impl<C: Clock> DynamoOrderStore<C> {
    /// Orders in this table, with string keys `pk` and `sk` and the time-to-live attribute `expires_at`.
    pub fn new(client: Client, table: impl Into<String>, clock: C) -> Self {
        let table = table.into();
        Self { open: OpenIndex::new(client.clone(), table.clone()), client, table, clock }
    }

    /// Every order of a tenant, by reading the table from its beginning, at most so many pages of one megabyte: no index
    /// knows orders that are over. For an operator, never for a function.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn scan(&self, tenant: &TenantId, most_pages: usize) -> Result<Scanned, StoreError> {
        let prefix = format!("order#{tenant}#");
        let mut pages = self
            .client
            .scan()
            .table_name(&self.table)
            .filter_expression("begins_with(pk, :prefix) AND sk = :order")
            .expression_attribute_values(":prefix", s(&prefix))
            .expression_attribute_values(":order", s("order"))
            .into_paginator()
            .send();
        let mut orders = Vec::new();
        for _ in 0..most_pages {
            let Some(page) = pages.next().await else { return Ok(Scanned { orders, is_whole: true }) };
            let page = page.map_err(|error| unavailable(self.what(), &error))?;
            let is_last = page.last_evaluated_key.as_ref().is_none_or(|key| key.is_empty());
            orders.extend(page.items.unwrap_or_default().iter().filter_map(|item| found(tenant, &prefix, item)));
            if is_last {
                return Ok(Scanned { orders, is_whole: true });
            }
        }
        Ok(Scanned { orders, is_whole: false })
    }

    fn what(&self) -> String {
        format!("table {}", self.table)
    }

    fn expiry(&self, state: &OrderState) -> i64 {
        self.clock.now().max(state.wished_at).as_second() + KEPT
    }

    async fn watch(&self, key: &OrderKey, revision: u64, expiry: i64) -> Result<(), StoreError> {
        let added = self.open.add(key, revision, self.clock.now(), expiry).await;
        added.map_err(|error| unavailable(self.what(), &error))
    }

    /// Takes an order that is over out of the index. The order is written: a marker left behind costs the reconcile job
    /// a look, while a failure told to the caller would have the whole event worked on again.
    async fn forget(&self, key: &OrderKey, revision: u64) {
        if let Err(error) = self.stop_watching(key, revision).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(tenant = %key.tenant, order.id = %key.order, error, "an order that is over stays in the index");
        }
    }

    /// Puts the item if the condition of the commit holds; answers whether it does.
    async fn put(&self, item: Item, commit: &Commit<'_>, token: &str) -> Result<bool, StoreError> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let put = match commit.expected {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(expected) if commit.parked.is_empty() => put
                .condition_expression("rev = :expected AND attribute_not_exists(parked)")
                .expression_attribute_values(":expected", n(expected)),
            Some(expected) => put
                .condition_expression("rev = :expected AND parked = :parked")
                .expression_attribute_values(":expected", n(expected))
                .expression_attribute_values(":parked", set(commit.parked)),
        };
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                // An attempt that timed out may have been carried out: the SDK's next one then finds our own write.
                Some(PutItemError::ConditionalCheckFailedException(lost)) => {
                    Ok(lost.item().is_some_and(|found| text(found, "token") == Some(token)))
                }
                _ => Err(unavailable(self.what(), &error)),
            },
        }
    }
}

impl<C: Clock> OrderStore for DynamoOrderStore<C> {
    async fn load(&self, key: &OrderKey) -> Result<Option<Stored>, StoreError> {
        let get = self.client.get_item().table_name(&self.table).consistent_read(true);
        let found = get.key("pk", s(name(key))).key("sk", s("order")).send().await;
        let found = found.map_err(|error| unavailable(self.what(), &error))?;
        found.item.map(|item| read(key, &item)).transpose()
    }

    async fn commit(&self, key: &OrderKey, commit: Commit<'_>) -> Result<Committed, StoreError> {
        let (watched, token) = (commit.state.is_watched(), token()?);
        let revision = commit.expected.map_or(1, |expected| expected + 1);
        let expiry = self.expiry(commit.state);
        // First, so that no order is ever watched and in no index: a marker too many costs one look.
        if watched && !commit.was_watched {
            self.watch(key, revision, expiry).await?;
        }
        let item = write(key, &commit, revision, expiry, &token)?;
        if !self.put(item, &commit, &token).await? {
            return Ok(Committed::Lost);
        }
        if !watched && commit.lease_until.is_none() {
            self.forget(key, revision).await;
        }
        Ok(Committed::Done(revision))
    }

    async fn park(&self, key: &OrderKey, revision: u64, fact: &str) -> Result<bool, StoreError> {
        let update = self.client.update_item().table_name(&self.table).key("pk", s(name(key))).key("sk", s("order"));
        let parked = update
            .update_expression("ADD parked :fact")
            .condition_expression("rev = :rev")
            .expression_attribute_values(":fact", set([&fact.to_owned()]))
            .expression_attribute_values(":rev", n(revision))
            .send()
            .await;
        match parked {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(unavailable(self.what(), &error)),
            },
        }
    }

    async fn open_orders(&self, tenant: &TenantId) -> Result<Vec<OrderId>, StoreError> {
        self.open.orders(tenant, self.clock.now()).await.map_err(|error| unavailable(self.what(), &error))
    }

    async fn open_tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        self.open.tenants(self.clock.now()).await.map_err(|error| unavailable(self.what(), &error))
    }

    async fn stop_watching(&self, key: &OrderKey, revision: u64) -> Result<(), StoreError> {
        self.open.remove(key, revision).await.map_err(|error| unavailable(self.what(), &error))
    }
}

fn name(key: &OrderKey) -> String {
    format!("order#{}#{}", key.tenant, key.order)
}

fn set<'a>(facts: impl IntoIterator<Item = &'a String>) -> AttributeValue {
    AttributeValue::Ss(facts.into_iter().cloned().collect())
}

/// Marks one call of `commit`, so that it knows its own write again.
fn token() -> Result<String, StoreError> {
    let mut random = [0; 8];
    aws_lc_rs::rand::fill(&mut random).map_err(|_| refused("random numbers", "the generator failed"))?;
    Ok(format!("{:016x}", u64::from_be_bytes(random)))
}

fn write(key: &OrderKey, commit: &Commit<'_>, revision: u64, expiry: i64, token: &str) -> Result<Item, StoreError> {
    let state = serde_json::to_string(commit.state).map_err(|error| malformed(name(key), error.to_string()))?;
    let mut item = Item::from([
        ("pk".to_owned(), s(name(key))),
        ("sk".to_owned(), s("order")),
        ("state".to_owned(), s(state)),
        ("rev".to_owned(), n(revision)),
        ("token".to_owned(), s(token)),
        ("expires_at".to_owned(), n(expiry)),
    ]);
    if let Some(until) = commit.lease_until {
        item.insert("lease".to_owned(), n(until.as_millisecond()));
    }
    if !commit.left.is_empty() {
        item.insert("parked".to_owned(), set(commit.left));
    }
    Ok(item)
}

fn read(key: &OrderKey, item: &Item) -> Result<Stored, StoreError> {
    let broken = |field: &str| {
        malformed(
            format!("order {} of tenant {}, attribute {field}", key.order, key.tenant),
            "another version wrote it; deploy the version that did",
        )
    };
    let lease = number::<i64>(item, "lease").map(Timestamp::from_millisecond).transpose();
    let parked = item.get("parked").map(|parked| parked.as_ss().map_err(|_| broken("parked"))).transpose()?;
    Ok(Stored {
        state: text(item, "state").and_then(|json| serde_json::from_str(json).ok()).ok_or_else(|| broken("state"))?,
        revision: number(item, "rev").ok_or_else(|| broken("rev"))?,
        leased_until: lease.map_err(|_| broken("lease"))?,
        parked: parked.map(|facts| facts.iter().cloned().collect()).unwrap_or_default(),
    })
}

/// An order of a scan; one that cannot be read is logged and left out.
fn found(tenant: &TenantId, prefix: &str, item: &Item) -> Option<(OrderId, Stored)> {
    let order = OrderId::parse(text(item, "pk")?.strip_prefix(prefix)?).ok()?;
    let key = OrderKey { tenant: tenant.clone(), order };
    match read(&key, item) {
        Ok(stored) => Some((key.order, stored)),
        Err(error) => {
            tracing::warn!(order.id = %key.order, %error, "an order cannot be read");
            None
        }
    }
}

#[cfg(test)]
mod tests;
