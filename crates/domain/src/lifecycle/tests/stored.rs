//! The stored form: small, without personal data in the clear, and readable by later versions.

use super::told;
use crate::{
    Cents, TillOrderId,
    lifecycle::{Body, Event, OrderState, Phase, Signal, TillSays, What, fingerprint, step},
    order::Status,
    testing::{addition, after, at, line, on_till, order, order_of, received, till},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const ROWS: usize = 8;

/// A creation as long as a real one, with an id of its own in every row.
fn real_sized_body() -> String {
    let id = |kind: usize, n: usize| {
        let noise: String =
            Sha256::digest(format!("{kind}/{n}")).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{}-4{}-8{}-{}", &noise[..8], &noise[8..12], &noise[13..16], &noise[17..20], &noise[20..])
    };
    let row = |n: usize| -> Value {
        json!({"rowNumber": n, "idProductVariant": id(2, n), "idDepartment": id(3, n % 2), "idTax": id(4, n % 2),
               "idSalesMode": id(5, 0), "quantity": 1 + n % 3, "price": 4.5 + n as f64, "subtotal": false,
               "shippingCost": false, "menu": false, "composition": false, "note": format!("+ Mozzarella di bufala {n}, - Basilico")})
    };
    let order = json!({"create": [{"externalId": "plt-order-1001", "isExternalOrder": true, "date": 1_795_542_120_000_i64,
        "dueDate": 1_795_546_800_000_i64, "deliveryMode": "PICKUP", "phoneNumber": "+390000000001", "prepay": false,
        "document": {"idSalesPoint": 90101, "idCustomer": id(1, 1), "taxFree": false, "amount": 19.0,
        "note": "PAGATO ONLINE | Plateform #1001, asporto | citofono Prova, per favore tagliata a spicchi",
        "email": "cliente@example.test", "rows": (1..=ROWS).map(row).collect::<Vec<_>>()}}]});
    order.to_string()
}

fn json(state: &OrderState) -> String {
    serde_json::to_string(state).unwrap()
}

fn real_sized() -> OrderState {
    let lines = (0..5).map(|n| line(&format!("piatto-{n}"), 2, 900, vec![addition("Bufala", 1, 150)], "")).collect();
    let body = Body::new(real_sized_body());
    let order = OrderState::received(&order_of(lines), at(0));
    after(&order, &Event::Intended { date: at(0), due: at(20), body, notice: String::new() })
}

#[test]
fn an_order_in_creation_fits_two_kilobytes_with_its_body() {
    assert!(real_sized_body().len() > 2500, "as long as a real one");
    let tried = after(&real_sized(), &Event::Unreachable { status: None });
    for state in [real_sized(), tried] {
        let stored = json(&state);
        assert!(stored.len() <= 2048, "{} bytes", stored.len());
    }
}

#[test]
fn an_order_on_the_till_fits_one_kilobyte_with_its_history() {
    let id = TillOrderId::parse("00000000-0000-4000-8000-000000000601").unwrap();
    let state = after(&real_sized(), &Event::Created { id });
    let state = after(&state, &till(Signal::AwaitingDocument));
    let mut state = told(after(&state, &till(Signal::Closed)));
    state.hear(Status::Confirmed, true, at(40));
    assert!(state.history.len() >= 5 && state.heard.is_some());
    let stored = json(&state);
    assert!(stored.len() <= 1024, "{} bytes", stored.len());
}

#[test]
fn a_restless_order_stays_within_two_kilobytes() {
    let mut state = on_till(false);
    for n in 0..200 {
        state.note(at(n), "goes-on-though-off");
    }
    assert_eq!(state.history[0].1, "received");
    assert_eq!(state.history.last().unwrap().0, at(199).as_millisecond());
    assert!(json(&state).len() <= 2048, "{} bytes", json(&state).len());
}

#[test]
fn what_is_stored_comes_back_and_goes_on() {
    for state in [received(true), real_sized(), on_till(true), after(&on_till(true), &till(Signal::Refused))] {
        assert_eq!(serde_json::from_str::<OrderState>(&json(&state)).unwrap(), state);
    }
}

#[test]
fn an_effect_read_back_after_a_crash_is_the_one_that_was_sent() {
    let precise = at(1) + SignedDuration::from_nanos(123_456_789);
    let state = step(&on_till(false), &till(Signal::Accepted), precise).unwrap();
    assert!(!state.pending.is_empty());
    assert_eq!(serde_json::from_str::<OrderState>(&json(&state)).unwrap(), state);
}

#[test]
fn e61_a_state_of_the_first_version_stays_readable() {
    let stored = r#"{"number":"1001","content":"0011223344556677","online":true,"total":900,"created_at":1795539600000,
        "wished_at":1795543200000,"status":"confirmed","phase":{"is":"on_till","id":"till-1","since":1795539660000},
        "attempts":1,"told":["goes_on_though_off","edited","other_content","disagreement"],"next_seq":4,
        "pending":[{"seq":2,"at":1795539720000,"do":"status","to":"confirmed"},
                   {"seq":3,"at":1795539720000,"do":"staff","state":"delivered","message":"x"}],
        "history":[[1795539600000,"received"]],"a_later_field":true}"#;
    let state: OrderState = serde_json::from_str(stored).unwrap();
    assert_eq!((state.status, state.total, state.alerts), (Status::Confirmed, Cents(900), 0));
    assert!(matches!(&state.phase, Phase::OnTill { id, .. } if id.as_str() == "till-1"));
    assert_eq!(state.pending[1].what, What::Staff { state: TillSays::Delivered, message: "x".into() });
}

