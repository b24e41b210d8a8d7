//! What a change of the menu means for who reads the platform: what would appear, change and disappear.

use super::{
    diff::Changes,
    model::{Dish, Entry, Kind, ServicePrice, entry_key},
};
use crate::Cents;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a dish costs and where it stands, as the platform holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its category's external id.
    pub category: String,
    /// Whether it is on sale at all.
    pub active: bool,
    /// The price for take-away.
    pub takeaway: ServicePrice,
    /// The price for delivery.
    pub delivery: ServicePrice,
}

impl Offer {
    /// What this entry costs, if it is a dish.
    #[must_use]
    pub fn of(entry: &Entry) -> Option<Self> {
        let Entry::Dish(dish) = entry else { return None };
        let (takeaway, delivery) = (dish.takeaway, dish.delivery);
        Some(Self { category: dish.category.clone(), active: dish.active, takeaway, delivery })
    }
}

/// An entry as the platform holds it now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Before {
    /// What people read.
    pub name: String,
    /// Whether it has been deactivated.
    pub deactivated: bool,
    /// Of a dish that can be read.
    pub offer: Option<Offer>,
}

/// A change in words and prices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// Dishes that could not be ordered and can.
    pub appearing: Vec<DishLine>,
    /// Dishes with another name or price.
    pub changing: Vec<DishLine>,
    /// Dishes that could be ordered and no longer can.
    pub disappearing: Vec<Named>,
    /// How many entries else are written: texts, pictures, options, categories.
    pub others: usize,
    /// Deactivated entries: their translations, labels and ingredients are lost when a person deletes them.
    pub translations_at_risk: Vec<Named>,
    /// Categories that have no dish left to order.
    pub emptied: Vec<Named>,
}

/// An entry by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Named {
    /// Its kind.
    pub kind: Kind,
    /// The till's id.
    pub id: String,
    /// What people read, where it is known.
    pub name: String,
}

/// A dish with its prices before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DishLine {
    /// The till's product.
    pub id: String,
    /// What people will read.
    pub name: String,
    /// What they read until now, if that is something else.
    pub name_before: Option<String>,
    /// For take-away.
    pub takeaway: PriceChange,
    /// For delivery.
    pub delivery: PriceChange,
}

/// A price before and after; none is «not to be ordered», or not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PriceChange {
    /// Until now.
    pub before: Option<Cents>,
    /// From then on.
    pub after: Option<Cents>,
}

impl PriceChange {
    fn is_change(self) -> bool {
        self.before != self.after
    }
}

/// Says what `changes` do to a platform that holds `before`, by entry key.
#[must_use]
pub fn preview(changes: &Changes, before: &BTreeMap<String, Before>) -> Preview {
    let mut preview = Preview::default();
    for entry in &changes.upserts {
        let known = before.get(&entry.key()).filter(|before| !before.deactivated);
        match entry {
            Entry::Dish(dish) => preview.add(dish, known),
            Entry::Category(_) | Entry::Group(_) => preview.others += 1,
        }
    }
    for key in &changes.deactivations {
        let known = before.get(key);
        let Some(named) = named(key, known) else { continue };
        if named.kind == Kind::Dish && known.is_none_or(|known| is_on_sale(known.offer.as_ref())) {
            preview.disappearing.push(named.clone());
        }
        preview.translations_at_risk.push(named);
    }
    preview.emptied = emptied(changes, before);
    preview
}

impl Preview {
    /// Whether nobody would notice anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, dish: &Dish, before: Option<&Before>) {
        let offer = before.and_then(|before| before.offer.as_ref());
        let (was_on_sale, is_on_sale) =
            (before.is_some() && is_on_sale(offer), Entry::Dish(dish.clone()).is_orderable());
        let line = DishLine::of(dish, before);
        let is_news = line.takeaway.is_change() || line.delivery.is_change() || line.name_before.is_some();
        match (was_on_sale, is_on_sale) {
            (false, true) => self.appearing.push(line),
            (true, false) => self.disappearing.push(Named { kind: Kind::Dish, id: line.id, name: line.name }),
            (true, true) if is_news => self.changing.push(line),
            _ => self.others += 1,
        }
    }
}

impl DishLine {
    fn of(dish: &Dish, before: Option<&Before>) -> Self {
        let offer = before.and_then(|before| before.offer.as_ref()).filter(|offer| offer.active);
        let change = |before: Option<ServicePrice>, after: ServicePrice| PriceChange {
            before: before.and_then(price),
            after: price(after).filter(|_| dish.active),
        };
        Self {
            id: dish.external_id.clone(),
            name: dish.name.clone(),
            name_before: before.map(|before| before.name.clone()).filter(|name| *name != dish.name),
            takeaway: change(offer.map(|offer| offer.takeaway), dish.takeaway),
            delivery: change(offer.map(|offer| offer.delivery), dish.delivery),
        }
    }
}

fn price(price: ServicePrice) -> Option<Cents> {
    price.orderable.then_some(price.price)
}

/// A dish that cannot be read may be on sale all the same.
fn is_on_sale(offer: Option<&Offer>) -> bool {
    offer.is_none_or(|offer| offer.active && (offer.takeaway.orderable || offer.delivery.orderable))
}

fn named(key: &str, before: Option<&Before>) -> Option<Named> {
    let (kind, id) = (Kind::of_key(key)?, key.split_once(':')?.1.to_owned());
    Some(Named { kind, id, name: before.map(|before| before.name.clone()).unwrap_or_default() })
}

