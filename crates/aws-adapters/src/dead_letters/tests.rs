use super::*;
use crate::replay::Replay;
use serde_json::{Value, json};

const DEAD: &str = "https://sqs.eu-south-1.amazonaws.com/1/orders-dead";
const SOURCE: &str = "https://sqs.eu-south-1.amazonaws.com/1/orders";

fn letters(replay: &Replay) -> DeadLetters {
    DeadLetters::new(replay.aws().sqs, DEAD, SOURCE)
}

fn received() -> (u16, Value) {
    let attributes =
        json!({"ApproximateReceiveCount": "11", "SentTimestamp": "1795543200000", "MessageGroupId": "rest-1"});
    let message = json!({"MessageId": "m-1", "ReceiptHandle": "r-1", "Body": "{\"v\":1}", "Attributes": attributes});
    (200, json!({"Messages": [message]}))
}

fn refused() -> (u16, Value) {
    (400, json!({"__type": "com.amazonaws.sqs#InvalidMessageContents", "message": "no"}))
}

#[tokio::test]
async fn a_queue_says_how_much_waits_is_in_flight_and_is_delayed() {
    let counts = json!({"Attributes": {"ApproximateNumberOfMessages": "3", "ApproximateNumberOfMessagesNotVisible": "2",
        "ApproximateNumberOfMessagesDelayed": "1"}});
    let replay = Replay::new([(200, counts)]);
    let depth = depth(&replay.aws().sqs, DEAD).await.unwrap();
    assert_eq!(depth, Depth { waiting: 3, in_flight: 2, delayed: 1 });
    assert_eq!(replay.operations(), ["GetQueueAttributes"]);
}

#[tokio::test]
async fn a_letter_is_received_with_what_is_known_of_it_and_hidden_meanwhile() {
    let replay = Replay::new([received()]);
    let letter = letters(&replay).receive(Duration::from_secs(30)).await.unwrap().remove(0);
    assert_eq!((letter.id.as_str(), letter.receives, letter.group.as_deref()), ("m-1", 11, Some("rest-1")));
    assert_eq!(letter.first_sent.unwrap().as_millisecond(), 1_795_543_200_000);
    assert_eq!(replay.calls()[0].1["VisibilityTimeout"], 30);
    assert_eq!(format!("{letter:?}"), "DeadLetter { id: \"m-1\", .. }");
}

#[tokio::test]
async fn a_letter_that_is_given_back_is_visible_at_once() {
    let replay = Replay::new([received(), (200, json!({}))]);
    let letters = letters(&replay);
    let letter = letters.receive(Duration::from_secs(30)).await.unwrap().remove(0);
    letters.release(&letter).await.unwrap();
    let expected = json!({"QueueUrl": DEAD, "ReceiptHandle": "r-1", "VisibilityTimeout": 0});
    assert_eq!(replay.calls()[1], ("ChangeMessageVisibility".to_owned(), expected));
}

#[tokio::test]
async fn a_letter_is_deleted_only_after_its_queue_has_taken_it_in_its_group() {
    let sent = (200, json!({"MessageId": "m-2"}));
    let replay = Replay::new([received(), sent, (200, json!({}))]);
    let letters = letters(&replay);
    let letter = letters.receive(Duration::from_secs(30)).await.unwrap().remove(0);
    letters.send_back(&letter, letter.group.as_deref()).await.unwrap();
    let calls = replay.calls();
    let expected = json!({"QueueUrl": SOURCE, "MessageBody": "{\"v\":1}", "MessageGroupId": "rest-1"});
    assert_eq!(calls[1], ("SendMessage".to_owned(), expected));
    assert_eq!(calls[2], ("DeleteMessage".to_owned(), json!({"QueueUrl": DEAD, "ReceiptHandle": "r-1"})));
}

#[tokio::test]
async fn a_letter_that_its_queue_does_not_take_stays_where_it_is() {
    let replay = Replay::new([received(), refused()]);
    let letters = letters(&replay);
    let letter = letters.receive(Duration::from_secs(30)).await.unwrap().remove(0);
    assert!(letters.send_back(&letter, None).await.is_err());
    assert_eq!(replay.operations(), ["ReceiveMessage", "SendMessage"]);
}

#[tokio::test]
async fn no_messages_are_no_letters() {
    let replay = Replay::new([(200, json!({}))]);
    assert!(letters(&replay).receive(Duration::ZERO).await.unwrap().is_empty());
}
