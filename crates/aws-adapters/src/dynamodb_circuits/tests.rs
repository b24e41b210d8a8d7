use super::*;
use crate::replay::Replay;
use domain::circuit::Breaker;
use secrecy::SecretString;
use serde_json::{Value, json};

const UNTIL: i64 = 1_790_000_000_500;

fn circuits(replay: &Replay) -> DynamoCircuits {
    DynamoCircuits::new(replay.aws().dynamodb, "state")
}

fn till() -> Upstream {
    Upstream::till(&SecretString::from("canary-api-key"))
}

fn open() -> Standing {
    Standing { orders: Breaker::Open { until_ms: UNTIL, openings: 2 }, menus: Breaker::default() }
}

fn item(revision: u64, standing: &str) -> Value {
    json!({"revision": {"N": revision.to_string()}, "standing": {"S": standing}})
}

const OPEN: &str =
    r#"{"orders":{"is":"open","until_ms":1790000000500,"openings":2},"menus":{"is":"closed","since_ms":null}}"#;

#[tokio::test]
async fn a_save_is_one_small_conditional_write_that_expires_and_names_no_key() {
    let replay = Replay::new([(200, json!({})), (200, json!({}))]);
    let circuits = circuits(&replay);
    assert_eq!(circuits.save(&till(), None, &open()).await.unwrap(), Saved::Done(1));
    assert_eq!(circuits.save(&till(), Some(1), &open()).await.unwrap(), Saved::Done(2));
    let expiry = 1_790_000_000 + 60 + 24 * 60 * 60;
    let expected = json!({
        "TableName": "state",
        "Item": {
            "pk": {"S": "circuit#till#e3214c483c5be6f2"}, "sk": {"S": "circuit"}, "revision": {"N": "1"},
            "standing": {"S": OPEN}, "expires_at": {"N": expiry.to_string()},
        },
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    });
    let calls = replay.calls();
    assert_eq!(calls[0], ("PutItem".to_owned(), expected));
    assert_eq!(calls[1].1["ConditionExpression"], "revision = :expected");
    assert_eq!(calls[1].1["ExpressionAttributeValues"], json!({":expected": {"N": "1"}}));
    assert!(!format!("{calls:?}").contains("canary"));
}

#[tokio::test]
async fn a_lost_save_says_what_is_stored_without_another_read() {
    let kind = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
    let lost = |item: Value| (400, json!({"__type": kind, "message": "no", "Item": item}));
    let replay = Replay::new([lost(item(7, OPEN)), lost(json!({}))]);
    let circuits = circuits(&replay);
    let stored = Some(StoredStanding { standing: open(), revision: 7 });
    assert_eq!(circuits.save(&till(), Some(6), &Standing::default()).await.unwrap(), Saved::Lost(stored));
    assert_eq!(circuits.save(&till(), Some(6), &Standing::default()).await.unwrap(), Saved::Lost(None));
}

#[tokio::test]
async fn what_is_read_may_be_a_moment_old_or_of_another_version() {
    let replay = Replay::new([
        (200, json!({"Item": item(3, OPEN)})),
        (200, json!({"Item": item(4, r#"{"orders":"half-open"}"#)})),
        (200, json!({})),
    ]);
    let circuits = circuits(&replay);
    let upstream = Upstream::platform();
    assert_eq!(circuits.load(&upstream).await.unwrap(), Some(StoredStanding { standing: open(), revision: 3 }));
    let unreadable = Some(StoredStanding { standing: Standing::default(), revision: 4 });
    assert_eq!(circuits.load(&upstream).await.unwrap(), unreadable, "the party is called");
    assert_eq!(circuits.load(&upstream).await.unwrap(), None);
    let key = json!({"pk": {"S": "circuit#platform"}, "sk": {"S": "circuit"}});
    assert_eq!(replay.calls()[0], ("GetItem".to_owned(), json!({"TableName": "state", "Key": key})));
}

#[tokio::test(start_paused = true)]
async fn a_table_that_throttles_is_not_available() {
    let throttled =
        || (400, json!({"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slow"}));
    let replay = Replay::new([throttled(), throttled(), throttled()]);
    let error = circuits(&replay).load(&till()).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
}
