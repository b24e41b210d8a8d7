//! One restaurant on the local AWS, shared by every test that needs it: opened once, ended with the process. A test
//! whose crashes and faults would hit everybody opens its own.

use ponte::shop::Shop;
use std::sync::LazyLock;
use tokio::{runtime::Runtime, sync::RwLock};

/// One runtime for all tests: a client's connections live on the runtime that opened them.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// The shared restaurant. Read by tests that share the till as it is, written by those that break it.
static SHOP: LazyLock<RwLock<Shop>> = LazyLock::new(|| {
    let shop = RUNTIME.block_on(Shop::open(false));
    RwLock::new(shop.unwrap_or_else(|error| panic!("the restaurant does not open: {error:#}")))
});

/// Runs a test beside others.
pub(crate) fn on_shop(test: impl AsyncFnOnce(&Shop)) {
    LazyLock::force(&SHOP);
    RUNTIME.block_on(async { test(&*SHOP.read().await).await });
}

/// Runs a test that breaks something which others would feel: alone.
pub(crate) fn alone_on_shop(test: impl AsyncFnOnce(&Shop)) {
    LazyLock::force(&SHOP);
    RUNTIME.block_on(async { test(&*SHOP.write().await).await });
}

/// Runs a test on a local AWS and a till of its own, beside all others.
pub(crate) fn on_shop_of_its_own(test: impl AsyncFnOnce(&Shop)) {
    RUNTIME.block_on(async {
        let shop = Shop::open(false).await;
        test(&shop.unwrap_or_else(|error| panic!("the restaurant does not open: {error:#}"))).await;
    });
}
