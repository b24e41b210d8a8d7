//! Parties that are down, or ask to slow down, are left alone by everybody: the ports of both, guarded by a circuit.
//!
//! A [`Guarded`] party implements the ports of the one inside it, so that no use case knows. A call behind an open
//! circuit is answered at once with the port's word for «nothing was done, try again after so long», and is never
//! ambiguous. Each process has its own view, renewed from the store every few seconds and written only when a breaker
//! opens, is tried or closes: a party that is well costs no write. A store that does not answer never keeps a call back.

mod platform;
mod till;

use crate::ports::{CircuitStore, Clock, Saved, StoreError, StoredStanding, Upstream, Work};
use domain::{
    TenantId,
    circuit::{Circuit, Heard, Pass},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::HashMap,
    fmt,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

pub use domain::circuit::Lane;

/// How old a process's view may be.
const FRESH: SignedDuration = SignedDuration::from_secs(5);

/// How long a call waits that others were faster than, time and again.
const SOON: SignedDuration = SignedDuration::from_secs(1);

/// How long the store is waited for before a call is made without it.
const LONGEST_LOOK: Duration = Duration::from_millis(500);

/// What is worth counting of a circuit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// It opened, for the first time or again.
    Opened,
    /// A party asked to slow down.
    SlowedDown,
}

type Listener = dyn Fn(&TenantId, Notice) + Send + Sync;

/// How the parties are, as this process knows. Clones share what they know.
pub struct Circuits<S, C>(Arc<Inner<S, C>>);

struct Inner<S, C> {
    store: S,
    clock: C,
    listener: Box<Listener>,
    known: Mutex<HashMap<Upstream, Arc<tokio::sync::Mutex<Known>>>>,
}

/// What is known of one party.
struct Known {
    circuit: Circuit,
    revision: Option<u64>,
    read_at: Option<Timestamp>,
}

/// Whose call it is, and of whom.
#[derive(Clone, Copy)]
struct Caller<'a> {
    work: &'a Work,
    tenant: &'a TenantId,
    upstream: &'a Upstream,
    lane: Lane,
}

/// What a call is, as far as its end can tell how the party is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It asks.
    Read,
    /// It carries a body of ours: a fault may be the body's (API sheet, section 8).
    Write,
    /// It asks, and may be answered without the party.
    Cached,
}

impl<S, C> Clone for Circuits<S, C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S, C> fmt::Debug for Circuits<S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Circuits(..)")
    }
}

/// A party whose calls of one lane go through its circuit.
#[derive(Debug, Clone)]
pub struct Guarded<T, S, C> {
    inner: T,
    circuits: Circuits<S, C>,
    lane: Lane,
}

impl<S: CircuitStore, C: Clock> Circuits<S, C> {
    /// Shares what is known in `store`; `listener` hears, with the tenant whose call it was, what is worth counting.
    pub fn new(store: S, clock: C, listener: impl Fn(&TenantId, Notice) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner { store, clock, listener: Box::new(listener), known: Mutex::default() }))
    }

    /// Guards a party for calls of one lane.
    pub fn guard<T>(&self, inner: T, lane: Lane) -> Guarded<T, S, C> {
        Guarded { inner, circuits: self.clone(), lane }
    }

    /// Makes a call if it may be made, and notes what it came to.
    async fn through<R, E>(
        &self,
        caller: Caller<'_>,
        kind: Kind,
        call: impl Future<Output = Result<R, E>> + Send,
        refused: impl FnOnce(Duration) -> E + Send,
        heard: impl FnOnce(&E) -> Heard + Send,
    ) -> Result<R, E>
    where
        R: Send,
        E: Send,
    {
        let pass = match self.ask(caller).await {
            Ok(pass) => pass,
            Err(wait) => return Err(refused(wait.unsigned_abs())),
        };
        // Boxed, as the futures of the store are: together they are too deep for the compiler to lay out.
        let result = Box::pin(call).await;
        let heard = match &result {
            Ok(_) if kind == Kind::Cached => Heard::Nothing,
            Ok(_) => Heard::Answer,
            // Our own deadline ended it.
            Err(_) if caller.work.left().is_zero() => Heard::Nothing,
            Err(error) => heard(error),
        };
        self.note(caller, pass, heard).await;
        result
    }

    async fn ask(&self, caller: Caller<'_>) -> Result<Pass, SignedDuration> {
        let known = self.known(caller.upstream);
        let mut known = known.lock().await;
        let now = self.0.clock.now();
        if known.read_at.is_none_or(|at| now.duration_since(at) >= FRESH) {
            known.read_at = Some(now);
            match in_time(self.0.store.load(caller.upstream)).await {
                Ok(found) => known.adopt(found),
                Err(error) => {
                    tracing::warn!(upstream = %caller.upstream, %error, "how the party is cannot be read; it is called");
                }
            }
        }
        // Whoever was faster with a trial is known after the first try.
        for _ in 0..2 {
            let pass = known.circuit.ask(caller.lane, now)?;
            if pass == Pass::Free || self.share(caller, &mut known).await {
                return Ok(pass);
            }
        }
        Err(SOON)
    }

    async fn note(&self, caller: Caller<'_>, pass: Pass, heard: Heard) {
        let Caller { tenant, upstream, lane, .. } = caller;
        if let Heard::SlowDown(_) = heard {
            (self.0.listener)(tenant, Notice::SlowedDown);
        }
        let known = self.known(upstream);
        let mut known = known.lock().await;
        let before = known.circuit.standing();
        let opened = known.circuit.note(lane, pass, heard, self.0.clock.now());
        if known.circuit.standing() == before || !self.share(caller, &mut known).await {
            return;
        }
        match opened {
            Some(wait) => {
                tracing::warn!(
                    %upstream, tenant.id = %tenant, ?lane, wait_s = wait.as_secs(),
                    "the party is not called for a while; it is tried again by itself"
                );
                (self.0.listener)(tenant, Notice::Opened);
            }
            None if heard == Heard::Answer => {
                tracing::info!(%upstream, tenant.id = %tenant, ?lane, "the party answers again");
            }
            None => {}
        }
    }

    /// Tells the others. False: they know something else, which is taken over.
    async fn share(&self, caller: Caller<'_>, known: &mut Known) -> bool {
        let standing = known.circuit.standing();
        match in_time(self.0.store.save(caller.upstream, known.revision, &standing)).await {
            Ok(Saved::Done(revision)) => {
                known.revision = Some(revision);
                true
            }
            Ok(Saved::Lost(found)) => {
                known.adopt(found);
                false
            }
            Err(error) => {
                tracing::warn!(upstream = %caller.upstream, %error, "how the party is cannot be shared; this process goes on alone");
                true
            }
        }
    }

    fn known(&self, upstream: &Upstream) -> Arc<tokio::sync::Mutex<Known>> {
        let mut all = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Known { circuit: Circuit::new(upstream.as_str()), revision: None, read_at: None };
        Arc::clone(all.entry(upstream.clone()).or_insert_with(|| Arc::new(tokio::sync::Mutex::new(new()))))
    }
}

impl Known {
    fn adopt(&mut self, found: Option<StoredStanding>) {
        self.circuit.adopt(found.map(|found| found.standing).unwrap_or_default());
        self.revision = found.map(|found| found.revision);
    }
}

async fn in_time<T>(look: impl Future<Output = Result<T, StoreError>> + Send) -> Result<T, StoreError> {
    let what =
        || StoreError::Unavailable { what: "the table of circuits".to_owned(), source: "no answer in time".into() };
    tokio::time::timeout(LONGEST_LOOK, Box::pin(look)).await.unwrap_or_else(|_| Err(what()))
}
