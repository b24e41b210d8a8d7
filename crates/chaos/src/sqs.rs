//! A standard queue: at least once, in no order, with a visibility time-out and a dead-letter queue.

use crate::{dice::Dice, fault::Fault, sim::lock};
use aws_lambda_events::sqs::SqsMessage;
use std::{collections::BTreeMap, sync::Mutex, time::Duration};

/// As many messages as one invocation gets.
const BATCH: usize = 10;

#[derive(Debug, Clone)]
struct Message {
    body: String,
    /// What the message is about: the scope of what strikes it.
    scope: String,
    visible_at: Duration,
    receives: u32,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    waiting: BTreeMap<u64, Message>,
    dead: Vec<Message>,
    died: usize,
    again: u64,
}

/// One queue with its dead-letter queue.
#[derive(Debug)]
pub(crate) struct Sqs {
    visibility: Duration,
    most_receives: u32,
    state: Mutex<State>,
}

impl Sqs {
    /// As the template says it.
    pub(crate) fn new(visibility_seconds: u64, most_receives: u32) -> Self {
        Self { visibility: Duration::from_secs(visibility_seconds), most_receives, state: Mutex::default() }
    }

    /// Stores a message.
    pub(crate) fn put(&self, body: String, scope: &str, visible_at: Duration) {
        let mut state = lock(&self.state);
        let id = state.next;
        state.next += 1;
        state.waiting.insert(id, Message { body, scope: scope.to_owned(), visible_at, receives: 0 });
    }

    /// What a poller gets now; empty when nothing is visible.
    pub(crate) fn receive(&self, dice: &Dice, now: Duration) -> Vec<SqsMessage> {
        let mut state = lock(&self.state);
        let visible: Vec<u64> =
            state.waiting.iter().filter(|(_, message)| message.visible_at <= now).map(|(id, _)| *id).collect();
        let mut batch = Vec::new();
        for id in visible {
            if batch.len() == BATCH {
                break;
            }
            let Some(message) = state.waiting.get_mut(&id) else { continue };
            message.receives += 1;
            if message.receives > self.most_receives {
                let dead = state.waiting.remove(&id);
                state.dead.extend(dead);
                state.died += 1;
                continue;
            }
            let is_again = u64::from(message.receives > 1);
            let doubled = dice.strikes(Fault::MessageDoubled, &message.scope);
            message.visible_at = if doubled { now } else { now + self.visibility };
            batch.push(as_received(id, message));
            state.again += is_again;
        }
        batch
    }

    /// Whether a message is visible by then.
    pub(crate) fn is_visible(&self, by: Duration) -> bool {
        lock(&self.state).waiting.values().any(|message| message.visible_at <= by)
    }

    /// What is done with; now and then the queue forgets that.
    pub(crate) fn delete(&self, dice: &Dice, id: &str) {
        let mut state = lock(&self.state);
        let Ok(id) = id.parse::<u64>() else { return };
        let forgets =
            state.waiting.get(&id).is_some_and(|message| dice.strikes(Fault::MessageNotDeleted, &message.scope));
        if !forgets {
            state.waiting.remove(&id);
        }
    }

    /// Hides a received message for a while; a receipt that is no longer the last one does nothing.
    pub(crate) fn hide(&self, receipt: &str, until: Duration) {
        let Some((id, receives)) = receipt.split_once('-') else { return };
        let mut state = lock(&self.state);
        let found = id.parse().ok().and_then(|id: u64| state.waiting.get_mut(&id));
        if let Some(message) = found.filter(|message| message.receives.to_string() == receives) {
            message.visible_at = until;
        }
    }

    /// Changes every message that waits, as a deploy in the middle makes them look.
    pub(crate) fn rewrite(&self, change: impl Fn(&str) -> String) {
        lock(&self.state).waiting.values_mut().for_each(|message| message.body = change(&message.body));
    }

    /// An operator gives the dead letters back, each through `mend`.
    pub(crate) fn redrive(&self, now: Duration, mend: impl Fn(&str) -> String) {
        let dead = std::mem::take(&mut lock(&self.state).dead);
        for message in dead {
            self.put(mend(&message.body), &message.scope, now);
        }
    }

    /// How often a message was given out that had been given out before.
    pub(crate) fn again(&self) -> u64 {
        lock(&self.state).again
    }

    /// How many messages have come to the dead-letter queue, and how many are there now.
    pub(crate) fn died(&self) -> (usize, usize) {
        let state = lock(&self.state);
        (state.died, state.dead.len())
    }
}

fn as_received(id: u64, message: &Message) -> SqsMessage {
    let mut received = SqsMessage::default();
    received.message_id = Some(id.to_string());
    received.receipt_handle = Some(format!("{id}-{}", message.receives));
    received.body = Some(message.body.clone());
    received.attributes.insert("ApproximateReceiveCount".to_owned(), message.receives.to_string());
    received
}
