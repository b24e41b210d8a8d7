//! What the senders get back: fixed by the outside contract.

use lambda_http::aws_lambda_events::{apigw::ApiGatewayV2httpResponse, encodings::Body};
use lambda_http::http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
use serde_json::{Value, json};

/// An answer: status and body.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    status: u16,
    body: Option<Value>,
}

impl Answer {
    /// Stored, `status` as the sender expects it.
    pub(crate) fn queued(status: u16) -> Self {
        Self { status, body: Some(json!({"status": "queued"})) }
    }

    /// Genuine, and nothing of ours.
    pub(crate) fn ignored() -> Self {
        Self { status: 200, body: Some(json!({"status": "ignored"})) }
    }

    /// To the till's portal, which checks the address: the same for any tenant.
    pub(crate) fn probe() -> Self {
        Self { status: 200, body: Some(json!({"status": "ok"})) }
    }

    pub(crate) fn health() -> Self {
        Self { status: 200, body: Some(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")})) }
    }

    /// Whatever was wrong: unknown tenant, wrong or missing signature, stale timestamp.
    pub(crate) fn unauthorized() -> Self {
        Self::error(401, "unauthorized", "the signature does not hold")
    }

    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        Self { status, body: Some(json!({"error": code, "message": message})) }
    }

    pub(crate) fn plain(status: u16) -> Self {
        Self { status, body: None }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The JSON body, if there is one.
    #[must_use]
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// Whether the event is on a queue now.
    #[must_use]
    pub fn is_queued(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body["status"] == "queued")
    }

    /// As API Gateway wants it.
    pub(crate) fn into_response(self, has_body: bool) -> ApiGatewayV2httpResponse {
        let mut response = ApiGatewayV2httpResponse::default();
        response.status_code = self.status.into();
        if let Some(body) = self.body {
            response.headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
            response.body = has_body.then(|| Body::Text(body.to_string()));
        }
        response
    }
}
