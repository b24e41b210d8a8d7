//! `ponte queue`: what waits, what was given up and why, and sending it back.

mod peek;
mod redrive;
mod status;

use crate::operator::Operator;
use anyhow::Result;
use app::message::{self, OrderEvent, OrderMessage, SyncMessage};
use aws_adapters::dead_letters::{DeadLetter, DeadLetters};
use clap::{Subcommand, ValueEnum};
use domain::TenantId;
use std::{num::NonZeroU32, process::ExitCode};

/// A queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Queue {
    /// What happened to orders.
    Orders,
    /// The jobs of restaurants.
    Sync,
}

/// What to do with queues.
#[derive(Debug, Subcommand)]
pub enum QueueCommand {
    /// How much waits in both queues and in their dead-letter queues.
    Status,
    /// Shows messages that were given up, and leaves them where they are.
    Peek {
        /// Which queue's.
        queue: Queue,
        /// As many messages at most.
        #[arg(long, default_value_t = 20)]
        max: usize,
    },
    /// Sends messages that were given up back to their queue; mend the cause first.
    Redrive {
        /// Which queue's.
        queue: Queue,
        /// As many messages a second at most.
        #[arg(long)]
        rate: NonZeroU32,
        /// Only those of this restaurant.
        #[arg(long)]
        tenant: Option<String>,
    },
}

/// Does it.
///
/// # Errors
/// If a queue or a table does not answer.
pub async fn run(operator: &Operator, command: QueueCommand) -> Result<ExitCode> {
    match command {
        QueueCommand::Status => status::run(operator).await,
        QueueCommand::Peek { queue, max } => peek::run(operator, queue, max).await,
        QueueCommand::Redrive { queue, rate, tenant } => {
            let tenant = tenant.as_deref().map(TenantId::parse).transpose()?;
            redrive::run(operator, queue, rate, tenant).await
        }
    }
}

impl Queue {
    fn urls(self, operator: &Operator) -> (&str, &str) {
        let config = &operator.config;
        match self {
            Self::Orders => (&config.sync.orders_queue_url, &config.orders_dead_letter_queue_url),
            Self::Sync => (&config.sync.sync_queue_url, &config.sync_dead_letter_queue_url),
        }
    }

    fn dead_letters(self, operator: &Operator) -> DeadLetters {
        let (source, dead) = self.urls(operator);
        DeadLetters::new(operator.aws.sqs.clone(), dead, source)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Sync => "sync",
        }
    }

    /// What a message says, as far as ids go.
    fn read(self, letter: &DeadLetter) -> Content {
        let content = match self {
            Self::Orders => message::decode::<OrderMessage>(&letter.body).map(Content::of_order),
            Self::Sync => message::decode::<SyncMessage>(&letter.body).map(Content::of_job),
        };
        content.unwrap_or_else(|error| Content { unreadable: Some(error.to_string()), ..Content::default() })
    }
}

/// The ids of a message; no personal data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Content {
    tenant: Option<TenantId>,
    kind: String,
    order: Option<domain::OrderId>,
    unreadable: Option<String>,
}

impl Content {
    fn of_order(message: OrderMessage) -> Self {
        let (kind, order) = match message.event {
            OrderEvent::Placed { order } => ("placed", Some(order.id)),
            OrderEvent::Cancelled { order } => ("cancelled", Some(order)),
            OrderEvent::TillOrder(hint) => ("till_order", hint.external_id),
            OrderEvent::Document { orders } => ("document", orders.into_iter().find_map(|link| link.external_id)),
            OrderEvent::Deadline { order, .. } => ("deadline", Some(order)),
            OrderEvent::Replay { order, .. } => ("replay", Some(order)),
            OrderEvent::Reconcile => ("reconcile", None),
        };
        Self { tenant: Some(message.tenant), kind: kind.to_owned(), order, unreadable: None }
    }

    fn of_job(message: SyncMessage) -> Self {
        let kind = serde_json::to_value(message.job).ok().and_then(|job| job.as_str().map(str::to_owned));
        Self { tenant: Some(message.tenant), kind: kind.unwrap_or_default(), order: None, unreadable: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(body: &str) -> DeadLetter {
        DeadLetter::example("m-1", body)
    }

    #[test]
    fn a_message_is_shown_by_its_ids_alone() {
        let body = r#"{"v":1,"tenant":"rest-1","correlation":"c","sent_ms":5,"type":"cancelled","order":"o-1"}"#;
        let content = Queue::Orders.read(&letter(body));
        assert_eq!(content.tenant.unwrap().as_str(), "rest-1");
        assert_eq!((content.kind.as_str(), content.order.unwrap().as_str()), ("cancelled", "o-1"));
        let body = r#"{"v":1,"tenant":"rest-1","correlation":"c","job":"full_sync"}"#;
        assert_eq!(Queue::Sync.read(&letter(body)).kind, "full_sync");
    }

    #[test]
    fn what_is_no_message_or_of_another_version_says_so() {
        let why = |body| Queue::Orders.read(&letter(body)).unreadable.unwrap();
        assert!(why("{").contains("not a message"));
        assert!(why(r#"{"v":9}"#).contains("version 9"));
    }
}
