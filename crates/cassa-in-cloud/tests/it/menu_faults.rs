//! What each reading of the catalogue makes of an answer that is none.

use crate::{
    access::{access, client, client_at, work, work_for},
    menu::FIRST,
    server::{Reply, Server},
};
use app::ports::{TillError, Work, menu::TillCatalogue};
use cassa_in_cloud::Client;
use serde_json::{Value, json};
use std::time::Duration;

/// The four readings, by the path that they ask.
const READINGS: [&str; 4] = ["/categories", "/products", "/options", "/salesmodes"];

async fn read_within(work: &Work, client: &Client, reading: &str) -> Result<(), TillError> {
    match reading {
        "/categories" => client.categories(work, &access(), FIRST).await.map(drop),
        "/products" => client.catalogue_products(work, &access(), FIRST).await.map(drop),
        "/options" => client.option_names(work, &access()).await.map(drop),
        _ => client.sales_modes(work, &access()).await.map(drop),
    }
}

async fn read(client: &Client, reading: &str) -> Result<(), TillError> {
    read_within(&work(), client, reading).await
}

/// An empty list for any of them.
fn empty() -> Value {
    json!({"totalCount": 0})
}

fn unclear(status: Option<u16>, detail: &str) -> TillError {
    TillError::Unclear { status, detail: detail.to_owned() }
}

/// Every reading ends with this error after one request.
async fn each_ends(reply: impl Fn() -> Reply + Clone + Send + Sync + 'static, expected: TillError) {
    for reading in READINGS {
        let reply = reply.clone();
        let server = Server::till(move |_, _| reply()).await;
        assert_eq!(read(&client(&server), reading).await, Err(expected.clone()), "{reading}");
        let paths: Vec<_> = server.requests().iter().map(|request| request.path().to_owned()).collect();
        assert_eq!(paths, [reading], "asked once, and nothing else instead");
    }
}

#[tokio::test]
async fn e44_a_refused_token_is_replaced_once_and_the_reading_goes_on() {
    for reading in READINGS {
        let server = Server::till(|request, _| match request.header("authorization") {
            Some("Bearer token-1") => Reply::Json(401, json!({})),
            _ => Reply::Json(200, empty()),
        })
        .await;
        assert_eq!(read(&client(&server), reading).await, Ok(()), "{reading}");
        assert_eq!((server.tokens().len(), server.requests().len()), (2, 2), "{reading}");
        assert_eq!(server.requests()[0].line, server.requests()[1].line);
    }
}

#[tokio::test]
async fn e45_a_key_that_is_refused_again_is_told_from_a_till_that_is_down() {
    for reading in READINGS {
        let server = Server::answering(401, json!({})).await;
        let error = read(&client(&server), reading).await.unwrap_err();
        assert_eq!(error, TillError::KeyRefused { status: 401 }, "{reading}");
        assert_eq!((server.tokens().len(), server.requests().len()), (2, 2), "{reading}");
    }
    for reading in ["/categories", "/products", "/salesmodes"] {
        let server = Server::answering(403, json!({})).await;
        let error = read(&client(&server), reading).await.unwrap_err();
        assert_eq!(error, TillError::KeyRefused { status: 403 }, "{reading}");
    }
}

#[tokio::test]
async fn e46_the_wait_that_the_till_asks_for_is_passed_on() {
    let limited = |retry_after| TillError::RateLimited { retry_after };
    let wait = Some(Duration::from_secs(30));
    each_ends(|| Reply::Full(429, "retry-after: 30\r\n", Vec::new()), limited(wait)).await;
    each_ends(|| Reply::Full(429, "", Vec::new()), limited(None)).await;
}

#[tokio::test]
async fn a_fault_of_the_till_is_unclear_and_its_refusal_final() {
    for status in [500, 502, 503, 504] {
        each_ends(move || Reply::Json(status, json!({})), unclear(Some(status), &format!("status {status}"))).await;
    }
    let jsarray =
        || Reply::Json(400, json!({"error": "InvalidParams", "msg": "idsSalesPoint: error.expected.jsarray"}));
    let detail = "InvalidParams idsSalesPoint: error.expected.jsarray".to_owned();
    each_ends(jsarray, TillError::Refused { status: 400, detail }).await;
    let detail = "InvalidId idsSalesPoint".to_owned();
    let invalid = || Reply::Json(400, json!({"error": "InvalidId", "msg": "idsSalesPoint"}));
    each_ends(invalid, TillError::InvalidId { detail }).await;
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    each_ends(|| Reply::Full(302, "location: /elsewhere\r\n", Vec::new()), unclear(Some(302), "status 302")).await;
}

#[tokio::test]
async fn an_answer_that_is_cut_off_or_no_json_or_too_long_is_never_an_empty_catalogue() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"totalCount\":0}";
    each_ends(|| Reply::Raw(cut.to_vec()), unclear(Some(200), "the answer was cut off")).await;
    let shape = |what: &str| unclear(Some(200), &format!("not the documented shape: {what}"));
    each_ends(|| Reply::Full(200, "", b"{\"totalCount\":0".to_vec()), shape("not JSON")).await;
    each_ends(|| Reply::Full(200, "", b"[]".to_vec()), shape("not an object")).await;
    each_ends(|| Reply::Full(200, "", vec![b' '; (8 << 20) + 1]), unclear(Some(200), "the answer is too long")).await;
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_once_more_and_no_oftener() {
    for reading in READINGS {
        let server = Server::till(|_, index| match index {
            1 => Reply::Json(200, empty()),
            _ => Reply::Close,
        })
        .await;
        let client = client(&server);
        assert_eq!(read(&client, reading).await, Ok(()), "{reading}");
        assert_eq!(read(&client, reading).await, Err(unclear(None, "the connection broke")), "{reading}");
        assert_eq!(server.requests().len(), 4, "{reading}");
    }
}

#[tokio::test]
async fn a_reading_never_outlives_its_work() {
    let server = Server::till(|_, index| match index {
        0 => Reply::Json(200, empty()),
        _ => Reply::Silence,
    })
    .await;
    let client = client(&server);
    // The token is there before time is short.
    read(&client, "/products").await.unwrap();
    for reading in READINGS {
        let short = work_for(Duration::from_millis(50));
        assert_eq!(read_within(&short, &client, reading).await, Err(unclear(None, "no answer in time")), "{reading}");
        let over = read_within(&work_for(Duration::ZERO), &client, reading).await;
        assert_eq!(over, Err(TillError::Unreachable { detail: "no time left".into() }), "{reading}");
    }
}

#[tokio::test]
async fn a_till_that_cannot_be_reached_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client_at(&format!("http://{}", listener.local_addr().unwrap()));
    drop(listener);
    for reading in READINGS {
        let expected = TillError::Unreachable { detail: "no connection".into() };
        assert_eq!(read(&client, reading).await, Err(expected), "{reading}");
    }
}
