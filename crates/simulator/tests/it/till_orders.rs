//! Orders on the till: what a creation must satisfy, and what a read shows.

use crate::harness::{World, good_order, now_ms};
use reqwest::Method;
use serde_json::{Value, json};

/// Spoils one field of a good order and returns status, code and message.
async fn refused(world: &World, pointer: &str, value: Value) -> (u16, String, String) {
    let mut order = world.good_order("ord-1").await;
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    order.pointer_mut(parent).unwrap()[field] = value;
    let (status, body) = world.create(&order).await;
    let text = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
    (status, text("error"), text("msg"))
}

async fn assert_refused(pointer: &str, value: Value, code: &str, message: &str) {
    let world = World::start().await;
    let answer = refused(&world, pointer, value.clone()).await;
    assert_eq!(answer, (400, code.to_owned(), message.to_owned()), "{pointer} = {value}");
}

#[tokio::test]
async fn a_used_external_id_is_a_conflict_even_after_deletion() {
    let world = World::start().await;
    let order = world.good_order("ord-1").await;
    assert_eq!(world.create(&order).await.0, 200);
    let expected = (400, json!({ "error": "ConflictValue", "msg": "externalId" }));
    assert_eq!(world.create(&order).await, expected);
    world.sim.delete("ord-1").await.unwrap();
    assert_eq!(world.create(&order).await, expected);
}

#[tokio::test]
async fn a_due_date_must_be_a_future_number() {
    for value in [Value::Null, json!(now_ms() - 1000), json!("2030-01-01"), json!("2030-01-01T10:00:00Z")] {
        assert_refused("/dueDate", value, "InvalidParams", "dueDate").await;
    }
}

#[tokio::test]
async fn ids_that_the_till_does_not_know_are_invalid() {
    let unknown = || json!("00000000-0000-4000-8000-00000000dead");
    for field in ["idProductVariant", "idDepartment", "idTax", "idSalesMode"] {
        assert_refused(&format!("/document/rows/0/{field}"), unknown(), "InvalidId", field).await;
    }
    assert_refused("/document/idCustomer", unknown(), "InvalidId", "idCustomer").await;
    assert_refused("/document/idSalesPoint", json!(77777), "InvalidId", "idSalesPoint").await;
}

#[tokio::test]
async fn department_tax_and_variant_are_required() {
    for field in ["idProductVariant", "idDepartment", "idTax"] {
        assert_refused(&format!("/document/rows/0/{field}"), Value::Null, "InvalidParams", field).await;
    }
}

#[tokio::test]
async fn neither_customer_nor_organization_is_refused_unless_switched_off() {
    assert_refused("/document/idCustomer", Value::Null, "InvalidParams", "idCustomer").await;
    let world = World::start().await;
    world.till_switch(json!({ "customer_required": false }));
    assert_eq!(refused(&world, "/document/idCustomer", Value::Null).await.0, 200);
}

#[tokio::test]
async fn row_numbers_begin_at_one_and_do_not_repeat() {
    assert_refused("/document/rows/0/rowNumber", json!(0), "InvalidParams", "rowNumber").await;
    let world = World::start().await;
    let mut order = world.good_order("ord-1").await;
    let row = order["document"]["rows"][0].clone();
    order["document"]["rows"] = json!([row, row]);
    order["document"]["amount"] = json!(28.0);
    assert_eq!(world.create(&order).await.1["msg"], "rowNumber");
}

#[tokio::test]
async fn an_amount_one_cent_off_is_refused() {
    for amount in [json!(14.01), json!(13.99), json!(14.001), json!("14.00"), Value::Null] {
        assert_refused("/document/amount", amount, "InvalidParams", "amount").await;
    }
}

#[tokio::test]
async fn a_price_with_a_fraction_of_a_cent_is_refused() {
    assert_refused("/document/rows/0/price", json!(7.001), "InvalidParams", "price").await;
    assert_refused("/document/rows/0/price", json!("7.00"), "InvalidParams", "price").await;
}

#[tokio::test]
async fn heads_are_checked() {
    assert_refused("/externalId", Value::Null, "InvalidParams", "externalId").await;
    assert_refused("/deliveryMode", json!("TAKEAWAY"), "InvalidParams", "deliveryMode").await;
    assert_refused("/prepay", Value::Null, "InvalidParams", "prepay").await;
    assert_refused("/isExternalOrder", Value::Null, "InvalidParams", "isExternalOrder").await;
    assert_refused("/destinationCountry", json!("Italia"), "InvalidParams", "destinationCountry").await;
    assert_refused("/date", json!("2026-01-01"), "InvalidParams", "date").await;
    assert_refused("/document/rows", json!([]), "InvalidParams", "rows").await;
}

