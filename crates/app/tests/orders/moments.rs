//! Every moment of a holder's work at which somebody else may act, or the function may end: what was told is always what
//! is stored.

use crate::{
    crashes::run_for,
    fixture::{Restaurant, order, placed, unreachable},
};
use app::{
    memory::{Fault, TillCall},
    ports::{OrderStore, TillError, TillState},
};
use domain::lifecycle::Phase;
use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

/// Does `meanwhile` after so many steps of `work`, which then goes on. True if it was over before.
async fn interrupted(steps: usize, work: impl Future, meanwhile: impl AsyncFnOnce()) -> bool {
    let mut work = pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..=steps {
        if matches!(work.as_mut().poll(&mut context), Poll::Ready(_)) {
            return true;
        }
    }
    meanwhile().await;
    work.await;
    false
}

#[tokio::test]
async fn a_cancellation_that_is_left_before_the_intent_is_stored_counts_before_anything_is_sent() {
    let mut before_the_intent = 0;
    for moment in 0.. {
        let shop = Restaurant::open();
        shop.platform.put(order());
        let mut may_be_sent = true;
        let was_over = interrupted(moment, shop.handle(placed(order())), async || {
            let stored = shop.store.load(&Restaurant::key("o-1")).await.unwrap();
            if let Some(stored) = stored {
                may_be_sent = !matches!(stored.state.phase, Phase::Received);
                assert!(shop.store.park(&Restaurant::key("o-1"), stored.revision, "cancelled").await.unwrap());
            }
        })
        .await;
        if was_over {
            break;
        }
        before_the_intent += usize::from(!may_be_sent);
        assert_eq!(shop.sent("o-1").is_empty(), !may_be_sent, "left at moment {moment}");
    }
    assert!(before_the_intent > 2, "only {before_the_intent} moments before the intent");
}

/// Ends the function at every moment of an order whose first attempts end so, lets the lease run out, and delivers again.
async fn every_crash_of_an_attempt(fault: &Fault, call: TillCall) {
    for moment in 0.. {
        let shop = Restaurant::open();
        shop.platform.put(order());
        shop.till.fail(call, [fault.clone(), fault.clone()]);
        let was_over = run_for(moment, shop.handle(placed(order())));
        for _ in 0..4 {
            shop.pass(120);
            if shop.handle_again(placed(order())).await.is_ok() {
                break;
            }
        }
        shop.reconcile().await.unwrap();
        let context = format!("{fault:?} of {call:?}, ended at moment {moment}");
        assert_eq!(
            shop.platform.changed_requests(),
            Vec::<String>::new(),
            "{context}: a repetition is the same request"
        );
        let last = shop.staff("o-1").pop();
        let expected = if shop.till.all().is_empty() { TillState::Failed } else { TillState::Delivered };
        assert_eq!(last, Some(expected), "{context}: staff know");
        if was_over {
            break;
        }
    }
}

#[tokio::test]
async fn staff_are_told_nothing_that_is_not_stored_whenever_the_function_ends() {
    let refused = TillError::KeyRefused { status: 401 };
    for call in [TillCall::SalesMode, TillCall::Products, TillCall::Customers, TillCall::Create] {
        every_crash_of_an_attempt(&Fault::Before(unreachable()), call).await;
        every_crash_of_an_attempt(&Fault::Before(refused.clone()), call).await;
    }
}
