//! Webhook requests: whatever arrives is answered as the contract says, and only what was signed reaches a queue.
//!
//! The input is a request as it is written down: `POST /webhooks/cic/rest-demo`, headers, an empty line, the body. The
//! pseudo-header `x-body` says how the gateway gives the body: `encoded` as base64, `claimed` as text that it calls
//! base64. Every request is tried as it is, signed by its sender, and with a signature that is wrong by one bit.

use super::{
    sign, split_line,
    world::{DEMO, TILL_SECRETS, moment, run, tenants},
};
use app::{
    memory::{ManualClock, MemoryQueue, MemoryTenants},
    message::{OrderMessage, SyncMessage, decode, encode},
    ports::SystemClock,
};
use aws_adapters::metrics::Metrics;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use webhook::{Webhook, answer_event};

/// What SQS takes, in bytes.
const LARGEST_MESSAGE: usize = 1 << 20;

/// One request, and the bytes that its sender meant.
#[derive(Clone)]
struct Sent {
    method: String,
    path: String,
    headers: Map<String, Value>,
    body: String,
    is_base64: bool,
    /// None where the body is not the base64 that it is said to be.
    bytes: Option<Vec<u8>>,
}

pub(super) fn check(data: &[u8]) {
    let Some(sent) = read(data) else { return };
    let answer = Answered::of(&sent);
    if answer.is_queued() {
        assert!(is_genuine(&sent), "an unsigned event was queued");
    }
    if let Some(signed) = signed(&sent, 0) {
        let answer = Answered::of(&signed);
        let is_known = sent.path.trim_matches('/').ends_with(&format!("cic/{}", DEMO.restaurant_id));
        assert!(!is_known || answer.status != 401, "a signed event of a known tenant was refused");
    }
    if let Some(forged) = signed(&sent, 1) {
        let answer = Answered::of(&forged);
        assert!(answer.status >= 400 && !answer.is_queued(), "a forged event was answered {}", answer.status);
    }
}

fn read(data: &[u8]) -> Option<Sent> {
    let (line, mut rest) = split_line(data)?;
    let (method, path) = line.split_once(' ')?;
    let mut headers = Map::new();
    while let Some((line, after)) = split_line(rest) {
        rest = after;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.insert(name.trim().to_ascii_lowercase(), value.trim().into());
    }
    let (body, is_base64, bytes) = match (headers.remove("x-body"), std::str::from_utf8(rest)) {
        (Some(Value::String(how)), Ok(text)) if how == "claimed" => (text.to_owned(), true, STANDARD.decode(text).ok()),
        (None, Ok(text)) => (text.to_owned(), false, Some(rest.to_vec())),
        _ => (STANDARD.encode(rest), true, Some(rest.to_vec())),
    };
    Some(Sent { method: method.to_owned(), path: path.to_owned(), headers, body, is_base64, bytes })
}

/// Whose webhook the route takes it for.
#[derive(PartialEq)]
enum Sender {
    Till,
    Platform,
}

fn sender(sent: &Sent) -> Option<Sender> {
    let segments: Vec<&str> = sent.path.trim_matches('/').split('/').collect();
    match (sent.method.as_str(), segments.as_slice()) {
        ("POST", ["webhooks", "cic", _]) => Some(Sender::Till),
        ("POST", ["webhooks", "plateform"]) => Some(Sender::Platform),
        _ => None,
    }
}

/// The request with the signature of its sender, this bit of its last byte turned over.
fn signed(sent: &Sent, bit: u8) -> Option<Sent> {
    let (sender, bytes, mut sent) = (sender(sent)?, sent.bytes.clone()?, sent.clone());
    let turned = |mut tag: Vec<u8>| {
        *tag.last_mut().expect("a tag") ^= bit;
        tag
    };
    match sender {
        Sender::Till => {
            let tag = turned(sign::till(&TILL_SECRETS[0], &bytes));
            sent.headers.insert("x-cn-signature".to_owned(), hex::encode(tag).into());
        }
        Sender::Platform => {
            let timestamp = moment().as_second().to_string();
            let tag = turned(sign::platform(&DEMO.plateform_webhook_secret, "msg", &timestamp, &bytes));
            sent.headers.insert("webhook-id".to_owned(), "msg".into());
            sent.headers.insert("webhook-timestamp".to_owned(), timestamp.into());
            sent.headers.insert("webhook-signature".to_owned(), sign::platform_part(&tag).into());
        }
    }
    Some(sent)
}

