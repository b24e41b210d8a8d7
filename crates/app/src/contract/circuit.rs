//! The promises of the store of circuits.

use crate::ports::{CircuitStore, Saved, StoredStanding, Upstream};
use domain::circuit::{Breaker, Standing};
use secrecy::SecretString;

/// Every promise of [`CircuitStore`]. Nothing may be known of the platform, nor of the keys `contract-key-1` and `-2`.
pub async fn circuit_store_contract(store: &impl CircuitStore) {
    let till = |key: &str| Upstream::till(&SecretString::from(format!("contract-key-{key}")));
    let (one, other) = (till("1"), till("2"));
    let first = Standing {
        orders: Breaker::Open { until_ms: 1_790_000_000_123, openings: u32::MAX },
        menus: Breaker::Closed { since_ms: Some(1_790_000_000_124) },
    };
    let second = Standing { orders: Breaker::default(), menus: Breaker::Open { until_ms: 5, openings: 1 } };
    assert_eq!(store.load(&one).await.unwrap(), None);
    assert_eq!(store.save(&one, Some(1), &first).await.unwrap(), Saved::Lost(None), "a revision of nothing");
    assert_eq!(store.load(&one).await.unwrap(), None);
    let Saved::Done(revision) = store.save(&one, None, &first).await.unwrap() else { panic!("the first save") };
    let stored = Some(StoredStanding { standing: first, revision });
    assert_eq!(store.load(&one).await.unwrap(), stored);
    assert_eq!(store.save(&one, None, &second).await.unwrap(), Saved::Lost(stored), "another first save");
    let Saved::Done(next) = store.save(&one, Some(revision), &second).await.unwrap() else { panic!("the next save") };
    assert_ne!(next, revision);
    let stored = Some(StoredStanding { standing: second, revision: next });
    assert_eq!(store.save(&one, Some(revision), &first).await.unwrap(), Saved::Lost(stored), "a stale revision");
    assert_eq!(store.load(&one).await.unwrap(), stored);
    assert_eq!(store.load(&other).await.unwrap(), None, "another key");
    assert_eq!(store.load(&Upstream::platform()).await.unwrap(), None, "another party");
}
