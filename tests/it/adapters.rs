//! The adapters on the local AWS: the same contracts that the ones in memory keep.

use crate::harness::on_shop;
use app::{
    contract::{circuit_store_contract, order_store_contract, tenants_contract},
    memory::ManualClock,
    message::{OrderEvent, OrderMessage, decode},
    ports::{Freshness, OrderQueue, Tenants},
};
use aws_adapters::{
    dynamodb_circuits::DynamoCircuits,
    dynamodb_orders::DynamoOrderStore,
    dynamodb_tenants::DynamoTenants,
    envelope::{Purpose, seal},
    sdk::Aws,
    secrets::Secrets,
    sqs::SqsOrderQueue,
};
use aws_sdk_dynamodb::{
    primitives::Blob,
    types::{AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType},
};
use domain::TenantId;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::{collections::HashMap, time::Duration};

fn unique(name: &str) -> String {
    format!("{name}-{}", Timestamp::now().as_nanosecond())
}

fn tenant(id: &str) -> TenantId {
    TenantId::parse(id).unwrap()
}

async fn table(aws: &Aws, name: &str, keys: &[(&str, KeyType)]) -> String {
    let name = unique(name);
    let mut create = aws.dynamodb.create_table().table_name(&name).billing_mode(BillingMode::PayPerRequest);
    for (key, kind) in keys {
        let attribute = AttributeDefinition::builder().attribute_name(*key).attribute_type(ScalarAttributeType::S);
        let schema = KeySchemaElement::builder().attribute_name(*key).key_type(kind.clone());
        create = create.attribute_definitions(attribute.build().unwrap()).key_schema(schema.build().unwrap());
    }
    create.send().await.unwrap();
    name
}

#[test]
fn orders_in_dynamodb_keep_the_contract() {
    on_shop(async |shop| {
        let aws = shop.clients.clone();
        let table = table(&aws, "state", &[("pk", KeyType::Hash), ("sk", KeyType::Range)]).await;
        let clock = ManualClock::at(Timestamp::now());
        let store = DynamoOrderStore::new(aws.dynamodb, table, clock.clone());
        order_store_contract(&store, &clock, &tenant("rest-1")).await;
    });
}

