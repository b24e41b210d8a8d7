//! The sync function: environment, clients, runtime.

use app::{
    circuit::{Circuits, Lane},
    menu::{MenuPorts, Menus},
    orders::{Orders, Ports},
    ports::SystemClock,
};
use aws_adapters::{
    batch::work_until,
    call_budget::DynamoCallBudget,
    config::{SyncConfig, environment},
    dynamodb_circuits::DynamoCircuits,
    dynamodb_menu::DynamoMenuStore,
    dynamodb_orders::DynamoOrderStore,
    dynamodb_tenants::DynamoTenants,
    logs,
    metrics::Metrics,
    sdk::Aws,
    secrets::Secrets,
    sqs::{SqsOrderQueue, SqsSyncQueue},
};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use std::sync::Arc;
use sync::{Event, Sync, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::init(environment);
    let config = SyncConfig::read(environment)?;
    let aws = Aws::from_env();
    let secrets = Secrets::new(aws.kms, config.tenants.secrets_key_id, config.tenants.allow_plaintext);
    let till = cassa_in_cloud::Settings { base_url: config.cic_base_url, ..Default::default() };
    let platform = plateform::Settings { base_url: config.plateform_base_url, timeout: plateform::DEFAULT_TIMEOUT };
    let (till, platform) = (cassa_in_cloud::Client::new(&till)?, plateform::Client::new(platform)?);
    let noticed = Metrics::stdout("sync");
    let circuits = DynamoCircuits::new(aws.dynamodb.clone(), &config.state_table);
    let circuits = Circuits::new(circuits, SystemClock, move |tenant, notice| noticed.noticed(tenant, notice));
    let menus = MenuPorts {
        till: circuits.guard(till.clone(), Lane::Menus),
        platform: circuits.guard(platform.clone(), Lane::Menus),
        store: DynamoMenuStore::new(aws.dynamodb.clone(), &config.state_table, SystemClock),
        budget: DynamoCallBudget::new(aws.dynamodb.clone(), &config.state_table, SystemClock),
        tenants: DynamoTenants::new(aws.dynamodb.clone(), config.tenants.table, secrets, SystemClock),
        clock: SystemClock,
    };
    let orders = Ports {
        store: DynamoOrderStore::new(aws.dynamodb, config.state_table, SystemClock),
        queue: SqsOrderQueue::new(aws.sqs.clone(), config.orders_queue_url),
        till: circuits.guard(till, Lane::Orders),
        platform: circuits.guard(platform, Lane::Orders),
        tenants: menus.tenants.clone(),
        clock: SystemClock,
    };
    let sync = Arc::new(Sync {
        orders: Orders::new(orders),
        menus: Menus::new(menus),
        queue: SqsSyncQueue::new(aws.sqs, config.sync_queue_url),
        metrics: Metrics::stdout("sync"),
    });
    run(service_fn(async |event: LambdaEvent<serde_json::Value>| {
        let until = work_until(event.context.deadline);
        let (event, request_id) = (Event::read(event.payload)?, event.context.request_id);
        // Boxed: the futures of the SDK inside it are too deep for the compiler to lay out in place.
        Ok::<_, Error>(Box::pin(handle(&sync, event, until, &request_id)).await?)
    }))
    .await
}
