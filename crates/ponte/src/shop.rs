//! A whole restaurant on this machine: the real functions on a local AWS, both remote parties simulated, a tenant joined.
//!
//! The demo plays on it and the end-to-end tests run on it.

use crate::{
    local::{LocalAws, LocalAwsOptions},
    operator::{Operator, Target},
};
use anyhow::{Context as _, Result, bail};
use app::ports::{Clock as _, Platform as _, PlatformAccess, SystemClock, Work};
use aws_adapters::{
    config::{OperatorConfig, SyncConfig, TenantsConfig},
    dynamodb_registry::{DynamoRegistry, Record},
    sdk::Aws,
    secrets::Secrets,
};
use domain::{SalesPointId, TenantId};
use secrecy::SecretString;
use serde_json::{Value, json};
use simulator::{RestaurantSpec, Simulator, SimulatorConfig, demo_ids};
use std::time::{Duration, Instant};

/// How often the simulator is looked at while something is waited for.
const TICK: Duration = Duration::from_millis(50);

/// The running restaurant. Dropping it ends everything that it started.
pub struct Shop {
    /// The local AWS with the stack on it.
    pub aws: LocalAws,
    /// Both remote parties.
    pub simulator: Simulator,
    /// Clients of the local AWS.
    pub clients: Aws,
}

impl Shop {
    /// Starts everything and joins the simulator's trattoria; `schedules` says whether the jobs run by themselves.
    ///
    /// # Errors
    /// If a tool is missing, or the local AWS, the deployment or the joining fails.
    pub async fn open(schedules: bool) -> Result<Self> {
        let spec = RestaurantSpec::trattoria();
        let simulator =
            Simulator::start(SimulatorConfig { restaurants: vec![spec.clone()], ..SimulatorConfig::default() })?;
        let aws = LocalAws::start(&LocalAwsOptions {
            cic_base_url: simulator.cic_url(),
            plateform_base_url: simulator.plateform_url(),
            schedules,
        })
        .await?;
        simulator.configure(&json!({"bridge_url": aws.webhook_url()})).context("the simulator takes no bridge")?;
        let clients = Aws::local(aws.endpoint(), crate::local::REGION);
        let shop = Self { aws, simulator, clients };
        shop.join(&spec).await?;
        Ok(shop)
    }

    /// The table of tenants, to join restaurants.
    #[must_use]
    pub fn registry(&self) -> DynamoRegistry {
        let outputs = self.aws.outputs();
        let secrets = Secrets::new(self.clients.kms.clone(), Some(outputs.secrets_key_id.clone()), false);
        DynamoRegistry::new(self.clients.dynamodb.clone(), &outputs.tenants_table, secrets)
    }

    async fn join(&self, spec: &RestaurantSpec) -> Result<()> {
        let registry = self.registry();
        let secret = |text: &String| SecretString::from(text.as_str());
        let token = secret(&spec.plateform_token);
        registry.add_platform(&token, &[secret(&spec.plateform_webhook_secret)]).await?;
        self.add(&registry, spec).await?;
        self.report_active(spec, token).await
    }

    /// Joins one more restaurant of the simulator.
    ///
    /// # Errors
    /// If it is joined already or the table does not take it.
    pub async fn add(&self, registry: &DynamoRegistry, spec: &RestaurantSpec) -> Result<()> {
        let mut record = Record::new(&TenantId::parse(&spec.restaurant_id)?, SalesPointId(spec.sales_point_id));
        record.set("name", Some(&json!(spec.name)));
        record.set("cic.delivery_fee_product_id", Some(&json!(demo_ids::DELIVERY_FEE)));
        let hooks: Vec<_> = spec.all_till_secrets().into_iter().map(SecretString::from).collect();
        registry.add(record, &SecretString::from(spec.api_key.as_str()), &hooks).await?;
        Ok(())
    }

    /// Tells the platform that the restaurant is joined («integrazione attiva con Cassa in Cloud»).
    async fn report_active(&self, spec: &RestaurantSpec, token: SecretString) -> Result<()> {
        let settings =
            plateform::Settings { base_url: self.simulator.plateform_url(), timeout: plateform::DEFAULT_TIMEOUT };
        let now = SystemClock.now();
        let access = PlatformAccess { api_token: token, webhook_secrets: Vec::new(), read_at: now };
        let work = Work { deadline: Instant::now() + Duration::from_secs(10), correlation: "onboarding".to_owned() };
        let tenant = TenantId::parse(&spec.restaurant_id)?;
        let key = format!("ponte-{tenant}-active-1");
        Ok(plateform::Client::new(settings)?.put_active(&work, &access, &tenant, &key, now).await?)
    }

    /// What the operator's commands work with.
    ///
    /// # Errors
    /// If a client cannot be made.
    pub fn operator(&self, target: Target) -> Result<Operator> {
        let outputs = self.aws.outputs();
        let sync = SyncConfig {
            tenants: TenantsConfig {
                table: outputs.tenants_table.clone(),
                secrets_key_id: Some(outputs.secrets_key_id.clone()),
                allow_plaintext: false,
            },
            state_table: outputs.state_table.clone(),
            orders_queue_url: outputs.orders_queue_url.clone(),
            sync_queue_url: outputs.sync_queue_url.clone(),
            cic_base_url: self.simulator.cic_url(),
            plateform_base_url: self.simulator.plateform_url(),
        };
        let config = OperatorConfig {
            sync,
            orders_dead_letter_queue_url: outputs.orders_dead_letter_queue_url.clone(),
            sync_dead_letter_queue_url: outputs.sync_dead_letter_queue_url.clone(),
            api_url: self.aws.webhook_url(),
        };
        Operator::new(self.clients.clone(), config, target)
    }

    /// Runs a job of the scheduler now.
    ///
    /// # Errors
    /// If the function reports an error.
    pub async fn run_job(&self, job: &str) -> Result<Value> {
        self.aws.invoke(&self.aws.outputs().sync_function, &json!({"job": job})).await
    }

    /// Waits until `look` finds what it looks for.
    ///
    /// # Errors
    /// If it has not appeared within `longest`.
    pub async fn wait_for<T>(&self, what: &str, longest: Duration, mut look: impl FnMut() -> Option<T>) -> Result<T> {
        let deadline = Instant::now() + longest;
        loop {
            match look() {
                Some(found) => return Ok(found),
                None if Instant::now() > deadline => bail!("{what} did not happen within {} s", longest.as_secs()),
                None => tokio::time::sleep(TICK).await,
            }
        }
    }
}
