//! What an answer of the till means to the caller (API sheet section 8).
//!
//! The status and body of the till's errors are not documented: that guess lives in [`classify`] alone. `detail` reaches
//! logs and staff, so only words that look like a code or a field name pass.

use crate::call::Answer;
use app::ports::TillError;
use serde_json::Value;

/// The longest `detail`, in bytes.
const DETAIL_MAX: usize = 80;

/// From how many digits on a word may be a telephone number or an id.
const DIGITS_MAX: usize = 6;

/// Reads an answer that is not a success, or not the documented shape.
pub(crate) fn classify(answer: &Answer) -> TillError {
    let status = answer.status;
    match status {
        401 => return TillError::KeyRefused { status },
        429 => {
            return TillError::RateLimited { retry_after: answer.retry_after };
        }
        _ => {}
    }
    let body = String::from_utf8_lossy(&answer.body).to_lowercase();
    let detail = || detail(&answer.body).unwrap_or_else(|| format!("status {status}"));
    if body.contains("conflictvalue") {
        return TillError::Conflict { detail: detail() };
    }
    if body.contains("invalidid") {
        return TillError::InvalidId { detail: detail() };
    }
    match status {
        403 => TillError::KeyRefused { status },
        // The till gave up waiting for the request: that is no refusal of it.
        408 => TillError::Unclear { status: Some(status), detail: detail() },
        413 => TillError::TooLarge,
        _ if body.contains("invalidparams") => TillError::Refused { status, detail: detail() },
        400..=499 => TillError::Refused { status, detail: detail() },
        200..=299 => TillError::Unclear { status: Some(status), detail: "not the documented shape".to_owned() },
        _ => TillError::Unclear { status: Some(status), detail: detail() },
    }
}

/// An answer that came with a success and is not what the documentation shows.
pub(crate) fn misshapen(status: u16, what: &str) -> TillError {
    TillError::Unclear { status: Some(status), detail: format!("not the documented shape: {what}") }
}

/// The error's code and field, `InvalidParams dueDate`, if the body has them in a form that can hold no personal data.
fn detail(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let code = body.get("error").and_then(Value::as_str).filter(|code| is_plain(code));
    let field = body.get("msg").and_then(Value::as_str).and_then(field);
    let words: Vec<&str> = code.into_iter().chain(field).collect();
    let mut detail = words.join(" ");
    detail.truncate(DETAIL_MAX);
    (!detail.is_empty()).then_some(detail)
}

/// A field name such as `dueDate`, alone or before a second such word: `idsSalesPoint: error.expected.jsarray`.
///
/// People's names begin with a capital and come in more words; a field name does neither.
fn field(message: &str) -> Option<&str> {
    let is_name = |word: &str| is_plain(word) && word.starts_with(|c: char| c.is_ascii_lowercase());
    let mut words = message.split(' ');
    match (words.next(), words.next(), words.next()) {
        (Some(name), None, None) if is_name(name) => Some(name),
        (Some(name), Some(code), None) if is_name(name) && name.ends_with(':') && is_name(code) => Some(message),
        _ => None,
    }
}

fn is_plain(word: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '-');
    !word.is_empty()
        && word.len() <= DETAIL_MAX
        && word.chars().all(allowed)
        && word.chars().filter(char::is_ascii_digit).count() < DIGITS_MAX
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn classified(status: u16, body: &str) -> TillError {
        let (retry_after, headers) = (Some(Duration::from_secs(7)), reqwest::header::HeaderMap::new());
        classify(&Answer { status, retry_after, headers, body: body.as_bytes().to_vec() })
    }

    #[test]
    fn a_conflict_is_a_conflict_at_any_status_and_in_any_case() {
        for status in [200, 400, 403, 409, 422, 500] {
            let error = classified(status, r#"{"error":"CONFLICTvalue","msg":"externalId"}"#);
            assert_eq!(error, TillError::Conflict { detail: "CONFLICTvalue externalId".into() }, "{status}");
        }
    }

    #[test]
    fn an_unknown_id_is_told_from_other_refusals_at_any_status() {
        for status in [400, 404, 500] {
            let error = classified(status, r#"{"error":"InvalidId","msg":"idProductVariant"}"#);
            assert_eq!(error, TillError::InvalidId { detail: "InvalidId idProductVariant".into() });
        }
    }

    #[test]
    fn each_status_means_what_the_caller_does_next() {
        let refused = |status, detail: &str| TillError::Refused { status, detail: detail.into() };
        assert_eq!(
            classified(400, r#"{"error":"InvalidParams","msg":"dueDate"}"#),
            refused(400, "InvalidParams dueDate")
        );
        assert_eq!(
            classified(500, r#"{"error":"InvalidParams","msg":"dueDate"}"#),
            refused(500, "InvalidParams dueDate")
        );
        assert_eq!(classified(404, ""), refused(404, "status 404"));
        assert_eq!(classified(401, "ConflictValue"), TillError::KeyRefused { status: 401 });
        assert_eq!(classified(403, "no"), TillError::KeyRefused { status: 403 });
        assert_eq!(classified(413, "no"), TillError::TooLarge);
        assert_eq!(classified(429, "InvalidId"), TillError::RateLimited { retry_after: Some(Duration::from_secs(7)) });
        for status in [302, 408, 500, 502, 503, 504] {
            let unclear = TillError::Unclear { status: Some(status), detail: format!("status {status}") };
            assert_eq!(classified(status, "<html>"), unclear);
        }
    }

    #[test]
    fn e62_a_detail_never_holds_what_may_be_personal() {
        for message in [
            "cliente@example.test",
            "phone +390000000001",
            "390000000001",
            "Rossi",
            "Mario Rossi",
            "mario rossi",
            "Via Finta 10",
            "nome: Rossi",
        ] {
            let body = serde_json::json!({"error": "InvalidParams", "msg": message}).to_string();
            assert_eq!(classified(400, &body), TillError::Refused { status: 400, detail: "InvalidParams".into() });
        }
    }

    #[test]
    fn a_detail_keeps_the_field_and_its_code() {
        let error = classified(400, r#"{"error":"InvalidParams","msg":"idsSalesPoint: error.expected.jsarray"}"#);
        let detail = "InvalidParams idsSalesPoint: error.expected.jsarray".to_owned();
        assert_eq!(error, TillError::Refused { status: 400, detail });
    }

    #[test]
    fn a_detail_is_never_long() {
        let body = serde_json::json!({"error": "E".repeat(80), "msg": "f".repeat(80)}).to_string();
        let TillError::Refused { detail, .. } = classified(400, &body) else { panic!("refused") };
        assert_eq!(detail, "E".repeat(80));
    }
}
