use super::*;
use crate::replay::Replay;
use app::memory::ManualClock;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The beginning of a window.
const NOW: i64 = 1_790_000_400;

fn clock() -> ManualClock {
    ManualClock::at(Timestamp::from_second(NOW).unwrap())
}

fn budget(replay: &Replay, clock: &ManualClock) -> DynamoCallBudget<ManualClock> {
    DynamoCallBudget::new(replay.aws().dynamodb, "state", clock.clone())
}

fn key() -> SecretString {
    SecretString::from("canary-api-key")
}

fn done() -> (u16, Value) {
    (200, json!({}))
}

fn full(used: u32) -> (u16, Value) {
    let kind = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
    (400, json!({"__type": kind, "message": "no", "Item": {"used": {"N": used.to_string()}}}))
}

/// How many calls each write asked for.
fn asked(replay: &Replay) -> Vec<Value> {
    let calls = replay.calls().into_iter();
    calls.map(|(_, body)| body["ExpressionAttributeValues"][":calls"]["N"].clone()).collect()
}

#[tokio::test]
async fn ten_calls_cost_one_write_that_keeps_below_the_window_s_part_for_menus() {
    let (replay, clock) = (Replay::new([done(), done()]), clock());
    let budget = budget(&replay, &clock);
    for _ in 0..10 {
        assert_eq!(budget.clone().take_calls(&key(), 1).await.unwrap(), 1);
    }
    let expected = json!({
        "TableName": "state",
        "Key": {"pk": {"S": "budget#e3214c483c5be6f2"}, "sk": {"S": "2983334"}},
        "UpdateExpression": "SET expires_at = :expiry ADD used :calls",
        "ConditionExpression": "attribute_not_exists(used) OR used <= :most",
        "ExpressionAttributeValues":
            {":expiry": {"N": (NOW + 600 + 3600).to_string()}, ":calls": {"N": "10"}, ":most": {"N": "170"}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    });
    assert_eq!(replay.calls(), [("UpdateItem".to_owned(), expected)]);
    assert_eq!(budget.take_calls(&key(), 1).await.unwrap(), 1);
    assert_eq!(replay.calls().len(), 2);
}

#[tokio::test]
async fn the_api_key_is_nowhere_in_clear() {
    let (replay, clock) = (Replay::new([done()]), clock());
    let budget = budget(&replay, &clock);
    budget.take_calls(&key(), 1).await.unwrap();
    assert!(!format!("{:?}{budget:?}", replay.calls()).contains("canary"));
}

#[tokio::test]
async fn more_than_a_block_is_taken_at_once_and_never_more_than_the_window_has() {
    let (replay, clock) = (Replay::new([done(), done(), full(180)]), clock());
    let budget = budget(&replay, &clock);
    assert_eq!(budget.take_calls(&key(), 1).await.unwrap(), 1);
    assert_eq!(budget.take_calls(&key(), 30).await.unwrap(), 30, "nine of the block and twenty-one more");
    assert_eq!(budget.take_calls(&key(), 500).await.unwrap(), 0);
    assert_eq!(asked(&replay), ["10", "21", "180"]);
}

#[tokio::test]
async fn what_is_left_of_a_window_is_granted_and_then_nothing_and_nothing_is_asked_again() {
    let (replay, clock) = (Replay::new([full(174), full(176), done(), full(180)]), clock());
    let budget = budget(&replay, &clock);
    assert_eq!(budget.take_calls(&key(), 8).await.unwrap(), 4);
    for _ in 0..3 {
        assert_eq!(budget.take_calls(&key(), 1).await.unwrap(), 0);
    }
    assert_eq!(asked(&replay), ["10", "6", "4", "10"]);
}

#[tokio::test]
async fn a_new_window_forgets_the_block_and_the_end_of_the_old_one() {
    let (replay, clock) = (Replay::new([done(), done(), full(180), done()]), clock());
    let budget = budget(&replay, &clock);
    budget.take_calls(&key(), 1).await.unwrap();
    clock.advance(SignedDuration::from_secs(599));
    budget.take_calls(&key(), 1).await.unwrap();
    assert_eq!(replay.calls().len(), 1);
    clock.advance(SignedDuration::from_secs(1));
    assert_eq!(budget.take_calls(&key(), 10).await.unwrap(), 10, "a block of its own");
    assert_eq!(budget.take_calls(&key(), 1).await.unwrap(), 0);
    clock.advance(SignedDuration::from_secs(600));
    assert_eq!(budget.take_calls(&key(), 1).await.unwrap(), 1);
    let windows: Vec<_> = replay.calls().into_iter().map(|(_, body)| body["Key"]["sk"]["S"].clone()).collect();
    assert_eq!(windows, ["2983334", "2983335", "2983335", "2983336"]);
}

#[tokio::test]
async fn two_keys_have_two_blocks() {
    let (replay, clock) = (Replay::new([done(), done()]), clock());
    let budget = budget(&replay, &clock);
    budget.take_calls(&key(), 1).await.unwrap();
    budget.take_calls(&SecretString::from("another"), 1).await.unwrap();
    assert_eq!(replay.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_table_that_throttles_grants_nothing_and_is_asked_again_by_the_next_call() {
    let throttled =
        || (400, json!({"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slow"}));
    let (replay, clock) = (Replay::new([throttled(), throttled(), throttled(), done()]), clock());
    let budget = budget(&replay, &clock);
    let error = budget.take_calls(&key(), 1).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    assert_eq!(budget.take_calls(&key(), 1).await.unwrap(), 1);
}
