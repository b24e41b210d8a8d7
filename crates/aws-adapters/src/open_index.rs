//! The index of open orders: one marker item per order under one partition of the state table.
//!
//! A marker says «look at this order», never that it is open: one left behind costs the reconcile job a look, a missing
//! one would let an order be forgotten. So it is written before the order and deleted after it is over.

use crate::attributes::{Item, n, number, s, text};
use app::ports::OrderKey;
use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::{delete_item::DeleteItemError, query::QueryError, update_item::UpdateItemError},
};
use domain::{OrderId, TenantId};
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap};

/// The partition of the markers. Its separator-free name cannot be an order's.
const OPEN: &str = "open";

/// The markers in one table.
#[derive(Debug, Clone)]
pub(crate) struct OpenIndex {
    client: Client,
    table: String,
}

impl OpenIndex {
    pub(crate) fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Puts an order into the index, for the commit that makes this revision; an older entry keeps its age.
    pub(crate) async fn add(
        &self,
        key: &OrderKey,
        revision: u64,
        now: Timestamp,
        expiry: i64,
    ) -> Result<(), SdkError<UpdateItemError>> {
        self.client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(OPEN))
            .key("sk", s(name(key)))
            .update_expression("SET since = if_not_exists(since, :now), expires_at = :expiry, rev = :rev")
            .expression_attribute_values(":rev", n(revision))
            .expression_attribute_values(":now", n(now.as_millisecond()))
            .expression_attribute_values(":expiry", n(expiry))
            .send()
            .await
            .map(drop)
    }

    /// Takes an order out of the index, unless it came into it for a later revision; one that is not in it is no error.
    pub(crate) async fn remove(&self, key: &OrderKey, revision: u64) -> Result<(), SdkError<DeleteItemError>> {
        let delete = self.client.delete_item().table_name(&self.table);
        let deleted = delete
            .key("pk", s(OPEN))
            .key("sk", s(name(key)))
            .condition_expression("attribute_not_exists(rev) OR rev <= :rev")
            .expression_attribute_values(":rev", n(revision))
            .send()
            .await;
        match deleted {
            Err(error)
                if matches!(error.as_service_error(), Some(DeleteItemError::ConditionalCheckFailedException(_))) =>
            {
                Ok(())
            }
            deleted => deleted.map(drop),
        }
    }

    /// The orders of a tenant, oldest first.
    pub(crate) async fn orders(&self, tenant: &TenantId, now: Timestamp) -> Result<Vec<OrderId>, SdkError<QueryError>> {
        let markers = self.query(Some(format!("{tenant}#")), now).await?;
        let mut orders: Vec<_> = markers
            .iter()
            .filter_map(|item| Some((number::<i64>(item, "since").unwrap_or_default(), parse(item)?.order)))
            .collect();
        orders.sort();
        Ok(orders.into_iter().map(|(_, order)| order).collect())
    }

    /// The tenants that have open orders, each once.
    pub(crate) async fn tenants(&self, now: Timestamp) -> Result<Vec<TenantId>, SdkError<QueryError>> {
        let markers = self.query(None, now).await?;
        let tenants: BTreeSet<_> = markers.iter().filter_map(parse).map(|key| key.tenant).collect();
        Ok(tenants.into_iter().collect())
    }

    /// The markers that have not expired, those with this beginning where one is given.
    async fn query(&self, prefix: Option<String>, now: Timestamp) -> Result<Vec<Item>, SdkError<QueryError>> {
        let condition = prefix.as_ref().map_or("pk = :pk", |_| "pk = :pk AND begins_with(sk, :prefix)");
        let values = [Some((":pk", OPEN.to_owned())), prefix.map(|prefix| (":prefix", prefix))];
        let mut items = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression(condition)
            .projection_expression("sk, since, expires_at")
            .set_expression_attribute_values(Some(
                values.into_iter().flatten().map(|(k, v)| (k.into(), s(v))).collect(),
            ))
            .into_paginator()
            .items()
            .send();
        let mut markers = Vec::new();
        while let Some(item) = items.try_next().await? {
            if number::<i64>(&item, "expires_at").is_none_or(|expiry| expiry > now.as_second()) {
                markers.push(item);
            }
        }
        Ok(markers)
    }
}

fn name(key: &OrderKey) -> String {
    format!("{}#{}", key.tenant, key.order)
}

/// The order that a marker names. Ids never hold the separator.
fn parse(marker: &HashMap<String, aws_sdk_dynamodb::types::AttributeValue>) -> Option<OrderKey> {
    let (tenant, order) = text(marker, "sk")?.split_once('#')?;
    Some(OrderKey { tenant: TenantId::parse(tenant).ok()?, order: OrderId::parse(order).ok()? })
}
