//! A function may be ended at any moment: here at every single one, in every step of an order's life.

use crate::fixture::{Restaurant, id, order_like, placed, prepaid, receipt_for};
use app::{message::OrderEvent, ports::TillState};
use domain::{
    order::{
        Order,
        Status::{Confirmed, Evaso},
    },
    till::Workflow,
};
use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

/// Runs a future for so many steps and then ends it there. True if it was over before.
pub(crate) fn run_for(steps: usize, work: impl Future) -> bool {
    let mut work = pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    (0..=steps).any(|_| matches!(work.as_mut().poll(&mut context), Poll::Ready(_)))
}

/// The messages of one life, in order, with what happens at the till before each.
fn life(shop: &Restaurant, order: &Order) -> Vec<Box<dyn Fn() -> OrderEvent>> {
    let (till, again) = (shop.till.clone(), order.clone());
    let hint = |workflow| {
        let till = till.clone();
        Box::new(move || {
            till.set(&id("o-1"), workflow);
            crate::fixture::hint_at(&till, "o-1")
        }) as Box<dyn Fn() -> OrderEvent>
    };
    vec![
        Box::new(move || placed(again.clone())),
        hint(Workflow::Accepted),
        hint(Workflow::Completed),
        Box::new(|| receipt_for("o-1")),
    ]
}

/// Ends the function after so many steps of its work on one message, lets the lease run out, and delivers again.
async fn live_through_a_crash(order: Order, crashed: usize, steps: usize) -> (Restaurant, bool) {
    let shop = Restaurant::open();
    shop.platform.put(order.clone());
    let mut was_over = false;
    for (number, event) in life(&shop, &order).into_iter().enumerate() {
        if number == crashed {
            was_over = run_for(steps, shop.handle(event()));
            shop.pass(120);
            // A deadline of the order may have come meanwhile; nothing else is known to be missing.
        }
        for _ in 0..3 {
            if shop.handle_again(event()).await.is_ok() {
                break;
            }
            shop.pass(30);
        }
    }
    shop.reconcile().await.unwrap();
    (shop, was_over)
}

async fn every_crash(order: impl Fn() -> Order) {
    let mut all_moments = 0;
    for crashed in 0..4 {
        let mut moments = 0;
        loop {
            let (shop, was_over) = live_through_a_crash(order(), crashed, moments).await;
            let context = format!("message {crashed}, ended after {moments} steps");
            assert_eq!(shop.till.all().len(), 1, "{context}: neither lost nor doubled");
            assert_eq!(shop.told("o-1"), [Confirmed, Evaso], "{context}: told once each, in order");
            assert!(shop.staff("o-1").contains(&TillState::Delivered), "{context}: staff know");
            assert!(shop.platform.changed_requests().is_empty(), "{context}: each repetition is the same request");
            assert_eq!(shop.open_orders().await, 0, "{context}: over");
            assert_eq!(shop.till.customers().len(), 1, "{context}: the customer is one, too");
            if was_over {
                break;
            }
            moments += 1;
        }
        all_moments += moments;
    }
    assert!(all_moments > 20, "a life has more than {all_moments} moments to be ended at");
}

#[tokio::test]
async fn e61_a_function_ended_at_any_moment_loses_doubles_and_repeats_nothing() {
    every_crash(|| order_like(|_| {})).await;
}

#[tokio::test]
async fn e61_a_function_ended_at_any_moment_of_a_prepaid_order_loses_doubles_and_repeats_nothing() {
    every_crash(prepaid).await;
}
