use super::*;
use crate::replay::Replay;
use app::{contract::order_state, memory::ManualClock};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const NOW: i64 = 1_790_000_000;

fn store(replay: &Replay) -> DynamoOrderStore<ManualClock> {
    let clock = ManualClock::at(Timestamp::from_second(NOW).unwrap());
    DynamoOrderStore::new(replay.aws().dynamodb, "state", clock)
}

fn key() -> OrderKey {
    OrderKey { tenant: TenantId::parse("rest-1").unwrap(), order: OrderId::parse("o-1").unwrap() }
}

fn facts(facts: &[&str]) -> BTreeSet<String> {
    facts.iter().map(|fact| (*fact).to_owned()).collect()
}

fn refusal(item: Value) -> (u16, Value) {
    let kind = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
    (400, json!({"__type": kind, "message": "The conditional request failed", "Item": item}))
}

/// Commits a state at the given revision, without facts; what there was before was watched.
async fn commit(store: &impl OrderStore, open: bool, expected: Option<u64>) -> Result<Committed, StoreError> {
    commit_after(store, expected.is_some(), open, expected).await
}

async fn commit_after(
    store: &impl OrderStore,
    was_watched: bool,
    open: bool,
    expected: Option<u64>,
) -> Result<Committed, StoreError> {
    let (state, none) = (order_state("1", open), BTreeSet::new());
    let commit = Commit { state: &state, expected, was_watched, parked: &none, left: &none, lease_until: None };
    store.commit(&key(), commit).await
}

#[tokio::test]
async fn a_creation_writes_the_marker_first_and_then_the_whole_item_if_there_is_none() {
    let replay = Replay::new([(200, json!({})), (200, json!({}))]);
    let (state, none) = (order_state("1", true), BTreeSet::new());
    let lease_until = Some(Timestamp::from_second(NOW + 30).unwrap());
    let commit = Commit { state: &state, expected: None, was_watched: false, parked: &none, left: &none, lease_until };
    assert_eq!(store(&replay).commit(&key(), commit).await.unwrap(), Committed::Done(1));
    let expiry = (state.wished_at.as_second() + 45 * 86_400).to_string();
    let calls = replay.calls();
    let marker = json!({
        "TableName": "state",
        "Key": {"pk": {"S": "open"}, "sk": {"S": "rest-1#o-1"}},
        "UpdateExpression": "SET since = if_not_exists(since, :now), expires_at = :expiry, rev = :rev",
        "ExpressionAttributeValues": {
            ":now": {"N": "1790000000000"}, ":expiry": {"N": expiry}, ":rev": {"N": "1"}
        },
    });
    assert_eq!(calls[0], ("UpdateItem".to_owned(), marker));
    let (operation, mut put) = calls[1].clone();
    assert!(put["Item"]["token"]["S"].take().is_string());
    let item = json!({
        "pk": {"S": "order#rest-1#o-1"},
        "sk": {"S": "order"},
        "state": {"S": serde_json::to_string(&state).unwrap()},
        "rev": {"N": "1"},
        "lease": {"N": "1790000030000"},
        "token": {"S": null},
        "expires_at": {"N": expiry},
    });
    let expected = json!({
        "TableName": "state",
        "Item": item,
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    });
    assert_eq!((operation.as_str(), put), ("PutItem", expected));
}

#[tokio::test]
async fn an_order_wished_far_ahead_is_remembered_and_looked_at_until_after_its_day() {
    let replay = Replay::new(std::iter::repeat_n((200, json!({})), 4));
    let (day, none) = (86_400, BTreeSet::new());
    for wished in [60, -1] {
        let wished_at = Timestamp::from_second(NOW + wished * day).unwrap();
        let state = OrderState { wished_at, ..order_state("1", true) };
        let commit =
            Commit { state: &state, expected: None, was_watched: false, parked: &none, left: &none, lease_until: None };
        store(&replay).commit(&key(), commit).await.unwrap();
    }
    let calls = replay.calls();
    let second = |value: &Value| value["N"].as_str().unwrap().parse::<i64>().unwrap();
    assert_eq!(second(&calls[0].1["ExpressionAttributeValues"][":expiry"]), NOW + 105 * day, "the marker");
    assert_eq!(second(&calls[1].1["Item"]["expires_at"]), NOW + 105 * day, "the order");
    assert_eq!(second(&calls[3].1["Item"]["expires_at"]), NOW + 45 * day, "its day is over");
}

