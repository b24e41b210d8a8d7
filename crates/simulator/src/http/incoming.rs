//! A call with its body read, as both parties see it.

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, Method},
};
use jiff::Timestamp;
use serde_json::Value;

/// More than either party accepts, so that each can refuse in its own way.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// A call with its body read. The path is below the party's root.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) at: Timestamp,
}

impl Incoming {
    /// Reads the whole body; `None` when it cannot be read.
    pub(crate) async fn read(request: Request<Body>, at: Timestamp) -> Option<Self> {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, MAX_BODY_BYTES).await.ok()?;
        let path = match parts.uri.path() {
            "" => "/".to_owned(),
            path => path.to_owned(),
        };
        let query = parts.uri.query().unwrap_or_default().to_owned();
        Some(Self { method: parts.method, path, query, headers: parts.headers, body, at })
    }

    /// A header's text, when it is there and readable.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The bearer token, when the scheme is right.
    pub(crate) fn bearer(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ").filter(|token| !token.is_empty())
    }

    /// Path segments, decoded.
    pub(crate) fn segments(&self) -> Vec<String> {
        self.path.trim_matches('/').split('/').map(|part| percent_decode(part, false)).collect()
    }

    /// Query pairs in order, decoded.
    pub(crate) fn query_pairs(&self) -> Vec<(String, String)> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (percent_decode(name, true), percent_decode(value, true))
            })
            .collect()
    }

    /// Whether the content type is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.starts_with("application/json"))
    }

    /// The body for the record: JSON if it is JSON, else text.
    pub(crate) fn recorded_body(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&self.body).into_owned()))
    }
}

/// Undoes percent encoding; in a query `+` is a blank.
pub(crate) fn percent_decode(text: &str, in_query: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        if let Some(byte) = hex.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            out.push(byte);
            at += 3;
            continue;
        }
        out.push(if in_query && bytes[at] == b'+' { b' ' } else { bytes[at] });
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::percent_decode;

    #[test]
    fn decoding_handles_accents_plus_and_stray_percent() {
        assert_eq!(percent_decode("caff%C3%A8+x", true), "caffè x");
        assert_eq!(percent_decode("a+b%zz%4", false), "a+b%zz%4");
    }
}
