//! Silence, broken connections, answers cut off, too long or elsewhere.

use crate::{
    access::{access, client, client_at, fixture, now, work, work_for},
    server::{Reply, Server},
};
use app::ports::{Till, TillError};
use cassa_in_cloud::{Client, Settings};
use domain::{OrderId, TillOrderId};
use serde_json::json;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(300);

fn order() -> OrderId {
    OrderId::parse("plt-order-1001").unwrap()
}

fn unclear(detail: &str) -> TillError {
    TillError::Unclear { status: None, detail: detail.to_owned() }
}

#[tokio::test]
async fn e02_a_till_that_never_answers_ends_with_the_budget_and_nobody_knows() {
    let server = Server::till(|_, index| match index {
        0 => Reply::Json(200, fixture("orders-page")),
        _ => Reply::Silence,
    })
    .await;
    let client = client(&server);
    // The token is there before time is short.
    client.orders(&work(), &access(), now(), now()).await.unwrap();
    let created = client.create_order(&work_for(SHORT), &access(), &order(), "{}").await;
    assert_eq!(created, Err(unclear("no answer in time")));
    let orders = client.orders(&work_for(SHORT), &access(), now(), now()).await;
    assert_eq!(orders, Err(unclear("no answer in time")));
    assert_eq!(server.requests().len(), 3, "silence is not asked again");
}

#[tokio::test]
async fn the_configured_timeout_ends_a_call_before_the_deadline() {
    let server = Server::till(|_, _| Reply::Silence).await;
    let (base_url, timeout) = (server.url(), Duration::from_secs(1));
    let settings = Settings { base_url, read_timeout: timeout, write_timeout: timeout, ..Settings::default() };
    let client = Client::new(&settings).unwrap();
    let orders = client.orders(&work(), &access(), now(), now()).await;
    assert_eq!(orders, Err(unclear("no answer in time")));
    let created = client.create_order(&work(), &access(), &order(), "{}").await;
    assert_eq!(created, Err(unclear("no answer in time")));
}

#[tokio::test]
async fn a_deadline_that_is_over_makes_no_call() {
    let server = Server::answering(200, fixture("orders-page")).await;
    let client = client(&server);
    let over = work_for(Duration::ZERO);
    let error = client.create_order(&over, &access(), &order(), "{}").await.unwrap_err();
    assert_eq!(error, TillError::Unreachable { detail: "no time left".into() });
    client.orders(&work(), &access(), now(), now()).await.unwrap();
    let error = client.create_order(&over, &access(), &order(), "{}").await.unwrap_err();
    assert_eq!(error, TillError::Unreachable { detail: "no time left".into() });
    assert_eq!((server.tokens().len(), server.requests().len()), (1, 1));
}

#[tokio::test]
async fn e47_a_till_that_cannot_be_reached_is_told_from_one_that_may_have_done_it() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = client_at(&url);
    let unreachable = TillError::Unreachable { detail: "no connection".into() };
    assert_eq!(client.create_order(&work(), &access(), &order(), "{}").await, Err(unreachable.clone()));
    assert_eq!(client.orders(&work(), &access(), now(), now()).await, Err(unreachable));
}

#[tokio::test]
async fn e02_an_order_is_posted_once_even_when_the_connection_breaks() {
    let server = Server::till(|_, _| Reply::Close).await;
    let error = client(&server).create_order(&work(), &access(), &order(), "{}").await.unwrap_err();
    assert_eq!(error, unclear("the connection broke"));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_read_survives_one_broken_connection_and_not_two() {
    let server = Server::till(|_, index| match index {
        1 => Reply::Json(200, fixture("orders-page")),
        _ => Reply::Close,
    })
    .await;
    let client = client(&server);
    assert_eq!(client.orders(&work(), &access(), now(), now()).await.unwrap().len(), 1);
    let error = client.orders(&work(), &access(), now(), now()).await.unwrap_err();
    assert_eq!(error, unclear("the connection broke"));
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_customer_is_posted_and_put_once_even_when_the_connection_breaks() {
    let server = Server::till(|_, _| Reply::Close).await;
    let client = client(&server);
    let record = fixture("customer-create-request").as_object().unwrap().clone();
    client.create_customer(&work(), &access(), &record).await.unwrap_err();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn e02_an_answer_that_is_cut_off_is_unclear() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"batchResponse\":{\"createDetails\":[]}}";
    let server = Server::till(|_, _| Reply::Raw(cut.to_vec())).await;
    let client = client(&server);
    let expected = TillError::Unclear { status: Some(200), detail: "the answer was cut off".into() };
    assert_eq!(client.create_order(&work(), &access(), &order(), "{}").await, Err(expected.clone()));
    assert_eq!(client.orders(&work(), &access(), now(), now()).await, Err(expected));
    let json = b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{\"orders\": [";
    let server = Server::till(|_, _| Reply::Raw(json.to_vec())).await;
    let error = client_at(&server.url()).orders(&work(), &access(), now(), now()).await.unwrap_err();
    assert!(matches!(error, TillError::Unclear { status: Some(200), .. }));
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_unclear() {
    let server = Server::till(|_, _| Reply::Raw(b"SSH-2.0-nobody\r\n".to_vec())).await;
    let error = client(&server).create_order(&work(), &access(), &order(), "{}").await.unwrap_err();
    assert!(matches!(error, TillError::Unclear { .. }));
}

#[tokio::test]
async fn an_answer_without_end_is_left_at_its_limit() {
    let too_long = TillError::Unclear { status: Some(200), detail: "the answer is too long".into() };
    let server = Server::till(|_, _| Reply::Full(200, "", vec![b' '; (1 << 20) + 1])).await;
    let client_of_one = client(&server);
    let id = TillOrderId::parse("t-1").unwrap();
    assert_eq!(client_of_one.order(&work(), &access(), &id).await, Err(too_long.clone()));
    assert_eq!(client_of_one.create_order(&work(), &access(), &order(), "{}").await, Err(too_long.clone()));
    let server = Server::till(|_, _| Reply::Full(200, "", vec![b' '; (8 << 20) + 1])).await;
    assert_eq!(client(&server).orders(&work(), &access(), now(), now()).await, Err(too_long));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let server = Server::till(|_, _| Reply::Full(302, "location: /elsewhere\r\n", Vec::new())).await;
    let client = client(&server);
    let expected = TillError::Unclear { status: Some(302), detail: "status 302".into() };
    assert_eq!(client.orders(&work(), &access(), now(), now()).await, Err(expected.clone()));
    assert_eq!(client.create_order(&work(), &access(), &order(), "{}").await, Err(expected));
    assert!(server.requests().iter().all(|request| request.path() != "/elsewhere"));
}

#[tokio::test]
async fn e42_a_stored_body_over_the_limit_is_not_sent() {
    let server = Server::answering(200, json!({})).await;
    let body = "x".repeat(102_401);
    let outcome = client(&server).create_order(&work(), &access(), &order(), &body).await;
    assert_eq!(outcome, Err(TillError::TooLarge));
    assert_eq!(server.requests().len() + server.tokens().len(), 0);
}
