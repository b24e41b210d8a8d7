//! `x-cn-signature`: HMAC-SHA1 of the raw body. Lower-case hex is what the till sends; other forms are taken too.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;

/// Length of an HMAC-SHA1, in bytes.
const LENGTH: usize = 20;

/// Stands in when there is no secret; nothing that it signs is ever believed.
const THROW_AWAY: &str = "no tenant has this secret";

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether one of the secrets signed the body. An empty secret signs nothing: anybody could use it.
pub(super) fn is_signed(signature: &str, body: &[u8], secrets: &[SecretString]) -> bool {
    // A signature that is none still costs one computation per secret.
    let (tag, is_tag) = decode(signature).map_or(([0; LENGTH], false), |tag| (tag, true));
    let throw_away = secrets.is_empty() && matches(THROW_AWAY.as_bytes(), body, &tag);
    let mut signed = false;
    for secret in secrets.iter().map(ExposeSecret::expose_secret) {
        signed |= matches(secret.as_bytes(), body, &tag) & !secret.is_empty();
    }
    signed & is_tag & !throw_away
}

/// Compares in constant time.
fn matches(key: &[u8], body: &[u8], tag: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else {
        return false;
    };
    mac.update(body);
    mac.verify_slice(tag).is_ok()
}

/// Hex of any case, with or without `sha1=`, or base64; nothing but exactly the right length.
fn decode(signature: &str) -> Option<[u8; LENGTH]> {
    let text = signature.trim();
    let text = match text.split_at_checked(5) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("sha1=") => rest,
        _ => text,
    };
    let mut tag = [0; LENGTH];
    if hex::decode_to_slice(text, &mut tag).is_ok() {
        return Some(tag);
    }
    BASE64.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
#[path = "vectors.rs"]
mod vectors;
