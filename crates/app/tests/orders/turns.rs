//! What a minute of polling costs at most, and that nobody waits for ever.

use crate::fixture::{Restaurant, id, order_like, prepaid, unreachable};
use app::memory::{Fault, TillCall};
use domain::{order::Status::Confirmed, till::Workflow};
use jiff::SignedDuration;

fn numbered(number: usize) -> String {
    format!("o-{number:02}")
}

#[tokio::test]
async fn e46_orders_for_many_days_cost_four_lists_a_minute_and_each_is_compared_within_a_few() {
    let shop = Restaurant::open();
    for day in 0..20 {
        let wished = crate::fixture::start() + SignedDuration::from_hours(72 * day + 1);
        let order = order_like(|order| {
            order["id"] = numbered(day.try_into().unwrap()).into();
            order["requested_for"] = wished.to_string().into();
        });
        shop.place(order).await.unwrap();
    }
    for order in 0..20 {
        shop.till.set(&id(&numbered(order)), Workflow::Accepted);
    }
    let mut minutes = 0;
    while (0..20).any(|order| shop.told(&numbered(order)).is_empty()) {
        let before = shop.till.calls(TillCall::Orders);
        shop.pass(60);
        shop.reconciled().await;
        assert!(shop.till.calls(TillCall::Orders) - before <= 4);
        minutes += 1;
        assert!(minutes <= 20);
    }
    assert_eq!(shop.till.calls(TillCall::Order), 0, "what was not read is not taken for gone");
}

#[tokio::test]
async fn e29_of_many_orders_that_no_list_shows_a_few_are_asked_for_by_themselves_each_minute() {
    let shop = Restaurant::open();
    for order in 0..12 {
        shop.place(order_like(|placed| placed["id"] = numbered(order).into())).await.unwrap();
    }
    (0..12).for_each(|order| shop.till.delete(&id(&numbered(order))));
    let first = shop.reconciled().await;
    assert_eq!((shop.till.calls(TillCall::Order), first.compared, first.left_over), (4, 4, 8));
    assert!((0..2).all(|order| !shop.told(&numbered(order)).is_empty()), "the oldest at once");
    for _ in 0..12 {
        shop.pass(60);
        shop.reconciled().await;
    }
    assert!((0..12).all(|order| shop.told(&numbered(order)).len() == 1));
}

#[tokio::test]
async fn e47_after_an_outage_orders_are_sent_a_few_a_minute_the_oldest_first() {
    let shop = Restaurant::open();
    for order in 0..12 {
        shop.till.fail(TillCall::Products, [Fault::Before(unreachable())]);
        shop.place(order_like(|placed| placed["id"] = numbered(order).into())).await.unwrap_err();
        shop.pass(1);
    }
    shop.pass(600);
    let report = shop.reconciled().await;
    assert_eq!((shop.till.all().len(), report.left_over), (5, 7));
    assert!(report.unsent_s >= 600, "{report:?}");
    let sent: Vec<String> = shop.till.all().into_iter().map(|order| order.external_id.unwrap().to_string()).collect();
    assert!(sent.is_sorted() && sent.starts_with(&[numbered(0), numbered(1)]), "{sent:?}");
    for _ in 0..3 {
        shop.pass(60);
        shop.reconciled().await;
    }
    assert_eq!((shop.till.all().len(), shop.reconciled().await.unsent_s), (12, 0));
}

#[tokio::test]
async fn e47_while_the_till_is_down_one_order_a_minute_finds_out_and_the_others_wait() {
    let shop = Restaurant::open();
    for order in 0..4 {
        shop.till.fail(TillCall::Products, [Fault::Before(unreachable())]);
        shop.place(order_like(|placed| placed["id"] = numbered(order).into())).await.unwrap_err();
    }
    shop.pass(61);
    let before = shop.till.calls(TillCall::Products);
    shop.till.fail(TillCall::Products, [Fault::Before(unreachable())]);
    assert_eq!(shop.reconciled().await.left_over, 4);
    assert_eq!(shop.till.calls(TillCall::Products) - before, 1);
}

#[tokio::test]
async fn s67_receipts_are_read_in_two_windows_a_minute_at_most_and_only_for_orders_paid_online() {
    let shop = Restaurant::open();
    shop.place(order_like(|_| {})).await.unwrap();
    shop.reconciled().await;
    assert_eq!(shop.till.calls(TillCall::Documents), 0);
    let mut paid = prepaid();
    paid.id = id("o-2");
    shop.place(paid).await.unwrap();
    shop.pass(71 * 3600);
    shop.reconciled().await;
    assert_eq!(shop.till.calls(TillCall::Documents), 2);
}

#[tokio::test]
async fn e10_a_list_that_fails_in_the_middle_hides_nothing_of_what_was_read_before() {
    let shop = Restaurant::open();
    shop.place(order_like(|_| {})).await.unwrap();
    shop.place(order_like(|order| {
        order["id"] = "o-2".into();
        order["requested_for"] = "2026-11-30T18:00:00Z".into();
    }))
    .await
    .unwrap();
    shop.till.set(&id("o-1"), Workflow::Accepted);
    shop.till.fail_after(TillCall::Orders, 1, Fault::Before(unreachable()));
    shop.reconciled().await;
    assert_eq!((shop.told("o-1"), shop.told("o-2").len()), (vec![Confirmed], 0));
    assert_eq!(shop.till.calls(TillCall::Order), 0);
}
