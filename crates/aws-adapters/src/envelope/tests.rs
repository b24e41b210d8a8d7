use super::*;
use proptest::prelude::*;

fn key(byte: u8) -> DataKey {
    DataKey::new(vec![0xAB; 184], &[byte; 32]).unwrap()
}

fn sealed(secret: &str) -> Vec<u8> {
    seal("rest-1", Purpose::CicApiKey, &SecretString::from(secret), &key(1)).unwrap()
}

fn opened(blob: &[u8], key: &DataKey, tenant: &str, purpose: Purpose) -> Result<String, SealError> {
    let envelope = Envelope::parse(blob)?.ok_or(SealError::Damaged)?;
    envelope.open(key, tenant, purpose).map(|secret| secret.expose_secret().to_owned())
}

#[test]
fn a_sealed_secret_opens_for_its_tenant_and_purpose_alone() {
    let blob = sealed("s3cret-è");
    assert_eq!(opened(&blob, &key(1), "rest-1", Purpose::CicApiKey).as_deref(), Ok("s3cret-è"));
    assert_eq!(opened(&blob, &key(1), "rest-2", Purpose::CicApiKey), Err(SealError::Damaged));
    assert_eq!(opened(&blob, &key(1), "rest-1", Purpose::CicWebhookSecret), Err(SealError::Damaged));
    assert_eq!(opened(&blob, &key(2), "rest-1", Purpose::CicApiKey), Err(SealError::Damaged));
}

#[test]
fn the_same_secret_sealed_twice_is_two_blobs_that_do_not_show_it() {
    let (one, two) = (sealed("canary-7f3a"), sealed("canary-7f3a"));
    assert_ne!(one, two);
    assert!(!one.windows(6).any(|window| window == b"canary"));
}

#[test]
fn no_two_pairs_of_tenant_and_purpose_are_authenticated_alike() {
    let pairs = [("a", Purpose::CicApiKey), ("ac", Purpose::CicApiKey), ("a", Purpose::CicWebhookSecret)];
    let bytes: std::collections::HashSet<_> = pairs.iter().map(|(tenant, p)| authenticated(tenant, *p)).collect();
    assert_eq!(bytes.len(), pairs.len());
}

#[test]
fn a_blob_of_a_later_version_says_so_and_a_foreign_one_is_left_to_others() {
    let mut blob = sealed("x");
    blob[5] = 2;
    assert_eq!(Envelope::parse(&blob), Err(SealError::Version(2)));
    assert_eq!(Envelope::parse(b"AQICAHh"), Ok(None));
    assert_eq!(Envelope::parse(b"PONTE"), Err(SealError::Damaged));
}

#[test]
fn a_key_of_another_length_or_without_wrapping_is_none() {
    assert!(DataKey::new(vec![1], &[0; 16]).is_err());
    assert!(DataKey::new(Vec::new(), &[0; 32]).is_err());
    assert!(DataKey::new(vec![0; 7000], &[0; 32]).is_err());
}

#[test]
fn debug_shows_neither_key_nor_secret() {
    let shown = format!("{:?}", DataKey::new(vec![1], &[0x5A; 32]).unwrap());
    assert!(!shown.contains("90"), "{shown}");
}

proptest! {
    #[test]
    fn every_secret_survives(secret in ".{0,200}") {
        prop_assert_eq!(opened(&sealed(&secret), &key(1), "rest-1", Purpose::CicApiKey), Ok(secret));
    }

    #[test]
    fn a_flipped_bit_never_opens_under_the_same_key(at in 0usize..230, bit in 0u8..8) {
        let mut blob = sealed("secret");
        let at = at % blob.len();
        blob[at] ^= 1 << bit;
        // Where the flip is in the wrapped key, another key would be asked of KMS: that one is refused there.
        let wrapped_intact = !(8..8 + 184).contains(&at);
        if wrapped_intact {
            prop_assert!(opened(&blob, &key(1), "rest-1", Purpose::CicApiKey).is_err());
        } else {
            let envelope = Envelope::parse(&blob).unwrap().unwrap();
            prop_assert_ne!(envelope.wrapped, &key(1).wrapped[..]);
        }
    }

    #[test]
    fn a_cut_blob_never_opens(length in 0usize..230) {
        let blob = sealed("secret");
        prop_assert!(opened(&blob[..length % blob.len()], &key(1), "rest-1", Purpose::CicApiKey).is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(tail in proptest::collection::vec(any::<u8>(), 0..300), ours in any::<bool>()) {
        let blob = if ours { [b"PONTE\x01", &tail[..]].concat() } else { tail };
        prop_assert!(opened(&blob, &key(1), "rest-1", Purpose::CicApiKey).is_err());
    }
}
