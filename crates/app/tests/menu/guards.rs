//! What is too doubtful to be applied: the last good menu stays, and a person is told.

use crate::{
    build::{category, drinks, menu, mode, price, product},
    fixture::{CHANGES, Restaurant, WHOLE},
};
use app::{memory::MenuCall, menu::Request, ports::menu::Health};
use domain::{Cents, menu::Check};
use serde_json::json;

const FORCE: Request = Request { force: true, ..WHOLE };

#[tokio::test]
async fn e55_an_empty_answer_of_the_till_is_an_error_and_the_last_menu_stays() {
    for dishes in [2, 20] {
        let shop = Restaurant::synced(drinks(dishes)).await;
        let (good, before) = (shop.live(), shop.till.catalogue.catalogue());
        let mut empty = before.clone();
        empty.products.clear();
        shop.till.catalogue.set(empty);
        assert!(shop.cycle().await.held_back);
        assert_eq!((shop.live(), shop.health()), (good, Some(Health::Degraded)));
        assert!(shop.sentence().contains("menù vuoto"));
        shop.till.catalogue.set(before);
        assert!(!shop.cycle().await.held_back);
        assert_eq!(shop.health(), Some(Health::Active));
        shop.assert_in_step();
    }
}

#[tokio::test]
async fn e55_more_deletions_than_the_percent_are_held_back_and_exactly_the_percent_are_not() {
    let shop = Restaurant::synced(menu()).await;
    for number in 1..=5 {
        shop.till.catalogue.delete_product(&format!("p{number}"));
    }
    assert!(shop.cycle().await.held_back);
    assert_eq!((shop.health(), shop.live().len()), (Some(Health::Degraded), 25));
    assert!(shop.sentence().contains("5 insieme"), "{}", shop.sentence());
    shop.till.catalogue.put_product(product("p5", "bibite"));
    assert!(!shop.cycle().await.held_back);
    assert_eq!(shop.platform.deactivated(), ["d:p1", "d:p2", "d:p3", "d:p4"]);
    shop.assert_in_step();
}

#[tokio::test]
async fn a_small_menu_may_lose_a_dish_whatever_its_share_is() {
    let shop = Restaurant::synced(drinks(2)).await;
    shop.till.catalogue.delete_product("p1");
    assert!(!shop.cycle().await.held_back);
    shop.assert_in_step();
}

#[tokio::test]
async fn e55_what_is_held_back_is_applied_once_it_is_confirmed_and_only_then() {
    let shop = Restaurant::synced(menu()).await;
    for number in 1..=10 {
        shop.till.catalogue.delete_product(&format!("p{number}"));
    }
    assert!(shop.cycle().await.held_back && shop.cycle().await.held_back);
    shop.pass_minutes(10);
    assert!(!shop.sync(FORCE).await.unwrap().held_back);
    assert_eq!(shop.health(), Some(Health::Active));
    shop.assert_in_step();
    for number in 11..=15 {
        shop.till.catalogue.delete_product(&format!("p{number}"));
    }
    assert!(shop.cycle().await.held_back, "one confirmation is for one change");
}

#[tokio::test]
async fn e19_a_renamed_sales_mode_stops_the_menu_until_it_is_mended() {
    let shop = Restaurant::synced(menu()).await;
    let good = shop.live();
    shop.till.catalogue.set_modes(mode("sm-takeaway"), None);
    assert!(shop.whole().await.held_back);
    assert_eq!((shop.live(), shop.health()), (good.clone(), Some(Health::Degraded)));
    let sentence = shop.sentence();
    assert!(sentence.contains("«plateform_delivery»") && sentence.contains("Configurazione > Modalità di vendita"));
    shop.change("p1", |p| p.name = "Chinotto".to_owned());
    for _ in 0..3 {
        let calls = shop.till_calls();
        assert!(shop.cycle().await.held_back);
        assert!(shop.till_calls() - calls <= 3, "what cannot be applied is not read");
        assert_eq!((shop.live(), shop.health()), (good.clone(), Some(Health::Degraded)));
    }
    assert_eq!(shop.platform.told().len(), 2, "it is told once");
    shop.till.catalogue.set_modes(mode("sm-takeaway"), mode("sm-delivery"));
    assert!(!shop.cycle().await.held_back);
    assert_eq!((shop.health(), shop.sentence().as_str()), (Some(Health::Active), ""));
    assert_eq!(shop.told(), []);
    shop.assert_in_step();
}

#[tokio::test]
async fn e19_a_sales_mode_created_anew_without_prices_takes_no_dish_off_sale() {
    let shop = Restaurant::synced(menu()).await;
    let good = shop.live();
    shop.till.catalogue.set_modes(mode("sm-new"), mode("sm-newer"));
    assert!(shop.whole().await.held_back);
    assert_eq!((shop.live(), shop.health()), (good, Some(Health::Degraded)));
    for product in shop.till.catalogue.catalogue().products {
        shop.change(&product.id, |p| p.prices = vec![price("sm-new", 500), price("sm-newer", 600)]);
    }
    assert!(!shop.cycle().await.held_back);
    shop.assert_in_step();
}

#[tokio::test]
async fn s26_s28_without_a_sales_mode_a_first_menu_has_no_price_there_and_the_restaurant_is_told_until_it_is_made() {
    let mut unnamed = menu();
    unnamed.delivery = None;
    let shop = Restaurant::with(unnamed);
    for _ in 0..2 {
        assert!(!shop.sync(CHANGES).await.unwrap().held_back);
        assert_eq!(shop.health(), Some(Health::Degraded));
        assert!(shop.sentence().contains("«plateform_delivery»"), "{}", shop.sentence());
        let dish = shop.dish("p1");
        assert!(dish.takeaway.orderable && !dish.delivery.orderable && dish.delivery.price == Cents::ZERO);
        shop.pass_minutes(5);
    }
    shop.till.catalogue.set(menu());
    shop.sync(CHANGES).await.unwrap();
    assert!(shop.dish("p1").delivery.orderable);
    assert_eq!(shop.health(), Some(Health::Active));
}

