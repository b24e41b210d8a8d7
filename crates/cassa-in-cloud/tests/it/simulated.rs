//! The client against the simulated till, strict by default.

use crate::{
    access::{access_with, client_at, fixture, work, work_for},
    body::takeaway,
};
use app::ports::{TenantAccess, Till, TillError};
use cassa_in_cloud::Client;
use domain::{
    Cents, ProductId, TillCustomerId, VariantId,
    till::{Draft, DraftRow, RowItem, Workflow},
};
use jiff::{SignedDuration, Timestamp};
use simulator::{FaultKind, FaultSpec, RestaurantSpec, Simulator, SimulatorConfig, demo_ids};
use std::time::Duration;

const BATCH: &str = "POST /documents/orders/batch";

fn start() -> (Simulator, Client, TenantAccess) {
    let simulator = Simulator::start(SimulatorConfig::default()).unwrap();
    let client = client_at(&simulator.cic_url());
    (simulator, client, access_with(&RestaurantSpec::demo().api_key))
}

async fn customer(client: &Client, access: &TenantAccess) -> TillCustomerId {
    let record = fixture("customer-create-request").as_object().unwrap().clone();
    client.create_customer(&work(), access, &record).await.unwrap()
}

async fn draft(client: &Client, access: &TenantAccess) -> Draft {
    let wanted = [ProductId::parse(demo_ids::MARGHERITA).unwrap()];
    let products = client.products(&work(), access, &wanted).await.unwrap();
    let mode = client.sales_mode(&work(), access, "plateform_takeaway").await.unwrap().unwrap();
    let [product] = &products[..] else { panic!("{products:?}") };
    let row = DraftRow {
        item: RowItem::Variant(product.variants[0].clone()),
        department: product.department.clone(),
        tax: product.tax.clone(),
        price: Cents(700),
        ..takeaway().rows[0].clone()
    };
    let now = Timestamp::now();
    Draft {
        customer: Some(customer(client, access).await),
        sales_mode: mode.id,
        date: now,
        due: now + SignedDuration::from_hours(1),
        rows: vec![row],
        ..takeaway()
    }
}

fn window() -> (Timestamp, Timestamp) {
    let now = Timestamp::now();
    (now - SignedDuration::from_hours(24), now + SignedDuration::from_hours(24 * 4))
}

#[tokio::test]
async fn an_order_lives_from_the_catalogue_to_its_receipt() {
    let (simulator, client, access) = start();
    let draft = draft(&client, &access).await;
    let (id, (from, to)) = (&draft.external_id, window());
    let body = client.order_body(&draft).unwrap();
    let till_id = client.create_order(&work(), &access, id, &body).await.unwrap();
    let order = client.order(&work(), &access, &till_id).await.unwrap().unwrap();
    assert_eq!(order.external_id.as_ref(), Some(id));
    assert_eq!((order.workflow, order.amount), (Workflow::Requested, Some(draft.amount())));
    simulator.accept(id.as_str()).await.unwrap();
    let orders = client.orders(&work(), &access, from, to).await.unwrap();
    assert_eq!(orders.iter().map(|o| (&o.id, o.workflow)).collect::<Vec<_>>(), [(&till_id, Workflow::Accepted)]);
    simulator.receipt(id.as_str()).await.unwrap();
    let links = client.documented_orders(&work(), &access, from, to).await.unwrap();
    assert_eq!(links.len(), 1);
    assert_eq!(links[0].external_id.as_ref(), Some(id));
    simulator.delete(id.as_str()).await.unwrap();
    assert_eq!(client.order(&work(), &access, &till_id).await, Ok(None));
}

#[tokio::test]
async fn e02_an_order_created_without_an_answer_is_found_again_and_never_doubled() {
    for fault in [
        FaultKind::TimeoutAfterCommit,
        FaultKind::CloseAfterCommit,
        FaultKind::ErrorAfterCommit,
        FaultKind::TruncatedJson,
        FaultKind::OddShape,
    ] {
        let (simulator, client, access) = start();
        let draft = draft(&client, &access).await;
        let (id, (from, to)) = (&draft.external_id, window());
        let body = client.order_body(&draft).unwrap();
        simulator.arm_fault(FaultSpec::new(BATCH, fault));
        let error = client.create_order(&work_for(Duration::from_secs(1)), &access, id, &body).await.unwrap_err();
        assert!(matches!(error, TillError::Unclear { .. }), "{fault:?}: {error:?}");
        let orders = client.orders(&work(), &access, from, to).await.unwrap();
        assert_eq!(orders.iter().filter(|order| order.external_id.as_ref() == Some(id)).count(), 1, "{fault:?}");
        let again = client.create_order(&work(), &access, id, &body).await;
        assert!(matches!(again, Err(TillError::Conflict { .. })), "{fault:?}: {again:?}");
    }
}

#[tokio::test]
async fn e13_an_unknown_row_and_e33_a_past_time_are_refused_for_what_they_are() {
    let (_simulator, client, access) = start();
    let good = draft(&client, &access).await;
    let mut unknown = good.clone();
    unknown.rows[0].item = RowItem::Variant(VariantId::parse("nobody").unwrap());
    let late = Draft { due: Timestamp::now() - SignedDuration::from_hours(1), ..good };
    let mut outcomes = Vec::new();
    for draft in [unknown, late] {
        let body = client.order_body(&draft).unwrap();
        outcomes.push(client.create_order(&work(), &access, &draft.external_id, &body).await.unwrap_err());
    }
    assert!(matches!(&outcomes[0], TillError::InvalidId { .. }), "{outcomes:?}");
    assert!(matches!(&outcomes[1], TillError::Refused { .. }), "{outcomes:?}");
}

#[tokio::test]
async fn s70_a_customer_is_created_found_and_written_back() {
    let (_simulator, client, access) = start();
    let id = customer(&client, &access).await;
    let mut found = client.customers_by_email(&work(), &access, "cliente@example.test").await.unwrap();
    assert_eq!(found.iter().map(|customer| &customer.id).collect::<Vec<_>>(), [&id]);
    let mut customer = found.remove(0);
    customer.record.insert("note".to_owned(), "prova".into());
    client.update_customer(&work(), &access, &customer).await.unwrap();
    let found = client.customers_by_name(&work(), &access, "Cliente Prova").await.unwrap();
    assert_eq!(found[0].record["note"], "prova");
}

#[tokio::test]
async fn e44_a_token_that_the_till_forgot_costs_one_call() {
    let (simulator, client, access) = start();
    let (from, to) = window();
    client.orders(&work(), &access, from, to).await.unwrap();
    simulator.expire_tokens();
    client.orders(&work(), &access, from, to).await.unwrap();
}

#[tokio::test]
async fn e45_a_key_that_is_not_the_tills_is_refused() {
    let (_simulator, client, _) = start();
    let (from, to) = window();
    let error = client.orders(&work(), &access_with("nobody"), from, to).await.unwrap_err();
    assert!(matches!(error, TillError::KeyRefused { .. }), "{error:?}");
}
