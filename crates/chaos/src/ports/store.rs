//! The table of orders, the tenants and the queues behind their edges.

use super::{Edge, not_available};
use crate::{fault::Fault, sqs::Sqs};
use app::{
    message::{OrderMessage, SyncMessage, encode},
    ports::{
        Clock, Commit, Committed, Freshness, OrderKey, OrderQueue, OrderStore, PlatformAccess, StoreError, Stored,
        SyncQueue, TenantAccess, Tenants,
    },
};
use aws_adapters::batch::Postpone;
use domain::{OrderId, TenantId, order::Status};
use jiff::SignedDuration;
use serde::Serialize;
use std::{sync::Arc, time::Duration};

/// How long a lease lasts of which the dice say that it runs out under its holder.
const TOO_SHORT: SignedDuration = SignedDuration::from_secs(2);

/// The table of orders.
#[derive(Debug, Clone)]
pub(crate) struct SimStore(pub(crate) Edge);

impl OrderStore for SimStore {
    async fn load(&self, key: &OrderKey) -> Result<Option<Stored>, StoreError> {
        self.0.store(key.order.as_str(), async { self.0.sim.store.load(key).await }).await
    }

    async fn commit(&self, key: &OrderKey, commit: Commit<'_>) -> Result<Committed, StoreError> {
        let sim = &self.0.sim;
        let scope = key.order.as_str();
        let lapses = commit.lease_until.is_some() && sim.dice.strikes(Fault::Zombie, scope);
        let lease_until = match lapses {
            true => Some(sim.clock.now() + TOO_SHORT),
            false => commit.lease_until,
        };
        let written = async {
            let answer = sim.store.commit(key, Commit { lease_until, ..commit }).await;
            sim.note(scope, || format!("table: {answer:?} {}", in_short(&commit)));
            if matches!(answer, Ok(Committed::Done(_))) {
                let now = sim.now();
                let off = (commit.state.status == Status::Cancelled).then_some(now);
                sim.record.of(scope, |facts| {
                    facts.known_off = facts.known_off.or(off);
                    facts.known_there |= commit.state.till_order().is_some();
                });
            }
            answer
        };
        self.0.store(scope, written).await
    }

    async fn park(&self, key: &OrderKey, revision: u64, fact: &str) -> Result<bool, StoreError> {
        let sim = &self.0.sim;
        let parked = async {
            let answer = sim.store.park(key, revision, fact).await;
            sim.note(key.order.as_str(), || format!("table: «{fact}» is parked: {answer:?}"));
            // A fact with an id in it is the till's word.
            if matches!(answer, Ok(true)) && fact.contains(':') {
                sim.record.of(key.order.as_str(), |facts| facts.known_there = true);
            }
            answer
        };
        self.0.store(key.order.as_str(), parked).await
    }

    async fn open_orders(&self, tenant: &TenantId) -> Result<Vec<OrderId>, StoreError> {
        self.0.store(tenant.as_str(), async { self.0.sim.store.open_orders(tenant).await }).await
    }

    async fn open_tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        self.0.store("all", async { self.0.sim.store.open_tenants().await }).await
    }

    async fn stop_watching(&self, key: &OrderKey, revision: u64) -> Result<(), StoreError> {
        self.0.store(key.order.as_str(), async { self.0.sim.store.stop_watching(key, revision).await }).await
    }
}

fn in_short(commit: &Commit<'_>) -> String {
    let last = commit.state.history.last().map(|entry| entry.1.as_str()).unwrap_or_default();
    let pending: Vec<_> = commit.state.pending.iter().map(|effect| effect.seq).collect();
    let held = if commit.lease_until.is_some() { "held" } else { "free" };
    format!("{:?}, last «{last}», pending {pending:?}, {held}", commit.state.status)
}

/// Who is joined to whom.
#[derive(Debug, Clone)]
pub(crate) struct SimTenants(pub(crate) Edge);

impl Tenants for SimTenants {
    async fn tenant(&self, id: &TenantId, freshness: Freshness) -> Result<Option<Arc<TenantAccess>>, StoreError> {
        self.0.store(id.as_str(), async { self.0.sim.tenants.tenant(id, freshness).await }).await
    }

    async fn platform(&self, freshness: Freshness) -> Result<Arc<PlatformAccess>, StoreError> {
        self.0.store("platform", async { self.0.sim.tenants.platform(freshness).await }).await
    }

    async fn active(&self) -> Result<Vec<TenantId>, StoreError> {
        self.0.store("all", async { self.0.sim.tenants.active().await }).await
    }
}

/// Both queues.
#[derive(Debug, Clone)]
pub(crate) struct SimQueue(pub(crate) Edge);

impl SimQueue {
    /// Stores what is to be sent, or only some of it, or says that it has not though it has.
    async fn put<'a, T: Serialize + 'a>(
        &self,
        queue: &Sqs,
        messages: impl ExactSizeIterator<Item = (&'a T, &'a str, Duration)>,
    ) -> Result<(), StoreError> {
        let (sim, messages) = (&self.0.sim, messages.collect::<Vec<_>>());
        let scope = messages.first().map_or("none", |(_, scope, _)| *scope);
        let put = async {
            if sim.dice.strikes(Fault::SendFailed, scope) {
                return Err(not_available());
            }
            let partly = messages.len() > 1 && sim.dice.strikes(Fault::SendPartly, scope);
            let stored = if partly { messages.len() / 2 } else { messages.len() };
            for (message, scope, delay) in &messages[..stored] {
                queue.put(encode(message).map_err(|_| not_available())?, scope, sim.now() + *delay);
            }
            match partly || sim.dice.strikes(Fault::SendAnswerLost, scope) {
                true => Err(not_available()),
                false => Ok(()),
            }
        };
        self.0.between_steps(scope, put).await
    }
}

impl OrderQueue for SimQueue {
    async fn send(&self, messages: &[(OrderMessage, Duration)]) -> Result<(), StoreError> {
        let messages = messages.iter().map(|(message, delay)| (message, message.correlation.as_str(), *delay));
        self.put(&self.0.sim.orders_queue, messages).await
    }
}

impl SyncQueue for SimQueue {
    async fn send(&self, messages: &[(SyncMessage, Duration)]) -> Result<(), StoreError> {
        let messages = messages.iter().map(|(message, delay)| (message, message.tenant.as_str(), *delay));
        self.put(&self.0.sim.sync_queue, messages).await
    }
}

/// The queue whose records an invocation works on.
#[derive(Debug, Clone)]
pub(crate) struct SimBatchQueue {
    pub(crate) queue: SimQueue,
    pub(crate) of: for<'a> fn(&'a crate::sim::Sim) -> &'a Sqs,
}

impl Postpone for SimBatchQueue {
    async fn postpone(&self, receipt: &str, wait: Duration) -> Result<(), StoreError> {
        let sim = &self.queue.0.sim;
        let hidden = async {
            if sim.dice.strikes(Fault::HideFailed, receipt) {
                return Err(not_available());
            }
            (self.of)(sim).hide(receipt, sim.now() + wait);
            Ok(())
        };
        self.queue.0.between_steps(receipt, hidden).await
    }
}

impl SyncQueue for SimBatchQueue {
    async fn send(&self, messages: &[(SyncMessage, Duration)]) -> Result<(), StoreError> {
        SyncQueue::send(&self.queue, messages).await
    }
}
