//! How parties are, in the state table: one small item for each API key of the till, one for the platform.
//!
//! An item is there from the first time that a circuit opens until a day after it matters. Reading is eventually
//! consistent: half the price, and a view is seconds old in any case; what was missed comes with the save that is lost.

use crate::{
    attributes::{Item, n, number, s, text},
    failure::unavailable,
};
use app::ports::{CircuitStore, Saved, StoreError, StoredStanding, Upstream};
use aws_sdk_dynamodb::{Client, operation::put_item::PutItemError, types::ReturnValuesOnConditionCheckFailure};
use domain::circuit::Standing;

/// The sort key of every item.
const SORT: &str = "circuit";

/// How long an item is kept that no longer matters, in seconds.
const KEPT: i64 = 24 * 60 * 60;

/// How parties are, in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoCircuits {
    client: Client,
    table: String,
}

impl DynamoCircuits {
    /// In this table, with string keys `pk` and `sk` and the time-to-live attribute `expires_at`.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }

    fn what(&self) -> String {
        format!("table {}", self.table)
    }
}

impl CircuitStore for DynamoCircuits {
    async fn load(&self, upstream: &Upstream) -> Result<Option<StoredStanding>, StoreError> {
        let get = self.client.get_item().table_name(&self.table).key("pk", s(name(upstream))).key("sk", s(SORT));
        let found = get.send().await.map_err(|error| unavailable(self.what(), &error))?;
        Ok(found.item().and_then(stored))
    }

    async fn save(&self, upstream: &Upstream, expected: Option<u64>, standing: &Standing) -> Result<Saved, StoreError> {
        let revision = expected.unwrap_or_default() + 1;
        let content = serde_json::to_string(standing).unwrap_or_default();
        let put = self.client.put_item().table_name(&self.table);
        let put = put
            .item("pk", s(name(upstream)))
            .item("sk", s(SORT))
            .item("revision", n(revision))
            .item("standing", s(content))
            .item("expires_at", n(standing.matters_until_ms().div_euclid(1000) + KEPT))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let put = match expected {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(expected) => {
                put.condition_expression("revision = :expected").expression_attribute_values(":expected", n(expected))
            }
        };
        match put.send().await {
            Ok(_) => Ok(Saved::Done(revision)),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(lost)) => {
                    Ok(Saved::Lost(lost.item().and_then(stored)))
                }
                _ => Err(unavailable(self.what(), &error)),
            },
        }
    }
}

fn name(upstream: &Upstream) -> String {
    format!("circuit#{upstream}")
}

/// What this version cannot read is well: the party is called, and what comes of it is written anew.
fn stored(item: &Item) -> Option<StoredStanding> {
    let revision = number(item, "revision")?;
    let standing = text(item, "standing").and_then(|standing| serde_json::from_str(standing).ok()).unwrap_or_default();
    Some(StoredStanding { standing, revision })
}

#[cfg(test)]
mod tests;