#[tokio::test]
async fn a_commit_asks_for_the_revision_and_exactly_the_facts_that_were_read() {
    let replay = Replay::new(std::iter::repeat_n((200, json!({})), 4));
    let (state, parked, left) = (order_state("1", false), facts(&["b", "a"]), facts(&["b"]));
    let commit =
        Commit { state: &state, expected: Some(7), was_watched: true, parked: &parked, left: &left, lease_until: None };
    assert_eq!(store(&replay).commit(&key(), commit).await.unwrap(), Committed::Done(8));
    let none = BTreeSet::new();
    store(&replay).commit(&key(), Commit { parked: &none, left: &none, ..commit }).await.unwrap();
    let calls = replay.calls();
    assert_eq!(calls[0].1["ConditionExpression"], "rev = :expected AND parked = :parked");
    let values = json!({":expected": {"N": "7"}, ":parked": {"SS": ["a", "b"]}});
    assert_eq!(calls[0].1["ExpressionAttributeValues"], values);
    assert_eq!(calls[0].1["Item"]["parked"], json!({"SS": ["b"]}));
    assert_eq!(calls[2].1["ConditionExpression"], "rev = :expected AND attribute_not_exists(parked)");
    assert_eq!(calls[2].1["ExpressionAttributeValues"], json!({":expected": {"N": "7"}}));
    assert_eq!(calls[2].1["Item"].get("parked"), None);
}

#[tokio::test]
async fn an_order_that_is_over_leaves_the_index_after_its_commit() {
    let replay = Replay::new([(200, json!({})), (200, json!({}))]);
    commit(&store(&replay), false, Some(3)).await.unwrap();
    let (operation, call) = replay.calls().pop().unwrap();
    assert_eq!(replay.operations(), ["PutItem", "DeleteItem"]);
    assert_eq!(operation, "DeleteItem");
    assert_eq!(call["Key"], json!({"pk": {"S": "open"}, "sk": {"S": "rest-1#o-1"}}));
    assert_eq!(call["ConditionExpression"], "attribute_not_exists(rev) OR rev <= :rev");
    assert_eq!(call["ExpressionAttributeValues"], json!({":rev": {"N": "4"}}));
}

#[tokio::test]
async fn an_order_that_came_back_into_the_index_meanwhile_stays_in_it_and_that_is_no_error() {
    let replay = Replay::new([refusal(json!({}))]);
    store(&replay).stop_watching(&key(), 4).await.unwrap();
    assert_eq!(replay.operations(), ["DeleteItem"]);
}

#[tokio::test]
async fn a_marker_that_cannot_be_deleted_does_not_fail_a_commit_that_was_written() {
    let replay = Replay::new([(200, json!({})), (400, json!({"__type": "AccessDeniedException"}))]);
    assert_eq!(commit(&store(&replay), false, Some(3)).await.unwrap(), Committed::Done(4));
}

#[tokio::test]
async fn an_order_without_its_marker_is_not_created() {
    let replay = Replay::new([(400, json!({"__type": "AccessDeniedException"}))]);
    assert!(commit(&store(&replay), true, None).await.is_err());
    assert_eq!(replay.operations(), ["UpdateItem"]);
}

#[tokio::test]
async fn an_order_that_opens_again_enters_the_index_first_and_one_that_stays_open_costs_one_write() {
    let replay = Replay::new(std::iter::repeat_n((200, json!({})), 3));
    commit_after(&store(&replay), true, true, Some(3)).await.unwrap();
    assert_eq!(replay.operations(), ["PutItem"]);
    commit_after(&store(&replay), false, true, Some(4)).await.unwrap();
    assert_eq!(replay.operations()[1..], ["UpdateItem", "PutItem"]);
    let replay = Replay::new([(400, json!({"__type": "AccessDeniedException"}))]);
    assert!(commit_after(&store(&replay), false, true, Some(4)).await.is_err());
    assert_eq!(replay.operations(), ["UpdateItem"], "and without it nothing is written");
}

#[tokio::test]
async fn a_failed_condition_is_a_lost_commit_and_nothing_else_is_written() {
    let replay = Replay::new([refusal(json!({"token": {"S": "somebody-else-s"}, "rev": {"N": "9"}}))]);
    assert_eq!(commit(&store(&replay), false, Some(3)).await.unwrap(), Committed::Lost);
    assert_eq!(replay.operations(), ["PutItem"]);
}

#[tokio::test]
async fn a_write_that_the_sdk_repeated_after_it_had_been_done_is_known_again_by_its_token() {
    let replay = Replay::new([(200, json!({}))]);
    let store = store(&replay);
    let item = Item::from([("pk".to_owned(), s("order#rest-1#o-1"))]);
    let none = BTreeSet::new();
    let state = order_state("1", true);
    let commit =
        Commit { state: &state, expected: Some(3), was_watched: true, parked: &none, left: &none, lease_until: None };
    replay.push(refusal(json!({"token": {"S": "mine"}, "rev": {"N": "4"}})));
    assert!(store.put(item.clone(), &commit, "mine").await.unwrap(), "written at once");
    assert!(store.put(item, &commit, "mine").await.unwrap(), "found to be written");
}

