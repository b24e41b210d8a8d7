//! The scheduled jobs: whose turn comes when, and what a tenant's message does.

use crate::{
    build::{drinks, menu},
    fixture::{CHANGES, Restaurant, Shop, record, rest, work},
};
use app::{
    jobs::{Job, JobFailure, Worked, fan_out, work_for_tenant},
    memory::{MemoryOrderStore, MemoryPlatform, MemoryQueue, MemoryTenants, MemoryTill},
    menu::MenuFailure,
    message::{SyncJob, SyncMessage},
    orders::{Orders, Ports},
    ports::{
        OrderKey, TillError,
        menu::{Health, MenuStore},
    },
};
use domain::{OrderId, TenantId, lifecycle::Heard, order::Status, tenant::Activity};
use jiff::SignedDuration;
use serde_json::json;
use std::{collections::BTreeSet, time::Duration};

type OrderPorts =
    Ports<MemoryOrderStore, MemoryQueue, MemoryTill, MemoryPlatform, MemoryTenants, app::memory::ManualClock>;

struct Office {
    shop: Restaurant,
    orders: Orders<OrderPorts>,
    orders_store: MemoryOrderStore,
    queue: MemoryQueue,
}

impl Office {
    fn of(shop: Restaurant) -> Self {
        let queue = MemoryQueue::default();
        let orders_store = MemoryOrderStore::new(shop.clock.clone());
        let orders = Orders::new(Ports {
            store: orders_store.clone(),
            queue: queue.clone(),
            till: shop.till.till.clone(),
            platform: MemoryPlatform::default(),
            tenants: shop.tenants.clone(),
            clock: shop.clock.clone(),
        });
        Self { shop, orders, orders_store, queue }
    }

    fn menus(&self) -> &app::menu::Menus<Shop> {
        &self.shop.menus
    }

    /// A message for the restaurant, sent and due now.
    fn message(&self, job: SyncJob) -> SyncMessage {
        let now = self.shop.now().as_millisecond();
        SyncMessage { tenant: rest(), correlation: "test".to_owned(), sent_ms: now, due_ms: now, job }
    }

    async fn work(&self, message: &SyncMessage) -> Result<Worked, JobFailure> {
        work_for_tenant(&self.orders, self.menus(), &self.queue, &work(300), message).await
    }

    async fn fan_out(&self, job: Job) -> Vec<(SyncMessage, Duration)> {
        let count = fan_out(&self.orders, &self.queue, job, "test").await.unwrap();
        let sent = self.queue.take_sync();
        assert_eq!(sent.len(), count);
        sent
    }
}

const ALL: [SyncJob; 4] = [SyncJob::Sync, SyncJob::FullSync, SyncJob::Changed, SyncJob::Requested];

#[tokio::test]
async fn one_tenants_turn_comes_at_once() {
    let office = Office::of(Restaurant::with(menu()));
    for job in [Job::Sync, Job::FullSync] {
        let sent = office.fan_out(job).await;
        let [(message, delay)] = sent.as_slice() else { panic!("{sent:?}") };
        assert_eq!((message.due_ms, *delay), (office.shop.now().as_millisecond(), Duration::ZERO));
        assert_eq!(message.sent_ms, office.shop.now().as_millisecond());
    }
}

#[tokio::test]
async fn thousands_of_tenants_have_their_turns_over_hours_of_the_night_and_over_minutes_of_the_day() {
    let office = Office::of(Restaurant::with(menu()));
    for number in 2..=10_000 {
        office.shop.tenants.put(record(&format!("rest-{number}"), &json!({})), "key", &[]);
    }
    for (job, least, most) in [(Job::FullSync, 200, 240), (Job::Sync, 3, 4)] {
        let now = office.shop.now().as_millisecond();
        let sent = office.fan_out(job).await;
        let tenants: BTreeSet<&TenantId> = sent.iter().map(|(message, _)| &message.tenant).collect();
        assert_eq!(tenants.len(), 10_000);
        let waits: Vec<i64> = sent.iter().map(|(message, _)| message.due_ms - now).collect();
        let last = SignedDuration::from_millis(*waits.iter().max().unwrap());
        assert!((least..=most).contains(&last.as_mins()), "{last}");
        let crowd = waits.iter().filter(|wait| (0..1_000).contains(*wait)).count();
        assert!(crowd <= 42, "{crowd} in the first second");
        assert!(sent.iter().all(|(_, delay)| *delay <= Duration::from_secs(900)));
    }
}

