//! An answer before it becomes HTTP, with the webhooks that the call caused.

use crate::hooks::NewHook;
use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use serde_json::Value;

/// An answer and the webhooks that the call caused.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) retry_after: Option<u64>,
    pub(crate) body: Vec<u8>,
    pub(crate) hooks: Vec<NewHook>,
}

impl Reply {
    /// A JSON answer.
    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self {
            status,
            content_type: "application/json",
            retry_after: None,
            body: body.to_string().into_bytes(),
            hooks: Vec::new(),
        }
    }

    /// 200 with JSON.
    pub(crate) fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// An answer without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { body: Vec::new(), content_type: "text/plain", ..Self::json(status, &Value::Null) }
    }

    /// The same answer that also causes webhooks.
    pub(crate) fn causing(self, hooks: Vec<NewHook>) -> Self {
        Self { hooks, ..self }
    }

    /// The HTTP form.
    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
