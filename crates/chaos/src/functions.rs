//! The functions as Lambda runs them: schedules, event sources that poll, invocations that end.

use crate::{
    deploy,
    fault::Fault,
    life::{Life, SimulatedClock},
    ports::{Edge, SimBatchQueue, SimBudget, SimMenuStore, SimPlatform, SimQueue, SimStore, SimTenants, SimTill},
    sim::Sim,
};
use app::{
    circuit::{Guarded, Lane},
    jobs::Job,
    memory::MemoryCircuits,
    menu::{MenuPorts, Menus},
    orders::{Orders, Ports},
    ports::SystemClock,
};
use aws_adapters::{batch::RESERVE, metrics::Metrics};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use consumer::{Consumer, consume};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use sync::{Answer, Event, Sync, handle};
use tokio::time::{Instant, sleep, timeout};

/// How long the functions may take, and how many of each run at once: as the template says.
const CONSUMER: (Duration, usize) = (Duration::from_secs(60), 20);
const SYNC: (Duration, usize) = (Duration::from_secs(120), 10);

/// How often a poller looks, where something is about to be visible and where not.
const POLLS: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(1)];

type Behind<T> = Guarded<T, MemoryCircuits, SimulatedClock>;
type World = Ports<SimStore, SimQueue, Behind<SimTill>, Behind<SimPlatform>, SimTenants, SimulatedClock>;
type MenuWorld = MenuPorts<Behind<SimTill>, Behind<SimPlatform>, SimMenuStore, SimBudget, SimTenants, SimulatedClock>;

/// Starts schedules and pollers.
pub(crate) fn begin(sim: &Arc<Sim>) {
    tokio::spawn(every(Duration::from_secs(60), Arc::clone(sim), Job::Reconcile));
    tokio::spawn(every(Duration::from_secs(300), Arc::clone(sim), Job::Sync));
    tokio::spawn(poll(Arc::clone(sim), CONSUMER.1, |sim| &sim.orders_queue, consumer));
    tokio::spawn(poll(Arc::clone(sim), SYNC.1, |sim| &sim.sync_queue, sync_batch));
    if !sim.dice.is_off(Fault::Deploy) {
        tokio::spawn(deploy_in_the_middle(Arc::clone(sim)));
    }
}

async fn deploy_in_the_middle(sim: Arc<Sim>) {
    sleep(sim.dice.millis("deploy", "all", 1_800_000, 9_000_000)).await;
    sim.dice.count(Fault::Deploy);
    sim.sync_queue.rewrite(deploy::to_older_form);
    sim.store.rewrite(deploy::without_defaults);
}

async fn every(period: Duration, sim: Arc<Sim>, job: Job) {
    let mut number = 0;
    loop {
        sleep(period).await;
        number += 1;
        let scope = format!("{job:?}-{number}");
        let (edge, sync) = sync_function(&sim, &scope);
        let until = Instant::now() + SYNC.0 - RESERVE;
        let work = async move { handle(&sync, Event::Schedule(job), until.into_std(), &scope).await };
        // A schedule that fails is repeated by the next one.
        drop(invoke(&edge, SYNC.0, work).await);
    }
}

async fn poll<F: Future<Output = ()> + Send + 'static>(
    sim: Arc<Sim>,
    most: usize,
    queue: fn(&Sim) -> &crate::sqs::Sqs,
    invoke: fn(Arc<Sim>, Vec<SqsMessage>) -> F,
) {
    let running = Arc::new(AtomicUsize::new(0));
    loop {
        while running.load(Ordering::Relaxed) < most {
            let batch = queue(&sim).receive(&sim.dice, sim.now());
            if batch.is_empty() {
                break;
            }
            running.fetch_add(1, Ordering::Relaxed);
            let (sim, running) = (Arc::clone(&sim), Arc::clone(&running));
            tokio::spawn(async move {
                invoke(sim, batch).await;
                running.fetch_sub(1, Ordering::Relaxed);
            });
        }
        let is_near = queue(&sim).is_visible(sim.now() + POLLS[1]);
        sleep(if is_near { POLLS[0] } else { POLLS[1] }).await;
    }
}

