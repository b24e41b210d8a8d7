//! A bad evening: sixty orders while webhooks are lost, doubled, late and reordered, both parties fail in every way that
//! they can, the queue hands out what is still worked on, and functions are killed. One seed, so that the trouble is
//! the same every time; which order meets it is the machine's choice.

use crate::{
    acts::{hide_received_for, margherita, place, polled, way_to_till},
    harness::on_shop_of_its_own,
    history,
};
use ponte::shop::Shop;
use serde_json::json;
use simulator::{ActionOptions, FaultKind, FaultSpec, Item, Party, PlaceOrder, TillAction, WebhookMode};
use std::time::Duration;

const ORDERS: usize = 60;
const SEED: u64 = 20_261_124;

/// The orders at whose creation the consumer is killed.
const KILLED_IN_CREATION: [usize; 3] = [14, 29, 44];

/// Longer than a lease, the waits of what failed before it, and those of a party that is left alone for a while.
const EVENING: Duration = Duration::from_secs(480);

/// What goes wrong with one call, and with which.
const TROUBLE: [(&str, FaultKind); 14] = [
    ("POST /documents/orders/batch", FaultKind::ErrorAfterCommit),
    ("PUT /restaurants/*/orders/*/till", FaultKind::CloseAfterCommit),
    ("POST /documents/orders/batch", FaultKind::TruncatedJson),
    ("GET /products", FaultKind::RateLimited),
    ("POST /documents/orders/batch", FaultKind::Slow),
    ("POST /restaurants/*/orders/*/status", FaultKind::ErrorAfterCommit),
    ("POST /documents/orders/batch", FaultKind::ErrorBeforeCommit),
    ("PUT /restaurants/*/orders/*/till", FaultKind::RateLimited),
    ("POST /documents/orders/batch", FaultKind::Unavailable),
    ("POST /restaurants/*/orders/*/status", FaultKind::CloseAfterCommit),
    ("POST /documents/orders/batch", FaultKind::OddShape),
    ("GET /documents/orders", FaultKind::TruncatedJson),
    ("POST /documents/orders/batch", FaultKind::CloseBeforeCommit),
    ("POST /restaurants/*/orders/*/status", FaultKind::Unavailable),
];

/// Numbers that look drawn and are the same every time (xorshift).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        for (left, by) in [(true, 13), (false, 7), (true, 17)] {
            self.0 ^= if left { self.0 << by } else { self.0 >> by };
        }
        self.0 % sides
    }

    fn webhook(&mut self) -> WebhookMode {
        [WebhookMode::Send, WebhookMode::Duplicate, WebhookMode::Hold, WebhookMode::Lose][self.throw(4) as usize]
    }

    fn order(&mut self) -> PlaceOrder {
        let delivery = self.throw(2) == 0;
        let quantity = 1 + self.throw(4) as u32;
        PlaceOrder {
            items: vec![Item::new("Margherita", quantity).option("Speck"), Item::new("Acqua naturale", 1)],
            service: if delivery { "delivery".into() } else { "takeaway".into() },
            payment: if self.throw(3) == 0 { "online".into() } else { "onSite".into() },
            discounts: vec![json!({"name": "Coupon", "amountCents": self.throw(300)})],
            webhook: Some(self.webhook()),
            ..margherita()
        }
    }
}

/// What the till makes of an order, and where the platform ends with it.
fn story(number: usize) -> (Vec<TillAction>, &'static str) {
    match number % 3 {
        0 => (vec![TillAction::Accept, TillAction::State("COMPLETED".into())], "evaso"),
        1 => (vec![TillAction::Refuse(Some("Cucina al completo".into()))], "rejected"),
        _ => (vec![TillAction::Accept, TillAction::Cancel], "rejected"),
    }
}

fn kill_consumer(shop: &Shop) -> usize {
    shop.aws.kill(&shop.aws.outputs().consumer_function).unwrap()
}

