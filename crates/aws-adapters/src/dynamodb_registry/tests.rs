use super::*;
use crate::replay::Replay;
use domain::TenantId;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

/// A registry where secrets may be strings, so that no key service is needed.
fn registry(replay: &Replay) -> DynamoRegistry {
    let aws = replay.aws();
    DynamoRegistry::new(aws.dynamodb, "tenants", Secrets::new(aws.kms, None, true))
}

fn new_record() -> Record {
    Record::new(&TenantId::parse("rest-1").unwrap(), SalesPointId(90101))
}

fn stored(version: i64) -> Value {
    json!({
        "tenant_id": {"S": "rest-1"}, "name": {"S": "Trattoria"}, "version": {"N": version.to_string()},
        "future": {"M": {"x": {"N": "1"}}},
        "cic": {"M": {"sales_point_id": {"N": "90101"}, "api_key": {"S": "canary-key"},
                      "webhook_secrets": {"L": [{"S": "canary-hook"}]}}},
    })
}

fn found(item: Value) -> (u16, Value) {
    (200, json!({"Item": item}))
}

fn nothing() -> (u16, Value) {
    (200, json!({}))
}

fn cancelled() -> (u16, Value) {
    (400, json!({"__type": "TransactionCanceledException", "message": "ConditionalCheckFailed"}))
}

fn locked_by(id: &str) -> (u16, Value) {
    found(json!({"tenant_id": {"S": "#salespoint#90101"}, "joined": {"S": id}}))
}

async fn add(replay: &Replay) -> Result<Record, RegistryError> {
    let secret = |text: &str| SecretString::from(text);
    registry(replay).add(new_record(), &secret("key"), &[secret("hook")]).await
}

async fn read(replay: &Replay) -> Record {
    registry(replay).get("rest-1").await.unwrap()
}

#[tokio::test]
async fn e36_record_and_lock_are_one_transaction_that_overwrites_neither() {
    let replay = Replay::new([nothing(), (200, json!({"Items": []})), nothing()]);
    assert_eq!(add(&replay).await.unwrap().version(), 1);
    let (operation, body) = replay.calls().pop().unwrap();
    assert_eq!(operation, "TransactWriteItems");
    let puts = body["TransactItems"].as_array().unwrap();
    assert_eq!(puts.len(), 2);
    for put in puts {
        assert_eq!(put["Put"]["ConditionExpression"], "attribute_not_exists(tenant_id)");
    }
    assert_eq!(puts[0]["Put"]["Item"]["cic"]["M"]["webhook_secrets"], json!({"L": [{"S": "hook"}]}));
    let lock = json!({"tenant_id": {"S": "#salespoint#90101"}, "joined": {"S": "rest-1"}});
    assert_eq!(puts[1]["Put"]["Item"], lock);
}

#[tokio::test]
async fn e36_a_sales_point_that_is_joined_is_refused_by_name_and_nothing_is_written() {
    let by_lock = Replay::new([locked_by("rest-2")]);
    let mut other = stored(1);
    other["tenant_id"]["S"] = json!("rest-2");
    let by_record = Replay::new([nothing(), (200, json!({"Items": [other]}))]);
    for replay in [by_lock, by_record] {
        let told = add(&replay).await.unwrap_err().to_string();
        assert!(told.starts_with("sales point 90101 is joined to rest-2 already"), "{told}");
        assert!(!replay.operations().contains(&"TransactWriteItems".to_owned()));
    }
}

#[tokio::test]
async fn e36_of_two_who_join_at_once_the_second_is_told_who_was_first() {
    let free = [nothing(), (200, json!({"Items": []}))];
    let replay = Replay::new(free.clone().into_iter().chain([cancelled(), nothing(), locked_by("rest-2")]));
    assert!(matches!(add(&replay).await, Err(RegistryError::Joined { by, .. }) if by == "rest-2"));
    let replay = Replay::new(free.into_iter().chain([cancelled(), found(stored(1))]));
    assert!(matches!(add(&replay).await, Err(RegistryError::Exists(id)) if id == "rest-1"));
}

#[tokio::test]
async fn a_change_is_written_on_the_version_that_was_read_and_leaves_everything_else() {
    let replay = Replay::new([found(stored(3)), nothing()]);
    let before = read(&replay).await;
    let mut after = before.clone();
    after.set("cic.lead_minutes", Some(&json!(30)));
    after.set("name", None);
    assert_eq!(registry(&replay).save(&before, after).await.unwrap().version(), 4);
    let put = replay.calls().pop().unwrap().1["TransactItems"][0]["Put"].clone();
    assert_eq!(put["ConditionExpression"], "#version = :version");
    assert_eq!(put["ExpressionAttributeValues"], json!({":version": {"N": "3"}}));
    let mut expected = stored(4);
    expected.as_object_mut().unwrap().remove("name");
    expected["cic"]["M"]["lead_minutes"] = json!({"N": "30"});
    assert_eq!(put["Item"], expected);
}

