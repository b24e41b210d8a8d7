//! Passes larger than the calls of ten minutes or the time of an invocation, and who may work at once.

use crate::{
    build::{drinks, menu, mode, product},
    fixture::{CHANGES, Restaurant, WHOLE, record, rest, work},
};
use app::{
    memory::CatalogueCall,
    menu::{MenuFailure, Request},
    ports::{Clock, TillError, menu::MenuStore},
};
use domain::{TenantId, menu::Kind};
use jiff::SignedDuration;
use serde_json::json;

/// How many pages of products were asked for.
fn pages(shop: &Restaurant) -> usize {
    shop.till.catalogue.calls().iter().filter(|call| matches!(call, CatalogueCall::Products(_))).count()
}

/// So few calls in ten minutes that tests are quick.
const FEW: u32 = 18;

/// A restaurant whose 21 pages do not fit into its calls.
fn large() -> Restaurant {
    Restaurant::with_calls(drinks(2_050), FEW)
}

#[tokio::test]
async fn e46_a_pass_larger_than_the_calls_is_put_aside_and_gone_on_with() {
    let shop = Restaurant::with(drinks(20_100));
    let begun = shop.now();
    assert!(matches!(shop.sync(CHANGES).await, Err(MenuFailure::NoCalls)));
    assert!(matches!(shop.sync(CHANGES).await, Err(MenuFailure::NoCalls)), "the window is used up");
    assert_eq!((shop.live().len(), shop.state().products_since_ms), (0, None));
    shop.pass_minutes(10);
    assert!(shop.sync(CHANGES).await.unwrap().whole);
    shop.assert_in_step();
    assert_eq!(pages(&shop), 201);
    assert!(shop.till_calls() <= 201 + 5);
    let state = shop.state();
    assert_eq!(state.products_since_ms, Some(begun.as_millisecond()), "what changed since is read next");
    assert_eq!((state.whole_pass_ms, state.put_aside), (Some(begun.as_millisecond()), None));
}

#[tokio::test]
async fn what_changed_on_pages_already_read_is_brought_by_the_next_cycle() {
    let shop = large();
    shop.sync(CHANGES).await.unwrap_err();
    shop.pass_minutes(5);
    shop.change("p1", |p| p.name = "Chinotto".to_owned());
    shop.pass_minutes(5);
    shop.sync(CHANGES).await.unwrap();
    assert_eq!(shop.dish("p1").name, "Piatto p1");
    shop.cycle().await;
    assert_eq!(shop.dish("p1").name, "Chinotto");
    shop.assert_in_step();
}

#[tokio::test]
async fn a_pass_asked_for_later_does_not_go_on_with_an_older_one() {
    let shop = large();
    shop.sync(CHANGES).await.unwrap_err();
    shop.pass_minutes(10);
    let asked = shop.now();
    let request = Request { asked_ms: asked.as_millisecond(), ..WHOLE };
    assert!(matches!(shop.sync(request).await, Err(MenuFailure::NoCalls)));
    shop.pass_minutes(10);
    shop.sync(request).await.unwrap();
    shop.assert_in_step();
    assert_eq!(shop.state().whole_pass_ms, Some(asked.as_millisecond()));
    assert_eq!(shop.sync(request).await.unwrap().written, 0);
    assert!(pages(&shop) <= 14 + 21 + 1);
}

#[tokio::test]
async fn a_pass_that_was_asked_for_is_compared_with_the_platform_whoever_ends_it() {
    let shop = large();
    shop.sync(CHANGES).await.unwrap_err();
    shop.pass_minutes(10);
    shop.sync(CHANGES).await.unwrap();
    shop.platform.delete(Kind::Dish, "p7");
    shop.pass_minutes(20);
    let asked = Request { asked_ms: shop.now().as_millisecond(), ..WHOLE };
    shop.sync(asked).await.unwrap_err();
    shop.pass_minutes(10);
    assert_eq!(shop.sync(CHANGES).await.unwrap().written, 1);
    shop.assert_in_step();
    let calls = shop.till_calls();
    shop.sync(asked).await.unwrap();
    assert_eq!(shop.till_calls(), calls, "it has been done");
}

#[tokio::test]
async fn a_pass_for_changed_counts_does_not_stand_for_the_nightly_one() {
    let shop = Restaurant::synced(menu()).await;
    let asked = Request { asked_ms: shop.now().as_millisecond(), ..WHOLE };
    shop.platform.delete(Kind::Dish, "p7");
    shop.till.catalogue.put_product(product("nuovo", "pizze"));
    assert!(shop.cycle().await.whole);
    assert!(shop.sync(asked).await.unwrap().whole);
    shop.assert_in_step();
}

