//! Faults at every call of a cycle: the next cycles heal them, and the platform ends with exactly the till's menu.

use crate::{
    build::{category, menu, modifier, product},
    fixture::{CHANGES, Restaurant, WHOLE, rest},
};
use app::{
    menu::{MenuFailure, Request},
    ports::{PlatformError, TillError, menu::Health},
};
use domain::menu::{Check, Kind};

fn silent() -> TillError {
    TillError::Unclear { status: Some(500), detail: "a test".to_owned() }
}

fn away() -> PlatformError {
    PlatformError::Unavailable { status: None, retry_after: None, detail: "a test".to_owned() }
}

/// Changes of every kind at once: few enough for the guard.
fn edit(shop: &Restaurant) {
    let till = &shop.till.catalogue;
    shop.change("p1", |p| p.name = "Chinotto".to_owned());
    shop.change("margherita", |p| p.modifiers = vec![modifier("o-impasto", "Impasto", "v-farro", 150)]);
    shop.change("p4", |p| p.prices.clear());
    till.delete_product("p2");
    till.put_product(product("p2-bis", "pizze"));
    till.put_product(product("p3-bis", "bibite"));
    till.change_category("pizze", |c| c.modifiers.truncate(1));
    till.put_category(category("dolci", "Dolci"));
}

/// Cycles until nothing is left to do, each for whatever reason there is.
async fn heal(shop: &Restaurant, what: &str) {
    for _ in 0..2 {
        shop.pass_minutes(10);
        let _ = shop.sync(CHANGES).await;
    }
    assert_eq!(shop.live(), shop.desired(), "{what}");
    shop.assert_in_step();
    assert_eq!(shop.health(), Some(Health::Active), "{what}");
    let writes = shop.platform.writes().len();
    shop.pass_minutes(10);
    let again = shop.sync(WHOLE).await.unwrap();
    assert_eq!((again.written, again.deactivated), (0, 0), "{what}");
    assert_eq!(shop.platform.writes().len(), writes, "{what}");
}

/// A restaurant before its first pass, and one with changes to bring.
async fn restaurants() -> [(Restaurant, Request); 3] {
    let first = Restaurant::with(menu());
    let [changed, asked] = [Restaurant::synced(menu()).await, Restaurant::synced(menu()).await];
    edit(&changed);
    edit(&asked);
    [(first, CHANGES), (changed, CHANGES), (asked, WHOLE)]
}

#[tokio::test]
async fn e43_an_error_of_the_till_at_any_call_is_healed_by_the_next_cycle() {
    for fault in [silent(), TillError::RateLimited { retry_after: None }] {
        for at in 1..=9 {
            for (shop, request) in restaurants().await {
                let live = shop.live();
                shop.till.catalogue.fail_call(at, fault.clone());
                let calls = shop.till_calls() + at;
                match shop.sync(request).await {
                    Ok(_) => assert!(shop.till_calls() < calls, "the fault at {at} was not met"),
                    Err(MenuFailure::Till(error)) => {
                        assert_eq!(error, fault);
                        assert_eq!(shop.live(), live, "nothing is applied of half a reading");
                    }
                    Err(other) => panic!("{other}"),
                }
                heal(&shop, &format!("the till at {at}, {request:?}")).await;
            }
        }
    }
}

#[tokio::test]
async fn a_failure_of_the_store_at_any_call_is_healed_by_the_next_cycles() {
    for at in 0..20 {
        for (shop, request) in restaurants().await {
            shop.store.fail_after(at);
            let _ = shop.sync(request).await;
            shop.store.fail_after(u32::MAX);
            heal(&shop, &format!("the store after {at}, {request:?}")).await;
        }
    }
}

#[tokio::test]
async fn a_failure_of_the_platform_at_any_call_is_healed_by_the_next_cycles() {
    for is_lost in [false, true] {
        for at in 1..=5 {
            for (shop, request) in restaurants().await {
                match is_lost {
                    true => shop.platform.lose_call(at, away()),
                    false => shop.platform.fail_call(at, away()),
                }
                let calls = shop.platform.calls().len() + at;
                let failed = shop.sync(request).await.is_err();
                assert_eq!(failed, shop.platform.calls().len() >= calls);
                heal(&shop, &format!("the platform at {at}, lost {is_lost}, {request:?}")).await;
            }
        }
    }
}

