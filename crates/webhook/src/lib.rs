//! The webhook function: from an API Gateway event to a message on a queue.
//!
//! Verifies, wraps, stores, answers. It never calls the till or the platform, and nothing unverified can reach a
//! queue: only a verified webhook has a `parse`. Order of checks: route, size, headers, tenant, signature over the raw
//! bytes, timestamp, content, queue; of the platform, whose body names the tenant, the tenant comes after the timestamp.
//! Every 401 is the same answer.

mod answer;
mod cic;
mod platform;
mod request;

pub use answer::Answer;
pub use request::{Request, answer_event};

use app::{
    message::{OrderMessage, SyncJob, SyncMessage},
    ports::{Clock, OrderQueue, SyncQueue, Tenants},
};
use aws_adapters::{
    logs::causes,
    metrics::{Event, Metric, Metrics},
};
use domain::TenantId;
use jiff::SignedDuration;
use std::time::Duration;

/// The largest body that is looked at, in bytes; anything larger is 413.
pub const LARGEST_BODY: usize = 256 * 1024;

/// A record younger than this is not read again after a signature mismatch: the secret can hardly have changed.
const YOUNG: SignedDuration = SignedDuration::from_secs(30);

/// How long a sync that somebody's change asked for waits, so that it sees the changes that follow.
const TOGETHER: Duration = Duration::from_secs(20);

/// What the function works with.
#[derive(Debug)]
pub struct Webhook<N, O, S, C> {
    /// Who may call, and with which secret.
    pub tenants: N,
    /// Where order events go.
    pub orders: O,
    /// Where catalogue events go.
    pub sync: S,
    /// The wall clock.
    pub clock: C,
    /// What is measured.
    pub metrics: Metrics,
}

impl<N: Tenants, O: OrderQueue, S: SyncQueue, C: Clock> Webhook<N, O, S, C> {
    /// Answers one request.
    pub async fn answer(&self, request: &Request<'_>) -> Answer {
        let segments: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        match (request.method, segments.as_slice()) {
            ("GET" | "HEAD" | "OPTIONS", ["webhooks", "cic", _]) => Answer::probe(),
            ("POST", ["webhooks", "cic", tenant]) => {
                let mut whose = None;
                let result = self.accept_till(request, tenant, &mut whose).await;
                self.conclude(request, whose.as_ref(), result)
            }
            ("POST", ["webhooks", "plateform"]) => {
                let mut whose = None;
                let result = self.accept_platform(request, &mut whose).await;
                self.conclude(request, whose.as_ref(), result)
            }
            ("GET" | "HEAD", ["healthz"]) => Answer::health(),
            (_, ["webhooks", "cic", _] | ["webhooks", "plateform"] | ["healthz"]) => Answer::plain(405),
            _ => Answer::plain(404),
        }
    }

    /// Measures and logs how a webhook ended, and whose it is where that is known: what a stranger writes is repeated
    /// nowhere. The reason of a 401 is here and nowhere else.
    fn conclude(&self, request: &Request<'_>, tenant: Option<&TenantId>, result: Result<Answer, Refused>) -> Answer {
        let (answer, reason) = match result {
            Ok(answer) => (answer, None),
            Err(refused) => (refused.answer(), Some(refused)),
        };
        let metric = match (answer.status(), &reason) {
            (401, _) => Some(Metric::SignatureFailures),
            (200..300, None) if answer.is_queued() => Some(Metric::WebhooksQueued),
            (200..300, None) => Some(Metric::EventsIgnored),
            _ => None,
        };
        if let Some(metric) = metric {
            self.metrics.emit(Event { tenant, ..Event::new(metric, 1) });
        }
        match reason {
            Some(reason) => tracing::warn!(
                http.status = answer.status(),
                tenant.id = tenant.map(TenantId::as_str),
                correlation.id = request.correlation,
                reason = causes(&reason),
                "a webhook was refused"
            ),
            None => tracing::info!(
                http.status = answer.status(),
                tenant.id = tenant.map(TenantId::as_str),
                correlation.id = request.correlation,
                queued = answer.is_queued(),
                "a webhook was answered"
            ),
        }
        answer
    }

    async fn queue_order(&self, message: OrderMessage) -> Result<(), Refused> {
        Ok(self.orders.send(&[(message, Duration::ZERO)]).await?)
    }

    /// Asks for a sync in a little while: a person who changes a menu changes many things, and one reading sees all.
    async fn queue_sync(&self, request: &Request<'_>, tenant: &TenantId, job: SyncJob) -> Result<(), Refused> {
        let message = SyncMessage {
            tenant: tenant.clone(),
            correlation: request.correlation.to_owned(),
            sent_ms: self.clock.now().as_millisecond(),
            due_ms: 0,
            job,
        };
        Ok(self.sync.send(&[(message, TOGETHER)]).await?)
    }

    fn order_message(&self, request: &Request<'_>, tenant: &TenantId, event: app::message::OrderEvent) -> OrderMessage {
        OrderMessage {
            tenant: tenant.clone(),
            correlation: request.correlation.to_owned(),
            sent_ms: self.clock.now().as_millisecond(),
            event,
        }
    }
}

/// Why a webhook is not taken.
#[derive(Debug, thiserror::Error)]
enum Refused {
    /// Over the largest body.
    #[error("the body is over {LARGEST_BODY} bytes")]
    TooLarge,
    /// The body says that it is base64 and is not.
    #[error("the body is not base64")]
    NotBase64,
    /// No such tenant: answered like a wrong signature.
    #[error("there is no such tenant")]
    UnknownTenant,
    /// The till's signature or content.
    #[error(transparent)]
    Till(#[from] cassa_in_cloud::webhook::WebhookError),
    /// The platform's signature.
    #[error(transparent)]
    Platform(#[from] plateform::WebhookError),
    /// The platform's content.
    #[error(transparent)]
    Content(#[from] plateform::EventError),
    /// A table, a queue, a key or a record: the sender has to come back.
    #[error(transparent)]
    Store(#[from] app::ports::StoreError),
}

impl Refused {
    fn answer(&self) -> Answer {
        use cassa_in_cloud::webhook::WebhookError as Till;
        match self {
            Self::TooLarge => Answer::error(413, "too_large", "the body is over 256 KiB"),
            Self::NotBase64 => Answer::error(400, "malformed_body", "the body is not base64"),
            Self::UnknownTenant | Self::Till(Till::Signature) => Answer::unauthorized(),
            Self::Platform(error) if error.is_unauthorized() => Answer::unauthorized(),
            Self::Till(error @ Till::Operation) => Answer::error(400, "malformed_operation", &error.to_string()),
            Self::Till(error) => Answer::error(400, "malformed_body", &error.to_string()),
            Self::Content(error) => Answer::error(400, "malformed_event", &error.to_string()),
            Self::Platform(_) | Self::Store(_) => {
                Answer::error(503, "unavailable", "the event could not be stored; send it again")
            }
        }
    }
}
