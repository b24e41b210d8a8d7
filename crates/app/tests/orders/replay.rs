//! An operator has an order tried again.

use crate::{
    crashes::run_for,
    fixture::{Restaurant, id, order, order_like, unclear, unreachable},
};
use app::{
    memory::{Fault, TillCall},
    message::{OrderEvent, OrderMessage},
    orders::{Delivery, Failure, Outcome},
    ports::TillState,
};
use domain::{lifecycle::Phase, messages, order::Status, till::Workflow};
use serde_json::json;

async fn replay(shop: &Restaurant, attempt: i64, again: bool) -> Result<Outcome, Failure> {
    let event = OrderEvent::Replay { order: id("o-1"), again };
    let message = OrderMessage { sent_ms: attempt, ..Restaurant::message(event) };
    shop.orders.handle(&Restaurant::work(), &message, Delivery::First).await
}

async fn codes(shop: &Restaurant) -> Vec<String> {
    shop.stored("o-1").await.state.history.into_iter().map(|entry| entry.1).collect()
}

/// An order of which staff were told to enter it by hand, at a till that is well again.
async fn refused() -> Restaurant {
    let shop = Restaurant::open();
    let refusal = app::ports::TillError::Refused { status: 400, detail: "a limit".to_owned() };
    shop.break_create([Fault::Before(refusal)]);
    assert_eq!(shop.place(order()).await.unwrap(), Outcome::NotOnTill);
    shop
}

#[tokio::test]
async fn an_order_that_waits_for_its_till_is_tried_at_once_and_the_attempt_is_remembered() {
    let shop = Restaurant::open();
    shop.till.fail(TillCall::Products, [Fault::Before(unreachable())]);
    shop.place(order()).await.unwrap_err();
    assert_eq!(replay(&shop, 1, false).await.unwrap(), Outcome::Done);
    assert_eq!(shop.till.all().len(), 1);
    assert!(codes(&shop).await.contains(&"replay".to_owned()));
}

#[tokio::test]
async fn an_order_on_the_till_is_looked_at_and_never_sent_a_second_time() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till.set(&id("o-1"), Workflow::Accepted);
    assert_eq!(replay(&shop, 1, true).await.unwrap(), Outcome::Done);
    assert_eq!(replay(&shop, 2, true).await.unwrap(), Outcome::Done, "a second attempt is not swallowed");
    assert_eq!((shop.till.all().len(), shop.till.sent(&id("o-1")).len()), (1, 1));
    assert_eq!(shop.told("o-1"), [Status::Confirmed]);
    assert_eq!(codes(&shop).await.iter().filter(|code| *code == "replay").count(), 2);
}

#[tokio::test]
async fn an_attempt_that_is_delivered_twice_counts_once() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    replay(&shop, 1, false).await.unwrap();
    assert_eq!(replay(&shop, 1, false).await.unwrap(), Outcome::Unchanged);
}

#[tokio::test]
async fn an_order_not_sent_stays_unsent_without_the_operators_word() {
    let shop = refused().await;
    replay(&shop, 1, false).await.unwrap();
    assert_eq!(shop.till.all().len(), 0);
    assert_eq!(shop.stored("o-1").await.state.phase, Phase::NotOnTill);
}

#[tokio::test]
async fn an_order_not_sent_is_sent_on_the_operators_word_and_staff_are_warned_before_and_after() {
    let shop = refused().await;
    assert_eq!(replay(&shop, 1, true).await.unwrap(), Outcome::Done);
    assert_eq!(shop.till.all().len(), 1);
    assert_eq!(shop.staff("o-1")[1], TillState::Pending);
    assert_eq!(shop.last_sentence("o-1"), messages::THERE_AFTER_ALL);
    assert_eq!(replay(&shop, 1, true).await.unwrap(), Outcome::Unchanged);
    assert_eq!(shop.till.all().len(), 1);
}

#[tokio::test]
async fn an_order_not_sent_that_the_till_has_after_all_is_found_and_not_sent() {
    let shop = Restaurant::open();
    let fault = || Fault::After(unclear(Some(500)));
    shop.break_create([fault()]);
    shop.place(order()).await.unwrap_err();
    // Nobody looked again before it was too old: staff were told to enter it, and the till has it.
    let mut stored = shop.stored("o-1").await;
    stored.state.pending.clear();
    stored.state.phase = Phase::NotOnTill;
    let commit = app::ports::Commit {
        state: &stored.state,
        expected: Some(stored.revision),
        was_watched: stored.state.is_watched(),
        parked: &stored.parked,
        left: &stored.parked,
        lease_until: None,
    };
    app::ports::OrderStore::commit(&shop.store, &Restaurant::key("o-1"), commit).await.unwrap();
    assert_eq!(replay(&shop, 1, true).await.unwrap(), Outcome::Done);
    assert_eq!((shop.till.all().len(), shop.till.sent(&id("o-1")).len()), (1, 1));
    assert_eq!(shop.last_sentence("o-1"), messages::THERE_AFTER_ALL);
}

#[tokio::test]
async fn nothing_is_sent_on_the_operators_word_while_the_till_cannot_be_read() {
    let shop = refused().await;
    shop.till.fail(TillCall::Orders, [Fault::Before(unreachable())]);
    assert_eq!(replay(&shop, 1, true).await.unwrap_err().kind(), "till");
    assert_eq!((shop.till.all().len(), shop.stored("o-1").await.state.phase), (0, Phase::NotOnTill));
    replay(&shop, 1, true).await.unwrap();
    assert_eq!(shop.till.all().len(), 1, "the message came back");
}

#[tokio::test]
async fn what_the_customer_called_off_meanwhile_is_not_sent_on_the_operators_word() {
    let shop = refused().await;
    shop.platform.put(order_like(|order| order["status"] = json!("cancelled")));
    replay(&shop, 1, true).await.unwrap();
    assert_eq!(shop.till.all().len(), 0);
    assert_eq!(shop.last_sentence("o-1"), messages::CANCELLED_PERHAPS_THERE);
}

#[tokio::test]
async fn an_order_that_was_never_seen_is_received_and_one_that_nobody_knows_is_ignored() {
    let shop = Restaurant::open();
    assert_eq!(replay(&shop, 1, false).await.unwrap(), Outcome::Ignored);
    shop.platform.put(order());
    assert_eq!(replay(&shop, 2, false).await.unwrap(), Outcome::Done);
    assert_eq!(shop.till.all().len(), 1);
}

#[tokio::test]
async fn an_attempt_that_is_ended_at_any_moment_makes_one_order_and_warns_of_a_double() {
    let mut moments = 0;
    loop {
        let shop = refused().await;
        let was_over = run_for(moments, replay(&shop, 1, true));
        shop.pass(120);
        for _ in 0..3 {
            if replay(&shop, 1, true).await.is_ok() {
                break;
            }
            shop.pass(30);
        }
        shop.reconcile().await.unwrap();
        assert_eq!(shop.till.all().len(), 1, "ended after {moments} steps: neither lost nor doubled");
        let told = shop.platform.staff(&id("o-1"));
        let warned = told.iter().any(|told| told.message.as_deref() == Some(messages::THERE_AFTER_ALL));
        assert!(warned, "ended after {moments} steps: {told:?}");
        if was_over {
            break;
        }
        moments += 1;
    }
    assert!(moments > 5, "an attempt has more than {moments} moments to be ended at");
}
