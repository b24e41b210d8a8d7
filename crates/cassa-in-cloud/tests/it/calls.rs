//! What each call sends, and what it makes of the documented answer.

use crate::{
    access::{access, client, client_at, fixture, now, work},
    server::{Reply, Server},
};
use app::ports::{Till, TillError};
use domain::{
    Cents, DepartmentId, OrderId, ProductId, SalesPointId, TaxId, TillCustomerId, TillOrderId, VariantId,
    till::{TillCustomer, TillOrder, Workflow},
};
use jiff::SignedDuration;
use serde_json::json;

fn uuid(last: u32) -> String {
    format!("00000000-0000-4000-8000-{last:012}")
}

#[tokio::test]
async fn a_read_carries_the_headers_of_a_read() {
    let server = Server::answering(200, fixture("orders-page")).await;
    client(&server).orders(&work(), &access(), now(), now()).await.unwrap();
    let request = &server.requests()[0];
    for (name, value) in [
        ("authorization", "Bearer token-1"),
        ("x-version", "1.0.0"),
        ("content-type", "application/json"),
        ("user-agent", concat!("ponte/", env!("CARGO_PKG_VERSION"))),
        ("x-correlation-id", "c-1"),
    ] {
        assert_eq!(request.header(name), Some(value), "{name}");
    }
    assert_eq!(request.header("x-requested-with"), None);
}

