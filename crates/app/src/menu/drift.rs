//! What differs between till and platform, for a person to read.

use crate::{
    ports::StoreError,
    ports::menu::{MenuState, MenuStore},
};
use domain::{
    TenantId,
    menu::{
        Check, Finding,
        manifest::{Known, Manifest},
    },
};
use serde::Serialize;

/// The drift of one tenant, as the last cycle left it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    /// When everything was last compared, in milliseconds since the epoch.
    pub compared_ms: Option<i64>,
    /// How many entries are the same on both sides.
    pub same: usize,
    /// How many were deleted on the till and wait on the platform for a person.
    pub deactivated: usize,
    /// Only on the platform.
    pub only_platform: Vec<Finding>,
    /// Only on the till: read and not offered, or not taken.
    pub only_till: Vec<Finding>,
    /// Without a price in a service.
    pub without_price: Vec<Finding>,
    /// Without a name.
    pub unnamed: Vec<Finding>,
    /// Everything else that a person should know.
    pub other: Vec<Finding>,
}

/// Reads the drift of a tenant; none if no cycle has run.
///
/// # Errors
/// When the store fails.
pub async fn drift(store: &impl MenuStore, tenant: &TenantId) -> Result<Option<Drift>, StoreError> {
    let Some(state) = store.look(tenant).await? else { return Ok(None) };
    let (findings, manifest) = (store.findings(tenant).await?, store.manifest(tenant).await?);
    Ok(Some(compose(&state, &findings, &manifest)))
}

fn compose(state: &MenuState, findings: &[Finding], manifest: &Manifest) -> Drift {
    let of = |wanted: &[Check]| findings.iter().filter(|f| wanted.contains(&f.check)).cloned().collect();
    let deactivated = manifest.entries.values().filter(|known| **known == Known::Deactivated).count();
    Drift {
        compared_ms: state.whole_pass_ms,
        same: manifest.entries.len() - deactivated,
        deactivated,
        only_platform: of(&[Check::Ghost]),
        only_till: of(&[Check::Variants, Check::Composition, Check::ByWeight, Check::NotTaken]),
        without_price: of(&[Check::Price]),
        unnamed: of(&[Check::Name, Check::Option]),
        other: of(&[
            Check::SalesMode,
            Check::Category,
            Check::Channel,
            Check::Photo,
            Check::SameName,
            Check::Incomplete,
            Check::MassChange,
            Check::Key,
            Check::Others,
        ]),
    }
}
