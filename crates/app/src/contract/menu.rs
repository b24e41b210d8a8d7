//! The promises of the ports of the menu.

use crate::{
    memory::ManualClock,
    ports::Clock,
    ports::menu::{CallBudget, Health, MenuState, MenuStore},
};
use domain::{
    TenantId,
    doctor::{Portal, Pushes},
    menu::{
        Check, Finding, Level, digest,
        manifest::{Known, Manifest},
    },
};
use jiff::SignedDuration;
use secrecy::SecretString;

/// A state for tests with everything filled in.
#[must_use]
pub fn menu_state(sequence: u64) -> MenuState {
    MenuState {
        products_since_ms: Some(1_790_000_000_123),
        categories_since_ms: Some(1_790_000_000_124),
        read_ms: Some(1_790_000_000_127),
        categories: Some(u64::MAX - 1),
        settings: Some(9),
        counts: (60, 7),
        whole_pass_ms: Some(1_790_000_000_125),
        modes: Some(("sm-1".to_owned(), "sm-2".to_owned())),
        sequence,
        announced: true,
        customers_since_ms: Some(1_790_000_000_126),
        customers_ms: Some(1_790_000_000_127),
        customers_brought: vec![(1_790_000_000_126, 7)],
        customer_failed: Some((8, 2)),
        failed: 2,
        held_back: true,
        health: Some((Health::Degraded, u64::MAX)),
        put_aside: Some(3),
        pushes: Pushes { until_ms: 7, pushed_ms: Some(5), unpushed: 2, portal: Portal::default(), told: Some(1) },
    }
}

/// Every promise of [`MenuStore`]. `tenant` and one whose name is longer by `-b` must be unused; `clock` is the clock of
/// the store.
pub async fn menu_store_contract(store: &impl MenuStore, clock: &ManualClock, tenant: &TenantId) {
    a_menu_is_taken_by_one_holder_and_freed_by_saving(store, clock, tenant).await;
    a_lease_ends_by_itself_and_its_holder_saves_no_more(store, clock, tenant).await;
    findings_are_replaced_whole(store, tenant).await;
    a_pass_is_gone_on_with_as_it_was_put_aside(store, tenant).await;
    a_manifest_is_read_as_it_was_saved(store, tenant).await;
    tenants_have_nothing_in_common(store, clock, tenant).await;
}

async fn a_menu_is_taken_by_one_holder_and_freed_by_saving(
    store: &impl MenuStore,
    clock: &ManualClock,
    tenant: &TenantId,
) {
    let until = clock.now() + SignedDuration::from_secs(60);
    assert_eq!(store.look(tenant).await.unwrap(), None);
    assert!(!store.save(tenant, 1, &menu_state(1)).await.unwrap(), "a menu that nobody has taken");
    assert_eq!(store.look(tenant).await.unwrap(), None, "a refused save makes no menu");
    let first = store.take(tenant, until).await.unwrap().unwrap();
    assert_eq!(first.state, MenuState::default());
    assert_eq!(store.take(tenant, until).await.unwrap(), None, "somebody has it");
    assert!(!store.save(tenant, first.revision + 1, &menu_state(1)).await.unwrap(), "another revision");
    assert!(store.save(tenant, first.revision, &menu_state(2)).await.unwrap());
    assert_eq!(store.look(tenant).await.unwrap(), Some(menu_state(2)));
    let second = store.take(tenant, until).await.unwrap().unwrap();
    assert_eq!(second.state, menu_state(2));
    assert_ne!(second.revision, first.revision);
    assert!(!store.save(tenant, first.revision, &menu_state(3)).await.unwrap(), "the holder before");
    assert_eq!(store.look(tenant).await.unwrap(), Some(menu_state(2)), "looking needs no lease");
    assert!(store.save(tenant, second.revision, &second.state).await.unwrap());
}

async fn a_lease_ends_by_itself_and_its_holder_saves_no_more(
    store: &impl MenuStore,
    clock: &ManualClock,
    tenant: &TenantId,
) {
    let minute = SignedDuration::from_secs(60);
    let until = clock.now() + minute;
    let dead = store.take(tenant, until).await.unwrap().unwrap();
    clock.advance(minute - SignedDuration::from_secs(1));
    assert_eq!(store.take(tenant, clock.now() + minute).await.unwrap(), None, "one second too soon");
    clock.advance(SignedDuration::from_secs(1));
    let next = store.take(tenant, clock.now() + minute).await.unwrap().unwrap();
    assert!(!store.save(tenant, dead.revision, &menu_state(9)).await.unwrap());
    assert!(store.save(tenant, next.revision, &menu_state(4)).await.unwrap());
    assert_eq!(store.look(tenant).await.unwrap(), Some(menu_state(4)));
}

async fn findings_are_replaced_whole(store: &impl MenuStore, tenant: &TenantId) {
    let finding = |subject: &str| Finding {
        check: Check::Price,
        level: Level::Warning,
        subject: subject.to_owned(),
        message: "«Tè» non ha un prezzo".to_owned(),
        remedy: "Cassa: Configurazione > Prodotti".to_owned(),
    };
    assert_eq!(store.findings(tenant).await.unwrap(), []);
    let findings = [finding("p-1"), finding("p-2")];
    store.save_findings(tenant, &findings).await.unwrap();
    assert_eq!(store.findings(tenant).await.unwrap(), findings);
    store.save_findings(tenant, &[]).await.unwrap();
    assert_eq!(store.findings(tenant).await.unwrap(), []);
}

