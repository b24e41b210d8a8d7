//! What tests of orders do again and again: order something, wait for what follows, see how often the till has it.

use ponte::shop::Shop;
use simulator::{Item, PlaceOrder, RestaurantSpec};
use std::time::{Duration, Instant};

/// Long enough for what happens at once.
pub(crate) const SOON: Duration = Duration::from_secs(30);
/// Long enough for what has to be tried again.
pub(crate) const LATER: Duration = Duration::from_secs(90);

/// How often a job of the scheduler is run while something is waited for: a minute of the real one.
const MINUTE: Duration = Duration::from_secs(2);

pub(crate) fn margherita() -> PlaceOrder {
    PlaceOrder {
        items: vec![Item::new("Margherita", 1)],
        restaurant: Some("rest-demo".into()),
        ..PlaceOrder::default()
    }
}

pub(crate) async fn place(shop: &Shop, order: PlaceOrder) -> String {
    let placed = shop.simulator.place_order(order).await.unwrap();
    placed.entity["id"].as_str().unwrap().to_owned()
}

/// Joins a restaurant with a key of its own, whose calls count for nobody else.
pub(crate) async fn join(shop: &Shop, number: u16) -> String {
    let demo = RestaurantSpec::demo();
    let spec = RestaurantSpec {
        plateform_token: demo.plateform_token,
        plateform_webhook_secret: demo.plateform_webhook_secret,
        ..RestaurantSpec::numbered(number)
    };
    shop.simulator.add_restaurant(spec.clone()).unwrap();
    shop.add(&shop.registry(), &spec).await.unwrap();
    spec.restaurant_id
}

/// What staff were last told of the order's way to the till.
pub(crate) fn way_to_till(shop: &Shop, order: &str) -> Option<String> {
    Some(shop.simulator.placed(order)?["till_history"].as_array()?.last()?["state"].as_str()?.to_owned())
}

pub(crate) async fn delivered(shop: &Shop, order: &str, longest: Duration) {
    let told = |state: &str| {
        let history = shop.simulator.placed(order)?["till_history"].as_array()?.clone();
        history.iter().any(|told| told["state"] == state).then_some(())
    };
    shop.wait_for("the delivery to the till", longest, || told("delivered")).await.unwrap();
}

pub(crate) fn statuses(shop: &Shop, order: &str) -> Vec<String> {
    let messages = shop.simulator.messages(order);
    messages.iter().map(|message| message["status"].as_str().unwrap().to_owned()).collect()
}

pub(crate) async fn told(shop: &Shop, order: &str, expected: &[&str]) {
    let look = || (statuses(shop, order) == expected).then_some(());
    let outcome = shop.wait_for("the customer's messages", LATER, look).await;
    assert!(outcome.is_ok(), "{order}: {:?} instead of {expected:?}", statuses(shop, order));
}

pub(crate) fn at_till(shop: &Shop, order: &str) -> usize {
    shop.simulator.till_orders().iter().filter(|till| till["entity"]["externalId"] == *order).count()
}

/// Runs the minute's job, as the scheduler does, until `look` finds what it looks for.
pub(crate) async fn polled(shop: &Shop, what: &str, longest: Duration, look: impl Fn() -> bool) {
    let deadline = Instant::now() + longest;
    while shop.wait_for(what, MINUTE, || look().then_some(())).await.is_err() {
        assert!(Instant::now() < deadline, "{what} did not happen within {} s", longest.as_secs());
        shop.run_job("reconcile").await.unwrap();
    }
}

/// For how long the orders queue hides what it has handed out; the template's time is six minutes.
pub(crate) async fn hide_received_for(shop: &Shop, time: Duration) {
    let queue = &shop.aws.outputs().orders_queue_url;
    let change = shop.clients.sqs.set_queue_attributes().queue_url(queue);
    change.attributes("VisibilityTimeout".into(), time.as_secs().to_string()).send().await.unwrap();
}
