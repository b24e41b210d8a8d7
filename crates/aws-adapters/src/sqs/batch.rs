//! Messages in the form and the batches that SQS takes.

use crate::failure::malformed;
use app::{message::encode, ports::StoreError};
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use domain::TenantId;
use serde::Serialize;
use std::time::Duration;

/// As many messages as SQS takes in one batch.
const BATCH: usize = 10;
/// As many bytes as SQS takes in one batch, 1 MiB, less a reserve for what it counts beside the bodies.
const BATCH_BYTES: usize = (1 << 20) - 16 * 1024;
/// The longest delay of a message in seconds.
const LONGEST_DELAY: u64 = 900;
/// One message, ready but for its number in the batch.
pub(super) struct Entry {
    body: String,
    group: String,
    delay: i32,
}

impl Entry {
    pub(super) fn numbered(
        &self,
        number: usize,
    ) -> Result<SendMessageBatchRequestEntry, aws_sdk_sqs::error::BuildError> {
        SendMessageBatchRequestEntry::builder()
            .id(number.to_string())
            .message_body(&self.body)
            .message_group_id(&self.group)
            .set_delay_seconds((self.delay > 0).then_some(self.delay))
            .build()
    }
}

pub(super) fn entry<T: Serialize>(message: &T, tenant: &TenantId, delay: Duration) -> Result<Entry, StoreError> {
    let body = encode(message).map_err(|error| malformed("a message", error.to_string()))?;
    Ok(Entry { body, group: tenant.to_string(), delay: seconds(delay, LONGEST_DELAY) })
}

/// Whole seconds, a begun one counted.
pub(super) fn seconds(duration: Duration, longest: u64) -> i32 {
    let whole = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    i32::try_from(whole.min(longest)).unwrap_or(i32::MAX)
}

/// The messages in batches that SQS takes.
pub(super) fn batches(entries: Vec<Entry>) -> Result<Vec<Vec<Entry>>, StoreError> {
    let mut batches: Vec<Vec<Entry>> = Vec::new();
    let mut bytes = 0;
    for entry in entries {
        let size = entry.body.len();
        if size > BATCH_BYTES {
            return Err(malformed("a message", format!("{size} bytes are more than a queue takes")));
        }
        bytes += size;
        match batches.last_mut().filter(|batch| batch.len() < BATCH && bytes <= BATCH_BYTES) {
            Some(batch) => batch.push(entry),
            None => {
                batches.push(vec![entry]);
                bytes = size;
            }
        }
    }
    Ok(batches)
}
