//! Tenants, budgets, clocks and fixtures.

use crate::server::Server;
use app::ports::{Clock, TenantAccess, Work};
use cassa_in_cloud::{Client, Settings};
use domain::tenant::Tenant;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

pub(crate) const KEY: &str = "key-1";

pub(crate) fn access() -> TenantAccess {
    access_with(KEY)
}

pub(crate) fn access_with(key: &str) -> TenantAccess {
    let record = json!({"tenant_id": "rest-1", "cic": {"sales_point_id": 90101}});
    TenantAccess {
        tenant: Tenant::from_record(record.as_object().unwrap()).unwrap(),
        api_key: SecretString::from(key),
        webhook_secrets: Vec::new(),
        read_at: now(),
    }
}

pub(crate) fn work() -> Work {
    work_for(Duration::from_secs(30))
}

pub(crate) fn work_for(left: Duration) -> Work {
    Work { deadline: Instant::now() + left, correlation: "c-1".to_owned() }
}

pub(crate) fn client(server: &Server) -> Client {
    client_at(&server.url())
}

pub(crate) fn client_at(url: &str) -> Client {
    Client::new(&Settings { base_url: url.to_owned(), ..Settings::default() }).unwrap()
}

pub(crate) fn now() -> Timestamp {
    "2026-11-24T19:30:00Z".parse().unwrap()
}

/// A clock that goes only when it is told to.
#[derive(Clone)]
pub(crate) struct Hands(Arc<Mutex<Timestamp>>);

impl Hands {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(now())))
    }

    pub(crate) fn go(&self, seconds: i64) {
        *self.0.lock().unwrap() += SignedDuration::from_secs(seconds);
    }

    pub(crate) fn client(&self, server: &Server) -> Client {
        let settings = Settings { base_url: server.url(), ..Settings::default() };
        Client::with_clock(&settings, Arc::new(self.clone())).unwrap()
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

pub(crate) fn fixture(name: &str) -> Value {
    serde_json::from_slice(&fixture_bytes(name)).unwrap()
}

pub(crate) fn fixture_bytes(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(format!("{name}.json"))).unwrap()
}