fn is_genuine(sent: &Sent) -> bool {
    let header = |name: &str| sent.headers.get(name).and_then(Value::as_str).unwrap_or_default();
    let (Some(sender), Some(bytes)) = (sender(sent), &sent.bytes) else { return false };
    if sender == Sender::Till {
        let by = |secret: &String| sign::names_till_tag(header("x-cn-signature"), &sign::till(secret, bytes));
        return TILL_SECRETS.iter().any(by);
    }
    let (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
    let tag = sign::platform(&DEMO.plateform_webhook_secret, id, timestamp, bytes);
    let is_recent = timestamp.parse::<i64>().is_ok_and(|sent| moment().as_second().abs_diff(sent) <= 300);
    is_recent && sign::names_platform_tag(header("webhook-signature"), &tag)
}

/// What came back, and what is on the queues.
struct Answered {
    status: u64,
    body: Option<Value>,
}

impl Answered {
    /// Has the real function answer the request; what holds of any answer is looked at here.
    fn of(sent: &Sent) -> Self {
        let event = json!({
            "rawPath": sent.path, "headers": sent.headers, "body": sent.body, "isBase64Encoded": sent.is_base64,
            "requestContext": {"http": {"method": sent.method, "path": sent.path}},
        });
        // A method or a header that HTTP does not know never gets as far as a function.
        let Ok(event) = serde_json::from_value(event) else { return Self { status: 400, body: None } };
        let (webhook, queue) = webhook();
        let response = run(answer_event(&webhook, event, "fuzzed"));
        let response = serde_json::to_value(response).expect("an answer that can be written");
        let body = response["body"].as_str().map(|body| serde_json::from_str(body).expect("a body of JSON"));
        let answer = Self { status: response["statusCode"].as_u64().expect("a status"), body };
        answer.assert_of_the_contract(sent);
        assert_eq!(travelled(&queue), usize::from(answer.is_queued()), "queued and answered {}", answer.status);
        answer
    }

    fn is_queued(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body["status"] == "queued")
    }

    fn assert_of_the_contract(&self, sent: &Sent) {
        let body = self.body.as_ref();
        let word = |field: &str| body.and_then(|body| body[field].as_str()).unwrap_or_default();
        let holds = match (self.status, sender(sent)) {
            (200, Some(Sender::Till)) => ["queued", "ignored"].contains(&word("status")),
            (200, Some(Sender::Platform)) => word("status") == "ignored",
            (200, None) => sent.method == "HEAD" || word("status") == "ok",
            (202, sender) => sender == Some(Sender::Platform) && word("status") == "queued",
            (400, Some(_)) => word("error").starts_with("malformed_"),
            (401, Some(_)) => body == Some(&json!({"error": "unauthorized", "message": "the signature does not hold"})),
            (413, Some(_)) => word("error") == "too_large",
            (404 | 405, None) => body.is_none(),
            _ => false,
        };
        assert!(holds, "{} {} was answered {} {body:?}", sent.method, sent.path, self.status);
    }
}

type InMemory = Webhook<MemoryTenants, MemoryQueue, MemoryQueue, ManualClock>;

fn webhook() -> (InMemory, MemoryQueue) {
    let (clock, queue) = (ManualClock::at(moment()), MemoryQueue::default());
    let webhook = Webhook {
        tenants: tenants(&clock),
        orders: queue.clone(),
        sync: queue.clone(),
        clock,
        metrics: Metrics::new("webhook", SystemClock, std::io::sink()),
    };
    (webhook, queue)
}

/// How many messages were queued; each is for the tenant, can be read again, and is text that SQS takes.
fn travelled(queue: &MemoryQueue) -> usize {
    let (orders, sync) = (queue.orders(), queue.sync());
    for (message, _) in &orders {
        let body = encode(message).expect("a message that can be written");
        assert_eq!(decode::<OrderMessage>(&body).expect("a message that can be read"), *message);
        assert_eq!(message.tenant.as_str(), DEMO.restaurant_id);
        assert_sendable(&body);
    }
    for (message, _) in &sync {
        let body = encode(message).expect("a message that can be written");
        assert_eq!(decode::<SyncMessage>(&body).expect("a message that can be read"), *message);
        assert_eq!(message.tenant.as_str(), DEMO.restaurant_id);
        assert_sendable(&body);
    }
    orders.len() + sync.len()
}

fn assert_sendable(body: &str) {
    let is_taken =
        |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    assert!(body.len() <= LARGEST_MESSAGE && body.chars().all(is_taken), "SQS does not take {body:?}");
}

#[test]
fn a_forged_request_is_not_taken_for_a_genuine_one() {
    let sent = read(b"POST /webhooks/cic/rest-demo\nx-cn-operation: ORDER/EDIT\n\n{\"id\":\"t-1\"}").unwrap();
    assert!(!is_genuine(&sent) && is_genuine(&signed(&sent, 0).unwrap()) && !is_genuine(&signed(&sent, 1).unwrap()));
    let platform = read(b"POST /webhooks/plateform\n\n{}").unwrap();
    assert!(!is_genuine(&platform) && is_genuine(&signed(&platform, 0).unwrap()));
    assert!(!is_genuine(&signed(&platform, 1).unwrap()));
}
