//! What the till sends: verified first, read second (API sheet section 7).
//!
//! Trust is a type. Only [`RawWebhook::verify`] makes a [`VerifiedWebhook`], and only that can be parsed.

mod event;
mod signature;

pub use event::TillEvent;

use secrecy::SecretString;
use std::fmt;

/// A request as it arrived.
#[derive(Clone, Copy)]
pub struct RawWebhook<'a> {
    /// `x-cn-operation`.
    pub operation: Option<&'a str>,
    /// `x-cn-signature`.
    pub signature: Option<&'a str>,
    /// The body's bytes, exactly as signed.
    pub body: &'a [u8],
}

/// A request that one of the secrets signed.
#[derive(Clone, Copy)]
pub struct VerifiedWebhook<'a> {
    operation: Option<&'a str>,
    body: &'a [u8],
}

/// Why a webhook is not taken.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// No secret signed it, or there is no signature, or there is no such tenant. Answer 401.
    #[error("the signature is missing or wrong")]
    Signature,
    /// `x-cn-operation` is missing or not `ENTITY/EVENT`. Answer 400.
    #[error("the operation is missing or malformed")]
    Operation,
    /// The body is not a JSON object. Answer 400.
    #[error("the body is not a JSON object")]
    Body,
    /// An order without an id that an order can have. Answer 400.
    #[error("the order has no usable id")]
    OrderId,
}

impl<'a> RawWebhook<'a> {
    /// Checks the signature against every live secret.
    ///
    /// Every secret is tried, whichever matches. Without any, a throw-away one is, so that a tenant that does not exist
    /// costs as much time as one that does.
    ///
    /// # Errors
    /// `Signature` when no secret signed the body.
    pub fn verify(self, secrets: &[SecretString]) -> Result<VerifiedWebhook<'a>, WebhookError> {
        match signature::is_signed(self.signature.unwrap_or_default(), self.body, secrets) {
            true => Ok(VerifiedWebhook { operation: self.operation, body: self.body }),
            false => Err(WebhookError::Signature),
        }
    }
}

impl VerifiedWebhook<'_> {
    /// Reads what happened.
    ///
    /// # Errors
    /// When the operation is malformed, the body is not a JSON object (or nested beyond reason), or an order has no id.
    pub fn parse(&self) -> Result<TillEvent, WebhookError> {
        event::parse(self.operation, self.body)
    }
}

impl fmt::Debug for RawWebhook<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, body, .. } = self;
        f.debug_struct("RawWebhook").field("operation", operation).field("bytes", &body.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for VerifiedWebhook<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, body } = self;
        f.debug_struct("VerifiedWebhook").field("operation", operation).field("bytes", &body.len()).finish()
    }
}
