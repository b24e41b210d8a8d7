//! The demo restaurant over ports in memory, at one moment.

use app::{
    memory::{ManualClock, MemoryTenants},
    ports::{PlatformAccess, TenantAccess, Work},
};
use domain::tenant::Tenant;
use jiff::Timestamp;
use serde_json::{Value, json};
use simulator::RestaurantSpec;
use std::{
    future::Future,
    sync::LazyLock,
    time::{Duration, Instant},
};
use tokio::runtime::{Builder, Runtime};

/// The demo restaurant.
pub(super) static DEMO: LazyLock<RestaurantSpec> = LazyLock::new(RestaurantSpec::demo);

/// Every secret with which the till may sign for it.
pub(super) static TILL_SECRETS: LazyLock<Vec<String>> = LazyLock::new(|| DEMO.all_till_secrets());

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
}

/// Runs to the end, on this thread's runtime.
pub(super) fn run<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.with(|runtime| runtime.block_on(work))
}

/// When everything happens.
pub(super) fn moment() -> Timestamp {
    "2026-11-24T18:00:00Z".parse().expect("an instant")
}

pub(super) fn work() -> Work {
    Work { deadline: Instant::now() + Duration::from_secs(60), correlation: "fuzzed".to_owned() }
}

/// The demo restaurant with these fields of `cic` and this policy for unknown lines.
pub(super) fn tenant_with(fields: Value, unknown_line: &str) -> Tenant {
    let (id, point) = (&DEMO.restaurant_id, DEMO.sales_point_id);
    let mut record = json!({"tenant_id": id, "cic": fields, "policies": {"unknown_line": unknown_line}});
    record["cic"]["sales_point_id"] = point.into();
    Tenant::from_record(record.as_object().expect("an object")).expect("a record")
}

pub(super) fn tenants(clock: &ManualClock) -> MemoryTenants {
    let tenants = MemoryTenants::new(clock.clone());
    let secrets: Vec<&str> = TILL_SECRETS.iter().map(String::as_str).collect();
    tenants.put(tenant_with(json!({}), "refuse"), &DEMO.api_key, &secrets);
    tenants.put_platform(&DEMO.plateform_token, &[&DEMO.plateform_webhook_secret]);
    tenants
}

pub(super) fn till_access() -> TenantAccess {
    TenantAccess {
        tenant: tenant_with(json!({}), "refuse"),
        api_key: DEMO.api_key.as_str().into(),
        webhook_secrets: Vec::new(),
        read_at: moment(),
    }
}

pub(super) fn platform_access() -> PlatformAccess {
    PlatformAccess { api_token: DEMO.plateform_token.as_str().into(), webhook_secrets: Vec::new(), read_at: moment() }
}