#[tokio::test]
async fn a_fact_is_added_to_the_set_at_one_revision_only() {
    let replay = Replay::new([(200, json!({})), refusal(json!({}))]);
    assert!(store(&replay).park(&key(), 7, "till:accepted").await.unwrap());
    assert!(!store(&replay).park(&key(), 7, "till:accepted").await.unwrap());
    let expected = json!({
        "TableName": "state",
        "Key": {"pk": {"S": "order#rest-1#o-1"}, "sk": {"S": "order"}},
        "UpdateExpression": "ADD parked :fact",
        "ConditionExpression": "rev = :rev",
        "ExpressionAttributeValues": {":fact": {"SS": ["till:accepted"]}, ":rev": {"N": "7"}},
    });
    assert_eq!(replay.calls()[0], ("UpdateItem".to_owned(), expected));
}

#[tokio::test]
async fn open_orders_are_read_page_by_page_consistently_without_what_has_expired() {
    let marker = |sk: &str, since: i64, expiry: i64| json!({"sk": {"S": sk}, "since": {"N": since.to_string()}, "expires_at": {"N": expiry.to_string()}});
    let last = json!({"pk": {"S": "open"}, "sk": {"S": "rest-1#o-2"}});
    let first_page = [marker("rest-1#o-1", 20, NOW + 1), marker("rest-1#o-2", 10, NOW)];
    let replay = Replay::new([
        (200, json!({"Items": first_page, "LastEvaluatedKey": last})),
        (200, json!({"Items": [marker("rest-1#o-3", 5, NOW + 1), {"sk": {"S": "no-separator"}}]})),
    ]);
    let open = store(&replay).open_orders(&key().tenant).await.unwrap();
    assert_eq!(open.iter().map(OrderId::as_str).collect::<Vec<_>>(), ["o-3", "o-1"]);
    let calls = replay.calls();
    let expected = json!({
        "TableName": "state",
        "ConsistentRead": true,
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)",
        "ProjectionExpression": "sk, since, expires_at",
        "ExpressionAttributeValues": {":pk": {"S": "open"}, ":prefix": {"S": "rest-1#"}},
    });
    assert_eq!(calls[0].1, expected);
    assert_eq!(calls[1].1["ExclusiveStartKey"], last);
}

#[tokio::test]
async fn a_load_is_consistent_and_a_record_past_its_time_is_still_the_order() {
    let state = serde_json::to_string(&order_state("1", false)).unwrap();
    let item = json!({"state": {"S": state}, "rev": {"N": "4"}, "expires_at": {"N": (NOW - 1).to_string()}});
    let replay = Replay::new([(200, json!({"Item": item})), (200, json!({}))]);
    let found = store(&replay).load(&key()).await.unwrap().unwrap();
    assert_eq!((found.revision, found.leased_until, found.parked.len()), (4, None, 0));
    assert_eq!(replay.calls()[0].1["ConsistentRead"], true);
    assert_eq!(store(&replay).load(&key()).await.unwrap(), None);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_malformed_with_a_remedy_and_not_absent() {
    let replay = Replay::new([(200, json!({"Item": {"state": {"S": "{}"}, "rev": {"N": "1"}}}))]);
    let error = store(&replay).load(&key()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Malformed { what, .. } if what.contains("o-1")), "{error}");
}

#[tokio::test(start_paused = true)]
async fn throttling_is_repeated_and_then_unavailable() {
    let throttled =
        || (400, json!({"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slow"}));
    let replay = Replay::new([throttled(), (200, json!({}))]);
    assert_eq!(store(&replay).load(&key()).await.unwrap(), None);
    let replay = Replay::new([throttled(), throttled(), throttled()]);
    let error = store(&replay).load(&key()).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    assert_eq!(replay.operations().len(), 3);
}

#[tokio::test]
async fn a_scan_reads_the_orders_of_one_tenant_and_says_when_it_stopped_before_the_end() {
    let state = serde_json::to_string(&order_state("1", false)).unwrap();
    let item = |pk: &str| json!({"pk": {"S": pk}, "sk": {"S": "order"}, "state": {"S": state}, "rev": {"N": "3"}});
    let first =
        json!({"Items": [item("order#rest-1#o-1")], "LastEvaluatedKey": {"pk": {"S": "x"}, "sk": {"S": "order"}}});
    let second = json!({"Items": [item("order#rest-1#o-2"), {"pk": {"S": "order#rest-1#o-3"}}]});
    let replay = Replay::new([(200, first.clone()), (200, second), (200, first)]);
    let scanned = store(&replay).scan(&key().tenant, 5).await.unwrap();
    assert_eq!(scanned.orders.iter().map(|(order, _)| order.as_str()).collect::<Vec<_>>(), ["o-1", "o-2"]);
    assert!(scanned.is_whole);
    let (operation, asked) = replay.calls().remove(0);
    assert_eq!(
        (operation.as_str(), &asked["ExpressionAttributeValues"][":prefix"]),
        ("Scan", &json!({"S": "order#rest-1#"}))
    );
    assert!(!store(&replay).scan(&key().tenant, 1).await.unwrap().is_whole);
}
