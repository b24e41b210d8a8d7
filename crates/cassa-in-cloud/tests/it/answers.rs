//! What each kind of answer means.

use crate::{
    access::{access, client, fixture, now, work},
    server::{Reply, Server},
};
use app::ports::{Till, TillError};
use domain::OrderId;
use serde_json::{Value, json};
use std::time::Duration;

async fn created(status: u16, body: Value) -> Result<domain::TillOrderId, TillError> {
    let server = Server::answering(status, body).await;
    let outcome =
        client(&server).create_order(&work(), &access(), &OrderId::parse("plt-order-1001").unwrap(), "{}").await;
    if status != 401 {
        assert_eq!(server.requests().len(), 1, "an order is never posted twice");
    }
    outcome
}

#[tokio::test]
async fn e02_a_conflict_is_a_conflict_at_any_status() {
    for status in [200, 400, 409, 500] {
        let error = created(status, fixture("error-conflict-value")).await.unwrap_err();
        assert_eq!(error, TillError::Conflict { detail: "ConflictValue externalId".into() }, "{status}");
    }
}

#[tokio::test]
async fn s44_a_refusal_is_final_and_names_the_field() {
    let error = created(400, fixture("error-invalid-params")).await.unwrap_err();
    assert_eq!(error, TillError::Refused { status: 400, detail: "InvalidParams dueDate".into() });
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn e13_an_unknown_product_is_an_unknown_id() {
    let error = created(400, fixture("error-invalid-id")).await.unwrap_err();
    assert_eq!(error, TillError::InvalidId { detail: "InvalidId idProductVariant".into() });
}

#[tokio::test]
async fn each_status_class_is_what_the_caller_does_next() {
    for status in [401, 403] {
        assert_eq!(created(status, json!({})).await, Err(TillError::KeyRefused { status }));
    }
    assert_eq!(created(413, json!({})).await, Err(TillError::TooLarge));
    assert!(matches!(created(404, json!({})).await, Err(TillError::Refused { status: 404, .. })));
    for status in [302, 408, 500, 502, 503, 504] {
        let error = created(status, fixture("error-internal")).await.unwrap_err();
        let detail = "InternalServerError".to_owned();
        assert_eq!(error, TillError::Unclear { status: Some(status), detail });
        assert!(error.is_retryable());
    }
}

#[tokio::test]
async fn e46_the_till_may_ask_to_slow_down_and_say_for_how_long() {
    for (headers, wait) in [("", None), ("retry-after: 30\r\n", Some(Duration::from_secs(30)))] {
        let server = Server::till(move |_, _| Reply::Full(429, headers, Vec::new())).await;
        let error = client(&server).orders(&work(), &access(), now(), now()).await.unwrap_err();
        assert_eq!(error, TillError::RateLimited { retry_after: wait });
    }
}

#[tokio::test]
async fn e46_a_503_with_a_wait_is_obeyed_where_it_leaves_no_doubt_and_a_creation_stays_in_doubt() {
    let server = Server::till(move |_, _| Reply::Full(503, "retry-after: 30\r\n", Vec::new())).await;
    let client = client(&server);
    let error = client.orders(&work(), &access(), now(), now()).await.unwrap_err();
    assert_eq!(error, TillError::RateLimited { retry_after: Some(Duration::from_secs(30)) });
    let order = OrderId::parse("o-1").unwrap();
    let error = client.create_order(&work(), &access(), &order, "{}").await.unwrap_err();
    assert!(matches!(error, TillError::Unclear { status: Some(503), .. }), "{error:?}");
}

#[tokio::test]
async fn a_success_that_names_no_order_is_unclear() {
    for body in [
        json!({}),
        json!([]),
        json!("ok"),
        json!(null),
        json!({"batchResponse": {"createDetails": []}}),
        json!({"batchResponse": {"createDetails": [{"index": 0}]}}),
        json!({"batchResponse": {"createDetails": [{"index": 0, "id": "t-9", "externalId": "plt-order-9"}]}}),
    ] {
        let error = created(200, body.clone()).await.unwrap_err();
        assert!(matches!(error, TillError::Unclear { status: Some(200), .. }), "{body}: {error:?}");
    }
}

#[tokio::test]
async fn an_answer_without_the_documented_envelope_is_unclear_and_never_an_empty_list() {
    for body in
        ["", "<html></html>", "[]", "null", "7", "{}", r#"{"orders":null}"#, r#"{"orders":{}}"#, r#"{"order":[]}"#]
    {
        let server = Server::till(move |_, _| Reply::Full(200, "", body.into())).await;
        let error = client(&server).orders(&work(), &access(), now(), now()).await.unwrap_err();
        let TillError::Unclear { status: Some(200), detail } = error else { panic!("{body}: {error:?}") };
        assert!(detail.starts_with("not the documented shape"), "{detail}");
    }
}

#[tokio::test]
async fn json_nested_without_end_is_unclear_and_does_not_end_the_process() {
    let deep = "[".repeat(200_000);
    let server = Server::till(move |_, _| Reply::Full(200, "", deep.clone().into())).await;
    let error = client(&server).orders(&work(), &access(), now(), now()).await.unwrap_err();
    assert!(matches!(error, TillError::Unclear { status: Some(200), .. }));
}

#[tokio::test]
async fn a_row_that_cannot_be_read_does_not_hide_the_others() {
    let server =
        Server::answering(200, json!({"orders": [7, {"id": null}, {"id": "t-1"}, ["x"]], "totalCount": 4})).await;
    let orders = client(&server).orders(&work(), &access(), now(), now()).await.unwrap();
    assert_eq!(orders.iter().map(|order| order.id.as_str()).collect::<Vec<_>>(), ["t-1"]);
}

#[tokio::test]
async fn e62_no_error_shows_what_was_asked_or_answered() {
    let server =
        Server::till(|_, _| Reply::Full(400, "", br#"{"error":"InvalidParams","msg":"cliente@example.test"}"#.into()))
            .await;
    let error = client(&server).customers_by_email(&work(), &access(), "cliente@example.test").await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("example.test") && !shown.contains("token-1") && !shown.contains("key-1"), "{shown}");
}
