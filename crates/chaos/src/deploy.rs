//! What a deploy in the middle leaves behind: messages of other versions.

use serde_json::Value;

/// The fields of messages that the first deploys did not write.
const NEWER: [&str; 3] = ["sent_ms", "due_ms", "again"];

/// A message of the sync queue as the first deploys wrote it.
pub(crate) fn to_older_form(body: &str) -> String {
    changed(body, |message| {
        NEWER.iter().for_each(|field| drop(message.remove(*field)));
    })
}

/// An order's state as a version wrote it that did not know the fields which say nothing yet.
pub(crate) fn without_defaults(state: &str) -> String {
    let says_nothing = |value: &Value| match value {
        Value::Array(list) => list.is_empty(),
        value => value.as_u64() == Some(0),
    };
    changed(state, |state| {
        for field in ["attempts", "faults", "alerts", "told", "next_seq", "pending", "history"] {
            if state.get(field).is_some_and(says_nothing) {
                state.remove(field);
            }
        }
    })
}

/// A message as a deploy wrote it that was taken back.
pub(crate) fn to_later_version(body: &str) -> String {
    changed(body, |message| drop(message.insert("v".to_owned(), 2.into())))
}

/// The same message after that deploy has come again.
pub(crate) fn to_known_version(body: &str) -> String {
    changed(body, |message| drop(message.insert("v".to_owned(), 1.into())))
}

fn changed(body: &str, change: impl FnOnce(&mut serde_json::Map<String, Value>)) -> String {
    match serde_json::from_str(body) {
        Ok(Value::Object(mut message)) => {
            change(&mut message);
            Value::Object(message).to_string()
        }
        _ => body.to_owned(),
    }
}
