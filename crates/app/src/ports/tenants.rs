//! Who is joined to whom, with the secrets of both sides.

use super::StoreError;
use domain::{TenantId, tenant::Tenant};
use jiff::Timestamp;
use secrecy::SecretString;
use std::{future::Future, sync::Arc};

/// A tenant with its secrets opened.
#[derive(Debug)]
pub struct TenantAccess {
    /// The record.
    pub tenant: Tenant,
    /// The till's API key.
    pub api_key: SecretString,
    /// The live secrets of the till's webhooks: one per entity, old and new during a rotation.
    pub webhook_secrets: Vec<SecretString>,
    /// When it was read, for the reload after a signature mismatch.
    pub read_at: Timestamp,
}

/// What the platform gave to Ponte as a whole.
#[derive(Debug)]
pub struct PlatformAccess {
    /// Bearer token of its API.
    pub api_token: SecretString,
    /// The live `whsec_` secrets of its webhooks.
    pub webhook_secrets: Vec<SecretString>,
    /// When it was read, for the reload after a signature mismatch.
    pub read_at: Timestamp,
}

/// How fresh a tenant has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// At most five minutes old.
    Cached,
    /// Read now.
    Reload,
}

/// Reads tenants. Answers may be up to five minutes old unless a reload is asked.
pub trait Tenants: Send + Sync {
    /// The tenant, or none if there is no such record. A malformed record is `Malformed`, never none.
    fn tenant(
        &self,
        id: &TenantId,
        freshness: Freshness,
    ) -> impl Future<Output = Result<Option<Arc<TenantAccess>>, StoreError>> + Send;

    /// The platform's record; a missing one is `Malformed`.
    fn platform(&self, freshness: Freshness) -> impl Future<Output = Result<Arc<PlatformAccess>, StoreError>> + Send;

    /// Every tenant whose record says active, in no order. Malformed records are skipped and logged by the adapter.
    fn active(&self) -> impl Future<Output = Result<Vec<TenantId>, StoreError>> + Send;
}
