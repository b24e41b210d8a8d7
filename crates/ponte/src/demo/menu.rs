//! The stories of the menu: what the till sells is what the platform shows, and nothing else of it changes.

use super::board::{Board, RESTAURANT, Shown};
use crate::shop::Shop;
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use simulator::{Item, Party, PlaceOrder, Table, demo_ids};
use std::io::Write;

const DISHES: usize = 60;
const CATEGORIES: usize = 9;
const GROUPS: usize = 5;
/// All but Focaccia, which has no price for the platform, and the two articles of the service.
const FOR_SALE: usize = 57;

/// How dishes have to arrive: prices in both services, additions and removals by category and by dish.
const ARRIVED: [(&str, &[&str]); 3] = [
    (
        "Carbonara",
        &[
            "Carbonara: 11.00 € take-away, 12.00 € delivery",
            "  additions of the category: Parmigiano 1.00 €, Guanciale 2.50 €",
            "  removals of the category: Pecorino, Pepe",
        ],
    ),
    (
        "Margherita",
        &[
            "Margherita: 7.00 € take-away, 8.00 € delivery",
            "  additions of the category: Mozzarella di bufala 2.00 €, Speck 1.50 €",
            "  removals of the dish: Basilico, Cipolla",
        ],
    ),
    (
        "Diavola",
        &[
            "Diavola: 8.50 € take-away, 9.50 € delivery",
            "  additions of the category: Mozzarella di bufala 2.00 €, Speck 1.50 €",
            "  additions of the dish: 'Nduja 1.80 €, Peperoncino fresco 0.50 €",
        ],
    ),
];

/// What the people of the platform have written, by kind and name of the entry: none of it is the till's.
fn written_by_people() -> [(&'static str, &'static str, Value); 5] {
    let english = |name: &str| json!({"en": {"name": name}});
    [
        (
            "dish",
            "Carbonara",
            json!({"translations": english("Spaghetti carbonara"), "allergens": ["uova", "latte", "glutine"],
                   "ingredients": ["guanciale", "uova", "pecorino"], "labels": ["la più amata"], "frozen": false}),
        ),
        ("dish", "Tagliere misto", json!({"translations": english("Mixed platter"), "allergens": ["latte"]})),
        ("dish", "Tiramisù", json!({"available": false, "labels": ["fatto in casa"], "frozen": true})),
        ("category", "Primi", json!({"translations": english("First courses")})),
        ("optionGroup", "Aggiunte primi", json!({"translations": english("Extras")})),
    ]
}

fn is_for_sale(dish: &Value) -> bool {
    let prices = &dish["prices"];
    let is_on = dish["active"] == true && dish["deactivated"] == false;
    is_on && prices["takeaway"]["orderable"] == true && prices["delivery"]["orderable"] == true
}

pub(super) async fn first(shop: &Shop, out: &mut impl Write) -> Result<()> {
    let mut board = Board::begin(shop, out)?;
    let products = shop.simulator.till_rows(Some(RESTAURANT), Table::Products)?.len();
    board.line("till", &format!("holds {products} articles, in two price lists"))?;
    board.job("full-sync").await?;
    let menu = Shown::of(shop)?;
    let counts = (menu.all("dish").count(), menu.all("category").count(), menu.all("optionGroup").count());
    let (dishes, categories, groups) = counts;
    board.line("platform", &format!("{dishes} dishes in {categories} categories, {groups} groups of options"))?;
    ensure!(counts == (DISHES, CATEGORIES, GROUPS), "expected {DISHES}, {CATEGORIES} and {GROUPS}");
    for (name, expected) in ARRIVED {
        board.dish_is(name, expected)?;
    }
    let for_sale = menu.all("dish").filter(|dish| is_for_sale(dish)).count();
    board.line("platform", &format!("{for_sale} dishes can be ordered in both services"))?;
    ensure!(for_sale == FOR_SALE, "expected {FOR_SALE}");
    let told = board.integration_is("active")?;
    for check in ["variants", "by_weight", "price"] {
        board.staff_are_told(&told, check)?;
    }
    for (kind, name, owned) in written_by_people() {
        let id = menu.entry(kind, name)?["externalId"].clone();
        shop.simulator.edit_plateform_menu(Some(RESTAURANT), kind, id.as_str().unwrap_or_default(), None, &owned)?;
    }
    board.line("staff", "writes translations, allergens and labels, and switches Tiramisù off, on the platform")
}

pub(super) async fn new_price(shop: &Shop, out: &mut impl Write) -> Result<()> {
    let mut board = Board::begin(shop, out)?;
    let before = Shown::of(shop)?.without("Carbonara");
    let price = |mode: &str, value: f64| json!({"idSalesMode": mode, "value": value});
    let prices = json!([{"value": 12.0}, price(demo_ids::TAKEAWAY, 12.5), price(demo_ids::DELIVERY, 14.0)]);
    board.edit("Carbonara", Some(json!({"prices": prices}))).await?;
    board.line("till", "Carbonara costs 12.50 € and 14.00 € from now on")?;
    board.job("sync").await?;
    let carbonara = ["Carbonara: 12.50 € take-away, 14.00 € delivery", ARRIVED[0].1[1], ARRIVED[0].1[2]];
    board.dish_is("Carbonara", &carbonara)?;
    ensure!(Shown::of(shop)?.without("Carbonara") == before, "another entry has changed, too");
    Ok(())
}

