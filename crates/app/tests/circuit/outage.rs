//! A party that is down for a while, and many orders that wait for it.

use crate::fixture::{Restaurant, Waiting, id, order, unreachable};
use app::{
    circuit::Notice,
    memory::{Fault, TillCall},
    message::OrderEvent,
    orders::{Delivery, Failure},
    ports::{PlatformError, TillError, TillState},
};
use domain::{lifecycle::Phase, order::Status, till::Workflow};
use futures::poll;
use std::{pin::pin, time::Duration};

#[tokio::test]
async fn two_hundred_orders_leave_a_till_alone_that_is_down_for_ten_minutes_and_are_all_sent_after_it() {
    let shop = Restaurant::open();
    let orders = shop.ordered(200);
    let instances = [shop.instance(), shop.instance(), shop.instance()];
    let mut queue = Waiting::of(&orders, shop.now());
    shop.till.go_down(Some(unreachable()));
    shop.minutes(10, &mut queue, &instances).await;
    // A batch of ten is under way side by side when it breaks down; then it is the trials, once a minute.
    let calls = shop.till.all_calls();
    assert!((10..=10 + 15).contains(&calls), "{calls} calls of 200 orders in ten minutes");
    assert!(shop.heard(Notice::Opened) >= 10, "{}", shop.heard(Notice::Opened));
    for order in &orders {
        assert_eq!(shop.staff(order), [TillState::Pending], "told at the first time, and once");
    }
    shop.till.go_down(None);
    shop.minutes(7, &mut queue, &instances).await;
    assert_eq!((shop.till.all().len(), shop.creations()), (200, 200));
    for order in &orders {
        // What the first have been told since is that nobody answers.
        assert_eq!(shop.staff(order)[..2], [TillState::Pending, TillState::Delivered]);
    }
    shop.minutes(1, &mut queue, &instances).await;
    assert!(queue.is_empty());
    assert!(queue.most_receives < 10, "no message was given up: {}", queue.most_receives);
    assert_eq!(shop.creations(), 200, "what the queue brought back was done already");
}

#[tokio::test]
async fn polling_finds_a_till_again_and_sends_five_of_what_waits_a_minute() {
    let shop = Restaurant::open();
    let (instance, orders) = (shop.instance(), shop.ordered(12));
    shop.till.go_down(Some(unreachable()));
    for order in &orders {
        instance.place(order).await.unwrap_err();
    }
    for _ in 0..20 {
        shop.pass(60);
        instance.handle(OrderEvent::Reconcile, Delivery::First).await.unwrap();
    }
    assert!(shop.till.all_calls() <= 5 + 20, "{}", shop.till.all_calls());
    shop.till.go_down(None);
    for _ in 0..4 {
        shop.pass(60);
        instance.handle(OrderEvent::Reconcile, Delivery::First).await.unwrap();
    }
    assert_eq!((shop.till.all().len(), shop.creations()), (12, 12));
}

#[tokio::test]
async fn a_creation_behind_an_open_circuit_is_never_ambiguous_and_is_made_once() {
    let shop = Restaurant::open();
    let instance = shop.instance();
    shop.ordered(2);
    // Between the intent of one order and its creation, the till asks another to slow down.
    let mut placed = pin!(instance.place("o-1"));
    while !matches!(shop.phase("o-1").await, Some(Phase::Creating { .. })) {
        assert!(poll!(placed.as_mut()).is_pending());
    }
    let slow_down = TillError::RateLimited { retry_after: Some(Duration::from_secs(30)) };
    shop.till.fail(TillCall::Products, [Fault::Before(slow_down)]);
    instance.place("o-2").await.unwrap_err();
    let failure = placed.await.unwrap_err();
    assert!(matches!(failure, Failure::Till(TillError::RateLimited { retry_after: Some(_) })), "{failure:?}");
    assert_eq!((shop.creations(), shop.staff("o-1")), (0, vec![TillState::Pending]));
    shop.pass(40);
    instance.handle(OrderEvent::Placed { order: Box::new(order("o-1")) }, Delivery::Again).await.unwrap();
    assert_eq!((shop.creations(), shop.staff("o-1")), (1, vec![TillState::Pending, TillState::Delivered]));
}

