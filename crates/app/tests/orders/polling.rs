//! Everything works with polling alone.

use crate::fixture::{Restaurant, deleted_by_id_alone, id, order, order_like, prepaid, unreachable};
use app::{
    memory::{Fault, TillCall},
    message::OrderEvent,
    orders::Outcome,
    ports::{PlatformError, TillState},
};
use domain::{
    order::Status::{Confirmed, Evaso, Rejected},
    till::Workflow,
};

fn unavailable() -> PlatformError {
    PlatformError::Unavailable { status: Some(500), retry_after: None, detail: String::new() }
}

#[tokio::test]
async fn e10_a_life_whose_webhooks_are_all_lost_is_followed_by_one_list_a_minute() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till.set(&id("o-1"), Workflow::Accepted);
    shop.reconcile().await.unwrap();
    assert_eq!(
        (shop.told("o-1"), shop.till.calls(TillCall::Orders), shop.till.calls(TillCall::Order)),
        (vec![Confirmed], 1, 0)
    );
    shop.till.set(&id("o-1"), Workflow::Completed);
    shop.reconcile().await.unwrap();
    assert_eq!((shop.told("o-1"), shop.open_orders().await), (vec![Confirmed, Evaso], 0));
}

#[tokio::test]
async fn e10_e29_a_deletion_is_noticed_by_polling_only_when_the_till_says_so_of_that_order() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till.hide_orders(true);
    shop.reconcile().await.unwrap();
    assert!(shop.told("o-1").is_empty(), "missing from a list is not deleted");
    shop.till.delete(&id("o-1"));
    shop.reconcile().await.unwrap();
    assert_eq!(shop.told("o-1"), [Rejected]);
}

#[tokio::test]
async fn s67_a_receipt_whose_webhook_is_lost_is_found_by_polling() {
    let shop = Restaurant::open();
    shop.place(prepaid()).await.unwrap();
    shop.till.set(&id("o-1"), Workflow::Completed);
    shop.reconcile().await.unwrap();
    assert_eq!(shop.told("o-1"), [Confirmed]);
    shop.till.document(&id("o-1"));
    shop.reconcile().await.unwrap();
    assert_eq!(shop.told("o-1"), [Confirmed, Evaso]);
}

#[tokio::test]
async fn e03_the_deadline_is_told_by_polling_when_its_message_is_lost_and_never_twice() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.pass(181);
    shop.reconcile().await.unwrap();
    shop.reconcile().await.unwrap();
    assert_eq!(shop.handle(OrderEvent::Deadline { order: id("o-1"), alert: 1 }).await.unwrap(), Outcome::Unchanged);
    assert_eq!(shop.staff("o-1"), [TillState::Delivered; 2]);
}

#[tokio::test]
async fn an_order_that_was_never_announced_is_found_on_the_platform_and_sent() {
    let shop = Restaurant::open();
    shop.platform.put(order());
    assert_eq!(shop.find_missed().await.placed, 1);
    for message in shop.queue.take_orders(std::time::Duration::ZERO) {
        shop.handle(message.event).await.unwrap();
    }
    assert_eq!(shop.till.all().len(), 1);
    assert_eq!(shop.find_missed().await.placed, 0);
}

#[tokio::test]
async fn e48_one_order_that_cannot_go_on_does_not_hold_up_the_others() {
    let shop = Restaurant::open();
    shop.till.fail(TillCall::SalesMode, [Fault::Before(unreachable())]);
    shop.place(order()).await.unwrap_err();
    shop.place(order_like(|order| order["id"] = "o-2".into())).await.unwrap();
    shop.till.set(&id("o-2"), Workflow::Accepted);
    shop.pass(61);
    shop.till.fail(TillCall::SalesMode, [Fault::Before(unreachable())]);
    shop.reconcile().await.unwrap();
    assert_eq!(shop.told("o-2"), [Confirmed]);
    assert!(shop.till.find(&id("o-1")).is_none());
}

#[tokio::test]
async fn only_restaurants_with_open_orders_are_reconciled() {
    let shop = Restaurant::open();
    assert_eq!(shop.orders.fan_out_reconcile("test").await.unwrap(), 0);
    shop.place(order()).await.unwrap();
    let _deadlines = shop.queue.take_orders(std::time::Duration::from_secs(900));
    assert_eq!(shop.orders.fan_out_reconcile("test").await.unwrap(), 1);
    let sent = shop.queue.take_orders(std::time::Duration::ZERO);
    assert!(matches!(sent[0].event, OrderEvent::Reconcile));
}

