//! Changes on the till, one at a time, and what the platform owns.

use crate::{
    build::{category, menu, modifier, price, product, with},
    fixture::{CHANGES, Restaurant, found, record},
};
use domain::{
    Cents, SalesPointId,
    menu::{Check, Entry, Kind, till::TillPrice},
};
use serde_json::json;

#[tokio::test]
async fn s08_a_price_changed_on_the_till_is_on_the_platform_after_one_cycle() {
    let shop = Restaurant::synced(menu()).await;
    shop.change("p1", |p| p.prices = vec![price("sm-takeaway", 300), price("sm-delivery", 350)]);
    let synced = shop.cycle().await;
    assert_eq!((synced.whole, synced.written), (false, 1));
    assert_eq!(shop.dish("p1").takeaway.price, Cents(300));
    shop.assert_in_step();
}

#[tokio::test]
async fn s15_a_dish_taken_off_the_channel_becomes_inactive_and_comes_back() {
    let shop = Restaurant::synced(menu()).await;
    for on_channel in [false, true] {
        shop.change("p1", |p| p.on_channel = on_channel);
        shop.cycle().await;
        assert_eq!(shop.dish("p1").active, on_channel);
        shop.assert_in_step();
    }
    assert_eq!(shop.platform.deactivated(), Vec::<String>::new());
}

#[tokio::test]
async fn s15_a_category_taken_off_the_channel_takes_its_dishes_with_it() {
    let shop = Restaurant::synced(menu()).await;
    for on_channel in [false, true] {
        shop.till.catalogue.change_category("pizze", |c| c.on_channel = on_channel);
        shop.cycle().await;
        assert_eq!(shop.dish("marinara").active, on_channel);
        shop.assert_in_step();
    }
}

#[tokio::test]
async fn s09_a_new_dish_appears_after_one_cycle() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.put_product(product("nuovo", "pizze"));
    shop.cycle().await;
    assert_eq!(shop.dish("nuovo").groups.len(), 2);
    shop.assert_in_step();
}

#[tokio::test]
async fn e51_a_dish_that_is_moved_takes_the_additions_of_its_new_category_and_keeps_what_the_platform_owns() {
    let shop = Restaurant::synced(menu()).await;
    shop.platform.own(Kind::Dish, "p1", "allergeni, traduzioni");
    shop.change("p1", |p| p.category = Some("pizze".to_owned()));
    shop.cycle().await;
    assert_eq!(shop.dish("p1").groups, shop.dish("marinara").groups);
    assert_eq!(shop.platform.owned()["d:p1"], "allergeni, traduzioni");
    shop.assert_in_step();
}

#[tokio::test]
async fn s16_s45_a_deleted_dish_is_deactivated_within_one_cycle_and_a_person_is_told_to_delete_it() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.delete_product("margherita");
    let synced = shop.cycle().await;
    assert_eq!((synced.whole, synced.deactivated), (true, 2), "the dish and its own group");
    assert!(shop.platform.owned().contains_key("d:margherita"), "it is not deleted");
    assert_eq!(shop.told(), [(Check::Ghost, "margherita".to_owned())]);
    assert!(
        synced.findings.iter().any(|finding| finding.message.contains("«Piatto margherita»")),
        "{:?}",
        synced.findings
    );
    shop.assert_in_step();
    shop.platform.delete(Kind::Dish, "margherita");
    shop.whole().await;
    assert_eq!(shop.told(), [], "a person has deleted it");
}

#[tokio::test]
async fn s36_a_deleted_addition_is_deactivated_and_a_person_is_told() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.change_category("pizze", |c| c.modifiers.truncate(1));
    shop.cycle().await;
    assert_eq!(shop.platform.deactivated(), ["g:c:pizze:o-base:add"]);
    assert_eq!(shop.told(), [(Check::Ghost, "c:pizze:o-base:add".to_owned())]);
    shop.assert_in_step();
}

#[tokio::test]
async fn a_person_who_deletes_a_dish_on_both_sides_at_once_is_told_nothing() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.delete_product("p1");
    shop.platform.delete(Kind::Dish, "p1");
    let synced = shop.cycle().await;
    assert_eq!(found(&synced.findings), []);
    shop.assert_in_step();
}

#[tokio::test]
async fn e53_a_dish_that_is_deleted_and_created_anew_is_noticed_though_the_count_is_the_same() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.delete_product("p1");
    shop.till.catalogue.put_product(product("p1-bis", "bibite"));
    shop.cycle().await;
    assert_eq!(shop.platform.deactivated(), ["d:p1"]);
    shop.assert_in_step();
}

