//! What travels on the queues. The form is private to Ponte and versioned: a message of an older deploy stays readable
//! for as long as a queue keeps it (E61).

use domain::{
    OrderId, TenantId, TillOrderId,
    order::Order,
    till::{DocumentLink, TillOrder, Workflow},
};
use serde::{Deserialize, Serialize};

/// What the till said about an order when it called: the payload, kept only for when the order cannot be re-read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillHint {
    /// The till's order.
    pub id: TillOrderId,
    /// The platform's order, when the till says it.
    pub external_id: Option<OrderId>,
    /// Whether the event was a deletion.
    pub deleted: bool,
    /// The payload, when it had the shape of an order.
    pub payload: Option<TillOrder>,
}

impl TillHint {
    /// Whether it may only echo our own creation: that it comes says nothing of whether later changes do (API sheet 7.4).
    #[must_use]
    pub fn is_echo(&self) -> bool {
        let is_waiting = |payload: &TillOrder| payload.workflow == Workflow::Requested;
        !self.deleted && self.payload.as_ref().is_some_and(is_waiting)
    }
}

/// What happened, for the orders queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OrderEvent {
    /// The platform has a new order.
    Placed {
        /// The whole order.
        order: Box<Order>,
    },
    /// The platform's customer called an order off.
    Cancelled {
        /// The platform's order.
        order: OrderId,
    },
    /// The till said something about an order.
    TillOrder(TillHint),
    /// The till issued a receipt or an invoice.
    Document {
        /// The orders that it names.
        orders: Vec<DocumentLink>,
    },
    /// The restaurateur has had this many alerts' time to answer an order.
    Deadline {
        /// The platform's order.
        order: OrderId,
        /// Which alert it is, from 1.
        alert: u8,
    },
    /// The tenant's open orders are to be compared with the till.
    Reconcile,
    /// An operator has an order tried again; `sent_ms` names the attempt.
    Replay {
        /// The platform's order.
        order: OrderId,
        /// Send it though staff were told to enter it by hand.
        #[serde(default)]
        again: bool,
    },
}

/// A message of the orders queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderMessage {
    /// Whose it is; also the fair queue's group.
    pub tenant: TenantId,
    /// Ties the traces together.
    pub correlation: String,
    /// When it was put on the queue, in milliseconds since the epoch.
    pub sent_ms: i64,
    /// What happened.
    #[serde(flatten)]
    pub event: OrderEvent,
}

/// What is to be done for a tenant, for the sync queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncJob {
    /// The five-minute cycle.
    Sync,
    /// The nightly pass.
    FullSync,
    /// A product of the till or a customer of the platform changed.
    Changed,
    /// Something that many dishes share changed on the till, or the platform asked: everything is read.
    Requested,
}

/// A message of the sync queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncMessage {
    /// Whose it is; also the fair queue's group.
    pub tenant: TenantId,
    /// Ties the traces together.
    pub correlation: String,
    /// When it was put on the queue, in milliseconds since the epoch: what began later has seen what it speaks of.
    #[serde(default)]
    pub sent_ms: i64,
    /// When its turn comes, in milliseconds since the epoch: no queue delays by more than 15 minutes.
    #[serde(default)]
    pub due_ms: i64,
    /// What is to be done.
    pub job: SyncJob,
}

/// Why a queue body is not a message.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// Not JSON, or not a message of any version.
    #[error("not a message of this queue")]
    Malformed(#[source] serde_json::Error),
    /// A version that this deploy does not know.
    #[error("message version {0} is not known; deploy a version that knows it before replaying the message")]
    Version(u64),
}

/// The version written now. Older ones stay readable in `decode`.
const VERSION: u64 = 1;

#[derive(Serialize)]
struct Envelope<'a, T> {
    v: u64,
    #[serde(flatten)]
    message: &'a T,
}

/// Writes a message as text that SQS takes whole: JSON without the two non-characters that SQS refuses and JSON allows.
///
/// # Errors
/// When the message cannot be written as JSON; no message of this module is such.
pub fn encode<T: Serialize>(message: &T) -> Result<String, MessageError> {
    let json = serde_json::to_string(&Envelope { v: VERSION, message }).map_err(MessageError::Malformed)?;
    // Only inside string literals can these stand, so the escape is always valid JSON.
    Ok(json.replace('\u{FFFE}', "\\ufffe").replace('\u{FFFF}', "\\uffff"))
}

/// Reads a message of any known version.
///
/// # Errors
/// When it is none; the caller lets the message go to the dead-letter queue.
pub fn decode<T: for<'de> Deserialize<'de>>(body: &str) -> Result<T, MessageError> {
    #[derive(Deserialize)]
    struct Version {
        v: u64,
    }
    let version: Version = serde_json::from_str(body).map_err(MessageError::Malformed)?;
    match version.v {
        VERSION => serde_json::from_str(body).map_err(MessageError::Malformed),
        other => Err(MessageError::Version(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(event: OrderEvent) -> OrderMessage {
        OrderMessage { tenant: TenantId::parse("rest-1").unwrap(), correlation: "c-1".into(), sent_ms: 1, event }
    }

    #[test]
    fn a_message_survives_the_queue() {
        let sent = message(OrderEvent::Deadline { order: OrderId::parse("o-1").unwrap(), alert: 2 });
        assert_eq!(decode::<OrderMessage>(&encode(&sent).unwrap()).unwrap(), sent);
        let replay = message(OrderEvent::Replay { order: OrderId::parse("o-1").unwrap(), again: true });
        assert_eq!(decode::<OrderMessage>(&encode(&replay).unwrap()).unwrap(), replay);
        let unit = message(OrderEvent::Reconcile);
        assert_eq!(decode::<OrderMessage>(&encode(&unit).unwrap()).unwrap(), unit);
    }

    #[test]
    fn characters_that_sqs_refuses_never_reach_it() {
        let sent = SyncMessage {
            tenant: TenantId::parse("rest-1").unwrap(),
            correlation: "\u{1}\u{FFFE}\u{FFFF}\u{7f}è".into(),
            sent_ms: 1,
            due_ms: 2,
            job: SyncJob::Sync,
        };
        let body = encode(&sent).unwrap();
        assert!(
            body.chars().all(|c| matches!(c, ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)),
            "{body}"
        );
        assert_eq!(decode::<SyncMessage>(&body).unwrap(), sent);
    }

    #[test]
    fn e61_a_message_of_a_later_version_is_refused_by_name_and_not_misread() {
        let error = decode::<OrderMessage>(r#"{"v":9,"type":"reconcile"}"#).unwrap_err();
        assert!(error.to_string().contains("version 9"), "{error}");
    }

    #[test]
    fn e61_a_message_of_version_1_as_it_was_first_written_stays_readable() {
        let body = r#"{"v":1,"tenant":"rest-1","correlation":"c","sent_ms":5,"type":"cancelled","order":"o-1"}"#;
        let expected = OrderMessage {
            correlation: "c".into(),
            sent_ms: 5,
            ..message(OrderEvent::Cancelled { order: OrderId::parse("o-1").unwrap() })
        };
        assert_eq!(decode::<OrderMessage>(body).unwrap(), expected);
    }
}
