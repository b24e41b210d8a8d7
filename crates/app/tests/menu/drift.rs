//! What a person reads of the drift between both sides.

use crate::{
    build::{menu, product, with},
    fixture::{CHANGES, Restaurant, found, rest},
};
use app::menu::drift;
use domain::menu::{Check, Kind};

#[tokio::test]
async fn before_any_cycle_there_is_no_drift_to_speak_of() {
    let shop = Restaurant::with(menu());
    assert_eq!(drift(&shop.store, &rest()).await.unwrap(), None);
}

#[tokio::test]
async fn the_drift_is_told_by_what_a_person_does_about_it() {
    let mut catalogue = menu();
    catalogue.products.push(with(product("gelato", "bibite"), |p| p.multivariant = true));
    catalogue.products.push(with(product("pane", "bibite"), |p| p.prices.truncate(1)));
    catalogue.products.push(with(product("senza-nome", "bibite"), |p| p.name = " ".to_owned()));
    catalogue.products.push(with(product("foto", "bibite"), |p| p.images = vec!["foto".to_owned()]));
    let shop = Restaurant::with(catalogue);
    shop.platform.put_foreign(Kind::Dish, "vecchio", "Vecchio");
    shop.platform.refuse("p1", 2, "invalid");
    shop.sync(CHANGES).await.unwrap();
    let told = drift(&shop.store, &rest()).await.unwrap().unwrap();
    let one = |check, id: &str| vec![(check, id.to_owned())];
    assert_eq!(found(&told.only_platform), one(Check::Ghost, "vecchio"));
    assert_eq!(found(&told.only_till), [one(Check::Variants, "gelato"), one(Check::NotTaken, "p1")].concat());
    assert_eq!(found(&told.without_price), one(Check::Price, "pane"));
    assert_eq!(found(&told.unnamed), one(Check::Name, "senza-nome"));
    assert_eq!(found(&told.other), one(Check::Photo, "foto"));
    assert_eq!((told.same, told.deactivated), (shop.live().len(), 0));
    assert_eq!(told.compared_ms, Some(shop.now().as_millisecond()));
    shop.whole().await;
    let told = drift(&shop.store, &rest()).await.unwrap().unwrap();
    assert_eq!((told.same, told.deactivated), (shop.live().len(), 1));
    assert_eq!(found(&told.only_till), one(Check::Variants, "gelato"));
    assert_eq!(found(&told.only_platform), one(Check::Ghost, "vecchio"), "until a person deletes it");
}
