//! The life of orders, carried out: read, decide, commit, act.
//!
//! One order is worked on by one holder at a time. A holder commits the new state with its pending effects in one
//! conditional write, carries the effects out in sequence, and frees the order with a second write. Whoever finds an
//! order taken leaves a fact for the holder; whoever finds effects pending finishes them first. A message that changes
//! nothing writes nothing.

mod advance;
mod compare;
mod create;
mod customer;
mod effects;
mod handle;
mod missed;
mod observe;
mod prepare;
mod reconcile;
mod replay;
mod session;
mod turns;

use crate::ports::{Clock, OrderQueue, OrderStore, Platform, PlatformError, StoreError, Tenants, Till, TillError};
use std::time::Duration;

pub use handle::Delivery;
pub use missed::Missed;
pub use reconcile::Reconciled;

/// The ports that orders need, as one type parameter.
pub trait World: Send + Sync {
    /// Where orders are kept.
    type Store: OrderStore;
    /// Where messages to oneself go.
    type Queue: OrderQueue;
    /// The till.
    type Till: Till;
    /// The platform.
    type Platform: Platform;
    /// Who is joined to whom.
    type Tenants: Tenants;
    /// The wall clock.
    type Clock: Clock;

    /// Where orders are kept.
    fn store(&self) -> &Self::Store;
    /// Where messages to oneself go.
    fn queue(&self) -> &Self::Queue;
    /// The till.
    fn till(&self) -> &Self::Till;
    /// The platform.
    fn platform(&self) -> &Self::Platform;
    /// Who is joined to whom.
    fn tenants(&self) -> &Self::Tenants;
    /// The wall clock.
    fn clock(&self) -> &Self::Clock;
}

/// A [`World`] put together from its parts.
#[derive(Debug)]
pub struct Ports<S, Q, T, P, N, C> {
    /// Where orders are kept.
    pub store: S,
    /// Where messages to oneself go.
    pub queue: Q,
    /// The till.
    pub till: T,
    /// The platform.
    pub platform: P,
    /// Who is joined to whom.
    pub tenants: N,
    /// The wall clock.
    pub clock: C,
}

impl<S: OrderStore, Q: OrderQueue, T: Till, P: Platform, N: Tenants, C: Clock> World for Ports<S, Q, T, P, N, C> {
    type Store = S;
    type Queue = Q;
    type Till = T;
    type Platform = P;
    type Tenants = N;
    type Clock = C;

    fn store(&self) -> &S {
        &self.store
    }
    fn queue(&self) -> &Q {
        &self.queue
    }
    fn till(&self) -> &T {
        &self.till
    }
    fn platform(&self) -> &P {
        &self.platform
    }
    fn tenants(&self) -> &N {
        &self.tenants
    }
    fn clock(&self) -> &C {
        &self.clock
    }
}

/// How long after an ambiguous answer nobody looks for the order: longer than the client waits for its creation, so
/// that what the till was still doing is done.
pub const SETTLE: Duration = Duration::from_secs(20);

/// The longest that a client of the till waits for a creation. The till may still be at it when nobody waits any more:
/// leases and [`SETTLE`] are longer.
pub const LONGEST_CREATION: Duration = Duration::from_secs(10);

/// How much longer an order stays taken than its holder may work: no call of the holder outlives its lease.
const LEASE_MARGIN: Duration = Duration::from_secs(5);

/// With less than this left, no further call is begun.
const SHORTEST_CALL: Duration = Duration::from_secs(1);

/// The use cases of orders over one [`World`].
#[derive(Debug)]
pub struct Orders<W> {
    world: W,
}

impl<W: World> Orders<W> {
    /// Runs over these ports.
    pub fn new(world: W) -> Self {
        Self { world }
    }

    /// The ports that it runs over.
    pub fn world(&self) -> &W {
        &self.world
    }
}

/// How the work on one message ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Something changed, and everything that follows from it is done.
    Done,
    /// The order will not reach the till, and staff were told.
    NotOnTill,
    /// Nothing changed: late, repeated or already known.
    Unchanged,
    /// Whoever works on the order now will take care of it.
    Parked,
    /// Not an order of this integration.
    Ignored,
    /// A tenant's open orders were compared with the till.
    Reconciled(Reconciled),
}

impl Outcome {
    /// A short stable word for logs and metrics.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotOnTill => "not_on_till",
            Self::Unchanged => "unchanged",
            Self::Parked => "parked",
            Self::Ignored => "ignored",
            Self::Reconciled(_) => "reconciled",
        }
    }
}

/// Why a message has to come back.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A table or a queue.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The till.
    #[error(transparent)]
    Till(#[from] TillError),
    /// The till, asked to create an order: it may have done so all the same.
    #[error(transparent)]
    Ambiguous(TillError),
    /// The platform.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// The order is being worked on, or an ambiguous creation has to settle.
    #[error("the order is taken")]
    Taken {
        /// For how long yet.
        wait: Duration,
    },
    /// The invocation ends too soon to begin another call.
    #[error("no time left in this invocation")]
    OutOfTime,
    /// The message speaks of a tenant that has no record.
    #[error("there is no such tenant; restore its record, then replay the message")]
    NoTenant,
}

impl Failure {
    /// When to try again, if whoever refused has said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Taken { wait } => Some(*wait),
            Self::OutOfTime => Some(Duration::ZERO),
            Self::Till(TillError::RateLimited { retry_after }) => *retry_after,
            Self::Ambiguous(_) => Some(SETTLE),
            Self::Platform(PlatformError::Unavailable { retry_after, .. }) => *retry_after,
            Self::Store(_) | Self::Till(_) | Self::Platform(_) | Self::NoTenant => None,
        }
    }

    /// A short stable word for metrics and alarms.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Store(_) => "store",
            Self::Till(_) | Self::Ambiguous(_) => "till",
            Self::Platform(_) => "platform",
            Self::Taken { .. } => "taken",
            Self::OutOfTime => "out_of_time",
            Self::NoTenant => "no_tenant",
        }
    }
}
