//! What handlers share: the state behind one lock, the webhook sender, and the count of deliveries under way.

use crate::{
    fault::{self, FaultSpec},
    hooks::{Delivery, NewHook},
    http::{Incoming, Party},
    state::State,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::{runtime::Handle, sync::watch};

/// What handlers share.
pub(crate) struct World {
    state: Mutex<State>,
    pub(crate) http: reqwest::Client,
    runtime: Handle,
    under_way: watch::Sender<usize>,
    pub(crate) base_url: String,
}

impl World {
    pub(crate) fn new(state: State, runtime: Handle, base_url: String) -> anyhow::Result<Self> {
        // A fresh connection for each webhook: the bridge may freeze or restart between two of them. Bridges of this
        // machine speak plain HTTP, and reading the system's certificates would slow down every start.
        let builder = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).tls_certs_only([]);
        let http = builder.build()?;
        Ok(Self { state: Mutex::new(state), http, runtime, under_way: watch::Sender::new(0), base_url })
    }

    /// The state. A panic elsewhere leaves it usable: every mutation is complete or harmless.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a call and takes the fault that is armed for it.
    pub(crate) fn admit(&self, party: Party, incoming: &Incoming) -> (u64, Option<FaultSpec>) {
        let mut state = self.lock();
        let fault = fault::take(&mut state.faults, party, incoming.method.as_str(), &incoming.path);
        let noted = fault.as_ref().and_then(|fault| serde_json::to_value(fault).ok());
        (state.recorder.note(party, incoming, noted), fault)
    }

    /// Delivers what a party's API call has caused: before its answer if the till is told so, else in the background.
    pub(crate) async fn deliver_caused(self: &Arc<Self>, hooks: Vec<NewHook>) {
        if hooks.is_empty() {
            return;
        }
        let wait = self.lock().config.till.webhooks_before_answer;
        self.send(hooks, wait).await;
    }

    /// Queues webhooks and delivers them one after the other; with `wait` returns when all attempts have ended.
    pub(crate) async fn send(self: &Arc<Self>, hooks: Vec<NewHook>, wait: bool) -> Vec<Delivery> {
        let (mut due, mut all) = (Vec::new(), Vec::new());
        {
            let mut state = self.lock();
            for hook in hooks {
                let (due_now, queued) = state.outbox.queue(hook);
                due.extend(due_now);
                all.extend(queued);
            }
        }
        self.run(due, wait).await;
        self.lock().outbox.pick(&all)
    }

    /// Delivers queued webhooks in this order.
    pub(crate) async fn run(self: &Arc<Self>, due: Vec<u64>, wait: bool) {
        if due.is_empty() {
            return;
        }
        self.under_way.send_modify(|count| *count += 1);
        let world = Arc::clone(self);
        let task = self.runtime.spawn(async move {
            for id in due {
                world.deliver(id).await;
            }
            world.under_way.send_modify(|count| *count -= 1);
        });
        if wait {
            // A cancelled task means that the simulator is shutting down; there is nobody left to tell.
            let _ = task.await;
        }
    }

    /// Returns when no delivery is under way.
    pub(crate) async fn settle(&self) {
        let mut watcher = self.under_way.subscribe();
        let _ = watcher.wait_for(|count| *count == 0).await;
    }
}
