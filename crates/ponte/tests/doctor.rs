//! Doctor and probe by the real clients against both simulated parties.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::{
    doctor::{Doctor, Examined},
    memory::{ManualClock, MemoryBudget, MemoryMenuStore, MemoryOrderStore, MemoryTenants},
    menu::{MenuPorts, Menus, Request},
    ports::{Freshness, Tenants as _, Work},
};
use cassa_in_cloud::Standing;
use domain::{
    TenantId,
    doctor::{CheckId, Lang, Verdict},
    tenant::Tenant,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use simulator::{RestaurantSpec, Simulator, SimulatorConfig};
use std::time::{Duration, Instant};

type Till = cassa_in_cloud::Client;
type Platform = plateform::Client;
type Shop = MenuPorts<Till, Platform, MemoryMenuStore, MemoryBudget, MemoryTenants, ManualClock>;

struct Street {
    /// Ends with the test.
    _simulator: Simulator,
    doctor: Doctor<Shop, Till, Platform, MemoryOrderStore>,
    tenants: MemoryTenants,
    clock: ManualClock,
    tenant: TenantId,
    spec: RestaurantSpec,
}

fn work() -> Work {
    Work { deadline: Instant::now() + Duration::from_secs(60), correlation: "test".to_owned() }
}

impl Street {
    fn open() -> Self {
        let spec = RestaurantSpec::trattoria();
        let config = SimulatorConfig { restaurants: vec![spec.clone()], ..SimulatorConfig::default() };
        let simulator = Simulator::start(config).unwrap();
        let clock = ManualClock::at(Timestamp::now());
        let settings = cassa_in_cloud::Settings { base_url: simulator.cic_url(), ..Default::default() };
        let till = Till::new(&settings).unwrap();
        let base_url = simulator.plateform_url();
        let platform = Platform::new(plateform::Settings { base_url, timeout: plateform::DEFAULT_TIMEOUT }).unwrap();
        let tenants = MemoryTenants::new(clock.clone());
        let menus = Menus::new(MenuPorts {
            till: till.clone(),
            platform: platform.clone(),
            store: MemoryMenuStore::new(clock.clone()),
            budget: MemoryBudget::new(clock.clone(), 180),
            tenants: tenants.clone(),
            clock: clock.clone(),
        });
        let orders = MemoryOrderStore::new(clock.clone());
        let tenant = TenantId::parse(&spec.restaurant_id).unwrap();
        let doctor = Doctor { menus, till, platform, orders };
        let street = Self { _simulator: simulator, doctor, tenants, clock, tenant, spec };
        street.tenants.put_platform(&street.spec.plateform_token, &["whsec_dGVzdA=="]);
        street.join(&street.spec.api_key, &json!({}));
        street
    }

    /// Joins the restaurant with this key and these fields of `cic`, seen at once.
    fn join(&self, key: &str, cic: &serde_json::Value) {
        let mut record =
            json!({"tenant_id": self.spec.restaurant_id, "cic": {"sales_point_id": self.spec.sales_point_id}});
        record["cic"].as_object_mut().unwrap().extend(cic.as_object().unwrap().clone());
        self.tenants.put(Tenant::from_record(record.as_object().unwrap()).unwrap(), key, &["secret"]);
        self.clock.advance(SignedDuration::from_secs(31));
    }

    async fn examine(&self) -> Examined {
        self.doctor.examine(&work(), &self.tenant).await.unwrap()
    }
}

fn verdict(examined: &Examined, id: CheckId) -> Verdict {
    examined.checks.iter().find(|checked| checked.id == id).unwrap().verdict
}

fn lines(examined: &Examined) -> String {
    let told = examined.checks.iter().map(|checked| checked.told(Lang::En));
    told.map(|told| format!("{} {:?} {}\n", told.check, told.verdict, told.saw)).collect()
}

#[tokio::test]
async fn the_simulated_restaurant_is_examined_by_the_real_clients() {
    let street = Street::open();
    street.doctor.menus.sync(&work(), &street.tenant, Request { force: true, ..Request::default() }).await.unwrap();
    street.clock.set(Timestamp::now());
    let examined = street.examine().await;
    let clocks = format!("{:?}", examined.seen.clocks);
    assert_eq!(verdict(&examined, CheckId::Clocks), Verdict::Green, "{clocks}");
    let others: Vec<String> =
        lines(&examined).lines().filter(|line| !line.starts_with("DR13")).map(str::to_owned).collect();
    insta::assert_snapshot!(others.join("\n"), @"
        DR1 Green the key works
        DR2 Unknown no write is known yet
        DR3 Green 90101 «Trattoria di Prova», active licence
        DR4 Green «plateform_takeaway» is there; «plateform_delivery» is there
        DR5 Red without a price: «Focaccia»
        DR6 Green articles on the channel: 58
        DR7 Red with variants: «Birra artigianale»
        DR8 Green no ghosts
        DR9 Unknown the API does not show limits
        DR10 Green orders and receipts are configured
        DR11 Green take-away with a menu; delivery with a menu
        DR12 Green the first pass has been applied
        DR14 Unknown no open order on the till
        ");
}

#[tokio::test]
async fn dr1_dr3_dr4_a_wrong_key_sales_point_or_name_is_red_and_mended_green() {
    let street = Street::open();
    street.join("no-such-key", &json!({}));
    let refused = street.examine().await;
    assert_eq!(verdict(&refused, CheckId::Key), Verdict::Red, "{}", lines(&refused));
    street.join(&street.spec.api_key, &json!({"sales_point_id": 99999}));
    let elsewhere = street.examine().await;
    assert_eq!(verdict(&elsewhere, CheckId::SalesPoint), Verdict::Red, "{}", lines(&elsewhere));
    street.join(&street.spec.api_key, &json!({"sales_mode_delivery": "Plateform Delivery"}));
    let near = street.examine().await;
    let modes = near.checks.iter().find(|checked| checked.id == CheckId::SalesModes).unwrap().told(Lang::En);
    assert!(modes.verdict == Verdict::Red && modes.saw.contains("there is «plateform_delivery»"), "{modes:?}");
    street.join(&street.spec.api_key, &json!({}));
    let mended = street.examine().await;
    for id in [CheckId::Key, CheckId::SalesPoint, CheckId::SalesModes] {
        assert_eq!(verdict(&mended, id), Verdict::Green, "{}", lines(&mended));
    }
}

#[tokio::test]
async fn the_simulator_is_probed_and_answers_as_the_sheet_says() {
    let street = Street::open();
    let access = street.tenants.tenant(&street.tenant, Freshness::Reload).await.unwrap().unwrap();
    let probe = street.doctor.till.probe(&work(), &access).await;
    let otherwise = probe.guesses.iter().filter(|guess| guess.standing == Standing::Contradicted);
    let otherwise: Vec<String> = otherwise.map(|guess| format!("{}: {}", guess.guess, guess.seen)).collect();
    assert_eq!(otherwise, Vec::<String>::new());
}
