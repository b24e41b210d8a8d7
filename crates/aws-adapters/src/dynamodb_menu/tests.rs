use super::*;
use crate::replay::Replay;
use app::{contract::menu_state, memory::ManualClock};
use base64::Engine;
use jiff::SignedDuration;
use serde_json::{Value, json};

const NOW: i64 = 1_790_000_000;

fn store(replay: &Replay) -> DynamoMenuStore<ManualClock> {
    DynamoMenuStore::new(replay.aws().dynamodb, "state", ManualClock::at(now()))
}

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

fn tenant() -> TenantId {
    TenantId::parse("rest-1").unwrap()
}

fn refusal() -> (u16, Value) {
    let kind = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
    (400, json!({"__type": kind, "message": "The conditional request failed"}))
}

fn throttled() -> (u16, Value) {
    (400, json!({"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slow"}))
}

fn shard_item(sk: &str, bytes: &[u8]) -> Value {
    json!({"pk": {"S": "menu#rest-1"}, "sk": {"S": sk}, "entries": {"B": base64::engine::general_purpose::STANDARD.encode(bytes)}})
}

fn manifest(keys: &[&str]) -> Manifest {
    let mut manifest = Manifest::default();
    keys.iter().for_each(|key| manifest.deactivated(key));
    manifest
}

#[tokio::test]
async fn a_menu_is_taken_by_one_write_if_nobody_has_it() {
    let state = serde_json::to_string(&menu_state(3)).unwrap();
    let replay = Replay::new([
        (200, json!({"Attributes": {"rev": {"N": "8"}, "state": {"S": state}, "lease": {"N": "1"}}})),
        (200, json!({"Attributes": {"rev": {"N": "1"}}})),
        refusal(),
    ]);
    let until = now() + SignedDuration::from_millis(60_001);
    let lease = MenuLease { state: menu_state(3), revision: 8 };
    assert_eq!(store(&replay).take(&tenant(), until).await.unwrap(), Some(lease));
    let new = MenuLease { state: MenuState::default(), revision: 1 };
    assert_eq!(store(&replay).take(&tenant(), until).await.unwrap(), Some(new));
    assert_eq!(store(&replay).take(&tenant(), until).await.unwrap(), None);
    let (operation, mut call) = replay.calls().swap_remove(0);
    assert_eq!(call["ExpressionAttributeValues"][":holder"]["S"].take().as_str().unwrap().len(), 16);
    let expected = json!({
        "TableName": "state",
        "Key": {"pk": {"S": "menu#rest-1"}, "sk": {"S": "head"}},
        "UpdateExpression": "SET lease = :until, holder = :holder ADD rev :one",
        "ConditionExpression": "attribute_not_exists(lease) OR lease <= :now OR holder = :holder",
        "ExpressionAttributeValues": {
            ":until": {"N": "1790000060001"}, ":now": {"N": "1790000000000"}, ":holder": {"S": null}, ":one": {"N": "1"},
        },
        "ReturnValues": "ALL_NEW",
    });
    assert_eq!((operation.as_str(), call), ("UpdateItem", expected));
}

#[tokio::test(start_paused = true)]
async fn a_repeated_attempt_bears_the_same_mark_and_two_calls_do_not() {
    let taken = || (200, json!({"Attributes": {"rev": {"N": "1"}}}));
    let replay = Replay::new([throttled(), taken(), taken()]);
    for _ in 0..2 {
        store(&replay).take(&tenant(), now()).await.unwrap();
    }
    let marks: Vec<_> =
        replay.calls().into_iter().map(|(_, body)| body["ExpressionAttributeValues"][":holder"].clone()).collect();
    assert_eq!(marks[0], marks[1]);
    assert_ne!(marks[1], marks[2]);
}

