//! The creation on the till: never twice, never lost, never without a word.

use crate::fixture::{Restaurant, cancelled, id, order, order_like, placed, unclear, unreachable};
use app::{
    memory::{Fault, TillCall},
    orders::Outcome,
    ports::{TillError, TillState},
};
use domain::{ProductId, lifecycle::Phase, order::Status, till::Workflow};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn rows_and_amount(body: &Value) -> (usize, i64) {
    (body["rows"].as_array().unwrap().len(), body["amount"].as_i64().unwrap())
}

#[tokio::test]
async fn e02_a_creation_whose_answer_was_lost_is_found_by_reading_back_and_never_sent_again() {
    let shop = Restaurant::open();
    shop.break_create([Fault::After(unclear(None))]);
    shop.place(order()).await.unwrap_err();
    assert_eq!(shop.staff("o-1"), [TillState::Pending]);
    shop.pass(21);
    assert_eq!(shop.handle_again(placed(order())).await.unwrap(), Outcome::Done);
    assert_eq!((shop.till.all().len(), shop.till.sent(&id("o-1")).len()), (1, 1));
    assert_eq!(shop.staff("o-1"), [TillState::Pending, TillState::Delivered]);
}

#[tokio::test]
async fn e02_after_an_ambiguous_answer_nobody_looks_before_the_till_had_its_time() {
    let shop = Restaurant::open();
    shop.break_create([Fault::Before(unclear(None))]);
    shop.place(order()).await.unwrap_err();
    let failure = shop.handle_again(placed(order())).await.unwrap_err();
    assert_eq!(failure.kind(), "taken");
    assert_eq!(shop.till.calls(TillCall::Orders), 0);
}

#[tokio::test]
async fn e02_a_creation_that_never_arrived_is_sent_again_with_the_same_body() {
    let shop = Restaurant::open();
    shop.break_create([Fault::Before(unclear(Some(503)))]);
    shop.place(order()).await.unwrap_err();
    shop.pass(21);
    shop.handle_again(placed(order())).await.unwrap();
    let sent = shop.sent("o-1");
    assert_eq!(shop.till.all().len(), 1);
    assert_eq!(sent[0]["date"], 1_795_543_200_000_i64, "the body of the first intent");
}

#[tokio::test]
async fn s56_the_first_failure_tells_staff_that_it_is_being_tried_and_success_that_it_is_there() {
    let shop = Restaurant::open();
    shop.till.fail(TillCall::Products, [Fault::Before(unreachable()), Fault::Before(unreachable())]);
    shop.place(order()).await.unwrap_err();
    assert_eq!(shop.staff("o-1"), [TillState::Pending]);
    shop.handle_again(placed(order())).await.unwrap_err();
    shop.handle_again(placed(order())).await.unwrap();
    assert_eq!(shop.staff("o-1"), [TillState::Pending, TillState::Delivered]);
}

#[tokio::test]
async fn a_conflict_that_can_be_found_is_adopted() {
    let shop = Restaurant::open();
    shop.break_create([Fault::After(TillError::Conflict { detail: "externalId".into() })]);
    shop.place(order()).await.unwrap();
    assert_eq!((shop.till.all().len(), shop.staff("o-1")), (1, vec![TillState::Delivered]));
}

#[tokio::test]
async fn a_conflict_that_cannot_be_found_is_never_sent_again_and_told_to_staff() {
    let shop = Restaurant::open();
    shop.break_create([Fault::After(unclear(None))]);
    shop.place(order()).await.unwrap_err();
    shop.till.hide_orders(true);
    shop.pass(21);
    shop.handle_again(placed(order())).await.unwrap();
    assert!(shop.last_sentence("o-1").contains("non lo mostra"));
    assert_eq!(shop.till.sent(&id("o-1")).len(), 2);
    assert_eq!(shop.handle_again(placed(order())).await.unwrap(), Outcome::Unchanged, "and it is never sent again");
}

#[tokio::test]
async fn s44_e34_an_order_that_the_till_refuses_stays_on_the_platform_and_staff_are_told_where_the_limits_are() {
    let shop = Restaurant::open();
    shop.break_create([Fault::Before(TillError::Refused { status: 400, detail: "InvalidParams".into() })]);
    assert_eq!(shop.place(order()).await.unwrap(), Outcome::NotOnTill);
    assert_eq!(shop.staff("o-1"), [TillState::Failed]);
    assert!(shop.last_sentence("o-1").contains("Impostazioni > Ordini"));
    assert!(shop.told("o-1").is_empty(), "never an automatic refusal");
    assert_eq!(shop.platform.status(&id("o-1")), Some(Status::New));
}