pub(super) async fn off_the_channel(shop: &Shop, out: &mut impl Write) -> Result<()> {
    let mut board = Board::begin(shop, out)?;
    let dish = "Tagliere misto";
    let before = Shown::of(shop)?.without(dish);
    board.edit(dish, Some(json!({"enableForMobileCommerce": false}))).await?;
    board.line("till", &format!("{dish} is taken off the channel"))?;
    board.job("sync").await?;
    let off = Shown::of(shop)?.entry("dish", dish)?;
    ensure!(off["active"] == false && off["deactivated"] == false, "got {off}");
    board.line("platform", &format!("{dish} is inactive"))?;
    ensure!(Shown::of(shop)?.without(dish) == before, "another entry has changed, too");
    let items = vec![Item::new(dish, 1)];
    let order = PlaceOrder { items, restaurant: Some(RESTAURANT.to_owned()), ..PlaceOrder::default() };
    ensure!(shop.simulator.place_order(order).await.is_err(), "it can still be ordered");
    board.line("customer", &format!("cannot order {dish}"))
}

pub(super) async fn deleted(shop: &Shop, out: &mut impl Write) -> Result<()> {
    let mut board = Board::begin(shop, out)?;
    let dish = "Ossobuco con gremolata";
    let before = Shown::of(shop)?.without(dish);
    board.edit(dish, None).await?;
    board.line("till", &format!("{dish} is deleted"))?;
    board.job("sync").await?;
    let off = Shown::of(shop)?.entry("dish", dish)?;
    ensure!(off["deactivated"] == true, "got {off}");
    board.line("platform", &format!("{dish} is out of sale, and still there"))?;
    ensure!(Shown::of(shop)?.without(dish) == before, "another entry has changed, too");
    let told = board.integration_is("active")?;
    board.staff_are_told(&told, "ghost")?;
    let drift = board.drift().await?;
    let (same, waiting) = (drift.same, drift.deactivated);
    board.line(
        "operator",
        &format!("ponte drift: {same} entries are the same, {waiting} waits to be deleted by a person"),
    )?;
    ensure!(waiting == 1, "expected 1");
    Ok(())
}

pub(super) async fn mass_deletion(shop: &Shop, out: &mut impl Write) -> Result<()> {
    let mut board = Board::begin(shop, out)?;
    let before = Shown::of(shop)?;
    let rows = shop.simulator.till_rows(Some(RESTAURANT), Table::Products)?;
    let lost: Vec<Value> = rows.into_iter().skip_while(|row| row["description"] != "Carbonara").take(30).collect();
    for row in &lost {
        board.put(row["id"].as_str().unwrap_or_default(), None).await?;
    }
    board.line("till", &format!("{} articles are deleted by mistake", lost.len()))?;
    board.job("sync").await?;
    let told = board.integration_is("degraded")?;
    let sentence = told["message"].as_str().unwrap_or_default();
    ensure!(sentence.starts_with("Troppi piatti") && sentence.contains("30"), "got {told}");
    ensure!(Shown::of(shop)? == before, "the last good menu has changed");
    board.line("platform", "shows the last good menu, nothing is missing")?;
    let report = board.operator_syncs().await?;
    ensure!(report.is_held_back() && Shown::of(shop)? == before, "it was applied without --force");
    for row in lost {
        let id = row["id"].as_str().unwrap_or_default().to_owned();
        board.put(&id, Some(row)).await?;
    }
    board.line("till", "the articles are back")?;
    board.job("sync").await?;
    board.integration_is("active")?;
    ensure!(Shown::of(shop)? == before, "the menu is not what it was before");
    board.line("platform", "shows the menu as it was before")
}

pub(super) async fn untouched(shop: &Shop, out: &mut impl Write) -> Result<()> {
    let mut board = Board::begin(shop, out)?;
    let menu = Shown::of(shop)?;
    for (kind, name, owned) in written_by_people() {
        let entry = menu.entry(kind, name)?;
        let mut kept = Vec::new();
        for (field, value) in owned.as_object().into_iter().flatten() {
            ensure!(entry[field] == *value, "{field} of {name} was {value} and is {}", entry[field]);
            kept.push(field.as_str());
        }
        board.line("platform", &format!("{name} keeps its {}", kept.join(", ")))?;
    }
    let sent = shop.simulator.requests(Some(Party::Plateform));
    let writes: Vec<_> = sent.iter().filter(|request| request.path.ends_with("/menu/changes")).collect();
    for field in ["labels", "ingredients", "allergens", "frozen", "available", "translations"] {
        let named = format!("\"{field}\":");
        let offender = writes.iter().find(|request| request.body.to_string().contains(&named));
        ensure!(offender.is_none(), "{field} was written to the platform");
    }
    board.line("ponte", &format!("wrote to the menu {} times, never a field of the platform", writes.len()))
}
