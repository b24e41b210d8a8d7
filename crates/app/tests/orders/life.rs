//! From the platform to the till and back, with the words of the till in every order.

use crate::fixture::{Restaurant, cancelled, deleted_by_id_alone, id, order, order_like, placed, prepaid, receipt_for};
use app::{
    message::{OrderEvent, TillHint},
    orders::Outcome,
    ports::{PlatformError, TillState},
};
use domain::{
    TillOrderId,
    order::Status::{Confirmed, Evaso, Rejected},
    till::Workflow,
};

#[tokio::test]
async fn s54_s56_an_order_of_the_platform_is_on_the_till_at_once_and_staff_see_it() {
    let shop = Restaurant::open();
    assert_eq!(shop.place(order()).await.unwrap(), Outcome::Done);
    let on_till = shop.till.find(&id("o-1")).unwrap();
    assert_eq!(on_till.workflow, Workflow::Requested);
    assert_eq!(shop.sent("o-1")[0]["amount"], 1900);
    let told = shop.platform.staff(&id("o-1"));
    assert_eq!((told[0].state, told[0].till_order.as_ref()), (TillState::Delivered, Some(&on_till.id)));
    assert!(shop.told("o-1").is_empty(), "nobody has accepted it yet");
}

#[tokio::test]
async fn s58_s59_s60_accepted_at_the_till_is_confirmed_to_the_customer_once() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    assert_eq!(shop.till_says("o-1", Workflow::Accepted).await.unwrap(), Outcome::Done);
    assert_eq!(shop.till_says("o-1", Workflow::Accepted).await.unwrap(), Outcome::Unchanged);
    assert_eq!(shop.told("o-1"), [Confirmed]);
}

#[tokio::test]
async fn s61_s62_s63_e58_a_refusal_carries_the_reason_word_for_word_as_typed_at_the_till() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till.change(&id("o-1"), |order| order.rejection_reason = Some("Cucina al completo".into()));
    shop.till_says("o-1", Workflow::Rejected).await.unwrap();
    assert_eq!(shop.platform.messages(&id("o-1")), [(Rejected, Some("Cucina al completo".into()))]);
    assert!(!shop.stored("o-1").await.state.is_open());
}

#[tokio::test]
async fn s64_intermediate_states_change_nothing_and_write_nothing() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    let writes = shop.store.writes();
    for workflow in [Workflow::Processing, Workflow::Ready, Workflow::Shipping, Workflow::Delivering, Workflow::Shipped]
    {
        assert_eq!(shop.till_says("o-1", workflow).await.unwrap(), Outcome::Unchanged);
    }
    assert_eq!((shop.store.writes(), shop.told("o-1")), (writes, vec![Confirmed]));
}

#[tokio::test]
async fn s65_s66_e24_completed_at_the_till_is_evaso_when_paid_at_the_restaurant() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    shop.till_says("o-1", Workflow::Completed).await.unwrap();
    assert_eq!(shop.told("o-1"), [Confirmed, Evaso]);
    assert_eq!(shop.open_orders().await, 0);
}

#[tokio::test]
async fn s67_s68_e23_a_prepaid_order_is_evaso_only_with_its_document_in_any_order_of_events() {
    let shop = Restaurant::open();
    shop.place(prepaid()).await.unwrap();
    shop.till_says("o-1", Workflow::Completed).await.unwrap();
    assert_eq!(shop.told("o-1"), [Confirmed], "completed without a document waits");
    assert_eq!(shop.handle(receipt_for("o-1")).await.unwrap(), Outcome::Done);
    assert_eq!(shop.told("o-1"), [Confirmed, Evaso]);

    let shop = Restaurant::open();
    shop.place(prepaid()).await.unwrap();
    shop.handle(receipt_for("o-1")).await.unwrap();
    assert_eq!(shop.told("o-1"), [Confirmed, Evaso], "the document before completion is enough");
    assert_eq!(shop.till_says("o-1", Workflow::Completed).await.unwrap(), Outcome::Unchanged);
}

#[tokio::test]
async fn e01_a_till_event_while_the_creation_has_not_returned_waits_for_it() {
    let shop = Restaurant::open();
    shop.break_create([app::memory::Fault::After(crate::fixture::unclear(None))]);
    shop.place(order()).await.unwrap_err();
    assert_eq!(shop.till_says("o-1", Workflow::Accepted).await.unwrap(), Outcome::Parked);
    assert!(shop.told("o-1").is_empty());
    shop.pass(21);
    assert_eq!(shop.handle_again(placed(order())).await.unwrap(), Outcome::Done);
    assert_eq!(shop.told("o-1"), [Confirmed], "the event that was parked is applied after the creation is known");
    assert_eq!(shop.till.all().len(), 1);
    assert!(shop.stored("o-1").await.parked.is_empty());
}

