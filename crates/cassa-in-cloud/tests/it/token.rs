//! Tokens: asked for once, renewed in time, dropped when refused.

use crate::{
    access::{Hands, access, access_with, client, fixture, now, work, work_for},
    server::{Reply, Server},
};
use app::ports::{Till, TillError};
use domain::{OrderId, TillOrderId};
use serde_json::{Value, json};
use std::time::Duration;

fn id() -> TillOrderId {
    TillOrderId::parse("00000000-0000-4000-8000-000000000601").unwrap()
}

fn order() -> Value {
    fixture("order-get-response")
}

#[tokio::test]
async fn e44_many_callers_ask_for_one_token() {
    let server = Server::answering(200, order()).await;
    let client = client(&server);
    let (work, access, id) = (work(), access(), id());
    let calls = (0..20).map(|_| client.order(&work, &access, &id));
    for outcome in futures::future::join_all(calls).await {
        outcome.unwrap();
    }
    assert_eq!((server.tokens().len(), server.requests().len()), (1, 20));
}

#[tokio::test]
async fn callers_that_waited_for_a_token_share_its_failure() {
    let server = Server::scripted(|_, _| Reply::Json(503, json!({}))).await;
    let client = client(&server);
    let (work, access, id) = (work(), access(), id());
    let calls = (0..20).map(|_| client.order(&work, &access, &id));
    for outcome in futures::future::join_all(calls).await {
        assert_eq!(outcome, Err(TillError::Unreachable { detail: "no token: status 503".into() }));
    }
    assert_eq!(server.tokens().len(), 1);
    client.order(&work, &access, &id).await.unwrap_err();
    assert_eq!(server.tokens().len(), 2, "who comes later asks again");
}

#[tokio::test]
async fn e44_a_token_is_renewed_at_four_fifths_of_its_life_and_not_before() {
    let server = Server::answering(200, order()).await;
    let hands = Hands::new();
    let client = hands.client(&server);
    client.order(&work(), &access(), &id()).await.unwrap();
    hands.go(2879);
    client.order(&work(), &access(), &id()).await.unwrap();
    assert_eq!(server.tokens().len(), 1);
    hands.go(1);
    client.order(&work(), &access(), &id()).await.unwrap();
    assert_eq!(server.tokens().len(), 2);
    let used: Vec<_> = server.requests().iter().map(|r| r.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(used, ["Bearer token-1", "Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn s47_each_restaurant_s_key_is_exchanged_for_a_token_of_its_own() {
    let server = Server::answering(200, order()).await;
    let client = client(&server);
    for key in ["key-1", "key-2", "key-1"] {
        client.order(&work(), &access_with(key), &id()).await.unwrap();
    }
    assert_eq!(server.tokens().len(), 2);
}

#[tokio::test]
async fn e44_a_refused_token_is_replaced_once_and_the_call_made_again() {
    let server = Server::till(|request, _| match request.header("authorization") {
        Some("Bearer token-1") => Reply::Json(401, json!({})),
        _ => Reply::Json(200, fixture("order-batch-create-response")),
    })
    .await;
    let client = client(&server);
    let order = OrderId::parse("plt-order-1001").unwrap();
    client.create_order(&work(), &access(), &order, "{\"create\":[]}").await.unwrap();
    assert_eq!((server.tokens().len(), server.requests().len()), (2, 2));
    assert_eq!(server.requests()[0].body, server.requests()[1].body);
    client.create_order(&work(), &access(), &order, "{}").await.unwrap();
    assert_eq!((server.tokens().len(), server.requests().len()), (2, 3));
}

#[tokio::test]
async fn e45_a_key_whose_new_token_is_refused_too_is_refused() {
    let server = Server::answering(401, json!({})).await;
    let error = client(&server).order(&work(), &access(), &id()).await.unwrap_err();
    assert_eq!(error, TillError::KeyRefused { status: 401 });
    assert_eq!((server.tokens().len(), server.requests().len()), (2, 2));
}

#[tokio::test]
async fn callers_refused_together_ask_for_one_new_token() {
    let server = Server::till(|request, _| match request.header("authorization") {
        Some("Bearer token-1") => Reply::Json(401, json!({})),
        _ => Reply::Json(200, order()),
    })
    .await;
    let client = client(&server);
    let (work, access, id) = (work(), access(), id());
    let calls = (0..10).map(|_| client.order(&work, &access, &id));
    for outcome in futures::future::join_all(calls).await {
        outcome.unwrap();
    }
    assert_eq!(server.tokens().len(), 2);
}

#[tokio::test]
async fn e45_a_refused_key_or_licence_is_told_as_such() {
    for status in [400, 401, 403] {
        let server = Server::scripted(move |_, _| Reply::Json(status, json!({}))).await;
        let error = client(&server).order(&work(), &access(), &id()).await.unwrap_err();
        assert_eq!(error, TillError::KeyRefused { status });
        assert_eq!(server.requests().len(), 0);
    }
}

#[tokio::test]
async fn without_a_token_an_order_was_certainly_not_created() {
    let order = OrderId::parse("plt-order-1001").unwrap();
    let replies: [fn() -> Reply; 5] = [
        || Reply::Json(500, json!({})),
        || Reply::Json(200, json!({"token": "x"})),
        || Reply::Full(200, "", b"<html>".to_vec()),
        || Reply::Close,
        || Reply::Silence,
    ];
    for reply in replies {
        let server = Server::scripted(move |_, _| reply()).await;
        let work = work_for(Duration::from_millis(300));
        let error = client(&server).create_order(&work, &access(), &order, "{}").await.unwrap_err();
        assert!(matches!(error, TillError::Unreachable { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn debug_shows_neither_key_nor_token() {
    let server = Server::answering(200, fixture("orders-page")).await;
    let client = client(&server);
    client.orders(&work(), &access(), now(), now()).await.unwrap();
    let shown = format!("{client:?} {:?}", access());
    assert!(!shown.contains("token-1") && !shown.contains("key-1"), "{shown}");
}
