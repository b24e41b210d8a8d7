//! What was asked of each party, kept for tests and people.

use super::Incoming;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};

/// Older requests are forgotten beyond this many.
const KEPT: usize = 20_000;

/// Headers worth keeping; credentials are not among them.
const HEADERS: [&str; 6] =
    ["x-version", "x-requested-with", "content-type", "idempotency-key", "user-agent", "traceparent"];

/// One of the two remote parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The till.
    Cic,
    /// The platform.
    Plateform,
}

/// A call that reached one of the parties.
#[derive(Clone, Debug, Serialize)]
pub struct RecordedRequest {
    /// Order of arrival.
    pub seq: u64,
    /// When it arrived.
    pub at: Timestamp,
    /// Who was called.
    pub party: Party,
    /// Method in capitals.
    pub method: String,
    /// Path below the party's root.
    pub path: String,
    /// Query as sent, still encoded.
    pub query: String,
    /// Headers without credentials.
    pub headers: BTreeMap<String, String>,
    /// Body as JSON, as text if it is not JSON, or null.
    pub body: Value,
    /// Status answered; null while unanswered, and for ever after a hang or a closed connection.
    pub status: Option<u16>,
    /// The fault that hit it.
    pub fault: Option<Value>,
}

/// The record of both parties.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    kept: VecDeque<RecordedRequest>,
    next: u64,
    counts: BTreeMap<String, u64>,
}

impl Recorder {
    /// Notes a call and returns its number.
    pub(crate) fn note(&mut self, party: Party, incoming: &Incoming, fault: Option<Value>) -> u64 {
        let seq = self.next;
        self.next += 1;
        let party_name = if party == Party::Cic { "cic" } else { "plateform" };
        let area = incoming.path.trim_matches('/').split('/').next().unwrap_or_default();
        *self.counts.entry(format!("{party_name} {} /{area}", incoming.method)).or_default() += 1;
        let kept_headers =
            HEADERS.iter().filter_map(|name| Some((name.to_string(), incoming.header(name)?.to_owned())));
        self.kept.push_back(RecordedRequest {
            seq,
            at: incoming.at,
            party,
            method: incoming.method.to_string(),
            path: incoming.path.clone(),
            query: incoming.query.clone(),
            headers: kept_headers.collect(),
            body: incoming.recorded_body(),
            status: None,
            fault,
        });
        while self.kept.len() > KEPT {
            self.kept.pop_front();
        }
        seq
    }

    /// Notes how a call was answered.
    pub(crate) fn answered(&mut self, seq: u64, status: u16) {
        if let Some(request) = self.kept.iter_mut().rev().find(|request| request.seq == seq) {
            request.status = Some(status);
        }
    }

    /// Requests, oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &RecordedRequest> {
        self.kept.iter()
    }

    /// Calls per party, method and first path segment.
    pub(crate) fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }
}