#[tokio::test]
async fn a_prepaid_order_says_where_the_payment_stands() {
    assert_refused("/prepay", json!(true), "InvalidParams", "prepaymentStatus").await;
}

#[tokio::test]
async fn a_reached_limit_refuses_every_order_with_its_text() {
    let world = World::start().await;
    world.till_switch(json!({ "order_limit": "limite ordini per fascia oraria raggiunto" }));
    let (status, body) = world.create(&world.good_order("ord-1").await).await;
    assert_eq!((status, &body["error"]), (400, &json!("InvalidParams")));
    assert!(body["msg"].as_str().unwrap().contains("fascia oraria"));
}

#[tokio::test]
async fn an_order_that_is_not_external_is_kept_and_never_shown() {
    let world = World::start().await;
    let mut order = world.good_order("ord-1").await;
    order["isExternalOrder"] = json!(false);
    assert_eq!(world.create(&order).await.0, 200);
    assert!(world.sim.accept("ord-1").await.is_err());
}

#[tokio::test]
async fn what_was_received_is_kept_exactly_with_unknown_fields() {
    let world = World::start().await;
    let mut order = world.good_order("ord-1").await;
    order["somethingElse"] = json!({ "a": null });
    world.create(&order).await;
    assert_eq!(world.sim.till_order("ord-1").unwrap()["received"], order);
    let requests = world.sim.requests(Some(simulator::Party::Cic));
    assert_eq!(requests.last().unwrap().body["create"][0], order);
}

#[tokio::test]
async fn a_read_shows_states_ids_and_row_amounts() {
    let world = World::start().await;
    let (_, body) = world.create(&world.good_order("ord-1").await).await;
    let id = body["batchResponse"]["createDetails"][0]["id"].as_str().unwrap();
    let (_, body) = world.till_get(&format!("/documents/orders/{id}")).await;
    let order = &body["order"];
    assert_eq!((&order["status"], &order["externalWorkflowStatus"]), (&json!("NOT_PROCESSED"), &json!("REQUESTED")));
    assert_eq!(order["document"]["rows"][0]["calculatedAmount"], 14.0);
    assert_eq!(order["document"]["rows"][0]["idProduct"], simulator::demo_ids::MARGHERITA);
    assert_eq!(world.till_get("/documents/orders/unknown").await.0, 404);
}

#[tokio::test]
async fn a_batch_is_kept_whole_or_not_at_all_and_its_size_is_noted() {
    let world = World::start().await;
    let customer = world.new_customer().await;
    let (first, mut second) = (good_order("ord-1", &customer), good_order("ord-2", &customer));
    let send = async |orders: Value| {
        world.till_send(Method::POST, "/documents/orders/batch", &json!({ "create": orders })).await.0
    };
    assert_eq!(send(json!([first, first])).await, 400);
    second["document"]["amount"] = json!(1.0);
    assert_eq!(send(json!([first, second])).await, 400);
    assert!(world.sim.till_order("ord-1").is_none());
    second["document"]["amount"] = json!(14.0);
    assert_eq!(send(json!([first, second])).await, 200);
    assert_eq!(world.sim.till_order("ord-2").unwrap()["batch_size"], 2);
    assert_eq!(send(json!([])).await, 400);
}

#[tokio::test]
async fn the_answer_can_have_the_other_shape() {
    let world = World::start().await;
    world.till_switch(json!({ "batch_answer": "create" }));
    let (_, body) = world.create(&world.good_order("ord-1").await).await;
    assert_eq!(body["batchResponse"]["create"][0]["externalId"], "ord-1");
    assert_eq!(body["batchResponse"]["update"], json!([]));
}

#[tokio::test]
async fn prepayment_can_be_changed_and_a_status_cannot() {
    let world = World::start().await;
    let (_, body) = world.create(&world.good_order("ord-1").await).await;
    let id = body["batchResponse"]["createDetails"][0]["id"].as_str().unwrap();
    let path = format!("/documents/orders/{id}/prepayment");
    let paid = json!({ "prepay": true, "prepaymentStatus": "WAITING", "prepaymentTransactionId": "pi_test_1" });
    assert_eq!(world.till_send(Method::PUT, &path, &paid).await.0, 204);
    assert_eq!(world.sim.till_order("ord-1").unwrap()["entity"]["prepay"], true);
    assert_eq!(world.till_send(Method::PUT, &path, &json!({})).await.0, 400);
    assert_eq!(world.till_send(Method::PUT, &format!("/documents/orders/{id}"), &json!({})).await.0, 405);
}
