//! The ports as one invocation sees them: the adapters in memory behind edges at which things go wrong.

mod menu;
mod platform;
mod store;
mod till;

use crate::{fault::Fault, life::Life, sim::Sim};
use app::ports::{StoreError, Work};
use std::{future::Future, sync::Arc, time::Duration};

pub(crate) use menu::{SimBudget, SimMenuStore};
pub(crate) use platform::SimPlatform;
pub(crate) use store::{SimBatchQueue, SimQueue, SimStore, SimTenants};
pub(crate) use till::SimTill;

/// How an invocation reaches everything outside itself.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    pub(crate) sim: Arc<Sim>,
    pub(crate) life: Arc<Life>,
}

/// How long an answer takes when nothing is wrong, in milliseconds.
const USUAL: std::ops::Range<u64> = 10..300;

impl Edge {
    /// A call between two moments at which the function may be ended.
    async fn between_steps<T>(&self, scope: &str, call: impl Future<Output = T>) -> T {
        self.life.step(&self.sim.dice, scope).await;
        self.sim.now();
        let answer = call.await;
        self.life.step(&self.sim.dice, scope).await;
        answer
    }

    /// A call of a table or a queue.
    async fn store<T>(&self, scope: &str, call: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        self.between_steps(scope, async {
            tokio::time::sleep(self.sim.dice.millis("table", scope, 2, 12)).await;
            if self.sim.dice.strikes(Fault::TableThrottled, scope) {
                return Err(not_available());
            }
            self.sim.now();
            let answer = call.await;
            match self.sim.dice.strikes(Fault::TableAnswerLost, scope) {
                true => Err(not_available()),
                false => answer,
            }
        })
        .await
    }

    /// How long this call of a party takes, and how long it may.
    fn takes(&self, slow: Fault, work: &Work, limit: Duration) -> (Duration, Duration) {
        let (dice, scope) = (&self.sim.dice, work.correlation.as_str());
        let takes = match dice.strikes(slow, scope) {
            true => dice.millis("slow", scope, 2_000, 25_000),
            false => dice.millis("usual", scope, USUAL.start, USUAL.end),
        };
        (takes, work.budget(limit))
    }
}

fn not_available() -> StoreError {
    StoreError::Unavailable { what: "what is simulated".to_owned(), source: "a fault was rolled".into() }
}
