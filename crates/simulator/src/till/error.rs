//! Refusals of the till: a code word and a field.

use crate::http::Reply;
use axum::http::StatusCode;
use serde_json::json;

/// A refusal of the till.
#[derive(Debug)]
pub(crate) struct TillError {
    status: StatusCode,
    code: &'static str,
    message: String,
    retry_after: Option<u64>,
}

impl TillError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after: None }
    }

    /// A value that the till does not take.
    pub(crate) fn invalid_params(field: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidParams", field)
    }

    /// An id that the till does not know.
    pub(crate) fn invalid_id(field: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidId", field)
    }

    /// A value that must be unique and is not.
    pub(crate) fn conflict(field: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "ConflictValue", field)
    }

    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", what)
    }

    pub(crate) fn not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", "the bridge has no business writing here")
    }

    pub(crate) fn unauthorized(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", message)
    }

    pub(crate) fn no_licence() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", "an Enterprise licence is required")
    }

    pub(crate) fn too_many(retry_after: Option<u64>) -> Self {
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", "rate limit exceeded");
        Self { retry_after, ..error }
    }

    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "PayloadTooLarge", "body over 102400 bytes")
    }

    pub(crate) fn not_json() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", "content type must be application/json")
    }

    /// What the till answers to some mistakes of the client, too.
    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "something went wrong")
    }

    pub(crate) fn into_reply(self) -> Reply {
        let body = json!({ "error": self.code, "msg": self.message });
        Reply { retry_after: self.retry_after, ..Reply::json(self.status, &body) }
    }
}

/// The till's answer for an armed fault.
pub(crate) fn fault_reply(status: StatusCode) -> Reply {
    let error = match status.as_u16() {
        401 => TillError::unauthorized("token expired"),
        403 => TillError::no_licence(),
        429 => TillError::too_many(None),
        _ => TillError { status, ..TillError::internal() },
    };
    error.into_reply()
}
