//! The commands on a local AWS without functions, and the simulator's till and platform.

use super::*;
use crate::{
    local::{REGION, ministack::MiniStack, workspace::Workspace},
    operator::Target,
};
use app::ports::{Freshness, OrderKey, OrderStore as _, Platform as _, SystemClock, Tenants as _};
use aws_adapters::{
    config::{OperatorConfig, SyncConfig, TenantsConfig},
    dynamodb_registry::Form,
    dynamodb_tenants::DynamoTenants,
    sdk::Aws,
};
use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use clap::Parser;
use domain::{
    OrderId, TenantId,
    lifecycle::{Body, OrderState, Phase},
    tenant::Activity,
};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use simulator::{Item, PlaceOrder, RestaurantSpec, Simulator, SimulatorConfig};
use std::path::PathBuf;

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: TenantCommand,
}

/// Two restaurants on one API key, neither joined, and who operates them.
struct Desk {
    operator: Operator,
    simulator: Simulator,
    files: PathBuf,
    _aws: MiniStack,
}

impl Desk {
    async fn open() -> Self {
        let aws = MiniStack::start(&Workspace::find().unwrap()).await.unwrap();
        let demo = RestaurantSpec::demo();
        let second =
            RestaurantSpec { restaurant_id: "rest-2".into(), sales_point_id: 90102, ..RestaurantSpec::default() };
        let restaurants = vec![demo.clone(), second];
        let simulator = Simulator::start(SimulatorConfig { restaurants, ..SimulatorConfig::default() }).unwrap();
        let clients = Aws::local(aws.endpoint(), REGION);
        let config = config(&clients, &simulator).await;
        let operator = Operator::new(clients, config, Target { yes: true, ..Target::default() }).unwrap();
        let secrets = [SecretString::from(demo.plateform_webhook_secret)];
        registry(&operator).add_platform(&demo.plateform_token.into(), &secrets).await.unwrap();
        let files = std::env::temp_dir()
            .join(format!("ponte-desk-{}", aws.endpoint().replace(|c: char| !c.is_ascii_digit(), "")));
        std::fs::create_dir_all(&files).unwrap();
        for (name, text) in [("key", demo.api_key.as_str()), ("hook", "hook-one\n"), ("hook2", "hook-two")] {
            std::fs::write(files.join(name), text).unwrap();
        }
        Self { operator, simulator, files, _aws: aws }
    }

    /// Says a command, `@name` standing for a file; what it answers is the error, or nothing.
    async fn say(&self, line: &str) -> Result<(), String> {
        let words = line.split(' ').map(|word| match word.strip_prefix('@') {
            Some(file) => self.files.join(file).display().to_string(),
            None => word.to_owned(),
        });
        let line = Line::try_parse_from(std::iter::once("tenant".to_owned()).chain(words)).unwrap();
        let code = run(&self.operator, line.command).await.map_err(|error| format!("{error:#}"))?;
        match format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS) {
            true => Ok(()),
            false => Err("said, and not done".to_owned()),
        }
    }

    /// What the functions read.
    async fn access(&self, id: &str) -> Option<(Activity, Vec<String>)> {
        let tenants = &self.operator.config.sync.tenants;
        let secrets = Secrets::new(self.operator.aws.kms.clone(), tenants.secrets_key_id.clone(), false);
        let tenants = DynamoTenants::new(self.operator.aws.dynamodb.clone(), &tenants.table, secrets, SystemClock);
        let access = tenants.tenant(&TenantId::parse(id).unwrap(), Freshness::Reload).await.unwrap()?;
        let hooks = access.webhook_secrets.iter().map(|secret| secret.expose_secret().to_owned());
        Some((access.tenant.activity, hooks.collect()))
    }

    /// The last state that the restaurant was told.
    fn told(&self, id: &str) -> String {
        let told: Vec<Value> = self.simulator.integration(id);
        told.last().map(|told| told["state"].as_str().unwrap_or_default().to_owned()).unwrap_or_default()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.files);
    }
}

