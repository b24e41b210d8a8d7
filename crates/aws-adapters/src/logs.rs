//! Logs as JSON lines on standard output.
//!
//! A log line is one event with its fields at the top level and the fields of its spans, correlation ids among them,
//! under `spans`. What must not be logged is wrapped in a type that cannot show it: [`Redacted`] or `SecretString`.

use std::fmt;
use tracing::Subscriber;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// Crates that write requests and answers into their debug logs: never more than their warnings, whatever is asked.
const QUIET: [&str; 12] = [
    "aws_config",
    "aws_runtime",
    "aws_sdk_dynamodb",
    "aws_sdk_kms",
    "aws_sdk_sqs",
    "aws_smithy_runtime",
    "aws_smithy_http_client",
    "hyper",
    "hyper_util",
    "lambda_http",
    "lambda_runtime",
    "reqwest",
];

/// A value that logs never show: personal data, or anything else that is nobody's business.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Redacted<T>(pub T);

impl<T> fmt::Display for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An error with all its causes on one line.
#[must_use]
pub fn causes(error: &dyn std::error::Error) -> String {
    std::iter::successors(error.source(), |cause| cause.source())
        .fold(error.to_string(), |line, cause| format!("{line}: {cause}"))
}

/// Starts logging to standard output, with the level of `RUST_LOG`, else of `LOG_LEVEL`, else info. A second call, or
/// one after somebody else's, changes nothing.
pub fn init(read: impl Fn(&str) -> Option<String>) {
    drop(tracing::subscriber::set_global_default(subscriber(&level(read), std::io::stdout)));
}

/// A subscriber that writes JSON lines; a directive that is not understood is left out.
pub fn subscriber<W>(level: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(true)
        .with_env_filter(filter(level))
        .with_writer(writer)
        .finish()
}

fn level(read: impl Fn(&str) -> Option<String>) -> String {
    let given = |name: &str| read(name).filter(|level| !level.trim().is_empty());
    given("RUST_LOG").or_else(|| given("LOG_LEVEL")).unwrap_or_else(|| "info".to_owned())
}

fn filter(level: &str) -> EnvFilter {
    let quiet = QUIET.iter().filter_map(|name| format!("{name}=warn").parse().ok());
    let filter = EnvFilter::builder().with_default_directive(tracing::Level::INFO.into()).parse_lossy(level);
    quiet.fold(filter, EnvFilter::add_directive)
}

#[cfg(test)]
mod tests;
