//! Lists: filters, cursors to their end, bad rows, bounds.

use crate::server::{Reply, Server, access, instant, order, rome, tenant, work};
use app::ports::{Platform, PlatformError};
use domain::{OrderId, order::Status};
use plateform::{Cursor, OrderFilter};
use serde_json::{Value, json};

fn page(items: Value, next: Value) -> Reply {
    Reply::Json(200, json!({"items": items, "nextCursor": next, "more": 1}))
}

fn malformed(what: &str) -> PlatformError {
    PlatformError::Unavailable { status: Some(200), retry_after: None, detail: format!("malformed:{what}") }
}

fn customer(id: &str) -> Value {
    json!({"id": id, "firstName": "Prova", "lastName": "Utente", "email": null, "locale": "it",
           "updatedAt": "2026-11-24T17:00:00Z"})
}

#[tokio::test]
async fn new_orders_are_followed_by_cursor_to_their_end() {
    let server = Server::playing([
        page(json!([order("plt-1")]), json!("c&1=")),
        page(json!([order("plt-2"), order("plt-3")]), json!("c2")),
        page(json!([]), Value::Null),
    ])
    .await;
    let orders = server.client().new_orders(&work(), &access(), &tenant(), &rome()).await.unwrap();
    assert_eq!(orders.iter().map(|o| o.id.as_str()).collect::<Vec<_>>(), ["plt-1", "plt-2", "plt-3"]);
    let lines: Vec<_> = server.received().into_iter().map(|r| r.line).collect();
    let path = "GET /integrations/v1/restaurants/rest-1/orders?status=new&limit=200";
    assert_eq!(
        lines,
        [format!("{path} HTTP/1.1"), format!("{path}&cursor=c%261%3D HTTP/1.1"), format!("{path}&cursor=c2 HTTP/1.1"),]
    );
}

#[tokio::test]
async fn e30_the_cancelled_ones_of_some_orders_are_one_list_since_the_oldest_of_them() {
    let cancelled = |id: &str| {
        let mut order = order(id);
        order["status"] = json!("cancelled");
        order
    };
    let server = Server::playing([page(json!([cancelled("plt-1"), cancelled("plt-9")]), Value::Null)]).await;
    let (since, ours) = (instant("2026-11-24T17:00:00Z"), ["plt-1", "plt-2"].map(|id| OrderId::parse(id).unwrap()));
    let off = server.client().cancelled(&work(), &access(), &tenant(), &rome(), since, &ours).await.unwrap();
    assert_eq!(off, ours[..1]);
    let path = "GET /integrations/v1/restaurants/rest-1/orders?status=cancelled&updatedAfter=2026-11-24T17%3A00%3A00Z";
    assert_eq!(server.received()[0].line, format!("{path}&limit=200 HTTP/1.1"));
}

