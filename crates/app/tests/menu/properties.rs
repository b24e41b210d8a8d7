//! What holds whatever is edited on both sides, and whatever fails in between.

use crate::{
    build::{category, menu, mode, modifier, price, product, with},
    fixture::{CHANGES, Restaurant, WHOLE, rest},
};
use app::{
    menu::Request,
    ports::{PlatformError, TillError, menu::Health},
};
use domain::menu::{Entry, Kind};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::json;
use std::collections::BTreeMap;

/// Something that a person does on the till.
#[derive(Debug, Clone)]
enum Edit {
    Price(&'static str, i64),
    Name(&'static str, String),
    Channel(&'static str, bool),
    Move(&'static str, &'static str),
    Delete(&'static str),
    Put(&'static str, &'static str),
    Options(&'static str, i64),
    CategoryChannel(&'static str, bool),
    CategoryOptions(&'static str, i64),
    DeleteCategory(&'static str),
    PutCategory(&'static str),
}

/// Something that happens elsewhere.
#[derive(Debug, Clone)]
enum Event {
    EditOnPlatform(&'static str),
    DeleteOnPlatform(&'static str),
    Foreign(&'static str),
    TillFails(usize),
    StoreFails(u32),
    PlatformFails(usize),
    AnswerLost(usize),
    Refused(&'static str, u32),
    SpoiltManifest,
    Modes(bool),
    KeyRefused(usize),
}

fn dish() -> impl Strategy<Value = &'static str> {
    select(vec!["p1", "p2", "p3", "p4", "n1", "n2", "margherita", "marinara"])
}

fn place() -> impl Strategy<Value = &'static str> {
    select(vec!["bibite", "pizze", "dolci"])
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (dish(), select(vec![-1, 0, 500, 900])).prop_map(|(id, cents)| Edit::Price(id, cents)),
        (dish(), ".{0,6}x").prop_map(|(id, name)| Edit::Name(id, name)),
        (dish(), any::<bool>()).prop_map(|(id, on)| Edit::Channel(id, on)),
        (dish(), place()).prop_map(|(id, place)| Edit::Move(id, place)),
        dish().prop_map(Edit::Delete),
        (dish(), place()).prop_map(|(id, place)| Edit::Put(id, place)),
        (dish(), 0..3i64).prop_map(|(id, count)| Edit::Options(id, count)),
        (place(), any::<bool>()).prop_map(|(id, on)| Edit::CategoryChannel(id, on)),
        (place(), 0..3i64).prop_map(|(id, count)| Edit::CategoryOptions(id, count)),
        place().prop_map(Edit::DeleteCategory),
        place().prop_map(Edit::PutCategory),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        dish().prop_map(Event::EditOnPlatform),
        dish().prop_map(Event::DeleteOnPlatform),
        dish().prop_map(Event::Foreign),
        (1..12usize).prop_map(Event::TillFails),
        (0..12u32).prop_map(Event::StoreFails),
        (1..6usize).prop_map(Event::PlatformFails),
        (1..6usize).prop_map(Event::AnswerLost),
        (dish(), 1..4u32).prop_map(|(id, times)| Event::Refused(id, times)),
        Just(Event::SpoiltManifest),
        any::<bool>().prop_map(Event::Modes),
        (1..12usize).prop_map(Event::KeyRefused),
    ]
}

fn options(place: &str, count: i64) -> Vec<domain::menu::till::TillModifier> {
    (0..count).map(|n| modifier(&format!("o{n}"), &format!("Di {place}"), "v", 10 * n)).collect()
}

fn apply(shop: &Restaurant, edit: &Edit) {
    let till = &shop.till.catalogue;
    let has = |id: &str| till.catalogue().products.iter().any(|product| product.id == id);
    match edit.clone() {
        Edit::Price(id, cents) => shop.change(id, |p| p.prices = vec![price("sm-takeaway", cents)]),
        Edit::Name(id, name) => shop.change(id, |p| p.name = name),
        Edit::Channel(id, on) => shop.change(id, |p| p.on_channel = on),
        Edit::Move(id, place) => shop.change(id, |p| p.category = Some(place.to_owned())),
        Edit::Delete(id) => till.delete_product(id),
        Edit::Put(id, _) if has(id) => {}
        Edit::Put(id, place) => till.put_product(product(id, place)),
        Edit::Options(id, count) => shop.change(id, |p| p.modifiers = options(id, count)),
        Edit::CategoryChannel(id, on) => till.change_category(id, |c| c.on_channel = on),
        Edit::CategoryOptions(id, count) => till.change_category(id, |c| c.modifiers = options(id, count)),
        Edit::DeleteCategory(id) => till.delete_category(id),
        Edit::PutCategory(id) if till.catalogue().categories.iter().any(|category| category.id == id) => {}
        Edit::PutCategory(id) => till.put_category(with(category(id, "Rimessa"), |c| c.modifiers = options(id, 1))),
    }
}

fn happen(shop: &Restaurant, event: &Event) {
    let away = PlatformError::Unavailable { status: None, retry_after: None, detail: "a test".to_owned() };
    match *event {
        Event::EditOnPlatform(id) => shop.platform.edit(Kind::Dish, id, |entry| {
            if let Entry::Dish(dish) = entry {
                dish.name.push('!');
            }
        }),
        Event::DeleteOnPlatform(id) => shop.platform.delete(Kind::Dish, id),
        Event::Foreign(id) => shop.platform.put_foreign(Kind::Dish, &format!("vecchio-{id}"), "Vecchio"),
        Event::TillFails(at) => {
            shop.till.catalogue.fail_call(at, TillError::Unclear { status: None, detail: "a test".to_owned() });
        }
        Event::StoreFails(after) => shop.store.fail_after(after),
        Event::PlatformFails(at) => shop.platform.fail_call(at, away),
        Event::AnswerLost(at) => shop.platform.lose_call(at, away),
        Event::Refused(id, times) => shop.platform.refuse(id, times, "invalid"),
        Event::SpoiltManifest => shop.store.spoil_manifest(&rest()),
        Event::Modes(true) => shop.till.catalogue.set_modes(mode("sm-takeaway"), mode("sm-delivery")),
        Event::Modes(false) => shop.till.catalogue.set_modes(mode("sm-takeaway"), None),
        Event::KeyRefused(at) => shop.till.catalogue.fail_call(at, TillError::KeyRefused { status: 401 }),
    }
}

/// A restaurant whose guard lets everything pass.
async fn shop() -> Restaurant {
    let shop = Restaurant::with_policies(menu(), &json!({"mass_change_guard_percent": 100}));
    shop.sync(CHANGES).await.unwrap();
    shop.pass_minutes(20);
    shop
}

/// Without the place of dishes that have none: what is left of it goes with the next whole pass.
fn without_parking(mut entries: BTreeMap<String, Entry>) -> BTreeMap<String, Entry> {
    entries.remove("c:ponte:senza-categoria");
    entries
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_is_edited_on_the_till_is_on_the_platform_after_one_cycle(rounds in vec((vec(edit(), 0..6), 1..30i64), 1..5)) {
        run(async {
            let shop = shop().await;
            for (edits, minutes) in &rounds {
                edits.iter().for_each(|edit| apply(&shop, edit));
                shop.pass_minutes(*minutes);
                // The window of calls may be used up: that is another test.
                let synced = match shop.sync(CHANGES).await {
                    Err(app::menu::MenuFailure::NoCalls) => continue,
                    other => other.unwrap(),
                };
                prop_assert!(!synced.held_back);
                prop_assert_eq!(without_parking(shop.live()), without_parking(shop.desired()));
            }
            shop.whole().await;
            prop_assert_eq!(shop.live(), shop.desired());
            let writes = shop.platform.writes().len();
            shop.cycle().await;
            shop.whole().await;
            prop_assert_eq!(shop.platform.writes().len(), writes);
            prop_assert_eq!(shop.platform.changed_requests(), Vec::<String>::new());
            Ok(())
        })?;
    }

    #[test]
    fn whatever_fails_or_is_edited_on_both_sides_two_whole_passes_bring_everything_in_step(
        rounds in vec((vec(edit(), 0..4), vec(event(), 0..4), any::<bool>(), any::<bool>()), 1..6),
    ) {
        run(async {
            let shop = Restaurant::with_policies(menu(), &json!({"mass_change_guard_percent": 100}));
            for (edits, events, whole, dry_run) in &rounds {
                edits.iter().for_each(|edit| apply(&shop, edit));
                events.iter().for_each(|event| happen(&shop, event));
                shop.pass_minutes(5);
                let asked = Request { whole: *whole, dry_run: *dry_run && events.is_empty(), ..CHANGES };
                let _ = shop.sync(asked).await;
            }
            shop.store.fail_after(u32::MAX);
            happen(&shop, &Event::Modes(true));
            for _ in 0..4 {
                // Faults and refusals that have not been met yet.
                shop.pass_minutes(10);
                let _ = shop.sync(WHOLE).await;
            }
            shop.whole().await;
            shop.whole().await;
            prop_assert_eq!(shop.live(), shop.desired());
            prop_assert_eq!(shop.health(), Some(Health::Active));
            let rows = shop.platform.owned();
            let foreign = rows.keys().filter(|key| key.starts_with("d:vecchio"));
            let deactivated = shop.platform.deactivated();
            prop_assert!(foreign.into_iter().all(|key| deactivated.contains(key)));
            let writes = shop.platform.writes().len();
            shop.cycle().await;
            shop.whole().await;
            prop_assert_eq!(shop.platform.writes().len(), writes);
            prop_assert_eq!(shop.platform.changed_requests(), Vec::<String>::new());
            Ok(())
        })?;
    }
}