#[tokio::test]
async fn s07_what_was_there_is_not_deactivated_before_the_announcement_has_arrived() {
    let shop = Restaurant::with(menu());
    shop.platform.put_foreign(Kind::Dish, "vecchio", "Vecchio");
    shop.platform.fail_call(2, away());
    assert!(shop.sync(CHANGES).await.is_err());
    shop.whole().await;
    assert_eq!(shop.platform.deactivated(), Vec::<String>::new());
    assert_eq!(shop.told(), [(Check::Ghost, "vecchio".to_owned())]);
}

#[tokio::test]
async fn a_change_there_and_back_is_not_swallowed_when_the_answers_between_are_lost() {
    let shop = Restaurant::synced(menu()).await;
    for name in ["Uno", "Due", "Uno"] {
        shop.change("p1", |p| p.name = name.to_owned());
        shop.pass_minutes(5);
        shop.platform.lose_call(1, away());
        assert!(shop.sync(CHANGES).await.is_err());
    }
    shop.cycle().await;
    assert_eq!(shop.dish("p1").name, "Uno");
    shop.assert_in_step();
}

#[tokio::test]
async fn a_lost_manifest_is_made_anew_of_what_the_platform_holds() {
    let shop = Restaurant::synced(menu()).await;
    shop.store.spoil_manifest(&rest());
    edit(&shop);
    heal(&shop, "a lost manifest").await;
    assert!(shop.store.stored(&rest()).is_ok());
}

#[tokio::test]
async fn e55_the_guard_holds_also_where_the_manifest_is_lost() {
    for left in [0, 5] {
        let shop = Restaurant::synced(menu()).await;
        shop.store.spoil_manifest(&rest());
        let mut fewer = menu();
        fewer.products.truncate(left);
        shop.till.catalogue.set(fewer);
        let good = shop.live();
        assert!(shop.whole().await.held_back);
        assert_eq!(shop.live(), good);
    }
}

#[tokio::test]
async fn an_entry_that_the_platform_refuses_once_is_written_by_the_second_try() {
    let shop = Restaurant::synced(menu()).await;
    shop.platform.refuse("p1", 1, "locked");
    shop.change("p1", |p| p.name = "Chinotto".to_owned());
    shop.change("p2", |p| p.name = "Cedrata".to_owned());
    shop.cycle().await;
    let last = shop.platform.writes().pop().unwrap();
    assert_eq!(last.upserts.iter().map(|entry| entry.external_id()).collect::<Vec<_>>(), ["p1"], "it goes alone");
    assert_eq!(shop.told(), []);
    shop.assert_in_step();
}

#[tokio::test]
async fn an_entry_that_the_platform_refuses_is_told_and_tried_again_and_the_rest_is_applied() {
    let shop = Restaurant::with(menu());
    shop.platform.refuse("p1", 2, "invalid_name");
    shop.sync(CHANGES).await.unwrap();
    assert_eq!(shop.live().len(), shop.desired().len() - 1);
    assert_eq!(shop.told(), [(Check::NotTaken, "p1".to_owned())]);
    assert_eq!(shop.health(), Some(Health::Active));
    shop.whole().await;
    assert_eq!(shop.told(), []);
    shop.assert_in_step();
}

#[tokio::test]
async fn a_deactivation_that_the_platform_refuses_is_told_and_tried_again() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.delete_product("p1");
    shop.platform.refuse("p1", 2, "locked");
    shop.cycle().await;
    assert_eq!(shop.told(), [(Check::NotTaken, "p1".to_owned())]);
    shop.whole().await;
    assert_eq!(shop.platform.deactivated(), ["d:p1"]);
    shop.assert_in_step();
}

#[tokio::test]
async fn a_group_that_is_refused_takes_its_dish_along_and_both_come_with_the_next_pass() {
    let shop = Restaurant::with(menu());
    shop.platform.refuse("p:margherita:o-base:add", 2, "invalid");
    shop.sync(CHANGES).await.unwrap();
    assert_eq!(shop.live().len(), shop.desired().len() - 2);
    shop.whole().await;
    shop.assert_in_step();
}

#[tokio::test]
async fn e45_a_refused_key_is_told_once_writes_nothing_and_heals_by_itself() {
    let shop = Restaurant::synced(menu()).await;
    let live = shop.live();
    shop.change("p1", |p| p.name = "Chinotto".to_owned());
    for _ in 0..3 {
        shop.till.catalogue.fail_call(1, TillError::KeyRefused { status: 401 });
        assert!(shop.cycle().await.held_back);
    }
    assert_eq!((shop.live(), shop.health()), (live, Some(Health::Error)));
    assert_eq!(shop.platform.told().len(), 2, "it is told once");
    assert!(shop.sentence().contains("chiave API"));
    assert!(!shop.cycle().await.held_back);
    assert_eq!((shop.health(), shop.told()), (Some(Health::Active), vec![]));
    shop.assert_in_step();
}

