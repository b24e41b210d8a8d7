//! Signatures of both parties, over the exact bytes that are sent.

use crate::toggles::SignatureMode;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha1::Sha1;
use sha2::Sha256;

/// How one webhook is signed.
#[derive(Clone, Debug)]
pub(crate) enum Signer {
    /// `x-cn-signature`: HMAC-SHA1, lower-case hex.
    Till { secret: String, operation: String, mode: SignatureMode },
    /// Standard Webhooks.
    Plateform { secret: String, message_id: String, mode: SignatureMode },
}

impl Signer {
    /// Headers of one attempt.
    pub(crate) fn headers(&self, now: Timestamp, body: &[u8]) -> Vec<(&'static str, String)> {
        match self {
            Self::Till { secret, operation, mode } => {
                let mut headers = vec![("x-cn-operation", operation.clone())];
                headers.extend(till_signature(secret, *mode, body).map(|value| ("x-cn-signature", value)));
                headers
            }
            Self::Plateform { secret, message_id, mode } => {
                let timestamp = now.as_second().to_string();
                let signature = plateform_signature(secret, *mode, message_id, &timestamp, body);
                let mut headers = vec![("webhook-id", message_id.clone()), ("webhook-timestamp", timestamp)];
                headers.extend(signature.map(|value| ("webhook-signature", value)));
                headers
            }
        }
    }
}

/// `x-cn-signature` of a body, as the till makes it.
#[must_use]
pub fn sign_as_till(secret: &str, body: &[u8]) -> String {
    hex::encode(hmac_sha1(secret.as_bytes(), body))
}

/// `webhook-signature` of a message, as the platform makes it.
#[must_use]
pub fn sign_as_plateform(secret: &str, message_id: &str, sent_at: Timestamp, body: &[u8]) -> String {
    let timestamp = sent_at.as_second().to_string();
    plateform_signature(secret, SignatureMode::Good, message_id, &timestamp, body).unwrap_or_default()
}

fn till_signature(secret: &str, mode: SignatureMode, body: &[u8]) -> Option<String> {
    match mode {
        SignatureMode::Good => Some(sign_as_till(secret, body)),
        SignatureMode::Wrong => Some(hex::encode(hmac_sha1(format!("not-{secret}").as_bytes(), body))),
        SignatureMode::Base64 => Some(STANDARD.encode(hmac_sha1(secret.as_bytes(), body))),
        SignatureMode::Missing => None,
    }
}

fn plateform_signature(secret: &str, mode: SignatureMode, id: &str, timestamp: &str, body: &[u8]) -> Option<String> {
    let encoded = secret.strip_prefix("whsec_").unwrap_or(secret);
    let mut key = STANDARD.decode(encoded).unwrap_or_else(|_| encoded.as_bytes().to_vec());
    match mode {
        SignatureMode::Missing => return None,
        SignatureMode::Wrong => key.push(0x21),
        SignatureMode::Good | SignatureMode::Base64 => {}
    }
    let signed = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
    Some(format!("v1,{}", STANDARD.encode(hmac_sha256(&key, &signed))))
}

fn hmac_sha1(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC takes a key of any length, so there is no failure to report.
    Hmac::<Sha1>::new_from_slice(key)
        .map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key)
        .map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_till_signs_as_the_known_vector_says() {
        let body = br#"{"id":"ord-1","externalId":"plt-1"}"#;
        let signature = till_signature("test-secret", SignatureMode::Good, body);
        assert_eq!(signature.as_deref(), Some("935f8c70b5eee35347e15a33664fddf3c66e1fb0"));
    }

    #[test]
    fn the_platform_signs_as_the_standard_vector_says() {
        let body = br#"{"email":"test@example.com","username":"test_user"}"#;
        let secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
        let id = "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk";
        let signature = plateform_signature(secret, SignatureMode::Good, id, "1649367553", body);
        assert_eq!(signature.as_deref(), Some("v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="));
    }
}
