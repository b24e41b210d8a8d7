//! The till's calls in the state table: one counter per API key and ten minutes, from which processes take blocks.
//!
//! A process hands out its block before it asks for the next one, so that ten calls cost one write. What is left of a
//! block when the ten minutes are over is gone; so is a block whose write was repeated by the SDK after it had been
//! done. Both err on the side of fewer calls.

use crate::{
    attributes::{n, number, s},
    failure::unavailable,
};
use app::{
    ports::menu::CallBudget,
    ports::{Clock, StoreError, SystemClock},
};
use aws_lc_rs::digest::{SHA256, digest};
use aws_sdk_dynamodb::{Client, operation::update_item::UpdateItemError, types::ReturnValuesOnConditionCheckFailure};
use secrecy::{ExposeSecret, SecretString};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How long a window is, in seconds.
const WINDOW: i64 = 600;
/// How many of the till's 360 calls of a window are not kept for orders: half of them, because its windows and ours begin
/// at different times, and the ten minutes of the one may hold the end and the beginning of two of the other.
const MOST: u32 = 180;
/// How many calls a process takes at once.
const BLOCK: u32 = 10;
/// How long a counter is kept after its window, in seconds.
const KEPT: i64 = 3600;
/// How often a block is asked for when others take theirs in between.
const ATTEMPTS: u32 = 4;

/// What a process has of one window.
#[derive(Debug, Clone, Copy)]
struct Block {
    window: i64,
    left: u32,
    /// Whether the table has no more for this window.
    is_last: bool,
}

/// The till's calls in DynamoDB. Clones share their block.
#[derive(Debug, Clone)]
pub struct DynamoCallBudget<C = SystemClock> {
    client: Client,
    table: String,
    clock: C,
    blocks: Arc<Mutex<HashMap<String, Block>>>,
}

impl<C: Clock> DynamoCallBudget<C> {
    /// Counters in this table, with string keys `pk` and `sk` and the time-to-live attribute `expires_at`.
    pub fn new(client: Client, table: impl Into<String>, clock: C) -> Self {
        Self { client, table: table.into(), clock, blocks: Arc::default() }
    }

    /// The blocks of this window; those of others are forgotten.
    fn blocks(&self, window: i64) -> MutexGuard<'_, HashMap<String, Block>> {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        blocks.retain(|_, block| block.window == window);
        blocks
    }

    /// Takes from the process's block; answers how many, and whether the table may have more.
    fn take_from_block(&self, key: &str, window: i64, wanted: u32) -> (u32, bool) {
        let mut blocks = self.blocks(window);
        let Some(block) = blocks.get_mut(key) else {
            return (0, true);
        };
        let granted = block.left.min(wanted);
        block.left -= granted;
        (granted, !block.is_last)
    }

    /// Takes calls from the table, as many as there are if they are fewer; answers how many, and whether there are more.
    async fn take_from_table(&self, key: &str, window: i64, wanted: u32) -> Result<(u32, bool), StoreError> {
        let mut calls = wanted.clamp(BLOCK, MOST);
        for _ in 0..ATTEMPTS {
            let Some(used) = self.add(key, window, calls).await? else {
                return Ok((calls, true));
            };
            calls = calls.min(MOST.saturating_sub(used));
            if calls == 0 {
                return Ok((0, false));
            }
        }
        Ok((0, true))
    }

    /// Counts calls; answers how many others have used if these would be too many.
    async fn add(&self, key: &str, window: i64, calls: u32) -> Result<Option<u32>, StoreError> {
        let update = self.client.update_item().table_name(&self.table);
        let added = update
            .key("pk", s(format!("budget#{key}")))
            .key("sk", s(window.to_string()))
            .update_expression("SET expires_at = :expiry ADD used :calls")
            .condition_expression("attribute_not_exists(used) OR used <= :most")
            .expression_attribute_values(":expiry", n((window + 1) * WINDOW + KEPT))
            .expression_attribute_values(":calls", n(calls))
            .expression_attribute_values(":most", n(MOST - calls))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match added {
            Ok(_) => Ok(None),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(full)) => {
                    Ok(Some(full.item().and_then(|item| number(item, "used")).unwrap_or(MOST)))
                }
                _ => Err(unavailable(format!("table {}", self.table), &error)),
            },
        }
    }
}

impl<C: Clock> CallBudget for DynamoCallBudget<C> {
    async fn take_calls(&self, api_key: &SecretString, wanted: u32) -> Result<u32, StoreError> {
        let window = self.clock.now().as_second().div_euclid(WINDOW);
        let key = fingerprint(api_key);
        let (granted, has_more) = self.take_from_block(&key, window, wanted);
        let missing = wanted - granted;
        if missing == 0 || !has_more {
            return Ok(granted);
        }
        // Calls already granted are gone if this fails: they err on the right side.
        let (taken, has_more) = self.take_from_table(&key, window, missing).await?;
        let used = taken.min(missing);
        let mut blocks = self.blocks(window);
        let block = blocks.entry(key).or_insert(Block { window, left: 0, is_last: false });
        block.left += taken - used;
        block.is_last |= !has_more;
        Ok(granted + used)
    }
}

/// Names an API key without showing it: the first 64 bits of its SHA-256.
fn fingerprint(api_key: &SecretString) -> String {
    let digest = digest(&SHA256, api_key.expose_secret().as_bytes());
    digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
