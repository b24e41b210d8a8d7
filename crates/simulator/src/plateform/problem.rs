//! Refusals of the platform, as `application/problem+json`.

use crate::http::Reply;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// A refusal of the platform.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: Option<String>,
    current: Option<String>,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self { status, code, title, detail: None, current: None }
    }

    fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "Bearer token missing or wrong")
    }

    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found").detail(what)
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed")
    }

    pub(crate) fn validation(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "validation", "The request does not match the contract")
            .detail(detail)
    }

    pub(crate) fn not_json() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "validation", "The content type must be application/json")
    }

    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is over 1 MiB")
    }

    pub(crate) fn key_reused() -> Self {
        Self::new(StatusCode::CONFLICT, "idempotency_key_reused", "This key was used with another request")
    }

    pub(crate) fn illegal_transition(current: &str, wanted: &str) -> Self {
        let problem = Self::new(StatusCode::CONFLICT, "illegal_transition", "The order cannot take this state");
        let problem = problem.detail(format!("{current} cannot become {wanted}"));
        Self { current: Some(current.to_owned()), ..problem }
    }

    /// The body.
    pub(crate) fn to_json(&self) -> Value {
        let mut body = json!({ "status": self.status.as_u16(), "code": self.code, "title": self.title });
        if let Some(detail) = &self.detail {
            body["detail"] = json!(detail);
        }
        if let Some(current) = &self.current {
            body["current"] = json!(current);
        }
        body
    }

    pub(crate) fn into_reply(self) -> Reply {
        Reply { content_type: "application/problem+json", ..Reply::json(self.status, &self.to_json()) }
    }
}

/// The platform's answer for an armed fault.
pub(crate) fn fault_reply(status: StatusCode) -> Reply {
    let (code, title) = match status.as_u16() {
        401 => return Problem::unauthorized().into_reply(),
        404 => return Problem::not_found("fault").into_reply(),
        422 => return Problem::validation("fault").into_reply(),
        429 => ("rate_limited", "Too many requests"),
        503 => ("unavailable", "Temporarily unavailable"),
        _ => ("internal", "Something went wrong"),
    };
    Problem::new(status, code, title).into_reply()
}
