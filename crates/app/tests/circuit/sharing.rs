//! What one instance finds out, the others know.

use crate::fixture::{Restaurant, unreachable};
use app::{
    circuit::Notice,
    memory::{Fault, TillCall},
    message::OrderEvent,
    orders::{Delivery, Failure},
    ports::TillError,
};
use domain::circuit::FAILURES_IN_A_ROW;
use std::time::Duration;

#[tokio::test]
async fn what_the_till_asks_of_one_instance_is_obeyed_by_another() {
    let shop = Restaurant::open();
    let [one, other] = [shop.instance(), shop.instance()];
    shop.ordered(3);
    let retry_after = Some(Duration::from_secs(120));
    shop.till.fail(TillCall::Products, [Fault::Before(TillError::RateLimited { retry_after })]);
    one.place("o-1").await.unwrap_err();
    let before = shop.till.all_calls();
    shop.pass(7);
    let failure = other.place("o-2").await.unwrap_err();
    let wait = failure.retry_after().unwrap().as_secs();
    assert!((113..=130).contains(&wait), "{wait}");
    assert_eq!(shop.till.all_calls(), before);
    shop.pass(105);
    other.place("o-3").await.unwrap_err();
    assert_eq!(shop.till.all_calls(), before, "not a second sooner");
    shop.pass(65);
    other.handle(OrderEvent::Reconcile, Delivery::First).await.unwrap();
    assert_eq!(shop.till.all().len(), 3);
    assert_eq!((shop.heard(Notice::Opened), shop.heard(Notice::SlowedDown)), (1, 1));
}

#[tokio::test]
async fn of_many_instances_one_makes_the_trial() {
    let shop = Restaurant::open();
    shop.ordered(30);
    let instances: Vec<_> = (0..10).map(|_| shop.instance()).collect();
    shop.till.go_down(Some(unreachable()));
    for number in 1..=FAILURES_IN_A_ROW {
        instances[0].place(&format!("o-{number}")).await.unwrap_err();
    }
    // Each has read what is stored before the time is over, so that all want the trial with the same view.
    for (number, instance) in (11..).zip(&instances) {
        instance.place(&format!("o-{number}")).await.unwrap_err();
    }
    let before = shop.till.all_calls();
    shop.pass(7);
    for (number, instance) in (21..).zip(&instances) {
        instance.place(&format!("o-{number}")).await.unwrap_err();
    }
    assert_eq!(shop.till.all_calls(), before + 1);
    assert_eq!(shop.heard(Notice::Opened), 2);
}

#[tokio::test]
async fn a_store_that_does_not_answer_keeps_no_order_back() {
    let shop = Restaurant::open();
    let instance = shop.instance();
    shop.ordered(20);
    shop.circuits.fail_next(u32::MAX);
    instance.place("o-1").await.unwrap();
    assert_eq!(shop.till.all().len(), 1);
    // Alone, an instance still leaves a till alone that is down, and finds it again.
    let before = shop.till.all_calls();
    shop.till.go_down(Some(unreachable()));
    for number in 2..=20 {
        instance.place(&format!("o-{number}")).await.unwrap_err();
    }
    assert!(shop.heard(Notice::Opened) >= 1);
    assert_eq!(shop.till.all_calls() - before, FAILURES_IN_A_ROW as usize);
    shop.till.go_down(None);
    for _ in 0..4 {
        shop.pass(61);
        instance.handle(OrderEvent::Reconcile, Delivery::First).await.unwrap();
    }
    assert_eq!(shop.till.all().len(), 20);
}

#[tokio::test]
async fn one_restaurant_s_till_says_nothing_of_another_s_key() {
    let shop = Restaurant::open();
    let instance = shop.instance();
    shop.ordered(10);
    shop.till.go_down(Some(unreachable()));
    for number in 1..=FAILURES_IN_A_ROW {
        instance.place(&format!("o-{number}")).await.unwrap_err();
    }
    shop.till.go_down(None);
    let failure = instance.place("o-9").await.unwrap_err();
    assert!(matches!(failure, Failure::Till(TillError::RateLimited { .. })), "{failure:?}");
    let record = serde_json::json!({"tenant_id": "rest-1", "cic": {"sales_point_id": 90101}});
    let record = domain::tenant::Tenant::from_record(record.as_object().unwrap()).unwrap();
    shop.tenants.put(record, "another-key-of-a-test", &["secret-of-a-test"]);
    shop.pass(301);
    let before = shop.circuits.saves();
    instance.place("o-10").await.unwrap();
    assert_eq!(shop.circuits.saves(), before, "no trial: nothing is known of this key");
}
