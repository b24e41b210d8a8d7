//! Orders of the simulated platform: client and simulator were written from the contract alone, and have to agree.

use crate::{
    server::{instant, rome, work},
    stage::Stage,
};
use app::ports::{OrderKey, Platform, PlatformError, StatusChange, TillDelivery, TillState};
use domain::{
    OrderId, TillOrderId,
    order::{OptionKind, Service, Status},
};
use plateform::{IntegrationState, IntegrationStatus, PlatformEvent};
use serde_json::json;
use simulator::{ActionOptions, FaultKind};

const KEY: &str = "rest-demo:effect:1";

fn change(status: Status) -> StatusChange {
    StatusChange {
        status,
        reason: (status == Status::Rejected).then(|| "cucina chiusa".to_owned()),
        occurred_at: instant("2026-11-24T17:00:00Z"),
        till_order: Some(TillOrderId::parse("till-9").unwrap()),
    }
}

#[tokio::test]
async fn an_order_is_the_same_by_webhook_by_list_and_by_itself() {
    let stage = Stage::set().await;
    let key = stage.order("plt-1").await;
    let read = stage.client.order(&work(), &stage.access, &key, &rome()).await.unwrap().unwrap();
    let listed = stage.client.new_orders(&work(), &stage.access, &stage.tenant, &rome()).await.unwrap();
    assert_eq!(listed, std::slice::from_ref(&read));

    assert_eq!(stage.heard(), PlatformEvent::OrderCreated(Box::new(read.clone())));
    assert_eq!((read.service, read.lines[0].options[0].kind), (Service::Delivery, OptionKind::Addition));
    assert_eq!(read.requested_for, Some(instant("2026-11-24T18:30:00Z")));
    assert_eq!(read.delivery.unwrap().street, "Via Prova 1");
}

#[tokio::test]
async fn an_order_that_was_never_placed_is_none() {
    let stage = Stage::set().await;
    let key = OrderKey { tenant: stage.tenant.clone(), order: OrderId::parse("a/../b?c").unwrap() };
    assert_eq!(stage.client.order(&work(), &stage.access, &key, &rome()).await, Ok(None));
}

#[tokio::test]
async fn an_order_moves_once_and_an_illegal_move_tells_where_it_is() {
    let stage = Stage::set().await;
    let key = stage.order("plt-1").await;
    let go = async |idempotency_key: &str, status| {
        stage.client.change_status(&work(), &stage.access, &key, idempotency_key, &change(status)).await
    };
    assert_eq!(go("plt-1:confirmed:1", Status::Confirmed).await, Ok(Status::Confirmed));
    assert_eq!(go("plt-1:confirmed:1", Status::Confirmed).await, Ok(Status::Confirmed), "the same key again");
    assert_eq!(go("plt-1:evaso:1", Status::Evaso).await, Ok(Status::Evaso));
    let illegal = PlatformError::IllegalTransition { current: Status::Evaso };
    assert_eq!(go("plt-1:rejected:1", Status::Rejected).await, Err(illegal));
    let reused = PlatformError::Refused { status: 409, code: "idempotency_key_reused".into() };
    assert_eq!(go("plt-1:confirmed:1", Status::Rejected).await, Err(reused));
    assert_eq!(stage.platform.messages("plt-1").len(), 2, "the customer heard of each state once");
}

#[tokio::test]
async fn a_move_whose_connection_is_lost_after_it_took_effect_is_done_once() {
    let stage = Stage::set().await;
    let key = stage.order("plt-1").await;
    stage.arm("POST /restaurants/*/orders/*/status", FaultKind::CloseAfterCommit);
    let moved = stage.client.change_status(&work(), &stage.access, &key, KEY, &change(Status::Rejected)).await;
    assert_eq!(moved, Ok(Status::Rejected));
    assert_eq!(stage.platform.messages("plt-1").len(), 1);
}

#[tokio::test]
async fn each_fault_of_the_platform_can_be_tried_again() {
    let stage = Stage::set().await;
    let key = stage.order("plt-1").await;
    for fault in [
        FaultKind::ErrorBeforeCommit,
        FaultKind::TruncatedJson,
        FaultKind::OddShape,
        FaultKind::RateLimited,
        FaultKind::Unavailable,
    ] {
        stage.arm("GET /restaurants/*/orders/*", fault);
        let told = stage.client.order(&work(), &stage.access, &key, &rome()).await;
        assert!(told.as_ref().is_err_and(PlatformError::is_retryable), "{fault:?}: {told:?}");
    }
}

#[tokio::test]
async fn staff_and_restaurant_are_told() {
    let stage = Stage::set().await;
    let key = stage.order("plt-1").await;
    let delivery = TillDelivery {
        state: TillState::Failed,
        till_order: None,
        message: Some("inserire l'ordine a mano".into()),
        updated_at: instant("2026-11-24T17:00:00Z"),
    };
    stage.client.put_till(&work(), &stage.access, &key, "plt-1:till:1", &delivery).await.unwrap();
    let till = stage.platform.order("plt-1").unwrap()["till"].clone();
    assert_eq!((&till["state"], &till["message"]), (&json!("failed"), &json!("inserire l'ordine a mano")));

    let at = instant("2026-11-24T17:00:00Z");
    stage.client.put_active(&work(), &stage.access, &stage.tenant, "rest-demo:active:1", at).await.unwrap();
    let paused = IntegrationStatus { state: IntegrationState::Paused, message: None, checked_at: at, findings: vec![] };
    stage
        .client
        .put_integration_status(&work(), &stage.access, &stage.tenant, "rest-demo:paused:1", &paused)
        .await
        .unwrap();
    let states: Vec<_> = stage.platform.integration(stage.tenant.as_str()).iter().map(|s| s["state"].clone()).collect();
    assert_eq!(states.last(), Some(&json!("paused")), "{states:?}");
}

#[tokio::test]
async fn an_order_called_off_is_told_by_webhook() {
    let stage = Stage::set().await;
    stage.order("plt-1").await;
    stage.platform.cancel_order("plt-1", Some("troppo tardi"), ActionOptions::default()).await.unwrap();
    let order = OrderId::parse("plt-1").unwrap();
    assert_eq!(stage.heard(), PlatformEvent::OrderCancelled { order, reason: Some("troppo tardi".into()) });
}

#[tokio::test]
async fn e30_the_simulated_platform_lists_what_its_customers_called_off() {
    let stage = Stage::set().await;
    let (off, on) = (stage.order("plt-1").await, stage.order("plt-2").await);
    let placed = stage.client.order(&work(), &stage.access, &off, &rome()).await.unwrap().unwrap().created_at;
    stage.platform.cancel_order("plt-1", Some("troppo tardi"), ActionOptions::default()).await.unwrap();
    let orders = [off.order.clone(), on.order];
    let since = placed - jiff::SignedDuration::from_secs(60);
    let found = stage.client.cancelled(&work(), &stage.access, &stage.tenant, &rome(), since, &orders).await;
    assert_eq!(found, Ok(vec![off.order]));
}