#[tokio::test]
async fn e03_sent_is_not_received_staff_are_told_after_three_five_and_ten_minutes_and_nothing_is_refused() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    for (minutes, waits) in [(3, 180), (5, 120), (10, 300)] {
        shop.pass(waits);
        for message in shop.queue.take_orders(std::time::Duration::from_secs(waits.unsigned_abs())) {
            shop.handle(message.event).await.unwrap();
        }
        assert!(shop.last_sentence("o-1").contains(&format!("da {minutes} minuti")), "{}", shop.last_sentence("o-1"));
    }
    assert_eq!(shop.staff("o-1"), [TillState::Delivered; 4]);
    assert!(shop.told("o-1").is_empty());
}

#[tokio::test]
async fn e03_an_acceptance_whose_webhook_was_lost_is_seen_before_staff_are_alarmed() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till.set(&id("o-1"), Workflow::Accepted);
    shop.pass(180);
    shop.handle(OrderEvent::Deadline { order: id("o-1"), alert: 1 }).await.unwrap();
    assert_eq!((shop.told("o-1"), shop.staff("o-1").len()), (vec![Confirmed], 1));
}

#[tokio::test]
async fn e04_the_same_order_twice_is_sent_once_and_other_content_is_told_to_staff() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    assert_eq!(shop.handle(placed(order())).await.unwrap(), Outcome::Unchanged);
    let other = order_like(|order| {
        order["lines"][0]["unit_price"] = 800.into();
        order["lines"][0]["total"] = 800.into();
        order["total"] = 1800.into();
    });
    shop.handle(placed(other.clone())).await.unwrap();
    assert_eq!(shop.till.sent(&id("o-1")).len(), 1);
    assert!(shop.last_sentence("o-1").contains("contenuto diverso"));
    assert_eq!(shop.handle(placed(other)).await.unwrap(), Outcome::Unchanged, "told once");
}

#[tokio::test]
async fn e05_e29_cancelled_or_deleted_at_the_till_after_acceptance_is_a_cancellation_and_a_refund_is_flagged() {
    let shop = Restaurant::open();
    shop.place(prepaid()).await.unwrap();
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    let till_order = shop.till.find(&id("o-1")).unwrap().id;
    shop.till.delete(&id("o-1"));
    shop.handle(deleted_by_id_alone(&till_order)).await.unwrap();
    let messages = shop.platform.messages(&id("o-1"));
    assert_eq!(messages[1], (Rejected, Some("Ordine annullato dalla cassa dopo la conferma.".into())));
    assert!(shop.last_sentence("o-1").contains("rimborsato"));
}

#[tokio::test]
async fn e06_accepted_after_a_refusal_that_was_told_freezes_the_order_and_tells_staff_once() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till_says("o-1", Workflow::Rejected).await.unwrap();
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    shop.till_says("o-1", Workflow::Completed).await.unwrap();
    assert_eq!(shop.told("o-1"), [Rejected]);
    assert_eq!(shop.staff("o-1").len(), 2);
    assert!(shop.last_sentence("o-1").contains("va avanti sulla cassa"));
}

#[tokio::test]
async fn e07_e27_backward_words_after_evaso_change_nothing() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till_says("o-1", Workflow::Completed).await.unwrap();
    for workflow in [Workflow::Processing, Workflow::Requested, Workflow::Canceled, Workflow::Completed] {
        assert_eq!(shop.till_says("o-1", workflow).await.unwrap(), Outcome::Unchanged);
    }
    assert_eq!(shop.told("o-1"), [Confirmed, Evaso]);
}

#[tokio::test]
async fn e08_completed_without_acceptance_confirms_first() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till_says("o-1", Workflow::Completed).await.unwrap();
    assert_eq!(shop.told("o-1"), [Confirmed, Evaso]);
}

#[tokio::test]
async fn e09_e12_a_webhook_is_a_hint_what_the_till_says_now_counts() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    let replayed = shop.hint("o-1");
    shop.till.set(&id("o-1"), Workflow::Accepted);
    shop.handle(replayed.clone()).await.unwrap();
    assert_eq!(shop.told("o-1"), [Confirmed], "the payload still said REQUESTED");
    assert_eq!(shop.handle(replayed).await.unwrap(), Outcome::Unchanged);
}

#[tokio::test]
async fn e09_the_payload_counts_when_the_order_cannot_be_read() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till.set(&id("o-1"), Workflow::Accepted);
    shop.till.fail(app::memory::TillCall::Order, [app::memory::Fault::Before(crate::fixture::unclear(Some(503)))]);
    shop.handle(shop.hint("o-1")).await.unwrap();
    assert_eq!(shop.told("o-1"), [Confirmed]);
}

#[tokio::test]
async fn e29_an_edit_whose_order_cannot_be_found_refuses_nobody_until_polling_agrees() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    let edit = shop.hint("o-1");
    shop.till.delete(&id("o-1"));
    assert_eq!(shop.handle(edit).await.unwrap(), Outcome::Unchanged);
    shop.reconcile().await.unwrap();
    assert_eq!(shop.told("o-1"), [Rejected]);
}

#[tokio::test]
async fn e28_an_order_edited_at_the_till_is_shown_to_staff_with_both_totals() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.till.change(&id("o-1"), |order| order.amount = Some(domain::Cents(2100)));
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    assert!(shop.last_sentence("o-1").contains("21,00 € invece di 19,00 €"), "{}", shop.last_sentence("o-1"));
}