#[tokio::test]
async fn a_deletion_is_noticed_also_behind_a_dish_that_comes_back() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.delete_product("p1");
    shop.cycle().await;
    shop.till.catalogue.put_product(product("p1", "bibite"));
    shop.till.catalogue.delete_product("p2");
    shop.cycle().await;
    assert_eq!(shop.platform.deactivated(), ["d:p2"]);
    shop.assert_in_step();
}

#[tokio::test]
async fn e53_a_dish_that_comes_back_with_its_id_is_live_again_with_what_the_platform_owns() {
    let shop = Restaurant::synced(menu()).await;
    shop.platform.own(Kind::Dish, "p1", "novità");
    shop.till.catalogue.delete_product("p1");
    shop.cycle().await;
    shop.till.catalogue.put_product(product("p1", "bibite"));
    shop.cycle().await;
    shop.assert_in_step();
    assert_eq!(shop.platform.owned()["d:p1"], "novità");
    assert_eq!((shop.platform.deactivated(), shop.told()), (vec![], vec![]));
}

#[tokio::test]
async fn e52_dishes_of_a_deleted_category_are_parked_and_not_orderable_until_they_are_moved() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.delete_category("pizze");
    shop.cycle().await;
    let pizza = shop.dish("marinara");
    assert_eq!((pizza.category.as_str(), pizza.delivery.orderable), ("ponte:senza-categoria", false));
    assert!(shop.told().contains(&(Check::Category, "marinara".to_owned())));
    shop.assert_in_step();
    for pizza in ["margherita", "marinara"] {
        shop.change(pizza, |p| p.category = Some("bibite".to_owned()));
    }
    shop.cycle().await;
    assert!(shop.dish("marinara").delivery.orderable);
    shop.whole().await;
    shop.assert_in_step();
}

#[tokio::test]
async fn s33_changed_additions_of_a_category_reach_dishes_that_have_not_changed() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.change_category("bibite", |c| c.modifiers = vec![modifier("o-ghiaccio", "Ghiaccio", "v", 0)]);
    shop.cycle().await;
    assert_eq!(shop.dish("p18").groups, ["c:bibite:o-ghiaccio:add"]);
    shop.assert_in_step();
}

#[tokio::test]
async fn a_changed_category_is_a_whole_pass_once_though_it_is_read_again_for_ten_minutes() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.change_category("pizze", |c| c.name = "Le pizze".to_owned());
    assert!(shop.cycle().await.whole);
    let calls = shop.till_calls();
    assert!(!shop.cycle().await.whole);
    assert!(shop.till_calls() - calls <= 5);
    shop.till.catalogue.change_category("pizze", |c| c.name = "Pizze".to_owned());
    assert!(shop.cycle().await.whole);
    shop.assert_in_step();
}

#[tokio::test]
async fn s32_a_dish_that_gets_variants_is_deactivated_and_told() {
    let shop = Restaurant::synced(menu()).await;
    shop.change("margherita", |p| p.multivariant = true);
    shop.cycle().await;
    assert_eq!(shop.platform.deactivated(), ["d:margherita", "g:p:margherita:o-base:add"]);
    assert_eq!(shop.told(), [(Check::Variants, "margherita".to_owned())]);
    shop.whole().await;
    assert_eq!(shop.told(), [(Check::Variants, "margherita".to_owned())], "it is not deleted on the till");
}

#[tokio::test]
async fn a_finding_goes_when_its_dish_is_mended_and_the_others_stay() {
    let shop = Restaurant::synced(menu()).await;
    shop.change("p1", |p| p.prices.clear());
    shop.change("p2", |p| p.images = vec!["foto".to_owned()]);
    shop.cycle().await;
    let (price, photo) = ((Check::Price, "p1".to_owned()), (Check::Photo, "p2".to_owned()));
    assert_eq!(shop.told(), [price.clone(), price, photo.clone()]);
    shop.pass_minutes(20);
    shop.change("p1", |p| p.prices = product("p1", "bibite").prices);
    shop.cycle().await;
    assert_eq!(shop.told(), [photo]);
    shop.assert_in_step();
}

#[tokio::test]
async fn e54_dishes_of_one_name_stay_told_when_one_of_them_is_read_again() {
    let shop = Restaurant::synced(menu()).await;
    shop.change("p1", |p| p.name = "Piatto p2".to_owned());
    shop.whole().await;
    let both = [(Check::SameName, "p1".to_owned()), (Check::SameName, "p2".to_owned())];
    assert_eq!(shop.told(), both);
    shop.pass_minutes(20);
    shop.change("p1", |p| p.vat_rate = None);
    shop.cycle().await;
    assert_eq!(shop.told(), both);
}

