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
    let deactivated = manifest.entries.values().filter(|known| **known == Known::Deactivated).count();
    let mut drift = Drift {
        compared_ms: state.whole_pass_ms,
        same: manifest.entries.len() - deactivated,
        deactivated,
        only_platform: Vec::new(),
        only_till: Vec::new(),
        without_price: Vec::new(),
        unnamed: Vec::new(),
        other: Vec::new(),
    };
    for finding in findings {
        drift.list_of(finding.check).push(finding.clone());
    }
    drift
}

impl Drift {
    /// Where findings of a check are told: each has its place.
    fn list_of(&mut self, check: Check) -> &mut Vec<Finding> {
        match check {
            Check::Ghost => &mut self.only_platform,
            Check::Variants | Check::Composition | Check::ByWeight | Check::NotTaken => &mut self.only_till,
            Check::Price => &mut self.without_price,
            Check::Name | Check::Option => &mut self.unnamed,
            Check::SalesMode
            | Check::Category
            | Check::Channel
            | Check::Photo
            | Check::SameName
            | Check::Incomplete
            | Check::MassChange
            | Check::Key
            | Check::Webhook
            | Check::Others => &mut self.other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::menu::Level;

    const CHECKS: [Check; 18] = [
        Check::SalesMode,
        Check::Price,
        Check::Variants,
        Check::Composition,
        Check::ByWeight,
        Check::Name,
        Check::Category,
        Check::Channel,
        Check::Option,
        Check::Photo,
        Check::SameName,
        Check::Key,
        Check::Incomplete,
        Check::MassChange,
        Check::Ghost,
        Check::NotTaken,
        Check::Webhook,
        Check::Others,
    ];

    #[test]
    fn every_finding_is_told_once_whatever_was_checked() {
        let finding = |check| {
            let text = format!("{check:?}");
            Finding { check, level: Level::Warning, subject: String::new(), message: text, remedy: String::new() }
        };
        let findings = CHECKS.map(finding);
        let drift = compose(&MenuState::default(), &findings, &Manifest::default());
        let lists = [drift.only_platform, drift.only_till, drift.without_price, drift.unnamed, drift.other];
        let mut told = lists.concat();
        told.sort();
        assert_eq!(told, findings);
    }
}
