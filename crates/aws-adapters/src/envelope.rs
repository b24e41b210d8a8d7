//! The sealed form of a secret: AES-256-GCM under a data key, beside the data key as KMS wrapped it.
//!
//! ```text
//! "PONTE" version(1) length-of-wrapped-key(2, big-endian) wrapped-key nonce(12) ciphertext-and-tag
//! ```
//! Tenant and purpose are authenticated with it, so a blob moved to another tenant or another use does not open. No
//! input makes this module panic.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use secrecy::{ExposeSecret, SecretBox, SecretString, zeroize::Zeroizing};

const MAGIC: &[u8] = b"PONTE";
const VERSION: u8 = 1;
/// KMS wraps a key of 32 bytes in less than 200; its own limit of a ciphertext is 6,144.
const LONGEST_WRAPPED: usize = 6144;

/// What a secret is for; part of what is authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The till's API key of a tenant.
    CicApiKey,
    /// A secret of the till's webhooks of a tenant.
    CicWebhookSecret,
    /// The platform's API token.
    PlateformApiToken,
    /// A secret of the platform's webhooks.
    PlateformWebhookSecret,
}

impl Purpose {
    /// The purpose as it is written into encryption contexts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CicApiKey => "cic.api_key",
            Self::CicWebhookSecret => "cic.webhook_secret",
            Self::PlateformApiToken => "plateform.api_token",
            Self::PlateformWebhookSecret => "plateform.webhook_secret",
        }
    }
}

/// Why a blob does not open. Says nothing of what is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Made by a version that this one does not know.
    #[error("sealed by version {0}, which this version does not know")]
    Version(u8),
    /// Cut, changed, or sealed for another tenant or purpose.
    #[error("damaged, or sealed for another tenant or purpose")]
    Damaged,
}

/// A data key: open, and as KMS wrapped it.
#[derive(Debug)]
pub struct DataKey {
    pub(crate) wrapped: Vec<u8>,
    key: SecretBox<[u8; 32]>,
}

impl DataKey {
    /// Takes the two forms that KMS gave.
    ///
    /// # Errors
    /// When they are not a key of 32 bytes and its wrapping.
    pub fn new(wrapped: Vec<u8>, key: &[u8]) -> Result<Self, SealError> {
        let key = <[u8; 32]>::try_from(key).map_err(|_| SealError::Damaged)?;
        if wrapped.is_empty() || wrapped.len() > LONGEST_WRAPPED {
            return Err(SealError::Damaged);
        }
        Ok(Self { wrapped, key: SecretBox::new(Box::new(key)) })
    }

    fn cipher(&self) -> Result<RandomizedNonceKey, SealError> {
        RandomizedNonceKey::new(&AES_256_GCM, self.key.expose_secret()).map_err(|_| SealError::Damaged)
    }
}

/// A blob taken apart, not yet opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// The data key that it needs, as KMS wrapped it.
    pub wrapped: &'a [u8],
    nonce: &'a [u8; NONCE_LEN],
    ciphertext: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// Takes a blob apart; none if it is no blob of this module.
    ///
    /// # Errors
    /// When it is one, but of an unknown version or cut.
    pub fn parse(blob: &'a [u8]) -> Result<Option<Self>, SealError> {
        let Some(rest) = blob.strip_prefix(MAGIC) else {
            return Ok(None);
        };
        match rest.split_first() {
            Some((&VERSION, rest)) => Self::parts(rest).map(Some).ok_or(SealError::Damaged),
            Some((&other, _)) => Err(SealError::Version(other)),
            None => Err(SealError::Damaged),
        }
    }

    fn parts(rest: &'a [u8]) -> Option<Self> {
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (wrapped, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LEN>()?;
        (!wrapped.is_empty()).then_some(Self { wrapped, nonce, ciphertext })
    }

    /// Opens it.
    ///
    /// # Errors
    /// When anything of it was changed, or it was sealed under another key or for another tenant or purpose.
    pub fn open(&self, key: &DataKey, tenant: &str, purpose: Purpose) -> Result<SecretString, SealError> {
        let mut buffer = Zeroizing::new(self.ciphertext.to_vec());
        let nonce = Nonce::assume_unique_for_key(*self.nonce);
        let aad = Aad::from(authenticated(tenant, purpose));
        let plain = key.cipher()?.open_in_place(nonce, aad, &mut buffer).map_err(|_| SealError::Damaged)?;
        // Copied once, to its exact size: a string that shrinks would leave its old buffer behind.
        std::str::from_utf8(plain).map(SecretString::from).map_err(|_| SealError::Damaged)
    }
}

/// Seals a secret for a tenant and a purpose.
///
/// # Errors
/// When the random number generator fails.
pub fn seal(tenant: &str, purpose: Purpose, secret: &SecretString, key: &DataKey) -> Result<Vec<u8>, SealError> {
    let plain = secret.expose_secret().as_bytes();
    let mut buffer = Zeroizing::new(Vec::with_capacity(plain.len() + AES_256_GCM.tag_len()));
    buffer.extend_from_slice(plain);
    let aad = Aad::from(authenticated(tenant, purpose));
    let nonce = key.cipher()?.seal_in_place_append_tag(aad, &mut *buffer).map_err(|_| SealError::Damaged)?;
    let length = u16::try_from(key.wrapped.len()).map_err(|_| SealError::Damaged)?;
    Ok([MAGIC, &[VERSION], &length.to_be_bytes(), &key.wrapped, nonce.as_ref(), &buffer].concat())
}

/// Tenant and purpose as bytes that no other pair has: the length of the first comes before it.
fn authenticated(tenant: &str, purpose: Purpose) -> Vec<u8> {
    [&(tenant.len() as u64).to_be_bytes(), tenant.as_bytes(), purpose.as_str().as_bytes()].concat()
}

#[cfg(test)]
mod tests;