#[tokio::test]
async fn s28_where_dishes_without_a_price_are_published_a_missing_sales_mode_gives_none_away() {
    let mut unnamed = menu();
    unnamed.delivery = None;
    let shop = Restaurant::with_policies(unnamed, &json!({"missing_price": "publish"}));
    shop.sync(CHANGES).await.unwrap();
    assert!(!shop.dish("p1").delivery.orderable);
}

#[tokio::test]
async fn a_first_pass_over_an_empty_till_is_no_menu_and_says_where_to_look() {
    let mut empty = drinks(1);
    empty.products.clear();
    let shop = Restaurant::with(empty);
    assert!(shop.cycle().await.held_back);
    assert!(shop.live().is_empty());
    assert!(shop.sentence().contains("nessun articolo"), "{}", shop.sentence());
}

#[tokio::test]
async fn e43_pages_that_never_fit_together_delete_nothing() {
    let shop = Restaurant::synced(drinks(250)).await;
    let good = shop.live();
    for totals in [(260, 1), (90, 1), (250, 3)] {
        shop.till.catalogue.claim_totals(Some(totals));
        shop.till.catalogue.delete_product("p250");
        assert!(shop.whole().await.held_back, "{totals:?}");
        assert_eq!((shop.live(), shop.health()), (good.clone(), Some(Health::Degraded)));
    }
    shop.till.catalogue.claim_totals(None);
    shop.whole().await;
    assert_eq!(shop.health(), Some(Health::Active));
    shop.assert_in_step();
}

#[tokio::test]
async fn e43_a_page_that_shifts_while_it_is_read_is_read_again() {
    let shop = Restaurant::synced(drinks(250)).await;
    shop.till.catalogue.before_call(5, |till| till.put_product_first(product("primo", "bibite")));
    shop.till.catalogue.limit_pages(Some(70));
    assert!(!shop.whole().await.held_back);
    shop.assert_in_step();
}

#[tokio::test]
async fn e43_rows_that_cannot_be_read_stay_as_they_are_and_are_told() {
    let shop = Restaurant::synced(menu()).await;
    let pizzas = [shop.dish("margherita"), shop.dish("marinara")];
    shop.change("p1", |p| p.name = "Chinotto".to_owned());
    shop.change("margherita", |p| p.name = "Regina".to_owned());
    for id in ["p1", "pizze"] {
        shop.till.catalogue.make_unreadable(id);
    }
    for synced in [shop.cycle().await, shop.whole().await] {
        assert_eq!((synced.written, synced.deactivated, synced.held_back), (0, 0, false));
        assert_eq!(shop.dish("p1").name, "Piatto p1");
        assert_eq!([shop.dish("margherita"), shop.dish("marinara")], pizzas);
        assert_eq!(shop.told(), [(Check::Incomplete, "p1".to_owned()), (Check::Incomplete, "pizze".to_owned())]);
    }
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_and_leaves_no_trace() {
    let shop = Restaurant::synced(menu()).await;
    shop.platform.put_foreign(domain::menu::Kind::Dish, "vecchio", "Vecchio");
    shop.change("p1", |p| p.name = "Chinotto".to_owned());
    shop.till.catalogue.delete_product("p2");
    shop.till.catalogue.put_category(category("dolci", "Dolci"));
    let (state, manifest, live, told) = (shop.state(), shop.manifest(), shop.live(), shop.platform.told());
    for request in [CHANGES, WHOLE, FORCE] {
        shop.pass_minutes(10);
        let synced = shop.sync(Request { dry_run: true, ..request }).await.unwrap();
        assert_eq!(synced.written, 2);
        let preview = synced.preview.unwrap();
        assert_eq!((preview.changing[0].name.as_str(), preview.changing.len()), ("Chinotto", 1));
        assert!(preview.translations_at_risk.iter().any(|named| named.id == "p2"));
        assert_eq!(synced.deactivated, if request.whole { 2 } else { 1 });
    }
    let wrote = |call: &MenuCall| matches!(call, MenuCall::Write(..));
    assert_eq!(shop.platform.calls().iter().filter(|call| wrote(call)).count(), 1);
    assert_eq!((shop.state(), shop.manifest(), shop.live(), shop.platform.told()), (state, manifest, live, told));
    shop.till.catalogue.set_modes(None, None);
    let held = shop.sync(Request { dry_run: true, ..WHOLE }).await.unwrap();
    assert!(held.held_back && !shop.state().held_back);
    assert_eq!(shop.health(), Some(Health::Active));
}

#[tokio::test]
async fn a_dry_run_before_the_first_pass_does_not_stand_for_it() {
    let shop = Restaurant::with(menu());
    shop.platform.put_foreign(domain::menu::Kind::Dish, "vecchio", "Vecchio");
    let synced = shop.sync(Request { dry_run: true, ..WHOLE }).await.unwrap();
    assert_eq!((synced.written, synced.deactivated), (shop.desired().len(), 0));
    shop.sync(WHOLE).await.unwrap();
    assert_eq!(shop.platform.deactivated(), Vec::<String>::new(), "it has to be announced first");
    shop.assert_in_step();
}
