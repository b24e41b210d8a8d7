//! The first pass, and the cycles in which nothing has changed.

use crate::{
    build::{drinks, menu},
    fixture::{CHANGES, Restaurant, WHOLE, rest, work},
};
use app::{
    memory::{CatalogueCall, MenuCall},
    menu::Request,
    ports::menu::Health,
};
use domain::{
    Cents,
    menu::{Entry, Kind},
};

#[tokio::test]
async fn the_first_pass_brings_names_photos_prices_categories_and_options() {
    let shop = Restaurant::with(menu());
    let synced = shop.sync(CHANGES).await.unwrap();
    shop.assert_in_step();
    assert!(synced.whole && !synced.held_back);
    assert_eq!((synced.written, synced.deactivated), (shop.desired().len(), 0));
    let pizza = shop.dish("margherita");
    assert_eq!((pizza.name.as_str(), pizza.description.as_str()), ("Piatto margherita", "Pomodoro & mozzarella"));
    assert_eq!((pizza.takeaway.price, pizza.delivery.price), (Cents(700), Cents(800)));
    assert_eq!(pizza.photos, ["https://images.example.test/margherita.jpg"]);
    assert_eq!(pizza.category, "pizze");
}

#[tokio::test]
async fn s33_s34_additions_of_the_category_reach_every_dish_and_a_dishs_own_win() {
    let shop = Restaurant::synced(menu()).await;
    assert_eq!(shop.dish("margherita").groups, ["p:margherita:o-base:add", "c:pizze:o-salse:add"]);
    assert_eq!(shop.dish("marinara").groups, ["c:pizze:o-salse:add", "c:pizze:o-base:add"]);
    assert_eq!(shop.dish("p1").groups, Vec::<String>::new());
}

#[tokio::test]
async fn s51_the_integration_is_told_to_be_active_once() {
    let shop = Restaurant::synced(menu()).await;
    shop.cycle().await;
    shop.whole().await;
    let told = shop.platform.told();
    assert_eq!(told.iter().map(|told| told.health).collect::<Vec<_>>(), [Health::Active]);
    assert_eq!(told[0].message, "");
}

#[tokio::test]
async fn a_cycle_without_changes_costs_four_calls_of_the_till_one_of_the_platform_and_two_writes() {
    let shop = Restaurant::synced(menu()).await;
    let (till, platform, writes) = (shop.till_calls(), shop.platform.calls().len(), shop.store.writes());
    let synced = shop.cycle().await;
    assert_eq!((synced.whole, synced.written, synced.deactivated), (false, 0, 0));
    assert!(shop.till_calls() - till <= 4);
    assert!(matches!(shop.platform.calls()[platform..], [MenuCall::Customers(..)]));
    assert!(shop.store.writes() - writes <= 2);
    shop.assert_in_step();
}

#[tokio::test]
async fn applying_twice_changes_nothing() {
    let shop = Restaurant::synced(menu()).await;
    let (before, writes) = (shop.manifest(), shop.platform.writes().len());
    for request in [WHOLE, CHANGES, Request { force: true, ..WHOLE }] {
        shop.pass_minutes(10);
        let synced = shop.sync(request).await.unwrap();
        assert_eq!((synced.written, synced.deactivated), (0, 0));
    }
    assert_eq!((shop.manifest(), shop.platform.writes().len()), (before, writes));
    shop.assert_in_step();
}

#[tokio::test]
async fn what_changed_while_the_first_pass_read_is_read_again() {
    let shop = Restaurant::with(menu());
    shop.till.catalogue.before_call(5, |till| till.change_product("p1", |p| p.name = "Chinotto".to_owned()));
    shop.sync(CHANGES).await.unwrap();
    shop.change("p1", |p| p.name = "Chinotto".to_owned());
    shop.cycle().await;
    assert_eq!(shop.dish("p1").name, "Chinotto");
    shop.assert_in_step();
}

#[tokio::test]
async fn s07_what_the_platform_held_before_is_announced_and_then_deactivated_outside_the_guard() {
    let shop = Restaurant::with(menu());
    for number in 0..50 {
        shop.platform.put_foreign(Kind::Dish, &format!("vecchio-{number}"), &format!("Vecchio {number}"));
    }
    shop.platform.put_foreign(Kind::Category, "vecchia", "Vecchia categoria");
    shop.sync(CHANGES).await.unwrap();
    shop.assert_in_step();
    assert_eq!(shop.platform.deactivated(), Vec::<String>::new(), "it is announced first");
    assert_eq!(shop.told().len(), 51);
    let synced = shop.whole().await;
    assert_eq!((synced.held_back, synced.deactivated), (false, 51));
    assert_eq!(shop.platform.deactivated().len(), 51);
    shop.assert_in_step();
    let writes = shop.platform.writes().len();
    assert_eq!(shop.whole().await.deactivated, 0);
    assert_eq!(shop.platform.writes().len(), writes);
}

#[tokio::test]
async fn s07_what_was_there_is_announced_by_the_first_pass_that_is_applied() {
    let mut empty = menu();
    empty.products.clear();
    let shop = Restaurant::with(empty);
    shop.platform.put_foreign(Kind::Dish, "vecchio", "Vecchio");
    assert!(shop.sync(CHANGES).await.unwrap().held_back);
    shop.till.catalogue.set(menu());
    shop.whole().await;
    assert!(shop.told().iter().any(|(_, subject)| subject == "vecchio"));
    assert_eq!(shop.platform.deactivated(), Vec::<String>::new());
    shop.whole().await;
    assert_eq!(shop.platform.deactivated(), ["d:vecchio"]);
}

#[tokio::test]
async fn s02_what_the_platform_held_under_the_tills_ids_is_overwritten() {
    let shop = Restaurant::with(menu());
    shop.platform.put_foreign(Kind::Dish, "p1", "Un altro nome");
    shop.sync(CHANGES).await.unwrap();
    shop.assert_in_step();
}

#[tokio::test]
async fn ten_thousand_products_take_at_most_104_calls_of_the_till_and_22_of_the_platform() {
    let shop = Restaurant::with(drinks(10_000));
    shop.sync(CHANGES).await.unwrap();
    assert!(shop.till_calls() <= 104, "{}", shop.till_calls());
    assert!(shop.budget.granted() <= 104 + 3, "{}", shop.budget.granted());
    let in_parts = |call: &MenuCall| match call {
        // As the contract splits it.
        MenuCall::Write(_, change) => (change.upserts.len() + change.deactivations.len()).div_ceil(500),
        MenuCall::Held | MenuCall::Health => 1,
        MenuCall::Customers(..) => 0,
    };
    assert!(shop.platform.calls().iter().map(in_parts).sum::<usize>() <= 23);
    assert_eq!(shop.live().len(), 10_001);
    assert!(matches!(shop.till.catalogue.calls().last(), Some(CatalogueCall::Products(slice)) if slice.start == 9_900));
    let dishes = shop.live().values().filter(|entry| matches!(entry, Entry::Dish(_))).count();
    assert_eq!(dishes, 10_000);
}

#[tokio::test]
async fn a_restaurant_that_is_not_there_is_said_so_and_touches_nobody() {
    let shop = Restaurant::with(menu());
    let stranger = domain::TenantId::parse("rest-9").unwrap();
    assert!(shop.menus.sync(&work(300), &stranger, CHANGES).await.is_err());
    assert_eq!((shop.till_calls(), shop.store.writes()), (0, 0));
    assert_eq!(shop.store.stored(&rest()).unwrap().0.sequence, 0);
}
