//! Polling alone: no webhook of either party ever arrives, and everything still happens.

use crate::fixture::{Restaurant, id, order, order_like, prepaid, unclear};
use app::{
    memory::{Fault, TillCall},
    message::OrderEvent,
    ports::{OrderKey, OrderStore, TillState},
};
use domain::{
    OrderId,
    lifecycle::table::{Row, Say, Signal, TABLE},
    order::{
        Order,
        Status::{self, Cancelled, Confirmed, Evaso, New, Rejected},
    },
    till::Workflow,
};
use serde_json::json;
use std::time::Duration;

impl Restaurant {
    /// The five-minute cycle, and what it put on the queue.
    async fn look_at_platform(&self) {
        self.find_missed().await;
        for message in self.queue.take_orders(Duration::ZERO) {
            self.handle(message.event).await.unwrap();
        }
    }

    /// A customer orders, and nobody says so.
    async fn arrives_unannounced(&self, order: Order) {
        self.platform.put(order);
        self.look_at_platform().await;
    }

    async fn a_minute_later(&self) {
        self.pass(60);
        self.reconcile().await.unwrap();
    }

    async fn is_watched(&self, order: &str) -> bool {
        let key: OrderKey = Self::key(order);
        self.store.open_orders(&key.tenant).await.unwrap().contains(&key.order)
    }

    /// The till comes to say this, as its restaurateur would have it.
    fn till_comes_to(&self, order: &OrderId, signal: Signal) {
        match signal {
            Signal::Requested => self.till.set(order, Workflow::Requested),
            Signal::Accepted => self.till.set(order, Workflow::Accepted),
            Signal::AwaitingDocument => self.till.set(order, Workflow::Completed),
            Signal::Closed => {
                self.till.set(order, Workflow::Completed);
                self.till.document(order);
            }
            Signal::Refused => self.till.set(order, Workflow::Rejected),
            Signal::Cancelled => self.till.set(order, Workflow::Canceled),
            Signal::Unknown => self.till.set(order, Workflow::Unknown),
        }
    }
}

/// What a row says to the customer.
fn said(row: &Row) -> Vec<Status> {
    let said = row.says.iter().filter_map(|say| match say {
        Say::Confirmed => Some(Confirmed),
        Say::Refused | Say::Cancelled => Some(Rejected),
        Say::Evaso => Some(Evaso),
        Say::GoesOnThoughOff => None,
    });
    said.collect()
}

/// Brings an order to where a row begins, without any webhook.
async fn shop_at(row: &Row) -> Restaurant {
    let shop = Restaurant::open();
    shop.arrives_unannounced(prepaid()).await;
    match row.status {
        New => {}
        Confirmed => shop.till_comes_to(&id("o-1"), Signal::Accepted),
        Rejected => shop.till_comes_to(&id("o-1"), Signal::Refused),
        Cancelled => shop.platform.set(&id("o-1"), Cancelled),
        Evaso => unreachable!("no row begins there"),
    }
    shop.look_at_platform().await;
    shop.a_minute_later().await;
    shop
}

#[tokio::test]
async fn e10_every_row_of_the_table_of_order_life_is_lived_by_polling_alone() {
    for row in TABLE {
        let shop = shop_at(row).await;
        assert_eq!(shop.stored("o-1").await.state.status, row.status, "where {row:?} begins");
        let before = shop.told("o-1");
        shop.till_comes_to(&id("o-1"), row.signal);
        shop.a_minute_later().await;
        shop.a_minute_later().await;
        assert_eq!(shop.stored("o-1").await.state.status, row.next, "{row:?}");
        assert_eq!(shop.told("o-1"), [before, said(row)].concat(), "{row:?}");
        let warned = shop.last_sentence("o-1").contains("va avanti sulla cassa");
        assert_eq!(warned, row.says.contains(&Say::GoesOnThoughOff), "{row:?}");
        assert!(shop.platform.changed_requests().is_empty());
    }
}

