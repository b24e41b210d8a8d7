//! Every moment of an attempt that fails at which the function may end: what was told is always what is stored.

use crate::{
    crashes::run_for,
    fixture::{Restaurant, order, placed, unclear, unreachable},
};
use app::{
    memory::{Fault, TillCall},
    ports::{PlatformError, TillError, TillState},
};
use domain::till::Workflow;

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

#[tokio::test]
async fn what_was_told_before_an_order_came_to_the_till_is_repeated_as_it_was_after_it() {
    let shop = Restaurant::open();
    shop.break_create([Fault::After(unclear(None))]);
    shop.platform.lose_answer(PlatformError::Unavailable { status: None, retry_after: None, detail: String::new() });
    shop.place(order()).await.unwrap_err();
    shop.pass(21);
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    assert_eq!(shop.staff("o-1"), [TillState::Pending, TillState::Delivered]);
    assert_eq!(shop.platform.changed_requests(), Vec::<String>::new());
}
