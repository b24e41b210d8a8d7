//! The consumer function: environment, clients, runtime.

use app::{
    circuit::{Circuits, Lane},
    orders::{Orders, Ports},
    ports::SystemClock,
};
use aws_adapters::{
    batch::work_until,
    config::{ConsumerConfig, environment},
    dynamodb_circuits::DynamoCircuits,
    dynamodb_orders::DynamoOrderStore,
    dynamodb_tenants::DynamoTenants,
    logs,
    metrics::Metrics,
    sdk::{Aws, warm},
    secrets::Secrets,
    sqs::SqsOrderQueue,
};
use aws_lambda_events::sqs::SqsEvent;
use consumer::{Consumer, consume};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::init(environment);
    let config = ConsumerConfig::read(environment)?;
    let aws = Aws::from_env();
    let secrets = Secrets::new(aws.kms, config.tenants.secrets_key_id, config.tenants.allow_plaintext);
    let queue = SqsOrderQueue::new(aws.sqs, config.orders_queue_url);
    let till = cassa_in_cloud::Settings { base_url: config.cic_base_url, ..Default::default() };
    let platform = plateform::Settings { base_url: config.plateform_base_url, timeout: plateform::DEFAULT_TIMEOUT };
    let noticed = Metrics::stdout("consumer");
    let circuits = DynamoCircuits::new(aws.dynamodb.clone(), &config.state_table);
    let circuits = Circuits::new(circuits, SystemClock, move |tenant, notice| noticed.noticed(tenant, notice));
    let ports = Ports {
        store: DynamoOrderStore::new(aws.dynamodb.clone(), config.state_table, SystemClock),
        till: circuits.guard(cassa_in_cloud::Client::new(&till)?, Lane::Orders),
        platform: circuits.guard(plateform::Client::new(platform)?, Lane::Orders),
        tenants: DynamoTenants::new(aws.dynamodb, config.tenants.table, secrets, SystemClock),
        clock: SystemClock,
        queue: queue.clone(),
    };
    warm(async { tokio::join!(ports.tenants.warm(), queue.queue().warm()) }).await;
    let consumer =
        Consumer { orders: Orders::new(ports), queue: queue.queue().clone(), metrics: Metrics::stdout("consumer") };
    let consumer = Arc::new(consumer);
    run(service_fn(async |event: LambdaEvent<SqsEvent>| {
        Ok::<_, Error>(consume(&consumer, event.payload, work_until(event.context.deadline)).await)
    }))
    .await
}