#[tokio::test]
async fn e10_what_the_table_does_not_name_changes_nothing_by_polling_either() {
    for signal in Signal::ALL {
        let is_named = TABLE.iter().any(|row| row.status == Confirmed && row.signal == signal);
        if is_named {
            continue;
        }
        let shop = shop_at(TABLE.iter().find(|row| row.status == Confirmed).unwrap()).await;
        shop.till_comes_to(&id("o-1"), signal);
        shop.a_minute_later().await;
        assert_eq!(shop.told("o-1"), [Confirmed], "{signal:?}");
    }
}

#[tokio::test]
async fn s62_a_refusal_found_by_polling_carries_the_reason_typed_at_the_till() {
    let shop = Restaurant::open();
    shop.arrives_unannounced(order()).await;
    shop.till.change(&id("o-1"), |order| {
        order.workflow = Workflow::Rejected;
        order.rejection_reason = Some("forno spento".to_owned());
    });
    shop.a_minute_later().await;
    assert_eq!(shop.platform.messages(&id("o-1")), [(Rejected, Some("forno spento".to_owned()))]);
}

#[tokio::test]
async fn e28_a_total_edited_at_the_till_is_told_to_staff_by_polling() {
    let shop = Restaurant::open();
    shop.arrives_unannounced(order()).await;
    shop.till.change(&id("o-1"), |order| order.amount = Some(domain::Cents(2100)));
    shop.a_minute_later().await;
    shop.a_minute_later().await;
    assert!(shop.last_sentence("o-1").contains("modificato sulla cassa"));
    assert_eq!(shop.staff("o-1").len(), 2, "once");
}

#[tokio::test]
async fn e29_an_accepted_order_deleted_at_the_till_is_told_to_customer_and_staff_by_polling() {
    let shop = Restaurant::open();
    shop.arrives_unannounced(prepaid()).await;
    shop.till.set(&id("o-1"), Workflow::Accepted);
    shop.a_minute_later().await;
    shop.till.delete(&id("o-1"));
    shop.a_minute_later().await;
    assert_eq!(shop.told("o-1"), [Confirmed, Rejected]);
    assert!(shop.last_sentence("o-1").contains("rimborsato"));
}

#[tokio::test]
async fn e30_a_cancellation_that_the_platform_never_announced_is_told_to_staff_while_the_till_still_has_the_order() {
    for accepted in [false, true] {
        let shop = Restaurant::open();
        shop.arrives_unannounced(order()).await;
        if accepted {
            shop.till.set(&id("o-1"), Workflow::Accepted);
            shop.a_minute_later().await;
        }
        shop.platform.set(&id("o-1"), Cancelled);
        let found = shop.find_missed().await;
        assert_eq!((found.placed, found.cancelled), (0, 1));
        for message in shop.queue.take_orders(Duration::ZERO) {
            assert!(matches!(message.event, OrderEvent::Cancelled { .. }), "as if the platform had called");
            shop.handle(message.event).await.unwrap();
        }
        assert!(shop.last_sentence("o-1").starts_with("Annullato dal cliente"));
        assert_eq!(shop.find_missed().await.cancelled, 0, "once");
    }
}

#[tokio::test]
async fn e30_a_cancellation_of_an_order_on_its_way_is_found_before_it_is_sent() {
    let shop = Restaurant::open();
    shop.till.fail(TillCall::Products, [Fault::Before(crate::fixture::unreachable())]);
    shop.place(order()).await.unwrap_err();
    shop.platform.set(&id("o-1"), Cancelled);
    shop.look_at_platform().await;
    assert_eq!((shop.till.all().len(), shop.stored("o-1").await.state.status), (0, Cancelled));
}

