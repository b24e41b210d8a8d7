//! Opens the secrets that items of the tenants table hold.
//!
//! Three forms: a sealed blob (see [`crate::envelope`]), a ciphertext of KMS itself with the encryption context
//! `tenant_id` and `purpose`, and, only in local runs, the plain string.

use crate::{
    cache::Cache,
    envelope::{DataKey, Envelope, Purpose, SealError},
    failure::{malformed, refused, unavailable},
};
use app::ports::StoreError;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_kms::{Client, error::SdkError, operation::decrypt::DecryptError, primitives::Blob, types::DataKeySpec};
use jiff::{SignedDuration, Timestamp};
use secrecy::{SecretString, zeroize::Zeroizing};
use std::sync::Arc;

/// The encryption context of every data key.
const KEY_CONTEXT: (&str, &str) = ("ponte", "secrets");
/// As many data keys as a process remembers: that of the platform's record, and one for each restaurant where that is no
/// envelope.
const MOST_KEYS: usize = 256;

/// Whose secret is meant and what it is for.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The key of the item that holds it.
    pub tenant: &'a str,
    /// What it is for.
    pub purpose: Purpose,
}

impl Place<'_> {
    fn what(&self) -> String {
        format!("the secret {} of {}", self.purpose.as_str(), self.tenant)
    }
}

/// Opens secrets; data keys are unwrapped once per process.
#[derive(Debug)]
pub struct Secrets {
    kms: Client,
    key_id: Option<String>,
    allow_plaintext: bool,
    keys: Cache<Vec<u8>, DataKey>,
}

impl Secrets {
    /// Opens with this KMS key; strings are secrets only where `allow_plaintext`.
    #[must_use]
    pub fn new(kms: Client, key_id: Option<String>, allow_plaintext: bool) -> Self {
        Self { kms, key_id, allow_plaintext, keys: Cache::new(MOST_KEYS) }
    }

    /// The secret in an attribute.
    ///
    /// # Errors
    /// `Malformed` when it is in no form that opens, `Unavailable` when KMS does not answer.
    pub async fn open(&self, place: Place<'_>, value: Option<&AttributeValue>) -> Result<SecretString, StoreError> {
        match value {
            Some(AttributeValue::B(blob)) => self.open_blob(place, blob.as_ref()).await,
            Some(AttributeValue::S(_)) if !self.allow_plaintext => Err(malformed(
                place.what(),
                "a string is a secret only in local runs, with ALLOW_PLAINTEXT_SECRETS=true; store it sealed",
            )),
            Some(AttributeValue::S(text)) if !text.is_empty() => Ok(SecretString::from(text.as_str())),
            Some(_) => Err(malformed(place.what(), "neither sealed nor a text; store it again")),
            None => Err(malformed(place.what(), "missing; store it")),
        }
    }

    /// Whether there is a key to seal with; without one, where strings are allowed, a secret is stored as a string.
    #[must_use]
    pub fn has_key(&self) -> bool {
        self.key_id.is_some() || !self.allow_plaintext
    }

    /// A new data key.
    ///
    /// # Errors
    /// When KMS does not make one, or no key is configured.
    pub async fn new_data_key(&self) -> Result<Arc<DataKey>, StoreError> {
        let made = self
            .kms
            .generate_data_key()
            .set_key_id(self.key_id.clone())
            .key_spec(DataKeySpec::Aes256)
            .encryption_context(KEY_CONTEXT.0, KEY_CONTEXT.1)
            .send()
            .await
            .map_err(|error| unavailable("the key of secrets", &error))?;
        let wrapped = made.ciphertext_blob.map(Blob::into_inner).unwrap_or_default();
        self.remember(wrapped, made.plaintext)
    }

    /// The data key of a sealed blob, so that another secret can be sealed with it; none if the blob is not sealed.
    ///
    /// # Errors
    /// When the blob is damaged or KMS does not answer.
    pub async fn data_key_of(&self, blob: &[u8]) -> Result<Option<Arc<DataKey>>, StoreError> {
        let envelope = Envelope::parse(blob).map_err(|error| malformed("a sealed secret", error.to_string()))?;
        match envelope {
            Some(envelope) => self.data_key(envelope.wrapped, "the data key of a sealed secret").await.map(Some),
            None => Ok(None),
        }
    }

    async fn open_blob(&self, place: Place<'_>, blob: &[u8]) -> Result<SecretString, StoreError> {
        let broken = |error: SealError| malformed(place.what(), format!("{error}; store it again"));
        let Some(envelope) = Envelope::parse(blob).map_err(broken)? else {
            return self.open_direct(place, blob).await;
        };
        let key = self.data_key(envelope.wrapped, &place.what()).await?;
        envelope.open(&key, place.tenant, place.purpose).map_err(broken)
    }

    /// Opens a ciphertext that KMS made itself.
    async fn open_direct(&self, place: Place<'_>, blob: &[u8]) -> Result<SecretString, StoreError> {
        let context = [("tenant_id", place.tenant), ("purpose", place.purpose.as_str())];
        let plain = Zeroizing::new(self.decrypt(blob, &context, &place.what()).await?);
        let text = std::str::from_utf8(&plain).ok().filter(|text| !text.is_empty());
        text.map(SecretString::from).ok_or_else(|| malformed(place.what(), "not a text; store it again"))
    }

    async fn data_key(&self, wrapped: &[u8], what: &str) -> Result<Arc<DataKey>, StoreError> {
        // Keys have no age: what a wrapped key opens to never changes.
        if let Some(key) = self.keys.get(&wrapped.to_vec(), Timestamp::MIN, SignedDuration::MAX) {
            return Ok(key);
        }
        let key = self.decrypt(wrapped, &[KEY_CONTEXT], what).await?;
        self.remember(wrapped.to_vec(), Some(Blob::new(key)))
    }

    fn remember(&self, wrapped: Vec<u8>, key: Option<Blob>) -> Result<Arc<DataKey>, StoreError> {
        let key = Zeroizing::new(key.map(Blob::into_inner).unwrap_or_default());
        let key = DataKey::new(wrapped.clone(), &key)
            .map_err(|_| refused("the key of secrets", "KMS gave something that is no key of 32 bytes"))?;
        let key = Arc::new(key);
        self.keys.put(wrapped, Timestamp::MIN, Arc::clone(&key));
        Ok(key)
    }

    async fn decrypt(&self, blob: &[u8], context: &[(&str, &str)], what: &str) -> Result<Vec<u8>, StoreError> {
        let mut call = self.kms.decrypt().set_key_id(self.key_id.clone()).ciphertext_blob(Blob::new(blob));
        for (name, value) in context {
            call = call.encryption_context(*name, *value);
        }
        let opened = call.send().await.map_err(|error| decrypt_failed(what, &error))?;
        Ok(opened.plaintext.map(Blob::into_inner).unwrap_or_default())
    }
}

/// A ciphertext that this key or context does not open stays so; everything else may pass.
fn decrypt_failed(what: &str, error: &SdkError<DecryptError>) -> StoreError {
    match error.as_service_error() {
        Some(DecryptError::InvalidCiphertextException(_) | DecryptError::IncorrectKeyException(_)) => {
            malformed(what, "KMS does not open it with this key and context; store it again with SECRETS_KEY_ID")
        }
        _ => unavailable(format!("KMS for {what}"), error),
    }
}

#[cfg(test)]
mod tests;