/// The categories with a dish on sale before and none after.
fn emptied(changes: &Changes, before: &BTreeMap<String, Before>) -> Vec<Named> {
    let live = before.iter().filter(|(_, before)| !before.deactivated);
    let on_sale = live.filter_map(|(key, before)| {
        let offer = before.offer.as_ref().filter(|offer| is_on_sale(Some(offer)))?;
        Some((key.clone(), offer.category.clone()))
    });
    let was: BTreeMap<String, String> = on_sale.collect();
    let mut is = was.clone();
    for key in &changes.deactivations {
        is.remove(key);
    }
    for entry in &changes.upserts {
        match entry {
            Entry::Dish(dish) if entry.is_orderable() => drop(is.insert(entry.key(), dish.category.clone())),
            Entry::Dish(_) => drop(is.remove(&entry.key())),
            Entry::Category(_) | Entry::Group(_) => {}
        }
    }
    let left: BTreeSet<&String> = is.values().collect();
    let all: BTreeSet<&String> = was.values().collect();
    all.difference(&left)
        .map(|id| {
            let name = before.get(&entry_key(Kind::Category, id)).map(|before| before.name.clone());
            Named { kind: Kind::Category, id: (*id).clone(), name: name.unwrap_or_default() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::Category;

    fn at(cents: i64) -> ServicePrice {
        ServicePrice { price: Cents(cents), orderable: cents > 0 }
    }

    fn dish(id: &str, name: &str, takeaway: i64) -> Entry {
        Entry::Dish(Dish {
            external_id: id.into(),
            category: "pizze".into(),
            name: name.into(),
            description: String::new(),
            active: true,
            takeaway: at(takeaway),
            delivery: at(0),
            vat_rate: None,
            groups: vec![],
            photos: vec![],
        })
    }

    fn held(id: &str, name: &str, takeaway: i64) -> (String, Before) {
        let offer = Offer { category: "pizze".into(), active: true, takeaway: at(takeaway), delivery: at(0) };
        (format!("d:{id}"), Before { name: name.into(), deactivated: false, offer: Some(offer) })
    }

    fn platform() -> BTreeMap<String, Before> {
        let category = ("c:pizze".to_owned(), Before { name: "Pizze".into(), ..Before::default() });
        [held("m", "Margherita", 700), held("d", "Diavola", 900), category].into()
    }

    fn names(named: &[Named]) -> Vec<&str> {
        named.iter().map(|named| named.name.as_str()).collect()
    }

    #[test]
    fn prices_and_names_are_told_before_and_after() {
        let upserts = vec![dish("m", "Margherita", 750), dish("d", "Diavola piccante", 900)];
        let preview = preview(&Changes { upserts, ..Changes::default() }, &platform());
        let [margherita, diavola] = preview.changing.as_slice() else { panic!("{preview:?}") };
        assert_eq!(margherita.takeaway, PriceChange { before: Some(Cents(700)), after: Some(Cents(750)) });
        assert_eq!(diavola.name_before.as_deref(), Some("Diavola"));
        assert!(preview.emptied.is_empty() && preview.translations_at_risk.is_empty());
    }

    #[test]
    fn a_dish_appears_when_it_is_new_back_or_on_sale_again() {
        let mut platform = platform();
        platform.extend([held("spenta", "Spenta", 0)]);
        platform.insert("d:tolta".into(), Before { name: "Tolta".into(), deactivated: true, offer: None });
        let upserts = ["nuova", "tolta", "spenta"].map(|id| dish(id, id, 800)).to_vec();
        let preview = preview(&Changes { upserts, ..Changes::default() }, &platform);
        assert_eq!(preview.appearing.len(), 3);
        assert_eq!(preview.appearing[0].takeaway, PriceChange { before: None, after: Some(Cents(800)) });
    }

    #[test]
    fn what_goes_is_named_with_its_translations_and_the_category_that_it_leaves_empty() {
        let changes =
            Changes { upserts: vec![dish("d", "Diavola", 0)], deactivations: vec!["d:m".into()], ..Changes::default() };
        let preview = preview(&changes, &platform());
        assert_eq!(names(&preview.disappearing), ["Diavola", "Margherita"]);
        assert_eq!(names(&preview.translations_at_risk), ["Margherita"]);
        assert_eq!(names(&preview.emptied), ["Pizze"]);
    }

    #[test]
    fn what_customers_read_elsewhere_is_only_counted() {
        let category = Category { external_id: "pizze".into(), name: "Pizze".into(), image: None, active: true };
        let upserts = vec![Entry::Category(category), dish("m", "Margherita", 700)];
        let preview = preview(&Changes { upserts, ..Changes::default() }, &platform());
        assert_eq!(preview, Preview { others: 2, ..Preview::default() });
        assert!(!preview.is_empty() && Preview::default().is_empty());
    }

    #[test]
    fn only_a_dish_disappears_from_sale_and_only_a_dish_has_an_offer() {
        let category = Category { external_id: "pizze".into(), name: "Pizze".into(), image: None, active: true };
        assert_eq!(Offer::of(&Entry::Category(category)), None);
        assert_eq!(Offer::of(&dish("m", "Margherita", 700)).as_ref(), platform()["d:m"].offer.as_ref());

        let deactivations = vec!["c:pizze".into(), "g:p:m:o:add".into(), "d:spenta".into(), "d:ignota".into()];
        let mut platform = platform();
        platform.extend([held("spenta", "Spenta", 0)]);
        let preview = preview(&Changes { deactivations, ..Changes::default() }, &platform);
        let gone: Vec<&str> = preview.disappearing.iter().map(|named| named.id.as_str()).collect();
        assert_eq!(gone, ["ignota"], "what was not on sale does not disappear");
        assert_eq!(preview.translations_at_risk.len(), 4);
    }
}