#[tokio::test]
async fn e30_cancelled_by_the_customer_after_it_reached_the_till_is_told_to_staff_and_never_confirmed() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.platform.set(&id("o-1"), domain::order::Status::Cancelled);
    shop.handle(cancelled("o-1")).await.unwrap();
    assert!(shop.last_sentence("o-1").contains("annulla l'ordine anche sulla cassa"));
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    assert!(shop.told("o-1").is_empty());
    assert!(shop.last_sentence("o-1").contains("va avanti sulla cassa"), "the till decided otherwise: staff are told");
}

#[tokio::test]
async fn e30_cancelled_before_its_order_message_came_is_never_sent() {
    let shop = Restaurant::open();
    assert_eq!(shop.handle(cancelled("o-1")).await.unwrap(), Outcome::Done);
    assert_eq!(shop.handle(placed(order())).await.unwrap(), Outcome::Unchanged);
    assert!(shop.till.all().is_empty(), "no ghost is ever ordered");
    assert_eq!(shop.open_orders().await, 0);
}

#[tokio::test]
async fn an_order_that_comes_cancelled_or_again_after_cancellation_is_never_sent() {
    let shop = Restaurant::open();
    let off = order_like(|order| order["status"] = "cancelled".into());
    assert_eq!(shop.place(off.clone()).await.unwrap(), Outcome::Ignored);
    assert_eq!(shop.handle_again(placed(order())).await.unwrap(), Outcome::Ignored, "the platform says it is off");
    assert!(shop.till.all().is_empty());
}

#[tokio::test]
async fn s57_e60_staff_confirming_on_the_platform_causes_no_second_message() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.platform.set(&id("o-1"), Confirmed);
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    assert!(shop.told("o-1").is_empty(), "the platform was already there");
}

#[tokio::test]
async fn e60_staff_refusing_on_the_platform_is_adopted_and_told_when_the_till_accepts() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.platform.set(&id("o-1"), Rejected);
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    assert!(shop.told("o-1").is_empty());
    assert!(shop.last_sentence("o-1").contains("già rifiutato"), "{}", shop.last_sentence("o-1"));
    assert_eq!(shop.stored("o-1").await.state.status, Rejected);
}

#[tokio::test]
async fn another_channel_s_order_is_ignored_and_writes_nothing() {
    let shop = Restaurant::open();
    let other = OrderEvent::TillOrder(TillHint {
        id: TillOrderId::parse("till-of-another").unwrap(),
        external_id: Some(id("of-another-channel")),
        deleted: false,
        payload: None,
    });
    assert_eq!(shop.handle(other).await.unwrap(), Outcome::Ignored);
    assert_eq!(shop.handle(receipt_for("of-another-channel")).await.unwrap(), Outcome::Ignored);
    assert_eq!(shop.store.writes(), 0);
}

#[tokio::test]
async fn e61_a_lost_answer_of_the_platform_is_repeated_with_the_same_key_and_body_and_told_once() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    let lost = PlatformError::Unavailable { status: None, retry_after: None, detail: String::new() };
    shop.platform.lose_answer(lost);
    shop.till_says("o-1", Workflow::Accepted).await.unwrap_err();
    shop.pass(90);
    assert_eq!(shop.handle(shop.hint("o-1")).await.unwrap(), Outcome::Done, "the next holder finishes what is pending");
    assert_eq!(shop.told("o-1"), [Confirmed]);
    assert!(shop.platform.changed_requests().is_empty());
}

#[tokio::test]
async fn an_order_s_life_costs_at_most_ten_writes() {
    let shop = Restaurant::open();
    shop.place(prepaid()).await.unwrap();
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    shop.till_says("o-1", Workflow::Ready).await.unwrap();
    shop.till_says("o-1", Workflow::Completed).await.unwrap();
    shop.handle(receipt_for("o-1")).await.unwrap();
    assert_eq!(shop.told("o-1"), [Confirmed, Evaso]);
    assert!(shop.store.writes() <= 10, "{} writes", shop.store.writes());
}

#[tokio::test]
async fn e61_a_refused_token_of_the_platform_loses_no_message_it_is_told_once_the_token_is_mended() {
    for status in [401, 403] {
        let shop = Restaurant::open();
        shop.place(order()).await.unwrap();
        shop.platform.fail([PlatformError::Refused { status, code: "unauthorized".into() }]);
        shop.till_says("o-1", Workflow::Accepted).await.unwrap_err();
        assert!(shop.told("o-1").is_empty());
        shop.pass(90);
        shop.reconcile().await.unwrap();
        assert_eq!(shop.told("o-1"), [Confirmed], "{status}");
    }
}

#[tokio::test]
async fn a_status_that_the_platform_refuses_for_good_is_told_to_staff_because_the_customer_does_not_know() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.platform.fail([PlatformError::Refused { status: 422, code: "validation".into() }]);
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    assert!(shop.told("o-1").is_empty());
    assert!(shop.last_sentence("o-1").contains("non è stato avvisato"), "{}", shop.last_sentence("o-1"));
}
