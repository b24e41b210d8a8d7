//! How the simulator starts, and what can be changed while it runs.

use crate::{
    restaurant::RestaurantSpec,
    toggles::{PlateformToggles, TillToggles},
};
use serde::{Deserialize, Serialize};

/// How the simulator starts.
#[derive(Clone, Debug)]
pub struct SimulatorConfig {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Restaurants that exist from the start.
    pub restaurants: Vec<RestaurantSpec>,
    /// What can also be changed later with `PUT /control/config`.
    pub runtime: Config,
}

impl Default for SimulatorConfig {
    fn default() -> Self {
        Self { port: 0, restaurants: vec![RestaurantSpec::demo()], runtime: Config::default() }
    }
}

impl SimulatorConfig {
    /// The demo restaurant, and webhooks sent to this bridge.
    pub fn with_bridge(url: impl Into<String>) -> Self {
        let runtime = Config { bridge_url: Some(url.into()), ..Config::default() };
        Self { runtime, ..Self::default() }
    }
}

/// What can be changed while the simulator runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where webhooks go, without a path. Unset: they are recorded and not sent.
    pub bridge_url: Option<String>,
    /// `Host` header for a bridge whose name this machine does not resolve; the connection goes to 127.0.0.1 and the
    /// port of `bridge_url`.
    pub bridge_host: Option<String>,
    /// Pause between two attempts of a webhook.
    pub retry_gap_ms: u64,
    /// Attempts after the first.
    pub max_retries: u32,
    /// How long an attempt may take.
    pub webhook_timeout_ms: u64,
    /// Behaviour of the till.
    pub till: TillToggles,
    /// Behaviour of the platform.
    pub plateform: PlateformToggles,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            bridge_url: None,
            bridge_host: None,
            retry_gap_ms: 5,
            max_retries: 3,
            webhook_timeout_ms: 10_000,
            till: TillToggles::default(),
            plateform: PlateformToggles::default(),
        }
    }
}
