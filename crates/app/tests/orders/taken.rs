//! One order is never worked on by two at once, and a holder that lost it can write nothing.

use crate::fixture::{Restaurant, cancelled, order, placed, prepaid, receipt_for};
use app::{
    memory::Fault,
    orders::Outcome,
    ports::{Commit, Committed, OrderStore, TillError, TillState},
};
use domain::{order::Status, till::Workflow};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// Somebody takes the order and stops there, like a function that was ended.
pub(crate) async fn take(shop: &Restaurant, seconds: i64) -> u64 {
    let stored = shop.stored("o-1").await;
    let until = app::ports::Clock::now(&shop.clock) + SignedDuration::from_secs(seconds);
    let none = BTreeSet::new();
    let commit = Commit {
        state: &stored.state,
        expected: Some(stored.revision),
        was_watched: stored.state.is_watched(),
        parked: &none,
        left: &none,
        lease_until: Some(until),
    };
    match shop.store.commit(&Restaurant::key("o-1"), commit).await.unwrap() {
        Committed::Done(revision) => revision,
        Committed::Lost => panic!("lost"),
    }
}

#[tokio::test]
async fn whoever_finds_an_order_taken_leaves_a_fact_and_the_next_holder_acts_on_it() {
    let shop = Restaurant::open();
    shop.place(prepaid()).await.unwrap();
    take(&shop, 60).await;
    assert_eq!(shop.handle(receipt_for("o-1")).await.unwrap(), Outcome::Parked);
    assert_eq!(shop.till_says("o-1", Workflow::Accepted).await.unwrap(), Outcome::Parked);
    assert!(shop.told("o-1").is_empty());
    shop.pass(61);
    shop.reconcile().await.unwrap();
    assert_eq!(shop.told("o-1"), [Status::Confirmed, Status::Evaso]);
}

#[tokio::test]
async fn a_cancellation_left_for_a_holder_is_not_lost_when_the_holder_dies() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    take(&shop, 60).await;
    assert_eq!(shop.handle(cancelled("o-1")).await.unwrap(), Outcome::Parked);
    shop.pass(61);
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    assert_eq!(shop.stored("o-1").await.state.status, Status::Cancelled);
    assert!(shop.told("o-1").is_empty(), "a later acceptance does not confirm it");
}

#[tokio::test]
async fn a_placement_of_a_taken_order_comes_back_later() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    take(&shop, 60).await;
    let failure = shop.handle(placed(order())).await.unwrap_err();
    assert_eq!(failure.kind(), "taken");
    assert_eq!(failure.retry_after(), Some(std::time::Duration::from_secs(60)));
}

#[tokio::test]
async fn a_zombie_whose_order_was_taken_over_writes_nothing() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    let before = shop.stored("o-1").await;
    let zombie = take(&shop, 5).await;
    shop.pass(6);
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    let none = BTreeSet::new();
    let commit = Commit {
        state: &before.state,
        expected: Some(zombie),
        was_watched: true,
        parked: &none,
        left: &none,
        lease_until: None,
    };
    assert_eq!(shop.store.commit(&Restaurant::key("o-1"), commit).await.unwrap(), Committed::Lost);
    assert_eq!(shop.stored("o-1").await.state.status, Status::Confirmed);
    assert_eq!(shop.told("o-1"), [Status::Confirmed]);
}

#[tokio::test]
async fn what_the_till_says_of_an_order_while_it_is_given_up_is_told_as_if_it_came_later() {
    let shop = Restaurant::open();
    shop.break_create([Fault::After(TillError::Refused { status: 400, detail: "InvalidParams".into() })]);
    assert_eq!(shop.place(order()).await.unwrap(), Outcome::NotOnTill);
    take(&shop, 60).await;
    assert_eq!(shop.handle(shop.hint("o-1")).await.unwrap(), Outcome::Parked);
    shop.pass(61);
    shop.handle_again(placed(order())).await.unwrap();
    assert_eq!(shop.staff("o-1"), [TillState::Failed, TillState::Delivered]);
    assert_eq!(shop.last_sentence("o-1"), domain::messages::THERE_AFTER_ALL);
}
