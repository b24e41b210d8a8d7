//! The verification primitive of Standard Webhooks: HMAC-SHA256, constant time, every secret and signature tried.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::Sha256;

/// The prefix of a secret; what follows is base64.
const SECRET_PREFIX: &str = "whsec_";

/// The only version of signatures that is understood; others are skipped.
const VERSION: &str = "v1";

/// A secret ready for use. `Debug` hides it.
#[derive(Debug)]
pub(crate) struct Key(SecretSlice<u8>);

impl Key {
    /// Takes a secret as the platform gives it; none if it cannot be one. An empty key would be everybody's.
    pub(crate) fn parse(secret: &SecretString) -> Option<Self> {
        let text = secret.expose_secret().trim();
        let key = STANDARD.decode(text.strip_prefix(SECRET_PREFIX).unwrap_or(text)).ok()?;
        (!key.is_empty()).then(|| Self(key.into()))
    }

    /// A key that costs what any other costs; what it signs is never taken.
    pub(crate) fn dummy() -> Self {
        Self(vec![0; 32].into())
    }

    /// Whether one of the tags is this key's over the parts. All are compared, each in constant time.
    pub(crate) fn signed(&self, parts: &[&[u8]], tags: &[Vec<u8>]) -> bool {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose_secret()) else {
            return false;
        };
        for part in parts {
            mac.update(part);
        }
        tags.iter().fold(false, |found, tag| mac.clone().verify_slice(tag).is_ok() | found)
    }
}

/// The tags of a `webhook-signature` header, `v1,BASE64` parted by spaces. What is none is skipped.
pub(crate) fn tags(header: &str) -> Vec<Vec<u8>> {
    let tag =
        |part: &str| part.split_once(',').filter(|(v, _)| *v == VERSION).and_then(|(_, t)| STANDARD.decode(t).ok());
    header.split_ascii_whitespace().filter_map(tag).collect()
}

#[cfg(test)]
mod tests;
