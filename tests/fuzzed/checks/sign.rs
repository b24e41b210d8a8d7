//! Signatures as both senders make them, over any bytes, and what counts as one: written down apart from the product.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

/// The till's tag over a body.
pub(super) fn till(secret: &str, body: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

/// Whether a header names this tag: hex in any case, with or without `sha1=`, or base64 with or without padding.
pub(super) fn names_till_tag(header: &str, tag: &[u8]) -> bool {
    let text = header.trim();
    let bare = text.get(..5).filter(|prefix| prefix.eq_ignore_ascii_case("sha1=")).map_or(text, |_| &text[5..]);
    let base64 = STANDARD.encode(tag);
    bare.eq_ignore_ascii_case(&hex::encode(tag)) || bare.trim_end_matches('=') == base64.trim_end_matches('=')
}

/// The platform's tag over id, timestamp and body.
pub(super) fn platform(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).expect("a secret of the demo");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key of any length");
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

/// One part of `webhook-signature`.
pub(super) fn platform_part(tag: &[u8]) -> String {
    format!("v1,{}", STANDARD.encode(tag))
}

/// Whether one part of the header is this tag.
pub(super) fn names_platform_tag(header: &str, tag: &[u8]) -> bool {
    header.split_ascii_whitespace().any(|part| part == platform_part(tag))
}

#[test]
fn a_tag_is_known_in_every_form_and_no_other_is_taken_for_it() {
    let tag = till("s", b"{}");
    let hex = hex::encode(&tag);
    for form in [hex.clone(), hex.to_uppercase(), format!("SHA1={hex}"), STANDARD.encode(&tag)] {
        assert!(names_till_tag(&form, &tag), "{form}");
    }
    for other in ["", "sha1=", &hex[1..], &hex::encode(till("s", b"{ }"))] {
        assert!(!names_till_tag(other, &tag), "{other}");
    }
    assert!(!names_platform_tag("v1,AAAA v2,x", &tag));
}
