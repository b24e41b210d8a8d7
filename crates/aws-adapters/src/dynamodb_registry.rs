//! Writes the records that join a restaurant to its till: secrets sealed, nothing overwritten that was not read, a sales
//! point joined once (E36).
//!
//! Every write is one transaction, so that a command that is ended anywhere leaves a whole record or none. What a
//! transaction was refused for is found by reading again, not from the answer.

mod record;
mod sealing;
#[cfg(test)]
mod tests;

pub use record::{Form, Forms, Record};

use crate::{
    attributes::{Item, n, s, text},
    envelope::{DataKey, Purpose},
    failure::{refused, unavailable},
    secrets::Secrets,
    tenant_item::{self, PLATFORM},
};
use app::ports::StoreError;
use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, Delete, Put, TransactWriteItem},
};
use domain::{SalesPointId, tenant::RecordError};
use secrecy::SecretString;
use std::{collections::HashMap, sync::Arc};
use tokio::sync::OnceCell;

/// The condition of what must not be there yet.
const ABSENT: &str = "attribute_not_exists(tenant_id)";
/// The condition of a lock that is this tenant's or nobody's.
const OURS: &str = "attribute_not_exists(tenant_id) OR joined = :id";

/// Why a record was not written. Nothing was.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The table or the key service did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The record would not be one.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// There is a record already.
    #[error(
        "{0} is joined already; `ponte tenant show {0}` shows how, `ponte tenant resume {0}` tells the platform again"
    )]
    Exists(String),
    /// The sales point is another restaurant's.
    #[error("sales point {point} is joined to {by} already; `ponte tenant remove {by}` frees it")]
    Joined {
        /// The sales point.
        point: SalesPointId,
        /// Who has it.
        by: String,
    },
    /// There is no such record.
    #[error("there is no tenant {0}; `ponte tenant list` shows all")]
    Unknown(String),
    /// Somebody else changed the record since it was read.
    #[error("{tenant} was changed by somebody else meanwhile ({}); nothing was written, do it again", .changed.join(", "))]
    Conflict {
        /// The tenant.
        tenant: String,
        /// What differs from what was read.
        changed: Vec<String>,
    },
}

/// The records of the tenants, to be written.
#[derive(Debug)]
pub struct DynamoRegistry {
    client: Client,
    table: String,
    secrets: Secrets,
    key: OnceCell<Arc<DataKey>>,
}

