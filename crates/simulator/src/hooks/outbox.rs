//! Queued webhooks and their history.

use super::{Attempt, Delivery, DeliveryState, NewHook, Signer, WebhookMode};
use jiff::Timestamp;

/// A webhook with what is needed to send it.
#[derive(Clone, Debug)]
struct Entry {
    delivery: Delivery,
    signer: Signer,
    bytes: Vec<u8>,
}

/// One attempt made ready.
pub(super) struct Outgoing {
    pub(super) path: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) bytes: Vec<u8>,
}

/// All webhooks of both parties, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    entries: Vec<Entry>,
}

impl Outbox {
    /// Queues a webhook as its mode says and returns the deliveries to be made now and all that were queued.
    pub(crate) fn queue(&mut self, hook: NewHook) -> (Vec<u64>, Vec<u64>) {
        let copies = if hook.mode == WebhookMode::Duplicate { 2 } else { 1 };
        let state = match hook.mode {
            WebhookMode::Lose => DeliveryState::Lost,
            WebhookMode::Hold => DeliveryState::Held,
            WebhookMode::Send | WebhookMode::Duplicate => DeliveryState::Pending,
        };
        let all: Vec<u64> = (0..copies).map(|_| self.push(&hook, state)).collect();
        let due = if state == DeliveryState::Pending { all.clone() } else { Vec::new() };
        (due, all)
    }

    fn push(&mut self, hook: &NewHook, state: DeliveryState) -> u64 {
        let id = self.entries.len() as u64;
        let delivery = Delivery {
            id,
            party: hook.party,
            restaurant: hook.restaurant.clone(),
            operation: hook.operation.clone(),
            path: hook.path.clone(),
            body: hook.body.clone(),
            state,
            attempts: Vec::new(),
        };
        self.entries.push(Entry { delivery, signer: hook.signer.clone(), bytes: hook.body.to_string().into_bytes() });
        id
    }

    /// Everything held, made ready to be sent.
    pub(crate) fn release(&mut self, reversed: bool) -> Vec<u64> {
        let held = self.entries.iter_mut().filter(|entry| entry.delivery.state == DeliveryState::Held);
        let mut due: Vec<u64> = held
            .map(|entry| {
                entry.delivery.state = DeliveryState::Pending;
                entry.delivery.id
            })
            .collect();
        if reversed {
            due.reverse();
        }
        due
    }

    pub(super) fn outgoing(&self, id: u64, now: Timestamp) -> Option<Outgoing> {
        let entry = self.entries.get(usize::try_from(id).ok()?)?;
        let headers = entry.signer.headers(now, &entry.bytes);
        Some(Outgoing { path: entry.delivery.path.clone(), headers, bytes: entry.bytes.clone() })
    }

    pub(super) fn note(&mut self, id: u64, attempt: Attempt) {
        if let Some(delivery) = self.delivery_mut(id) {
            delivery.attempts.push(attempt);
        }
    }

    pub(super) fn settle(&mut self, id: u64, state: DeliveryState) {
        if let Some(delivery) = self.delivery_mut(id) {
            delivery.state = state;
        }
    }

    fn delivery_mut(&mut self, id: u64) -> Option<&mut Delivery> {
        Some(&mut self.entries.get_mut(usize::try_from(id).ok()?)?.delivery)
    }

    /// These deliveries as they stand.
    pub(crate) fn pick(&self, ids: &[u64]) -> Vec<Delivery> {
        self.all().filter(|delivery| ids.contains(&delivery.id)).cloned().collect()
    }

    /// Every delivery, oldest first.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.entries.iter().map(|entry| &entry.delivery)
    }
}
