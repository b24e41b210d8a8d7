//! Events of the till with a valid signature: whatever the body is, it is read faithfully or refused.
//!
//! The input is the operation on the first line, then the body.

use super::{
    money, sign, split_line,
    world::{TILL_SECRETS, moment, tenant_with},
};
use app::message::{OrderEvent, OrderMessage, TillHint, decode, encode};
use cassa_in_cloud::webhook::{RawWebhook, TillEvent};
use domain::till::TillOrder;
use secrecy::SecretString;
use serde_json::{Value, json};

pub(super) fn check(data: &[u8]) {
    let Some((operation, body)) = split_line(data) else { return };
    let secret = TILL_SECRETS[0].as_str();
    let signature = hex::encode(sign::till(secret, body));
    let raw = RawWebhook { operation: Some(operation), signature: Some(&signature), body };
    assert!(raw.verify(&[SecretString::from("another secret")]).is_err(), "another's signature holds");
    let verified = raw.verify(&[SecretString::from(secret)]).expect("a signature that holds");
    let parsed: Option<Value> = serde_json::from_slice(body).ok();
    let Ok(event) = verified.parse() else { return };
    let body = parsed.expect("only JSON is read");
    assert!(body.is_object(), "read from {body}");
    let (entity, kind) = operation.trim().split_once('/').expect("an operation has two parts");
    let event = match event {
        TillEvent::Order { hint, sales_point } => {
            assert!(entity.eq_ignore_ascii_case("ORDER"));
            assert_eq!(hint.deleted, kind.eq_ignore_ascii_case("DELETE"));
            assert_read(&hint, &body);
            if let Some(payload) = &hint.payload {
                assert_eq!(payload.sales_point, sales_point);
            }
            OrderEvent::TillOrder(hint)
        }
        TillEvent::Document { orders, .. } => {
            assert!(["RECEIPT", "INVOICE"].iter().any(|known| entity.eq_ignore_ascii_case(known)));
            let named = body.pointer("/document/documentConnectionSources/orders").and_then(Value::as_array);
            assert!(orders.len() <= named.map_or(0, Vec::len), "more orders than the document names");
            assert!(orders.iter().all(|link| link.external_id.is_some() || link.till_order.is_some()));
            OrderEvent::Document { orders }
        }
        TillEvent::Catalogue { is_product, .. } => {
            return assert_eq!(is_product, entity.eq_ignore_ascii_case("PRODUCT"));
        }
        TillEvent::Ignored { entity: told } => return assert_eq!(told, entity.to_ascii_uppercase()),
    };
    assert_travels(event);
}

fn assert_read(hint: &TillHint, body: &Value) {
    let Some(payload) = &hint.payload else { return };
    let TillOrder { id, external_id, amount, .. } = payload;
    assert_eq!((&hint.id, &hint.external_id), (id, external_id));
    money::assert_read(body.pointer("/document/amount"), *amount);
}

/// The message is the same after its way through the queue.
fn assert_travels(event: OrderEvent) {
    let tenant = tenant_with(json!({}), "refuse").id;
    let sent_ms = moment().as_millisecond();
    let message = OrderMessage { tenant, correlation: "fuzzed".to_owned(), sent_ms, event };
    let body = encode(&message).expect("a message that can be written");
    assert_eq!(decode::<OrderMessage>(&body).expect("a message that can be read"), message);
}
