//! What is asked before a restaurant is joined.

use crate::{
    access::{KEY, client, fixture, work},
    server::{Reply, Server},
};
use app::ports::TillError;
use cassa_in_cloud::SalesPoint;
use domain::SalesPointId;
use secrecy::SecretString;
use serde_json::{Value, json};

async fn points(server: &Server) -> Result<Vec<SalesPoint>, TillError> {
    client(server).licensed_sales_points(&work(), &SecretString::from(KEY)).await
}

async fn points_of(body: Value) -> Result<Vec<SalesPoint>, TillError> {
    points(&Server::answering(200, body).await).await
}

#[tokio::test]
async fn the_sales_points_of_a_key_are_one_call_with_a_token_of_that_key() {
    let server = Server::answering(200, fixture("salespoint-page")).await;
    let expected = SalesPoint { id: SalesPointId(90101), name: "Pizzeria di Prova".into(), city: "Torino".into() };
    assert_eq!(points(&server).await, Ok(vec![expected]));
    let lines: Vec<_> = server.requests().into_iter().map(|request| request.line).collect();
    assert_eq!(lines, ["GET /salespoint?hasActiveLicense=true HTTP/1.1"]);
}

#[tokio::test]
async fn a_sales_point_without_a_name_has_its_description_and_one_without_an_id_is_left_out() {
    let rows = json!([{"id": "7", "description": "Sede"}, {"name": "senza numero"}, {"id": 8}]);
    let read = points_of(json!({"salesPoint": rows, "totalCount": 3})).await.unwrap();
    let read: Vec<_> = read.iter().map(|point| (point.id.0, point.name.as_str())).collect();
    assert_eq!(read, [(7, "Sede"), (8, "")]);
}

#[tokio::test]
async fn a_key_without_sales_points_is_told_from_an_answer_of_another_shape() {
    assert_eq!(points_of(json!({"totalCount": 0})).await, Ok(vec![]));
    assert_eq!(points_of(json!({"salesPoint": []})).await, Ok(vec![]));
    for body in [json!({}), json!([]), json!({"salesPoint": 7, "totalCount": 1})] {
        assert!(matches!(points_of(body).await, Err(TillError::Unclear { .. })));
    }
}

#[tokio::test]
async fn e45_a_refused_key_is_told_as_such_before_anything_is_joined() {
    let server = Server::till(|_, _| Reply::Json(403, json!({}))).await;
    assert_eq!(points(&server).await, Err(TillError::KeyRefused { status: 403 }));
}
