//! What the queues gave up, as an operator looks at it and sends it back.
//!
//! A message leaves the dead-letter queue only after the queue that it came from has taken it: whatever ends a redrive in
//! the middle, nothing is lost, and at worst a message is delivered twice, which changes nothing.

use crate::failure::{malformed, unavailable};
use app::ports::StoreError;
use aws_sdk_sqs::{
    Client,
    types::{Message, MessageSystemAttributeName, QueueAttributeName},
};
use jiff::Timestamp;
use serde::Serialize;
use std::{collections::HashMap, time::Duration};

/// As many messages as SQS gives at once.
const AT_ONCE: i32 = 10;
/// How long SQS looks for messages before it says that there are none: all of its servers are asked.
const LOOK: i32 = 1;

/// How many messages a queue has, as SQS counts them: approximately.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Depth {
    /// Ready to be received.
    pub waiting: u64,
    /// Received and neither deleted nor given back.
    pub in_flight: u64,
    /// Not ready before their delay is over.
    pub delayed: u64,
}

/// A message that was given up.
#[derive(Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// SQS's id, as the logs have it.
    pub id: String,
    /// The message. Holds personal data.
    pub body: String,
    /// Its group, where SQS says it.
    pub group: Option<String>,
    /// How often it was received, by the function and by whoever looked since.
    pub receives: u64,
    /// When it was first sent.
    pub first_sent: Option<Timestamp>,
    receipt: String,
}

#[cfg(any(test, feature = "test-support"))]
impl DeadLetter {
    /// A message of no group that was received once, for tests.
    #[must_use]
    pub fn example(id: &str, body: &str) -> Self {
        let (id, body) = (id.to_owned(), body.to_owned());
        Self { receipt: format!("receipt of {id}"), id, body, group: None, receives: 1, first_sent: None }
    }
}

impl std::fmt::Debug for DeadLetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeadLetter").field("id", &self.id).finish_non_exhaustive()
    }
}

/// How many messages the queue at this URL has.
///
/// # Errors
/// When SQS does not answer.
pub async fn depth(client: &Client, url: &str) -> Result<Depth, StoreError> {
    use QueueAttributeName::{
        ApproximateNumberOfMessages as Waiting, ApproximateNumberOfMessagesDelayed as Delayed,
        ApproximateNumberOfMessagesNotVisible as InFlight,
    };
    let asked = client.get_queue_attributes().queue_url(url);
    let asked = asked.set_attribute_names(Some(vec![Waiting, InFlight, Delayed])).send().await;
    let found = asked.map_err(|error| unavailable(format!("queue {url}"), &error))?.attributes.unwrap_or_default();
    let count = |name| found.get(&name).and_then(|count| count.parse().ok()).unwrap_or_default();
    Ok(Depth { waiting: count(Waiting), in_flight: count(InFlight), delayed: count(Delayed) })
}

/// A dead-letter queue and the queue that it belongs to.
#[derive(Debug, Clone)]
pub struct DeadLetters {
    client: Client,
    url: String,
    source: String,
}

impl DeadLetters {
    /// The dead-letter queue at `url` of the queue at `source`.
    pub fn new(client: Client, url: impl Into<String>, source: impl Into<String>) -> Self {
        Self { client, url: url.into(), source: source.into() }
    }

    /// Up to ten messages, hidden from others for so long; none when there are none that nobody holds.
    ///
    /// # Errors
    /// When SQS does not answer.
    pub async fn receive(&self, hidden: Duration) -> Result<Vec<DeadLetter>, StoreError> {
        use MessageSystemAttributeName::{ApproximateReceiveCount, MessageGroupId, SentTimestamp};
        let answer = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(AT_ONCE)
            .wait_time_seconds(LOOK)
            .visibility_timeout(i32::try_from(hidden.as_secs()).unwrap_or(i32::MAX))
            .set_message_system_attribute_names(Some(vec![ApproximateReceiveCount, MessageGroupId, SentTimestamp]))
            .send()
            .await;
        let messages = answer.map_err(|error| unavailable(self.what(), &error))?.messages.unwrap_or_default();
        messages.into_iter().map(|message| self.read(message)).collect()
    }

    /// Gives a message back, for anybody to receive.
    ///
    /// # Errors
    /// When SQS does not answer: the message comes back by itself when its time is over.
    pub async fn release(&self, letter: &DeadLetter) -> Result<(), StoreError> {
        let shown = self.client.change_message_visibility().queue_url(&self.url).receipt_handle(&letter.receipt);
        shown.visibility_timeout(0).send().await.map(drop).map_err(|error| unavailable(self.what(), &error))
    }

    /// Sends a message to the queue that it came from, in its group, and only then takes it out of this one.
    ///
    /// # Errors
    /// When SQS did not take it: it stays here. When it could not be taken out: it is in both, which changes nothing.
    pub async fn send_back(&self, letter: &DeadLetter, group: Option<&str>) -> Result<(), StoreError> {
        let sent = self.client.send_message().queue_url(&self.source).message_body(&letter.body);
        let sent = sent.set_message_group_id(group.map(str::to_owned)).send().await;
        sent.map_err(|error| unavailable(format!("queue {}", self.source), &error))?;
        let deleted = self.client.delete_message().queue_url(&self.url).receipt_handle(&letter.receipt).send().await;
        deleted.map(drop).map_err(|error| unavailable(self.what(), &error))
    }

    fn what(&self) -> String {
        format!("queue {}", self.url)
    }

    fn read(&self, message: Message) -> Result<DeadLetter, StoreError> {
        let (Some(id), Some(receipt)) = (message.message_id, message.receipt_handle) else {
            return Err(malformed(self.what(), "SQS gave a message without id or receipt; try again"));
        };
        let attributes = message.attributes.unwrap_or_default();
        let said = |name: MessageSystemAttributeName| text(&attributes, &name);
        let sent = said(MessageSystemAttributeName::SentTimestamp).and_then(|ms| ms.parse().ok());
        Ok(DeadLetter {
            id,
            receipt,
            body: message.body.unwrap_or_default(),
            group: said(MessageSystemAttributeName::MessageGroupId).map(str::to_owned),
            receives: said(MessageSystemAttributeName::ApproximateReceiveCount)
                .and_then(|count| count.parse().ok())
                .unwrap_or_default(),
            first_sent: sent.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        })
    }
}

fn text<'a>(
    attributes: &'a HashMap<MessageSystemAttributeName, String>,
    name: &MessageSystemAttributeName,
) -> Option<&'a str> {
    attributes.get(name).map(String::as_str)
}

#[cfg(test)]
mod tests;
