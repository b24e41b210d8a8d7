//! The webhook function: environment, clients, runtime.

use app::ports::SystemClock;
use aws_adapters::{
    config::{WebhookConfig, environment},
    dynamodb_tenants::DynamoTenants,
    logs,
    metrics::Metrics,
    sdk::{Aws, warm},
    secrets::Secrets,
    sqs::{SqsOrderQueue, SqsSyncQueue},
};
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use lambda_http::{
    Error, LambdaEvent,
    lambda_runtime::{run, service_fn},
};
use webhook::{Webhook, answer_event};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::init(environment);
    let config = WebhookConfig::read(environment)?;
    let aws = Aws::from_env();
    let secrets = Secrets::new(aws.kms, config.tenants.secrets_key_id, config.tenants.allow_plaintext);
    let webhook = Webhook {
        tenants: DynamoTenants::new(aws.dynamodb, config.tenants.table, secrets, SystemClock),
        orders: SqsOrderQueue::new(aws.sqs.clone(), config.orders_queue_url),
        sync: SqsSyncQueue::new(aws.sqs, config.sync_queue_url),
        clock: SystemClock,
        metrics: Metrics::stdout("webhook"),
    };
    // Connections are opened while the function starts, when it has a whole processor.
    warm(async { tokio::join!(webhook.tenants.warm(), webhook.orders.queue().warm()) }).await;
    run(service_fn(async |event: LambdaEvent<ApiGatewayV2httpRequest>| {
        Ok::<_, Error>(answer_event(&webhook, event.payload, &event.context.request_id).await)
    }))
    .await
}
