//! Metrics in the embedded metric format (EMF): one JSON line on standard output for each.
//!
//! The only dimension is the function, so that the number of metrics, and their price, stays the same with ten thousand
//! tenants. Tenant and order are properties: searchable in the logs, never a dimension.

use app::{
    circuit::Notice,
    ports::{Clock, SystemClock},
};
use domain::{OrderId, TenantId};
use serde_json::{Map, Value, json};
use std::{
    fmt,
    io::Write,
    sync::{Mutex, PoisonError},
};

/// The namespace of every metric.
pub const NAMESPACE: &str = "Ponte";

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Records of a batch that failed and come back: the function's own errors stay 0.
    RecordsFailed,
    /// Webhooks with a wrong or missing signature.
    SignatureFailures,
    /// Orders that staff were told are not on the till.
    OrdersNotOnTill,
    /// From queue to done, in milliseconds.
    DwellMs,
    /// Orders that moved on because the reconcile job looked.
    OrdersReconciled,
    /// News of the till that polling found and the till had not pushed.
    ChangesPolled,
    /// What the platform had not announced: orders, and cancellations of orders.
    EventsMissed,
    /// For how long a restaurant's oldest order has not reached the till, in seconds.
    UnsentSeconds,
    /// For how long the platform has not taken the oldest news of a restaurant's orders, in seconds.
    UntoldSeconds,
    /// Open orders that this version cannot read.
    OrdersUnreadable,
    /// Schedules that became jobs of restaurants.
    SchedulesRun,
    /// Restaurants whose till no longer calls.
    TillsSilent,
    /// Records whose work failed.
    Retries,
    /// Webhooks put on a queue.
    WebhooksQueued,
    /// Events that concern nothing of ours.
    EventsIgnored,
    /// Words of the till that this version does not know.
    UnknownValues,
    /// Times a party asked to slow down.
    RateLimited,
    /// Menus whose reading was too doubtful to be applied, or that the till refused to have read.
    MenusHeldBack,
    /// Times a party was left alone because it was down or asked for it.
    CircuitsOpened,
}

impl Metric {
    /// The name of the metric.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RecordsFailed => "records_failed",
            Self::SignatureFailures => "signature_failures",
            Self::OrdersNotOnTill => "orders_not_on_till",
            Self::DwellMs => "dwell_ms",
            Self::OrdersReconciled => "orders_reconciled",
            Self::ChangesPolled => "changes_polled",
            Self::EventsMissed => "events_missed",
            Self::UnsentSeconds => "unsent_s",
            Self::UntoldSeconds => "untold_s",
            Self::OrdersUnreadable => "orders_unreadable",
            Self::SchedulesRun => "schedules_run",
            Self::TillsSilent => "tills_silent",
            Self::Retries => "retries",
            Self::WebhooksQueued => "webhooks_queued",
            Self::EventsIgnored => "events_ignored",
            Self::UnknownValues => "unknown_values",
            Self::RateLimited => "rate_limited",
            Self::MenusHeldBack => "menus_held_back",
            Self::CircuitsOpened => "circuits_opened",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::DwellMs => "Milliseconds",
            Self::UnsentSeconds | Self::UntoldSeconds => "Seconds",
            _ => "Count",
        }
    }
}

/// One measurement.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// What.
    pub metric: Metric,
    /// How much.
    pub value: u64,
    /// Whose, as a property.
    pub tenant: Option<&'a TenantId>,
    /// Of which order, as a property.
    pub order: Option<&'a OrderId>,
}

impl<'a> Event<'a> {
    /// So much of a metric.
    #[must_use]
    pub fn new(metric: Metric, value: u64) -> Self {
        Self { metric, value, tenant: None, order: None }
    }

    /// Of this tenant.
    #[must_use]
    pub fn of(self, tenant: &'a TenantId) -> Self {
        Self { tenant: Some(tenant), ..self }
    }

    /// Of this order.
    #[must_use]
    pub fn order(self, order: &'a OrderId) -> Self {
        Self { order: Some(order), ..self }
    }
}

/// Writes metrics of one function.
pub struct Metrics<C = SystemClock> {
    function: &'static str,
    clock: C,
    writer: Mutex<Box<dyn Write + Send>>,
}

impl<C> fmt::Debug for Metrics<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("function", &self.function).finish_non_exhaustive()
    }
}

impl Metrics {
    /// Metrics of this function on standard output, where Lambda looks for them.
    #[must_use]
    pub fn stdout(function: &'static str) -> Self {
        Self::new(function, SystemClock, std::io::stdout())
    }
}

impl<C: Clock> Metrics<C> {
    /// Metrics of this function in this writer.
    pub fn new(function: &'static str, clock: C, writer: impl Write + Send + 'static) -> Self {
        Self { function, clock, writer: Mutex::new(Box::new(writer)) }
    }

    /// Writes one measurement, as one line in one write so that it never mixes with a log line. A metric that cannot be
    /// written is lost: it is no reason to fail the work that it measures.
    pub fn emit(&self, event: Event<'_>) {
        let mut line = self.line(event).to_string();
        line.push('\n');
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        drop(writer.write_all(line.as_bytes()).and_then(|()| writer.flush()));
    }

    /// Counts what is worth counting of circuits.
    pub fn noticed(&self, tenant: &TenantId, notice: Notice) {
        let metric = match notice {
            Notice::Opened => Metric::CircuitsOpened,
            Notice::SlowedDown => Metric::RateLimited,
        };
        self.emit(Event::new(metric, 1).of(tenant));
    }

    fn line(&self, event: Event<'_>) -> Value {
        let metric = event.metric;
        let mut line = Map::new();
        line.insert(
            "_aws".to_owned(),
            json!({
                "Timestamp": self.clock.now().as_millisecond(),
                "CloudWatchMetrics": [{
                    "Namespace": NAMESPACE,
                    "Dimensions": [["function"]],
                    "Metrics": [{"Name": metric.name(), "Unit": metric.unit()}],
                }],
            }),
        );
        line.insert("function".to_owned(), self.function.into());
        line.insert(metric.name().to_owned(), event.value.into());
        let ids = [("tenant", event.tenant.map(TenantId::as_str)), ("order", event.order.map(OrderId::as_str))];
        line.extend(ids.into_iter().filter_map(|(name, id)| Some((name.to_owned(), id?.into()))));
        Value::Object(line)
    }
}

#[cfg(test)]
mod tests;
