//! Functions killed in the middle of their work, as a crash or a lost machine does it: without a last word.
//!
//! The moment is made by the party that is being called: it has seen the request and does not answer. What was under
//! way comes back by its lease, which is why one test goes through all moments and waits once.

use crate::{
    acts::{
        LATER, SOON, at_till, delivered, hide_received_for, margherita, place, polled, statuses, told, way_to_till,
    },
    harness::on_shop_of_its_own,
    history,
};
use aws_sdk_sqs::types::QueueAttributeName;
use ponte::shop::Shop;
use simulator::{FaultKind, FaultSpec, Party, PlaceOrder, RecordedRequest};
use std::time::Duration;

const CREATE: &str = "POST /documents/orders/batch";
const STATUS: &str = "POST /restaurants/*/orders/*/status";

/// Longer than a lease: an invocation's minute and its margin.
const LEASED: Duration = Duration::from_secs(120);

/// The template's time, and one that is over while a lease still runs.
const HIDDEN: Duration = Duration::from_secs(360);
const HIDDEN_SHORTLY: Duration = Duration::from_secs(5);

/// Waits until this party has been asked so, and has not answered.
async fn unanswered(shop: &Shop, party: Party, is_meant: impl Fn(&RecordedRequest) -> bool) {
    let look = || {
        let asked = shop.simulator.requests(Some(party));
        asked.iter().any(|request| request.status.is_none() && is_meant(request)).then_some(())
    };
    shop.wait_for("a request without an answer", SOON, look).await.unwrap();
}

async fn creation_under_way(shop: &Shop, order: &str) {
    let is_meant = |request: &RecordedRequest| {
        request.path == "/documents/orders/batch" && request.body.to_string().contains(order)
    };
    unanswered(shop, Party::Cic, is_meant).await;
}

async fn status_under_way(shop: &Shop, order: &str) {
    let path = format!("/orders/{order}/status");
    unanswered(shop, Party::Plateform, |request| request.path.ends_with(&path)).await;
}

fn kill(shop: &Shop, function: &str) {
    assert!(shop.aws.kill(function).unwrap() > 0, "{function} ran");
}

/// A creation that meets this fault, and nobody who waits for its answer.
async fn killed_in_creation(shop: &Shop, fault: FaultSpec) -> String {
    shop.simulator.arm_fault(fault);
    let order = place(shop, margherita()).await;
    creation_under_way(shop, &order).await;
    kill(shop, &shop.aws.outputs().consumer_function);
    order
}

/// A status on its way to the platform that meets this fault, and nobody who waits for its answer.
async fn killed_in_status(shop: &Shop, kind: FaultKind) -> String {
    let order = place(shop, margherita()).await;
    delivered(shop, &order, SOON).await;
    shop.simulator.arm_fault(FaultSpec::new(STATUS, kind));
    shop.simulator.accept(&order).await.unwrap();
    status_under_way(shop, &order).await;
    kill(shop, &shop.aws.outputs().consumer_function);
    order
}

/// Six orders in one batch: three are on the till, two wait for its answer, the last waits though the till has it.
async fn killed_in_a_batch(shop: &Shop) -> Vec<String> {
    hide_received_for(shop, HIDDEN_SHORTLY).await;
    let killed_before = handed_out(shop).await;
    shop.aws.consume_orders(false).await.unwrap();
    let mut orders = Vec::new();
    for _ in 0..6 {
        orders.push(place(shop, margherita()).await);
    }
    shop.simulator.arm_fault(FaultSpec { skip: 3, ..FaultSpec::new(CREATE, FaultKind::TimeoutAfterCommit) });
    shop.simulator.arm_fault(FaultSpec::new(CREATE, FaultKind::TimeoutBeforeCommit).times(2));
    shop.aws.consume_orders(true).await.unwrap();
    let done = || orders.iter().filter(|order| way_to_till(shop, order).as_deref() == Some("delivered")).count();
    let on_till = || orders.iter().filter(|order| at_till(shop, order) == 1).count();
    let stuck = || (on_till() == 4 && done() == 3).then_some(());
    shop.wait_for("half a batch", SOON, stuck).await.unwrap();
    assert_eq!(handed_out(shop).await, killed_before + 6, "one batch, of which nothing is answered yet");
    kill(shop, &shop.aws.outputs().consumer_function);
    assert_eq!((on_till(), done()), (4, 3));
    orders
}