#[tokio::test]
async fn of_two_who_change_at_once_the_second_overwrites_nothing_and_sees_what_the_first_did() {
    let mut theirs = stored(4);
    theirs["cic"]["M"]["lead_minutes"] = json!({"N": "45"});
    theirs["cic"]["M"]["api_key"] = json!({"S": "canary-other"});
    let replay = Replay::new([found(stored(3)), cancelled(), found(theirs.clone()), found(theirs)]);
    let before = read(&replay).await;
    let mut after = before.clone();
    after.set("cic.lead_minutes", Some(&json!(30)));
    let told = registry(&replay).save(&before, after).await.unwrap_err().to_string();
    let expected = "rest-1 was changed by somebody else meanwhile (cic.lead_minutes was absent and is 45, version was 3 \
                    and is 4, cic.api_key is another); nothing was written, do it again";
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_known_again() {
    let replay = Replay::new([found(stored(3)), cancelled(), found(stored(4)), found(stored(4))]);
    let before = read(&replay).await;
    assert_eq!(registry(&replay).save(&before, before.clone()).await.unwrap().version(), 4);
}

#[tokio::test]
async fn a_value_that_no_record_may_have_is_never_sent() {
    let replay = Replay::new([found(stored(3))]);
    let before = read(&replay).await;
    let mut after = before.clone();
    after.set("policies.missing_price", Some(&json!("forse")));
    let error = registry(&replay).save(&before, after).await.unwrap_err();
    assert!(error.to_string().contains("«forse» is not known; write hide or publish"), "{error}");
    assert_eq!(replay.operations(), ["GetItem"]);
}

#[tokio::test]
async fn another_sales_point_moves_the_lock_in_the_same_transaction() {
    let free = [nothing(), (200, json!({"Items": []}))];
    let mine = [found(stored(3))].into_iter().chain(free).chain([locked_by("rest-1"), nothing()]);
    let replay = Replay::new(mine);
    let before = read(&replay).await;
    let mut after = before.clone();
    after.set("cic.sales_point_id", Some(&json!(90102)));
    registry(&replay).save(&before, after).await.unwrap();
    let writes = replay.calls().pop().unwrap().1["TransactItems"].clone();
    assert_eq!(writes[1]["Put"]["Item"]["tenant_id"], json!({"S": "#salespoint#90102"}));
    assert_eq!(writes[2]["Delete"]["Key"], json!({"tenant_id": {"S": "#salespoint#90101"}}));
}

#[tokio::test]
async fn record_and_lock_go_together_and_a_lock_of_somebody_else_stays() {
    for (lock, writes) in [(locked_by("rest-1"), 2), (locked_by("rest-2"), 1), (nothing(), 1)] {
        let replay = Replay::new([found(stored(3)), lock, nothing()]);
        let record = read(&replay).await;
        registry(&replay).remove(&record).await.unwrap();
        let items = replay.calls().pop().unwrap().1["TransactItems"].clone();
        assert_eq!(items.as_array().unwrap().len(), writes);
        assert_eq!(items[0]["Delete"]["ConditionExpression"], "#version = :version");
    }
}

#[tokio::test]
async fn e62_a_record_shows_its_fields_and_of_secrets_only_their_form() {
    let replay = Replay::new([found(stored(3))]);
    let record = read(&replay).await;
    assert_eq!(record.get("name"), Some(json!("Trattoria")));
    assert_eq!(record.get("cic.api_key"), None);
    let forms = Forms { api_key: Some(Form::Plain), webhook_secrets: vec![Form::Plain] };
    assert_eq!(record.forms(), forms);
    assert!(!format!("{record:?} {:?}", record.forms()).contains("canary"));
}

#[tokio::test]
async fn a_reserved_item_is_no_tenant() {
    let replay = Replay::new([locked_by("rest-1"), nothing()]);
    let registry = registry(&replay);
    for id in ["#salespoint#90101", "rest-9"] {
        assert!(matches!(registry.get(id).await, Err(RegistryError::Unknown(unknown)) if unknown == id));
    }
}

#[tokio::test]
async fn new_secrets_are_sealed_under_the_data_key_that_the_platform_s_have() {
    let key = DataKey::new(vec![7; 40], &[1; 32]).unwrap();
    let token = crate::envelope::seal(PLATFORM, Purpose::PlateformApiToken, &SecretString::from("t"), &key).unwrap();
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let platform = json!({"tenant_id": {"S": PLATFORM}, "api_token": {"B": STANDARD.encode(token)}});
    let opened = (200, json!({"Plaintext": STANDARD.encode([1; 32]), "KeyId": "k"}));
    let replay = Replay::new([found(platform), opened]);
    let aws = replay.aws();
    let registry = DynamoRegistry::new(aws.dynamodb, "tenants", Secrets::new(aws.kms, Some("k".into()), false));
    let mut record = new_record();
    registry.seal_api_key(&mut record, &SecretString::from("key")).await.unwrap();
    registry.seal_webhook_secrets(&mut record, &["a", "b"].map(SecretString::from)).await.unwrap();
    assert_eq!(record.forms(), Forms { api_key: Some(Form::Sealed), webhook_secrets: vec![Form::Sealed; 2] });
    assert_eq!(replay.operations(), ["GetItem", "Decrypt"], "one data key, opened once");
    let hooks = registry.webhook_secrets(&record).await.unwrap();
    assert_eq!(hooks.iter().map(ExposeSecret::expose_secret).collect::<Vec<_>>(), ["a", "b"]);
}
