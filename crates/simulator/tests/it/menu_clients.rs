//! The bridge's own clients on both sides, through the ports of the menu: what the till has is what the platform holds.

use app::ports::{
    PlatformAccess, TenantAccess, TillError, Work,
    menu::{Health, HealthReport, Held, MenuWrite, Page, PlatformMenu, Slice, TillCatalogue, WriteOutcome},
};
use domain::{
    menu::{Entry, GroupKind, Kind, Menu, entry_key, mapping::map, till::Catalogue},
    tenant::Tenant,
};
use jiff::{Timestamp, tz::TimeZone};
use secrecy::SecretString;
use serde_json::{Value, json};
use simulator::{
    ActionOptions, KeyState, MenuEdit, RestaurantSpec, Simulator, SimulatorConfig, Table, demo_ids as ids,
};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

const RESTAURANT: &str = "rest-demo";

/// Both parties, and the bridge's client of each.
struct Bridge {
    sim: Simulator,
    till: cassa_in_cloud::Client,
    platform: plateform::Client,
    access: TenantAccess,
    platform_access: PlatformAccess,
}

impl Bridge {
    fn with(extra_products: usize) -> Self {
        let spec = RestaurantSpec { extra_products, ..RestaurantSpec::demo() };
        let record = json!({"tenant_id": RESTAURANT, "cic": {"sales_point_id": spec.sales_point_id}});
        let read_at = Timestamp::now();
        let access = TenantAccess {
            tenant: Tenant::from_record(record.as_object().unwrap()).unwrap(),
            api_key: SecretString::from(spec.api_key.as_str()),
            webhook_secrets: Vec::new(),
            read_at,
        };
        let api_token = spec.plateform_token.as_str().into();
        let platform_access = PlatformAccess { api_token, webhook_secrets: Vec::new(), read_at };
        let sim = Simulator::start(SimulatorConfig { restaurants: vec![spec], ..SimulatorConfig::default() }).unwrap();
        let till = cassa_in_cloud::Settings { base_url: sim.cic_url(), ..cassa_in_cloud::Settings::default() };
        let platform = plateform::Settings { base_url: sim.plateform_url(), timeout: plateform::DEFAULT_TIMEOUT };
        let till = cassa_in_cloud::Client::new(&till).unwrap();
        Self { sim, till, platform: plateform::Client::new(platform).unwrap(), access, platform_access }
    }

    async fn catalogue(&self) -> Catalogue {
        let (work, access) = (&work(), &self.access);
        let (takeaway, delivery) = self.till.sales_modes(work, access).await.unwrap();
        Catalogue {
            categories: all(None, async |slice| self.till.categories(work, access, slice).await).await,
            products: all(None, async |slice| self.till.catalogue_products(work, access, slice).await).await,
            names: self.till.option_names(work, access).await.unwrap(),
            takeaway,
            delivery,
        }
    }

    async fn menu(&self) -> Menu {
        map(&self.catalogue().await, &self.access.tenant).menu
    }

    async fn write(&self, key: &str, upserts: Vec<Entry>, gone: &[(Kind, &str)]) -> Vec<WriteOutcome> {
        let deactivations = gone.iter().map(|(kind, id)| (*kind, (*id).to_owned())).collect();
        let change = MenuWrite { upserts, deactivations };
        self.platform.write_menu(&work(), &self.platform_access, &self.access.tenant.id, key, &change).await.unwrap()
    }

    /// Writes the whole menu of the till, dishes first, as no caller should.
    async fn write_all(&self, key: &str) -> Menu {
        let menu = self.menu().await;
        let upserts: Vec<Entry> = menu.entries.values().rev().cloned().collect();
        let outcomes = self.write(key, upserts, &[]).await;
        assert!(outcomes.iter().all(WriteOutcome::is_ok), "{outcomes:?}");
        menu
    }

    async fn held(&self) -> BTreeMap<String, Held> {
        let held = self.platform.held_menu(&work(), &self.platform_access, &self.access.tenant.id).await.unwrap();
        held.into_iter().map(|held| (entry_key(held.kind, &held.external_id), held)).collect()
    }

    /// People of the platform fill in what is theirs, of one entry of each kind and of every dish.
    fn own(&self, menu: &Menu) -> Value {
        let any = json!({"translations": {"en": {"name": "In English", "description": "Also"}}});
        let mut dish = any.clone();
        dish.as_object_mut().unwrap().extend(
            json!({"labels": ["novità"], "ingredients": ["pomodoro"], "allergens": ["latte"], "frozen": true,
                   "available": false})
            .as_object()
            .unwrap()
            .clone(),
        );
        for entry in menu.entries.values() {
            let (kind, owned) = match entry {
                Entry::Category(_) => ("category", &any),
                Entry::Group(_) => ("optionGroup", &any),
                Entry::Dish(_) => ("dish", &dish),
            };
            self.sim.edit_plateform_menu(None, kind, entry.external_id(), None, owned).unwrap();
        }
        dish
    }

