//! Customers of the platform on their way to the till.

use crate::{
    build::{customer, drinks, with},
    fixture::{CHANGES, Restaurant, work},
};
use app::{
    memory::{Fault, MenuCall, TillCall},
    menu::Request,
    ports::{PlatformError, TillError},
};
use domain::order::Customer;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

fn silent() -> TillError {
    TillError::Unclear { status: None, detail: "a test".to_owned() }
}

/// A restaurant in step, with nobody yet.
async fn shop() -> Restaurant {
    Restaurant::synced(drinks(3)).await
}

/// So many customers, each changed at a time of its own number.
fn put(shop: &Restaurant, count: usize, at: impl Fn(i64) -> Option<Timestamp>) {
    for number in 0..count {
        shop.platform.put_customer(customer(&format!("c-{number}")), at(i64::try_from(number).unwrap()));
    }
}

/// The platform's ids of the till's customers, each once.
fn at_till(shop: &Restaurant) -> BTreeSet<String> {
    let customers = shop.till.till.customers();
    let ids: BTreeSet<String> =
        customers.iter().filter_map(|c| Some(c.record.get("externalId")?.as_str()?.to_owned())).collect();
    assert_eq!(ids.len(), customers.len(), "nobody is there twice");
    ids
}

#[tokio::test]
async fn s70_s71_a_customer_of_the_platform_appears_on_the_till_and_nothing_comes_back() {
    let shop = shop().await;
    shop.platform.put_customer(customer("c-1"), Some(shop.now()));
    shop.till.till.create(&customer("c-9"));
    let synced = shop.cycle().await;
    assert_eq!(synced.customers, 1);
    assert!(at_till(&shop).contains("c-1"));
    let calls = shop.platform.calls();
    assert!(
        calls.iter().all(|call| matches!(
            call,
            MenuCall::Write(..) | MenuCall::Held | MenuCall::Customers(..) | MenuCall::Health
        ))
    );
}

#[tokio::test]
async fn nobody_is_brought_twice_however_often_the_readings_overlap() {
    let shop = shop().await;
    put(&shop, 5, |_| Some(shop.now()));
    assert_eq!(shop.cycle().await.customers, 5);
    let calls = shop.till.till.calls(TillCall::Customers);
    for _ in 0..5 {
        assert_eq!(shop.cycle().await.customers, 0);
    }
    assert_eq!(shop.till.till.calls(TillCall::Customers), calls);
}

#[tokio::test]
async fn more_than_a_page_with_one_instant_all_arrive_over_the_windows_and_nobody_twice() {
    let shop = shop().await;
    let at = shop.now();
    put(&shop, 250, |_| Some(at));
    for _ in 0..10 {
        shop.change("p1", |p| p.vat_rate = None);
        assert!(shop.cycle().await.customers > 0, "they leave calls for the menu");
        shop.assert_in_step();
    }
    assert_eq!(at_till(&shop).len(), 250);
    assert_eq!(shop.till.till.calls(TillCall::Customers), 750);
    assert_eq!(shop.cycle().await.customers, 0);
}

#[tokio::test]
async fn nobody_is_lost_when_the_till_fails_between_two_of_one_instant() {
    for fails_at in 0..6 {
        let shop = shop().await;
        put(&shop, 2, |_| Some(shop.now()));
        shop.till.till.fail_after(TillCall::Customers, fails_at, Fault::Before(silent()));
        shop.cycle().await;
        shop.cycle().await;
        assert_eq!(at_till(&shop).len(), 2, "{fails_at}");
    }
}

#[tokio::test]
async fn the_rest_waits_for_the_next_cycle_when_the_till_does_not_answer() {
    let shop = shop().await;
    put(&shop, 120, |number| Some(shop.now() + SignedDuration::from_secs(number)));
    shop.till.till.fail(TillCall::Customers, [Fault::Before(silent())]);
    assert_eq!(shop.cycle().await.customers, 0);
    for _ in 0..6 {
        shop.cycle().await;
    }
    assert_eq!(at_till(&shop).len(), 120);
}

#[tokio::test]
async fn a_customer_without_a_time_never_hides_an_older_one() {
    let shop = shop().await;
    let long_ago = shop.now() - SignedDuration::from_hours(5);
    shop.platform.put_customer(customer("timeless"), None);
    shop.platform.put_customer(customer("old"), Some(long_ago));
    shop.till.till.fail_after(TillCall::Customers, 3, Fault::Before(silent()));
    shop.cycle().await;
    assert_eq!(at_till(&shop).len(), 1);
    shop.cycle().await;
    assert_eq!(at_till(&shop), BTreeSet::from(["old".to_owned(), "timeless".to_owned()]));
    assert_eq!(shop.cycle().await.customers, 0);
    assert!(shop.state().customers_brought.len() <= 2);
}

#[tokio::test]
async fn e49_a_time_in_the_future_neither_hides_others_nor_is_brought_again() {
    let shop = shop().await;
    shop.platform.put_customer(customer("tomorrow"), Some(shop.now() + SignedDuration::from_hours(24)));
    shop.cycle().await;
    for number in 0..12 {
        shop.platform.put_customer(customer(&format!("c-{number}")), Some(shop.now()));
        assert_eq!(shop.cycle().await.customers, 1, "{number}");
    }
    assert_eq!(at_till(&shop).len(), 13);
    assert_eq!(shop.till.till.calls(TillCall::Customers), 39);
}

