//! What is asked of the till, and what it answers.

use crate::query::Query;
use reqwest::{Method, header::HeaderMap};
use std::time::Duration;

/// Answers with one object end here, in bytes.
pub(crate) const ONE_MAX: usize = 1 << 20;

/// Answers with a list end here, in bytes.
pub(crate) const LIST_MAX: usize = 8 << 20;

/// What is asked of the till.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    /// The method; anything but GET is a write.
    pub(crate) method: Method,
    /// The path below the base address, unencoded.
    pub(crate) path: &'a [&'a str],
    /// The query, encoded.
    pub(crate) query: Query,
    /// The JSON body.
    pub(crate) body: Option<String>,
    /// Whether it may be sent again after a broken connection.
    pub(crate) repeatable: bool,
    /// The longest answer accepted, in bytes.
    pub(crate) max: usize,
}

impl<'a> Call<'a> {
    /// A read of one object.
    pub(crate) fn get(path: &'a [&'a str]) -> Self {
        Self { method: Method::GET, path, query: Query::new(), body: None, repeatable: true, max: ONE_MAX }
    }

    /// A write, sent once.
    pub(crate) fn write(method: Method, path: &'a [&'a str], body: String) -> Self {
        Self { method, path, query: Query::new(), body: Some(body), repeatable: false, max: ONE_MAX }
    }
}

/// What the till answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// What `Retry-After` asked for.
    pub(crate) retry_after: Option<Duration>,
    /// Every header.
    pub(crate) headers: HeaderMap,
    /// The whole body.
    pub(crate) body: Vec<u8>,
}
