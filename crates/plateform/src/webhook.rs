//! Trust as a type: a [`RawWebhook`] is a stranger's until its signature holds.

use crate::{
    event::{Envelope, EventError},
    signature::{Key, tags},
};
use jiff::Timestamp;
use secrecy::SecretString;
use std::fmt;

/// How far the sender's clock may be from ours, in seconds.
const TOLERANCE_SECONDS: u64 = 300;

/// A request as it came, before anything is believed. `Debug` shows neither signature nor body.
#[derive(Clone, Copy)]
pub struct RawWebhook<'a> {
    /// Header `webhook-id`.
    pub id: Option<&'a str>,
    /// Header `webhook-timestamp`.
    pub timestamp: Option<&'a str>,
    /// Header `webhook-signature`.
    pub signature: Option<&'a str>,
    /// The decoded raw bytes of the body.
    pub body: &'a [u8],
}

/// Why a webhook is not believed. The sender gets one and the same answer for the first three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// A header is missing or empty.
    #[error("a webhook header is missing")]
    HeaderMissing,
    /// No live secret made any of the signatures.
    #[error("the webhook's signature is wrong")]
    SignatureWrong,
    /// Signed, but more than five minutes ago or ahead.
    #[error("the webhook's timestamp is out of tolerance")]
    OutOfTolerance,
    /// No readable secret made any of the signatures, and a secret cannot be read: send again once it is mended.
    #[error("a webhook secret of the platform cannot be read; write whsec_ and base64")]
    SecretMalformed,
}

impl WebhookError {
    /// Whether the sender is refused (401), rather than asked to try again (503).
    #[must_use]
    pub fn is_unauthorized(self) -> bool {
        self != Self::SecretMalformed
    }
}

impl<'a> RawWebhook<'a> {
    /// Believes the webhook if one of the live secrets signed it. Every secret and every signature is tried; the
    /// timestamp is looked at only after the signature holds. Without any secret it takes as long and never holds.
    ///
    /// # Errors
    /// When it is not to be believed, or a secret is malformed.
    pub fn verify(self, secrets: &[SecretString], now: Timestamp) -> Result<VerifiedWebhook<'a>, WebhookError> {
        let header = |value: Option<&'a str>| value.filter(|v| !v.is_empty()).ok_or(WebhookError::HeaderMissing);
        let (id, timestamp) = (header(self.id)?, header(self.timestamp)?);
        let tags = tags(header(self.signature)?);
        let parts = [id.as_bytes(), b".", timestamp.as_bytes(), b".", self.body];

        let keys: Vec<Key> = secrets.iter().filter_map(Key::parse).collect();
        if keys.is_empty() {
            Key::dummy().signed(&parts, &tags);
        }
        let signed = keys.iter().fold(false, |found, key| key.signed(&parts, &tags) | found);
        match signed {
            true if in_tolerance(timestamp, now) => Ok(VerifiedWebhook { id, body: self.body }),
            true => Err(WebhookError::OutOfTolerance),
            false if keys.len() < secrets.len() => Err(WebhookError::SecretMalformed),
            false => Err(WebhookError::SignatureWrong),
        }
    }
}

fn in_tolerance(timestamp: &str, now: Timestamp) -> bool {
    timestamp.parse::<i64>().is_ok_and(|sent| now.as_second().abs_diff(sent) <= TOLERANCE_SECONDS)
}

impl fmt::Debug for RawWebhook<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawWebhook").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// A webhook that the platform has signed. Only [`RawWebhook::verify`] makes one. `Debug` does not show the body.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifiedWebhook<'a> {
    id: &'a str,
    body: &'a [u8],
}

impl<'a> VerifiedWebhook<'a> {
    /// The webhook's id: the same every time that the platform sends it.
    #[must_use]
    pub fn id(&self) -> &'a str {
        self.id
    }

    /// Reads the body as far as every event has it; the rest needs the restaurant's time zone.
    ///
    /// # Errors
    /// When it is not an event of the contract.
    pub fn parse(&self) -> Result<Envelope, EventError> {
        Envelope::parse(self.body)
    }
}

impl fmt::Debug for VerifiedWebhook<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedWebhook").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