#[tokio::test]
async fn e02_a_lost_answer_is_read_back_when_the_till_may_be_asked_again_and_nothing_is_sent_before() {
    let shop = Restaurant::open();
    let instance = shop.instance();
    shop.ordered(1);
    let placed = || OrderEvent::Placed { order: Box::new(order("o-1")) };
    let lost = TillError::Unclear { status: None, detail: String::new() };
    shop.till.fail(TillCall::Create, [Fault::After(lost)]);
    let failure = instance.place("o-1").await.unwrap_err();
    assert!(matches!(failure, Failure::Ambiguous(_)), "{failure:?}");
    shop.pass(25);
    let slow_down = TillError::RateLimited { retry_after: Some(Duration::from_secs(60)) };
    shop.till.fail(TillCall::Orders, [Fault::Before(slow_down)]);
    instance.handle(placed(), Delivery::Again).await.unwrap_err();
    let before = shop.till.all_calls();
    shop.pass(25);
    let failure = instance.handle(placed(), Delivery::Again).await.unwrap_err();
    assert!(matches!(failure, Failure::Till(TillError::RateLimited { .. })), "{failure:?}");
    assert_eq!(shop.till.all_calls(), before, "nothing was asked, and nothing sent");
    shop.pass(60);
    instance.handle(placed(), Delivery::Again).await.unwrap();
    assert_eq!((shop.creations(), shop.till.all().len()), (1, 1));
}

#[tokio::test]
async fn e48_a_poisoned_order_opens_nothing_and_holds_up_no_other() {
    let shop = Restaurant::open();
    let instance = shop.instance();
    shop.ordered(30);
    for number in 1..=20 {
        let fault = TillError::Unclear { status: Some(500), detail: String::new() };
        shop.till.fail(TillCall::Create, [Fault::Before(fault)]);
        let failure = instance.place(&format!("o-{number}")).await.unwrap_err();
        assert!(matches!(failure, Failure::Ambiguous(_)), "{failure:?}");
    }
    for number in 21..=30 {
        instance.place(&format!("o-{number}")).await.unwrap();
    }
    assert_eq!((shop.circuits.saves(), shop.till.all().len()), (0, 10));
}

#[tokio::test]
async fn a_day_on_which_all_is_well_writes_nothing_and_reads_once_in_five_seconds() {
    let shop = Restaurant::open();
    let instance = shop.instance();
    for order in shop.ordered(20) {
        instance.place(&order).await.unwrap();
    }
    // One reading for the till and one for the platform.
    assert_eq!((shop.circuits.saves(), shop.circuits.loads()), (0, 2));
    shop.pass(5);
    instance.handle(OrderEvent::Reconcile, Delivery::First).await.unwrap();
    assert_eq!((shop.circuits.saves(), shop.circuits.loads()), (0, 3), "nothing was asked of the platform");
    assert_eq!(shop.heard(Notice::Opened), 0);
}

#[tokio::test]
async fn a_platform_that_asks_to_slow_down_is_told_everything_later() {
    let shop = Restaurant::open();
    let instance = shop.instance();
    let orders = shop.ordered(30);
    for order in &orders {
        instance.place(order).await.unwrap();
        shop.till.set(&id(order), Workflow::Accepted);
    }
    let retry_after = Some(Duration::from_secs(90));
    let busy = PlatformError::Unavailable { status: Some(503), retry_after, detail: String::new() };
    // More of it than may be asked for: each that is met with counts one less.
    shop.platform.fail(vec![busy; 2]);
    instance.handle(OrderEvent::Reconcile, Delivery::First).await.unwrap();
    let told = || orders.iter().filter(|order| shop.platform.status(&id(order)) == Some(Status::Confirmed)).count();
    assert_eq!((told(), shop.heard(Notice::SlowedDown)), (0, 1), "one has met with it, the others were not sent");
    shop.pass(60);
    instance.handle(OrderEvent::Reconcile, Delivery::First).await.unwrap();
    assert_eq!((told(), shop.heard(Notice::SlowedDown)), (0, 1), "what was asked for is obeyed");
    for _ in 0..5 {
        shop.pass(60);
        instance.handle(OrderEvent::Reconcile, Delivery::First).await.unwrap();
    }
    assert_eq!((told(), shop.heard(Notice::SlowedDown)), (30, 2));
    assert_eq!(shop.platform.changed_requests(), Vec::<String>::new());
}
