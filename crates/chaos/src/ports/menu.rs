//! What is known of menus, and the till's calls, behind their edges.

use super::Edge;
use app::ports::{
    StoreError,
    menu::{CallBudget, MenuLease, MenuState, MenuStore},
};
use domain::{
    TenantId,
    menu::{Finding, manifest::Manifest},
};
use jiff::Timestamp;
use secrecy::SecretString;

/// The table of menus.
#[derive(Debug, Clone)]
pub(crate) struct SimMenuStore(pub(crate) Edge);

impl MenuStore for SimMenuStore {
    async fn take(&self, tenant: &TenantId, until: Timestamp) -> Result<Option<MenuLease>, StoreError> {
        self.0.store(tenant.as_str(), async { self.0.sim.menus.take(tenant, until).await }).await
    }

    async fn save(&self, tenant: &TenantId, revision: u64, state: &MenuState) -> Result<bool, StoreError> {
        self.0.store(tenant.as_str(), async { self.0.sim.menus.save(tenant, revision, state).await }).await
    }

    async fn look(&self, tenant: &TenantId) -> Result<Option<MenuState>, StoreError> {
        self.0.store(tenant.as_str(), async { self.0.sim.menus.look(tenant).await }).await
    }

    async fn findings(&self, tenant: &TenantId) -> Result<Vec<Finding>, StoreError> {
        self.0.store(tenant.as_str(), async { self.0.sim.menus.findings(tenant).await }).await
    }

    async fn save_findings(&self, tenant: &TenantId, findings: &[Finding]) -> Result<(), StoreError> {
        self.0.store(tenant.as_str(), async { self.0.sim.menus.save_findings(tenant, findings).await }).await
    }

    async fn put_aside(&self, tenant: &TenantId, revision: u64, pass: &[u8]) -> Result<(), StoreError> {
        self.0.store(tenant.as_str(), async { self.0.sim.menus.put_aside(tenant, revision, pass).await }).await
    }

    async fn resume(&self, tenant: &TenantId, revision: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.store(tenant.as_str(), async { self.0.sim.menus.resume(tenant, revision).await }).await
    }

    async fn manifest(&self, tenant: &TenantId) -> Result<Manifest, StoreError> {
        self.0.store(tenant.as_str(), async { self.0.sim.menus.manifest(tenant).await }).await
    }

    async fn save_manifest(
        &self,
        tenant: &TenantId,
        before: Option<&Manifest>,
        after: &Manifest,
    ) -> Result<(), StoreError> {
        self.0.store(tenant.as_str(), async { self.0.sim.menus.save_manifest(tenant, before, after).await }).await
    }
}

/// The till's calls.
#[derive(Debug, Clone)]
pub(crate) struct SimBudget(pub(crate) Edge);

impl CallBudget for SimBudget {
    async fn take_calls(&self, api_key: &SecretString, wanted: u32) -> Result<u32, StoreError> {
        self.0.store("budget", async { self.0.sim.budget.take_calls(api_key, wanted).await }).await
    }
}
