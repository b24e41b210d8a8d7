//! What comes in between two steps of a holder, at every single place: what it left is read before anything is sent, and
//! what was told is remembered.

use crate::{
    crashes::run_for,
    fixture::{Restaurant, cancelled, id, order, placed, start, unclear},
};
use app::{
    memory::{Fault, TillCall},
    message::{OrderEvent, TillHint},
    orders::Outcome,
    ports::{OrderStore, TillError, TillState},
};
use domain::{TillOrderId, lifecycle::Phase, order::Status, till::Workflow};
use jiff::SignedDuration;
use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

/// By then an order whose creation was ambiguous may be looked for.
const SETTLED: SignedDuration = SignedDuration::from_secs(20);

#[tokio::test]
async fn a_cancellation_left_before_the_intent_is_stored_keeps_the_order_from_the_till() {
    let mut parked_in_time = 0;
    for steps in 0.. {
        let shop = Restaurant::open();
        shop.platform.put(order());
        let mut placing = pin!(shop.handle(placed(order())));
        let mut context = Context::from_waker(Waker::noop());
        if (0..steps).any(|_| matches!(placing.as_mut().poll(&mut context), Poll::Ready(_))) {
            break;
        }
        let before = shop.store.load(&Restaurant::key("o-1")).await.unwrap();
        let was_intended = before.as_ref().is_some_and(|stored| stored.state.phase != Phase::Received);
        let outcome = shop.handle(cancelled("o-1")).await.unwrap();
        parked_in_time += usize::from(outcome == Outcome::Parked && !was_intended);
        // Who was faster may leave the placement to come again.
        if placing.await.is_err() {
            shop.pass(120);
            shop.handle_again(placed(order())).await.unwrap();
        }
        assert_eq!(shop.stored("o-1").await.state.status, Status::Cancelled, "after {steps} steps");
        let sent = shop.sent("o-1").len();
        assert!(sent <= usize::from(was_intended), "cancelled after {steps} steps, and sent {sent} times");
    }
    assert!(parked_in_time > 0, "the cancellation never came while the order was made ready");
}

#[tokio::test]
async fn what_staff_were_told_to_enter_by_hand_is_not_sent_after_a_crash() {
    let mut told_and_ended = 0;
    for steps in 0.. {
        let shop = Restaurant::open();
        shop.platform.put(order());
        shop.till.fail(TillCall::SalesMode, [Fault::Before(TillError::KeyRefused { status: 401 })]);
        let was_over = run_for(steps, shop.handle(placed(order())));
        shop.pass(120);
        let was_told = shop.staff("o-1").contains(&TillState::Failed);
        told_and_ended += usize::from(was_told && !was_over);
        shop.handle_again(placed(order())).await.unwrap();
        let told = shop.staff("o-1").contains(&TillState::Failed);
        assert_ne!(told, !shop.till.all().is_empty(), "ended after {steps} steps: either told or sent");
        if was_over {
            break;
        }
    }
    assert!(told_and_ended > 0, "the holder was never ended between telling and writing");
}

#[tokio::test]
async fn a_customer_hears_the_cancellation_though_the_acceptance_was_told_and_the_holder_ended() {
    let mut told_and_ended = 0;
    for steps in 0.. {
        let shop = Restaurant::open();
        shop.place(order()).await.unwrap();
        crate::taken::take(&shop, 60).await;
        assert_eq!(shop.till_says("o-1", Workflow::Accepted).await.unwrap(), Outcome::Parked);
        shop.pass(61);
        let was_over = run_for(steps, shop.reconcile());
        told_and_ended += usize::from(!was_over && shop.told("o-1") == [Status::Confirmed]);
        shop.pass(120);
        shop.till_says("o-1", Workflow::Canceled).await.unwrap();
        shop.reconcile().await.unwrap();
        assert_eq!(shop.told("o-1").last(), Some(&Status::Rejected), "ended after {steps} steps");
        assert!(shop.platform.changed_requests().is_empty(), "ended after {steps} steps: one number, two requests");
        if was_over {
            break;
        }
    }
    assert!(told_and_ended > 0, "the holder was never ended between telling and writing");
}

/// An order whose holder ended after the till had it and before that was written, and that staff deleted meanwhile.
async fn created_unnoticed_and_deleted() -> (Restaurant, OrderEvent) {
    let shop = Restaurant::open();
    shop.platform.put(order());
    {
        let mut placing = pin!(shop.handle(placed(order())));
        let mut context = Context::from_waker(Waker::noop());
        while shop.till.all().is_empty() {
            assert!(placing.as_mut().poll(&mut context).is_pending());
        }
    }
    let hint = shop.hint("o-1");
    shop.till.delete(&id("o-1"));
    (shop, hint)
}

#[tokio::test]
async fn what_the_till_spoke_of_is_not_sent_again_though_it_was_deleted_before_anybody_read_it() {
    for comes_while_taken in [true, false] {
        for deletion_is_told in [true, false] {
            let (shop, called) = created_unnoticed_and_deleted().await;
            let till_id = TillOrderId::parse("till-1").unwrap();
            let told = if deletion_is_told { deleted(&till_id) } else { called };
            if comes_while_taken {
                assert_eq!(shop.handle(told).await.unwrap(), Outcome::Parked);
                shop.pass(120);
            } else {
                shop.pass(120);
                shop.handle(told).await.unwrap();
            }
            for _ in 0..3 {
                let _ = shop.handle_again(placed(order())).await;
                shop.pass(60);
                shop.reconcile().await.unwrap();
            }
            let context = format!("while taken: {comes_while_taken}, told of the deletion: {deletion_is_told}");
            assert_eq!(shop.sent("o-1").len(), 1, "{context}: staff deleted it, and it does not come back");
            assert_eq!(shop.told("o-1"), [Status::Rejected], "{context}: the customer knows");
        }
    }
}

fn deleted(till_order: &TillOrderId) -> OrderEvent {
    let hint = TillHint { id: till_order.clone(), external_id: Some(id("o-1")), deleted: true, payload: None };
    OrderEvent::TillOrder(hint)
}

#[tokio::test]
async fn what_is_left_while_an_order_that_failed_is_given_back_does_not_keep_it_taken() {
    let mut parked = 0;
    for steps in 0.. {
        let shop = Restaurant::open();
        shop.platform.put(order());
        shop.break_create([Fault::Before(unclear(None))]);
        let mut placing = pin!(shop.handle(placed(order())));
        let mut context = Context::from_waker(Waker::noop());
        if (0..steps).any(|_| matches!(placing.as_mut().poll(&mut context), Poll::Ready(_))) {
            break;
        }
        parked += usize::from(shop.handle(cancelled("o-1")).await.unwrap() == Outcome::Parked);
        // Whatever became of it.
        drop(placing.await);
        let until = shop.stored("o-1").await.leased_until;
        assert!(until.is_none_or(|until| until <= start() + SETTLED), "after {steps} steps until {until:?}");
    }
    assert!(parked > 0, "nothing was ever left");
}