#[tokio::test]
async fn an_order_that_nobody_ever_closes_is_not_watched_for_ever_and_staff_are_told() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    shop.pass(73 * 3600);
    shop.platform.fail([unavailable()]);
    shop.reconcile().await.unwrap();
    assert_eq!(shop.open_orders().await, 1, "not before staff know");
    shop.reconcile().await.unwrap();
    shop.reconcile().await.unwrap();
    assert_eq!((shop.open_orders().await, shop.last_sentence("o-1")), (0, domain::messages::LEFT_ALONE.to_owned()));
    assert_eq!(shop.staff("o-1"), [TillState::Delivered; 2]);
    shop.till_says("o-1", Workflow::Completed).await.unwrap();
    assert_eq!(shop.told("o-1"), [Confirmed, Evaso], "a late word of the till still counts");
}

#[tokio::test]
async fn e48_an_order_whose_message_the_platform_does_not_take_holds_up_no_other_order_of_the_list() {
    let shop = Restaurant::open();
    for number in ["o-1", "o-2"] {
        shop.place(order_like(|order| order["id"] = number.into())).await.unwrap();
        shop.till.set(&id(number), Workflow::Accepted);
    }
    shop.platform.fail([unavailable()]);
    shop.reconcile().await.unwrap();
    assert_eq!((shop.told("o-1"), shop.told("o-2")), (vec![], vec![Confirmed]));
}

#[tokio::test]
async fn e48_an_order_that_cannot_be_read_holds_up_no_other_and_is_counted() {
    let shop = Restaurant::open();
    for number in ["o-1", "o-2"] {
        shop.place(order_like(|order| order["id"] = number.into())).await.unwrap();
        shop.till.set(&id(number), Workflow::Accepted);
    }
    shop.store.rewrite(|state| if state.contains("till-1") { "{}".to_owned() } else { state.to_owned() });
    let found = shop.reconciled().await;
    assert_eq!((shop.told("o-1"), shop.told("o-2"), found.unreadable), (vec![], vec![Confirmed], 1));
    shop.platform.put(order_like(|order| order["id"] = "o-3".into()));
    assert_eq!(shop.find_missed().await.placed, 1, "and what was never announced is found");
    let closed = deleted_by_id_alone(&shop.till.find(&id("o-2")).unwrap().id);
    shop.till.delete(&id("o-2"));
    assert_eq!(shop.handle(closed).await.unwrap(), Outcome::Done);
}

#[tokio::test]
async fn how_long_the_platform_has_not_taken_the_oldest_news_is_told() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till.set(&id("o-1"), Workflow::Accepted);
    shop.platform.fail([(); 3].map(|()| unavailable()));
    for untold_s in [0, 61, 122] {
        let found = shop.reconciled().await;
        assert_eq!((found.untold_s, found.unsent_s), (untold_s, 0));
        shop.pass(61);
    }
    shop.reconcile().await.unwrap();
    assert_eq!(shop.told("o-1"), [Confirmed]);
}

#[tokio::test]
async fn a_state_that_this_version_does_not_know_is_counted_when_polling_sees_it() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till.set(&id("o-1"), Workflow::Unknown);
    let found = shop.reconciled().await;
    assert_eq!((found.unknown, found.changed), (1, 0));
}

#[tokio::test]
async fn what_is_over_leaves_the_index_by_the_minute_and_the_search_for_missed_orders_deletes_nothing() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.pass(73 * 3600);
    shop.find_missed().await;
    assert_eq!(shop.open_orders().await, 1);
    shop.reconcile().await.unwrap();
    assert_eq!(shop.open_orders().await, 0);
}

#[tokio::test]
async fn e10_an_order_that_was_never_announced_is_sent_though_the_platform_does_not_say_what_was_called_off() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    let _deadlines = shop.queue.take_orders(std::time::Duration::from_secs(900));
    shop.platform.put(order_like(|order| order["id"] = "o-2".into()));
    shop.platform.fail_reading(unavailable());
    shop.try_find_missed().await.unwrap_err();
    let found = shop.queue.take_orders(std::time::Duration::ZERO);
    let [OrderEvent::Placed { order }] = &found.into_iter().map(|message| message.event).collect::<Vec<_>>()[..] else {
        panic!("not one placement")
    };
    assert_eq!(order.id, id("o-2"));
}

#[tokio::test]
async fn news_of_an_order_that_nobody_closed_is_measured_for_as_long_as_the_platform_does_not_take_it() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    shop.pass(73 * 3600);
    shop.platform.fail([(); 2].map(|()| unavailable()));
    assert_eq!(shop.reconciled().await.untold_s, 0);
    shop.pass(60);
    assert_eq!(shop.reconciled().await.untold_s, 60);
}
