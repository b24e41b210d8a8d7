//! Webhooks: verified, then read.

use crate::access::fixture_bytes;
use app::message::TillHint;
use cassa_in_cloud::webhook::{RawWebhook, TillEvent, WebhookError};
use domain::{
    OrderId, SalesPointId, TillOrderId,
    till::{DocumentLink, Workflow},
};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::SecretString;

const SECRET: &str = "test-secret";
const POINT: Option<SalesPointId> = Some(SalesPointId(90101));

fn sign(body: &[u8]) -> String {
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

fn event(operation: Option<&str>, body: &[u8]) -> Result<TillEvent, WebhookError> {
    let signature = sign(body);
    let raw = RawWebhook { operation, signature: Some(&signature), body };
    raw.verify(&[SecretString::from(SECRET)]).unwrap().parse()
}

fn hint(operation: &str, body: &[u8]) -> TillHint {
    match event(Some(operation), body) {
        Ok(TillEvent::Order { hint, .. }) => hint,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_documented_vector_holds_and_a_wrong_or_missing_signature_does_not() {
    let body = br#"{"id":"ord-1","externalId":"plt-1"}"#;
    let verify = |signature: Option<&str>, body: &[u8], secret: &str| {
        RawWebhook { operation: Some("ORDER/EDIT"), signature, body }.verify(&[SecretString::from(secret)]).map(drop)
    };
    let signature = Some("935f8c70b5eee35347e15a33664fddf3c66e1fb0");
    assert!(verify(signature, body, SECRET).is_ok());
    assert!(matches!(verify(signature, b"{}", SECRET), Err(WebhookError::Signature)));
    assert!(matches!(verify(signature, body, "other"), Err(WebhookError::Signature)));
    assert!(matches!(verify(None, body, SECRET), Err(WebhookError::Signature)));
}

#[test]
fn an_edited_order_is_a_hint_with_its_payload() {
    let event = event(Some("ORDER/EDIT"), &fixture_bytes("webhook-order-edit-accepted")).unwrap();
    let TillEvent::Order { hint, sales_point } = event else { panic!("{event:?}") };
    assert_eq!(sales_point, POINT);
    assert_eq!(hint.id.as_str(), "00000000-0000-4000-8000-000000000601");
    assert_eq!(hint.external_id, OrderId::parse("plt-order-1001").ok());
    assert!(!hint.deleted);
    assert_eq!(hint.payload.unwrap().workflow, Workflow::Accepted);
}

#[test]
fn s62_a_refusal_carries_its_reason() {
    let payload = hint("ORDER/EDIT", &fixture_bytes("webhook-order-edit-rejected")).payload.unwrap();
    assert_eq!(payload.workflow, Workflow::Rejected);
    assert_eq!(payload.rejection_reason.as_deref(), Some("Cucina al completo"));
}

#[test]
fn a_completed_order_says_whether_it_was_processed() {
    let payload = hint("ORDER/EDIT", &fixture_bytes("webhook-order-edit-completed")).payload.unwrap();
    assert_eq!((payload.workflow, payload.processed), (Workflow::Completed, true));
}

#[test]
fn e29_a_deletion_needs_nothing_but_the_id() {
    assert!(hint("ORDER/DELETE", &fixture_bytes("webhook-order-delete")).deleted);
    let expected = TillHint { id: TillOrderId::parse("t-1").unwrap(), external_id: None, deleted: true, payload: None };
    assert_eq!(hint("order/delete", br#"{"id":"t-1"}"#), expected);
}

#[test]
fn an_order_without_a_usable_id_is_malformed() {
    for body in ["{}", r#"{"id":null}"#, r#"{"id":""}"#, r#"{"id":"a#b"}"#, r#"{"id":{}}"#, r#"{"externalId":"plt-1"}"#]
    {
        assert!(matches!(event(Some("ORDER/EDIT"), body.as_bytes()), Err(WebhookError::OrderId)), "{body}");
    }
}

#[test]
fn s67_receipts_and_invoices_name_their_orders() {
    let body = fixture_bytes("webhook-receipt-create");
    let orders = vec![DocumentLink {
        external_id: OrderId::parse("plt-order-1001").ok(),
        till_order: TillOrderId::parse("00000000-0000-4000-8000-000000000601").ok(),
    }];
    for operation in ["RECEIPT/CREATE", "RECEIPT/EDIT", "INVOICE/CREATE", "invoice/edit", "Receipt/Create"] {
        let expected = TillEvent::Document { orders: orders.clone(), sales_point: POINT };
        assert_eq!(event(Some(operation), &body).unwrap(), expected, "{operation}");
    }
    let bare = event(Some("RECEIPT/CREATE"), b"{\"id\":1}").unwrap();
    assert_eq!(bare, TillEvent::Document { orders: Vec::new(), sales_point: None });
}

#[test]
fn what_is_no_fiscal_document_and_no_menu_is_ignored_by_name() {
    for operation in ["BILL/CREATE", "RECEIPT/DELETE", "INVOICE/DELETE", "CUSTOMER/EDIT", "ROOM/EDIT", "new_thing/BORN"]
    {
        let entity = operation.split('/').next().unwrap().to_uppercase();
        let body = fixture_bytes("webhook-receipt-create");
        assert_eq!(event(Some(operation), &body).unwrap(), TillEvent::Ignored { entity }, "{operation}");
    }
}

#[test]
fn the_menu_is_five_entities_of_which_only_a_product_stands_alone() {
    let body = fixture_bytes("webhook-product-edit");
    for (entity, stands_alone) in [
        ("PRODUCT", true),
        ("product", true),
        ("CATEGORY", false),
        ("MODIFIER", false),
        ("DEPARTMENT", false),
        ("TAX", false),
    ] {
        for kind in ["CREATE", "EDIT", "DELETE"] {
            match event(Some(&format!("{entity}/{kind}")), &body).unwrap() {
                TillEvent::Catalogue { is_product, .. } => assert_eq!(is_product, stands_alone, "{entity}/{kind}"),
                other => panic!("{entity}/{kind}: {other:?}"),
            }
        }
    }
}

#[test]
fn e35_a_menu_entity_says_whose_it_is_or_is_everybodys() {
    let sales_point = |body: &[u8]| match event(Some("PRODUCT/EDIT"), body) {
        Ok(TillEvent::Catalogue { sales_point, .. }) => sales_point,
        other => panic!("{other:?}"),
    };
    assert_eq!(sales_point(br#"{"id":"p","idSalesPoint":"90102"}"#), Some(SalesPointId(90102)));
    assert_eq!(sales_point(br#"{"id":"p"}"#), None);
}

#[test]
fn a_malformed_operation_is_told_from_an_unknown_one() {
    let long = format!("{}/EDIT", "A".repeat(65));
    for operation in
        ["", "ORDER", "/", "ORDER/", "/EDIT", "ORDER/EDIT/X", "OR DER/EDIT", "ORDER EDIT", "ÒRDER/EDIT", &long]
    {
        assert!(matches!(event(Some(operation), b"{\"id\":1}"), Err(WebhookError::Operation)), "{operation}");
    }
    assert!(matches!(event(None, b"{\"id\":1}"), Err(WebhookError::Operation)));
}

#[test]
fn a_body_that_is_no_json_object_is_malformed_whatever_the_operation() {
    let deep = format!("{{\"id\":{}", "[".repeat(200_000));
    for body in ["", "null", "[]", "7", "\"x\"", "{", "{\"id\":1}x", "\u{feff}{}", &deep] {
        for operation in ["ORDER/EDIT", "RECEIPT/CREATE", "PRODUCT/EDIT", "OTHER/EDIT"] {
            let outcome = event(Some(operation), body.as_bytes());
            assert!(matches!(outcome, Err(WebhookError::Body)), "{operation}");
        }
    }
    assert!(matches!(event(Some("ORDER/EDIT"), b"{\"id\":\"\xff\"}"), Err(WebhookError::Body)));
}

#[test]
fn e62_debug_shows_neither_signature_nor_body() {
    let body = br#"{"id":"t-1","phoneNumber":"+390000000001"}"#;
    let signature = sign(body);
    let raw = RawWebhook { operation: Some("ORDER/EDIT"), signature: Some(&signature), body };
    let shown = format!("{raw:?} {:?}", raw.verify(&[SecretString::from(SECRET)]).unwrap());
    assert!(!shown.contains(&signature) && !shown.contains("39000") && shown.contains("ORDER/EDIT"), "{shown}");
}
