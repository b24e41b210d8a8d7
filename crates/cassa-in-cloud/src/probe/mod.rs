//! What the till really answers, for a person who has to know: shapes, never contents. Nothing is written.
//!
//! Of every field only its name, its types and how often it was seen leave this module; of a few fields that are
//! enumerations, and look like one, the words too. What that says of our guesses is told by [`Guess`].

mod answers;
mod guesses;
mod shape;

pub use guesses::{Guess, Standing};
pub use shape::FieldShape;

use crate::{
    call::{Answer, Call, LIST_MAX},
    client::Client,
    paging::PAGE,
    query::Query,
};
use app::ports::{TenantAccess, Work};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// As many calls a probe makes.
pub const PROBE_CALLS: u32 = 12;

/// How far back orders and receipts are asked for: below the till's three days.
const DOCUMENTS: SignedDuration = SignedDuration::from_hours(48);

/// A probe of one tenant's till.
#[derive(Debug, Clone, Serialize)]
pub struct Probe {
    /// What was asked and in which shape it was answered.
    pub calls: Vec<ProbedCall>,
    /// What that says of what we rely on.
    pub guesses: Vec<Guess>,
}

/// One call and the shape of its answer.
#[derive(Debug, Clone, Serialize)]
pub struct ProbedCall {
    /// What was asked, without values.
    pub call: &'static str,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// Why there was none; no personal data.
    pub failure: Option<String>,
    /// The names of the answer's headers.
    pub headers: Vec<String>,
    /// The fields of the answer by path.
    pub fields: BTreeMap<String, FieldShape>,
}

/// An answer to be looked into.
pub(crate) struct Seen {
    pub(crate) call: &'static str,
    pub(crate) status: u16,
    pub(crate) headers: Vec<String>,
    pub(crate) body: Value,
    /// Whether the body names the till's error for a list that is none.
    pub(crate) names_list_error: bool,
}

impl Client {
    /// Asks the till [`PROBE_CALLS`] times, one after the other, and reports shapes.
    pub async fn probe(&self, work: &Work, access: &TenantAccess) -> Probe {
        let mut calls = Vec::new();
        let mut seen = Vec::new();
        for (name, path, query) in questions(access, self.clock.now()) {
            let call = Call { query, max: LIST_MAX, ..Call::get(path) };
            let (probed, answer) = match self.any_answer(work, &access.api_key, &call).await {
                Ok(answer) => {
                    let answer = Seen::of(name, &answer);
                    (ProbedCall::of(&answer), Some(answer))
                }
                Err(error) => (ProbedCall::failed(name, error.to_string()), None),
            };
            calls.push(probed);
            seen.extend(answer);
        }
        Probe { calls, guesses: guesses::all(&seen, access.tenant.channel) }
    }
}

type Question = (&'static str, &'static [&'static str], Query);

fn questions(access: &TenantAccess, now: Timestamp) -> [Question; PROBE_CALLS as usize] {
    let here = access.tenant.sales_point.0;
    let page = || Query::new().count("start", 0).count("limit", PAGE);
    let ours = || page().longs("idsSalesPoint", &[here]);
    let from = now.saturating_sub(DOCUMENTS).unwrap_or(now);
    let documents = || ours().instant("datetimeFrom", from).instant("datetimeTo", now);
    let day = |at: Timestamp| TimeZone::UTC.to_datetime(at).date().to_string();
    let days = ours().text("datetimeFrom", &day(from)).text("datetimeTo", &day(now));
    [
        ("salespoint", &["salespoint"], Query::new()),
        ("salesmodes", &["salesmodes"], ours()),
        ("categories", &["categories"], ours()),
        ("products", &["products"], ours()),
        ("products since", &["products"], ours().instant("lastUpdateFrom", now)),
        // Deliberately wrong: a bare number where a list is wanted.
        ("products, bare list", &["products"], page().long("idsSalesPoint", here)),
        ("options", &["options"], page()),
        ("modifiers", &["modifiers"], page()),
        ("webhooks", &["webhooks"], page()),
        ("orders", &["documents", "orders"], documents()),
        ("orders, quoted days", &["documents", "orders"], days),
        ("receipts", &["documents", "receipts"], documents()),
    ]
}

impl Seen {
    fn of(call: &'static str, answer: &Answer) -> Self {
        let mut headers: Vec<String> = answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
        headers.sort();
        headers.dedup();
        Self {
            call,
            status: answer.status,
            headers,
            body: serde_json::from_slice(&answer.body).unwrap_or(Value::Null),
            names_list_error: String::from_utf8_lossy(&answer.body).contains("error.expected.jsarray"),
        }
    }

    /// Whether it was a success.
    pub(crate) fn is_success(&self) -> bool {
        (200..=299).contains(&self.status)
    }

    /// The rows of its one list.
    pub(crate) fn rows(&self) -> &[Value] {
        let lists = self.body.as_object().into_iter().flat_map(serde_json::Map::values);
        lists.filter_map(Value::as_array).next().map_or(&[], Vec::as_slice)
    }
}

impl ProbedCall {
    fn of(seen: &Seen) -> Self {
        Self {
            call: seen.call,
            status: Some(seen.status),
            failure: None,
            headers: seen.headers.clone(),
            fields: shape::of(&seen.body),
        }
    }

    fn failed(call: &'static str, failure: String) -> Self {
        Self { call, status: None, failure: Some(failure), headers: Vec::new(), fields: BTreeMap::new() }
    }
}
