//! The sync function: a schedule becomes one message a tenant; a message is worked on for its tenant.

use app::{
    batch::{Record, Verdict},
    jobs::{Job, fan_out, work_for_tenant},
    menu::{MenuWorld, Menus},
    message::{self, SyncMessage},
    orders::{Failure, Orders, World},
    ports::{SyncQueue, Work},
};
use aws_adapters::{
    batch::{self, Postpone},
    logs::causes,
    metrics::{Event as Measured, Metric, Metrics},
    sqs::SqsSyncQueue,
};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// What the function works with.
#[derive(Debug)]
pub struct Sync<W, M, Q = SqsSyncQueue> {
    /// The use cases of orders.
    pub orders: Orders<W>,
    /// The use cases of the menu.
    pub menus: Menus<M>,
    /// The queue that schedules fan out to and whose records come back.
    pub queue: Q,
    /// What is measured.
    pub metrics: Metrics,
}

/// What the function is invoked with.
#[derive(Debug)]
pub enum Event {
    /// A batch of the sync queue.
    Queue(SqsEvent),
    /// A schedule: `{"job": "sync" | "full-sync" | "reconcile"}`.
    Schedule(Job),
}

/// Why an event is none of ours.
#[derive(Debug, thiserror::Error)]
#[error("neither a batch of the sync queue nor {{\"job\": \"sync\" | \"full-sync\" | \"reconcile\"}}")]
pub struct EventError(#[source] serde_json::Error);

/// What the function answers.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To the event source.
    Queue(SqsBatchResponse),
    /// To whoever invoked it by hand; the scheduler does not look.
    Schedule {
        /// The job.
        job: Job,
        /// How many messages it became.
        messages: usize,
    },
}

impl Event {
    /// Reads an event.
    ///
    /// # Errors
    /// When it is neither of the two.
    pub fn read(event: Value) -> Result<Self, EventError> {
        #[derive(Deserialize)]
        struct Schedule {
            job: Job,
        }
        match event.get("Records") {
            Some(_) => serde_json::from_value(event).map(Self::Queue),
            None => serde_json::from_value(event).map(|Schedule { job }| Self::Schedule(job)),
        }
        .map_err(EventError)
    }
}

/// Works on an event until `until`.
///
/// # Errors
/// When a schedule could not be fanned out; the scheduler's next one tries again.
pub async fn handle<W: World + 'static, M: MenuWorld + 'static, Q: SyncQueue + Postpone + 'static>(
    sync: &Arc<Sync<W, M, Q>>,
    event: Event,
    until: Instant,
    request_id: &str,
) -> Result<Answer, Failure> {
    match event {
        Event::Schedule(job) => {
            let messages = fan_out(&sync.orders, &sync.queue, job, request_id).await?;
            tracing::info!(?job, messages, correlation.id = request_id, "a schedule was fanned out");
            sync.metrics.emit(Measured::new(Metric::SchedulesRun, 1));
            Ok(Answer::Schedule { job, messages })
        }
        Event::Queue(batch) => {
            let work = |record| {
                let sync = Arc::clone(sync);
                // Boxed: the futures of the SDK inside it are too deep for the compiler to lay out in place.
                Box::pin(async move { sync.record(&record, until).await })
            };
            let lane = |record: &Record| record.id.clone();
            Ok(Answer::Queue(batch::run(batch, lane, work, until, &sync.queue, &sync.metrics).await))
        }
    }
}

impl<W: World, M: MenuWorld, Q: SyncQueue> Sync<W, M, Q> {
    async fn record(&self, record: &Record, until: Instant) -> Verdict {
        let message = match message::decode::<SyncMessage>(&record.body) {
            Ok(message) => message,
            Err(error) => {
                tracing::error!(message.id = record.id, %error, "a record is no message; it goes to the dead-letter queue");
                // It will not get better by waiting.
                return Verdict::ComesBack(Some(Duration::ZERO));
            }
        };
        let work = Work { deadline: until, correlation: message.correlation.clone() };
        let result = work_for_tenant(&self.orders, &self.menus, &self.queue, &work, &message).await;
        tracing::info!(
            tenant.id = %message.tenant,
            job = ?message.job,
            message.id = record.id,
            correlation.id = message.correlation,
            receives = record.receives,
            orders.missed = result.as_ref().ok().map(|worked| worked.missed.placed),
            cancellations.missed = result.as_ref().ok().map(|worked| worked.missed.cancelled),
            till.silent = result.as_ref().ok().map(|worked| worked.menu.is_silent),
            menu.whole = result.as_ref().ok().map(|worked| worked.menu.whole),
            menu.written = result.as_ref().ok().map(|worked| worked.menu.written),
            menu.deactivated = result.as_ref().ok().map(|worked| worked.menu.deactivated),
            menu.held_back = result.as_ref().ok().map(|worked| worked.menu.held_back),
            menu.findings = result.as_ref().ok().map(|worked| worked.menu.findings.len()),
            customers = result.as_ref().ok().map(|worked| worked.menu.customers),
            sent_on_s = result.as_ref().ok().and_then(|worked| worked.sent_on).map(|wait| wait.as_secs()),
            error = result.as_ref().err().map(|error| causes(error)),
            "a tenant's job was worked on"
        );
        match result {
            Ok(worked) => {
                let missed = (worked.missed.placed + worked.missed.cancelled) as u64;
                for (metric, value) in [
                    (Metric::MenusHeldBack, u64::from(worked.menu.held_back)),
                    (Metric::TillsSilent, u64::from(worked.menu.is_silent)),
                    (Metric::EventsMissed, missed),
                ] {
                    if value > 0 {
                        self.metrics.emit(Measured::new(metric, value).of(&message.tenant));
                    }
                }
                Verdict::Finished
            }
            Err(failure) => {
                self.metrics.emit(Measured::new(Metric::Retries, 1).of(&message.tenant));
                Verdict::ComesBack(failure.retry_after())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_event_is_a_schedule_or_a_batch_and_anything_else_says_what_it_should_be() {
        assert!(matches!(Event::read(json!({"job": "full-sync"})), Ok(Event::Schedule(Job::FullSync))));
        assert!(matches!(Event::read(json!({"Records": []})), Ok(Event::Queue(_))));
        for wrong in [json!({}), json!({"job": "lunch"}), json!("sync"), json!({"Records": 1})] {
            let error = Event::read(wrong).map(|_| ()).map_err(|error| error.to_string());
            assert!(error.as_ref().is_err_and(|text| text.contains("\"reconcile\"")), "{error:?}");
        }
    }
}
