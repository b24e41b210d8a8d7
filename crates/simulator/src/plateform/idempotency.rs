//! Idempotency keys: the same key with the same request returns the first result.

use super::problem::Problem;
use crate::http::{Incoming, Reply};
use axum::{body::Bytes, http::StatusCode};
use std::collections::BTreeMap;

/// A write as it was first asked, and how it was answered.
#[derive(Debug)]
struct First {
    method: String,
    path: String,
    body: Bytes,
    status: StatusCode,
    content_type: &'static str,
    answer: Vec<u8>,
}

/// Keys used so far by one restaurant.
#[derive(Debug, Default)]
pub(crate) struct IdempotencyKeys {
    used: BTreeMap<String, First>,
}

impl IdempotencyKeys {
    /// The request's key.
    ///
    /// # Errors
    /// When it is missing or not 8 to 128 characters long.
    pub(crate) fn key_of(request: &Incoming) -> Result<String, Problem> {
        let key = request.header("idempotency-key").unwrap_or_default();
        if !(8..=128).contains(&key.chars().count()) {
            return Err(Problem::validation("Idempotency-Key: 8 to 128 characters are required"));
        }
        Ok(key.to_owned())
    }

    /// The stored answer, when this very request was made before.
    ///
    /// # Errors
    /// When the key was used for another request.
    pub(crate) fn replay(&self, key: &str, request: &Incoming) -> Result<Option<Reply>, Problem> {
        let Some(first) = self.used.get(key) else { return Ok(None) };
        let same = first.method == request.method.as_str() && first.path == request.path && first.body == request.body;
        if !same {
            return Err(Problem::key_reused());
        }
        let reply =
            Reply { content_type: first.content_type, body: first.answer.clone(), ..Reply::empty(first.status) };
        Ok(Some(reply))
    }

    /// Remembers an answer.
    pub(crate) fn remember(&mut self, key: String, request: &Incoming, reply: &Reply) {
        let first = First {
            method: request.method.to_string(),
            path: request.path.clone(),
            body: request.body.clone(),
            status: reply.status,
            content_type: reply.content_type,
            answer: reply.body.clone(),
        };
        self.used.insert(key, first);
    }
}