fn break_something(shop: &Shop, number: usize) {
    let (endpoint, kind) = TROUBLE[number % TROUBLE.len()];
    shop.simulator.arm_fault(FaultSpec { delay_ms: Some(1_500), ..FaultSpec::new(endpoint, kind) });
}

async fn customers_order(shop: &Shop, dice: &mut Dice) -> Vec<String> {
    let mut orders = Vec::new();
    for number in 0..ORDERS {
        let order = dice.order();
        if KILLED_IN_CREATION.contains(&number) {
            orders.push(killed_in_creation(shop, order).await);
            continue;
        }
        break_something(shop, number);
        orders.push(place(shop, order).await);
        match number {
            20 => drop(shop.aws.kill(&shop.aws.outputs().webhook_function).unwrap()),
            35 => shop.simulator.expire_tokens(),
            40 => {
                let down = FaultSpec::new("* /**", FaultKind::Unavailable).times(25);
                shop.simulator.arm_fault(FaultSpec { party: Some(Party::Cic), ..down });
            }
            _ => {}
        }
    }
    shop.simulator.release_webhooks(true).await;
    orders
}

/// Orders and kills the consumer while the till is at this order; whatever else was under way dies with it.
async fn killed_in_creation(shop: &Shop, order: PlaceOrder) -> String {
    shop.simulator.clear_faults();
    let slow = FaultSpec::new("POST /documents/orders/batch", FaultKind::Slow).times(10);
    shop.simulator.arm_fault(FaultSpec { delay_ms: Some(1_500), ..slow });
    let order = place(shop, PlaceOrder { webhook: Some(WebhookMode::Duplicate), ..order }).await;
    let under_way = || {
        let asked = shop.simulator.requests(Some(Party::Cic));
        asked.iter().any(|call| call.status.is_none() && call.body.to_string().contains(&order)).then_some(())
    };
    // The till may be left alone just now, for what was wrong with it before.
    shop.wait_for("the creation", EVENING, under_way).await.unwrap();
    assert!(kill_consumer(shop) > 0);
    shop.simulator.clear_faults();
    order
}

/// Staff do one thing to every order that has so much to come.
async fn staff_act(shop: &Shop, orders: &[String], act: usize, dice: &mut Dice) {
    for (number, order) in orders.iter().enumerate() {
        let Some(action) = story(number).0.get(act).cloned() else { continue };
        break_something(shop, number);
        let options = ActionOptions { force: true, wait: false, ..ActionOptions::webhook(dice.webhook()) };
        let completes = action == TillAction::State("COMPLETED".into());
        shop.simulator.till_action(order, action, options.clone()).await.unwrap();
        if completes && shop.simulator.order(order).unwrap()["payment"]["method"] == "online" {
            shop.simulator.issue_receipt(order, options).await.unwrap();
        }
        if number == ORDERS / 2 {
            kill_consumer(shop);
        }
    }
    shop.simulator.release_webhooks(true).await;
}

#[test]
fn e02_e09_e10_e44_e47_sixty_orders_of_a_bad_evening_are_each_on_the_till_once_and_told_once() {
    on_shop_of_its_own(async |shop| {
        // An evening in a minute: the till's calls of ten minutes would not be enough for it.
        shop.simulator.configure(&json!({"till": {"rate_limit": 10_000}})).unwrap();
        hide_received_for(shop, Duration::from_secs(15)).await;
        let mut dice = Dice(SEED);
        let orders = customers_order(shop, &mut dice).await;
        shop.run_job("sync").await.unwrap();
        let on_till = |order: &String| way_to_till(shop, order).as_deref() == Some("delivered");
        polled(shop, "every order on the till", EVENING, || orders.iter().all(on_till)).await;
        for act in 0..2 {
            staff_act(shop, &orders, act, &mut dice).await;
        }
        let at_its_end = |(number, order): (usize, &String)| {
            shop.simulator.order(order).is_some_and(|placed| placed["status"] == story(number).1)
        };
        polled(shop, "the end of every order", EVENING, || orders.iter().enumerate().all(at_its_end)).await;
        history::assert_kept(&shop.simulator, &orders);
    });
}
