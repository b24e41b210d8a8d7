//! What goes wrong: each class of answer, broken connections, answers that are none.

use crate::server::{Reply, Server, access, instant, key, order, rome, tenant, work};
use app::ports::{Platform, PlatformError, StatusChange, Work};
use domain::order::{Order, Status};
use plateform::Client;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const KEY: &str = "rest-1:plt-1:confirmed:3";

async fn read(client: &Client) -> Result<Option<Order>, PlatformError> {
    client.order(&work(), &access(), &key(), &rome()).await
}

async fn confirm(client: &Client) -> Result<Status, PlatformError> {
    let change = StatusChange {
        status: Status::Confirmed,
        reason: None,
        occurred_at: instant("2026-11-24T17:00:00Z"),
        till_order: None,
    };
    client.change_status(&work(), &access(), &key(), KEY, &change).await
}

fn unavailable(status: Option<u16>, detail: &str) -> PlatformError {
    PlatformError::Unavailable { status, retry_after: None, detail: detail.into() }
}

fn problem(status: u16, code: &str) -> Value {
    json!({"status": status, "code": code, "title": "T", "detail": "mario.rossi@example.test +390000000001"})
}

#[tokio::test]
async fn each_class_of_status_says_what_to_do_next() {
    let refused = |status, code: &str| PlatformError::Refused { status, code: code.into() };
    for (status, code, expected) in [
        (301, "x", unavailable(Some(301), "x")),
        (400, "validation", refused(400, "validation")),
        (401, "unauthorized", refused(401, "unauthorized")),
        (403, "forbidden", refused(403, "forbidden")),
        (404, "not_found", PlatformError::NotFound),
        (408, "timeout", unavailable(Some(408), "timeout")),
        (409, "idempotency_key_reused", refused(409, "idempotency_key_reused")),
        (422, "mario@example.test", refused(422, "unreadable")),
        (429, "rate_limited", unavailable(Some(429), "rate_limited")),
        (500, "internal", unavailable(Some(500), "internal")),
        (503, "390000000001", unavailable(Some(503), "unreadable")),
        (599, "x", unavailable(Some(599), "x")),
    ] {
        let server = Server::answering(status, problem(status, code)).await;
        assert_eq!(confirm(&server.client()).await, Err(expected), "{status}");
        assert_eq!(server.received().len(), 1, "an answer is never asked for twice here");
    }
}

#[tokio::test]
async fn an_illegal_transition_tells_where_the_order_is() {
    let mut body = problem(409, "illegal_transition");
    body["current"] = json!("cancelled");
    let server = Server::answering(409, body).await;
    let expected = PlatformError::IllegalTransition { current: Status::Cancelled };
    assert_eq!(confirm(&server.client()).await, Err(expected));
}

#[tokio::test]
async fn a_failure_without_a_problem_is_told_by_its_status() {
    for (status, expected) in [
        (403, PlatformError::Refused { status: 403, code: "no_code".into() }),
        (404, unavailable(Some(404), "no_code")),
        (502, unavailable(Some(502), "no_code")),
    ] {
        let html = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n\r\n<html>canary</html>");
        let server = Server::playing([Reply::Raw(html.into_bytes())]).await;
        assert_eq!(confirm(&server.client()).await, Err(expected), "{status}");
    }
}

