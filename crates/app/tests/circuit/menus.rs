//! Orders before menus.

use crate::fixture::{Restaurant, Shared, unreachable, work};
use app::{
    memory::{ManualClock, MemoryBudget, MemoryMenuStore, MemoryMenuTill, MemoryPlatformMenu},
    menu::{MenuFailure, MenuPorts, Menus, Request, Synced},
    ports::TillError,
};
use domain::{
    TenantId,
    circuit::{FAILURES_IN_A_ROW, Lane, PATIENCE, REST},
};
use std::time::Duration;

/// A menu's cycle by an instance that shares what it knows with those of orders, and the calls that it has made.
struct Menu<'a> {
    shop: &'a Restaurant,
    shared: &'a Shared,
    till: MemoryMenuTill,
    store: MemoryMenuStore,
}

impl<'a> Menu<'a> {
    fn of(shop: &'a Restaurant, shared: &'a Shared) -> Self {
        let mut till = MemoryMenuTill::new(shop.clock.clone());
        till.till = shop.till.clone();
        Self { shop, shared, till, store: MemoryMenuStore::new(shop.clock.clone()) }
    }

    async fn sync(&self) -> Result<Synced, MenuFailure> {
        let clock: ManualClock = self.shop.clock.clone();
        let menus = Menus::new(MenuPorts {
            till: self.shared.guard(self.till.clone(), Lane::Menus),
            platform: self.shared.guard(MemoryPlatformMenu::default(), Lane::Menus),
            store: self.store.clone(),
            budget: MemoryBudget::new(clock.clone(), 180),
            tenants: self.shop.tenants.clone(),
            clock,
        });
        menus.sync(&work(), &TenantId::parse("rest-1").unwrap(), Request::default()).await
    }

    fn calls(&self) -> usize {
        self.till.catalogue.calls().len()
    }
}

#[tokio::test]
async fn menus_stand_back_while_orders_need_the_way_and_for_a_while_after() {
    let shop = Restaurant::open();
    let (orders, other) = (shop.instance(), shop.instance());
    let menu = Menu::of(&shop, &other.shared);
    shop.ordered(10);
    shop.till.go_down(Some(unreachable()));
    for number in 1..=FAILURES_IN_A_ROW {
        orders.place(&format!("o-{number}")).await.unwrap_err();
    }
    shop.till.go_down(None);
    let failure = menu.sync().await.unwrap_err();
    let wait = failure.postponed().unwrap();
    assert!(wait > PATIENCE.unsigned_abs() && wait < Duration::from_secs(70), "{wait:?}");
    shop.pass(7);
    assert!(menu.sync().await.is_err());
    assert_eq!(menu.calls(), 0, "the trial is an order's");
    orders.place("o-8").await.unwrap();
    shop.pass(5);
    assert!(menu.sync().await.is_err());
    assert_eq!(menu.calls(), 0);
    shop.pass(REST.as_secs());
    menu.sync().await.unwrap();
    assert!(menu.calls() > 0);
}

#[tokio::test]
async fn a_restaurant_without_orders_gets_its_menu_again_by_itself() {
    let shop = Restaurant::open();
    let (orders, other) = (shop.instance(), shop.instance());
    let menu = Menu::of(&shop, &other.shared);
    shop.ordered(5);
    shop.till.go_down(Some(unreachable()));
    for number in 1..=FAILURES_IN_A_ROW {
        orders.place(&format!("o-{number}")).await.unwrap_err();
    }
    shop.till.go_down(None);
    shop.pass(70);
    menu.sync().await.unwrap();
    assert!(menu.calls() > 0);
}

#[tokio::test]
async fn what_menus_meet_with_keeps_no_order_back() {
    let shop = Restaurant::open();
    let (orders, other) = (shop.instance(), shop.instance());
    let menu = Menu::of(&shop, &other.shared);
    shop.ordered(2);
    let retry_after = Some(Duration::from_secs(600));
    menu.till.catalogue.fail_call(1, TillError::RateLimited { retry_after });
    menu.sync().await.unwrap_err();
    let calls = menu.calls();
    assert!(menu.sync().await.unwrap_err().postponed().unwrap() >= Duration::from_secs(600));
    assert_eq!(menu.calls(), calls, "menus do as they are asked");
    shop.pass(10);
    orders.place("o-1").await.unwrap();
    other.place("o-2").await.unwrap();
    assert_eq!(shop.till.all().len(), 2);
}
