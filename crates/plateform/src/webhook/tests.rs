use super::*;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use sha2::Sha256;

const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const OTHER: &str = "whsec_b3RoZXItc2VjcmV0LWZvci10aGUtdGVzdHM=";
const ID: &str = "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk";
const SENT: i64 = 1_649_367_553;
const BODY: &[u8] = br#"{"email":"test@example.com","username":"test_user"}"#;
const SIGNATURE: &str = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";

fn secrets(texts: &[&str]) -> Vec<SecretString> {
    texts.iter().map(|text| SecretString::from(*text)).collect()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn sign(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> String {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

fn vector() -> RawWebhook<'static> {
    RawWebhook { id: Some(ID), timestamp: Some("1649367553"), signature: Some(SIGNATURE), body: BODY }
}

fn verdict(raw: RawWebhook<'_>, live: &[&str], now: i64) -> Result<(), WebhookError> {
    raw.verify(&secrets(live), at(now)).map(|verified| assert_eq!(verified.id(), raw.id.unwrap()))
}

#[test]
fn the_vector_of_standard_webhooks_holds() {
    assert_eq!(verdict(vector(), &[SECRET], SENT), Ok(()));
}

#[test]
fn e12_a_timestamp_holds_up_to_five_minutes_to_both_sides() {
    for (now, expected) in [
        (SENT + 300, Ok(())),
        (SENT - 300, Ok(())),
        (SENT + 301, Err(WebhookError::OutOfTolerance)),
        (SENT - 301, Err(WebhookError::OutOfTolerance)),
    ] {
        assert_eq!(verdict(vector(), &[SECRET], now), expected, "{}", now - SENT);
    }
}

#[test]
fn a_timestamp_is_looked_at_only_after_the_signature_holds() {
    assert_eq!(verdict(vector(), &[OTHER], SENT + 9999), Err(WebhookError::SignatureWrong));
    let other_time = RawWebhook { timestamp: Some("1649367554"), ..vector() };
    assert_eq!(verdict(other_time, &[SECRET], SENT), Err(WebhookError::SignatureWrong));
}

#[test]
fn a_signed_timestamp_that_is_no_time_is_out_of_tolerance() {
    for text in ["soon", "99999999999999999999", "-9223372036854775808", "1649367553.5", " 1649367553"] {
        let signature = sign(SECRET, ID, text, BODY);
        let raw = RawWebhook { timestamp: Some(text), signature: Some(&signature), ..vector() };
        assert_eq!(verdict(raw, &[SECRET], SENT), Err(WebhookError::OutOfTolerance), "{text}");
    }
}

#[test]
fn e11_during_a_rotation_either_live_secret_signs() {
    assert_eq!(verdict(vector(), &[OTHER, SECRET], SENT), Ok(()));
    assert_eq!(verdict(vector(), &[SECRET, OTHER], SENT), Ok(()));
    assert_eq!(verdict(vector(), &[OTHER], SENT), Err(WebhookError::SignatureWrong));
}

#[test]
fn one_of_several_signatures_is_enough_and_unknown_versions_are_skipped() {
    let other = sign(OTHER, ID, "1649367553", BODY);
    for (header, expected) in [
        (format!("{other} {SIGNATURE}"), Ok(())),
        (format!("v1a,AAAA {SIGNATURE} v2,{}", &SIGNATURE[3..]), Ok(())),
        (format!("v2,{}", &SIGNATURE[3..]), Err(WebhookError::SignatureWrong)),
        (other, Err(WebhookError::SignatureWrong)),
        (SIGNATURE[3..].to_owned(), Err(WebhookError::SignatureWrong)),
        ("v1,".to_owned(), Err(WebhookError::SignatureWrong)),
    ] {
        assert_eq!(verdict(RawWebhook { signature: Some(&header), ..vector() }, &[SECRET], SENT), expected, "{header}");
    }
}

#[test]
fn a_missing_or_empty_header_is_refused() {
    for none in [None, Some("")] {
        for raw in [
            RawWebhook { id: none, ..vector() },
            RawWebhook { timestamp: none, ..vector() },
            RawWebhook { signature: none, ..vector() },
        ] {
            assert_eq!(verdict(raw, &[SECRET], SENT), Err(WebhookError::HeaderMissing));
        }
    }
}

#[test]
fn without_a_secret_nothing_holds_not_even_what_the_dummy_signs() {
    let zeros = format!("whsec_{}", STANDARD.encode([0; 32]));
    let signature = sign(&zeros, ID, "1649367553", BODY);
    let raw = RawWebhook { signature: Some(&signature), ..vector() };
    assert_eq!(verdict(raw, &[zeros.as_str()], SENT), Ok(()), "as a real secret it would hold");
    assert_eq!(verdict(raw, &[], SENT), Err(WebhookError::SignatureWrong));
}

#[test]
fn a_malformed_secret_is_told_only_where_no_other_holds() {
    assert_eq!(verdict(vector(), &["whsec_", SECRET], SENT), Ok(()));
    assert_eq!(verdict(vector(), &["whsec_%", OTHER], SENT), Err(WebhookError::SecretMalformed));
    assert!(!WebhookError::SecretMalformed.is_unauthorized());
    assert!(WebhookError::HeaderMissing.is_unauthorized());
}

#[test]
fn debug_shows_neither_signature_nor_body() {
    let verified = vector().verify(&secrets(&[SECRET]), at(SENT)).unwrap();
    let shown = format!("{:?} {verified:?}", vector());
    assert!(!shown.contains("example.com") && !shown.contains("tZ1I4") && !shown.contains("101, 109"), "{shown}");
}

proptest! {
    #[test]
    fn any_body_signs_and_verifies_and_any_flipped_bit_does_not(
        body in prop::collection::vec(any::<u8>(), 0..600), at_byte in any::<prop::sample::Index>(), bit in 0..8u8,
    ) {
        let signature = sign(SECRET, ID, "1649367553", &body);
        let mut changed = body.clone();
        if changed.is_empty() {
            changed.push(bit);
        } else {
            let i = at_byte.index(changed.len());
            changed[i] ^= 1 << bit;
        }
        let raw = |body| RawWebhook { signature: Some(&signature), body, ..vector() };
        prop_assert_eq!(verdict(raw(&body), &[SECRET], SENT), Ok(()));
        prop_assert_eq!(verdict(raw(&changed), &[SECRET], SENT), Err(WebhookError::SignatureWrong));
    }

    #[test]
    fn no_header_whatever_it_holds_panics_or_is_believed(
        id in ".{0,40}", timestamp in ".{0,40}", signature in "(v1,)?.{0,80}", body in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let raw = RawWebhook { id: Some(&id), timestamp: Some(&timestamp), signature: Some(&signature), body: &body };
        prop_assert!(raw.verify(&secrets(&[SECRET]), at(SENT)).is_err());
    }
}