#[tokio::test]
async fn e45_what_was_known_of_single_dishes_stays_told_while_the_key_is_refused() {
    let shop = Restaurant::synced(menu()).await;
    shop.change("p1", |p| p.images = vec!["foto".to_owned()]);
    shop.cycle().await;
    shop.till.catalogue.fail_call(1, TillError::KeyRefused { status: 403 });
    shop.cycle().await;
    assert_eq!(shop.told(), [(Check::Photo, "p1".to_owned()), (Check::Key, String::new())]);
    shop.cycle().await;
    assert_eq!(shop.told(), [(Check::Photo, "p1".to_owned())]);
}

#[tokio::test]
async fn e19_that_the_menu_is_well_again_is_told_though_the_platform_was_away_at_first() {
    let shop = Restaurant::synced(menu()).await;
    let modes = shop.till.catalogue.catalogue();
    shop.till.catalogue.set_modes(None, None);
    shop.whole().await;
    shop.till.catalogue.set_modes(modes.takeaway, modes.delivery);
    shop.pass_minutes(5);
    shop.platform.fail_call(1, away());
    assert!(shop.sync(CHANGES).await.is_err());
    shop.cycle().await;
    assert_eq!(shop.health(), Some(Health::Active));
}

#[tokio::test]
async fn e19_that_the_menu_is_held_back_is_told_though_the_platform_was_away_at_first() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.set_modes(None, None);
    shop.pass_minutes(5);
    let asked = Request { asked_ms: shop.now().as_millisecond(), ..WHOLE };
    shop.platform.fail_call(1, away());
    assert!(shop.sync(asked).await.is_err());
    shop.sync(Request { whole: false, ..asked }).await.unwrap();
    assert_eq!(shop.health(), Some(Health::Degraded));
}

#[tokio::test]
async fn e49_clocks_that_differ_by_minutes_lose_no_change() {
    for minutes in [-9, -4, 4, 9] {
        let shop = Restaurant::with_till_clock(menu(), minutes);
        shop.sync(CHANGES).await.unwrap();
        for round in 0..4 {
            shop.pass_minutes(5);
            shop.sync(CHANGES).await.unwrap();
            shop.change("p1", |p| p.name = format!("Chinotto {round}"));
            shop.till.catalogue.change_category("pizze", |c| c.name = format!("Pizze {round}"));
            shop.cycle().await;
            shop.assert_in_step();
        }
    }
}

#[tokio::test]
async fn what_was_told_and_its_answer_lost_is_taken_back_when_it_is_over() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.fail_call(1, TillError::KeyRefused { status: 401 });
    shop.platform.lose_call(1, away());
    shop.pass_minutes(5);
    assert!(shop.sync(CHANGES).await.is_err());
    assert_eq!(shop.health(), Some(Health::Error));
    shop.cycle().await;
    assert_eq!(shop.health(), Some(Health::Active));
}

#[tokio::test]
async fn what_was_told_and_never_noted_is_taken_back_by_the_next_whole_pass() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.fail_call(1, TillError::KeyRefused { status: 401 });
    shop.store.fail_after(3);
    shop.pass_minutes(5);
    assert!(shop.sync(CHANGES).await.is_err());
    assert_eq!(shop.health(), Some(Health::Error));
    shop.whole().await;
    assert_eq!(shop.health(), Some(Health::Active));
}

#[tokio::test]
async fn a_till_that_fails_time_and_again_is_told_once_and_the_menu_is_active_again_when_it_answers() {
    let shop = Restaurant::synced(menu()).await;
    let told = shop.platform.told().len();
    for failed in 1..=5 {
        shop.till.catalogue.fail_call(1, TillError::Unclear { status: Some(500), detail: "a test".to_owned() });
        shop.sync(CHANGES).await.unwrap_err();
        assert_eq!(shop.platform.told().len() - told, usize::from(failed >= 3), "{failed}");
    }
    assert_eq!(shop.health(), Some(Health::Degraded));
    assert!(shop.sentence().contains("non risponde"), "{}", shop.sentence());
    shop.cycle().await;
    assert_eq!(shop.health(), Some(Health::Active));
    shop.assert_in_step();
}
