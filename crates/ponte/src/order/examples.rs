//! Orders for the tests of this module; everything is invented.

use app::ports::{OrderKey, Stored};
use domain::order::Order;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const NOW: i64 = 1_795_543_200_000;

pub(super) fn key() -> OrderKey {
    super::key("rest-1", "o-1").unwrap()
}

/// Order `o-1` of 19,00 € as it is stored, with this history, in milliseconds after the order.
pub(super) fn stored(phase: &str, status: &str, history: &[(i64, &str)]) -> Stored {
    let phase = match phase {
        "on_till" => json!({"is": "on_till", "id": "till-1", "since": NOW}),
        "creating" => json!({"is": "creating", "date": NOW, "due": NOW, "body": "eJyrrgUAAXUA+Q=="}),
        other => json!({"is": other}),
    };
    let history: Vec<Value> = history.iter().map(|(after, code)| json!([NOW + after, code])).collect();
    let state = json!({"number": "1001", "content": "", "online": false, "total": 1900, "created_at": NOW,
        "wished_at": NOW, "status": status, "phase": phase, "history": history});
    Stored { state: serde_json::from_value(state).unwrap(), revision: 1, leased_until: None, parked: BTreeSet::new() }
}

/// The same order as the platform has it.
pub(super) fn order(status: &str) -> Order {
    serde_json::from_value(json!({
        "id": "o-1", "tenant": "rest-1", "number": "1001", "status": status, "service": "takeaway",
        "created_at": "2026-11-24T18:00:00Z", "requested_for": null,
        "customer": {"id": "c-1", "first_name": "Cliente", "last_name": "Prova", "email": null, "phone": null},
        "delivery": null, "payment": {"online": false, "paid": false, "transaction_id": null},
        "lines": [], "fees": [], "discounts": [], "total": 1900, "notes": ""
    }))
    .unwrap()
}
