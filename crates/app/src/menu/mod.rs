//! The menu and the customers, kept in step: what the till sells appears on the platform, who orders on the platform
//! appears on the till.
//!
//! One holder works on a tenant's menu at a time. A cycle reads what changed, maps it, compares it with the manifest of
//! what was written before, and writes the difference; a cycle without changes writes two small items and asks the till
//! four times. Whatever is doubtful is not applied: the last good menu stays, and a person is told.

mod apply;
mod calls;
mod compare;
mod customers;
mod doubt;
mod drift;
mod health;
mod look;
mod pass;
mod read;
mod sync;
mod webhooks;

use crate::{
    ports::doctor::TillWebhooks,
    ports::menu::{CallBudget, MenuStore, PlatformMenu, TillCatalogue},
    ports::{Clock, PlatformError, StoreError, Tenants, Till, TillError},
};
use domain::menu::{Finding, preview::Preview};
use serde::Serialize;
use std::time::Duration;

pub use drift::{Drift, drift};

/// The ports that the menu needs, as one type parameter.
pub trait MenuWorld: Send + Sync {
    /// The till's catalogue, its customers and its webhooks.
    type Till: TillCatalogue + Till + TillWebhooks;
    /// The platform's menu.
    type Platform: PlatformMenu;
    /// Where menu states and manifests are kept.
    type Store: MenuStore;
    /// The till's calls.
    type Budget: CallBudget;
    /// Who is joined to whom.
    type Tenants: Tenants;
    /// The wall clock.
    type Clock: Clock;

    /// The till's catalogue and its customers.
    fn till(&self) -> &Self::Till;
    /// The platform's menu.
    fn platform(&self) -> &Self::Platform;
    /// Where menu states and manifests are kept.
    fn store(&self) -> &Self::Store;
    /// The till's calls.
    fn budget(&self) -> &Self::Budget;
    /// Who is joined to whom.
    fn tenants(&self) -> &Self::Tenants;
    /// The wall clock.
    fn clock(&self) -> &Self::Clock;
}

/// A [`MenuWorld`] put together from its parts.
#[derive(Debug)]
pub struct MenuPorts<T, P, S, B, N, C> {
    /// The till's catalogue and its customers.
    pub till: T,
    /// The platform's menu.
    pub platform: P,
    /// Where menu states and manifests are kept.
    pub store: S,
    /// The till's calls.
    pub budget: B,
    /// Who is joined to whom.
    pub tenants: N,
    /// The wall clock.
    pub clock: C,
}

impl<T, P, S, B, N, C> MenuWorld for MenuPorts<T, P, S, B, N, C>
where
    T: TillCatalogue + Till + TillWebhooks,
    P: PlatformMenu,
    S: MenuStore,
    B: CallBudget,
    N: Tenants,
    C: Clock,
{
    type Till = T;
    type Platform = P;
    type Store = S;
    type Budget = B;
    type Tenants = N;
    type Clock = C;

    fn till(&self) -> &T {
        &self.till
    }
    fn platform(&self) -> &P {
        &self.platform
    }
    fn store(&self) -> &S {
        &self.store
    }
    fn budget(&self) -> &B {
        &self.budget
    }
    fn tenants(&self) -> &N {
        &self.tenants
    }
    fn clock(&self) -> &C {
        &self.clock
    }
}

/// The use cases of the menu over one [`MenuWorld`].
#[derive(Debug)]
pub struct Menus<W> {
    world: W,
}

impl<W: MenuWorld> Menus<W> {
    /// Runs over these ports.
    pub fn new(world: W) -> Self {
        Self { world }
    }

    /// The ports that it runs over.
    pub fn world(&self) -> &W {
        &self.world
    }
}

/// What is asked of a cycle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Request {
    /// Read everything, whatever has changed.
    pub whole: bool,
    /// Apply even what takes away much; once.
    pub force: bool,
    /// Find out what would be written, and write nothing.
    pub dry_run: bool,
    /// When it was asked for, in milliseconds since the epoch: a cycle that began later has done it already. 0 is
    /// asked for in any case.
    pub asked_ms: i64,
}

/// What a cycle did.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Synced {
    /// Whether everything was read.
    pub whole: bool,
    /// How many entries were written.
    pub written: usize,
    /// How many entries were deactivated.
    pub deactivated: usize,
    /// Whether the change was held back.
    pub held_back: bool,
    /// How many customers were brought to the till.
    pub customers: usize,
    /// Whether the till no longer pushes what changes.
    pub is_silent: bool,
    /// What a person should know.
    pub findings: Vec<Finding>,
    /// What would be written, of a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<Preview>,
}

/// Why a cycle has to come back.
#[derive(Debug, thiserror::Error)]
pub enum MenuFailure {
    /// A table or the key service.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The till.
    #[error(transparent)]
    Till(#[from] TillError),
    /// The platform.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// Somebody works on this menu.
    #[error("the menu is being worked on")]
    Busy,
    /// The calls of these ten minutes are used up: the rest is for orders.
    #[error("the till's calls for menus are used up for these ten minutes")]
    NoCalls,
    /// The invocation ends too soon.
    #[error("no time left in this invocation")]
    OutOfTime,
    /// There is no such tenant.
    #[error("there is no such tenant; restore its record, then replay the message")]
    NoTenant,
}

impl MenuFailure {
    /// How long to wait where nothing has failed and the cycle has to go on later: also where a party wants to be left
    /// alone, since a message that came back for that would be given up while it lasts.
    #[must_use]
    pub fn postponed(&self) -> Option<Duration> {
        match self {
            Self::Busy => Some(Duration::from_secs(30)),
            Self::NoCalls => Some(Duration::from_secs(120)),
            Self::OutOfTime => Some(Duration::ZERO),
            _ => self.left_alone(),
        }
    }

    /// How long a party wants to be left alone, if it has said so.
    #[must_use]
    pub fn left_alone(&self) -> Option<Duration> {
        match self {
            Self::Till(TillError::RateLimited { retry_after })
            | Self::Platform(PlatformError::Unavailable { retry_after, .. }) => *retry_after,
            _ => None,
        }
    }
}
