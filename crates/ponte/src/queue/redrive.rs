//! Sending back what was given up, slowly enough for who has to take it.

use super::Queue;
use crate::operator::Operator;
use anyhow::{Context as _, Result};
use app::ports::StoreError;
use aws_adapters::dead_letters::{DeadLetter, DeadLetters, depth};
use domain::TenantId;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use serde::Serialize;
use std::{
    collections::BTreeSet, future::Future, io::Write as _, num::NonZeroU32, pin::pin, process::ExitCode, time::Duration,
};

/// For how long a received message is hidden from others.
const HIDDEN: Duration = Duration::from_secs(300);

/// Where given-up messages are, for tests too.
trait Letters {
    async fn receive(&self) -> Result<Vec<DeadLetter>, StoreError>;
    async fn release(&self, letter: &DeadLetter) -> Result<(), StoreError>;
    async fn send_back(&self, letter: &DeadLetter, group: Option<&str>) -> Result<(), StoreError>;
}

impl Letters for DeadLetters {
    async fn receive(&self) -> Result<Vec<DeadLetter>, StoreError> {
        Self::receive(self, HIDDEN).await
    }
    async fn release(&self, letter: &DeadLetter) -> Result<(), StoreError> {
        Self::release(self, letter).await
    }
    async fn send_back(&self, letter: &DeadLetter, group: Option<&str>) -> Result<(), StoreError> {
        Self::send_back(self, letter, group).await
    }
}

/// What is sent back, and how fast.
struct Wanted {
    queue: Queue,
    tenant: Option<TenantId>,
    pause: Duration,
    /// What was sent later has come back from this very redrive, or was given up meanwhile: it waits for the next one.
    before: Timestamp,
}

/// What was done.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
struct Redriven {
    sent: u64,
    /// Refused by their queue: they are where they were.
    failed: u64,
    /// Of other restaurants, or given up meanwhile: they are where they were.
    left: u64,
    /// Whether it was stopped before the end.
    is_stopped: bool,
}

pub(super) async fn run(
    operator: &Operator,
    queue: Queue,
    rate: NonZeroU32,
    tenant: Option<TenantId>,
) -> Result<ExitCode> {
    let waiting = depth(&operator.aws.sqs, queue.urls(operator).1).await?.waiting;
    let whose = tenant.as_ref().map_or_else(String::new, |tenant| format!(", soltanto di {tenant}"));
    let question = format!("Rimandare alla coda {} i messaggi arenati (circa {waiting}{whose})?", queue.name());
    if waiting > 0 && !operator.confirm(&question)? {
        return Ok(ExitCode::FAILURE);
    }
    let bar = progress(waiting);
    let pause = Duration::from_secs(1) / rate.get();
    let wanted = Wanted { queue, tenant, pause, before: Timestamp::now() };
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    let done = redrive(&queue.dead_letters(operator), &wanted, stop, |sent| bar.set_position(sent)).await?;
    bar.finish_and_clear();
    operator.print(&done, as_text)?;
    Ok(ExitCode::from(u8::from(done.failed > 0 || done.is_stopped)))
}

fn progress(waiting: u64) -> ProgressBar {
    let bar = ProgressBar::new(waiting);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} messaggi, ancora {eta}") {
        bar.set_style(style);
    }
    bar
}

/// Sends back until nothing is left or `stop` is ready; between two messages only, so that none is cut in two.
///
/// # Errors
/// If the dead-letter queue does not answer; what was done until then is said.
async fn redrive(
    letters: &impl Letters,
    wanted: &Wanted,
    stop: impl Future<Output = ()>,
    mut progress: impl FnMut(u64),
) -> Result<Redriven> {
    let mut stop = pin!(stop);
    let (mut done, mut seen, mut kept) = (Redriven::default(), BTreeSet::new(), Vec::new());
    let result = loop {
        let page = match letters.receive().await {
            Ok(page) => page,
            Err(error) => break Err(error),
        };
        let fresh: Vec<_> = page.into_iter().filter(|letter| seen.insert(letter.id.clone())).collect();
        if fresh.is_empty() || done.is_stopped {
            kept.extend(fresh);
            break Ok(());
        }
        for letter in fresh {
            if !done.is_stopped && wanted.fits(&letter) {
                done.is_stopped = stopped_within(stop.as_mut(), wanted.pause).await;
            }
            wanted.deal_with(letters, letter, &mut done, &mut kept).await;
            progress(done.sent);
        }
        if done.is_stopped {
            break Ok(());
        }
    };
    for letter in &kept {
        // One that cannot be given back comes back by itself.
        let _ = letters.release(letter).await;
    }
    result.with_context(|| as_text(&done))?;
    Ok(done)
}

/// Waits; true if `stop` came first.
async fn stopped_within(stop: impl Future<Output = ()>, pause: Duration) -> bool {
    tokio::time::timeout(pause, stop).await.is_ok()
}

impl Wanted {
    fn fits(&self, letter: &DeadLetter) -> bool {
        let is_theirs = |tenant: &TenantId| self.queue.read(letter).tenant.as_ref() == Some(tenant);
        let is_earlier = letter.first_sent.is_none_or(|at| at < self.before);
        is_earlier && self.tenant.as_ref().is_none_or(is_theirs)
    }

    async fn deal_with(
        &self,
        letters: &impl Letters,
        letter: DeadLetter,
        done: &mut Redriven,
        kept: &mut Vec<DeadLetter>,
    ) {
        if done.is_stopped || !self.fits(&letter) {
            done.left += 1;
            return kept.push(letter);
        }
        let tenant = self.queue.read(&letter).tenant;
        let group = letter.group.as_deref().or(tenant.as_ref().map(TenantId::as_str));
        match letters.send_back(&letter, group).await {
            Ok(()) => done.sent += 1,
            Err(error) => {
                // Talk: a terminal that takes no words is no reason to stop.
                let _ = writeln!(std::io::stderr(), "{}: {:#}", letter.id, anyhow::Error::from(error));
                done.failed += 1;
                kept.push(letter);
            }
        }
    }
}

fn as_text(done: &Redriven) -> String {
    let stopped = if done.is_stopped { "; interrotto, nulla è andato perso" } else { "" };
    format!("rimandati {}, non accettati {}, lasciati {}{stopped}", done.sent, done.failed, done.left)
}

#[cfg(test)]
mod tests;