#[tokio::test]
async fn orders_are_filtered_by_state_and_by_change() {
    let server = Server::playing([page(json!([]), Value::Null), page(json!([]), Value::Null)]).await;
    let filter = OrderFilter {
        statuses: vec![Status::New, Status::Confirmed],
        updated_after: Some(instant("2026-11-24T17:00:00Z")),
    };
    let client = server.client();
    client.list_orders(&work(), &access(), &tenant(), &rome(), &filter).await.unwrap();
    client.list_orders(&work(), &access(), &tenant(), &rome(), &OrderFilter::default()).await.unwrap();
    let lines: Vec<_> = server.received().into_iter().map(|r| r.line).collect();
    let path = "GET /integrations/v1/restaurants/rest-1/orders?";
    assert_eq!(
        lines,
        [
            format!("{path}status=new%2Cconfirmed&updatedAfter=2026-11-24T17%3A00%3A00Z&limit=200 HTTP/1.1"),
            format!("{path}limit=200 HTTP/1.1"),
        ]
    );
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_counted_and_the_others_arrive() {
    let mut unknown = order("plt-2");
    unknown["status"] = json!("parked");
    let mut stranger = order("plt-3");
    stranger["restaurantId"] = json!("rest-2");
    let rows = json!([order("plt-1"), unknown, stranger, null, 7, order("plt-4")]);
    let server = Server::playing([page(rows, Value::Null)]).await;
    let listing =
        server.client().list_orders(&work(), &access(), &tenant(), &rome(), &OrderFilter::default()).await.unwrap();
    assert_eq!(listing.items.iter().map(|o| o.id.as_str()).collect::<Vec<_>>(), ["plt-1", "plt-4"]);
    assert_eq!(listing.skipped, 4);
}

#[tokio::test]
async fn a_cursor_that_repeats_ends_the_list_with_an_error() {
    let pages = ["a", "b", "a"].map(|next| page(json!([order("plt-1")]), json!(next)));
    let server = Server::playing(pages).await;
    let told = server.client().new_orders(&work(), &access(), &tenant(), &rome()).await;
    assert_eq!(told, Err(malformed("cursor_repeats")));
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn a_list_without_end_is_given_up() {
    let server = Server::playing((0..501).map(|n| page(json!([]), json!(format!("c{n}"))))).await;
    let told = server.client().new_orders(&work(), &access(), &tenant(), &rome()).await;
    assert_eq!(told, Err(malformed("too_many_pages")));
    assert_eq!(server.received().len(), 500);
}

#[tokio::test]
async fn a_cursor_longer_than_the_contract_is_no_answer_and_an_empty_one_is_the_end() {
    let server = Server::playing([page(json!([]), json!("c".repeat(513))), page(json!([]), json!(""))]).await;
    let client = server.client();
    assert_eq!(client.new_orders(&work(), &access(), &tenant(), &rome()).await, Err(malformed("nextCursor")));
    assert_eq!(client.new_orders(&work(), &access(), &tenant(), &rome()).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_failure_in_the_middle_is_the_failure_of_the_whole_list() {
    let server = Server::playing([page(json!([order("plt-1")]), json!("c1")), Reply::Json(500, json!({}))]).await;
    assert!(server.client().new_orders(&work(), &access(), &tenant(), &rome()).await.unwrap_err().is_retryable());
}

#[tokio::test]
async fn customers_are_listed_by_change_with_their_last_change() {
    let server = Server::playing([
        page(json!([customer("cust-1"), {"id": "cust-2", "firstName": "Prova", "lastName": ""}]), json!("c1")),
        page(json!([customer(""), customer("cust-3")]), Value::Null),
    ])
    .await;
    let after = Some(instant("2026-11-24T16:00:00Z"));
    let listing = server.client().list_customers(&work(), &access(), &tenant(), &rome(), after).await.unwrap();
    assert_eq!(listing.items.iter().map(|c| c.person.id.as_str()).collect::<Vec<_>>(), ["cust-1", "cust-2", "cust-3"]);
    assert_eq!(listing.skipped, 1);
    assert_eq!(listing.items[0].updated_at, Some(instant("2026-11-24T17:00:00Z")));
    assert_eq!((listing.items[0].locale.as_deref(), listing.items[0].person.email.as_deref()), (Some("it"), None));
    assert_eq!((listing.items[1].locale.as_deref(), listing.items[1].updated_at), (None, None));
    let path = "GET /integrations/v1/restaurants/rest-1/customers?updatedAfter=2026-11-24T16%3A00%3A00Z&limit=200";
    assert_eq!(server.received()[0].line, format!("{path} HTTP/1.1"));
    assert_eq!(server.received()[1].line, format!("{path}&cursor=c1 HTTP/1.1"));
}

#[tokio::test]
async fn a_job_can_save_its_place_in_a_list_and_go_on() {
    let server = Server::playing([
        page(json!([customer("cust-1")]), json!("c1")),
        page(json!([customer("cust-2")]), Value::Null),
    ])
    .await;
    let client = server.client();
    let first = client.customers_page(&work(), &access(), &tenant(), &rome(), None, None).await.unwrap();
    let saved = Cursor::saved(first.next.unwrap().as_str());
    let second = client.customers_page(&work(), &access(), &tenant(), &rome(), None, saved.as_ref()).await.unwrap();
    assert_eq!((second.items[0].person.id.as_str(), second.next), ("cust-2", None));
    assert!(server.received()[1].line.contains("?limit=200&cursor=c1 "));
    assert_eq!((Cursor::saved(""), Cursor::saved(&"c".repeat(513))), (None, None));
}