#[tokio::test]
async fn a_pass_without_time_is_put_aside() {
    let shop = Restaurant::with(drinks(300));
    shop.till.catalogue.fail_call(6, TillError::Unreachable { detail: "a test".to_owned() });
    assert!(matches!(shop.sync(CHANGES).await, Err(MenuFailure::Till(_))));
    let calls = shop.till_calls();
    let out_of_time = shop.menus.sync(&work(14), &rest(), CHANGES).await;
    assert!(matches!(out_of_time, Err(MenuFailure::OutOfTime)));
    assert_eq!(shop.till_calls(), calls, "no call is begun");
    shop.cycle().await;
    assert_eq!(pages(&shop), 4, "no page is read twice");
    shop.assert_in_step();
}

#[tokio::test]
async fn a_pass_put_aside_for_too_long_or_lost_is_begun_anew() {
    let shop = large();
    shop.sync(CHANGES).await.unwrap_err();
    let read = pages(&shop);
    shop.pass_minutes(180);
    shop.sync(CHANGES).await.unwrap_err();
    assert_eq!(pages(&shop), 2 * read);
    // As if it had passed away in the table.
    shop.store.put_aside(&rest(), 999, b"another").await.unwrap();
    shop.pass_minutes(10);
    shop.sync(CHANGES).await.unwrap_err();
    assert_eq!(pages(&shop), 3 * read);
    shop.pass_minutes(10);
    shop.sync(CHANGES).await.unwrap();
    shop.assert_in_step();
}

#[tokio::test]
async fn e46_two_restaurants_of_one_key_share_its_calls() {
    let shop = Restaurant::with_calls(drinks(1_200), FEW);
    let other = TenantId::parse("rest-2").unwrap();
    shop.tenants.put(record("rest-2", &json!({})), "key-of-a-test", &[]);
    shop.sync(CHANGES).await.unwrap();
    let refused = shop.menus.sync(&work(300), &other, CHANGES).await;
    assert!(matches!(refused, Err(MenuFailure::NoCalls)));
    assert!(shop.budget.granted() <= FEW);
    shop.tenants.put(record("rest-3", &json!({})), "another-key", &[]);
    let third = TenantId::parse("rest-3").unwrap();
    shop.menus.sync(&work(300), &third, CHANGES).await.unwrap();
}

#[tokio::test]
async fn one_holder_works_at_a_time() {
    let shop = Restaurant::synced(menu()).await;
    let until = shop.clock.now() + SignedDuration::from_secs(60);
    let lease = shop.store.take(&rest(), until).await.unwrap().unwrap();
    let calls = shop.till_calls();
    assert!(matches!(shop.sync(CHANGES).await, Err(MenuFailure::Busy)));
    assert_eq!(shop.till_calls(), calls);
    shop.pass_minutes(1);
    shop.sync(CHANGES).await.unwrap();
    assert!(!shop.store.save(&rest(), lease.revision, &lease.state).await.unwrap(), "the holder before is late");
}

#[tokio::test]
async fn a_burst_of_changes_is_done_by_one_cycle_that_began_after_them() {
    let shop = Restaurant::synced(menu()).await;
    shop.change("p1", |p| p.name = "Chinotto".to_owned());
    let burst: Vec<Request> =
        (0..50).map(|n| Request { asked_ms: shop.now().as_millisecond() + n, ..CHANGES }).collect();
    shop.pass_minutes(1);
    let (calls, writes) = (shop.till_calls(), shop.platform.calls().len());
    for request in burst {
        shop.sync(request).await.unwrap();
    }
    assert!(shop.till_calls() - calls <= 7);
    assert_eq!(shop.platform.calls().len() - writes, 2, "one change and one reading of customers");
    shop.assert_in_step();
    shop.change("p1", |p| p.name = "Cedrata".to_owned());
    shop.pass_minutes(1);
    shop.sync(Request { asked_ms: shop.now().as_millisecond(), ..CHANGES }).await.unwrap();
    shop.assert_in_step();
}

#[tokio::test]
async fn a_burst_of_changes_is_done_by_one_cycle_also_while_the_menu_is_held_back() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.set_modes(None, None);
    shop.whole().await;
    shop.pass_minutes(5);
    let asked = Request { asked_ms: shop.now().as_millisecond(), ..CHANGES };
    let calls = shop.till_calls();
    for number in 0..50 {
        shop.sync(Request { whole: number % 2 == 0, ..asked }).await.unwrap();
    }
    assert!(shop.till_calls() - calls <= 3);
    shop.till.catalogue.set_modes(mode("sm-takeaway"), mode("sm-delivery"));
    shop.cycle().await;
    shop.assert_in_step();
}