#[tokio::test]
async fn a_change_there_and_back_within_minutes_reaches_the_till() {
    let shop = shop().await;
    let phone = |phone: &str| with(customer("c-1"), |c: &mut Customer| c.phone = Some(phone.to_owned()));
    for typed in ["+39 333 1111111", "+39 333 2222222", "+39 333 1111111"] {
        shop.platform.put_customer(phone(typed), Some(shop.now()));
        shop.pass_minutes(1);
        shop.sync(CHANGES).await.unwrap();
        assert_eq!(shop.till.till.customers()[0].record["phoneNumber"], typed);
    }
    assert_eq!(at_till(&shop).len(), 1);
}

#[tokio::test]
async fn one_that_the_till_refuses_is_passed_over_and_not_asked_again() {
    let shop = shop().await;
    put(&shop, 3, |_| Some(shop.now()));
    let refused = TillError::Refused { status: 400, detail: "a test".to_owned() };
    shop.till.till.fail(TillCall::Customers, [Fault::Before(refused)]);
    assert_eq!(shop.cycle().await.customers, 2);
    assert_eq!(shop.cycle().await.customers, 0);
    assert_eq!(at_till(&shop), BTreeSet::from(["c-1".to_owned(), "c-2".to_owned()]));
}

#[tokio::test]
async fn e45_a_key_that_may_not_touch_customers_loses_none() {
    let shop = shop().await;
    put(&shop, 3, |_| Some(shop.now()));
    shop.till.till.fail(TillCall::Customers, [Fault::Before(TillError::KeyRefused { status: 403 })]);
    assert_eq!(shop.cycle().await.customers, 0);
    assert_eq!(shop.cycle().await.customers, 3);
}

#[tokio::test]
async fn s69_e38_nothing_that_the_till_has_is_blanked() {
    let shop = shop().await;
    let full = with(customer("c-1"), |c: &mut Customer| c.phone = Some("+39 333 1111111".to_owned()));
    shop.platform.put_customer(full, Some(shop.now()));
    shop.cycle().await;
    let empty = with(customer("c-1"), |c: &mut Customer| (c.phone, c.email) = (None, Some(" ".to_owned())));
    shop.platform.put_customer(empty, Some(shop.now()));
    shop.cycle().await;
    let record = shop.till.till.customers().pop().unwrap().record;
    assert_eq!((&record["phoneNumber"], &record["email"]), (&"+39 333 1111111".into(), &"c-1@example.test".into()));
}

#[tokio::test]
async fn e37_two_with_one_telephone_are_two_on_the_till() {
    let shop = shop().await;
    for name in ["c-1", "c-2"] {
        let relative = with(customer(name), |c: &mut Customer| c.phone = Some("+39 06 1234567".to_owned()));
        shop.platform.put_customer(relative, Some(shop.now()));
    }
    shop.cycle().await;
    assert_eq!(at_till(&shop).len(), 2);
}

#[tokio::test]
async fn e39_a_customer_without_a_name_or_with_a_very_long_one_arrives() {
    let shop = shop().await;
    for (id, name) in [("c-1", String::new()), ("c-2", "é".repeat(200))] {
        let odd = with(customer(id), |c: &mut Customer| (c.first_name, c.last_name) = (name, String::new()));
        shop.platform.put_customer(odd, Some(shop.now()));
    }
    assert_eq!(shop.cycle().await.customers, 2);
    assert_eq!(at_till(&shop).len(), 2);
}

#[tokio::test]
async fn without_time_no_customer_is_begun_and_none_is_lost() {
    let shop = shop().await;
    put(&shop, 3, |_| Some(shop.now()));
    shop.pass_minutes(5);
    assert!(shop.menus.sync(&work(5), &crate::fixture::rest(), CHANGES).await.is_err());
    assert_eq!(at_till(&shop).len(), 0);
    assert_eq!(shop.cycle().await.customers, 3);
}

#[tokio::test]
async fn one_that_fails_every_time_is_given_up_after_an_hour_and_the_others_arrive() {
    let shop = shop().await;
    put(&shop, 3, |_| Some(shop.now()));
    for cycle in 1..=12 {
        assert_eq!(at_till(&shop).len(), 0, "{cycle}");
        shop.till.till.fail_after(TillCall::Customers, 0, Fault::Before(silent()));
        shop.cycle().await;
    }
    assert_eq!(at_till(&shop), BTreeSet::from(["c-1".to_owned(), "c-2".to_owned()]));
}

#[tokio::test]
async fn a_message_that_comes_back_after_the_menu_was_done_brings_the_customers_that_were_left_over() {
    let shop = shop().await;
    shop.pass_minutes(5);
    put(&shop, 2, |_| Some(shop.now()));
    let asked = Request { asked_ms: shop.now().as_millisecond(), ..CHANGES };
    let away = PlatformError::Unavailable { status: Some(503), retry_after: None, detail: "a test".to_owned() };
    shop.platform.fail_call(1, away);
    shop.sync(asked).await.unwrap_err();
    assert_eq!(shop.sync(asked).await.unwrap().customers, 2);
    assert_eq!(at_till(&shop).len(), 2);
    let calls = shop.platform.calls().len();
    shop.sync(asked).await.unwrap();
    assert_eq!(shop.platform.calls().len(), calls, "nobody is left over any more");
}
