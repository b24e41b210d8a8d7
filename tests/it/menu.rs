//! The menu through the real sync function, its queue and its tables, end to end; and customers the other way.

use crate::harness::alone_on_shop;
use app::{
    menu::MenuWorld,
    message::{SyncJob, SyncMessage},
    ports::{
        SyncQueue,
        menu::{MenuState, MenuStore},
    },
};
use aws_adapters::sqs::SqsSyncQueue;
use domain::TenantId;
use jiff::Timestamp;
use ponte::{operator::Target, shop::Shop, sync::LiveMenus};
use serde_json::{Value, json};
use simulator::{ActionOptions, MenuEdit, RestaurantSpec, Table, WebhookMode, demo_ids as ids};
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(60);

/// A restaurant of its own, with its own key and so its own calls of the till.
struct Restaurant<'a> {
    shop: &'a Shop,
    id: TenantId,
    menus: LiveMenus,
}

impl<'a> Restaurant<'a> {
    async fn open(shop: &'a Shop, number: u16) -> Self {
        let demo = RestaurantSpec::demo();
        let spec = RestaurantSpec {
            plateform_token: demo.plateform_token,
            plateform_webhook_secret: demo.plateform_webhook_secret,
            extra_products: 16,
            ..RestaurantSpec::numbered(number)
        };
        shop.simulator.add_restaurant(spec.clone()).unwrap();
        shop.add(&shop.registry().await.unwrap(), &spec).await.unwrap();
        let menus = ponte::sync::menus(&shop.operator(Target::default()).unwrap());
        Self { shop, id: TenantId::parse(&spec.restaurant_id).unwrap(), menus }
    }

    async fn state(&self) -> MenuState {
        self.menus.world().store().look(&self.id).await.unwrap().unwrap_or_default()
    }

