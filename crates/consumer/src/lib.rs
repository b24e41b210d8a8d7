//! The consumer function: from a batch of the orders queue to the use cases of `app::orders`.
//!
//! No decision about an order is made here. A record fails alone; what it says in the log is one wide event.

use app::{
    batch::{Record, Verdict},
    message::{self, OrderEvent, OrderMessage},
    orders::{Delivery, Failure, Orders, Outcome, World},
    ports::{Clock, Work},
};
use aws_adapters::{
    batch::{self, Postpone},
    logs::causes,
    metrics::{Event, Metric, Metrics},
    sqs::SqsQueue,
};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use domain::till::Workflow;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// What the function works with.
#[derive(Debug)]
pub struct Consumer<W, Q = SqsQueue> {
    /// The use cases.
    pub orders: Orders<W>,
    /// The queue whose records come back.
    pub queue: Q,
    /// What is measured.
    pub metrics: Metrics,
}

/// Works on a batch until `until` and answers which records have to come back.
pub async fn consume<W: World + 'static, Q: Postpone + 'static>(
    consumer: &Arc<Consumer<W, Q>>,
    batch: SqsEvent,
    until: Instant,
) -> SqsBatchResponse {
    let work = |record| {
        let consumer = Arc::clone(consumer);
        // Boxed: the futures of the SDK inside it are too deep for the compiler to lay out in place.
        Box::pin(async move { consumer.record(&record, until).await })
    };
    batch::run(batch, lane, work, until, &consumer.queue, &consumer.metrics).await
}

/// Records of one order go one after the other; everything else side by side.
fn lane(record: &Record) -> String {
    let Ok(message) = message::decode::<OrderMessage>(&record.body) else { return record.id.clone() };
    match order_of(&message.event) {
        Some(order) => format!("{}#{order}", message.tenant),
        None => record.id.clone(),
    }
}

fn order_of(event: &OrderEvent) -> Option<&str> {
    match event {
        OrderEvent::Placed { order } => Some(order.id.as_str()),
        OrderEvent::Cancelled { order } | OrderEvent::Deadline { order, .. } | OrderEvent::Replay { order, .. } => {
            Some(order.as_str())
        }
        OrderEvent::TillOrder(hint) => hint.external_id.as_ref().map(domain::OrderId::as_str),
        OrderEvent::Document { orders } => orders.first()?.external_id.as_ref().map(domain::OrderId::as_str),
        OrderEvent::Reconcile => None,
    }
}

/// Whether the till said a word that this version does not know.
fn says_unknown(event: &OrderEvent) -> bool {
    matches!(event, OrderEvent::TillOrder(hint) if hint.payload.as_ref().is_some_and(|order| order.workflow == Workflow::Unknown))
}

impl<W: World, Q> Consumer<W, Q> {
    async fn record(&self, record: &Record, until: Instant) -> Verdict {
        let message = match message::decode::<OrderMessage>(&record.body) {
            Ok(message) => message,
            Err(error) => {
                tracing::error!(message.id = record.id, receives = record.receives, %error, "a record is no message; it goes to the dead-letter queue");
                // It will not get better by waiting.
                return Verdict::ComesBack(Some(Duration::ZERO));
            }
        };
        let work = Work { deadline: until, correlation: message.correlation.clone() };
        let delivery = if record.receives <= 1 { Delivery::First } else { Delivery::Again };
        let result = self.orders.handle(&work, &message, delivery).await;
        self.report(record, &message, &work, &result);
        match result {
            Ok(_) => Verdict::Finished,
            Err(failure) => Verdict::ComesBack(failure.retry_after()),
        }
    }

    /// One wide event a record, and what of it is measured.
    fn report(&self, record: &Record, message: &OrderMessage, work: &Work, result: &Result<Outcome, Failure>) {
        let dwell_ms = self.orders.world().clock().now().as_millisecond().saturating_sub(message.sent_ms);
        let emit = |metric, value| self.metrics.emit(Event::new(metric, value).of(&message.tenant));
        let outcome = match result {
            Ok(outcome) => outcome.kind(),
            Err(failure) => failure.kind(),
        };
        match result {
            Ok(Outcome::NotOnTill) => emit(Metric::OrdersNotOnTill, 1),
            Ok(Outcome::Reconciled(found)) => {
                emit(Metric::OrdersReconciled, found.changed as u64);
                emit(Metric::OrdersNotOnTill, found.not_on_till as u64);
                for (metric, value) in [
                    (Metric::ChangesPolled, found.polled as u64),
                    (Metric::UnsentSeconds, found.unsent_s),
                    (Metric::UntoldSeconds, found.untold_s),
                    (Metric::OrdersUnreadable, found.unreadable as u64),
                    (Metric::UnknownValues, found.unknown as u64),
                ] {
                    // Once a minute for each restaurant: what is usual is not worth a line.
                    if value > 0 {
                        emit(metric, value);
                    }
                }
            }
            Ok(Outcome::Ignored) => emit(Metric::EventsIgnored, 1),
            // A deadline is sent minutes before it is due: how long it waited says nothing.
            Ok(_) if matches!(message.event, OrderEvent::Deadline { .. }) => {}
            Ok(_) => emit(Metric::DwellMs, dwell_ms.max(0).unsigned_abs()),
            Err(_) => emit(Metric::Retries, 1),
        }
        if says_unknown(&message.event) {
            emit(Metric::UnknownValues, 1);
        }
        tracing::info!(
            tenant.id = %message.tenant,
            order.id = order_of(&message.event),
            message.id = record.id,
            correlation.id = message.correlation,
            receives = record.receives,
            outcome,
            error = result.as_ref().err().map(|error| causes(error)),
            dwell_ms,
            remaining_ms = u64::try_from(work.left().as_millis()).unwrap_or(u64::MAX),
            "a record was worked on"
        );
    }
}
