//! The promises, checked against what both parties have recorded of an order: not what Ponte believes, but what it did.
//!
//! Pure over the records, so that the check itself is tested: a promise that is broken is named.

use serde_json::Value;
use simulator::{Control, Party, RecordedRequest};
use std::collections::BTreeMap;

/// What a customer may hear, in this order; nothing while the order waits.
const LEGAL: [&[&str]; 5] = [&[], &["confirmed"], &["rejected"], &["confirmed", "evaso"], &["confirmed", "rejected"]];

/// All that both parties know of one order.
#[derive(Debug)]
pub(crate) struct History {
    id: String,
    /// As the platform has it: the order, its messages, what staff were told of its way to the till.
    placed: Value,
    /// Every order on the till with its id, deleted ones included.
    till: Vec<Value>,
    /// What was asked of the platform about it.
    asked: Vec<RecordedRequest>,
}

/// Panics with every promise that is broken for any of these orders, and by what.
pub(crate) fn assert_kept(parties: &Control, orders: &[String]) {
    let (till, requests) = (parties.till_orders(), parties.requests(Some(Party::Plateform)));
    let histories = orders.iter().map(|id| History {
        id: id.clone(),
        placed: parties.placed(id).unwrap_or_default(),
        till: till.iter().filter(|order| order["entity"]["externalId"] == **id).cloned().collect(),
        asked: requests.iter().filter(|request| request.path.contains(id.as_str())).cloned().collect(),
    });
    let broken: Vec<String> = histories.flat_map(|history| history.broken()).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

impl History {
    /// Every promise that these records break; empty when all are kept.
    fn broken(&self) -> Vec<String> {
        let checks = [self.presence(), self.messages(), self.status(), self.effects(), self.money(), self.staff()];
        checks.into_iter().flatten().map(|what| format!("{}: {what}", self.id)).collect()
    }

    /// Once on the till; not at all only if it is over, or staff know.
    fn presence(&self) -> Option<String> {
        let told = self.told().last().map_or("nothing", |told| text(told, "state"));
        match self.till.len() {
            1 => None,
            0 if told == "failed" || text(&self.placed["order"], "status") == "cancelled" => None,
            0 => Some(format!("lost: not on the till, and staff were last told {told}")),
            count => Some(format!("doubled: {count} times on the till")),
        }
    }

    /// No message is contradicted or repeated.
    fn messages(&self) -> Option<String> {
        let heard = self.heard();
        (!LEGAL.contains(&heard.as_slice())).then(|| format!("the customer heard {heard:?}"))
    }

    /// What the customer heard last is what is true, and the till agrees.
    fn status(&self) -> Option<String> {
        let status = text(&self.placed["order"], "status");
        let heard = self.heard().last().copied().unwrap_or("new");
        if status != heard && status != "cancelled" {
            return Some(format!("it is {status}, and the customer heard {heard}"));
        }
        let at_till = self.till.first().map(|till| text(&till["entity"], "externalWorkflowStatus"))?;
        let agrees = match at_till {
            "REQUESTED" => matches!(status, "new" | "cancelled"),
            "REJECTED" | "CANCELED" => matches!(status, "rejected" | "cancelled"),
            "COMPLETED" => matches!(status, "confirmed" | "evaso" | "cancelled"),
            _ => matches!(status, "confirmed" | "cancelled"),
        };
        (!agrees).then(|| format!("it is {status}, and {at_till} on the till"))
    }

    /// Each effect has one key and one body, however often it was sent; each status is one effect.
    fn effects(&self) -> Option<String> {
        let mut bodies = BTreeMap::new();
        let mut keys = BTreeMap::new();
        for request in self.asked.iter().filter(|request| request.method != "GET") {
            let key = request.headers.get("idempotency-key").cloned().unwrap_or_default();
            if *bodies.entry(key.clone()).or_insert(&request.body) != &request.body {
                return Some(format!("two bodies under the key {key}"));
            }
            if request.path.ends_with("/status")
                && *keys.entry(text(&request.body, "status")).or_insert(key.clone()) != key
            {
                return Some(format!("{} is two effects", text(&request.body, "status")));
            }
        }
        None
    }

    /// What the customer pays is what the till takes, to the cent.
    fn money(&self) -> Option<String> {
        let wanted = self.placed["order"]["totalCents"].as_i64()?;
        let amounts = self.till.iter().map(|till| cents(&till["received"]["document"]["amount"]));
        let other: Vec<_> = amounts.filter(|amount| *amount != Some(wanted)).collect();
        (!other.is_empty()).then(|| format!("{wanted} cents for the customer, {other:?} on the till"))
    }

    /// Staff see where it is: delivered under the till's own id once it is there, else what they have to do.
    fn staff(&self) -> Option<String> {
        let last = self.told().last();
        match (self.till.first(), last.map(|told| text(told, "state"))) {
            (Some(till), Some("delivered")) => {
                let (named, known) = (last.map(|told| text(told, "tillOrderId")), text(&till["entity"], "id"));
                (named != Some(known)).then(|| format!("staff were told {named:?}, the till calls it {known}"))
            }
            (Some(_), told) => Some(format!("it is on the till, and staff were last told {told:?}")),
            (None, Some("failed")) => None,
            (None, told) => (text(&self.placed["order"], "status") != "cancelled")
                .then(|| format!("it is not on the till, and staff were last told {told:?}")),
        }
    }

    fn heard(&self) -> Vec<&str> {
        self.placed["messages"].as_array().into_iter().flatten().map(|message| text(message, "status")).collect()
    }

    fn told(&self) -> &[Value] {
        self.placed["till_history"].as_array().map_or(&[], Vec::as_slice)
    }
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

/// Euro as cents; none if there is a fraction of a cent.
fn cents(euro: &Value) -> Option<i64> {
    let (whole, fraction) = match euro.to_string().split_once('.') {
        Some((whole, fraction)) => (whole.to_owned(), fraction.to_owned()),
        None => (euro.to_string(), String::new()),
    };
    (fraction.len() <= 2).then(|| format!("{whole}{fraction:0<2}").parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn kept() -> History {
        let request = json!({"status": "confirmed"});
        History {
            id: "o-1".into(),
            placed: json!({
                "order": {"status": "confirmed", "totalCents": 950},
                "messages": [{"status": "confirmed"}],
                "till_history": [{"state": "pending"}, {"state": "delivered", "tillOrderId": "t-1"}],
            }),
            till: vec![json!({
                "entity": {"id": "t-1", "externalWorkflowStatus": "READY"}, "received": {"document": {"amount": 9.5}},
            })],
            asked: vec![asked("key-1", &request), asked("key-1", &request)],
        }
    }

    fn asked(key: &str, body: &Value) -> RecordedRequest {
        RecordedRequest {
            seq: 0,
            at: jiff::Timestamp::UNIX_EPOCH,
            party: Party::Plateform,
            method: "POST".into(),
            path: "/restaurants/r-1/orders/o-1/status".into(),
            query: String::new(),
            headers: BTreeMap::from([("idempotency-key".to_owned(), key.to_owned())]),
            body: body.clone(),
            status: Some(200),
            fault: None,
        }
    }

    /// What is said of a history after one change for the worse.
    fn said(worse: impl FnOnce(&mut History)) -> String {
        let mut history = kept();
        assert_eq!(history.broken(), Vec::<String>::new());
        worse(&mut history);
        history.broken().join("; ")
    }

    #[test]
    fn every_broken_promise_is_named() {
        let doubled = said(|history| history.till.push(history.till[0].clone()));
        assert!(doubled.contains("2 times on the till"), "{doubled}");
        let lost = said(|history| history.till.clear());
        assert!(lost.contains("lost: not on the till, and staff were last told delivered"), "{lost}");
        let repeated =
            said(|history| history.placed["messages"] = json!([{"status": "confirmed"}, {"status": "confirmed"}]));
        assert!(repeated.contains(r#"heard ["confirmed", "confirmed"]"#), "{repeated}");
        let untold = said(|history| history.placed["messages"] = json!([]));
        assert!(untold.contains("it is confirmed, and the customer heard new"), "{untold}");
        let ignored = said(|history| history.till[0]["entity"]["externalWorkflowStatus"] = json!("REJECTED"));
        assert!(ignored.contains("it is confirmed, and REJECTED on the till"), "{ignored}");
        let cent = said(|history| history.till[0]["received"]["document"]["amount"] = json!(9.51));
        assert!(cent.contains("950 cents for the customer, [Some(951)]"), "{cent}");
        let staff = said(|history| history.placed["till_history"] = json!([{"state": "pending"}]));
        assert!(staff.contains(r#"staff were last told Some("pending")"#), "{staff}");
        let other = said(|history| history.placed["till_history"][1]["tillOrderId"] = json!("t-2"));
        assert!(other.contains("the till calls it t-1"), "{other}");
        let twice = said(|history| history.asked.push(asked("key-2", &json!({"status": "confirmed"}))));
        assert!(twice.contains("confirmed is two effects"), "{twice}");
        let changed = said(|history| history.asked.push(asked("key-1", &json!({"status": "rejected"}))));
        assert!(changed.contains("two bodies under the key key-1"), "{changed}");
    }

    #[test]
    fn an_order_that_is_not_on_the_till_is_no_loss_when_staff_know_or_it_was_called_off() {
        let mut history = kept();
        (history.till, history.asked) = (Vec::new(), Vec::new());
        history.placed = json!({"order": {"status": "new"}, "till_history": [{"state": "failed", "message": "…"}]});
        assert_eq!(history.broken(), Vec::<String>::new());
        history.placed = json!({"order": {"status": "cancelled"}});
        assert_eq!(history.broken(), Vec::<String>::new());
    }

    #[test]
    fn euro_are_cents_and_a_fraction_of_a_cent_is_neither() {
        assert_eq!([cents(&json!(9)), cents(&json!(9.5)), cents(&json!(9.51))], [Some(900), Some(950), Some(951)]);
        assert_eq!(cents(&json!(9.505)), None);
    }
}
