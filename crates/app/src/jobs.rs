//! The scheduled jobs: a schedule only fans out, one message a tenant; the tenant's message does the work.

use crate::{
    menu::{MenuFailure, MenuWorld, Menus, Request, Synced},
    message::{SyncJob, SyncMessage},
    orders::{Failure, Missed, Orders, World},
    ports::{Clock, Freshness, SyncQueue, Tenants, Work},
};
use domain::tenant::Activity;
use jiff::SignedDuration;
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

/// The longest delay of a queue.
const LONGEST_DELAY: SignedDuration = SignedDuration::from_mins(15);

impl Job {
    /// Over how long the tenants' turns are spread at most, and how far apart two of them are at most.
    fn spread(self) -> (SignedDuration, SignedDuration) {
        match self {
            Self::FullSync => (SignedDuration::from_hours(4), SignedDuration::from_secs(5)),
            Self::Sync | Self::Reconcile => (SignedDuration::from_mins(4), SignedDuration::from_secs(1)),
        }
    }
}

/// Fans a job out and answers how many messages it became. The tenants have their turns one after the other, so that
/// neither party is called by all at the same moment; a few are through at once, and thousands take hours of the night.
///
/// # Errors
/// When a table or a queue fails; the next schedule tries again.
pub async fn fan_out<W: World>(
    orders: &Orders<W>,
    queue: &impl SyncQueue,
    job: Job,
    correlation: &str,
) -> Result<usize, Failure> {
    let tenant_job = match job {
        Job::Reconcile => return orders.fan_out_reconcile(correlation).await,
        Job::Sync => SyncJob::Sync,
        Job::FullSync => SyncJob::FullSync,
    };
    let tenants = orders.world().tenants().active().await?;
    let now = orders.world().clock().now();
    let (whole, step) = job.spread();
    let count = i32::try_from(tenants.len()).unwrap_or(i32::MAX);
    let step = if count == 0 { step } else { step.min(whole / count) };
    let messages = (0..).zip(tenants).map(|(turn, tenant)| {
        let due = now.saturating_add(step * turn).unwrap_or(now);
        let correlation = correlation.to_owned();
        let message = SyncMessage {
            tenant,
            correlation,
            sent_ms: now.as_millisecond(),
            due_ms: due.as_millisecond(),
            job: tenant_job,
        };
        (message, delay(due.duration_since(now)))
    });
    let messages: Vec<_> = messages.collect();
    queue.send(&messages).await?;
    Ok(messages.len())
}

fn delay(wait: SignedDuration) -> Duration {
    wait.clamp(SignedDuration::ZERO, LONGEST_DELAY).unsigned_abs()
}

/// What a tenant's job came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Worked {
    /// What the platform had not announced.
    pub missed: Missed,
    /// What the menu's cycle did.
    pub menu: Synced,
    /// The job was sent on, to be worked on after so long.
    pub sent_on: Option<Duration>,
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
            Self::Menu(failure) => failure.postponed(),
        }
    }
}

/// Does a tenant's job: orders that were never announced first, then the menu and the customers. What cannot be done now,
/// because it is not its turn, the calls are used up or somebody else is at it, is sent on.
///
/// # Errors
/// When the message has to come back; repeating it is harmless.
pub async fn work_for_tenant<W: World, M: MenuWorld>(
    orders: &Orders<W>,
    menus: &Menus<M>,
    queue: &impl SyncQueue,
    work: &Work,
    message: &SyncMessage,
) -> Result<Worked, JobFailure> {
    let until_due = message.due_ms - orders.world().clock().now().as_millisecond();
    if until_due > 0 {
        return send_on(queue, message, Worked::default(), delay(SignedDuration::from_millis(until_due))).await;
    }
    let tenants = orders.world().tenants();
    let access = tenants.tenant(&message.tenant, Freshness::Cached).await.map_err(Failure::from)?;
    let access = access.ok_or(Failure::NoTenant)?;
    let missed = match message.job {
        SyncJob::Sync => orders.find_missed(work, &access).await?,
        SyncJob::FullSync | SyncJob::Changed | SyncJob::Requested => Missed::default(),
    };
    let worked = Worked { missed, ..Worked::default() };
    if access.tenant.activity == Activity::Paused {
        return Ok(worked);
    }
    let whole = matches!(message.job, SyncJob::FullSync | SyncJob::Requested);
    let request = Request { whole, asked_ms: message.sent_ms, ..Request::default() };
    match menus.sync_and_hear(work, &message.tenant, request, &worked.missed.heard).await {
        Ok(menu) => Ok(Worked { menu, ..worked }),
        Err(failure) => match failure.postponed() {
            // Whoever is at it does the same, or nobody may do it now; the next schedule is near.
            Some(_) if message.job == SyncJob::Sync && is_left_to_the_next(&failure) => Ok(worked),
            Some(wait) => send_on(queue, message, worked, wait.min(LONGEST_DELAY.unsigned_abs())).await,
            None => Err(failure.into()),
        },
    }
}

fn is_left_to_the_next(failure: &MenuFailure) -> bool {
    matches!(failure, MenuFailure::Busy) || failure.left_alone().is_some()
}

async fn send_on(
    queue: &impl SyncQueue,
    message: &SyncMessage,
    worked: Worked,
    wait: Duration,
) -> Result<Worked, JobFailure> {
    queue.send(&[(message.clone(), wait)]).await.map_err(Failure::from)?;
    Ok(Worked { sent_on: Some(wait), ..worked })
}
