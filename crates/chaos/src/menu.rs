//! A small menu that every till of a run sells, what becomes of it in an evening, and what must have become of it.

use crate::{
    fault::Fault,
    plan::{PRODUCTS, minutes},
    sim::{House, Sim, lock},
};
use domain::{
    Cents, ProductId, SalesModeId,
    menu::{
        Dish, Entry, Kind,
        till::{Catalogue, TillCategory, TillPrice, TillProduct},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use tokio::time::sleep;

/// How often a price changes once the platform's people have filled something in.
const CHANGES: i64 = 3;

/// A catalogue of these products, in one category, with a price in each list.
///
/// # Errors
/// When a sales mode's id is none: a fault of this module.
pub(crate) fn catalogue(products: &[&str]) -> anyhow::Result<Catalogue> {
    let modes = [SalesModeId::parse("plateform_takeaway")?, SalesModeId::parse("plateform_delivery")?];
    let prices = |cents| {
        modes.iter().map(move |mode| TillPrice {
            mode: Some(mode.clone()),
            sales_point: None,
            value: Some(Cents(cents)),
        })
    };
    let category =
        TillCategory { id: "carta".to_owned(), name: "Carta".to_owned(), on_channel: true, ..TillCategory::default() };
    let products = products.iter().zip(5..).map(|(name, euros)| TillProduct {
        id: (*name).to_owned(),
        name: (*name).to_owned(),
        category: Some("carta".to_owned()),
        on_channel: true,
        prices: prices(euros * 100).collect(),
        variants: 1,
        vat_rate: Some("10".to_owned()),
        ..TillProduct::default()
    });
    let products = products.collect();
    let [takeaway, delivery] = modes.clone().map(Some);
    Ok(Catalogue { categories: vec![category], products, takeaway, delivery, ..Catalogue::default() })
}

/// Lets everything happen at the menus that is planned.
pub(crate) fn begin(sim: &Arc<Sim>) {
    for house in sim.houses.values() {
        tokio::spawn(filled_in_and_changed(Arc::clone(sim), Arc::clone(house)));
        if let Some(when) = sim.outages.when(Fault::ProductDeleted, house.name) {
            let (sim, house) = (Arc::clone(sim), Arc::clone(house));
            tokio::spawn(async move {
                sleep(when.start).await;
                sim.note(house.name, || format!("restaurateur: deletes {}", PRODUCTS[4]));
                sim.now();
                house.till.catalogue.delete_product(PRODUCTS[4]);
                house.till.till.forget_product(product());
            });
        }
    }
}

#[expect(clippy::expect_used, reason = "a constant of this crate")]
fn product() -> ProductId {
    ProductId::parse(PRODUCTS[4]).expect("a product's id")
}

/// The platform's people fill in translations and allergens of what is there; then prices change at the till, so that
/// Ponte has to write where they have written.
async fn filled_in_and_changed(sim: Arc<Sim>, house: Arc<House>) {
    sleep(minutes(&sim.dice, "filled-in", house.name, 6, 90)).await;
    for key in house.menu.owned().into_keys() {
        if let (Some(kind), Some((_, id))) = (Kind::of_key(&key), key.split_once(':')) {
            house.menu.own(kind, id, &format!("traduzioni e allergeni di {id}"));
        }
    }
    *lock(&house.filled_in) = house.menu.owned();
    sim.note(house.name, || "platform: its people fill in what is theirs".to_owned());
    for number in 1..=CHANGES {
        sleep(minutes(&sim.dice, "changes", house.name, 5, 60)).await;
        sim.now();
        let product = PRODUCTS[sim.dice.below("dearer", house.name, PRODUCTS.len() as u64) as usize];
        sim.note(house.name, || format!("restaurateur: {product} becomes dearer"));
        let dearer = |price: &mut TillPrice| price.value = price.value.map(|value| value + Cents(10 * number));
        house.till.catalogue.change_product(product, |row| row.prices.iter_mut().for_each(dearer));
    }
}

/// What must hold of every restaurant's menu when all is over.
pub(crate) fn rules(house: &House) -> [(&'static str, Option<String>); 2] {
    let owned = house.menu.owned();
    let filled_in = lock(&house.filled_in);
    let lost = filled_in.iter().find(|(key, text)| owned.get(*key) != Some(text));
    let overwritten = lost.map(|(key, _)| format!("{key} of {}", house.name));
    let (till, platform) = (at_till(house), on_platform(house));
    let differs = (till != platform).then(|| format!("{till:?} at {}, {platform:?} on the platform", house.name));
    [("no field of the platform is overwritten", overwritten), ("the platform shows the till's prices", differs)]
}

type Prices = BTreeMap<String, Vec<Option<Cents>>>;

fn at_till(house: &House) -> Prices {
    let products = house.till.catalogue.catalogue().products.into_iter();
    products.map(|product| (product.id, product.prices.iter().map(|price| price.value).collect())).collect()
}

fn on_platform(house: &House) -> Prices {
    let dish = |entry| match entry {
        Entry::Dish(dish) => Some(dish),
        Entry::Category(_) | Entry::Group(_) => None,
    };
    let price = |of: domain::menu::ServicePrice| of.orderable.then_some(of.price);
    // Written before a crash and deleted at the till before the next cycle, it passes for the platform's own until the
    // night: then staff know.
    let told: BTreeSet<String> =
        house.menu.told().into_iter().flat_map(|told| told.findings).map(|finding| finding.subject).collect();
    let till = at_till(house);
    let is_meant = |dish: &Dish| till.contains_key(&dish.external_id) || !told.contains(&dish.external_id);
    let dishes = house.menu.live().into_values().filter_map(dish).filter(is_meant);
    dishes.map(|dish| (dish.external_id, vec![price(dish.takeaway), price(dish.delivery)])).collect()
}
