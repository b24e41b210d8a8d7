//! A small cache of what was read and when.

use jiff::{SignedDuration, Timestamp};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

type Entries<K, V> = HashMap<K, (Timestamp, Arc<V>)>;

/// Values by key, each with the time when it was read; never more than a given number.
#[derive(Debug)]
pub(crate) struct Cache<K, V> {
    entries: Mutex<Entries<K, V>>,
    most: usize,
}

impl<K: Eq + Hash + Clone, V> Cache<K, V> {
    pub(crate) fn new(most: usize) -> Self {
        Self { entries: Mutex::default(), most }
    }

    /// The value, if it is younger than `age`.
    pub(crate) fn get(&self, key: &K, now: Timestamp, age: SignedDuration) -> Option<Arc<V>> {
        let entries = self.lock();
        let (read_at, value) = entries.get(key)?;
        // A clock that was set back makes nothing young for ever.
        let young = (SignedDuration::ZERO..age).contains(&now.duration_since(*read_at));
        young.then(|| Arc::clone(value))
    }

    /// Keeps a value; the oldest makes room.
    pub(crate) fn put(&self, key: K, now: Timestamp, value: Arc<V>) {
        let mut entries = self.lock();
        if entries.len() >= self.most && !entries.contains_key(&key) {
            let oldest = entries.iter().min_by_key(|(_, (read_at, _))| *read_at).map(|(key, _)| key.clone());
            oldest.and_then(|key| entries.remove(&key));
        }
        entries.insert(key, (now, value));
    }

    /// Forgets a value.
    pub(crate) fn remove(&self, key: &K) {
        self.lock().remove(key);
    }

    fn lock(&self) -> MutexGuard<'_, Entries<K, V>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    const AGE: SignedDuration = SignedDuration::from_secs(300);

    #[test]
    fn a_value_lives_for_its_age_and_not_in_the_past() {
        let cache = Cache::new(2);
        cache.put("a", at(1000), Arc::new(1));
        assert_eq!(cache.get(&"a", at(1299), AGE).as_deref(), Some(&1));
        assert_eq!(cache.get(&"a", at(1300), AGE), None);
        assert_eq!(cache.get(&"a", at(999), AGE), None);
    }

    #[test]
    fn the_oldest_makes_room() {
        let cache = Cache::new(2);
        for (second, key) in [(1, "a"), (2, "b"), (3, "a"), (4, "c")] {
            cache.put(key, at(second), Arc::new(second));
        }
        let kept = ["a", "b", "c"].map(|key| cache.get(&key, at(5), AGE).as_deref().copied());
        assert_eq!(kept, [Some(3), None, Some(4)]);
    }
}
