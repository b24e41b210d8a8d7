//! Menu, customers and access of the simulated platform.

use crate::{
    server::{access as canary, rome, work},
    stage::Stage,
};
use app::ports::{PlatformAccess, PlatformError};
use domain::TenantId;
use plateform::{CategoryUpsert, Deactivation, MenuChanges, MenuItem, MenuKind, Outcome, PlatformEvent};
use serde_json::json;
use simulator::ActionOptions;

#[tokio::test]
async fn the_menu_that_was_written_is_the_menu_that_is_read() {
    let stage = Stage::set().await;
    let restaurant = stage.client.get_restaurant(&work(), &stage.access, &stage.tenant).await.unwrap();
    assert_eq!((restaurant.id, restaurant.time_zone.as_str()), (stage.tenant.clone(), "Europe/Rome"));
    let changes = MenuChanges { deactivations: Vec::new(), ..crate::changes::changes() };
    let apply = async |key: &str, changes: &MenuChanges| -> Vec<Outcome> {
        let told = stage.client.apply_menu_changes(&work(), &stage.access, &stage.tenant, key, changes).await.unwrap();
        told.into_iter().map(|entry| entry.outcome).collect()
    };
    assert_eq!(apply("rest-demo:menu:1", &changes).await, [Outcome::Created, Outcome::Created, Outcome::Created]);
    assert_eq!(apply("rest-demo:menu:2", &changes).await, [Outcome::Unchanged, Outcome::Unchanged, Outcome::Unchanged]);

    let gone = Deactivation { kind: MenuKind::Dish, external_id: "prod-1".into() };
    let gone = MenuChanges { deactivations: vec![gone], ..MenuChanges::default() };
    assert_eq!(apply("rest-demo:menu:3", &gone).await, [Outcome::Deactivated]);

    let menu = stage.client.list_menu(&work(), &stage.access, &stage.tenant, None).await.unwrap();
    assert_eq!((menu.items.len(), menu.skipped), (3, 0));
    for item in menu.items {
        match item {
            MenuItem::Category { till, .. } => assert_eq!(till, changes.categories[0]),
            MenuItem::OptionGroup { till, .. } => assert_eq!(till, changes.option_groups[0]),
            MenuItem::Dish { till, platform, .. } => {
                assert_eq!(*till, changes.dishes[0]);
                assert!(platform.deactivated && platform.id.is_some());
            }
        }
    }
}

#[tokio::test]
async fn a_list_of_several_pages_is_read_whole() {
    let stage = Stage::set().await;
    let category = |n: usize| CategoryUpsert {
        external_id: format!("cat-{n}"),
        name: format!("Categoria {n}"),
        image_url: None,
        active: n.is_multiple_of(2),
    };
    let all = MenuChanges { categories: (0..701).map(category).collect(), ..MenuChanges::default() };
    for (n, batch) in all.batches().iter().enumerate() {
        let key = format!("rest-demo:batch:{n}");
        stage.client.apply_menu_changes(&work(), &stage.access, &stage.tenant, &key, batch).await.unwrap();
    }
    let kind = Some(MenuKind::Category);
    let menu = stage.client.list_menu(&work(), &stage.access, &stage.tenant, kind).await.unwrap();
    assert_eq!((menu.items.len(), menu.skipped), (701, 0));
}

#[tokio::test]
async fn customers_of_orders_are_listed() {
    let stage = Stage::set().await;
    stage.order("plt-1").await;
    let customers = stage.client.list_customers(&work(), &stage.access, &stage.tenant, &rome(), None).await.unwrap();
    assert_eq!((customers.items.len(), customers.skipped), (1, 0));
    assert_eq!(customers.items[0].person.email.as_deref(), Some("utente@example.test"));
    let after = customers.items[0].updated_at;
    let later = stage.client.list_customers(&work(), &stage.access, &stage.tenant, &rome(), after).await.unwrap();
    assert!(later.items.is_empty());
}

#[tokio::test]
async fn a_customer_s_change_and_a_wish_to_sync_are_told_by_webhook() {
    let stage = Stage::set().await;
    let customer = json!({"id": "cust-7", "firstName": "Prova", "lastName": "Utente", "phone": "+390000000001"});
    let restaurant = stage.tenant.as_str();
    stage.platform.change_customer(restaurant, customer, ActionOptions::default()).await.unwrap();
    let listed = stage.client.list_customers(&work(), &stage.access, &stage.tenant, &rome(), None).await.unwrap();
    let PlatformEvent::CustomerChanged(told) = stage.heard() else { panic!("not a customer") };
    assert_eq!(told.person, listed.items[0].person);
    stage.platform.request_sync(restaurant, ActionOptions::default()).await.unwrap();
    assert_eq!(stage.heard(), PlatformEvent::SyncRequested);
}

#[tokio::test]
async fn a_wrong_token_is_refused_and_a_stranger_s_restaurant_is_not_found() {
    let stage = Stage::set().await;
    let wrong = PlatformAccess { api_token: "wrong".into(), ..canary() };
    let told = stage.client.get_restaurant(&work(), &wrong, &stage.tenant).await;
    assert_eq!(told, Err(PlatformError::Refused { status: 401, code: "unauthorized".into() }));
    let stranger = TenantId::parse("rest-unknown").unwrap();
    assert_eq!(stage.client.get_restaurant(&work(), &stage.access, &stranger).await, Err(PlatformError::NotFound));
}