#[test]
fn circuits_in_dynamodb_keep_the_contract() {
    on_shop(async |shop| {
        let aws = shop.clients.clone();
        let table = table(&aws, "state", &[("pk", KeyType::Hash), ("sk", KeyType::Range)]).await;
        circuit_store_contract(&DynamoCircuits::new(aws.dynamodb, table)).await;
    });
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn b(bytes: Vec<u8>) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

/// A tenant whose API key is sealed and whose webhook secret is a ciphertext of KMS itself.
async fn tenant_item(
    aws: &Aws,
    key_id: &str,
    secrets: &Secrets,
    id: &str,
    status: &str,
) -> HashMap<String, AttributeValue> {
    let data_key = secrets.new_data_key().await.unwrap();
    let sealed = seal(id, Purpose::CicApiKey, &SecretString::from("api-key"), &data_key).unwrap();
    let encrypt = aws.kms.encrypt().key_id(key_id).plaintext(aws_sdk_kms::primitives::Blob::new("hook"));
    let encrypt = encrypt.encryption_context("tenant_id", id).encryption_context("purpose", "cic.webhook_secret");
    let direct = encrypt.send().await.unwrap().ciphertext_blob.unwrap().into_inner();
    let cic = HashMap::from([
        ("sales_point_id".to_owned(), AttributeValue::N("90101".into())),
        ("api_key".to_owned(), b(sealed)),
        ("webhook_secrets".to_owned(), AttributeValue::L(vec![b(direct)])),
    ]);
    HashMap::from([
        ("tenant_id".to_owned(), s(id)),
        ("status".to_owned(), s(status)),
        ("cic".to_owned(), AttributeValue::M(cic)),
    ])
}

#[test]
fn tenants_in_dynamodb_keep_the_contract_with_secrets_of_both_forms() {
    on_shop(async |shop| {
        let aws = shop.clients.clone();
        let table = table(&aws, "tenants", &[("tenant_id", KeyType::Hash)]).await;
        let key_id = aws.kms.create_key().send().await.unwrap().key_metadata.unwrap().key_id;
        let secrets = || Secrets::new(aws.kms.clone(), Some(key_id.clone()), false);
        let put = async |item| {
            aws.dynamodb.put_item().table_name(&table).set_item(Some(item)).send().await.unwrap();
        };
        let sealing = secrets();
        put(tenant_item(&aws, &key_id, &sealing, "rest-1", "active").await).await;
        put(tenant_item(&aws, &key_id, &sealing, "rest-2", "paused").await).await;
        let data_key = sealing.new_data_key().await.unwrap();
        let sealed = |purpose| b(seal("#plateform", purpose, &SecretString::from("t"), &data_key).unwrap());
        put(HashMap::from([
            ("tenant_id".to_owned(), s("#plateform")),
            ("api_token".to_owned(), sealed(Purpose::PlateformApiToken)),
            ("webhook_secrets".to_owned(), AttributeValue::L(vec![sealed(Purpose::PlateformWebhookSecret)])),
        ]))
        .await;
        let tenants = DynamoTenants::new(aws.dynamodb.clone(), &table, secrets(), ManualClock::at(Timestamp::now()));
        tenants.warm().await;
        tenants_contract(&tenants, &tenant("rest-1"), &tenant("rest-2"), &tenant("rest-3")).await;
        let access = tenants.tenant(&tenant("rest-1"), Freshness::Cached).await.unwrap().unwrap();
        assert_eq!(access.api_key.expose_secret(), "api-key");
        assert_eq!(access.webhook_secrets[0].expose_secret(), "hook");
        // A secret of one tenant in the record of another does not open, in neither form.
        for (field, id) in [("api_key", "rest-4"), ("webhook_secrets", "rest-5")] {
            let mut stolen = tenant_item(&aws, &key_id, &sealing, "rest-1", "active").await;
            let mut own = tenant_item(&aws, &key_id, &sealing, id, "active").await;
            let Some(AttributeValue::M(from)) = stolen.remove("cic") else { panic!() };
            let Some(AttributeValue::M(to)) = own.get_mut("cic") else { panic!() };
            to.insert(field.to_owned(), from[field].clone());
            put(own).await;
            assert!(tenants.tenant(&tenant(id), Freshness::Cached).await.is_err(), "{field}");
        }
    });
}

#[test]
fn messages_reach_a_queue_whole_and_after_their_delay() {
    on_shop(async |shop| {
        let aws = shop.clients.clone();
        let url = aws.sqs.create_queue().queue_name(unique("orders")).send().await.unwrap().queue_url.unwrap();
        let queue = SqsOrderQueue::new(aws.sqs.clone(), &url);
        queue.queue().warm().await;
        let message = |correlation: String| OrderMessage {
            tenant: tenant("rest-1"),
            correlation,
            sent_ms: 1,
            event: OrderEvent::Reconcile,
        };
        let now = (0..12).map(|i| (message(format!("\u{1}è{i}")), Duration::ZERO));
        let sent: Vec<_> = now.chain([(message("later".into()), Duration::from_secs(600))]).collect();
        queue.send(&sent).await.unwrap();
        let mut received = Vec::new();
        loop {
            let batch = aws.sqs.receive_message().queue_url(&url).max_number_of_messages(10).send().await.unwrap();
            let Some(messages) = batch.messages.filter(|messages| !messages.is_empty()) else {
                break;
            };
            for message in messages {
                received.push(decode::<OrderMessage>(&message.body.unwrap()).unwrap().correlation);
                queue
                    .queue()
                    .change_visibility(&message.receipt_handle.unwrap(), Duration::from_secs(900))
                    .await
                    .unwrap();
            }
        }
        received.sort();
        let mut expected: Vec<_> = (0..12).map(|i| format!("\u{1}è{i}")).collect();
        expected.sort();
        assert_eq!(received, expected);
    });
}