#[tokio::test]
async fn each_refusal_of_the_till_has_its_sentence() {
    let cases = [
        (TillError::InvalidId { detail: "idProductVariant".into() }, "non riconosce un articolo"),
        (TillError::KeyRefused { status: 403 }, "chiave API"),
        (TillError::TooLarge, "troppo grande"),
    ];
    for (error, expected) in cases {
        let shop = Restaurant::open();
        shop.break_create([Fault::Before(error)]);
        shop.place(order()).await.unwrap();
        assert_eq!(shop.staff("o-1"), [TillState::Failed]);
        assert!(shop.last_sentence("o-1").contains(expected), "{}", shop.last_sentence("o-1"));
    }
}

#[tokio::test]
async fn three_equal_faults_of_a_creation_are_a_refusal_because_a_500_may_hide_a_bad_request() {
    let shop = Restaurant::open();
    shop.break_create([(); 3].map(|()| Fault::Before(unclear(Some(500)))));
    shop.place(order()).await.unwrap_err();
    for _ in 0..2 {
        shop.pass(21);
        shop.handle_again(placed(order())).await.unwrap_err();
    }
    shop.pass(21);
    shop.handle_again(placed(order())).await.unwrap();
    assert_eq!(shop.staff("o-1").last(), Some(&TillState::Failed));
    assert!(shop.till.all().is_empty());
}

#[tokio::test]
async fn e47_a_till_that_is_down_gets_the_order_when_it_is_back() {
    let shop = Restaurant::open();
    let down = || (0..30).map(|_| Fault::Before(unreachable()));
    shop.till.fail(TillCall::SalesMode, down());
    shop.place(order()).await.unwrap_err();
    for _ in 0..29 {
        shop.pass(60);
        shop.reconcile().await.unwrap();
    }
    assert!(shop.till.all().is_empty());
    shop.pass(60);
    shop.reconcile().await.unwrap();
    assert_eq!(shop.till.all().len(), 1);
    assert_eq!(shop.staff("o-1"), [TillState::Pending, TillState::Delivered]);
}

#[tokio::test]
async fn e47_an_order_too_old_is_not_sent_late_and_staff_are_told() {
    let shop = Restaurant::open();
    shop.till.fail(TillCall::SalesMode, [Fault::Before(unreachable())]);
    shop.place(order()).await.unwrap_err();
    shop.pass(121 * 60);
    shop.handle_again(placed(order())).await.unwrap();
    assert!(shop.till.all().is_empty());
    assert_eq!(shop.staff("o-1"), [TillState::Pending, TillState::Failed]);
    assert!(shop.last_sentence("o-1").contains("ormai vecchio"));
}

#[tokio::test]
async fn e33_a_body_whose_time_has_passed_is_made_anew_before_it_is_sent_again() {
    let shop = Restaurant::open();
    shop.break_create([Fault::Before(unclear(Some(503)))]);
    shop.place(order()).await.unwrap_err();
    shop.pass(30 * 60);
    shop.handle_again(placed(order())).await.unwrap();
    let due = shop.sent("o-1")[0]["dueDate"].as_i64().unwrap();
    assert!(due > app::ports::Clock::now(&shop.clock).as_millisecond(), "in the future when it is sent");
}

#[tokio::test]
async fn e32_an_order_for_tomorrow_is_sent_at_once_with_its_time() {
    let shop = Restaurant::open();
    shop.place(order_like(|order| order["requested_for"] = "2026-11-25T19:30:00+01:00".into())).await.unwrap();
    assert_eq!(shop.sent("o-1")[0]["dueDate"], 1_795_631_400_000_i64);
}

#[tokio::test]
async fn a_paused_restaurant_gets_nothing_on_its_till_and_staff_are_told() {
    let shop = Restaurant::with(json!({"status": "paused"}));
    shop.place(order()).await.unwrap();
    assert!(shop.till.all().is_empty());
    assert_eq!((shop.staff("o-1"), shop.last_sentence("o-1").contains("in pausa")), (vec![TillState::Failed], true));
}

#[tokio::test]
async fn e13_a_dish_that_the_till_lost_is_refused_by_name_or_sold_as_the_generic_product() {
    let margherita = || ProductId::parse("margherita").unwrap();
    let shop = Restaurant::open();
    shop.till.forget_product(margherita());
    shop.place(order()).await.unwrap();
    assert!(shop.last_sentence("o-1").contains("«Margherita» non esiste più"));
    assert!(shop.till.all().is_empty());

    let shop = Restaurant::with(json!({
        "cic": {"sales_point_id": 90101, "generic_product_id": "varie"}, "policies": {"unknown_line": "generic"}
    }));
    shop.till.forget_product(margherita());
    shop.place(order()).await.unwrap();
    assert_eq!(rows_and_amount(&shop.sent("o-1")[0]), (2, 1900));
}

