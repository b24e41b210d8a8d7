//! The doctor over ports in memory: what fails is unseen and leaves the rest, and nothing is written.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::{
    doctor::{Doctor, Examined},
    memory::{
        ManualClock, MemoryBudget, MemoryMenuStore, MemoryMenuTill, MemoryOrderStore, MemoryPlatformMenu, MemorySetup,
        MemoryTenants, SetupAnswers,
    },
    menu::{MenuFailure, MenuPorts, Menus, Request},
    ports::{Clock, PlatformError, TillError, Work, doctor::TillSalesPoint, doctor::TillWebhook},
};
use domain::{
    Cents, SalesModeId, TenantId,
    doctor::{CheckId, RestaurantSeen, Verdict},
    lifecycle::Heard,
    menu::{
        Kind,
        till::{Catalogue, TillCategory, TillPrice, TillProduct},
    },
    order::Service,
    tenant::Tenant,
    till::SalesMode,
};
use jiff::SignedDuration;
use serde_json::json;
use std::time::{Duration, Instant};

type Shop = MenuPorts<MemoryMenuTill, MemoryPlatformMenu, MemoryMenuStore, MemoryBudget, MemoryTenants, ManualClock>;

struct Restaurant {
    doctor: Doctor<Shop, MemorySetup, MemorySetup, MemoryOrderStore>,
    till: MemoryMenuTill,
    platform: MemoryPlatformMenu,
    setup: MemorySetup,
    budget: MemoryBudget,
    clock: ManualClock,
}

fn rest() -> TenantId {
    TenantId::parse("rest-1").unwrap()
}

fn work(longest: Duration) -> Work {
    Work { deadline: Instant::now() + longest, correlation: "test".to_owned() }
}

fn mode(id: &str) -> Option<SalesModeId> {
    SalesModeId::parse(id).ok()
}

fn catalogue() -> Catalogue {
    let price = |list: &str, cents| TillPrice { mode: mode(list), sales_point: None, value: Some(Cents(cents)) };
    let margherita = TillProduct {
        id: "p1".to_owned(),
        name: "Margherita".to_owned(),
        text: String::new(),
        category: Some("pizze".to_owned()),
        on_channel: true,
        prices: vec![price("takeaway", 700), price("delivery", 800)],
        variants: 1,
        multivariant: false,
        menu: false,
        composition: false,
        by_weight: false,
        modifiers: vec![],
        images: vec![],
        vat_rate: None,
        sales_point: None,
    };
    let pizze = TillCategory {
        id: "pizze".to_owned(),
        name: "Pizze".to_owned(),
        on_channel: true,
        modifiers: vec![],
        image: None,
        sales_point: None,
    };
    Catalogue {
        categories: vec![pizze],
        products: vec![margherita],
        takeaway: mode("takeaway"),
        delivery: mode("delivery"),
        ..Catalogue::default()
    }
}

fn hook(entity: &str, events: &[&str]) -> TillWebhook {
    let events = events.iter().map(|event| (*event).to_owned()).collect();
    let url = "https://ponte.example.test/webhooks/cic/rest-1".to_owned();
    TillWebhook { entity: entity.to_owned(), events, url, ..TillWebhook::default() }
}

fn answers(clock: &ManualClock) -> SetupAnswers {
    let named = |id: &str, name: &str| SalesMode { id: mode(id).unwrap(), name: name.to_owned() };
    let services = vec![(Service::Takeaway, true), (Service::Delivery, true)];
    SetupAnswers {
        sales_points: Ok(vec![TillSalesPoint { id: 90101, name: "Sede".to_owned(), is_licensed: true }]),
        modes: Ok(vec![named("takeaway", "plateform_takeaway"), named("delivery", "plateform_delivery")]),
        webhooks: Ok(Some(vec![hook("ORDER", &["EDIT", "DELETE"]), hook("RECEIPT", &["CREATE"])])),
        till_time: Ok(Some(clock.now())),
        restaurant: Ok(RestaurantSeen { services, has_menu: true }),
        platform_time: Ok(Some(clock.now())),
        till_is_silent: false,
        platform_is_silent: false,
    }
}