async fn a_pass_is_gone_on_with_as_it_was_put_aside(store: &impl MenuStore, tenant: &TenantId) {
    assert_eq!(store.resume(tenant, 1).await.unwrap(), None);
    // Nothing makes these bytes smaller: they take several items of a table.
    let large: Vec<u8> = (0..300_000_u32).flat_map(|n| digest(&n.to_string()).to_be_bytes()).take(900_000).collect();
    store.put_aside(tenant, 1, &large).await.unwrap();
    assert!(store.resume(tenant, 1).await.unwrap() == Some(large), "a large pass comes back whole");
    store.put_aside(tenant, 2, b"small").await.unwrap();
    assert_eq!(store.resume(tenant, 2).await.unwrap().as_deref(), Some(b"small".as_slice()));
    assert_eq!(store.resume(tenant, 1).await.unwrap(), None, "it was replaced");
}

async fn a_manifest_is_read_as_it_was_saved(store: &impl MenuStore, tenant: &TenantId) {
    let empty = Manifest::default();
    assert_eq!(store.manifest(tenant).await.unwrap(), empty);
    let mut first = Manifest::default();
    for number in 0..300_u64 {
        let known = Known::Written { fingerprint: number << 40, orderable: number % 3 == 0 };
        first.entries.insert(format!("d:prodotto-è-{number}"), known);
    }
    store.save_manifest(tenant, Some(&empty), &first).await.unwrap();
    assert_eq!(store.manifest(tenant).await.unwrap(), first);
    let mut second = first.clone();
    second.deactivated("d:prodotto-è-7");
    second.entries.remove("d:prodotto-è-8");
    second.entries.insert("c:nuova".to_owned(), Known::Written { fingerprint: u64::MAX, orderable: true });
    store.save_manifest(tenant, Some(&first), &second).await.unwrap();
    assert_eq!(store.manifest(tenant).await.unwrap(), second);
    store.save_manifest(tenant, Some(&second), &second).await.unwrap();
    assert_eq!(store.manifest(tenant).await.unwrap(), second);
    store.save_manifest(tenant, None, &first).await.unwrap();
    assert_eq!(store.manifest(tenant).await.unwrap(), first, "whatever was there before");
    store.save_manifest(tenant, Some(&first), &empty).await.unwrap();
    assert_eq!(store.manifest(tenant).await.unwrap(), empty, "what is gone is not remembered");
}

async fn tenants_have_nothing_in_common(store: &impl MenuStore, clock: &ManualClock, tenant: &TenantId) {
    // Its name begins like the other's, and must not be taken for it.
    let other = TenantId::parse(&format!("{tenant}-b")).unwrap();
    let until = clock.now() + SignedDuration::from_secs(60);
    let held = store.take(&other, until).await.unwrap().unwrap();
    let lease = store.take(tenant, until).await.unwrap().unwrap();
    let mut manifest = Manifest::default();
    manifest.deactivated("d:1");
    store.save_manifest(&other, Some(&Manifest::default()), &manifest).await.unwrap();
    assert_eq!(store.manifest(tenant).await.unwrap(), Manifest::default());
    assert!(store.save(tenant, lease.revision, &lease.state).await.unwrap());
    assert!(store.save(&other, held.revision, &menu_state(5)).await.unwrap());
    assert_eq!(store.look(tenant).await.unwrap(), Some(lease.state));
}

/// Every promise of [`CallBudget`] for one that grants at most 180 calls in ten minutes; `clock` is its clock, and the ten
/// minutes after those that it shows must be unused.
pub async fn budget_contract(budget: &impl CallBudget, clock: &ManualClock) {
    let window = SignedDuration::from_mins(10);
    let (one, other) = (SecretString::from("contract-key-1"), SecretString::from("contract-key-2"));
    clock.advance(window);
    assert_eq!(budget.take_calls(&one, 0).await.unwrap(), 0);
    let mut granted = 0;
    for wanted in [1, 7, 12, 100, 1, 40] {
        let got = budget.take_calls(&one, wanted).await.unwrap();
        assert_eq!(got, wanted, "there are enough");
        granted += got;
    }
    // What does not suffice is granted in part, and then nothing is.
    let rest = budget.take_calls(&one, 50).await.unwrap();
    assert!(rest < 50, "{rest}");
    granted += rest;
    assert!((161..=180).contains(&granted), "{granted}");
    for _ in 0..3 {
        granted += budget.take_calls(&one, 1).await.unwrap();
    }
    assert!(granted <= 180, "{granted}");
    assert_eq!(budget.take_calls(&other, 3).await.unwrap(), 3, "another key has its own");
    clock.advance(window);
    assert_eq!(budget.take_calls(&one, 5).await.unwrap(), 5, "ten minutes later");
}
