use super::*;

fn key(bytes: &[u8]) -> Key {
    Key(bytes.to_vec().into())
}

fn unhex(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

/// RFC 4231: key, data, HMAC-SHA-256. Case 5 is a truncated tag and stands in a test of its own.
fn rfc_4231() -> Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> {
    let long = b"This is a test using a larger than block-size key and a larger than block-size data. \
                 The key needs to be hashed before being used by the HMAC algorithm.";
    vec![
        (
            vec![0x0b; 20],
            b"Hi There".to_vec(),
            unhex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        ),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?".to_vec(),
            unhex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        ),
        (vec![0xaa; 20], vec![0xdd; 50], unhex("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe")),
        ((1..=25).collect(), vec![0xcd; 50], unhex("82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b")),
        (
            vec![0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
            unhex("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        ),
        (vec![0xaa; 131], long.to_vec(), unhex("9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2")),
    ]
}

#[test]
fn the_vectors_of_rfc_4231_hold_however_the_message_is_parted() {
    for (bytes, data, tag) in rfc_4231() {
        let (left, right) = data.split_at(data.len() / 2);
        assert!(key(&bytes).signed(&[&data], std::slice::from_ref(&tag)));
        assert!(key(&bytes).signed(&[left, b"", right], &[tag]));
    }
}

#[test]
fn the_truncated_tag_of_rfc_4231_case_5_does_not_hold() {
    let tag = unhex("a3b6167473100ee06e0c796c2955552b");
    assert!(!key(&[0x0c; 20]).signed(&[b"Test With Truncation"], &[tag]));
}

#[test]
fn no_modified_shortened_or_lengthened_tag_holds() {
    for (bytes, data, tag) in rfc_4231() {
        let key = key(&bytes);
        for bit in 0..tag.len() * 8 {
            let mut flipped = tag.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!key.signed(&[&data], &[flipped]), "bit {bit}");
        }
        for length in 0..tag.len() {
            assert!(!key.signed(&[&data], &[tag[..length].to_vec()]), "length {length}");
        }
        assert!(!key.signed(&[&data], &[[tag.as_slice(), &[0]].concat()]));
        assert!(!key.signed(&[&data], &[vec![0; 32], vec![0xff; 32]]));
        assert!(!key.signed(&[&data], &[]));
    }
}

#[test]
fn an_empty_message_has_a_tag_of_its_own() {
    let tag = unhex("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    assert!(key(&[]).signed(&[], std::slice::from_ref(&tag)), "the HMAC-SHA-256 of nothing under the empty key");
    assert!(!key(&[]).signed(&[b"\0"], &[tag]));
}

#[test]
fn one_good_tag_among_bad_ones_is_enough_wherever_it_stands() {
    let (bytes, data, good) = rfc_4231().remove(0);
    let bad = vec![7; 32];
    for tags in [vec![good.clone(), bad.clone()], vec![bad.clone(), good, bad]] {
        assert!(key(&bytes).signed(&[&data], &tags));
    }
}

#[test]
fn a_header_is_read_by_version_and_what_is_no_tag_is_skipped() {
    assert_eq!(
        tags("v1,AAEC v1a,AAEC v2,AAEC AAEC v1,not-base64 v1,AAE= v1,  V1,AAEC"),
        [vec![0, 1, 2], vec![0, 1], vec![]]
    );
    assert!(tags("v1,AAE").is_empty(), "padding is not optional: one tag has one form");
    assert!(tags("v1,AAF=").is_empty(), "nor may its last bits vary");
    assert!(tags("").is_empty());
}

#[test]
fn an_empty_secret_would_be_everybodys_and_is_none() {
    for bad in ["", "whsec_", " whsec_ ", "whsec_***", "whsec_AAE"] {
        assert!(Key::parse(&SecretString::from(bad)).is_none(), "{bad}");
    }
    assert!(Key::parse(&SecretString::from("whsec_AAEC\n")).is_some());
    assert!(Key::parse(&SecretString::from("AAEC")).is_some());
}

#[test]
fn debug_hides_the_key() {
    let shown = format!("{:?}", key(b"canary"));
    assert!(!shown.contains("canary") && !shown.contains("99, 97"), "{shown}");
}