impl Restaurant {
    /// A healthy one whose menu is on the platform, with so many calls in ten minutes.
    async fn open(calls: u32) -> Self {
        let clock = ManualClock::at("2026-11-24T03:00:00Z".parse().unwrap());
        let shop = MenuPorts {
            till: MemoryMenuTill::new(clock.clone()),
            platform: MemoryPlatformMenu::default(),
            store: MemoryMenuStore::new(clock.clone()),
            budget: MemoryBudget::new(clock.clone(), calls),
            tenants: MemoryTenants::new(clock.clone()),
            clock: clock.clone(),
        };
        let record = json!({"tenant_id": "rest-1", "cic": {"sales_point_id": 90101}});
        shop.tenants.put(Tenant::from_record(record.as_object().unwrap()).unwrap(), "key", &["secret"]);
        shop.tenants.put_platform("token", &["whsec_dGVzdA=="]);
        shop.till.catalogue.set(catalogue());
        let (till, platform, budget) = (shop.till.clone(), shop.platform.clone(), shop.budget.clone());
        let setup = MemorySetup::new(answers(&clock));
        let orders = MemoryOrderStore::new(clock.clone());
        let menus = Menus::new(shop);
        menus.sync(&work(Duration::from_secs(60)), &rest(), Request::default()).await.unwrap();
        clock.advance(SignedDuration::from_mins(20));
        setup.change(|answers_| *answers_ = answers(&clock));
        let doctor = Doctor { menus, till: setup.clone(), platform: setup.clone(), orders };
        Self { doctor, till, platform, setup, budget, clock }
    }

    async fn healthy() -> Self {
        Self::open(180).await
    }

    async fn examine(&self) -> Examined {
        self.examine_for(Duration::from_secs(60)).await
    }

    async fn examine_for(&self, longest: Duration) -> Examined {
        self.doctor.examine(&work(longest), &rest()).await.unwrap()
    }
}

fn verdict(examined: &Examined, id: CheckId) -> Verdict {
    examined.checks.iter().find(|checked| checked.id == id).unwrap().verdict
}

fn of(examined: &Examined, wanted: Verdict) -> Vec<CheckId> {
    examined.checks.iter().filter(|checked| checked.verdict == wanted).map(|checked| checked.id).collect()
}

#[tokio::test]
async fn a_healthy_restaurant_is_green_but_for_what_only_a_write_or_a_person_can_tell() {
    let shop = Restaurant::healthy().await;
    let writes = shop.platform.writes().len();
    let examined = shop.examine().await;
    assert_eq!(of(&examined, Verdict::Unknown), [CheckId::Scope, CheckId::Limits, CheckId::TestOrder]);
    assert_eq!(of(&examined, Verdict::Green).len(), 11, "{:?}", examined.checks);
    assert_eq!((shop.platform.writes().len(), shop.platform.told().len()), (writes, 1), "nothing is written");
}

#[tokio::test]
async fn every_question_to_the_till_is_taken_from_the_calls_of_menus() {
    let shop = Restaurant::healthy().await;
    let (granted, calls) = (shop.budget.granted(), shop.till.catalogue.calls().len());
    shop.examine().await;
    // Two for the sales points, one each for clock, webhooks and modes; modes, names, categories and products of the pass.
    assert_eq!(shop.budget.granted() - granted, 5 + 1 + 2 + 1 + 1);
    assert_eq!(shop.till.catalogue.calls().len() - calls, 4);
}

#[tokio::test]
async fn without_calls_the_till_is_not_asked_and_the_platform_is_seen_all_the_same() {
    let shop = Restaurant::open(6).await;
    shop.budget_spent().await;
    let calls = shop.till.catalogue.calls().len();
    let examined = shop.examine().await;
    assert_eq!(shop.till.catalogue.calls().len(), calls);
    assert_eq!(verdict(&examined, CheckId::Prices), Verdict::Unknown);
    assert_eq!(verdict(&examined, CheckId::Services), Verdict::Green);
}

impl Restaurant {
    /// Uses up the calls of these ten minutes.
    async fn budget_spent(&self) {
        use app::ports::menu::CallBudget as _;
        self.budget.take_calls(&"key".into(), 1000).await.unwrap();
    }
}

#[tokio::test]
async fn a_dead_till_is_unknown_and_not_red_and_leaves_the_platform_s_checks() {
    let shop = Restaurant::healthy().await;
    let dead = || TillError::Unreachable { detail: "no connection".to_owned() };
    shop.setup.change(|answers| {
        answers.sales_points = Err(dead());
        answers.modes = Err(dead());
        answers.webhooks = Err(dead());
        answers.till_time = Err(dead());
    });
    shop.till.catalogue.fail_call(1, dead());
    let examined = shop.examine().await;
    assert_eq!(of(&examined, Verdict::Red), []);
    assert_eq!(of(&examined, Verdict::Green), [CheckId::Services, CheckId::FirstSync]);
}

#[tokio::test]
async fn a_refused_key_is_red() {
    let shop = Restaurant::healthy().await;
    let refused = || TillError::KeyRefused { status: 400 };
    shop.setup.change(|answers| {
        answers.sales_points = Err(refused());
        answers.modes = Err(refused());
        answers.webhooks = Err(refused());
        answers.till_time = Err(refused());
    });
    shop.till.catalogue.fail_call(1, refused());
    assert_eq!(of(&shop.examine().await, Verdict::Red), [CheckId::Key, CheckId::Scope]);
    shop.setup.change(|answers_| *answers_ = answers(&shop.clock));
    assert_eq!(of(&shop.examine().await, Verdict::Red), []);
}