impl DynamoRegistry {
    /// The records in this table, whose secrets are sealed under the key of `secrets`.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>, secrets: Secrets) -> Self {
        Self { client, table: table.into(), secrets, key: OnceCell::new() }
    }

    /// The record of a tenant, read now.
    ///
    /// # Errors
    /// `Unknown` if there is none.
    pub async fn get(&self, id: &str) -> Result<Record, RegistryError> {
        let item = self.item(id).await?.filter(|_| !id.starts_with('#'));
        item.map(Record::from_item).ok_or_else(|| RegistryError::Unknown(id.to_owned()))
    }

    /// Every record, malformed ones too, by id.
    ///
    /// # Errors
    /// If the table does not answer.
    pub async fn all(&self) -> Result<Vec<Record>, RegistryError> {
        let scan = self.client.scan().table_name(&self.table).consistent_read(true);
        let mut items = scan.into_paginator().items().send();
        let mut records = Vec::new();
        while let Some(item) = items.try_next().await.map_err(|error| unavailable(self.what(), &error))? {
            if !tenant_item::key(&item).starts_with('#') {
                records.push(Record::from_item(item));
            }
        }
        records.sort_by(|a, b| a.id().cmp(b.id()));
        Ok(records)
    }

    /// Who has a sales point: by its lock, or by a record that was written without one.
    ///
    /// # Errors
    /// If the table does not answer.
    pub async fn holder(&self, point: SalesPointId) -> Result<Option<String>, RegistryError> {
        if let Some(joined) = self.item(&lock_id(point)).await?.as_ref().and_then(|lock| text(lock, "joined")) {
            return Ok(Some(joined.to_owned()));
        }
        let records = self.all().await?;
        Ok(records.iter().find(|record| record.sales_point() == Some(point)).map(|record| record.id().to_owned()))
    }

    /// Writes the platform's record.
    ///
    /// # Errors
    /// `Exists` if there is one.
    pub async fn add_platform(
        &self,
        api_token: &SecretString,
        webhook_secrets: &[SecretString],
    ) -> Result<(), RegistryError> {
        let hooks = self.sealed_list(PLATFORM, Purpose::PlateformWebhookSecret, webhook_secrets).await?;
        let item = HashMap::from([
            ("tenant_id".to_owned(), s(PLATFORM)),
            ("api_token".to_owned(), self.sealed(PLATFORM, Purpose::PlateformApiToken, api_token).await?),
            ("webhook_secrets".to_owned(), hooks),
        ]);
        let Err(error) = self.write([self.put(item, ABSENT, [])?]).await else { return Ok(()) };
        match self.item(PLATFORM).await? {
            Some(_) => Err(RegistryError::Exists(PLATFORM.to_owned())),
            None => Err(unavailable(self.what(), &error).into()),
        }
    }

    /// Joins a restaurant to its sales point, record and lock together.
    ///
    /// # Errors
    /// `Exists` or `Joined` if either is joined already, `Record` if the record is none.
    pub async fn add(
        &self,
        mut record: Record,
        api_key: &SecretString,
        webhook_secrets: &[SecretString],
    ) -> Result<Record, RegistryError> {
        let point = record.tenant()?.sales_point;
        self.check_free(record.id(), point).await?;
        self.seal_api_key(&mut record, api_key).await?;
        self.seal_webhook_secrets(&mut record, webhook_secrets).await?;
        record.set_version(1);
        let puts = [self.put(record.item().clone(), ABSENT, [])?, self.put(lock(point, record.id()), ABSENT, [])?];
        let Err(error) = self.write(puts).await else { return Ok(record) };
        if self.item(record.id()).await?.is_some() {
            return Err(RegistryError::Exists(record.id().to_owned()));
        }
        self.check_free(record.id(), point).await?;
        Err(unavailable(self.what(), &error).into())
    }

    /// Writes a changed record in place of the one that was read, and moves the lock if the sales point is another.
    ///
    /// # Errors
    /// `Conflict` if somebody else wrote it meanwhile, `Joined` if the new sales point is another restaurant's.
    pub async fn save(&self, before: &Record, mut after: Record) -> Result<Record, RegistryError> {
        let point = after.tenant()?.sales_point;
        after.set_version(before.version() + 1);
        let mut writes = vec![self.replace(before, after.item().clone())?];
        if before.sales_point() != Some(point) {
            self.check_free(after.id(), point).await?;
            writes.push(self.put(lock(point, after.id()), OURS, [(":id", s(after.id()))])?);
            writes.extend(self.unlock(before).await?);
        }
        let Err(error) = self.write(writes).await else { return Ok(after) };
        match self.check_unchanged(before).await {
            // The answer was lost, the write was not.
            Err(RegistryError::Conflict { .. }) if self.get(after.id()).await? == after => return Ok(after),
            checked => checked?,
        }
        self.check_free(after.id(), point).await?;
        Err(unavailable(self.what(), &error).into())
    }

    /// Deletes a record and its lock.
    ///
    /// # Errors
    /// `Conflict` if somebody else wrote it since it was read.
    pub async fn remove(&self, record: &Record) -> Result<(), RegistryError> {
        let (condition, values) = unchanged(record);
        let delete = Delete::builder().table_name(&self.table).key("tenant_id", s(record.id()));
        let delete = delete.condition_expression(condition).expression_attribute_names("#version", "version");
        let delete = delete.set_expression_attribute_values((!values.is_empty()).then_some(values)).build();
        let delete = delete.map_err(|error| refused(self.what(), error.to_string()))?;
        let mut writes = vec![TransactWriteItem::builder().delete(delete).build()];
        writes.extend(self.unlock(record).await?);
        let Err(error) = self.write(writes).await else { return Ok(()) };
        self.check_unchanged(record).await?;
        Err(unavailable(self.what(), &error).into())
    }

    async fn check_free(&self, id: &str, point: SalesPointId) -> Result<(), RegistryError> {
        match self.holder(point).await? {
            Some(by) if by != id => Err(RegistryError::Joined { point, by }),
            _ => Ok(()),
        }
    }

    async fn check_unchanged(&self, read: &Record) -> Result<(), RegistryError> {
        let now = self.get(read.id()).await?;
        match read.changes(&now) {
            changed if changed.is_empty() => Ok(()),
            changed => Err(RegistryError::Conflict { tenant: read.id().to_owned(), changed }),
        }
    }

    fn replace(&self, read: &Record, item: Item) -> Result<TransactWriteItem, RegistryError> {
        let (condition, values) = unchanged(read);
        let put = Put::builder().table_name(&self.table).set_item(Some(item)).condition_expression(condition);
        let put = put.expression_attribute_names("#version", "version");
        self.built(put.set_expression_attribute_values((!values.is_empty()).then_some(values)).build())
    }

    fn put<const N: usize>(
        &self,
        item: Item,
        condition: &str,
        values: [(&str, AttributeValue); N],
    ) -> Result<TransactWriteItem, RegistryError> {
        let put = Put::builder().table_name(&self.table).set_item(Some(item)).condition_expression(condition);
        let put = values.into_iter().fold(put, |put, (name, value)| put.expression_attribute_values(name, value));
        self.built(put.build())
    }

    fn built(&self, put: Result<Put, aws_sdk_dynamodb::error::BuildError>) -> Result<TransactWriteItem, RegistryError> {
        let put = put.map_err(|error| refused(self.what(), error.to_string()))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// The deletion of a record's lock, if there is one and it is the record's.
    async fn unlock(&self, record: &Record) -> Result<Option<TransactWriteItem>, RegistryError> {
        let Some(point) = record.sales_point() else { return Ok(None) };
        let lock = self.item(&lock_id(point)).await?;
        if lock.as_ref().and_then(|lock| text(lock, "joined")) != Some(record.id()) {
            return Ok(None);
        }
        let delete = Delete::builder().table_name(&self.table).key("tenant_id", s(lock_id(point)));
        let delete = delete.condition_expression(OURS).expression_attribute_values(":id", s(record.id())).build();
        let delete = delete.map_err(|error| refused(self.what(), error.to_string()))?;
        Ok(Some(TransactWriteItem::builder().delete(delete).build()))
    }

    async fn write(
        &self,
        writes: impl IntoIterator<Item = TransactWriteItem>,
    ) -> Result<(), SdkError<TransactWriteItemsError>> {
        let writes: Vec<_> = writes.into_iter().collect();
        self.client.transact_write_items().set_transact_items(Some(writes)).send().await.map(drop)
    }

    async fn item(&self, id: &str) -> Result<Option<Item>, RegistryError> {
        let get = self.client.get_item().table_name(&self.table).key("tenant_id", s(id)).consistent_read(true);
        Ok(get.send().await.map_err(|error| unavailable(self.what(), &error))?.item)
    }

    fn what(&self) -> String {
        format!("table {}", self.table)
    }
}

fn lock_id(point: SalesPointId) -> String {
    format!("#salespoint#{point}")
}

fn lock(point: SalesPointId, id: &str) -> Item {
    HashMap::from([("tenant_id".to_owned(), s(lock_id(point))), ("joined".to_owned(), s(id))])
}

/// The condition that a record is still as it was read.
fn unchanged(read: &Record) -> (&'static str, Item) {
    match read.stored_version() {
        Some(version) => ("#version = :version", HashMap::from([(":version".to_owned(), n(version))])),
        None => ("attribute_exists(tenant_id) AND attribute_not_exists(#version)", HashMap::new()),
    }
}