#[tokio::test]
async fn s10_s14_s20_s25_s35_e56_what_the_platform_owns_outlives_everything_that_the_till_does() {
    let shop = Restaurant::synced(menu()).await;
    for (kind, id) in [
        (Kind::Category, "pizze"),
        (Kind::Category, "bibite"),
        (Kind::Group, "c:pizze:o-salse:add"),
        (Kind::Group, "p:margherita:o-base:add"),
        (Kind::Dish, "margherita"),
        (Kind::Dish, "p1"),
        (Kind::Dish, "p2"),
    ] {
        shop.platform.own(kind, id, &format!("traduzioni, etichette, allergeni, disponibilità di {id}"));
    }
    let owned = shop.platform.owned();
    let till = &shop.till.catalogue;
    shop.change("p1", |p| p.name = "Altro nome".to_owned());
    shop.change("margherita", |p| p.on_channel = false);
    till.change_category("bibite", |c| c.name = "Da bere".to_owned());
    shop.cycle().await;
    till.delete_product("p2");
    till.change_category("pizze", |c| c.modifiers.clear());
    shop.cycle().await;
    till.put_product(product("p2", "pizze"));
    shop.change("margherita", |p| p.modifiers.clear());
    shop.cycle().await;
    shop.whole().await;
    shop.assert_in_step();
    assert_eq!(shop.platform.owned(), owned);
}

#[tokio::test]
async fn s04_s06_what_is_edited_on_the_platform_of_the_tills_is_put_back_by_the_next_whole_pass() {
    let shop = Restaurant::synced(menu()).await;
    shop.platform.edit(Kind::Dish, "p1", |entry| {
        if let Entry::Dish(dish) = entry {
            dish.takeaway.price = Cents(1);
        }
    });
    shop.platform.delete(Kind::Dish, "p2");
    let synced = shop.whole().await;
    assert_eq!(synced.written, 2);
    shop.assert_in_step();
}

#[tokio::test]
async fn s16_where_it_is_wanted_so_a_deleted_dish_stays_and_is_told() {
    let shop = Restaurant::with_policies(menu(), &json!({"deleted_article": "report"}));
    shop.sync(CHANGES).await.unwrap();
    shop.pass_minutes(20);
    shop.till.catalogue.delete_product("p1");
    shop.cycle().await;
    assert_eq!(shop.platform.deactivated(), Vec::<String>::new());
    assert_eq!(shop.told(), [(Check::Ghost, "p1".to_owned())]);
    shop.dish("p1");
}

#[tokio::test]
async fn many_changes_at_once_are_read_as_a_whole_pass_that_can_be_put_aside() {
    let shop = Restaurant::synced(crate::build::drinks(2_500)).await;
    for number in 1..=2_100 {
        shop.change(&format!("p{number}"), |p| p.vat_rate = Some("22".to_owned()));
    }
    let before = shop.till_calls();
    assert!(shop.cycle().await.whole);
    assert!(shop.till_calls() - before <= 21 + 30);
    shop.assert_in_step();
}

#[tokio::test]
async fn a_category_that_is_new_and_empty_appears() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.put_category(with(category("dolci", "Dolci"), |c| c.image = None));
    shop.cycle().await;
    assert!(shop.live().contains_key("c:dolci"));
    shop.assert_in_step();
}

#[tokio::test]
async fn e59_another_sales_point_has_its_own_menu_after_one_cycle_and_the_platforms_fields_stay() {
    let shop = Restaurant::with(with(menu(), |menu| {
        let here = |cents| TillPrice { sales_point: Some(SalesPointId(90102)), ..price("sm-takeaway", cents) };
        menu.products[0].prices.push(here(950));
    }));
    shop.sync(CHANGES).await.unwrap();
    shop.platform.own(Kind::Dish, "p1", "allergeni");
    assert_eq!(shop.dish("p1").takeaway.price, Cents(700));
    let mut moved = record("rest-1", &json!({}));
    moved.sales_point = SalesPointId(90102);
    shop.tenants.put(moved, "a-new-key", &[]);
    shop.pass_minutes(20);
    assert!(shop.cycle().await.whole);
    assert_eq!(shop.dish("p1").takeaway.price, Cents(950));
    assert_eq!(shop.platform.owned()["d:p1"], "allergeni");
    assert!(!shop.cycle().await.whole);
}

#[tokio::test]
async fn a_changed_policy_reaches_every_dish_after_one_cycle() {
    let shop = Restaurant::with(with(menu(), |menu| menu.products[0].prices.truncate(1)));
    shop.sync(CHANGES).await.unwrap();
    assert!(!shop.dish("p1").delivery.orderable);
    shop.tenants.put(record("rest-1", &json!({"missing_price": "publish"})), "key-of-a-test", &[]);
    shop.pass_minutes(20);
    shop.cycle().await;
    assert!(shop.dish("p1").delivery.orderable);
}