#[tokio::test]
async fn e16_a_menu_that_changes_between_two_attempts_changes_nothing_of_an_order() {
    let shop = Restaurant::open();
    shop.break_create([Fault::Before(unclear(None))]);
    shop.place(order()).await.unwrap_err();
    shop.till.forget_product(ProductId::parse("margherita").unwrap());
    shop.pass(21);
    shop.handle_again(placed(order())).await.unwrap();
    assert_eq!(shop.till.all().len(), 1);
    assert_eq!(rows_and_amount(&shop.sent("o-1")[0]), (2, 1900));
}

#[tokio::test]
async fn a_sum_that_does_not_hold_is_not_sent_and_told() {
    let shop = Restaurant::open();
    shop.place(order_like(|order| order["total"] = 1899.into())).await.unwrap();
    assert!(shop.till.all().is_empty());
    assert!(shop.last_sentence("o-1").contains("non corrisponde"));
}

#[tokio::test]
async fn cancelled_while_an_ambiguous_creation_settles_is_read_back_and_never_sent_again() {
    let shop = Restaurant::open();
    shop.break_create([Fault::Before(unclear(None))]);
    shop.place(order()).await.unwrap_err();
    shop.platform.set(&id("o-1"), Status::Cancelled);
    assert_eq!(shop.handle(cancelled("o-1")).await.unwrap(), Outcome::Parked);
    shop.pass(21);
    shop.handle_again(placed(order())).await.unwrap();
    let stored = shop.stored("o-1").await;
    assert!(shop.till.all().is_empty(), "{stored:?}");
    assert_eq!(stored.state.phase, Phase::Withdrawn);
}

#[tokio::test]
async fn a_creation_that_a_crash_left_open_is_resolved_by_whatever_comes_next() {
    let shop = Restaurant::open();
    shop.break_create([Fault::After(unclear(None))]);
    shop.place(order()).await.unwrap_err();
    shop.pass(61);
    shop.till_says("o-1", Workflow::Accepted).await.unwrap();
    assert_eq!(shop.told("o-1"), [Status::Confirmed]);
    assert_eq!(shop.till.sent(&id("o-1")).len(), 1);
}

#[tokio::test]
async fn e60_refused_by_staff_on_the_platform_while_the_till_is_down_is_never_sent() {
    let shop = Restaurant::open();
    shop.till.fail(TillCall::SalesMode, [Fault::Before(unreachable())]);
    shop.place(order()).await.unwrap_err();
    shop.platform.set(&id("o-1"), Status::Rejected);
    shop.handle_again(placed(order())).await.unwrap();
    assert!(shop.till.all().is_empty(), "no ghost is ever ordered");
    assert_eq!(shop.open_orders().await, 0);
}

#[tokio::test]
async fn an_order_cancelled_without_a_word_is_not_sent_a_second_time() {
    let shop = Restaurant::open();
    shop.break_create([Fault::Before(unclear(None))]);
    shop.place(order()).await.unwrap_err();
    shop.platform.set(&id("o-1"), Status::Cancelled);
    shop.pass(21);
    shop.handle_again(placed(order())).await.unwrap();
    assert!(shop.till.all().is_empty(), "its cancellation's webhook was lost, the platform was asked");
}

#[tokio::test]
async fn e49_a_till_whose_clock_is_an_hour_off_is_read_back_all_the_same() {
    for minutes in [-60, 60] {
        let shop = Restaurant::with_till_clock(SignedDuration::from_mins(minutes));
        shop.break_create([Fault::After(unclear(None))]);
        shop.place(order()).await.unwrap_err();
        shop.pass(21);
        shop.handle_again(placed(order())).await.unwrap();
        assert_eq!((shop.till.all().len(), shop.till.sent(&id("o-1")).len()), (1, 1));
        shop.till.set(&id("o-1"), Workflow::Accepted);
        shop.reconcile().await.unwrap();
        assert_eq!(shop.told("o-1"), [Status::Confirmed]);
    }
}

