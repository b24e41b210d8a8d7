//! How the till is set up: what is asked, and what is made of each answer.

use crate::{
    access::{access, client, now, work},
    server::{Reply, Server},
};
use app::ports::{
    TillError,
    doctor::{TillSalesPoint, TillSetup, TillWebhook, TillWebhooks as _},
};
use serde_json::{Value, json};

fn lines(server: &Server) -> Vec<String> {
    server.requests().into_iter().map(|request| request.line).collect()
}

#[tokio::test]
async fn s46_the_sales_points_are_asked_for_with_and_without_their_licence() {
    let server = Server::till(|request, _| {
        let licensed = json!({"id": 90101, "name": "Sede"});
        let other = json!({"id": "90102", "description": "Mare"});
        match request.query("hasActiveLicense") {
            Some(_) => Reply::Json(200, json!({"salesPoint": [licensed], "totalCount": 1})),
            None => Reply::Json(200, json!({"salesPoint": [licensed, other, {"name": "no id"}], "totalCount": 3})),
        }
    })
    .await;
    let points = client(&server).sales_points(&work(), &access()).await.unwrap();
    let point = |id, name: &str, is_licensed| TillSalesPoint { id, name: name.to_owned(), is_licensed };
    assert_eq!(points, [point(90101, "Sede", true), point(90102, "Mare", false)]);
    assert_eq!(lines(&server), ["GET /salespoint HTTP/1.1", "GET /salespoint?hasActiveLicense=true HTTP/1.1"]);
}

#[tokio::test]
async fn s27_every_sales_mode_is_named_in_one_call() {
    let modes =
        json!({"salesModes": [{"id": "m1", "description": "Plateform_takeaway"}, {"id": "m2"}], "totalCount": 2});
    let server = Server::answering(200, modes).await;
    let modes = client(&server).every_sales_mode(&work(), &access()).await.unwrap();
    assert_eq!(modes.iter().map(|mode| mode.name.as_str()).collect::<Vec<_>>(), ["Plateform_takeaway", ""]);
    assert_eq!(lines(&server), ["GET /salesmodes?idsSalesPoint=%5B90101%5D&start=0&limit=100 HTTP/1.1"]);
}

#[tokio::test]
async fn s48_webhooks_are_read_in_the_forms_that_they_may_have() {
    let rows = json!([
        {"entity": "order", "events": ["edit", "DELETE"], "url": "https://a.example.test", "paused": true, "idsSalesPoint": ["90101"]},
        {"entityType": "RECEIPT", "operations": ["CREATE"], "address": "https://b.example.test", "enabled": true},
        {"events": ["EDIT"]}
    ]);
    for body in [json!({"webhooks": rows, "totalCount": 3}), json!({ "hooks": rows })] {
        let server = Server::answering(200, body).await;
        let hooks = client(&server).webhooks(&work(), &access()).await.unwrap().unwrap();
        let hook = |entity: &str, events: &[&str], url: &str, is_paused, sales_points| TillWebhook {
            entity: entity.to_owned(),
            events: events.iter().map(|event| (*event).to_owned()).collect(),
            url: url.to_owned(),
            is_paused,
            sales_points,
        };
        let expected = [
            hook("ORDER", &["EDIT", "DELETE"], "https://a.example.test", true, vec![90101]),
            hook("RECEIPT", &["CREATE"], "https://b.example.test", false, vec![]),
        ];
        assert_eq!(hooks, expected);
    }
}

#[tokio::test]
async fn a_till_that_does_not_list_webhooks_is_told_from_one_that_has_none_or_fails() {
    let asked = async |status: u16, body: Value| {
        let server = Server::answering(status, body).await;
        client(&server).webhooks(&work(), &access()).await
    };
    assert_eq!(asked(404, json!({})).await, Ok(None));
    assert_eq!(asked(403, json!({})).await, Ok(None));
    assert_eq!(asked(200, json!({"totalCount": 0})).await, Ok(Some(vec![])));
    assert!(matches!(asked(200, json!({"totalCount": 2})).await, Err(TillError::Unclear { .. })));
    assert!(matches!(asked(500, json!({})).await, Err(TillError::Unclear { .. })));
}

#[tokio::test]
async fn the_till_s_clock_is_that_of_its_answers() {
    let date = Server::till(|_, _| Reply::Full(200, "date: Tue, 24 Nov 2026 19:30:00 GMT\r\n", b"{}".to_vec())).await;
    assert_eq!(client(&date).till_time(&work(), &access()).await, Ok(Some(now())));
    for headers in ["", "date: today\r\n"] {
        let server = Server::till(move |_, _| Reply::Full(200, headers, b"{}".to_vec())).await;
        assert_eq!(client(&server).till_time(&work(), &access()).await, Ok(None), "{headers}");
    }
}
