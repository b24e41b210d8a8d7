//! What one run consists of: the restaurants with their tills, the platform, the tables, the queues, and what is known of
//! everything that happened.

use crate::{
    dice::Dice,
    fault::Fault,
    life::SimulatedClock,
    menu,
    plan::{Outages, PRODUCTS, Planned, RESTAURANTS},
    record::Record,
    sqs::Sqs,
};
use app::{
    circuit::{Circuits, Notice},
    memory::{
        ManualClock, MemoryBudget, MemoryCircuits, MemoryMenuStore, MemoryMenuTill, MemoryOrderStore, MemoryPlatform,
        MemoryPlatformMenu, MemoryTenants,
    },
    ports::{Clock, TenantAccess},
};
use domain::{TenantId, tenant::Tenant};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;

/// As many calls as the till grants an API key in ten minutes.
pub(crate) const CALLS: usize = 360;
const WINDOW: Duration = Duration::from_secs(600);
/// What menus may have of them.
const MENU_CALLS: u32 = 180;

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One restaurant.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) name: &'static str,
    pub(crate) access: TenantAccess,
    pub(crate) till: MemoryMenuTill,
    pub(crate) menu: MemoryPlatformMenu,
    /// What the platform's people have filled in, by entry.
    pub(crate) filled_in: Mutex<BTreeMap<String, String>>,
}

/// One run.
#[derive(Debug)]
pub(crate) struct Sim {
    pub(crate) dice: Dice,
    pub(crate) clock: SimulatedClock,
    /// What the adapters in memory take for the time.
    manual: ManualClock,
    pub(crate) plan: BTreeMap<usize, Planned>,
    pub(crate) outages: Outages,
    pub(crate) houses: BTreeMap<TenantId, Arc<House>>,
    pub(crate) store: MemoryOrderStore,
    pub(crate) tenants: MemoryTenants,
    pub(crate) platform: MemoryPlatform,
    pub(crate) menus: MemoryMenuStore,
    pub(crate) budget: MemoryBudget,
    pub(crate) orders_queue: Sqs,
    pub(crate) sync_queue: Sqs,
    pub(crate) record: Record,
    /// As one warm process knows it, and as the others read it.
    pub(crate) circuits: Circuits<MemoryCircuits, SimulatedClock>,
    pub(crate) circuits_opened: Arc<AtomicUsize>,
    /// How many invocations ended with a panic.
    pub(crate) panics: AtomicUsize,
    calls: Mutex<HashMap<String, (VecDeque<Duration>, usize)>>,
}

impl Sim {
    /// Opens the restaurants.
    ///
    /// # Errors
    /// When what the run is made of is not of the form that Ponte takes: a fault of this crate.
    pub(crate) fn new(dice: Dice, orders: impl IntoIterator<Item = usize>, told: bool) -> anyhow::Result<Arc<Self>> {
        let started: Timestamp = "2026-11-24T17:00:00Z".parse()?;
        let clock = SimulatedClock { begun: Instant::now(), started, off: SignedDuration::ZERO };
        let manual = ManualClock::at(started);
        let tenants = MemoryTenants::new(manual.clone());
        tenants.put_platform("token-of-a-test", &["whsec_dGVzdA=="]);
        let mut houses = BTreeMap::new();
        for (name, number) in RESTAURANTS.into_iter().zip(1..) {
            let record = json!({"tenant_id": name, "cic": {"sales_point_id": 90100 + number}});
            let tenant = Tenant::from_record(record.as_object().unwrap_or(&serde_json::Map::new()))?;
            let key = format!("key-{}", if number == 2 { 1 } else { number });
            tenants.put(tenant.clone(), &key, &["secret-of-a-test"]);
            let access = TenantAccess { tenant, api_key: key.into(), webhook_secrets: Vec::new(), read_at: started };
            let till = MemoryMenuTill::new(manual.clone());
            till.catalogue.set(menu::catalogue(&PRODUCTS)?);
            // While every lease holds, nothing needs the till to know an order again.
            if dice.is_off(Fault::Zombie) {
                till.till.take_twice();
            }
            let house = House { name, till, menu: MemoryPlatformMenu::default(), filled_in: Mutex::default(), access };
            houses.insert(house.access.tenant.id.clone(), Arc::new(house));
        }
        let mut plan = BTreeMap::new();
        for number in orders {
            plan.insert(number, crate::plan::planned(&dice, number, started)?);
        }
        let circuits_opened = Arc::<AtomicUsize>::default();
        let opened = Arc::clone(&circuits_opened);
        let circuits = Circuits::new(MemoryCircuits::default(), clock, move |_, notice| {
            opened.fetch_add(usize::from(notice == Notice::Opened), Ordering::Relaxed);
        });
        Ok(Arc::new(Self {
            circuits,
            circuits_opened,
            outages: Outages::draw(&dice),
            dice,
            clock,
            plan,
            houses,
            store: MemoryOrderStore::new(manual.clone()),
            tenants,
            platform: MemoryPlatform::default(),
            menus: MemoryMenuStore::new(manual.clone()),
            budget: MemoryBudget::new(manual.clone(), MENU_CALLS),
            orders_queue: Sqs::new(360, 10),
            sync_queue: Sqs::new(720, 5),
            record: Record::new(told),
            panics: AtomicUsize::default(),
            calls: Mutex::default(),
            manual,
        }))
    }

    /// How long it has been going on; the adapters in memory are told.
    pub(crate) fn now(&self) -> Duration {
        self.manual.set(self.clock.now());
        self.clock.begun.elapsed()
    }

    /// Whether something is so at a restaurant now that was planned to be.
    pub(crate) fn is(&self, fault: Fault, restaurant: &str) -> bool {
        !self.dice.is_calm() && self.outages.is(fault, restaurant, self.now())
    }

    /// Takes note of something, for whoever reads the history of a run.
    pub(crate) fn note(&self, scope: &str, what: impl FnOnce() -> String) {
        self.record.note(self.now(), scope, what);
    }

    /// Counts a call of the till with this key; how long to wait if it is one too many.
    pub(crate) fn count_call(&self, key: &str) -> Result<(), Duration> {
        let now = self.now();
        let mut calls = lock(&self.calls);
        let (window, most) = calls.entry(key.to_owned()).or_default();
        while window.front().is_some_and(|at| *at + WINDOW <= now) {
            window.pop_front();
        }
        if window.len() >= CALLS {
            *most = CALLS + 1;
            return Err(window.front().map_or(WINDOW, |at| *at + WINDOW - now));
        }
        window.push_back(now);
        *most = window.len().max(*most);
        Ok(())
    }

    /// The most calls that any key has made in any ten minutes; more than [`CALLS`] when one was refused.
    pub(crate) fn most_calls(&self) -> usize {
        lock(&self.calls).values().map(|(_, most)| *most).max().unwrap_or_default()
    }
}