#[tokio::test]
async fn e42_a_body_over_the_till_s_limit_loses_wishes_before_lines_and_is_told_when_it_is_still_too_large() {
    let wordy = || order_like(|order| order["notes"] = "senza fretta ".repeat(60).into());
    let shop = Restaurant::open();
    shop.till.limit_body(480);
    shop.place(wordy()).await.unwrap();
    assert_eq!(rows_and_amount(&shop.sent("o-1")[0]), (2, 1900));

    let shop = Restaurant::open();
    shop.till.limit_body(20);
    shop.place(wordy()).await.unwrap();
    assert_eq!(shop.staff("o-1"), [TillState::Failed]);
    assert!(shop.last_sentence("o-1").contains("troppo grande"));
}

#[tokio::test]
async fn a_till_answer_of_no_known_shape_is_tried_again_then_told_to_staff() {
    let shop = Restaurant::open();
    shop.till.fail(TillCall::Products, [Fault::Before(unclear(Some(200)))]);
    shop.place(order()).await.unwrap_err();
    assert_eq!(shop.staff("o-1"), [TillState::Pending]);
    shop.handle_again(placed(order())).await.unwrap();
    assert_eq!(shop.staff("o-1"), [TillState::Pending, TillState::Delivered]);
}

#[tokio::test]
async fn e02_a_creation_is_not_begun_when_its_order_would_not_stay_taken_until_it_has_settled() {
    let shop = Restaurant::open();
    shop.platform.put(order());
    let failure = shop.handle_within(24, placed(order())).await.unwrap_err();
    assert_eq!((failure.kind(), shop.till.calls(TillCall::Create)), ("out_of_time", 0));
    shop.pass(21);
    assert_eq!(shop.handle_within(55, placed(order())).await.unwrap(), Outcome::Done);
    assert_eq!((shop.till.calls(TillCall::Orders), shop.till.calls(TillCall::Create)), (1, 1), "read first, sent once");
}

#[tokio::test]
async fn e06_a_placement_that_comes_late_for_the_first_time_is_asked_about_before_it_is_sent() {
    for status in [Status::New, Status::Cancelled] {
        let shop = Restaurant::open();
        shop.platform.put(order());
        shop.platform.set(&id("o-1"), status);
        let sent_ms = app::ports::Clock::now(&shop.clock).as_millisecond();
        shop.pass(61);
        let message = app::message::OrderMessage { sent_ms, ..Restaurant::message(placed(order())) };
        shop.orders.handle(&Restaurant::work(), &message, app::orders::Delivery::First).await.unwrap();
        assert_eq!(shop.till.all().len(), usize::from(status == Status::New), "{status:?}");
    }
}

#[tokio::test]
async fn an_order_that_the_platform_no_longer_knows_is_not_sent_again() {
    let shop = Restaurant::open();
    shop.break_create([Fault::Before(unclear(Some(503)))]);
    shop.handle(placed(order())).await.unwrap_err();
    shop.pass(21);
    let failure = shop.handle_again(placed(order())).await.unwrap_err();
    assert_eq!((failure.kind(), shop.till.all().len()), ("platform", 0));
    shop.platform.put(order());
    shop.pass(21);
    shop.handle_again(placed(order())).await.unwrap();
    assert_eq!(shop.till.all().len(), 1);
}

#[tokio::test]
async fn a_key_that_was_replaced_meanwhile_ends_no_order() {
    let refused = || [Fault::Before(TillError::KeyRefused { status: 401 })];
    for call in [TillCall::Products, TillCall::Create] {
        let shop = Restaurant::open();
        shop.place(order_like(|order| order["id"] = "o-0".into())).await.unwrap();
        shop.pass(40);
        shop.put_key("new-key-of-a-test");
        shop.till.fail(call, refused());
        let failure = shop.place(order()).await.unwrap_err();
        assert_eq!((failure.kind(), shop.staff("o-1")), ("till", vec![TillState::Pending]), "{call:?}");
        shop.pass(21);
        shop.handle_again(placed(order())).await.unwrap();
        assert_eq!(shop.staff("o-1"), [TillState::Pending, TillState::Delivered], "{call:?}");
    }
}

#[tokio::test]
async fn e06_an_order_that_is_off_is_concluded_though_the_platform_no_longer_knows_it() {
    let shop = Restaurant::open();
    shop.break_create([Fault::Before(unclear(Some(503)))]);
    shop.handle(placed(order())).await.unwrap_err();
    shop.pass(21);
    assert_eq!(shop.handle(cancelled("o-1")).await.unwrap(), Outcome::Done);
    assert_eq!((shop.stored("o-1").await.state.phase, shop.till.all().len()), (Phase::Withdrawn, 0));
}