/// What a function answers in its time. What was frozen goes on afterwards, and nobody listens.
async fn invoke<T: Send + 'static>(
    edge: &Edge,
    limit: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let mut work = tokio::spawn(work);
    match timeout(limit, &mut work).await {
        Ok(Ok(answer)) => return Some(answer),
        Ok(Err(_)) => _ = edge.sim.panics.fetch_add(1, Ordering::Relaxed),
        Err(_) if edge.life.was_frozen() => {}
        Err(_) => work.abort(),
    }
    None
}

fn edge(sim: &Arc<Sim>, scope: &str) -> Edge {
    Edge { sim: Arc::clone(sim), life: Life::begin(&sim.dice, scope, sim.clock) }
}

fn orders(edge: &Edge) -> Orders<World> {
    Orders::new(Ports {
        store: SimStore(edge.clone()),
        queue: SimQueue(edge.clone()),
        till: edge.sim.circuits.guard(SimTill(edge.clone()), Lane::Orders),
        platform: edge.sim.circuits.guard(SimPlatform(edge.clone()), Lane::Orders),
        tenants: SimTenants(edge.clone()),
        clock: edge.life.clock(),
    })
}

fn menus(edge: &Edge) -> Menus<MenuWorld> {
    Menus::new(MenuPorts {
        till: edge.sim.circuits.guard(SimTill(edge.clone()), Lane::Menus),
        platform: edge.sim.circuits.guard(SimPlatform(edge.clone()), Lane::Menus),
        store: SimMenuStore(edge.clone()),
        budget: SimBudget(edge.clone()),
        tenants: SimTenants(edge.clone()),
        clock: edge.life.clock(),
    })
}

fn metrics(function: &'static str) -> Metrics {
    Metrics::new(function, SystemClock, std::io::sink())
}

fn name_of(batch: &[SqsMessage]) -> String {
    batch.iter().filter_map(|message| message.receipt_handle.as_deref()).collect()
}

async fn consumer(sim: Arc<Sim>, batch: Vec<SqsMessage>) {
    let edge = edge(&sim, &name_of(&batch));
    let queue = SimBatchQueue { queue: SimQueue(edge.clone()), of: |sim| &sim.orders_queue };
    let function = Arc::new(Consumer { orders: orders(&edge), queue, metrics: metrics("consumer") });
    let ids: Vec<_> = batch.iter().filter_map(|message| message.message_id.clone()).collect();
    let until = Instant::now() + CONSUMER.0 - RESERVE;
    let work = async move { consume(&function, event(batch), until.into_std()).await };
    let answer = invoke(&edge, CONSUMER.0, work).await;
    conclude(&edge, &sim.orders_queue, ids, answer);
}

fn sync_function(sim: &Arc<Sim>, scope: &str) -> (Edge, Arc<Sync<World, MenuWorld, SimBatchQueue>>) {
    let edge = edge(sim, scope);
    let queue = SimBatchQueue { queue: SimQueue(edge.clone()), of: |sim| &sim.sync_queue };
    let sync = Sync { orders: orders(&edge), menus: menus(&edge), queue, metrics: metrics("sync") };
    (edge, Arc::new(sync))
}

async fn sync_batch(sim: Arc<Sim>, batch: Vec<SqsMessage>) {
    let scope = name_of(&batch);
    let (edge, sync) = sync_function(&sim, &scope);
    let ids: Vec<_> = batch.iter().filter_map(|message| message.message_id.clone()).collect();
    let until = Instant::now() + SYNC.0 - RESERVE;
    let work = async move { handle(&sync, Event::Queue(event(batch)), until.into_std(), &scope).await };
    let answer = match invoke(&edge, SYNC.0, work).await {
        Some(Ok(Answer::Queue(response))) => Some(response),
        _ => None,
    };
    conclude(&edge, &sim.sync_queue, ids, answer);
}

fn event(batch: Vec<SqsMessage>) -> SqsEvent {
    let mut event = SqsEvent::default();
    event.records = batch;
    event
}

/// The event source deletes what was done, if the function answered; what a dead one says is not heard.
fn conclude(edge: &Edge, queue: &crate::sqs::Sqs, ids: Vec<String>, answer: Option<SqsBatchResponse>) {
    let Some(answer) = answer.filter(|_| !edge.life.is_dead()) else { return };
    let failed = |id: &String| answer.batch_item_failures.iter().any(|failure| failure.item_identifier == *id);
    for id in ids.iter().filter(|id| !failed(id)) {
        queue.delete(&edge.sim.dice, id);
    }
}