#[tokio::test]
async fn a_silent_till_ends_in_time_and_hides_nothing_of_the_platform() {
    let shop = Restaurant::healthy().await;
    shop.setup.change(|answers| answers.till_is_silent = true);
    let begun = Instant::now();
    let examined = shop.examine_for(Duration::from_millis(200)).await;
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert_eq!(verdict(&examined, CheckId::Key), Verdict::Unknown);
    assert_eq!(verdict(&examined, CheckId::Services), Verdict::Green);
}

#[tokio::test]
async fn a_silent_platform_hides_nothing_of_the_till() {
    let shop = Restaurant::healthy().await;
    shop.setup.change(|answers| answers.platform_is_silent = true);
    let examined = shop.examine_for(Duration::from_millis(200)).await;
    assert_eq!(verdict(&examined, CheckId::Services), Verdict::Unknown);
    for id in [CheckId::Key, CheckId::SalesPoint, CheckId::SalesModes, CheckId::Prices, CheckId::Webhooks] {
        assert_eq!(verdict(&examined, id), Verdict::Green, "{id:?}");
    }
}

#[tokio::test]
async fn dr10_what_polling_found_and_the_till_did_not_push_is_compared() {
    let shop = Restaurant::healthy().await;
    let news = |pushed: [bool; 3]| {
        let now = shop.clock.now().as_millisecond();
        (0..).zip(pushed).map(|(second, pushed)| Heard(now + second, pushed)).collect::<Vec<_>>()
    };
    for (pushed, expected) in [([true; 3], Verdict::Green), ([false; 3], Verdict::Red), ([true; 3], Verdict::Green)] {
        let work = work(Duration::from_secs(60));
        shop.doctor.menus.sync_and_hear(&work, &rest(), Request::default(), &news(pushed)).await.unwrap();
        shop.clock.advance(SignedDuration::from_mins(1));
        assert_eq!(verdict(&shop.examine().await, CheckId::Webhooks), expected, "{pushed:?}");
    }
}

#[tokio::test]
async fn a_refused_platform_is_unknown_and_a_till_that_lists_no_webhooks_too() {
    let shop = Restaurant::healthy().await;
    shop.setup.change(|answers| {
        answers.restaurant = Err(PlatformError::Refused { status: 401, code: "unauthorized".to_owned() });
        answers.webhooks = Ok(None);
        answers.platform_time = Ok(None);
    });
    let examined = shop.examine().await;
    for id in [CheckId::Services, CheckId::Webhooks, CheckId::Clocks] {
        assert_eq!(verdict(&examined, id), Verdict::Unknown, "{id:?}");
    }
}

#[tokio::test]
async fn what_the_platform_sells_and_the_till_does_not_is_seen_before_the_night() {
    let shop = Restaurant::healthy().await;
    shop.platform.put_foreign(Kind::Dish, "old", "Vecchia");
    assert_eq!(of(&shop.examine().await, Verdict::Red), [CheckId::Ghosts]);
    shop.platform.delete(Kind::Dish, "old");
    assert_eq!(of(&shop.examine().await, Verdict::Red), []);
}

#[tokio::test]
async fn a_clock_that_is_ahead_is_told_by_its_party() {
    let shop = Restaurant::healthy().await;
    shop.setup.change(|answers| {
        answers.till_time = answers.till_time.clone().map(|at| at.map(|at| at + SignedDuration::from_secs(90)));
    });
    let examined = shop.examine().await;
    assert_eq!(verdict(&examined, CheckId::Clocks), Verdict::Yellow);
    assert_eq!(examined.seen.clocks.till, Ok(SignedDuration::from_secs(90)));
}

#[tokio::test]
async fn a_tenant_that_is_none_is_an_error_rather_than_a_report() {
    let shop = Restaurant::healthy().await;
    let nobody = TenantId::parse("nobody").unwrap();
    let failure = shop.doctor.examine(&work(Duration::from_secs(5)), &nobody).await.unwrap_err();
    assert!(matches!(failure, MenuFailure::NoTenant));
}

#[tokio::test]
async fn at_night_a_category_off_the_channel_is_told_to_the_restaurant_with_the_menu_s_findings() {
    let shop = Restaurant::healthy().await;
    shop.till.catalogue.change_category("pizze", |category| category.on_channel = false);
    let night = Request { whole: true, force: true, ..Request::default() };
    shop.doctor.menus.sync(&work(Duration::from_secs(60)), &rest(), night).await.unwrap();
    let told = shop.platform.told().pop().unwrap();
    let checks: Vec<_> = told.findings.iter().map(|finding| (finding.check, finding.subject.as_str())).collect();
    assert_eq!(checks, [(domain::menu::Check::Channel, "pizze")]);
}
