//! One mechanism for everything that can go wrong with a call: a fault is armed for an endpoint and used up by calls.

use crate::http::Party;
use serde::{Deserialize, Serialize};

/// A fault as it is armed, such as `{"endpoint":"POST /documents/orders/batch","fault":"timeout_after_commit"}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultSpec {
    /// Method and path below the party's root. `*` stands for any method or one segment, a last `**` for the rest.
    pub endpoint: String,
    /// What goes wrong.
    pub fault: FaultKind,
    /// How many calls it hits; absent is one.
    #[serde(default = "once")]
    pub times: u32,
    /// How many matching calls pass unharmed first.
    #[serde(default)]
    pub skip: u32,
    /// Only this party; absent is either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<Party>,
    /// How long `slow` waits, and how long a hang lasts before the connection is closed (default: for ever).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// Status of an error; absent is 500.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Seconds for `Retry-After`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// Body of an error or of an odd shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<serde_json::Value>,
}

/// What goes wrong. "Commit" is the moment at which the call has taken effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Takes effect and answers after `delay_ms`, though the caller may be gone by then.
    Slow,
    /// Answers with `status` and does nothing.
    ErrorBeforeCommit,
    /// Does it, and answers with `status`.
    ErrorAfterCommit,
    /// Never answers and does nothing.
    TimeoutBeforeCommit,
    /// Does it and never answers.
    TimeoutAfterCommit,
    /// Closes the connection and does nothing.
    CloseBeforeCommit,
    /// Does it and closes the connection.
    CloseAfterCommit,
    /// Does it and answers with half the JSON.
    TruncatedJson,
    /// Does it and answers with a shape that nobody documented.
    OddShape,
    /// 429, with `Retry-After` only if `retry_after` is set.
    RateLimited,
    /// 503, with `Retry-After` (1 second unless `retry_after` is set).
    Unavailable,
}

fn once() -> u32 {
    1
}

impl FaultSpec {
    /// A fault that hits the next matching call.
    pub fn new(endpoint: impl Into<String>, fault: FaultKind) -> Self {
        Self {
            endpoint: endpoint.into(),
            fault,
            times: 1,
            skip: 0,
            party: None,
            delay_ms: None,
            status: None,
            retry_after: None,
            body: None,
        }
    }

    /// The same, hitting this many calls.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    /// The same with this status.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    /// Whether the fault is meant for this call.
    pub(crate) fn matches(&self, party: Party, method: &str, path: &str) -> bool {
        let (wanted_method, pattern) = self.endpoint.trim().split_once(' ').unwrap_or(("*", self.endpoint.trim()));
        self.party.is_none_or(|wanted| wanted == party)
            && (wanted_method == "*" || wanted_method.eq_ignore_ascii_case(method))
            && path_matches(pattern, path)
    }
}

/// Takes the first fault meant for this call and counts it down.
pub(crate) fn take(faults: &mut Vec<FaultSpec>, party: Party, method: &str, path: &str) -> Option<FaultSpec> {
    let fault = faults.iter_mut().find(|fault| fault.matches(party, method, path))?;
    if fault.skip > 0 {
        fault.skip -= 1;
        return None;
    }
    fault.times = fault.times.saturating_sub(1);
    let taken = fault.clone();
    faults.retain(|fault| fault.times > 0);
    Some(taken)
}

fn path_matches(pattern: &str, path: &str) -> bool {
    let mut parts = path.trim_matches('/').split('/');
    for wanted in pattern.trim_matches('/').split('/') {
        if wanted == "**" {
            return true;
        }
        match parts.next() {
            Some(part) if wanted == "*" || wanted == part => {}
            _ => return false,
        }
    }
    parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn armed(endpoint: &str) -> FaultSpec {
        FaultSpec::new(endpoint, FaultKind::Slow)
    }

    #[test]
    fn a_star_is_one_segment_and_two_stars_are_the_rest() {
        let order = "/restaurants/rest-1/orders/o-1/status";
        assert!(armed("POST /restaurants/*/orders/*/status").matches(Party::Plateform, "POST", order));
        assert!(armed("* /restaurants/**").matches(Party::Plateform, "GET", order));
        assert!(!armed("POST /restaurants/*/orders").matches(Party::Plateform, "POST", order));
    }

    #[test]
    fn a_fault_is_used_up_by_the_calls_it_hits() {
        let mut faults = vec![armed("GET /products").times(2)];
        let mut take_one = || take(&mut faults, Party::Cic, "GET", "/products").is_some();
        assert_eq!([take_one(), take_one(), take_one()], [true, true, false]);
    }

    #[test]
    fn skipped_calls_pass_before_the_fault_hits() {
        let mut faults = vec![FaultSpec { skip: 1, ..armed("GET /products") }];
        let mut take_one = || take(&mut faults, Party::Cic, "GET", "/products").is_some();
        assert_eq!([take_one(), take_one()], [false, true]);
    }
}
