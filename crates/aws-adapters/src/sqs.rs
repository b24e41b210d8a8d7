//! The queues: standard queues whose message group is the tenant, so that a busy restaurant does not delay the others
//! (fair queues).

mod batch;

use crate::failure::{refused, unavailable};
use app::{
    message::{OrderMessage, SyncMessage},
    ports::{OrderQueue, StoreError, SyncQueue},
};
use aws_sdk_sqs::Client;
use batch::{Entry, batches, entry, seconds};
use std::time::Duration;

/// The longest time a message can stay invisible, in seconds.
const LONGEST_INVISIBLE: u64 = 12 * 60 * 60;
/// How often the rest of a batch is sent, the first time included.
const ATTEMPTS: u32 = 3;
/// How long to wait before the rest of a batch is sent again.
const PAUSE: Duration = Duration::from_millis(100);

/// One queue.
#[derive(Debug, Clone)]
pub struct SqsQueue {
    client: Client,
    url: String,
}

/// The orders queue in SQS.
#[derive(Debug, Clone)]
pub struct SqsOrderQueue(SqsQueue);

/// The sync queue in SQS.
#[derive(Debug, Clone)]
pub struct SqsSyncQueue(SqsQueue);

impl SqsOrderQueue {
    /// The orders queue at this URL.
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        Self(SqsQueue::new(client, url))
    }

    /// The queue itself.
    #[must_use]
    pub fn queue(&self) -> &SqsQueue {
        &self.0
    }
}

impl SqsSyncQueue {
    /// The sync queue at this URL.
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        Self(SqsQueue::new(client, url))
    }

    /// The queue itself.
    #[must_use]
    pub fn queue(&self) -> &SqsQueue {
        &self.0
    }
}

impl OrderQueue for SqsOrderQueue {
    async fn send(&self, messages: &[(OrderMessage, Duration)]) -> Result<(), StoreError> {
        let entries = messages.iter().map(|(message, delay)| entry(message, &message.tenant, *delay));
        self.0.send_all(entries.collect::<Result<_, _>>()?).await
    }
}

impl SyncQueue for SqsSyncQueue {
    async fn send(&self, messages: &[(SyncMessage, Duration)]) -> Result<(), StoreError> {
        let entries = messages.iter().map(|(message, delay)| entry(message, &message.tenant, *delay));
        self.0.send_all(entries.collect::<Result<_, _>>()?).await
    }
}

impl SqsQueue {
    /// The queue at this URL.
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        Self { client, url: url.into() }
    }

    /// Hides a received message for so long from now on; a failed record backs off this way.
    ///
    /// # Errors
    /// When SQS does not do it: the message comes back after the queue's own timeout.
    pub async fn change_visibility(&self, receipt_handle: &str, invisible: Duration) -> Result<(), StoreError> {
        self.client
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(receipt_handle)
            .visibility_timeout(seconds(invisible, LONGEST_INVISIBLE))
            .send()
            .await
            .map(drop)
            .map_err(|error| unavailable(self.what(), &error))
    }

    /// Opens the connection while the function starts. An empty batch is refused by SQS, which is all that is wanted:
    /// the right to send is enough for it, and nothing is stored.
    pub async fn warm(&self) {
        let batch = self.client.send_message_batch().queue_url(&self.url).set_entries(Some(Vec::new()));
        drop(batch.send().await);
    }

    fn what(&self) -> String {
        format!("queue {}", self.url)
    }

    async fn send_all(&self, entries: Vec<Entry>) -> Result<(), StoreError> {
        for batch in batches(entries)? {
            self.send_batch(batch).await?;
        }
        Ok(())
    }

    /// Sends one batch; what SQS did not take is sent again alone.
    async fn send_batch(&self, mut rest: Vec<Entry>) -> Result<(), StoreError> {
        for attempt in 1..=ATTEMPTS {
            let numbered = rest.iter().enumerate().map(|(i, entry)| entry.numbered(i));
            let entries = numbered.collect::<Result<Vec<_>, _>>().map_err(|e| refused(self.what(), e.to_string()))?;
            let batch = self.client.send_message_batch().queue_url(&self.url).set_entries(Some(entries));
            let answer = batch.send().await.map_err(|error| unavailable(self.what(), &error))?;
            let Some(first) = answer.failed.first() else {
                return Ok(());
            };
            if let Some(fault) =
                answer.failed.iter().find(|failed| failed.sender_fault).or((attempt == ATTEMPTS).then_some(first))
            {
                return Err(refused(
                    self.what(),
                    format!("{} messages not taken: {}", answer.failed.len(), fault.code),
                ));
            }
            let failed: Vec<usize> = answer.failed.iter().filter_map(|failed| failed.id.parse().ok()).collect();
            rest = rest.into_iter().enumerate().filter(|(i, _)| failed.contains(i)).map(|(_, entry)| entry).collect();
            tokio::time::sleep(PAUSE * attempt).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
