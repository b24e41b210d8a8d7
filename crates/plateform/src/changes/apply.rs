//! Sending a change set, and what became of each of its entries.

use super::{ChangeOutcome, MAX_CHANGES, MAX_CHANGES_BYTES, MenuChanges, MenuKind, Outcome};
use crate::{
    Client, error, text,
    transport::{Caller, Write},
};
use app::ports::{PlatformAccess, PlatformError, Work};
use domain::TenantId;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};

#[derive(Deserialize)]
struct ResultsDto {
    /// Read one by one, so that one that cannot be read spoils no other.
    results: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResultDto {
    kind: String,
    external_id: String,
    outcome: Option<String>,
    error: Option<Value>,
}

impl Client {
    /// `applyMenuChanges`: applies one change set; answers one outcome for each entry, in the order of the set.
    ///
    /// # Errors
    /// `Refused` without a call when the set is over [`MAX_CHANGES`] or [`MAX_CHANGES_BYTES`] (see
    /// [`MenuChanges::batches`]); else as [`PlatformError`] says. An entry that fails is no error but an outcome.
    pub async fn apply_menu_changes(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        idempotency_key: &str,
        changes: &MenuChanges,
    ) -> Result<Vec<ChangeOutcome>, PlatformError> {
        let url = self.restaurant_url(tenant, &["menu", "changes"])?;
        let write = Write::new(Method::POST, url, idempotency_key, changes)?;
        if changes.len() > MAX_CHANGES || write.len() > MAX_CHANGES_BYTES {
            return Err(error::ours("too_many_changes"));
        }
        let answer: ResultsDto = error::parse(&self.write(Caller { work, access, tenant }, write).await?)?;
        Ok(outcomes(changes, answer))
    }
}

fn outcomes(changes: &MenuChanges, answer: ResultsDto) -> Vec<ChangeOutcome> {
    // An upsert and a deactivation of the same entry have a result each, in this order.
    let mut told: BTreeMap<(String, String), VecDeque<Outcome>> = BTreeMap::new();
    for result in answer.results.into_iter().filter_map(|result| serde_json::from_value::<ResultDto>(result).ok()) {
        let key = (result.kind.clone(), result.external_id.clone());
        told.entry(key).or_default().push_back(outcome(&result));
    }
    let missing = || Outcome::Failed { code: "missing_result".to_owned() };
    let of = |(kind, id): (MenuKind, &str)| {
        let outcomes = told.get_mut(&(kind.name().to_owned(), id.to_owned()));
        let outcome = outcomes.and_then(VecDeque::pop_front).unwrap_or_else(missing);
        ChangeOutcome { kind, external_id: id.to_owned(), outcome }
    };
    changes.entries().map(of).collect()
}

fn outcome(result: &ResultDto) -> Outcome {
    match result.outcome.as_deref().unwrap_or_default() {
        "created" => Outcome::Created,
        "updated" => Outcome::Updated,
        "unchanged" => Outcome::Unchanged,
        "deactivated" => Outcome::Deactivated,
        "failed" => {
            let code = result.error.as_ref().and_then(|error| error.get("code")?.as_str());
            Outcome::Failed { code: code.map_or_else(|| "no_code".to_owned(), text::shown) }
        }
        _ => Outcome::Failed { code: "unknown_outcome".to_owned() },
    }
}