#[tokio::test]
async fn a_wait_that_the_platform_asks_for_is_passed_on() {
    for status in [429, 503] {
        let server =
            Server::playing([Reply::With(status, "retry-after: 7\r\n", problem(status, "rate_limited"))]).await;
        let wait = match read(&server.client()).await {
            Err(PlatformError::Unavailable { retry_after, .. }) => retry_after,
            other => panic!("{other:?}"),
        };
        assert_eq!(wait, Some(Duration::from_secs(7)));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::answering(200, order("plt-1")).await;
    let location = format!("location: {}/stolen\r\n", elsewhere.base_url).leak();
    for status in [301, 302, 307, 308] {
        let server = Server::playing([Reply::With(status, location, json!({}))]).await;
        assert_eq!(read(&server.client()).await, Err(unavailable(Some(status), "no_code")));
    }
    assert!(elsewhere.received().is_empty());
}

#[tokio::test]
async fn a_server_that_never_answers_costs_no_more_than_the_call_s_budget() {
    let server = Server::playing([Reply::Silence]).await;
    assert_eq!(read(&server.client_with(Duration::from_millis(20))).await, Err(unavailable(None, "timeout")));
}

#[tokio::test]
async fn a_call_never_outlives_its_work() {
    let server = Server::playing([Reply::Silence]).await;
    let client = server.client();
    let work = |left| Work { deadline: Instant::now() + left, correlation: "corr-1".into() };
    let short = client.order(&work(Duration::from_millis(20)), &access(), &key(), &rome()).await;
    assert_eq!(short, Err(unavailable(None, "timeout")));
    let over = client.order(&work(Duration::ZERO), &access(), &key(), &rome()).await;
    assert_eq!(over, Err(unavailable(None, "deadline")));
}

#[tokio::test]
async fn an_answer_that_stops_in_its_middle_is_bounded_by_the_same_budget() {
    let half = b"HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\n{".to_vec();
    let server = Server::playing([Reply::Raw(half)]).await;
    assert_eq!(read(&server.client()).await, Err(unavailable(Some(200), "truncated")));
}

#[tokio::test]
async fn an_answer_of_the_wrong_shape_is_no_answer() {
    for (body, detail) in [
        (json!([]), "malformed:order.type"),
        (json!({}), "malformed:order.missing.id"),
        (json!(null), "malformed:order.type"),
    ] {
        let server = Server::answering(200, body).await;
        assert_eq!(read(&server.client()).await, Err(unavailable(Some(200), detail)));
    }
    let deep = "[".repeat(5_000);
    for text in ["", "<html></html>", "{\"id\":\"\u{fffd}", deep.as_str()] {
        let raw = format!("HTTP/1.1 200 X\r\nconnection: close\r\n\r\n{text}").into_bytes();
        let server = Server::playing([Reply::Raw(raw)]).await;
        assert_eq!(read(&server.client()).await, Err(unavailable(Some(200), "malformed:syntax")));
    }
    let server = Server::answering(200, json!({"status": "parked"})).await;
    assert_eq!(confirm(&server.client()).await, Err(unavailable(Some(200), "malformed:order.status")));
}

#[tokio::test]
async fn an_answer_over_the_size_cap_is_dropped() {
    let mut huge = b"HTTP/1.1 200 X\r\nconnection: close\r\n\r\n\"".to_vec();
    huge.resize(huge.len() + (8 << 20), b'x');
    let server = Server::playing([Reply::Raw(huge)]).await;
    assert_eq!(read(&server.client()).await, Err(unavailable(Some(200), "too_large")));
}

#[tokio::test]
async fn a_lost_connection_is_tried_once_more_with_the_same_key_and_body() {
    let server = Server::playing([Reply::HangUp, Reply::Json(200, json!({"status": "confirmed"}))]).await;
    assert_eq!(confirm(&server.client()).await, Ok(Status::Confirmed));
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].header("idempotency-key"), Some(KEY));
    assert_eq!(received[0], received[1]);
}

#[tokio::test]
async fn a_connection_that_is_lost_twice_is_an_error() {
    let server =
        Server::playing([Reply::HangUp, Reply::HangUp, Reply::Json(200, json!({"status": "confirmed"}))]).await;
    assert_eq!(confirm(&server.client()).await, Err(unavailable(None, "connection_lost")));
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn a_platform_where_nobody_listens_is_an_error_that_can_be_tried_again() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let base_url = format!("http://{free}");
    let client = Client::new(plateform::Settings { base_url, timeout: plateform::DEFAULT_TIMEOUT }).unwrap();
    assert_eq!(read(&client).await, Err(unavailable(None, "connect")));
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_refused_without_showing_it() {
    let server = Server::playing([]).await;
    let mut access = access();
    access.api_token = "canary\nx".into();
    let told = server.client().get_restaurant(&work(), &access, &tenant()).await.unwrap_err();
    assert_eq!(told, PlatformError::Refused { status: 400, code: "ponte:api_token".into() });
}

#[tokio::test]
async fn a_correlation_that_no_header_can_carry_is_left_out() {
    let server = Server::answering(404, problem(404, "not_found")).await;
    let work = Work { correlation: "a\nb".into(), ..work() };
    assert_eq!(server.client().order(&work, &access(), &key(), &rome()).await, Ok(None));
    assert_eq!(server.one().header("x-correlation-id"), None);
}

#[tokio::test]
async fn no_error_and_no_client_shows_the_token_or_what_the_platform_wrote() {
    let server = Server::answering(422, problem(422, "validation")).await;
    let client = server.client();
    let error = confirm(&client).await.unwrap_err();
    let shown = format!("{error} {error:?} {client:?} {:?}", access());
    for hidden in ["token-canary", "mario", "390000000001"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}