#[tokio::test]
async fn a_token_is_asked_for_as_documented() {
    let server = Server::answering(200, fixture("orders-page")).await;
    client(&server).orders(&work(), &access(), now(), now()).await.unwrap();
    let request = &server.tokens()[0];
    assert_eq!(request.line, "POST /apikey/token HTTP/1.1");
    assert_eq!(request.json(), json!({"apiKey": "key-1"}));
    assert_eq!(request.header("x-requested-with"), Some("*"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("authorization"), None);
}

#[tokio::test]
async fn an_order_is_posted_as_it_was_stored() {
    let server = Server::answering(200, fixture("order-batch-create-response")).await;
    let (order, body) = (OrderId::parse("plt-order-1001").unwrap(), r#"{"create": [ {"x":1.50} ]}"#);
    let id = client(&server).create_order(&work(), &access(), &order, body).await.unwrap();
    assert_eq!(id.as_str(), uuid(601));
    let request = &server.requests()[0];
    assert_eq!(request.line, "POST /documents/orders/batch HTTP/1.1");
    assert_eq!(request.body, body);
    assert_eq!(request.header("x-requested-with"), Some("*"));
    assert_eq!(request.header("x-version"), Some("1.0.0"));
}

#[tokio::test]
async fn the_other_documented_answer_to_a_created_order_is_understood_too() {
    let server = Server::answering(201, fixture("order-batch-create-response-alt")).await;
    let order = OrderId::parse("plt-order-1001").unwrap();
    let id = client(&server).create_order(&work(), &access(), &order, "{}").await.unwrap();
    assert_eq!(id.as_str(), uuid(601));
}

#[tokio::test]
async fn an_order_is_read_by_id() {
    let server = Server::answering(200, fixture("order-get-response")).await;
    let id = TillOrderId::parse(&uuid(601)).unwrap();
    let order = client(&server).order(&work(), &access(), &id).await.unwrap().unwrap();
    let expected = TillOrder {
        id,
        external_id: OrderId::parse("plt-order-1001").ok(),
        workflow: Workflow::Requested,
        processed: false,
        rejection_reason: None,
        sales_point: Some(SalesPointId(90101)),
        amount: Some(Cents(1900)),
    };
    assert_eq!(order, expected);
    assert_eq!(server.requests()[0].line, format!("GET /documents/orders/{} HTTP/1.1", uuid(601)));
}

#[tokio::test]
async fn an_order_that_the_till_does_not_have_is_none() {
    for (status, name) in [(404, "error-internal"), (400, "error-invalid-id"), (500, "error-invalid-id")] {
        let server = Server::answering(status, fixture(name)).await;
        let id = TillOrderId::parse("t-1").unwrap();
        assert_eq!(client(&server).order(&work(), &access(), &id).await, Ok(None), "{status}");
    }
}

#[tokio::test]
async fn the_answer_about_another_order_is_not_believed() {
    let server = Server::answering(200, fixture("order-get-response")).await;
    let id = TillOrderId::parse("t-1").unwrap();
    let error = client(&server).order(&work(), &access(), &id).await.unwrap_err();
    assert!(matches!(error, TillError::Unclear { status: Some(200), .. }));
}

#[tokio::test]
async fn the_address_may_have_a_path_of_its_own() {
    for slash in ["", "/"] {
        let server = Server::scripted(|_, _| Reply::Json(503, json!({}))).await;
        let client = client_at(&format!("{}/cic{slash}", server.url()));
        client.orders(&work(), &access(), now(), now()).await.unwrap_err();
        assert_eq!(server.requests()[0].path(), "/cic/apikey/token");
    }
}

#[tokio::test]
async fn an_id_can_never_lead_to_another_resource() {
    let server = Server::answering(404, json!({})).await;
    let client = client(&server);
    for (id, path) in
        [("../products?a=1", "/documents/orders/..%2Fproducts%3Fa=1"), ("a%2Fb", "/documents/orders/a%252Fb")]
    {
        client.order(&work(), &access(), &TillOrderId::parse(id).unwrap()).await.unwrap();
        assert_eq!(server.requests().last().unwrap().path(), path);
    }
    let count = server.requests().len();
    assert_eq!(client.order(&work(), &access(), &TillOrderId::parse("..").unwrap()).await, Ok(None));
    assert_eq!(server.requests().len(), count);
}

#[tokio::test]
async fn orders_are_asked_for_by_sales_point_in_windows_shorter_than_three_days() {
    let server = Server::answering(200, fixture("orders-page")).await;
    let (from, to) = (now() - SignedDuration::from_hours(60), now());
    let orders = client(&server).orders(&work(), &access(), from, to).await.unwrap();
    assert_eq!(orders.len(), 1, "an order in two slices is one order");
    let requests = server.requests();
    let window = |key: &str| requests.iter().map(|r| r.query(key).unwrap().parse().unwrap()).collect::<Vec<i64>>();
    let middle = (from + SignedDuration::from_hours(48)).as_millisecond();
    assert_eq!(window("datetimeFrom"), [from.as_millisecond(), middle]);
    assert_eq!(window("datetimeTo"), [middle, to.as_millisecond()]);
    assert_eq!(requests[0].path(), "/documents/orders");
    assert_eq!(requests[0].query("idsSalesPoint").as_deref(), Some("[90101]"));
    assert_eq!(requests[0].query("start").as_deref(), Some("0"));
    assert_eq!(requests[0].query("limit").as_deref(), Some("100"));
}

#[tokio::test]
async fn products_are_asked_for_by_id_and_those_that_are_gone_are_absent() {
    let server = Server::answering(200, fixture("products-page")).await;
    let ids = [101, 102, 999, 101].map(|id| ProductId::parse(&uuid(id)).unwrap());
    let products = client(&server).products(&work(), &access(), &ids).await.unwrap();
    assert_eq!(products.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Margherita", "Birra artigianale"]);
    assert_eq!(products[0].variants, [VariantId::parse(&uuid(201)).unwrap()]);
    assert_eq!(products[0].department, DepartmentId::parse(&uuid(21)).ok());
    assert_eq!(products[0].tax, TaxId::parse(&uuid(11)).ok());
    assert_eq!(products[1].variants.len(), 2);
    let request = &server.requests()[0];
    assert_eq!(request.path(), "/products");
    let literal = format!("[\"{}\",\"{}\",\"{}\"]", uuid(101), uuid(102), uuid(999));
    assert_eq!(request.query("ids"), Some(literal));
    assert_eq!(request.query("idsSalesPoint").as_deref(), Some("[90101]"));
    assert!(request.line.contains("ids=%5B%22"), "{}", request.line);
}

#[tokio::test]
async fn many_products_are_asked_for_a_page_at_a_time_and_none_not_at_all() {
    let server = Server::answering(200, json!({"products": [], "totalCount": 0})).await;
    let client = client(&server);
    assert_eq!(client.products(&work(), &access(), &[]).await, Ok(Vec::new()));
    assert_eq!(server.requests().len() + server.tokens().len(), 0);
    let ids: Vec<_> = (0..250).map(|n| ProductId::parse(&uuid(n)).unwrap()).collect();
    client.products(&work(), &access(), &ids).await.unwrap();
    let sizes = server.requests().iter().map(|r| r.query("ids").unwrap().matches(',').count() + 1).collect::<Vec<_>>();
    assert_eq!(sizes, [100, 100, 50]);
}

#[tokio::test]
async fn customers_are_asked_for_with_quoted_texts() {
    let server = Server::answering(200, fixture("customers-page")).await;
    let client = client(&server);
    let found = client.customers_by_email(&work(), &access(), "cliente@example.test").await.unwrap();
    assert_eq!(found[0].id.as_str(), uuid(501));
    assert_eq!(serde_json::Value::from(found[0].record.clone()), fixture("customers-page")["customers"][0]);
    client.customers_by_name(&work(), &access(), "Zoë \"Z\" D'Arco").await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].path(), "/customers");
    assert_eq!(requests[0].query("email").as_deref(), Some("\"cliente@example.test\""));
    assert_eq!(requests[1].query("name").as_deref(), Some("\"Zoë \\\"Z\\\" D'Arco\""));
}

#[tokio::test]
async fn a_customer_is_created_from_the_record_given() {
    for answer in [fixture("customer-create-response"), json!({"customer": {"id": uuid(501)}})] {
        let server = Server::answering(201, answer).await;
        let record = fixture("customer-create-request").as_object().unwrap().clone();
        let id = client(&server).create_customer(&work(), &access(), &record).await.unwrap();
        assert_eq!(id.as_str(), uuid(501));
        assert_eq!(server.requests()[0].line, "POST /customers HTTP/1.1");
        assert_eq!(server.requests()[0].json(), fixture("customer-create-request"));
        assert_eq!(server.requests()[0].header("x-requested-with"), Some("*"));
    }
}

#[tokio::test]
async fn a_customer_is_written_back_whole_and_any_success_will_do() {
    let record = fixture("customers-page")["customers"][0].as_object().unwrap().clone();
    let customer = TillCustomer { id: TillCustomerId::parse(&uuid(501)).unwrap(), record };
    for (status, body) in [(204, ""), (200, ""), (200, "{\"id\":1}"), (200, "not json")] {
        let server = Server::till(move |_, _| Reply::Full(status, "", body.into())).await;
        assert_eq!(client(&server).update_customer(&work(), &access(), &customer).await, Ok(()), "{status} {body}");
        assert_eq!(server.requests()[0].line, format!("PUT /customers/{} HTTP/1.1", uuid(501)));
        assert_eq!(server.requests()[0].json(), fixture("customers-page")["customers"][0]);
    }
}

#[tokio::test]
async fn a_customer_that_is_gone_is_an_unknown_id() {
    let server = Server::answering(404, json!({})).await;
    let customer = TillCustomer { id: TillCustomerId::parse("c-1").unwrap(), record: serde_json::Map::new() };
    let error = client(&server).update_customer(&work(), &access(), &customer).await.unwrap_err();
    assert!(matches!(error, TillError::InvalidId { .. }));
}
