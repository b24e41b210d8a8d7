//! The scheduled jobs: a schedule only fans out, one message a tenant; the tenant's message does the work.

use crate::{
    message::{SyncJob, SyncMessage},
    orders::{Failure, Orders, World},
    ports::{Freshness, SyncQueue, Tenants, Work},
};
use serde::{Deserialize, Serialize};

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
    let messages: Vec<_> =
        tenants.into_iter().map(|tenant| SyncMessage { tenant, correlation: correlation.to_owned(), job }).collect();
    queue.send(&messages).await?;
    Ok(messages.len())
}

/// Does a tenant's job: today, the search for orders that were never announced.
///
/// # Errors
/// When the message has to come back; repeating it is harmless.
pub async fn work_for_tenant<W: World>(
    orders: &Orders<W>,
    work: &Work,
    message: &SyncMessage,
) -> Result<usize, Failure> {
    let tenants = orders.world().tenants();
    let access = tenants.tenant(&message.tenant, Freshness::Cached).await?.ok_or(Failure::NoTenant)?;
    orders.find_missed(work, &access).await
}
