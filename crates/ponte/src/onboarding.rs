//! Writing the records that join a restaurant to its till: secrets sealed, nothing overwritten.

use anyhow::{Context as _, Result};
use aws_adapters::{
    envelope::{DataKey, Purpose, seal},
    secrets::Secrets,
};
use aws_sdk_dynamodb::{
    Client,
    primitives::Blob,
    types::{
        AttributeValue::{self, B, L, M, N, S},
        Put, TransactWriteItem,
    },
};
use domain::{SalesPointId, TenantId};
use secrecy::SecretString;
use std::{collections::HashMap, sync::Arc};

type Item = HashMap<String, AttributeValue>;

/// The key of the platform's own record.
const PLATFORM: &str = "#plateform";

/// A restaurant to be joined; everything else has the documented default.
#[derive(Debug)]
pub struct NewTenant {
    /// The platform's restaurant.
    pub id: TenantId,
    /// What people call it.
    pub name: String,
    /// The till's sales point.
    pub sales_point: SalesPointId,
    /// The till's API key.
    pub api_key: SecretString,
    /// The secrets of the till's webhooks.
    pub webhook_secrets: Vec<SecretString>,
    /// The product that stands for a fee, if one was agreed.
    pub fee_product: Option<String>,
}

/// The table of tenants and the key that seals its secrets.
#[derive(Debug)]
pub struct Registry {
    dynamodb: Client,
    table: String,
    key: Arc<DataKey>,
}

impl Registry {
    /// Opens the table with a new data key.
    ///
    /// # Errors
    /// If the key service does not give one.
    pub async fn open(dynamodb: Client, table: &str, secrets: &Secrets) -> Result<Self> {
        let key = secrets.new_data_key().await.context("the key service gives no data key")?;
        Ok(Self { dynamodb, table: table.to_owned(), key })
    }

    /// Writes the platform's record.
    ///
    /// # Errors
    /// If there is one already, or the table does not take it.
    pub async fn add_platform(&self, api_token: &SecretString, webhook_secrets: &[SecretString]) -> Result<()> {
        let item = HashMap::from([
            ("tenant_id".to_owned(), S(PLATFORM.to_owned())),
            ("api_token".to_owned(), self.sealed(PLATFORM, Purpose::PlateformApiToken, api_token)?),
            (
                "webhook_secrets".to_owned(),
                self.all_sealed(PLATFORM, Purpose::PlateformWebhookSecret, webhook_secrets)?,
            ),
        ]);
        self.put([item], PLATFORM).await
    }

    /// Joins a restaurant to its sales point, unless either is joined already.
    ///
    /// # Errors
    /// If the restaurant or its sales point has a record, or the table does not take it.
    pub async fn add_tenant(&self, tenant: &NewTenant) -> Result<()> {
        let id = tenant.id.as_str();
        let mut cic = HashMap::from([
            ("sales_point_id".to_owned(), N(tenant.sales_point.to_string())),
            ("api_key".to_owned(), self.sealed(id, Purpose::CicApiKey, &tenant.api_key)?),
            ("webhook_secrets".to_owned(), self.all_sealed(id, Purpose::CicWebhookSecret, &tenant.webhook_secrets)?),
        ]);
        if let Some(product) = &tenant.fee_product {
            cic.insert("delivery_fee_product_id".to_owned(), S(product.clone()));
        }
        let item = HashMap::from([
            ("tenant_id".to_owned(), S(id.to_owned())),
            ("name".to_owned(), S(tenant.name.clone())),
            ("version".to_owned(), N("1".to_owned())),
            ("cic".to_owned(), M(cic)),
        ]);
        let lock = HashMap::from([
            ("tenant_id".to_owned(), S(format!("#salespoint#{}", tenant.sales_point))),
            ("joined".to_owned(), S(id.to_owned())),
        ]);
        self.put([item, lock], id).await
    }

    fn sealed(&self, owner: &str, purpose: Purpose, secret: &SecretString) -> Result<AttributeValue> {
        let sealed = seal(owner, purpose, secret, &self.key).context("a secret cannot be sealed")?;
        Ok(B(Blob::new(sealed)))
    }

    fn all_sealed(&self, owner: &str, purpose: Purpose, secrets: &[SecretString]) -> Result<AttributeValue> {
        let sealed = secrets.iter().map(|secret| self.sealed(owner, purpose, secret)).collect::<Result<_>>()?;
        Ok(L(sealed))
    }

    /// Writes all items, or none if one of them is there already.
    async fn put(&self, items: impl IntoIterator<Item = Item>, owner: &str) -> Result<()> {
        let mut write = self.dynamodb.transact_write_items();
        for item in items {
            let put = Put::builder().table_name(&self.table).set_item(Some(item));
            let put = put.condition_expression("attribute_not_exists(tenant_id)").build()?;
            write = write.transact_items(TransactWriteItem::builder().put(put).build());
        }
        write.send().await.map_err(|error| error.into_service_error()).with_context(|| {
            format!("{owner} was not written to {}; what is there already was left as it is", self.table)
        })?;
        Ok(())
    }
}