    /// The dish as the platform's people see it.
    fn seen(&self, id: &str) -> Value {
        let menu = self.sim.plateform_menu(None).unwrap();
        let dishes = menu.iter().filter(|entry| entry["kind"] == "dish").map(|entry| &entry["dish"]);
        dishes.into_iter().find(|dish| dish["externalId"] == id).unwrap().clone()
    }
}

fn work() -> Work {
    Work { deadline: Instant::now() + Duration::from_secs(60), correlation: "c-1".to_owned() }
}

/// Every row of a list.
async fn all<T>(since: Option<Timestamp>, read: impl AsyncFn(Slice) -> Result<Page<T>, TillError>) -> Vec<T> {
    let (mut rows, mut start) = (Vec::new(), 0);
    loop {
        let page = read(Slice { start, limit: 100, changed_since: since }).await.unwrap();
        assert_eq!(page.unreadable, [""; 0]);
        start += page.sent;
        rows.extend(page.rows);
        if start >= page.total {
            return rows;
        }
    }
}

fn dish_mut<'a>(menu: &'a mut Menu, id: &str) -> &'a mut domain::menu::Dish {
    match menu.entries.get_mut(&entry_key(Kind::Dish, id)) {
        Some(Entry::Dish(dish)) => dish,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_row_of_the_till_is_read_once() {
    let bridge = Bridge::with(250);
    let catalogue = bridge.catalogue().await;
    let ids_of = |table| -> Vec<String> {
        let rows = bridge.sim.till_rows(None, table).unwrap();
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    let read: Vec<_> = catalogue.products.iter().map(|product| product.id.clone()).collect();
    assert_eq!((read.len(), read), (259, ids_of(Table::Products)));
    let read: Vec<_> = catalogue.categories.iter().map(|category| category.id.clone()).collect();
    assert_eq!(read, ids_of(Table::Categories));
    let modes = [catalogue.takeaway, catalogue.delivery].map(|mode| mode.unwrap().as_str().to_owned());
    assert_eq!(modes, [ids::TAKEAWAY, ids::DELIVERY]);
}

#[tokio::test]
async fn only_what_changed_since_is_read() {
    let bridge = Bridge::with(0);
    let price = json!({"prices": [{"value": 2}, {"idSalesMode": ids::TAKEAWAY, "value": 1.8}]});
    // The second change is certainly later than the till's beginning.
    for id in [ids::DIAVOLA, ids::WATER] {
        bridge.sim.edit_menu(MenuEdit::put(Table::Products, id, price.clone())).await.unwrap();
    }
    let rows = bridge.sim.till_rows(None, Table::Products).unwrap();
    let stamp = rows.iter().find(|row| row["id"] == ids::WATER).and_then(|row| row["lastUpdate"].as_i64()).unwrap();
    let read = async |slice| bridge.till.catalogue_products(&work(), &bridge.access, slice).await;
    let at = |ms| Timestamp::from_millisecond(ms).ok();
    let changed = all(at(stamp), read).await;
    assert_eq!(changed.iter().map(|product| product.id.as_str()).collect::<Vec<_>>(), [ids::WATER]);
    assert_eq!(all(at(stamp + 1), read).await, []);
}

#[tokio::test]
async fn options_have_their_names_wherever_the_till_serves_them() {
    let bridge = Bridge::with(0);
    for (path, embedded, count) in [("options", false, 3), ("modifiers", false, 3), ("none", true, 0)] {
        bridge.sim.configure(&json!({"till": {"options_path": path, "modifier_names": embedded}})).unwrap();
        assert_eq!(bridge.catalogue().await.names.options.len(), count, "{path}");
        let menu = bridge.menu().await;
        let groups: Vec<_> = menu
            .entries
            .values()
            .filter_map(|entry| match entry {
                Entry::Group(group) => Some((group.name.as_str(), group.kind, group.options.len())),
                _ => None,
            })
            .collect();
        let expected = [
            ("Aggiunte pizza", GroupKind::Additions, 2),
            ("Rimozioni", GroupKind::Removals, 2),
            ("Aggiunte piccanti", GroupKind::Additions, 2),
        ];
        assert_eq!(groups, expected, "{path}");
    }
}

#[tokio::test]
async fn what_was_written_is_held_with_the_same_fingerprints() {
    let bridge = Bridge::with(520);
    let menu = bridge.write_all("menu-1").await;
    let held = bridge.held().await;
    assert_eq!(held.keys().collect::<Vec<_>>(), menu.entries.keys().collect::<Vec<_>>());
    for (key, entry) in &menu.entries {
        assert_eq!((held[key].fingerprint, held[key].deactivated), (entry.fingerprint(), false), "{key}");
    }
    let margherita = bridge.seen(ids::MARGHERITA);
    assert_eq!(margherita["prices"]["delivery"], json!({"cents": 800, "orderable": true}));
    assert_eq!(margherita["photoUrls"], json!(["https://images.example.test/margherita.jpg"]));
    assert_eq!(margherita["optionGroupExternalIds"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_strict_platform_takes_whatever_is_made_of_an_odd_till() {
    let bridge = Bridge::with(0);
    let long = "🍕\u{301}\u{7} ".repeat(2000);
    let value = json!({"idValue": ids::CHILI, "price": -0.505, "value": {"description": long}});
    let dish = json!({
        "description": long, "descriptionExtended": format!("<p>{long}</p><script>"),
        "images": [{"imageUrl": "margherita.jpg"}, {"imageUrl": "https://images.example.test/a b.jpg"}, "ftp://x"],
        "prices": [{"idSalesMode": ids::TAKEAWAY, "value": "1e12"}, {"idSalesMode": ids::DELIVERY, "value": -1}],
        "modifiers": [{"idOption": ids::REMOVALS, "option": {"description": long}, "values": [value]}],
    });
    let category = json!({"description": "\u{200b}", "imageUrl": "pizze.jpg"});
    for (table, id, patch) in [
        (Table::Products, ids::MARGHERITA, dish),
        (Table::Products, ids::DIAVOLA, json!({"idCategory": "nobody", "description": " "})),
        (Table::Categories, ids::PIZZAS, category),
        (Table::Taxes, ids::TAX_10, json!({"rate": "10.125"})),
        (Table::Taxes, ids::TAX_22, json!({"rate": 100})),
    ] {
        bridge.sim.edit_menu(MenuEdit::put(table, id, patch)).await.unwrap();
    }
    let menu = bridge.write_all("menu-1").await;
    let held = bridge.held().await;
    assert!(menu.entries.iter().all(|(key, entry)| held[key].fingerprint == entry.fingerprint()));
    assert_eq!(bridge.seen(ids::MARGHERITA)["prices"]["takeaway"], json!({"cents": 0, "orderable": false}));
}

#[tokio::test]
async fn what_the_platform_owns_outlives_every_write() {
    let bridge = Bridge::with(0);
    let mut menu = bridge.write_all("menu-1").await;
    let owned = bridge.own(&menu);
    dish_mut(&mut menu, ids::MARGHERITA).name = "Margherita DOP".to_owned();
    let outcomes = bridge.write("menu-2", menu.entries.values().cloned().collect(), &[]).await;
    assert!(outcomes.iter().all(WriteOutcome::is_ok), "{outcomes:?}");
    bridge.write("menu-3", Vec::new(), &[(Kind::Dish, ids::MARGHERITA)]).await;
    bridge.write("menu-4", menu.entries.values().cloned().collect(), &[]).await;
    let seen = bridge.seen(ids::MARGHERITA);
    assert_eq!((&seen["name"], &seen["deactivated"]), (&json!("Margherita DOP"), &json!(false)));
    for (field, value) in owned.as_object().unwrap() {
        assert_eq!(&seen[field], value, "{field}");
    }
    for entry in bridge.sim.plateform_menu(None).unwrap() {
        let kind = entry["kind"].as_str().unwrap();
        assert_eq!(entry[kind]["translations"], owned["translations"], "{entry}");
    }
    let held = bridge.held().await;
    assert!(menu.entries.iter().all(|(key, entry)| held[key].fingerprint == entry.fingerprint()));
}

#[tokio::test]
async fn what_is_deactivated_stays_until_it_is_written_again() {
    let bridge = Bridge::with(0);
    let menu = bridge.write_all("menu-1").await;
    let gone = [(Kind::Dish, ids::DIAVOLA), (Kind::Category, ids::DESSERTS), (Kind::Dish, "nobody")];
    let outcomes = bridge.write("menu-2", Vec::new(), &gone).await;
    assert_eq!(outcomes, [Ok(()), Ok(()), Err("not_found".to_owned())]);
    let deactivated = async || -> Vec<String> {
        bridge.held().await.into_iter().filter(|(_, held)| held.deactivated).map(|(key, _)| key).collect()
    };
    let keys = [entry_key(Kind::Category, ids::DESSERTS), entry_key(Kind::Dish, ids::DIAVOLA)];
    assert_eq!(deactivated().await, keys);
    assert_eq!(bridge.held().await[&keys[1]].fingerprint, menu.entries[&keys[1]].fingerprint());
    let again = keys.iter().map(|key| menu.entries[key].clone()).collect();
    assert_eq!(bridge.write("menu-3", again, &[]).await, [Ok(()), Ok(())]);
    assert_eq!(deactivated().await, [""; 0]);
}

#[tokio::test]
async fn a_dish_that_names_what_is_not_there_fails_alone() {
    let bridge = Bridge::with(0);
    let mut menu = bridge.menu().await;
    dish_mut(&mut menu, ids::WATER).groups.push("p:nobody:o:add".to_owned());
    dish_mut(&mut menu, ids::DIAVOLA).category = "nobody".to_owned();
    let keys: Vec<_> = menu.entries.keys().cloned().collect();
    let outcomes = bridge.write("menu-1", menu.entries.into_values().collect(), &[]).await;
    let failed: Vec<_> = keys.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_err()).collect();
    let no = Err("not_found".to_owned());
    assert_eq!(failed, [(&entry_key(Kind::Dish, ids::DIAVOLA), &no), (&entry_key(Kind::Dish, ids::WATER), &no)]);
}

#[tokio::test]
async fn the_same_write_sent_again_changes_nothing_and_another_with_its_key_is_refused() {
    let bridge = Bridge::with(0);
    let menu = bridge.write_all("menu-1").await;
    let before = bridge.held().await;
    bridge.write_all("menu-1").await;
    assert_eq!(bridge.held().await, before);
    let change = MenuWrite { upserts: menu.entries.into_values().take(1).collect(), deactivations: Vec::new() };
    let tenant = &bridge.access.tenant.id;
    let error = bridge.platform.write_menu(&work(), &bridge.platform_access, tenant, "menu-1", &change).await;
    assert!(!error.unwrap_err().is_retryable());
}

#[tokio::test]
async fn customers_are_read_page_by_page_and_then_only_what_changed() {
    let bridge = Bridge::with(0);
    for n in 0..203 {
        let customer = json!({"id": format!("k-{n:03}"), "firstName": "Prova", "lastName": "Utente"});
        bridge.sim.change_customer(RESTAURANT, customer, ActionOptions::default()).await.unwrap();
    }
    let (work, access, tenant) = (&work(), &bridge.platform_access, &bridge.access.tenant);
    let page = async |after, cursor: Option<&str>| {
        bridge.platform.changed_customers(work, access, &tenant.id, after, cursor, &TimeZone::UTC).await.unwrap()
    };
    let first = page(None, None).await;
    let last = page(None, first.next.as_deref()).await;
    assert_eq!((first.customers.len(), last.customers.len(), last.next), (200, 3, None));
    let seen: Vec<_> = first.customers.iter().chain(&last.customers).map(|(person, _)| person.id.as_str()).collect();
    assert_eq!(seen, (0..203).map(|n| format!("k-{n:03}")).collect::<Vec<_>>());
    let before_last = last.customers[1].1;
    let changed = page(before_last, None).await.customers;
    assert_eq!(changed.iter().map(|(person, _)| person.id.as_str()).collect::<Vec<_>>(), ["k-202"]);
}

#[tokio::test]
async fn the_restaurant_is_told_what_was_found() {
    let bridge = Bridge::with(0);
    let findings = map(&bridge.catalogue().await, &bridge.access.tenant).findings;
    assert!(!findings.is_empty());
    let report = HealthReport {
        health: Health::Degraded,
        message: "Alcuni piatti non sono ordinabili",
        checked_at: Timestamp::now(),
        findings: &findings,
    };
    let (access, tenant) = (&bridge.platform_access, &bridge.access.tenant.id);
    bridge.platform.put_health(&work(), access, tenant, "rest-demo:health:1", &report).await.unwrap();
    let told = bridge.sim.integration(RESTAURANT);
    assert_eq!((&told[0]["state"], &told[0]["message"]), (&json!("degraded"), &json!(report.message)));
    assert_eq!(told[0]["findings"].as_array().unwrap().len(), findings.len());
}

#[tokio::test]
async fn e45_a_key_that_was_revoked_or_lost_its_licence_is_told_as_such() {
    for (state, status) in [(KeyState::Revoked, 400), (KeyState::Unlicensed, 403)] {
        let bridge = Bridge::with(0);
        bridge.sim.set_key_state(RESTAURANT, state).unwrap();
        let slice = Slice { start: 0, limit: 100, changed_since: None };
        let told = bridge.till.categories(&work(), &bridge.access, slice).await;
        assert_eq!(told, Err(TillError::KeyRefused { status }), "{state:?}");
    }
}
