//! From an answer that is no success to what the caller does next.

use crate::text;
use app::ports::PlatformError;
use domain::order::Status;
use reqwest::StatusCode;
use serde::{Deserialize, de::DeserializeOwned};
use std::time::Duration;

/// The body of a failure. The status is taken from the answer's first line, not from here.
#[derive(Debug, Default, Deserialize)]
struct ProblemDto {
    code: Option<String>,
    current: Option<String>,
}

/// No answer of the contract; worth another try.
pub(crate) fn unavailable(status: Option<StatusCode>, detail: &str) -> PlatformError {
    PlatformError::Unavailable { status: status.map(|s| s.as_u16()), retry_after: None, detail: text::shown(detail) }
}

/// A request that the contract does not allow, found before it was sent: as if the platform had answered 400.
pub(crate) fn ours(code: &str) -> PlatformError {
    PlatformError::Refused { status: 400, code: format!("ponte:{code}") }
}

/// An answer that succeeded but has not the contract's shape.
pub(crate) fn malformed(what: &str) -> PlatformError {
    unavailable(Some(StatusCode::OK), &format!("malformed:{what}"))
}

/// Reads the body of a success.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, PlatformError> {
    serde_json::from_slice(body).map_err(|error| malformed(&text::shape(&error)))
}

/// An exchange that ended without an answer.
pub(crate) fn transport(error: &reqwest::Error) -> PlatformError {
    match error {
        e if e.is_builder() => ours("api_token"),
        e if e.is_connect() => unavailable(None, "connect"),
        e if e.is_timeout() => unavailable(None, "timeout"),
        _ => unavailable(None, "connection_lost"),
    }
}

/// An answer that is no success, redirects included.
pub(crate) fn problem(status: StatusCode, retry_after: Option<Duration>, body: &[u8]) -> PlatformError {
    let problem: ProblemDto = serde_json::from_slice(body).unwrap_or_default();
    let code = problem.code.as_deref().map_or_else(|| "no_code".to_owned(), text::shown);
    let current = problem.current.as_deref().and_then(status_of);
    match (status.as_u16(), current) {
        (409, Some(current)) if code == "illegal_transition" => PlatformError::IllegalTransition { current },
        // Without a problem it is not the platform's word on an order, but an address that leads elsewhere.
        (404, _) if problem.code.is_some() => PlatformError::NotFound,
        (404 | 408 | 425 | 429, _) => {
            PlatformError::Unavailable { status: Some(status.as_u16()), retry_after, detail: code }
        }
        (400..=499, _) => PlatformError::Refused { status: status.as_u16(), code },
        _ => PlatformError::Unavailable { status: Some(status.as_u16()), retry_after, detail: code },
    }
}

/// An order's state by the contract's name.
pub(crate) fn status_of(name: &str) -> Option<Status> {
    match name {
        "new" => Some(Status::New),
        "confirmed" => Some(Status::Confirmed),
        "rejected" => Some(Status::Rejected),
        "evaso" => Some(Status::Evaso),
        "cancelled" => Some(Status::Cancelled),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, body: &str) -> PlatformError {
        problem(StatusCode::from_u16(status).unwrap(), None, body.as_bytes())
    }

    #[test]
    fn an_illegal_transition_needs_a_current_state_that_is_known() {
        let known = r#"{"status":409,"code":"illegal_transition","title":"x","current":"cancelled"}"#;
        assert_eq!(answered(409, known), PlatformError::IllegalTransition { current: Status::Cancelled });
        let refused = PlatformError::Refused { status: 409, code: "illegal_transition".into() };
        assert_eq!(answered(409, r#"{"code":"illegal_transition","current":"lost"}"#), refused);
        assert_eq!(answered(409, r#"{"code":"illegal_transition","current":null}"#), refused);
        let reused = PlatformError::Refused { status: 409, code: "idempotency_key_reused".into() };
        assert_eq!(answered(409, r#"{"code":"idempotency_key_reused","current":"new"}"#), reused);
    }

    #[test]
    fn only_a_404_with_a_problem_is_the_platforms_word() {
        assert_eq!(answered(404, r#"{"status":404,"code":"not_found","title":"x"}"#), PlatformError::NotFound);
        assert!(answered(404, "<html>nothing here</html>").is_retryable());
    }

    #[test]
    fn what_a_stranger_wrote_into_a_problem_is_not_repeated() {
        let told = answered(422, r#"{"code":"mario.rossi@example.test","detail":"+390000000001"}"#);
        assert_eq!(told, PlatformError::Refused { status: 422, code: "unreadable".into() });
    }
}