#[test]
fn e61_phases_and_effects_keep_their_stored_names() {
    let phases = [
        r#"{"is":"received"}"#,
        r#"{"is":"creating","date":1,"due":2,"body":"eJyrrgUAAXUA+Q==","notice":"of an older version"}"#,
        r#"{"is":"not_on_till"}"#,
        r#"{"is":"withdrawn"}"#,
    ];
    for phase in phases {
        assert!(serde_json::from_str::<Phase>(phase).is_ok(), "{phase}");
    }
    for effect in [r#"{"do":"create"}"#, r#"{"do":"deadlines"}"#, r#"{"do":"staff","state":"failed"}"#] {
        assert!(serde_json::from_str::<What>(effect).is_ok(), "{effect}");
    }
}

#[test]
fn e62_a_stored_order_shows_no_customer() {
    let order = order();
    let stored = json(&after(&OrderState::received(&order, at(0)), &crate::testing::intended()));
    for secret in ["Cliente", "Prova", "example.test", "0000001"] {
        assert!(!stored.contains(secret), "{secret}");
    }
}

#[test]
fn e04_the_fingerprint_sees_what_was_ordered_and_nothing_that_may_change_on_the_way() {
    let mut same = order();
    same.status = Status::Confirmed;
    same.payment.paid = true;
    assert_eq!(fingerprint(&same), fingerprint(&order()));
    let mut other = order();
    other.lines[0].quantity = 2;
    assert_ne!(fingerprint(&other), fingerprint(&order()));
}

#[test]
fn an_order_keeps_what_was_ordered_when_and_for_when() {
    let order = crate::order::Order { requested_for: Some(at(45)), created_at: at(-5), ..order() };
    let state = OrderState::received(&order, at(0));
    assert_eq!((state.number.as_str(), state.total), ("1001", Cents(900)));
    assert_eq!(state.content, fingerprint(&order));
    assert_eq!((state.created_at, state.wished_at), (at(-5), at(45)));
    assert_eq!(OrderState::received(&crate::testing::order(), at(9)).wished_at, at(0), "as soon as it was ordered");
}

#[test]
fn what_an_operator_asked_for_is_stored_and_takes_no_room_before() {
    let given_up = after(&received(false), &Event::NotSent { message: "Inseriscilo a mano.".into() });
    assert!(!json(&given_up).contains("replayed") && !json(&given_up).contains("by_hand"));
    let again = after(&given_up, &Event::Replayed { attempt: 7, again: true });
    let stored: OrderState = serde_json::from_str(&json(&again)).unwrap();
    assert_eq!((stored.replayed, stored.by_hand), (7, true));
}

#[test]
fn the_history_has_room_for_twenty_four_lines_and_keeps_the_first_and_the_last() {
    let mut state = received(false);
    for n in 1..=30 {
        state.note(at(n), format!("line-{n}"));
    }
    let codes: Vec<&str> = state.history.iter().map(|entry| entry.1.as_str()).collect();
    assert_eq!((codes.len(), codes[0], codes[1], codes[23]), (24, "received", "line-1", "line-30"));
}

#[test]
fn an_effect_that_was_carried_out_is_struck_and_no_other() {
    let mut state = after(&on_till(false), &till(Signal::Closed));
    let [confirmed, evaso] = [state.pending[0].clone(), state.pending[1].clone()];
    state.done(confirmed.seq);
    assert_eq!(state.pending, [evaso]);
}

#[test]
fn the_till_s_order_is_known_once_it_is_there() {
    assert_eq!(received(false).till_order(), None);
    assert_eq!(on_till(false).till_order().map(TillOrderId::as_str), Some("till-1"));
}
