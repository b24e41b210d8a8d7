//! Public test vectors through the very function that decides on trust, and properties of it.

use super::*;
use proptest::prelude::*;

/// RFC 2202 section 3: key, message, tag.
const RFC_2202: [(&[u8], &[u8], &str); 7] = [
    (&[0x0b; 20], b"Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
    (b"Jefe", b"what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    (&[0xaa; 20], &[0xdd; 50], "125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
    (
        b"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19",
        &[0xcd; 50],
        "4c9007f4026250c6bc8414f9bf50c86c2d7235da",
    ),
    (&[0x0c; 20], b"Test With Truncation", "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"),
    (
        &[0xaa; 80],
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "aa4ae5e15272d00e95705637ce8a3b55ed402112",
    ),
    (
        &[0xaa; 80],
        b"Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
        "e8e99d0f45237d786d6bbaa7965c7808bbff1a91",
    ),
];

/// The edges that the Wycheproof suite looks at: empty and block-sized keys and messages.
const EDGES: [(&[u8], &[u8], &str); 8] = [
    (b"", b"", "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d"),
    (b"", b"message", "d5d1ed05121417247616cfc8378f360a39da7cfa"),
    (b"key", b"", "f42bb0eeb018ebbd4597ae7213711ec60760843f"),
    (&[b'k'; 64], &[b'm'; 64], "c5a1d5d3b4dc70c180b8f25f4c8e222b23b1d0e3"),
    (&[b'k'; 65], &[b'm'; 63], "b268e1980c77eeeff5c1367e83fb9c9a296eac71"),
    (&[b'k'; 63], &[b'm'; 65], "1bd4e72f5445bf43953910d1de067b0bb405f6f4"),
    (&[0], &[0], "3bed69f1c6abb4c8a2dcb7207b0e9458196f59ae"),
    (b"key", b"The quick brown fox jumps over the lazy dog", "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9"),
];

const SECRET: &str = "test-secret";
const BODY: &[u8] = br#"{"id":"ord-1","externalId":"plt-1"}"#;
const SIGNATURE: &str = "935f8c70b5eee35347e15a33664fddf3c66e1fb0";

fn signed_by(signature: &str, secrets: &[&str]) -> bool {
    let secrets: Vec<SecretString> = secrets.iter().map(|secret| SecretString::from(*secret)).collect();
    is_signed(signature, BODY, &secrets)
}

fn sign(key: &[u8], body: &[u8]) -> [u8; LENGTH] {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).unwrap();
    mac.update(body);
    mac.finalize().into_bytes().into()
}

#[test]
fn the_vectors_of_rfc_2202_and_the_edges_hold() {
    for (key, message, tag) in RFC_2202.iter().chain(&EDGES) {
        assert!(matches(key, message, &decode(tag).unwrap()), "{tag}");
    }
}

#[test]
fn a_modified_tag_never_holds() {
    for (key, message, tag) in RFC_2202.iter().chain(&EDGES) {
        let tag = decode(tag).unwrap();
        for bit in 0..LENGTH * 8 {
            let mut modified = tag;
            modified[bit / 8] ^= 1 << (bit % 8);
            assert!(!matches(key, message, &modified), "{bit}");
        }
        let others = [[0; LENGTH], [0xff; LENGTH], tag.map(|byte| !byte), tag.map(|byte| byte ^ 0x80)];
        for modified in others {
            assert!(!matches(key, message, &modified));
        }
        let mut reversed = tag;
        reversed.reverse();
        assert!(!matches(key, message, &reversed));
    }
}

#[test]
fn a_truncated_or_extended_tag_never_holds() {
    for (key, message, tag) in RFC_2202.iter().chain(&EDGES) {
        let tag = decode(tag).unwrap();
        for length in 0..LENGTH {
            assert!(!matches(key, message, &tag[..length]), "{length}");
        }
        assert!(!matches(key, message, &[&tag[..], &[0]].concat()));
        assert!(!matches(key, message, &[&[0], &tag[..]].concat()));
    }
    // RFC 2202 case 5 truncated to 96 bits, as some senders would.
    assert_eq!(decode("4c1a03424b55e07fe7f27be1"), None);
}

#[test]
fn the_signature_is_taken_in_every_form_that_the_till_may_use() {
    let upper = SIGNATURE.to_uppercase();
    for form in [
        SIGNATURE,
        &upper,
        &format!("sha1={SIGNATURE}"),
        &format!("SHA1={upper}"),
        &format!(" {SIGNATURE} "),
        "k1+McLXu41NH4VozZk/d88ZuH7A=",
        "k1+McLXu41NH4VozZk/d88ZuH7A",
    ] {
        assert!(signed_by(form, &[SECRET]), "{form}");
    }
}

#[test]
fn e11_a_signature_that_is_none_or_of_another_body_is_refused() {
    let other = hex::encode(sign(SECRET.as_bytes(), b"{}"));
    let sha256_long = "0".repeat(64);
    let doubled = SIGNATURE.repeat(2);
    for signature in
        ["", "sha1=", "è", "sha1è", "zz", &SIGNATURE[..39], &SIGNATURE[..20], &other, &sha256_long, &doubled]
    {
        assert!(!signed_by(signature, &[SECRET]), "{signature}");
    }
}

#[test]
fn e11_each_live_secret_is_accepted_wherever_it_stands() {
    assert!(signed_by(SIGNATURE, &[SECRET, "old"]));
    assert!(signed_by(SIGNATURE, &["old", SECRET]));
    assert!(signed_by(SIGNATURE, &["old", SECRET, "older"]));
    assert!(!signed_by(SIGNATURE, &["old", "older"]));
}

#[test]
fn without_a_secret_nothing_is_believed_not_even_what_the_throw_away_secret_signed() {
    assert!(!signed_by(SIGNATURE, &[]));
    let thrown_away = hex::encode(sign(THROW_AWAY.as_bytes(), BODY));
    assert!(!signed_by(&thrown_away, &[]));
}

#[test]
fn an_empty_secret_signs_nothing() {
    let signature = hex::encode(sign(b"", BODY));
    assert!(!signed_by(&signature, &[""]));
    assert!(!signed_by(&signature, &["", SECRET]));
    assert!(signed_by(SIGNATURE, &["", SECRET]));
}

proptest! {
    #[test]
    fn any_body_signed_with_any_live_secret_is_believed(
        body: Vec<u8>, secret in ".{1,80}", before in prop::collection::vec(".{0,8}", 0..3),
    ) {
        let signature = hex::encode(sign(secret.as_bytes(), &body));
        let secrets: Vec<_> = before.into_iter().chain([secret]).map(SecretString::from).collect();
        prop_assert!(is_signed(&signature, &body, &secrets));
    }

    #[test]
    fn a_flipped_bit_of_body_or_signature_is_never_believed(
        body in prop::collection::vec(any::<u8>(), 1..300), secret in ".{1,80}", at: prop::sample::Index, bit in 0..8u8,
    ) {
        let secrets = [SecretString::from(secret.clone())];
        let tag = sign(secret.as_bytes(), &body);
        let mut other_body = body.clone();
        other_body[at.index(body.len())] ^= 1 << bit;
        prop_assert!(!is_signed(&hex::encode(tag), &other_body, &secrets));
        let mut other_tag = tag;
        other_tag[at.index(LENGTH)] ^= 1 << bit;
        prop_assert!(!is_signed(&hex::encode(other_tag), &body, &secrets));
    }

    #[test]
    fn no_signature_makes_the_reader_panic(signature in ".{0,60}") {
        prop_assert!(!signed_by(&signature, &[SECRET]));
    }
}