#[tokio::test]
async fn what_is_not_due_yet_is_sent_on_by_a_quarter_of_an_hour_at_most_and_works_in_its_turn() {
    let office = Office::of(Restaurant::with(menu()));
    let mut message = office.message(SyncJob::FullSync);
    message.due_ms += SignedDuration::from_mins(40).as_millis() as i64;
    for minutes in [15, 15, 10] {
        let wait = Duration::from_secs(60 * minutes);
        assert_eq!(office.work(&message).await.unwrap().sent_on, Some(wait));
        assert_eq!(office.queue.take_sync(), [(message.clone(), wait)]);
        office.shop.pass_minutes(minutes.try_into().unwrap());
    }
    assert_eq!(office.shop.till_calls(), 0);
    assert!(office.work(&message).await.unwrap().menu.whole);
    office.shop.assert_in_step();
}

#[tokio::test]
async fn a_paused_tenant_has_no_turn_and_no_menu() {
    let office = Office::of(Restaurant::with(menu()));
    let mut paused = record("rest-1", &json!({}));
    paused.activity = Activity::Paused;
    office.shop.tenants.put(paused, "key-of-a-test", &[]);
    assert_eq!(office.fan_out(Job::Sync).await, []);
    for job in ALL {
        assert_eq!(office.work(&office.message(job)).await.unwrap(), Worked::default());
    }
    assert_eq!((office.shop.till_calls(), office.shop.platform.calls().len()), (0, 0));
}

#[tokio::test]
async fn a_menu_that_is_worked_on_sends_its_messages_on_except_for_the_five_minute_one() {
    let office = Office::of(Restaurant::with(menu()));
    let until = office.shop.now() + SignedDuration::from_mins(10);
    office.shop.store.take(&rest(), until).await.unwrap().unwrap();
    for job in ALL {
        let message = office.message(job);
        let worked = office.work(&message).await.unwrap();
        let sent = office.queue.take_sync();
        match job {
            SyncJob::Sync => assert_eq!((worked.sent_on, sent.len()), (None, 0)),
            _ => assert_eq!(sent, [(message, worked.sent_on.unwrap())]),
        }
    }
}

#[tokio::test]
async fn e46_used_up_calls_send_the_message_on_until_the_menu_is_there() {
    let office = Office::of(Restaurant::with_calls(drinks(2_050), 18));
    // The five-minute job, too, sends itself on: nobody else may go on with its pass.
    let message = office.message(SyncJob::Sync);
    let mut turns = 0;
    while let Some(wait) = office.work(&message).await.unwrap().sent_on {
        turns += 1;
        office.shop.clock.advance(SignedDuration::try_from(wait).unwrap());
        assert_eq!(office.queue.take_sync().len(), 1);
        assert!(turns < 20);
    }
    office.shop.assert_in_step();
    assert_eq!(office.work(&message).await.unwrap(), Worked::default(), "a message may come twice");
}

#[tokio::test]
async fn every_job_reads_as_much_as_it_says() {
    let office = Office::of(Restaurant::synced(menu()).await);
    for (job, is_whole) in ALL.into_iter().zip([false, true, false, true]) {
        office.shop.pass_minutes(20);
        assert_eq!(office.work(&office.message(job)).await.unwrap().menu.whole, is_whole, "{job:?}");
    }
}