async fn config(clients: &Aws, simulator: &Simulator) -> OperatorConfig {
    for (table, keys) in [
        ("tenants", vec![("tenant_id", KeyType::Hash)]),
        ("state", vec![("pk", KeyType::Hash), ("sk", KeyType::Range)]),
    ] {
        let mut create = clients.dynamodb.create_table().table_name(table).billing_mode(BillingMode::PayPerRequest);
        for (key, kind) in keys {
            let attribute = AttributeDefinition::builder().attribute_name(key).attribute_type(ScalarAttributeType::S);
            let schema = KeySchemaElement::builder().attribute_name(key).key_type(kind);
            create = create.attribute_definitions(attribute.build().unwrap()).key_schema(schema.build().unwrap());
        }
        create.send().await.unwrap();
    }
    let queue = clients.sqs.create_queue().queue_name("any").send().await.unwrap().queue_url.unwrap();
    let key = clients.kms.create_key().send().await.unwrap().key_metadata.unwrap().key_id;
    let sync = SyncConfig {
        tenants: TenantsConfig { table: "tenants".into(), secrets_key_id: Some(key), allow_plaintext: false },
        state_table: "state".into(),
        orders_queue_url: queue.clone(),
        sync_queue_url: queue.clone(),
        cic_base_url: simulator.cic_url(),
        plateform_base_url: simulator.plateform_url(),
    };
    OperatorConfig {
        sync,
        orders_dead_letter_queue_url: queue.clone(),
        sync_dead_letter_queue_url: queue,
        api_url: "https://api.example.test".into(),
    }
}

#[tokio::test]
async fn s46_s50_s51_e36_a_restaurant_is_joined_changed_paused_and_removed() {
    let desk = Desk::open().await;
    let several = desk.say("add rest-demo --api-key-file @key --webhook-secret-file @hook").await.unwrap_err();
    assert!(several.contains("say --sales-point NUMBER"), "{several}");
    let missing = desk.say("add rest-demo --api-key-file @key --sales-point 90101").await.unwrap_err();
    assert!(missing.contains("--webhook-secret-file; nothing was written"), "{missing}");
    assert_eq!(desk.access("rest-demo").await, None, "nothing is half written");

    desk.say("add rest-demo --api-key-file @key --sales-point 90101 --webhook-secret-file @hook").await.unwrap();
    assert_eq!(desk.access("rest-demo").await, Some((Activity::Active, vec!["hook-one".to_owned()])));
    assert_eq!(desk.told("rest-demo"), "active");
    let forms = registry(&desk.operator).get("rest-demo").await.unwrap().forms();
    assert_eq!((forms.api_key, forms.webhook_secrets), (Some(Form::Sealed), vec![Form::Sealed]));
    let twice = desk.say("add rest-2 --api-key-file @key --sales-point 90101 --webhook-secret-file @hook").await;
    assert!(twice.unwrap_err().contains("sales point 90101 is joined to rest-demo already"));

    desk.say("rotate-secret rest-demo --webhook-secret-file @hook2").await.unwrap();
    desk.say("pause rest-demo").await.unwrap();
    let both = vec!["hook-two".to_owned(), "hook-one".to_owned()];
    assert_eq!(
        (desk.access("rest-demo").await, desk.told("rest-demo")),
        (Some((Activity::Paused, both)), "paused".into())
    );
    desk.say("resume rest-demo").await.unwrap();
    desk.say("rotate-secret rest-demo --webhook-secret-file @hook2 --drop-old").await.unwrap();
    let one = vec!["hook-two".to_owned()];
    assert_eq!(
        (desk.access("rest-demo").await, desk.told("rest-demo")),
        (Some((Activity::Active, one)), "active".into())
    );

    desk.say("set rest-demo cic.sales_point_id=90102").await.unwrap();
    desk.say("add rest-2 --api-key-file @key --sales-point 90101 --webhook-secret-file @hook").await.unwrap();
    desk.say("remove rest-demo").await.unwrap();
    assert_eq!((desk.access("rest-demo").await, desk.told("rest-demo")), (None, "paused".into()));
    desk.say("set rest-2 cic.sales_point_id=90102").await.unwrap();
}

