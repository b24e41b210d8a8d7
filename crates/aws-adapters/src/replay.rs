//! A made-up AWS for tests: answers in a fixed order and remembers what it was asked.

use crate::sdk::Aws;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use serde_json::Value;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

/// Answers in order, and the calls that they answered: operation and body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Replay(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    answers: VecDeque<(u16, Value)>,
    calls: Vec<(String, Value)>,
}

impl Replay {
    pub(crate) fn new(answers: impl IntoIterator<Item = (u16, Value)>) -> Self {
        let answers = answers.into_iter().collect();
        Self(Arc::new(Mutex::new(Inner { answers, calls: Vec::new() })))
    }

    /// Adds an answer.
    pub(crate) fn push(&self, answer: (u16, Value)) {
        self.0.lock().unwrap().answers.push_back(answer);
    }

    /// The calls so far, as operation and body.
    pub(crate) fn calls(&self) -> Vec<(String, Value)> {
        self.0.lock().unwrap().calls.clone()
    }

    /// The operations called so far.
    pub(crate) fn operations(&self) -> Vec<String> {
        self.calls().into_iter().map(|(operation, _)| operation).collect()
    }

    /// Clients that talk to it.
    pub(crate) fn aws(&self) -> Aws {
        let connector = SharedHttpConnector::new(self.clone());
        let shared = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-south-1"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new("a", "s", None, None, "test")))
            .retry_config(aws_config::retry::RetryConfig::standard())
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .build();
        Aws {
            dynamodb: aws_sdk_dynamodb::Client::new(&shared),
            sqs: aws_sdk_sqs::Client::new(&shared),
            kms: aws_sdk_kms::Client::new(&shared),
            shared,
        }
    }
}

impl HttpConnector for Replay {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = serde_json::from_slice(request.body().bytes().unwrap_or_default()).unwrap_or_default();
        let mut inner = self.0.lock().unwrap();
        inner.calls.push((operation, body));
        let Some((status, body)) = inner.answers.pop_front() else {
            return HttpConnectorFuture::ready(Err(ConnectorError::user("no answer is left".into())));
        };
        let response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body.to_string()));
        HttpConnectorFuture::ready(Ok(response))
    }
}