#[tokio::test]
async fn a_fault_of_the_till_brings_the_message_back_and_a_refused_key_does_not() {
    let office = Office::of(Restaurant::synced(menu()).await);
    office.shop.till.catalogue.fail_call(1, TillError::Unreachable { detail: "a test".to_owned() });
    let failure = office.work(&office.message(SyncJob::Changed)).await.unwrap_err();
    assert!(matches!(failure, JobFailure::Menu(MenuFailure::Till(_))));
    assert_eq!(failure.retry_after(), None);
    office.shop.pass_minutes(1);
    office.shop.till.catalogue.fail_call(1, TillError::KeyRefused { status: 401 });
    assert!(office.work(&office.message(SyncJob::Changed)).await.unwrap().menu.held_back);
}

#[tokio::test]
async fn a_party_that_asks_to_slow_down_is_left_alone_by_menus_and_no_message_is_given_up_for_it() {
    for (job, asked, sent_on) in
        [(SyncJob::Sync, 7, None), (SyncJob::Changed, 7, Some(7)), (SyncJob::FullSync, 3600, Some(900))]
    {
        let office = Office::of(Restaurant::synced(menu()).await);
        let retry_after = Some(Duration::from_secs(asked));
        office.shop.till.catalogue.fail_call(1, TillError::RateLimited { retry_after });
        let worked = office.work(&office.message(job)).await.unwrap();
        assert_eq!(worked.sent_on, sent_on.map(Duration::from_secs), "{job:?}");
        assert_eq!(office.queue.take_sync().len(), usize::from(sent_on.is_some()), "{job:?}");
        office.shop.pass_minutes(5);
        office.work(&office.message(job)).await.unwrap();
        office.shop.assert_in_step();
    }
}

#[tokio::test]
async fn orders_that_were_never_announced_are_found_though_the_menu_cannot_be_read() {
    let office = Office::of(Restaurant::synced(menu()).await);
    office.shop.till.catalogue.fail_call(1, TillError::KeyRefused { status: 401 });
    let worked = office.work(&office.message(SyncJob::Sync)).await.unwrap();
    assert_eq!((worked.missed.placed, worked.menu.held_back), (0, true));
    office.shop.pass_minutes(5);
    assert!(!office.shop.sync(CHANGES).await.unwrap().held_back);
}

#[tokio::test]
async fn a_message_for_nobody_comes_back() {
    let office = Office::of(Restaurant::with(menu()));
    let stranger = TenantId::parse("rest-9").unwrap();
    let message = SyncMessage { tenant: stranger, ..office.message(SyncJob::Sync) };
    assert!(matches!(office.work(&message).await, Err(JobFailure::Orders(_))));
}

/// An open order whose last news came in this way, now.
async fn open_order(office: &Office, number: &str, pushed: bool) {
    let mut state = app::contract::order_state(number, true);
    state.status = Status::Confirmed;
    (state.created_at, state.wished_at) = (office.shop.now(), office.shop.now());
    state.heard = Some(Heard(office.shop.now().as_millisecond(), pushed));
    let key = OrderKey { tenant: rest(), order: OrderId::parse(number).unwrap() };
    app::contract::store_new(&office.orders_store, &key, &state).await;
}

#[tokio::test]
async fn e10_changes_of_open_orders_that_nobody_pushed_are_counted_by_the_five_minute_job_alone() {
    let office = Office::of(Restaurant::synced(menu()).await);
    for number in ["o-1", "o-2", "o-3"] {
        office.shop.pass_minutes(5);
        open_order(&office, number, false).await;
        for job in [SyncJob::Sync, SyncJob::Sync, SyncJob::Changed] {
            office.work(&office.message(job)).await.unwrap();
        }
    }
    assert_eq!((office.shop.health(), office.shop.state().pushes.unpushed), (Some(Health::Degraded), 3));
    office.shop.pass_minutes(5);
    open_order(&office, "o-4", true).await;
    office.work(&office.message(SyncJob::Sync)).await.unwrap();
    assert_eq!((office.shop.health(), office.shop.state().pushes.unpushed), (Some(Health::Active), 0));
}