#[tokio::test]
async fn e06_an_order_that_is_off_is_watched_for_an_hour_after_it_was_expected_and_costs_no_call_of_its_own() {
    let shop = Restaurant::open();
    shop.arrives_unannounced(order()).await;
    shop.till.set(&id("o-1"), Workflow::Rejected);
    shop.a_minute_later().await;
    assert!(shop.is_watched("o-1").await);
    shop.till.delete(&id("o-1"));
    let before = shop.till.calls(TillCall::Order);
    shop.a_minute_later().await;
    assert_eq!(shop.till.calls(TillCall::Order), before, "it may be gone");
    shop.pass(3600);
    shop.reconcile().await.unwrap();
    assert!(!shop.is_watched("o-1").await);
}

#[tokio::test]
async fn e02_an_order_given_up_in_doubt_that_the_till_shows_after_all_is_told_to_staff_by_polling() {
    let shop = Restaurant::open();
    shop.till.hide_orders(true);
    shop.break_create([Fault::After(unclear(None))]);
    shop.place(order()).await.unwrap_err();
    shop.pass(80);
    shop.reconcile().await.unwrap();
    assert_eq!(shop.staff("o-1").last(), Some(&TillState::Failed), "there already, and not to be found");
    shop.till.hide_orders(false);
    shop.a_minute_later().await;
    assert!(shop.last_sentence("o-1").contains("comunque arrivato in cassa"));
    shop.till.set(&id("o-1"), Workflow::Accepted);
    shop.a_minute_later().await;
    assert_eq!(shop.told("o-1"), [Confirmed]);
}

#[tokio::test]
async fn s67_a_prepaid_order_is_closed_by_a_receipt_days_later_without_any_webhook() {
    let shop = Restaurant::open();
    shop.arrives_unannounced(prepaid()).await;
    shop.till.set(&id("o-1"), Workflow::Completed);
    shop.a_minute_later().await;
    shop.pass(60 * 3600);
    shop.till.document(&id("o-1"));
    shop.a_minute_later().await;
    assert_eq!((shop.told("o-1"), shop.open_orders().await), (vec![Confirmed, Evaso], 0));
}

#[tokio::test]
async fn e47_an_order_that_is_found_too_late_is_not_sent_and_staff_are_told() {
    let shop = Restaurant::open();
    shop.pass(3 * 3600);
    shop.arrives_unannounced(order_like(|order| order["requested_for"] = json!("2026-11-24T18:30:00Z"))).await;
    assert_eq!((shop.till.all().len(), shop.staff("o-1")), (0, vec![TillState::Failed]));
    assert!(shop.told("o-1").is_empty(), "never refused by itself");
}

#[tokio::test]
async fn e03_by_polling_alone_staff_are_told_at_their_minutes_then_at_five_and_ten_and_nothing_is_ever_refused() {
    let shop = Restaurant::with(json!({"policies": {"acceptance_alert_minutes": 4}}));
    shop.arrives_unannounced(order()).await;
    let mut told_after = Vec::new();
    for minute in 1..=90 {
        let before = shop.staff("o-1").len();
        shop.a_minute_later().await;
        if shop.staff("o-1").len() > before {
            told_after.push(minute);
            assert!(shop.last_sentence("o-1").contains(&format!("da {minute} minuti")));
        }
    }
    assert_eq!(told_after, [4, 5, 10]);
    assert_eq!((shop.told("o-1"), shop.platform.status(&id("o-1"))), (vec![], Some(New)));
}

#[tokio::test]
async fn e03_staff_are_told_that_nobody_answered_though_the_till_does_not_answer_us_either() {
    let shop = Restaurant::open();
    shop.arrives_unannounced(order()).await;
    shop.pass(181);
    shop.till.fail(TillCall::Orders, [Fault::Before(crate::fixture::unreachable())]);
    shop.reconcile().await.unwrap();
    assert!(shop.last_sentence("o-1").contains("nessuno ha risposto"));
    assert_eq!(shop.till.calls(TillCall::Order), 0, "the list has just been asked for");
}
