//! The AWS clients of a Lambda, built once per process.
//!
//! Region and credentials come from the environment alone: no profile file is read and no metadata service is asked.
//! Every call has a deadline, because the SDK sets none by default and a stalled call would eat the whole invocation.

use aws_config::{
    BehaviorVersion, Region, SdkConfig, environment::EnvironmentVariableCredentialsProvider, retry::RetryConfig,
    timeout::TimeoutConfig,
};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_http_client::{Builder, tls};
use std::time::Duration;

/// How long making a connection may take.
const CONNECT: Duration = Duration::from_secs(1);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(3);
/// How long a call may take, retries included.
const OPERATION: Duration = Duration::from_secs(8);
/// Attempts of one call, the first included.
const ATTEMPTS: u32 = 3;
/// Connections unused for longer may have died while the sandbox was frozen.
const POOL_IDLE: Duration = Duration::from_secs(20);
/// How long a function's start may wait for connections.
const WARM: Duration = Duration::from_secs(2);

/// The clients of one process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Aws {
    /// Tables.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Queues.
    pub sqs: aws_sdk_sqs::Client,
    /// The key of the tenants' secrets.
    pub kms: aws_sdk_kms::Client,
    /// What a client of another service is made of.
    pub shared: SdkConfig,
}

impl Aws {
    /// The clients as the process environment says. Touches no network.
    #[must_use]
    pub fn from_env() -> Self {
        Self::new(&|name| std::env::var(name).ok())
    }

    /// The clients as these variables say; credentials are read from the process environment when first needed.
    #[must_use]
    pub fn new(read: &dyn Fn(&str) -> Option<String>) -> Self {
        let credentials = SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new());
        Self::with_credentials(read, credentials)
    }

    /// The clients for a local AWS at this address and in this region, with made-up credentials.
    #[must_use]
    pub fn local(endpoint: &str, region: &str) -> Self {
        let read = |name: &str| match name {
            "AWS_ENDPOINT_URL" => Some(endpoint.to_owned()),
            "AWS_REGION" => Some(region.to_owned()),
            _ => None,
        };
        let credentials = Credentials::new("test", "test", None, None, "local");
        Self::with_credentials(&read, SharedCredentialsProvider::new(credentials))
    }

    fn with_credentials(read: &dyn Fn(&str) -> Option<String>, credentials: SharedCredentialsProvider) -> Self {
        let shared = shared_config(read, credentials);
        let mut dynamodb = aws_sdk_dynamodb::config::Builder::from(&shared);
        dynamodb.set_endpoint_url(endpoint(read, "DYNAMODB"));
        let mut sqs = aws_sdk_sqs::config::Builder::from(&shared);
        sqs.set_endpoint_url(endpoint(read, "SQS"));
        let mut kms = aws_sdk_kms::config::Builder::from(&shared);
        kms.set_endpoint_url(endpoint(read, "KMS"));
        Self {
            dynamodb: aws_sdk_dynamodb::Client::from_conf(dynamodb.build()),
            sqs: aws_sdk_sqs::Client::from_conf(sqs.build()),
            kms: aws_sdk_kms::Client::from_conf(kms.build()),
            shared,
        }
    }
}

/// Lets connections be made while the function starts, for at most two seconds; what comes of it does not matter. Give it
/// the joined `warm` calls of the adapters.
pub async fn warm(connecting: impl Future) {
    drop(tokio::time::timeout(WARM, connecting).await);
}

fn shared_config(read: &dyn Fn(&str) -> Option<String>, credentials: SharedCredentialsProvider) -> SdkConfig {
    let region = read("AWS_REGION").or_else(|| read("AWS_DEFAULT_REGION")).map(Region::new);
    let http = Builder::new()
        .pool_idle_timeout(POOL_IDLE)
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc))
        .build_https();
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region)
        .credentials_provider(credentials)
        .http_client(http)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(CONNECT)
                .operation_attempt_timeout(ATTEMPT)
                .operation_timeout(OPERATION)
                .build(),
        )
        .build()
}

/// The address of a service where it is not AWS's own, by the SDK's usual variables.
fn endpoint(read: &dyn Fn(&str) -> Option<String>, service: &str) -> Option<String> {
    let given = |name: &str| read(name).filter(|url| !url.trim().is_empty());
    if given("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|v| v.eq_ignore_ascii_case("true")) {
        return None;
    }
    given(&format!("AWS_ENDPOINT_URL_{service}")).or_else(|| given("AWS_ENDPOINT_URL"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'a>(set: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn the_endpoint_of_one_service_wins_over_the_common_one() {
        let set = [("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:2")];
        assert_eq!(endpoint(&read(&set), "SQS").as_deref(), Some("http://127.0.0.1:2"));
        assert_eq!(endpoint(&read(&set), "KMS").as_deref(), Some("http://127.0.0.1:1"));
    }

    #[test]
    fn without_endpoint_variables_the_services_are_aws_itself() {
        assert_eq!(endpoint(&read(&[("AWS_ENDPOINT_URL", "")]), "SQS"), None);
        let ignored = [("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")];
        assert_eq!(endpoint(&read(&ignored), "SQS"), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_start_does_not_wait_for_connections_that_never_come() {
        warm(std::future::pending::<()>()).await;
    }

    #[test]
    fn every_client_has_deadlines_and_at_most_three_attempts() {
        let aws = Aws::new(&read(&[("AWS_REGION", "eu-central-1")]));
        let config = aws.dynamodb.config();
        let timeouts = config.timeout_config().unwrap();
        assert_eq!(timeouts.connect_timeout(), Some(CONNECT));
        assert_eq!(timeouts.operation_attempt_timeout(), Some(ATTEMPT));
        assert_eq!(timeouts.operation_timeout(), Some(OPERATION));
        assert_eq!(config.retry_config().unwrap().max_attempts(), ATTEMPTS);
        assert_eq!(config.region().map(AsRef::as_ref), Some("eu-central-1"));
    }
}
