//! Secrets on their way into a record.

use super::{DynamoRegistry, Record, RegistryError};
use crate::{
    attributes::s,
    envelope::{DataKey, Purpose, seal},
    failure::{refused, unavailable},
    secrets::Place,
    tenant_item::{self, PLATFORM},
};
use app::ports::StoreError;
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

impl DynamoRegistry {
    /// Seals an API key into a record, which is not written yet.
    ///
    /// # Errors
    /// If the key service does not do its part.
    pub async fn seal_api_key(&self, record: &mut Record, api_key: &SecretString) -> Result<(), RegistryError> {
        let sealed = self.sealed(record.id(), Purpose::CicApiKey, api_key).await?;
        record.put_secret("api_key", sealed);
        Ok(())
    }

    /// Seals the secrets of the till's webhooks into a record, in place of those that it has; it is not written yet.
    ///
    /// # Errors
    /// If the key service does not do its part.
    pub async fn seal_webhook_secrets(
        &self,
        record: &mut Record,
        secrets: &[SecretString],
    ) -> Result<(), RegistryError> {
        let sealed = self.sealed_list(record.id(), Purpose::CicWebhookSecret, secrets).await?;
        record.put_secret("webhook_secrets", sealed);
        Ok(())
    }

    /// The secrets of the till's webhooks, opened.
    ///
    /// # Errors
    /// `Malformed` if there are none, or one does not open.
    pub async fn webhook_secrets(&self, record: &Record) -> Result<Vec<SecretString>, RegistryError> {
        let place = Place { tenant: record.id(), purpose: Purpose::CicWebhookSecret };
        Ok(tenant_item::open_list(&self.secrets, place, record.secret("webhook_secrets")).await?)
    }

    pub(super) async fn sealed_list(
        &self,
        owner: &str,
        purpose: Purpose,
        secrets: &[SecretString],
    ) -> Result<AttributeValue, RegistryError> {
        let mut sealed = Vec::with_capacity(secrets.len());
        for secret in secrets {
            sealed.push(self.sealed(owner, purpose, secret).await?);
        }
        Ok(AttributeValue::L(sealed))
    }

    pub(super) async fn sealed(
        &self,
        owner: &str,
        purpose: Purpose,
        secret: &SecretString,
    ) -> Result<AttributeValue, RegistryError> {
        if !self.secrets.has_key() {
            return Ok(s(secret.expose_secret()));
        }
        let key = self.key.get_or_try_init(|| self.data_key()).await?;
        let sealed = seal(owner, purpose, secret, key).map_err(|error| refused("a secret", error.to_string()))?;
        Ok(AttributeValue::B(Blob::new(sealed)))
    }

    /// The data key of the platform's secrets, so that all records need one; a new one where those have none.
    async fn data_key(&self) -> Result<Arc<DataKey>, StoreError> {
        let get = self.client.get_item().table_name(&self.table).key("tenant_id", s(PLATFORM)).consistent_read(true);
        let platform = get.send().await.map_err(|error| unavailable(self.what(), &error))?.item;
        let token = platform.as_ref().and_then(|item| item.get("api_token")?.as_b().ok());
        if let Some(token) = token
            && let Some(key) = self.secrets.data_key_of(token.as_ref()).await?
        {
            return Ok(key);
        }
        self.secrets.new_data_key().await
    }
}
