//! Both queues in memory.

use super::{Faults, lock, pause};
use crate::{
    message::{OrderMessage, SyncMessage, decode, encode},
    ports::{OrderQueue, StoreError, SyncQueue},
};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

/// The longest delay that a real queue knows.
const LONGEST_DELAY: Duration = Duration::from_secs(900);

#[derive(Debug, Default)]
struct Queued {
    orders: Vec<(OrderMessage, Duration)>,
    sync: Vec<(SyncMessage, Duration)>,
    faults: Faults,
}

/// Both queues in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryQueue(Arc<Mutex<Queued>>);

impl MemoryQueue {
    /// The messages of the orders queue with their delays, as sent.
    #[must_use]
    pub fn orders(&self) -> Vec<(OrderMessage, Duration)> {
        lock(&self.0).orders.clone()
    }

    /// The messages of the sync queue with their delays, as sent.
    #[must_use]
    pub fn sync(&self) -> Vec<(SyncMessage, Duration)> {
        lock(&self.0).sync.clone()
    }

    /// Takes the messages of the orders queue that are due after this much time; the others wait that much less.
    #[must_use]
    pub fn take_orders(&self, waited: Duration) -> Vec<OrderMessage> {
        let mut queued = lock(&self.0);
        let mut due = Vec::new();
        for (message, delay) in std::mem::take(&mut queued.orders) {
            match delay.checked_sub(waited).filter(|left| !left.is_zero()) {
                Some(left) => queued.orders.push((message, left)),
                None => due.push(message),
            }
        }
        due
    }

    /// Takes the messages of the sync queue with their delays.
    #[must_use]
    pub fn take_sync(&self) -> Vec<(SyncMessage, Duration)> {
        std::mem::take(&mut lock(&self.0).sync)
    }

    /// Makes the next so many calls fail as a queue does that does not answer.
    pub fn fail_next(&self, calls: u32) {
        lock(&self.0).faults = Faults(calls);
    }

    fn call(&self) -> Result<MutexGuard<'_, Queued>, StoreError> {
        let mut queued = lock(&self.0);
        queued.faults.next("the queue in memory")?;
        Ok(queued)
    }
}

/// A message as it comes out of a real queue.
fn travelled<T: Serialize + DeserializeOwned>(message: &T) -> Result<T, StoreError> {
    encode(message)
        .and_then(|body| decode(&body))
        .map_err(|error| StoreError::Malformed { what: "a message".to_owned(), remedy: error.to_string() })
}

impl OrderQueue for MemoryQueue {
    async fn send(&self, messages: &[(OrderMessage, Duration)]) -> Result<(), StoreError> {
        pause().await;
        let done = (|| -> Result<(), StoreError> {
            let mut queued = self.call()?;
            for (message, delay) in messages {
                queued.orders.push((travelled(message)?, (*delay).min(LONGEST_DELAY)));
            }
            Ok(())
        })();
        pause().await;
        done
    }
}

impl SyncQueue for MemoryQueue {
    async fn send(&self, messages: &[(SyncMessage, Duration)]) -> Result<(), StoreError> {
        let mut queued = self.call()?;
        for (message, delay) in messages {
            queued.sync.push((travelled(message)?, (*delay).min(LONGEST_DELAY)));
        }
        Ok(())
    }
}