/// How many messages of the orders queue somebody works on, or did until it was killed.
async fn handed_out(shop: &Shop) -> usize {
    let (name, queue) =
        (QueueAttributeName::ApproximateNumberOfMessagesNotVisible, &shop.aws.outputs().orders_queue_url);
    let answer = shop.clients.sqs.get_queue_attributes().queue_url(queue).attribute_names(name.clone());
    let answer = answer.send().await.unwrap();
    answer.attributes().and_then(|all| all.get(&name)).unwrap().parse().unwrap()
}

#[test]
fn e01_e02_e48_e61_a_function_killed_at_any_moment_loses_and_doubles_nothing() {
    on_shop_of_its_own(async |shop| {
        let slow = FaultSpec { delay_ms: Some(2_000), ..FaultSpec::new(CREATE, FaultKind::Slow) };
        let before = killed_in_creation(shop, FaultSpec::new(CREATE, FaultKind::TimeoutBeforeCommit)).await;
        let on_its_way = killed_in_creation(shop, slow).await;
        assert_eq!((at_till(shop, &before), at_till(shop, &on_its_way)), (0, 0));
        let after = killed_in_creation(shop, FaultSpec::new(CREATE, FaultKind::TimeoutAfterCommit)).await;
        assert_eq!(at_till(shop, &after), 1);
        let not_told = killed_in_status(shop, FaultKind::TimeoutBeforeCommit).await;
        assert_eq!(statuses(shop, &not_told), [""; 0]);
        let told_already = killed_in_status(shop, FaultKind::TimeoutAfterCommit).await;
        assert_eq!(statuses(shop, &told_already), ["confirmed"]);
        let batch = killed_in_a_batch(shop).await;
        let landed = || (at_till(shop, &on_its_way) == 1).then_some(());
        shop.wait_for("what was on its way", SOON, landed).await.unwrap();

        let accepted = [not_told, told_already];
        let created = [[before, on_its_way, after].as_slice(), &batch].concat();
        let on_till = |order: &String| way_to_till(shop, order).as_deref() == Some("delivered");
        polled(shop, "every creation", LEASED, || created.iter().all(on_till)).await;
        polled(shop, "every confirmation", LEASED, || {
            accepted.iter().all(|order| statuses(shop, order) == ["confirmed"])
        })
        .await;
        for order in &created {
            shop.simulator.accept(order).await.unwrap();
        }
        let all = [created, accepted.to_vec()].concat();
        for order in &all {
            told(shop, order, &["confirmed"]).await;
            shop.simulator.complete(order).await.unwrap();
        }
        for order in &all {
            told(shop, order, &["confirmed", "evaso"]).await;
        }
        hide_received_for(shop, HIDDEN).await;
        history::assert_kept(&shop.simulator, &all);
    });
}

#[test]
fn e10_an_announcement_that_meets_a_killed_webhook_is_sent_again_by_its_sender_or_found() {
    on_shop_of_its_own(async |shop| {
        let mut orders = Vec::new();
        for _ in 0..8 {
            orders.push(place(shop, PlaceOrder { wait: false, ..margherita() }).await);
            shop.aws.kill(&shop.aws.outputs().webhook_function).unwrap();
        }
        shop.simulator.settle().await;
        shop.run_job("sync").await.unwrap();
        for order in &orders {
            delivered(shop, order, LATER).await;
        }
        history::assert_kept(&shop.simulator, &orders);
    });
}
