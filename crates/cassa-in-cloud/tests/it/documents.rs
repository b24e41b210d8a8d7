//! Which orders receipts and invoices name.

use crate::{
    access::{access, client, fixture, now, work},
    server::{Reply, Server},
};
use app::ports::{Till, TillError};
use domain::{OrderId, TillOrderId, till::DocumentLink};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn link(external: Option<&str>, till: Option<&str>) -> DocumentLink {
    DocumentLink {
        external_id: external.map(|id| OrderId::parse(id).unwrap()),
        till_order: till.map(|id| TillOrderId::parse(id).unwrap()),
    }
}

async fn till_with(receipts: (u16, Value), invoices: (u16, Value)) -> Server {
    Server::till(move |request, _| {
        let (status, body) = if request.path().ends_with("/receipts") { &receipts } else { &invoices };
        Reply::Json(*status, body.clone())
    })
    .await
}

async fn read(server: &Server) -> Result<Vec<DocumentLink>, TillError> {
    client(server).documented_orders(&work(), &access(), now() - SignedDuration::from_hours(60), now()).await
}

#[tokio::test]
async fn s67_receipts_name_the_orders_that_they_were_made_from() {
    let server = till_with((200, fixture("receipts-page")), (404, json!({}))).await;
    let expected = [link(Some("plt-order-1001"), Some("00000000-0000-4000-8000-000000000601"))];
    assert_eq!(read(&server).await.unwrap(), expected);
    let requests = server.requests();
    assert_eq!(requests[0].path(), "/documents/receipts");
    assert_eq!(requests[0].query("idsSalesPoint").as_deref(), Some("[90101]"));
    let from = (now() - SignedDuration::from_hours(60)).as_millisecond().to_string();
    assert_eq!(requests[0].query("datetimeFrom"), Some(from));
    assert_eq!(requests.iter().filter(|r| r.path() == "/documents/receipts").count(), 2, "two slices");
}

#[tokio::test]
async fn invoices_count_like_receipts_where_the_till_shows_them() {
    let sources = json!({"document": {"documentConnectionSources": {"orders": ["t-7", {"externalId": "plt-8"}]}}});
    let invoices = json!({"invoices": [sources, {"document": {}}, 7], "totalCount": 3});
    let server = till_with((200, json!({"receipts": [], "totalCount": 0})), (200, invoices)).await;
    assert_eq!(read(&server).await.unwrap(), [link(None, Some("t-7")), link(Some("plt-8"), None)]);
}

#[tokio::test]
async fn a_till_without_a_list_of_invoices_still_shows_its_receipts() {
    for invoices in
        [(404, json!({})), (400, json!({})), (403, json!({})), (500, json!({})), (200, json!({"other": []}))]
    {
        let server = till_with((200, fixture("receipts-page")), invoices.clone()).await;
        assert_eq!(read(&server).await.unwrap().len(), 1, "{invoices:?}");
    }
}

#[tokio::test]
async fn receipts_that_cannot_be_read_are_an_error() {
    for receipts in [(404, json!({})), (500, json!({})), (200, json!({"other": []}))] {
        let server = till_with(receipts.clone(), (200, json!({"invoices": []}))).await;
        assert!(read(&server).await.is_err(), "{receipts:?}");
    }
}
