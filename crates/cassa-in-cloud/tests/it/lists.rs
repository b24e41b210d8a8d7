//! Paging and cached lists.

use crate::{
    access::{Hands, access, access_with, client, fixture, now, work},
    server::{Reply, Request, Server},
};
use app::ports::{Till, TillError};
use serde_json::{Value, json};

fn rows(from: usize, to: usize) -> Vec<Value> {
    (from..to).map(|n| json!({"id": format!("t-{n:04}")})).collect()
}

fn start(request: &Request) -> usize {
    request.query("start").unwrap().parse().unwrap()
}

/// A till with this many orders that says, or does not say, how many.
fn orders(count: usize, total: Option<usize>) -> impl Fn(&Request, usize) -> Reply {
    move |request, _| {
        let start = start(request);
        let mut body = json!({"orders": rows(start.min(count), (start + 100).min(count))});
        if let Some(total) = total {
            body["totalCount"] = json!(total);
        }
        Reply::Json(200, body)
    }
}

async fn read(server: &Server) -> Result<usize, TillError> {
    client(server).orders(&work(), &access(), now(), now()).await.map(|orders| orders.len())
}

#[tokio::test]
async fn every_page_is_read_and_no_page_more() {
    for (count, calls) in [(0, 1), (1, 1), (100, 1), (101, 2), (250, 3), (300, 3)] {
        let server = Server::till(orders(count, Some(count))).await;
        assert_eq!((read(&server).await, server.requests().len()), (Ok(count), calls), "{count}");
        let starts: Vec<_> = server.requests().iter().map(start).collect();
        assert_eq!(starts, (0..calls).map(|page| page * 100).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_list_without_a_count_ends_at_a_page_that_is_not_full() {
    for (count, calls) in [(0, 1), (99, 1), (100, 2), (250, 3)] {
        let server = Server::till(orders(count, None)).await;
        assert_eq!((read(&server).await, server.requests().len()), (Ok(count), calls), "{count}");
    }
}

#[tokio::test]
async fn a_till_whose_pages_are_smaller_than_asked_loses_no_row() {
    let server = Server::till(|request, _| {
        let start = start(request);
        Reply::Json(200, json!({"orders": rows(start, (start + 50).min(120)), "totalCount": 120}))
    })
    .await;
    assert_eq!((read(&server).await, server.requests().len()), (Ok(120), 3));
}

#[tokio::test]
async fn a_count_that_is_wrong_ends_no_list_early_and_keeps_none_open() {
    let server = Server::till(orders(150, Some(7))).await;
    assert_eq!((read(&server).await, server.requests().len()), (Ok(150), 2));
    let server = Server::till(orders(150, Some(9000))).await;
    assert_eq!((read(&server).await, server.requests().len()), (Ok(150), 3));
}

#[tokio::test]
async fn a_page_that_comes_again_is_not_believed() {
    let server = Server::till(|_, _| Reply::Json(200, json!({"orders": rows(0, 100), "totalCount": 500}))).await;
    assert!(matches!(read(&server).await, Err(TillError::Unclear { status: Some(200), .. })));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_list_that_never_ends_is_left() {
    let server = Server::till(orders(1_000_000, None)).await;
    let endless = TillError::Unclear { status: None, detail: "the list does not end".into() };
    assert_eq!((read(&server).await, server.requests().len()), (Err(endless), 50));
}

#[tokio::test]
async fn e43_a_list_of_which_a_page_fails_is_no_list() {
    let server = Server::till(|request, index| match index {
        0 => orders(250, Some(250))(request, 0),
        _ => Reply::Json(500, json!({})),
    })
    .await;
    assert!(matches!(read(&server).await, Err(TillError::Unclear { status: Some(500), .. })));
}

#[tokio::test]
async fn an_empty_list_may_be_left_out_when_the_count_says_so() {
    let server = Server::answering(200, json!({"totalCount": "0"})).await;
    assert_eq!(read(&server).await, Ok(0));
}

#[tokio::test]
async fn a_till_that_does_not_filter_customers_is_not_read_through() {
    let server = Server::till(|request, _| {
        let start = start(request);
        Reply::Json(200, json!({"customers": rows(start, start + 100), "totalCount": 9000}))
    })
    .await;
    let error = client(&server).customers_by_name(&work(), &access(), "Cliente").await.unwrap_err();
    assert!(matches!(error, TillError::Refused { status: 200, .. }) && !error.is_retryable(), "{error:?}");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn s27_a_sales_mode_is_found_by_its_exact_name() {
    let server = Server::answering(200, fixture("salesmodes-page")).await;
    let client = client(&server);
    let mode = client.sales_mode(&work(), &access(), "Plateform asporto").await.unwrap().unwrap();
    assert_eq!(mode.id.as_str(), "00000000-0000-4000-8000-000000000041");
    assert_eq!(server.requests()[0].path(), "/salesmodes");
    assert_eq!(server.requests()[0].query("idsSalesPoint").as_deref(), Some("[90101]"));
    for name in ["plateform asporto", "Plateform asporto ", "Plateform", ""] {
        assert_eq!(client.sales_mode(&work(), &access(), name).await, Ok(None), "{name}");
    }
}

#[tokio::test]
async fn sales_modes_are_believed_for_a_quarter_of_an_hour_and_asked_again_when_one_is_missing() {
    let server = Server::answering(200, fixture("salesmodes-page")).await;
    let hands = Hands::new();
    let client = hands.client(&server);
    let asked = async |key: &str, name: &str| {
        client.sales_mode(&work(), &access_with(key), name).await.unwrap();
        server.requests().len()
    };
    assert_eq!(asked("key-1", "Plateform asporto").await, 1);
    assert_eq!(asked("key-1", "Plateform consegna").await, 1);
    assert_eq!(asked("key-1", "plateform_delivery").await, 2);
    assert_eq!(asked("key-2", "Plateform asporto").await, 3, "another key sees other things");
    hands.go(15 * 60 - 1);
    assert_eq!(asked("key-1", "Plateform asporto").await, 3);
    hands.go(1);
    assert_eq!(asked("key-1", "Plateform asporto").await, 4);
}
