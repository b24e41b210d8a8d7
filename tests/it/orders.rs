//! Orders through the real functions, queues and tables, end to end.

use crate::{
    acts::{LATER, SOON, at_till, delivered, margherita, place, told},
    harness::{alone_on_shop, on_shop},
};
use serde_json::{Value, json};
use simulator::{ActionOptions, FaultKind, FaultSpec, Item, PlaceOrder, RestaurantSpec, TillAction, WebhookMode};
use std::collections::BTreeSet;

#[test]
fn the_demo_plays_every_story_to_its_end() {
    alone_on_shop(async |shop| {
        let mut out = Vec::new();
        let result = ponte::demo::play(shop, &mut out).await.unwrap();
        assert_eq!(result, (12, 0), "{}", String::from_utf8_lossy(&out));
    });
}

#[test]
fn e04_e09_forty_orders_at_once_with_doubled_webhooks_are_on_the_till_once_each() {
    on_shop(async |shop| {
        let mut orders = BTreeSet::new();
        for _ in 0..40 {
            let order = PlaceOrder { webhook: Some(WebhookMode::Duplicate), wait: false, ..margherita() };
            orders.insert(place(shop, order).await);
        }
        for order in &orders {
            delivered(shop, order, LATER).await;
        }
        for order in &orders {
            let twice = ActionOptions::webhook(WebhookMode::Duplicate);
            shop.simulator.till_action(order, TillAction::Accept, twice).await.unwrap();
        }
        for order in &orders {
            told(shop, order, &["confirmed"]).await;
            assert_eq!(at_till(shop, order), 1);
        }
    });
}

#[test]
fn e02_a_creation_whose_answer_is_lost_on_the_wire_is_read_back_and_not_doubled() {
    alone_on_shop(async |shop| {
        shop.simulator.arm_fault(FaultSpec::new("POST /documents/orders/batch", FaultKind::CloseAfterCommit));
        let order = place(shop, margherita()).await;
        delivered(shop, &order, LATER).await;
        let sent = shop.simulator.requests(Some(simulator::Party::Cic));
        let creations = sent.iter().filter(|request| {
            request.path.ends_with("/documents/orders/batch") && request.body.to_string().contains(&order)
        });
        assert_eq!((creations.count(), at_till(shop, &order)), (1, 1));
    });
}

#[test]
fn e01_the_till_accepts_before_its_answer_to_the_creation_arrives() {
    alone_on_shop(async |shop| {
        let eager = json!({"till": {"auto_accept": true, "webhooks_before_answer": true, "order_create_echo": true}});
        shop.simulator.configure(&eager).unwrap();
        let order = place(shop, margherita()).await;
        told(shop, &order, &["confirmed"]).await;
        let calm = json!({"till": {"auto_accept": false, "webhooks_before_answer": false, "order_create_echo": false}});
        shop.simulator.configure(&calm).unwrap();
        assert_eq!(at_till(shop, &order), 1);
    });
}

#[test]
fn e10_an_order_whose_announcement_is_lost_is_found_by_the_five_minute_cycle() {
    on_shop(async |shop| {
        let order = place(shop, PlaceOrder { webhook: Some(WebhookMode::Lose), ..margherita() }).await;
        shop.run_job("sync").await.unwrap();
        delivered(shop, &order, SOON).await;
        assert_eq!(at_till(shop, &order), 1);
    });
}

#[test]
fn e48_a_record_that_is_no_message_ends_in_the_dead_letter_queue_and_touches_no_neighbour() {
    on_shop(async |shop| {
        let outputs = shop.aws.outputs();
        let send = shop.clients.sqs.send_message().queue_url(&outputs.orders_queue_url);
        send.message_body("questo non è un messaggio").message_group_id("rest-demo").send().await.unwrap();
        let order = place(shop, margherita()).await;
        delivered(shop, &order, SOON).await;
        for _ in 0..60 {
            let receive = shop.clients.sqs.receive_message().queue_url(&outputs.orders_dead_letter_queue_url);
            let received = receive.wait_time_seconds(2).send().await.unwrap();
            if let Some(message) = received.messages().first() {
                assert_eq!(message.body(), Some("questo non è un messaggio"));
                return;
            }
        }
        panic!("nothing in the dead-letter queue");
    });
}