#[tokio::test]
async fn of_two_operators_at_once_one_is_told_and_neither_change_is_lost_unseen() {
    let desk = Desk::open().await;
    desk.say("add rest-demo --api-key-file @key --sales-point 90101 --webhook-secret-file @hook").await.unwrap();
    let (one, other) =
        tokio::join!(desk.say("set rest-demo cic.lead_minutes=30"), desk.say("set rest-demo name=Altra"));
    let record = registry(&desk.operator).get("rest-demo").await.unwrap();
    let written = [record.get("cic.lead_minutes").is_some(), record.get("name") == Some("Altra".into())];
    assert_eq!(written, [one.is_ok(), other.is_ok()]);
    for told in [one, other].into_iter().filter_map(Result::err) {
        assert!(told.contains("was changed by somebody else meanwhile"), "{told}");
    }
}

impl Desk {
    /// An order of this customer, placed on the platform.
    async fn place(&self, customer: &str) -> OrderKey {
        let order = PlaceOrder {
            restaurant: Some("rest-demo".into()),
            service: "takeaway".into(),
            payment: "onSite".into(),
            items: vec![Item::new("Margherita", 1)],
            customer: Some(serde_json::json!({"id": customer, "firstName": "Cliente", "lastName": "Prova"})),
            allow_unorderable: true,
            ..PlaceOrder::default()
        };
        let placed = self.simulator.place_order(order).await.unwrap();
        let id = placed.entity["id"].as_str().unwrap();
        OrderKey { tenant: TenantId::parse("rest-demo").unwrap(), order: OrderId::parse(id).unwrap() }
    }

    /// Stores the order as one whose creation on the till is not settled.
    async fn store_on_its_way(&self, key: &OrderKey) {
        let tenant = registry(&self.operator).get("rest-demo").await.unwrap().tenant().unwrap();
        let access = self.operator.tenants.platform(Freshness::Cached).await.unwrap();
        let work = self.operator.work("test", LONGEST);
        let order = self.operator.platform.order(&work, &access, key, &tenant.time_zone).await.unwrap().unwrap();
        let now = Timestamp::now();
        let body = Body::new("{}".to_owned());
        let state =
            OrderState { phase: Phase::Creating { date: now, due: now, body }, ..OrderState::received(&order, now) };
        app::contract::store_new(&self.operator.orders(), key, &state).await;
    }
}

#[tokio::test]
async fn an_order_on_its_way_keeps_its_customer_s_data_and_says_so_and_nobody_else_s_does() {
    let desk = Desk::open().await;
    desk.say("add rest-demo --api-key-file @key --sales-point 90101 --webhook-secret-file @hook").await.unwrap();
    let key = desk.place("cust-1").await;
    desk.store_on_its_way(&key).await;
    assert_eq!(desk.say("erase-customer rest-demo cust-1").await.unwrap_err(), "said, and not done");
    desk.say("erase-customer rest-demo cust-2").await.unwrap();
    let open = desk.say("remove rest-demo").await.unwrap_err();
    assert!(open.starts_with("rest-demo has 1 open orders"), "{open}");
    desk.say("remove rest-demo --force").await.unwrap();
    assert_eq!(desk.operator.orders().open_orders(&key.tenant).await.unwrap(), []);
}

#[tokio::test]
async fn a_record_written_badly_by_hand_is_shown_and_mended() {
    let desk = Desk::open().await;
    let aws_sdk = &desk.operator.aws.dynamodb;
    let s = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned());
    let put = aws_sdk.put_item().table_name("tenants").item("tenant_id", s("rest-demo")).item("status", s("sospeso"));
    put.send().await.unwrap();
    assert_eq!(desk.say("show rest-demo").await.unwrap_err(), "said, and not done");
    desk.say("set rest-demo status= cic.sales_point_id=90101").await.unwrap();
    desk.say("rotate-secret rest-demo --api-key-file @key --webhook-secret-file @hook").await.unwrap();
    desk.say("show rest-demo").await.unwrap();
    assert_eq!(desk.access("rest-demo").await, Some((Activity::Active, vec!["hook-one".to_owned()])));
    desk.say("pause rest-demo").await.unwrap();
    let paused = desk.say("set rest-demo status=").await.unwrap_err();
    assert!(paused.contains("`ponte tenant resume rest-demo`"), "{paused}");
}