#[tokio::test]
async fn a_save_frees_the_menu_if_it_is_still_the_holder_s() {
    let replay = Replay::new([(200, json!({})), refusal()]);
    assert!(store(&replay).save(&tenant(), 8, &menu_state(4)).await.unwrap());
    assert!(!store(&replay).save(&tenant(), 8, &menu_state(4)).await.unwrap());
    let expected = json!({
        "TableName": "state",
        "Key": {"pk": {"S": "menu#rest-1"}, "sk": {"S": "head"}},
        "UpdateExpression": "SET #state = :state REMOVE lease, holder",
        "ConditionExpression": "rev = :rev",
        "ExpressionAttributeNames": {"#state": "state"},
        "ExpressionAttributeValues":
            {":state": {"S": serde_json::to_string(&menu_state(4)).unwrap()}, ":rev": {"N": "8"}},
    });
    assert_eq!(replay.calls()[0], ("UpdateItem".to_owned(), expected));
}

#[tokio::test]
async fn a_look_is_consistent_and_takes_nothing() {
    let state = serde_json::to_string(&menu_state(3)).unwrap();
    let replay = Replay::new([(200, json!({"Item": {"state": {"S": state}}})), (200, json!({}))]);
    assert_eq!(store(&replay).look(&tenant()).await.unwrap(), Some(menu_state(3)));
    assert_eq!(store(&replay).look(&tenant()).await.unwrap(), None);
    assert_eq!(replay.operations(), ["GetItem", "GetItem"]);
    assert_eq!(replay.calls()[0].1["ConsistentRead"], true);
}

#[tokio::test]
async fn a_state_that_cannot_be_read_is_malformed_and_not_absent() {
    let replay = Replay::new([(200, json!({"Item": {"state": {"S": "{\"sequence\": -1}"}}}))]);
    let error = store(&replay).look(&tenant()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Malformed { what, .. } if what.contains("rest-1")), "{error}");
}

#[tokio::test]
async fn a_manifest_is_read_page_by_page_consistently() {
    let last = json!({"pk": {"S": "menu#rest-1"}, "sk": {"S": "shard#1"}});
    let shard = |keys: &[&str]| shards::pack(&manifest(keys)).unwrap();
    let replay = Replay::new([
        (200, json!({"Items": [shard_item("shard#1", &shard(&["d:1", "c:1"]))], "LastEvaluatedKey": last})),
        (200, json!({"Items": [shard_item("shard#2", &shard(&["d:2"])), shard_item("shard#3", &shard(&[]))]})),
    ]);
    assert_eq!(store(&replay).manifest(&tenant()).await.unwrap(), manifest(&["c:1", "d:1", "d:2"]));
    let expected = json!({
        "TableName": "state",
        "ConsistentRead": true,
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :begin)",
        "ExpressionAttributeValues": {":pk": {"S": "menu#rest-1"}, ":begin": {"S": "shard#"}},
    });
    assert_eq!(replay.calls()[0], ("Query".to_owned(), expected));
    assert_eq!(replay.calls()[1].1["ExclusiveStartKey"], last);
}

#[tokio::test]
async fn a_shard_that_cannot_be_read_is_malformed_with_a_remedy() {
    for item in [shard_item("shard#7", b"no shard"), json!({"sk": {"S": "shard#7"}, "entries": {"S": "text"}})] {
        let replay = Replay::new([(200, json!({"Items": [item]}))]);
        let told = store(&replay).manifest(&tenant()).await.unwrap_err().to_string();
        assert!(told.contains("menu#rest-1 shard#7") && told.contains("full pass"), "{told}");
    }
}

