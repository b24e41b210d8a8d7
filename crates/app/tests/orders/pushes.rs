//! How the news of an order came is noted in the write that happens anyway.

use crate::fixture::{Restaurant, deleted_by_id_alone, id, order, start};
use app::message::OrderEvent;
use domain::{lifecycle::Heard, order::Status::Confirmed, till::Workflow};
use jiff::SignedDuration;

impl Restaurant {
    async fn heard(&self) -> Option<Heard> {
        self.stored("o-1").await.state.heard
    }
}

fn heard(seconds: i64, pushed: bool) -> Option<Heard> {
    Some(Heard((start() + SignedDuration::from_secs(seconds)).as_millisecond(), pushed))
}

#[tokio::test]
async fn e10_what_the_till_pushes_is_told_from_what_polling_finds_without_a_further_write() {
    for (pushes, writes) in [(true, 2), (false, 2)] {
        let shop = Restaurant::open();
        shop.place(order()).await.unwrap();
        assert_eq!(shop.heard().await, None);
        shop.pass(10);
        let before = shop.store.writes();
        match pushes {
            true => drop(shop.till_says("o-1", Workflow::Accepted).await.unwrap()),
            false => {
                shop.till.set(&id("o-1"), Workflow::Accepted);
                shop.reconcile().await.unwrap();
            }
        }
        assert_eq!((shop.told("o-1"), shop.heard().await), (vec![Confirmed], heard(10, pushes)));
        assert_eq!(shop.store.writes() - before, writes);
    }
}

#[tokio::test]
async fn e10_a_webhook_that_polling_overtook_is_credited_once_it_comes_and_then_costs_nothing_more() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till.set(&id("o-1"), Workflow::Accepted);
    shop.reconcile().await.unwrap();
    assert_eq!(shop.heard().await, heard(0, false));
    shop.pass(5);
    shop.handle(shop.hint("o-1")).await.unwrap();
    assert_eq!((shop.told("o-1"), shop.heard().await), (vec![Confirmed], heard(5, true)));
    let writes = shop.store.writes();
    shop.handle(shop.hint("o-1")).await.unwrap();
    assert_eq!(shop.store.writes(), writes);
}

#[tokio::test]
async fn e10_an_echo_of_our_own_creation_is_no_sign_that_changes_are_pushed() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    let echo = shop.hint("o-1");
    shop.till.set(&id("o-1"), Workflow::Accepted);
    shop.reconcile().await.unwrap();
    shop.handle(echo).await.unwrap();
    assert_eq!(shop.heard().await, heard(0, false));
}

#[tokio::test]
async fn e10_an_acceptance_that_the_deadline_finds_was_not_pushed_and_a_deletion_was() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.pass(180);
    shop.till.set(&id("o-1"), Workflow::Accepted);
    shop.handle(OrderEvent::Deadline { order: id("o-1"), alert: 1 }).await.unwrap();
    assert_eq!((shop.told("o-1"), shop.heard().await), (vec![Confirmed], heard(180, false)));
    let till_order = shop.till.find(&id("o-1")).unwrap().id;
    shop.till.delete(&id("o-1"));
    shop.handle(deleted_by_id_alone(&till_order)).await.unwrap();
    assert_eq!(shop.heard().await, heard(180, true));
}
