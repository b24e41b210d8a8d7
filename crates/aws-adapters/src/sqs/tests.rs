use super::*;
use crate::replay::Replay;
use app::message::{OrderEvent, SyncJob, encode};
use domain::TenantId;
use serde_json::{Value, json};

const URL: &str = "https://sqs.eu-south-1.amazonaws.com/1/orders";

fn message(tenant: &str, correlation: &str) -> OrderMessage {
    OrderMessage {
        tenant: TenantId::parse(tenant).unwrap(),
        correlation: correlation.into(),
        sent_ms: 1,
        event: OrderEvent::Reconcile,
    }
}

fn orders(replay: &Replay) -> SqsOrderQueue {
    SqsOrderQueue::new(replay.aws().sqs, URL)
}

fn taken(ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({"Id": id, "MessageId": "m", "MD5OfMessageBody": "x"})).collect()
}

fn failed(id: &str, sender: bool) -> Value {
    json!({"Id": id, "SenderFault": sender, "Code": "InternalError", "Message": "no"})
}

fn entries(replay: &Replay, call: usize) -> Vec<Value> {
    replay.calls()[call].1["Entries"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_message_goes_out_with_its_tenant_as_group_and_its_delay_in_whole_seconds() {
    let replay = Replay::new([(200, json!({"Successful": taken(&["0", "1", "2"]), "Failed": []}))]);
    let delays = [Duration::ZERO, Duration::from_millis(1500), Duration::from_secs(5000)];
    let messages: Vec<_> = delays.into_iter().map(|delay| (message("rest-1", "c"), delay)).collect();
    orders(&replay).send(&messages).await.unwrap();
    let (operation, body) = replay.calls().remove(0);
    assert_eq!((operation.as_str(), &body["QueueUrl"]), ("SendMessageBatch", &json!(URL)));
    let text = encode(&message("rest-1", "c")).unwrap();
    let sent = entries(&replay, 0);
    assert_eq!(sent[0], json!({"Id": "0", "MessageBody": text, "MessageGroupId": "rest-1"}));
    assert_eq!(sent.iter().map(|e| e["DelaySeconds"].as_i64()).collect::<Vec<_>>(), [None, Some(2), Some(900)]);
}

#[tokio::test]
async fn no_messages_are_no_call() {
    let replay = Replay::default();
    orders(&replay).send(&[]).await.unwrap();
    assert!(replay.calls().is_empty());
}

#[tokio::test]
async fn a_batch_holds_ten_messages_and_less_than_a_mebibyte() {
    let ok = || (200, json!({"Successful": [], "Failed": []}));
    let replay = Replay::new([ok(), ok(), ok(), ok(), ok()]);
    let small: Vec<_> = (0..21).map(|_| (message("rest-1", "c"), Duration::ZERO)).collect();
    orders(&replay).send(&small).await.unwrap();
    assert_eq!([0, 1, 2].map(|call| entries(&replay, call).len()), [10, 10, 1]);
    let big: Vec<_> = (0..3).map(|_| (message("rest-1", &"x".repeat(400_000)), Duration::ZERO)).collect();
    orders(&replay).send(&big).await.unwrap();
    assert_eq!([3, 4].map(|call| entries(&replay, call).len()), [2, 1]);
}

#[tokio::test(start_paused = true)]
async fn what_was_not_taken_is_sent_again_alone() {
    let replay = Replay::new([
        (200, json!({"Successful": taken(&["0", "2"]), "Failed": [failed("1", false)]})),
        (200, json!({"Successful": taken(&["0"]), "Failed": []})),
    ]);
    let messages: Vec<_> = ["a", "b", "c"].map(|c| (message("rest-1", c), Duration::ZERO)).into();
    orders(&replay).send(&messages).await.unwrap();
    let again = entries(&replay, 1);
    assert_eq!(again.len(), 1);
    assert_eq!(again[0]["MessageBody"], json!(encode(&messages[1].0).unwrap()));
}

#[tokio::test(start_paused = true)]
async fn what_is_never_taken_is_an_error_after_three_attempts_and_at_once_if_it_is_our_fault() {
    let no = |sender| (200, json!({"Successful": [], "Failed": [failed("0", sender)]}));
    let replay = Replay::new([no(false), no(false), no(false)]);
    assert!(orders(&replay).send(&[(message("rest-1", "c"), Duration::ZERO)]).await.is_err());
    assert_eq!(replay.calls().len(), 3);
    let replay = Replay::new([no(true)]);
    assert!(orders(&replay).send(&[(message("rest-1", "c"), Duration::ZERO)]).await.is_err());
    assert_eq!(replay.calls().len(), 1);
}

#[tokio::test]
async fn a_message_that_no_queue_takes_is_malformed() {
    let replay = Replay::default();
    let sent = orders(&replay).send(&[(message("rest-1", &"x".repeat(1 << 20)), Duration::ZERO)]).await;
    assert!(matches!(sent, Err(StoreError::Malformed { .. })));
}

#[tokio::test]
async fn a_sync_job_goes_out_with_its_delay() {
    let replay = Replay::new([(200, json!({"Successful": taken(&["0"]), "Failed": []}))]);
    let message = SyncMessage {
        tenant: TenantId::parse("rest-1").unwrap(),
        correlation: "c".into(),
        sent_ms: 1,
        due_ms: 0,
        job: SyncJob::FullSync,
    };
    SqsSyncQueue::new(replay.aws().sqs, URL).send(&[(message.clone(), Duration::from_secs(20))]).await.unwrap();
    let entry = &entries(&replay, 0)[0];
    assert_eq!(entry["MessageBody"], json!(encode(&message).unwrap()));
    assert_eq!(entry["DelaySeconds"], 20);
}

#[tokio::test]
async fn a_failed_record_is_hidden_for_at_most_twelve_hours() {
    let replay = Replay::new([(200, json!({})), (200, json!({}))]);
    let queue = SqsQueue::new(replay.aws().sqs, URL);
    queue.change_visibility("handle", Duration::from_secs(40)).await.unwrap();
    queue.change_visibility("handle", Duration::from_secs(1_000_000)).await.unwrap();
    let expected = json!({"QueueUrl": URL, "ReceiptHandle": "handle", "VisibilityTimeout": 40});
    assert_eq!(replay.calls()[0], ("ChangeMessageVisibility".to_owned(), expected));
    assert_eq!(replay.calls()[1].1["VisibilityTimeout"], 43_200);
}

#[tokio::test]
async fn warming_stores_nothing_and_its_refusal_is_no_error() {
    let replay = Replay::new([(400, json!({"__type": "com.amazonaws.sqs#EmptyBatchRequest", "message": "empty"}))]);
    SqsQueue::new(replay.aws().sqs, URL).warm().await;
    assert!(entries(&replay, 0).is_empty());
}
