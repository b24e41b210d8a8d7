//! A restaurant with a till's catalogue, a platform's menu and a clock that only a test moves.

use app::{
    memory::{ManualClock, MemoryBudget, MemoryMenuStore, MemoryMenuTill, MemoryPlatformMenu, MemoryTenants},
    menu::{MenuFailure, MenuPorts, Menus, Request, Synced},
    ports::{
        Clock, Work,
        menu::{Health, MenuState},
    },
};
use domain::{
    TenantId,
    menu::{
        Check, Dish, Entry, Finding, Kind, entry_key,
        manifest::Manifest,
        mapping::map,
        till::{Catalogue, TillProduct},
    },
    tenant::Tenant,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

pub(crate) type Shop =
    MenuPorts<MemoryMenuTill, MemoryPlatformMenu, MemoryMenuStore, MemoryBudget, MemoryTenants, ManualClock>;

/// As many calls as menus have in ten minutes.
pub(crate) const BUDGET: u32 = 180;

pub(crate) struct Restaurant {
    pub(crate) menus: Menus<Shop>,
    pub(crate) till: MemoryMenuTill,
    pub(crate) platform: MemoryPlatformMenu,
    pub(crate) store: MemoryMenuStore,
    pub(crate) budget: MemoryBudget,
    pub(crate) tenants: MemoryTenants,
    pub(crate) clock: ManualClock,
    till_clock: ManualClock,
}

pub(crate) fn rest() -> TenantId {
    TenantId::parse("rest-1").unwrap()
}

/// The record of a restaurant with these policies.
pub(crate) fn record(id: &str, policies: &Value) -> Tenant {
    let record = json!({"tenant_id": id, "cic": {"sales_point_id": 90101}, "policies": policies});
    Tenant::from_record(record.as_object().unwrap()).unwrap()
}

/// Work that ends after so many seconds.
pub(crate) fn work(seconds: u64) -> Work {
    Work { deadline: Instant::now() + Duration::from_secs(seconds), correlation: "test".to_owned() }
}

pub(crate) const CHANGES: Request = Request { whole: false, force: false, dry_run: false, asked_ms: 0 };
pub(crate) const WHOLE: Request = Request { whole: true, ..CHANGES };

impl Restaurant {
    /// A till with this catalogue, changed long ago, joined to an empty platform; nothing has been read yet.
    pub(crate) fn with(catalogue: Catalogue) -> Self {
        Self::with_policies(catalogue, &json!({}))
    }

    /// The same with so few calls in ten minutes.
    pub(crate) fn with_calls(catalogue: Catalogue, calls: u32) -> Self {
        Self::build(catalogue, &json!({}), calls, 0)
    }

    /// The same with a till whose clock is off by so many minutes.
    pub(crate) fn with_till_clock(catalogue: Catalogue, minutes: i64) -> Self {
        Self::build(catalogue, &json!({}), BUDGET, minutes)
    }

    pub(crate) fn with_policies(catalogue: Catalogue, policies: &Value) -> Self {
        Self::build(catalogue, policies, BUDGET, 0)
    }

    fn build(catalogue: Catalogue, policies: &Value, calls: u32, till_clock: i64) -> Self {
        let start: Timestamp = "2026-11-24T03:00:00Z".parse().unwrap();
        let clock = ManualClock::at(start);
        let till_clock = ManualClock::at(start + SignedDuration::from_mins(till_clock));
        let shop = MenuPorts {
            till: MemoryMenuTill::new(till_clock.clone()),
            platform: MemoryPlatformMenu::default(),
            store: MemoryMenuStore::new(clock.clone()),
            budget: MemoryBudget::new(clock.clone(), calls),
            tenants: MemoryTenants::new(clock.clone()),
            clock: clock.clone(),
        };
        shop.tenants.put(record("rest-1", policies), "key-of-a-test", &["secret-of-a-test"]);
        shop.tenants.put_platform("token-of-a-test", &["whsec_dGVzdA=="]);
        shop.till.catalogue.set(catalogue);
        for clock in [&clock, &till_clock] {
            clock.advance(SignedDuration::from_hours(1));
        }
        Self {
            till_clock,
            till: shop.till.clone(),
            platform: shop.platform.clone(),
            store: shop.store.clone(),
            budget: shop.budget.clone(),
            tenants: shop.tenants.clone(),
            clock,
            menus: Menus::new(shop),
        }
    }

    /// The same, after the first pass and long enough for it to be no news.
    pub(crate) async fn synced(catalogue: Catalogue) -> Self {
        let shop = Self::with(catalogue);
        shop.sync(CHANGES).await.unwrap();
        shop.pass_minutes(20);
        shop
    }

    /// A cycle now.
    pub(crate) async fn sync(&self, request: Request) -> Result<Synced, MenuFailure> {
        self.menus.sync(&work(300), &rest(), request).await
    }

    /// The cycle of the next five minutes.
    pub(crate) async fn cycle(&self) -> Synced {
        self.pass_minutes(5);
        self.sync(CHANGES).await.unwrap()
    }

    /// A whole pass, asked for when the next calls are there.
    pub(crate) async fn whole(&self) -> Synced {
        self.pass_minutes(10);
        self.sync(WHOLE).await.unwrap()
    }

    pub(crate) fn pass_minutes(&self, minutes: i64) {
        for clock in [&self.clock, &self.till_clock] {
            clock.advance(SignedDuration::from_mins(minutes));
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn change(&self, product: &str, change: impl FnOnce(&mut TillProduct)) {
        self.till.catalogue.change_product(product, change);
    }

    pub(crate) fn state(&self) -> MenuState {
        self.store.stored(&rest()).unwrap().0
    }

    pub(crate) fn manifest(&self) -> Manifest {
        self.store.stored(&rest()).unwrap().1
    }

    pub(crate) fn till_calls(&self) -> usize {
        self.till.catalogue.calls().len()
    }

    /// The platform's entries of the till that are not deactivated.
    pub(crate) fn live(&self) -> BTreeMap<String, Entry> {
        self.platform.live()
    }

    pub(crate) fn dish(&self, id: &str) -> Dish {
        match self.live().remove(&entry_key(Kind::Dish, id)) {
            Some(Entry::Dish(dish)) => dish,
            other => panic!("no dish {id}: {other:?}"),
        }
    }

    /// What the till's catalogue should be on the platform.
    pub(crate) fn desired(&self) -> BTreeMap<String, Entry> {
        map(&self.till.catalogue.catalogue(), &record("rest-1", &json!({}))).menu.entries
    }

    /// The platform has what the till sells, and nothing else of it is live; no request came again with another body.
    pub(crate) fn assert_in_step(&self) {
        assert_eq!(self.live(), self.desired());
        assert_eq!(self.platform.changed_requests(), Vec::<String>::new());
    }

    /// How the integration was last told to stand.
    pub(crate) fn health(&self) -> Option<Health> {
        self.platform.told().last().map(|told| told.health)
    }

    /// The last sentence that the restaurant was told.
    pub(crate) fn sentence(&self) -> String {
        self.platform.told().pop().map(|told| told.message).unwrap_or_default()
    }

    /// What the restaurant was last told of single things: check and subject.
    pub(crate) fn told(&self) -> Vec<(Check, String)> {
        found(&self.platform.told().pop().map(|told| told.findings).unwrap_or_default())
    }
}

pub(crate) fn found(findings: &[Finding]) -> Vec<(Check, String)> {
    findings.iter().map(|finding| (finding.check, finding.subject.clone())).collect()
}