    /// One cycle by the function, as the scheduler's job asks for it once it has been fanned out.
    async fn sync(&self) -> MenuState {
        let before = self.state().await;
        let queue = SqsSyncQueue::new(self.shop.clients.sqs.clone(), &self.shop.aws.outputs().sync_queue_url);
        let message = SyncMessage {
            tenant: self.id.clone(),
            correlation: "test".to_owned(),
            sent_ms: Timestamp::now().as_millisecond(),
            due_ms: 0,
            job: SyncJob::Sync,
        };
        queue.send(&[(message, Duration::ZERO)]).await.unwrap();
        let deadline = Instant::now() + SOON;
        loop {
            match self.state().await {
                state if state != before => return state,
                _ => assert!(Instant::now() < deadline, "the cycle does not end"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Changes a product at the till, or deletes it; its webhook is lost.
    async fn edit(&self, id: &str, patch: Option<Value>) {
        let restaurant = Some(self.id.to_string());
        let edit = MenuEdit { restaurant, webhook: Some(WebhookMode::Lose), ..MenuEdit::delete(Table::Products, id) };
        self.shop.simulator.edit_menu(MenuEdit { patch, ..edit }).await.unwrap();
    }

    fn menu(&self) -> Vec<Value> {
        self.shop.simulator.plateform_menu(Some(self.id.as_str())).unwrap()
    }

    fn dish(&self, id: &str) -> Value {
        let menu = self.menu();
        let dish = menu.iter().map(|entry| &entry["dish"]).find(|dish| dish["externalId"] == *id);
        dish.unwrap_or_else(|| panic!("{id} is not on the platform")).clone()
    }

    /// How the restaurant was last told that the integration stands, and with which sentence.
    fn told(&self) -> (String, String) {
        let told = self.shop.simulator.integration(self.id.as_str()).pop().unwrap();
        let text = |field: &str| told[field].as_str().unwrap_or_default().to_owned();
        (text("state"), text("message"))
    }
}

#[test]
fn s05_s08_s16_s20_s22_s23_e55_a_menu_arrives_follows_the_till_and_outlives_a_mistake() {
    alone_on_shop(async |shop| {
        let here = Restaurant::open(shop, 7).await;
        let first = here.sync().await;
        let dishes: Vec<_> = here.menu().into_iter().filter(|entry| entry["kind"] == "dish").collect();
        assert_eq!(dishes.len(), 23, "nine and sixteen, without the one with variants and the one by weight");
        let margherita = here.dish(ids::MARGHERITA);
        assert_eq!(margherita["prices"]["takeaway"], json!({"cents": 700, "orderable": true}));
        assert_eq!(margherita["prices"]["delivery"], json!({"cents": 800, "orderable": true}));
        assert_eq!(margherita["optionGroupExternalIds"].as_array().unwrap().len(), 2);
        assert_eq!(here.told().0, "active");

        let owned = json!({"labels": ["novità"], "allergens": ["latte"], "available": false, "frozen": true,
                           "ingredients": ["pomodoro"], "translations": {"en": {"name": "Margherita pizza"}}});
        shop.simulator.edit_plateform_menu(Some(here.id.as_str()), "dish", ids::MARGHERITA, None, &owned).unwrap();
        let prices =
            json!([{"idSalesMode": ids::TAKEAWAY, "value": 7.2}, {"idSalesMode": ids::DELIVERY, "value": 8.2}]);
        here.edit(ids::MARGHERITA, Some(json!({"prices": prices}))).await;
        let delta = here.sync().await;
        assert_eq!(delta.whole_pass_ms, first.whole_pass_ms, "a changed price is read without everything else");
        assert_eq!(here.dish(ids::MARGHERITA)["prices"]["delivery"]["cents"], 820);

        here.edit(ids::DIAVOLA, None).await;
        let deletion = here.sync().await;
        assert!(deletion.whole_pass_ms > first.whole_pass_ms, "a deletion leaves no trace in what has changed");
        assert_eq!(here.dish(ids::DIAVOLA)["deactivated"], true);

        let good = here.menu();
        let rows = shop.simulator.till_rows(Some(here.id.as_str()), Table::Products).unwrap();
        let lost: Vec<_> = rows.into_iter().rev().take(10).collect();
        for row in &lost {
            here.edit(row["id"].as_str().unwrap(), None).await;
        }
        assert!(here.sync().await.held_back);
        assert_eq!(here.menu(), good, "the last good menu stays");
        let (state, sentence) = here.told();
        assert_eq!(state, "degraded");
        assert!(sentence.starts_with("Troppi piatti sparirebbero insieme (10 cancellati)"), "{sentence}");

        for row in lost {
            let id = row["id"].as_str().unwrap().to_owned();
            here.edit(&id, Some(row)).await;
        }
        assert!(!here.sync().await.held_back);
        assert_eq!((here.menu(), here.told().0.as_str()), (good, "active"));
        let margherita = here.dish(ids::MARGHERITA);
        for (field, value) in owned.as_object().unwrap() {
            assert_eq!(&margherita[field], value, "{field}");
        }
    });
}

#[test]
fn s71_a_customer_changed_on_the_platform_is_a_customer_of_the_till() {
    alone_on_shop(async |shop| {
        let here = Restaurant::open(shop, 8).await;
        let change = async |email: &str| {
            let customer = json!({"id": "customer-8", "firstName": "Nome", "lastName": "Prova", "email": email,
                                  "phone": "+390000000008"});
            let lost = ActionOptions::webhook(WebhookMode::Lose);
            shop.simulator.change_customer(here.id.as_str(), customer, lost).await.unwrap();
            here.sync().await;
            let rows = shop.simulator.till_rows(Some(here.id.as_str()), Table::Customers).unwrap();
            rows.into_iter().filter(|row| row["externalId"] == "customer-8").collect::<Vec<_>>()
        };
        let rows = change("nome@example.test").await;
        assert_eq!((rows.len(), &rows[0]["email"]), (1, &json!("nome@example.test")));
        let rows = change("nuovo@example.test").await;
        assert_eq!((rows.len(), &rows[0]["email"]), (1, &json!("nuovo@example.test")), "changed, not doubled");
        assert_eq!(rows[0]["name"], "Nome Prova");
    });
}
