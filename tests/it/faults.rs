//! Faults of the till and of the queue, one order for each, on a restaurant whose calls count for nobody else.

use crate::{
    acts::{LATER, SOON, at_till, delivered, hide_received_for, join, margherita, place, polled, told, way_to_till},
    harness::alone_on_shop,
    history,
};
use ponte::shop::Shop;
use serde_json::json;
use simulator::{ActionOptions, FaultKind, FaultSpec, Party, PlaceOrder, TillAction, WebhookMode};
use std::time::Duration;

const CREATE: &str = "POST /documents/orders/batch";

fn at(restaurant: &str) -> PlaceOrder {
    PlaceOrder { restaurant: Some(restaurant.to_owned()), ..margherita() }
}

/// Orders under a fault and waits until the fault has hit.
async fn order_under(shop: &Shop, restaurant: &str, fault: FaultSpec) -> String {
    let kind = json!(fault.fault);
    shop.simulator.arm_fault(fault);
    let order = place(shop, at(restaurant)).await;
    let hit = || {
        let asked = shop.simulator.requests(Some(Party::Cic));
        let hit = |body: String| body.contains(&order);
        asked
            .iter()
            .any(|call| call.fault.as_ref().is_some_and(|fault| fault["fault"] == kind) && hit(call.body.to_string()))
            .then_some(())
    };
    shop.wait_for("the fault", SOON, hit).await.unwrap();
    order
}

#[test]
fn e02_e46_whatever_becomes_of_the_answer_to_a_creation_the_order_is_on_the_till_once() {
    alone_on_shop(async |shop| {
        let restaurant = join(shop, 41).await;
        let mut orders = Vec::new();
        for kind in [
            FaultKind::ErrorAfterCommit,
            FaultKind::ErrorBeforeCommit,
            FaultKind::Unavailable,
            FaultKind::RateLimited,
            FaultKind::TruncatedJson,
            FaultKind::OddShape,
            FaultKind::CloseBeforeCommit,
            FaultKind::Slow,
        ] {
            let fault = FaultSpec { delay_ms: Some(1_000), ..FaultSpec::new(CREATE, kind) };
            orders.push(order_under(shop, &restaurant, fault).await);
        }
        for order in &orders {
            delivered(shop, order, LATER).await;
        }
        history::assert_kept(&shop.simulator, &orders);
    });
}

#[test]
fn e44_e47_a_till_that_was_down_gets_every_order_once_it_is_back_and_an_expired_token_is_renewed() {
    alone_on_shop(async |shop| {
        let restaurant = join(shop, 42).await;
        let down = FaultSpec::new("* /**", FaultKind::Unavailable).times(u32::MAX);
        shop.simulator.arm_fault(FaultSpec { party: Some(Party::Cic), ..down });
        let mut orders = Vec::new();
        for _ in 0..3 {
            orders.push(place(shop, at(&restaurant)).await);
        }
        let pending =
            || orders.iter().all(|order| way_to_till(shop, order).as_deref() == Some("pending")).then_some(());
        shop.wait_for("staff to be told that it is tried", SOON, pending).await.unwrap();
        shop.simulator.clear_faults();
        shop.simulator.expire_tokens();
        for order in &orders {
            delivered(shop, order, LATER).await;
        }
        history::assert_kept(&shop.simulator, &orders);
    });
}

#[test]
fn e09_what_the_queue_hands_out_twice_while_it_is_worked_on_is_done_once() {
    alone_on_shop(async |shop| {
        let restaurant = join(shop, 43).await;
        hide_received_for(shop, Duration::from_secs(1)).await;
        let slow = FaultSpec { delay_ms: Some(4_000), ..FaultSpec::new(CREATE, FaultKind::Slow) };
        let order = order_under(shop, &restaurant, slow).await;
        let again = || {
            let log = shop.aws.log().ok()?;
            let mut lines = log.lines();
            lines.any(|line| line.contains(&order) && line.contains("\"receives\":2")).then_some(())
        };
        let handed_out_twice = shop.wait_for("the second reception", LATER, again).await;
        delivered(shop, &order, LATER).await;
        hide_received_for(shop, Duration::from_secs(360)).await;
        handed_out_twice.unwrap();
        history::assert_kept(&shop.simulator, &[order]);
    });
}

#[test]
fn e09_e10_webhooks_of_the_till_that_come_late_reversed_or_never_tell_the_customer_once() {
    alone_on_shop(async |shop| {
        let restaurant = join(shop, 44).await;
        let mut orders = Vec::new();
        for mode in [WebhookMode::Hold, WebhookMode::Lose] {
            let order = place(shop, at(&restaurant)).await;
            delivered(shop, &order, SOON).await;
            for action in [TillAction::Accept, TillAction::Ready, TillAction::Complete] {
                shop.simulator.till_action(&order, action, ActionOptions::webhook(mode)).await.unwrap();
            }
            orders.push(order);
        }
        shop.simulator.release_webhooks(true).await;
        told(shop, &orders[0], &["confirmed", "evaso"]).await;
        let over = || shop.simulator.order(&orders[1]).is_some_and(|order| order["status"] == "evaso");
        polled(shop, "what was never told", LATER, over).await;
        history::assert_kept(&shop.simulator, &orders);
    });
}

#[test]
fn e30_an_order_called_off_before_its_late_announcement_is_never_on_the_till() {
    alone_on_shop(async |shop| {
        let restaurant = join(shop, 45).await;
        let order = place(shop, PlaceOrder { webhook: Some(WebhookMode::Hold), ..at(&restaurant) }).await;
        let held = ActionOptions::webhook(WebhookMode::Hold);
        shop.simulator.cancel_order(&order, None, held).await.unwrap();
        shop.simulator.release_webhooks(true).await;
        let other = place(shop, at(&restaurant)).await;
        delivered(shop, &other, SOON).await;
        assert_eq!(at_till(shop, &order), 0);
        history::assert_kept(&shop.simulator, &[order, other]);
    });
}

#[test]
fn e61_a_message_that_an_older_deploy_has_left_on_the_queue_is_worked_on() {
    alone_on_shop(async |shop| {
        let restaurant = join(shop, 46).await;
        let order = place(shop, PlaceOrder { webhook: Some(WebhookMode::Lose), ..at(&restaurant) }).await;
        // As it was written before an attempt could be repeated against the staff's own entry.
        let body =
            json!({"v": 1, "tenant": restaurant, "correlation": "c", "sent_ms": 5, "type": "replay", "order": order});
        let queue = &shop.aws.outputs().orders_queue_url;
        let send = shop.clients.sqs.send_message().queue_url(queue).message_group_id(&restaurant);
        send.message_body(body.to_string()).send().await.unwrap();
        delivered(shop, &order, SOON).await;
        history::assert_kept(&shop.simulator, &[order]);
    });
}