#[tokio::test]
async fn only_changed_shards_are_written_whole() {
    let before = manifest(&["d:1", "d:2", "d:3", "d:4", "d:5", "d:6"]);
    let mut after = before.clone();
    after.deactivated("d:7");
    after.entries.remove("d:1");
    let replay = Replay::new(std::iter::repeat_n((200, json!({})), 2));
    store(&replay).save_manifest(&tenant(), Some(&before), &after).await.unwrap();
    let mut items: Vec<_> =
        replay.calls().into_iter().map(|(operation, body)| (operation, body["Item"].clone())).collect();
    items.sort_by_key(|(_, item)| item["sk"]["S"].to_string());
    let expected = shards::changed(Some(&before), &after).into_iter().map(|(number, shard)| {
        ("PutItem".to_owned(), shard_item(&format!("shard#{number}"), &shards::pack(&shard).unwrap()))
    });
    let mut expected: Vec<_> = expected.collect();
    expected.sort_by_key(|(_, item)| item["sk"]["S"].to_string());
    assert_eq!((items.len(), &items), (2, &expected));
    store(&replay).save_manifest(&tenant(), Some(&after), &after).await.unwrap();
    assert_eq!(replay.operations().len(), 2, "nothing has changed");
}

#[tokio::test]
async fn a_menu_larger_than_the_table_holds_is_told_before_anything_is_written() {
    let noise = (0..1_000_000_u64).scan(1_u64, |state, _| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from_digit(u32::try_from(*state >> 60).unwrap(), 16)
    });
    let huge = manifest(&[&format!("d:{}", noise.collect::<String>())]);
    let replay = Replay::default();
    let error = store(&replay).save_manifest(&tenant(), Some(&Manifest::default()), &huge).await.unwrap_err();
    assert!(matches!(error, StoreError::Malformed { .. }), "{error}");
    assert!(replay.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_throttled_shard_is_written_again_and_one_that_stays_throttled_fails_the_save() {
    let (before, after) = (Manifest::default(), manifest(&["d:1"]));
    let replay = Replay::new([throttled(), (200, json!({}))]);
    store(&replay).save_manifest(&tenant(), Some(&before), &after).await.unwrap();
    let replay = Replay::new([throttled(), throttled(), throttled()]);
    let error = store(&replay).save_manifest(&tenant(), Some(&before), &after).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
}

#[tokio::test]
async fn a_lost_manifest_is_replaced_shard_by_shard_the_empty_ones_too() {
    let replay = Replay::new(std::iter::repeat_n((200, json!({})), 32));
    store(&replay).save_manifest(&tenant(), None, &manifest(&["d:1"])).await.unwrap();
    assert_eq!(replay.operations(), ["PutItem"; 32]);
}

#[tokio::test]
async fn a_pass_of_another_revision_or_with_a_part_missing_is_not_gone_on_with() {
    let replay = Replay::new([(200, json!({}))]);
    store(&replay).put_aside(&tenant(), 8, b"a pass").await.unwrap();
    let put = replay.calls()[0].1["Item"].clone();
    assert_eq!((&put["sk"]["S"], &put["expires_at"]["N"]), (&json!("pass#000"), &json!("1790086400")));
    let mut torn = put.clone();
    torn["parts"]["N"] = json!("2");
    for (items, revision, expected) in [
        (json!([put]), 8, Some(b"a pass".to_vec())),
        (json!([put]), 9, None),
        (json!([torn]), 8, None),
        (json!([]), 8, None),
    ] {
        let replay = Replay::new([(200, json!({"Items": items}))]);
        assert_eq!(store(&replay).resume(&tenant(), revision).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn everything_known_of_a_menu_is_forgotten_page_by_page() {
    let page = |key: &str, last: Value| {
        let mut page = json!({"Items": [{"sk": {"S": key}}]});
        if last != Value::Null {
            page["LastEvaluatedKey"] = last;
        }
        (200, page)
    };
    let last = json!({"pk": {"S": "menu#rest-1"}, "sk": {"S": "findings"}});
    let answers = [page("findings", last), page("head", Value::Null), (200, json!({})), (200, json!({}))];
    let replay = Replay::new(answers);
    assert_eq!(store(&replay).forget(&tenant()).await.unwrap(), 2);
    let deleted: Vec<_> = replay.calls()[2..].iter().map(|(_, body)| body["Key"].clone()).collect();
    let key = |sk: &str| json!({"pk": {"S": "menu#rest-1"}, "sk": {"S": sk}});
    assert_eq!(deleted, [key("findings"), key("head")]);
}
