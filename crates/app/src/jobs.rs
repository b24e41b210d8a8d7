//! The scheduled jobs: a schedule only fans out, one message a tenant; the tenant's message does the work.

use crate::{
    menu::{MenuFailure, MenuWorld, Menus, Request, Synced},
    message::{SyncJob, SyncMessage},
    orders::{Failure, Orders, World},
    ports::{Clock, Freshness, SyncQueue, Tenants, Work},
};
use domain::tenant::Activity;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A job, as the scheduler names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Job {
    /// Every five minutes, for every active tenant.
    Sync,
    /// Every night, for every active tenant.
    FullSync,
    /// Every minute, for tenants with open orders.
    Reconcile,
}

/// Fans a job out and answers how many messages it became.
///
/// # Errors
/// When a table or a queue fails; the next schedule tries again.
pub async fn fan_out<W: World>(
    orders: &Orders<W>,
    queue: &impl SyncQueue,
    job: Job,
    correlation: &str,
) -> Result<usize, Failure> {
    let job = match job {
        Job::Reconcile => return orders.fan_out_reconcile(correlation).await,
        Job::Sync => SyncJob::Sync,
        Job::FullSync => SyncJob::FullSync,
    };
    let tenants = orders.world().tenants().active().await?;
    let sent_ms = orders.world().clock().now().as_millisecond();
    let messages: Vec<_> = tenants
        .into_iter()
        .map(|tenant| SyncMessage { tenant, correlation: correlation.to_owned(), sent_ms, job })
        .collect();
    queue.send(&messages).await?;
    Ok(messages.len())
}

/// What a tenant's job found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Worked {
    /// Orders that were never announced.
    pub missed: usize,
    /// What the menu's cycle did.
    pub menu: Synced,
}

/// Why a tenant's job has to come back.
#[derive(Debug, thiserror::Error)]
pub enum JobFailure {
    /// The search for orders.
    #[error(transparent)]
    Orders(#[from] Failure),
    /// The menu or the customers.
    #[error(transparent)]
    Menu(#[from] MenuFailure),
}

impl JobFailure {
    /// When to try again, if that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Orders(failure) => failure.retry_after(),
            Self::Menu(failure) => failure.retry_after(),
        }
    }
}

/// Does a tenant's job: orders that were never announced first, then the menu and the customers.
///
/// # Errors
/// When the message has to come back; repeating it is harmless.
pub async fn work_for_tenant<W: World, M: MenuWorld>(
    orders: &Orders<W>,
    menus: &Menus<M>,
    work: &Work,
    message: &SyncMessage,
) -> Result<Worked, JobFailure> {
    let tenants = orders.world().tenants();
    let access = tenants.tenant(&message.tenant, Freshness::Cached).await.map_err(Failure::from)?;
    let access = access.ok_or(Failure::NoTenant)?;
    let missed = match message.job {
        SyncJob::Sync => orders.find_missed(work, &access).await?,
        SyncJob::FullSync | SyncJob::Changed | SyncJob::Requested => 0,
    };
    if access.tenant.activity == Activity::Paused {
        return Ok(Worked { missed, ..Worked::default() });
    }
    let whole = matches!(message.job, SyncJob::FullSync | SyncJob::Requested);
    let request = Request { whole, asked_ms: message.sent_ms, ..Request::default() };
    Ok(Worked { missed, menu: menus.sync(work, &message.tenant, request).await? })
}
