use super::*;
use crate::{envelope::seal, replay::Replay};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

const CANARY: &str = "canary-7f3a";
const PLACE: Place<'_> = Place { tenant: "rest-1", purpose: Purpose::CicApiKey };

fn secrets(replay: &Replay, allow_plaintext: bool) -> Secrets {
    Secrets::new(replay.aws().kms, Some("key-1".to_owned()), allow_plaintext)
}

fn base64(bytes: &[u8]) -> String {
    aws_smithy_types::base64::encode(bytes)
}

fn decrypted(plain: &[u8]) -> (u16, Value) {
    (200, json!({"Plaintext": base64(plain), "KeyId": "key-1"}))
}

fn refusal(kind: &str) -> (u16, Value) {
    (400, json!({"__type": kind, "message": "no"}))
}

fn blob(bytes: Vec<u8>) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

fn sealed(tenant: &str, purpose: Purpose) -> AttributeValue {
    let key = DataKey::new(vec![9; 40], &[7; 32]).unwrap();
    blob(seal(tenant, purpose, &SecretString::from(CANARY), &key).unwrap())
}

async fn open(secrets: &Secrets, value: &AttributeValue) -> Result<String, StoreError> {
    secrets.open(PLACE, Some(value)).await.map(|secret| secret.expose_secret().to_owned())
}

#[tokio::test]
async fn sealed_secrets_cost_one_call_of_kms_with_the_context_of_data_keys() {
    let replay = Replay::new([decrypted(&[7; 32])]);
    let secrets = secrets(&replay, false);
    for _ in 0..3 {
        assert_eq!(open(&secrets, &sealed("rest-1", Purpose::CicApiKey)).await.unwrap(), CANARY);
    }
    let expected = json!({
        "CiphertextBlob": base64(&[9; 40]),
        "EncryptionContext": {"ponte": "secrets"},
        "KeyId": "key-1",
    });
    assert_eq!(replay.calls(), [("Decrypt".to_owned(), expected)]);
}

#[tokio::test]
async fn a_secret_moved_from_another_tenant_or_use_is_malformed() {
    let replay = Replay::new([decrypted(&[7; 32])]);
    let secrets = secrets(&replay, false);
    for moved in [sealed("rest-2", Purpose::CicApiKey), sealed("rest-1", Purpose::PlateformApiToken)] {
        let error = open(&secrets, &moved).await.unwrap_err();
        assert!(matches!(error, StoreError::Malformed { .. }), "{error}");
        assert!(!format!("{error:?}").contains(CANARY));
    }
}

#[tokio::test]
async fn a_ciphertext_of_kms_itself_is_opened_with_tenant_and_purpose_as_context() {
    let replay = Replay::new([decrypted(CANARY.as_bytes())]);
    assert_eq!(open(&secrets(&replay, false), &blob(vec![1, 2, 3])).await.unwrap(), CANARY);
    let context = json!({"tenant_id": "rest-1", "purpose": "cic.api_key"});
    assert_eq!(replay.calls()[0].1["EncryptionContext"], context);
}

#[tokio::test]
async fn a_string_is_a_secret_only_where_it_is_allowed() {
    let (replay, text) = (Replay::default(), AttributeValue::S(CANARY.to_owned()));
    assert_eq!(open(&secrets(&replay, true), &text).await.unwrap(), CANARY);
    let error = open(&secrets(&replay, false), &text).await.unwrap_err();
    assert!(error.to_string().contains("ALLOW_PLAINTEXT_SECRETS=true"), "{error}");
    assert!(!format!("{error} {error:?}").contains(CANARY));
}

#[tokio::test]
async fn nothing_and_things_of_other_types_are_malformed() {
    let secrets = secrets(&Replay::default(), true);
    for value in [None, Some(AttributeValue::N("1".into())), Some(AttributeValue::S(String::new()))] {
        let error = secrets.open(PLACE, value.as_ref()).await.unwrap_err();
        assert!(matches!(error, StoreError::Malformed { .. }), "{error}");
    }
}

#[tokio::test]
async fn what_kms_does_not_open_is_malformed_and_a_kms_that_refuses_is_unavailable() {
    let replay = Replay::new([refusal("InvalidCiphertextException"), refusal("AccessDeniedException")]);
    let secrets = secrets(&replay, false);
    let error = open(&secrets, &blob(vec![1])).await.unwrap_err();
    assert!(matches!(error, StoreError::Malformed { .. }), "{error}");
    let error = open(&secrets, &blob(vec![1])).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
}

#[tokio::test]
async fn a_new_data_key_is_made_once_and_opens_what_it_sealed_without_another_call() {
    let made = json!({"Plaintext": base64(&[7; 32]), "CiphertextBlob": base64(&[9; 40]), "KeyId": "key-1"});
    let replay = Replay::new([(200, made)]);
    let secrets = secrets(&replay, false);
    let key = secrets.new_data_key().await.unwrap();
    let sealed = seal("rest-1", Purpose::CicApiKey, &SecretString::from(CANARY), &key).unwrap();
    assert_eq!(open(&secrets, &blob(sealed.clone())).await.unwrap(), CANARY);
    assert_eq!(secrets.data_key_of(&sealed).await.unwrap().unwrap().wrapped, key.wrapped);
    assert!(secrets.data_key_of(b"foreign").await.unwrap().is_none());
    let expected = json!({"EncryptionContext": {"ponte": "secrets"}, "KeyId": "key-1", "KeySpec": "AES_256"});
    assert_eq!(replay.calls(), [("GenerateDataKey".to_owned(), expected)]);
}

#[test]
fn debug_shows_no_key() {
    let secrets = secrets(&Replay::default(), false);
    secrets.remember(vec![1], Some(Blob::new(vec![0x5A; 32]))).unwrap();
    assert!(!format!("{secrets:?}").contains("90, 90"));
}
