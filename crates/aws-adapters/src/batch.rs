//! Batches as the Lambda event source gives and wants them (`ReportBatchItemFailures`).

use crate::{
    metrics::{Event, Metric, Metrics},
    sqs::{SqsQueue, SqsSyncQueue},
};
use app::{
    batch::{Record, Verdict, work_off},
    message,
    ports::StoreError,
};
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use domain::TenantId;
use serde::Deserialize;
use std::{
    future::Future,
    time::{Duration, Instant},
};
use tokio::time::timeout_at;

/// How long before an invocation is ended its work has to be over: what is left is for telling what has to come back.
pub const RESERVE: Duration = Duration::from_secs(3);

/// How much of the reserve hiding records may take: a queue that does not answer must not cost the answer itself.
const HIDING: Duration = Duration::from_secs(2);

/// The queue of a batch, as far as records that failed need it.
pub trait Postpone: Send + Sync {
    /// Hides the received message with this receipt for so long from now on.
    ///
    /// # Errors
    /// When the queue does not do it: the message comes back after the queue's own timeout.
    fn postpone(&self, receipt: &str, wait: Duration) -> impl Future<Output = Result<(), StoreError>> + Send;
}

impl Postpone for SqsQueue {
    async fn postpone(&self, receipt: &str, wait: Duration) -> Result<(), StoreError> {
        self.change_visibility(receipt, wait).await
    }
}

impl Postpone for SqsSyncQueue {
    async fn postpone(&self, receipt: &str, wait: Duration) -> Result<(), StoreError> {
        self.queue().postpone(receipt, wait).await
    }
}

/// Works on a batch and answers which records have to come back. Each of those is hidden for its back-off first: with
/// partial failures reported, polling itself does not slow down.
pub async fn run<W, F>(
    batch: SqsEvent,
    lane: impl Fn(&Record) -> String,
    work: W,
    until: Instant,
    queue: &impl Postpone,
    metrics: &Metrics,
) -> SqsBatchResponse
where
    W: Fn(Record) -> F,
    F: Future<Output = Verdict> + Send + 'static,
{
    let records = batch.records.into_iter().map(record).collect();
    let back = work_off(records, lane, work, until).await;
    let hidden_by = tokio::time::Instant::now() + HIDING;
    let mut response = SqsBatchResponse::default();
    for (record, wait) in back {
        let tenant = tenant(&record);
        metrics.emit(Event { tenant: tenant.as_ref(), ..Event::new(Metric::RecordsFailed, 1) });
        match timeout_at(hidden_by, queue.postpone(&record.receipt, wait)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(message.id = record.id, %error, "a record comes back after the queue's own timeout");
            }
            Err(_) => tracing::warn!(message.id = record.id, "there was no time to hide a record that comes back"),
        }
        let mut failure = BatchItemFailure::default();
        failure.item_identifier = record.id;
        response.batch_item_failures.push(failure);
    }
    response
}

/// Whose a record is, if it is a message of either queue.
fn tenant(record: &Record) -> Option<TenantId> {
    #[derive(Deserialize)]
    struct Whose {
        tenant: TenantId,
    }
    message::decode::<Whose>(&record.body).ok().map(|whose| whose.tenant)
}

/// A record without a body is one with an empty body: it fails on its own.
fn record(message: SqsMessage) -> Record {
    let receives = message.attributes.get("ApproximateReceiveCount").and_then(|count| count.parse().ok());
    Record {
        id: message.message_id.unwrap_or_default(),
        receipt: message.receipt_handle.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
        receives: receives.unwrap_or(1),
    }
}

/// The instant by which an invocation's work has to be over, from its deadline in milliseconds since the epoch.
#[must_use]
pub fn work_until(deadline_ms: u64) -> Instant {
    let now = u128::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or_default();
    let left = u64::try_from(u128::from(deadline_ms).saturating_sub(now)).unwrap_or_default();
    Instant::now() + Duration::from_millis(left).saturating_sub(RESERVE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::Written;
    use app::ports::SystemClock;
    use serde_json::{Value, json};

    struct Hidden;

    impl Postpone for Hidden {
        async fn postpone(&self, _: &str, _: Duration) -> Result<(), StoreError> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_record_that_comes_back_is_counted_with_its_tenant_where_it_has_one() {
        let written = Written::default();
        let metrics = Metrics::new("consumer", SystemClock, written.clone());
        let until = Instant::now() + Duration::from_secs(5);
        for (body, whose) in [
            (r#"{"v":1,"tenant":"rest-1","anything":"else"}"#, Some("rest-1")),
            (r#"{"v":1,"tenant":"no tenant"}"#, None),
            ("no message", None),
        ] {
            let records = json!({"Records": [{"messageId": "m-1", "receiptHandle": "r-1", "body": body}]});
            let batch = serde_json::from_value(records).unwrap();
            let work = |_| async { Verdict::ComesBack(None) };
            run(batch, |record| record.id.clone(), work, until, &Hidden, &metrics).await;
            let line: Value = serde_json::from_str(written.text().lines().last().unwrap()).unwrap();
            assert_eq!((&line["records_failed"], line.get("tenant").and_then(Value::as_str)), (&json!(1), whose));
        }
    }
}