#[test]
fn e35_e36_two_restaurants_on_one_key_never_see_each_other_s_orders_and_each_sales_point_is_joined_once() {
    on_shop(async |shop| {
        let demo = RestaurantSpec::demo();
        let other = RestaurantSpec {
            plateform_token: demo.plateform_token,
            plateform_webhook_secret: demo.plateform_webhook_secret,
            ..RestaurantSpec::numbered(2)
        };
        shop.simulator.add_restaurant(other.clone()).unwrap();
        shop.add(&shop.registry(), &other).await.unwrap();
        let order = PlaceOrder { restaurant: Some(other.restaurant_id.clone()), ..margherita() };
        let order = place(shop, order).await;
        delivered(shop, &order, SOON).await;
        let entity = shop.simulator.till_order(&order).unwrap();
        assert_eq!(entity["entity"]["document"]["idSalesPoint"], other.sales_point_id);
        let again = shop.add(&shop.registry(), &other).await.unwrap_err();
        assert!(format!("{again:#}").contains("is joined already"), "{again:#}");
    });
}

#[test]
fn s30_s54_what_arrives_at_the_till_is_what_the_customer_ordered_to_the_cent() {
    on_shop(async |shop| {
        let order = PlaceOrder {
            service: "delivery".into(),
            payment: "online".into(),
            items: vec![Item::new("Margherita", 3).option("Speck"), Item::new("Acqua naturale", 2)],
            fees: vec![json!({"kind": "delivery", "name": "Consegna", "amountCents": 250})],
            discounts: vec![json!({"name": "Coupon", "amountCents": 101})],
            notes: Some("ALLERGIA: arachidi".into()),
            ..margherita()
        };
        let order = place(shop, order).await;
        delivered(shop, &order, SOON).await;
        let placed = shop.simulator.order(&order).unwrap();
        let sent: Value = shop.simulator.till_order(&order).unwrap()["received"].clone();
        assert_eq!(sent["deliveryMode"], "DELIVERY");
        assert_eq!(sent["document"]["amount"].to_string(), cents(&placed["totalCents"]));
        let note = sent["document"]["note"].as_str().unwrap();
        assert!(note.starts_with("!! ALLERGIA !! ALLERGIA: arachidi | PAGATO ONLINE"), "{note}");
        let rows = sent["document"]["rows"].as_array().unwrap();
        assert!(
            rows.iter()
                .all(|row| row["idSalesMode"] == simulator::demo_ids::DELIVERY && row["idDepartment"].is_string())
        );
        assert_eq!(rows.iter().filter(|row| row["shippingCost"] == true).count(), 1);
        assert!(rows[0]["note"].as_str().unwrap().contains("+ Speck"));
    });
}

/// Cents as the shortest JSON number of euro.
fn cents(total: &Value) -> String {
    let total = total.as_i64().unwrap();
    let text = format!("{}.{:02}", total / 100, total % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[test]
fn e62_neither_secrets_nor_personal_data_of_an_order_reach_a_log() {
    on_shop(async |shop| {
        let canary = "canarino";
        let customer = json!({"id": "customer-canarino", "firstName": "Nome-canarino", "lastName": "Cognome-canarino",
                              "email": "canarino@example.test", "phone": "+390000000077"});
        let order = PlaceOrder {
            customer: Some(customer),
            notes: Some("nota-canarino".into()),
            service: "delivery".into(),
            delivery: Some(
                json!({"street": "Via canarino 1", "city": "Torino", "postalCode": "10100", "province": "TO", "country": "IT"}),
            ),
            ..margherita()
        };
        let order = place(shop, order).await;
        delivered(shop, &order, SOON).await;
        shop.simulator.refuse(&order, "motivo-canarino").await.unwrap();
        told(shop, &order, &["rejected"]).await;
        let log = shop.aws.log().unwrap();
        assert!(log.contains(&order), "the functions' logs are looked at");
        let demo = RestaurantSpec::demo();
        let mut secrets = demo.all_till_secrets();
        secrets.extend([demo.api_key, demo.plateform_token, demo.plateform_webhook_secret]);
        let leaks: Vec<_> = secrets.into_iter().filter(|secret| log.contains(secret)).collect();
        assert!(leaks.is_empty(), "{leaks:?}");
        let lines: Vec<_> = log.lines().filter(|line| line.contains(canary) || line.contains("0000000077")).collect();
        assert!(lines.is_empty(), "{lines:#?}");
    });
}
