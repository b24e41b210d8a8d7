//! Webhooks of both parties: what is sent, how it is signed, how often it is tried, and what the bridge answered.

mod deliver;
mod outbox;
mod sign;

pub(crate) use outbox::Outbox;
pub(crate) use sign::Signer;
pub use sign::{sign_as_plateform, sign_as_till};

use crate::http::Party;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What becomes of a webhook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookMode {
    /// Sent, with retries.
    #[default]
    Send,
    /// Never sent.
    Lose,
    /// Sent twice, the same bytes and the same id.
    Duplicate,
    /// Kept until released, in order or reversed: late and reordered delivery without sleeping.
    Hold,
}

/// Where a webhook stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Being tried, or about to be.
    Pending,
    /// Answered with 2xx.
    Delivered,
    /// Given up after the last retry.
    Failed,
    /// Lost on purpose.
    Lost,
    /// Kept until released.
    Held,
    /// No bridge is configured.
    NoBridge,
}

/// One try and its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Attempt {
    /// Counted from 1.
    pub number: u32,
    /// When it began.
    pub at: Timestamp,
    /// Status answered, if any.
    pub status: Option<u16>,
    /// First part of the answer's body.
    pub answer: String,
    /// Why there was no answer.
    pub error: Option<String>,
    /// How long it took.
    pub duration_ms: u64,
}

/// A webhook and everything that happened to it.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// Number of the delivery.
    pub id: u64,
    /// Who sends.
    pub party: Party,
    /// Restaurant concerned.
    pub restaurant: String,
    /// `ORDER/EDIT` and the like, or the platform's event type.
    pub operation: String,
    /// Path below the bridge's root.
    pub path: String,
    /// Body as JSON.
    pub body: Value,
    /// Where it stands.
    pub state: DeliveryState,
    /// Every try.
    pub attempts: Vec<Attempt>,
}

/// A webhook that something has caused and that is not yet queued.
#[derive(Clone, Debug)]
pub(crate) struct NewHook {
    pub(crate) party: Party,
    pub(crate) restaurant: String,
    pub(crate) operation: String,
    pub(crate) path: String,
    pub(crate) body: Value,
    pub(crate) signer: Signer,
    pub(crate) mode: WebhookMode,
}
