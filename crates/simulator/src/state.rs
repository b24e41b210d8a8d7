//! Everything the simulator knows.

use crate::{
    config::Config, fault::FaultSpec, hooks::Outbox, http::Recorder, plateform::Platform, restaurant::RestaurantSpec,
    till::Account,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Everything the simulator knows.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) config: Config,
    /// Restaurants by id.
    pub(crate) specs: BTreeMap<String, RestaurantSpec>,
    /// Till accounts by API key.
    pub(crate) accounts: BTreeMap<String, Account>,
    /// The platform's restaurants by id.
    pub(crate) platforms: BTreeMap<String, Platform>,
    pub(crate) faults: Vec<FaultSpec>,
    pub(crate) recorder: Recorder,
    pub(crate) outbox: Outbox,
    pub(crate) ids: IdSource,
}

impl State {
    pub(crate) fn new(config: Config, specs: Vec<RestaurantSpec>, now: Timestamp) -> Self {
        let mut state = Self {
            config,
            specs: BTreeMap::new(),
            accounts: BTreeMap::new(),
            platforms: BTreeMap::new(),
            faults: Vec::new(),
            recorder: Recorder::default(),
            outbox: Outbox::default(),
            ids: IdSource::new(now),
        };
        for spec in specs {
            state.add_restaurant(spec, now);
        }
        state
    }

    /// Adds or replaces a restaurant on both sides.
    pub(crate) fn add_restaurant(&mut self, spec: RestaurantSpec, now: Timestamp) {
        let account = self.accounts.entry(spec.api_key.clone()).or_default();
        account.open_sales_point(&spec, now);
        self.platforms.insert(spec.restaurant_id.clone(), Platform::new(&spec));
        self.specs.insert(spec.restaurant_id.clone(), spec);
    }

    /// Restaurants of a till account that see a row of this sales point, or every one if the row is global.
    pub(crate) fn restaurants_seeing(&self, api_key: &str, sales_point: Option<i64>) -> Vec<&RestaurantSpec> {
        let of_key = self.specs.values().filter(|spec| spec.api_key == api_key);
        of_key.filter(|spec| sales_point.is_none_or(|point| point == spec.sales_point_id)).collect()
    }
}

/// UUID-like ids that differ from one start to the next.
#[derive(Debug)]
pub(crate) struct IdSource {
    start: u64,
    last: u64,
    last_ms: i64,
}

impl IdSource {
    fn new(now: Timestamp) -> Self {
        Self { start: now.as_millisecond().unsigned_abs(), last: 0, last_ms: 0 }
    }

    /// The next number.
    pub(crate) fn number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// The next UUID-like id.
    pub(crate) fn uuid(&mut self) -> String {
        let number = self.number();
        let (high, low) = ((self.start >> 16) & 0xffff_ffff, self.start & 0xffff);
        format!("{high:08x}-{low:04x}-4000-8000-{number:012x}")
    }

    /// `now`, moved on by a millisecond where needed so that no two changes share an instant.
    pub(crate) fn tick(&mut self, now: Timestamp) -> Timestamp {
        self.last_ms = now.as_millisecond().max(self.last_ms + 1);
        crate::clock::from_ms(self.last_ms)
    }
}
