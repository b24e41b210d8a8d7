//! `ponte tenant add`: everything is looked up and checked first, then one transaction joins restaurant and till.

use super::{LONGEST, choose, registry, secret, talk, tell, webhook_address};
use crate::operator::Operator;
use anyhow::{Context as _, Result, bail};
use app::{
    message::{SyncJob, SyncMessage},
    ports::{
        Clock as _, Freshness, PlatformError, SyncQueue as _, SystemClock, TenantAccess, Tenants as _, TillError, Work,
        doctor::TillSetup as _, menu::MenuStore as _,
    },
};
use aws_adapters::{
    dynamodb_registry::{DynamoRegistry, Record, RegistryError},
    sqs::SqsSyncQueue,
};
use cassa_in_cloud::SalesPoint;
use clap::Args;
use domain::TenantId;
use plateform::Restaurant;
use secrecy::SecretString;
use serde::Serialize;
use serde_json::json;
use std::{
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

/// How often the menu is looked at while it is waited for.
const TICK: Duration = Duration::from_secs(1);

/// A restaurant to be joined.
#[derive(Debug, Args)]
pub struct Add {
    /// The restaurant's id on the platform.
    pub id: String,
    /// File with the till's API key, `-` for a line of standard input (till: Impostazioni > Account > API).
    #[arg(long, value_name = "FILE")]
    pub api_key_file: PathBuf,
    /// The till's sales point; needed where the key has several (till: Monitoring > Diagnostica).
    #[arg(long, value_name = "NUMBER")]
    pub sales_point: Option<i64>,
    /// What people call it; else as the platform says.
    #[arg(long)]
    pub name: Option<String>,
    /// File with a secret of the till's webhooks, `-` for a line of standard input; once for each. Asked for if absent.
    #[arg(long, value_name = "FILE")]
    pub webhook_secret_file: Vec<PathBuf>,
    /// The till's price list for take-away, where it has another name.
    #[arg(long, value_name = "NAME")]
    pub sales_mode_takeaway: Option<String>,
    /// The till's price list for delivery, where it has another name.
    #[arg(long, value_name = "NAME")]
    pub sales_mode_delivery: Option<String>,
    /// Waits so long for the first menu to be on the platform.
    #[arg(long, value_name = "SECONDS")]
    pub wait: Option<u64>,
}

/// What was joined.
#[derive(Debug, Serialize)]
struct Added {
    tenant: String,
    name: String,
    time_zone: String,
    sales_point: i64,
    sales_point_name: String,
    webhook_address: String,
    told: &'static str,
    /// Whether the first menu has arrived; none if nobody waited for it.
    menu_arrived: Option<bool>,
}

/// Joins a restaurant.
///
/// # Errors
/// If anything that was checked is not as it must be, or a party or a table does not answer. Nothing is written unless the
/// message says so.
pub(super) async fn run(operator: &Operator, add: &Add) -> Result<ExitCode> {
    let id = TenantId::parse(&add.id)?;
    let api_key = secret::read(&add.api_key_file, "the API key")?;
    let registry = registry(operator);
    check_new(&registry, &id).await?;
    let work = operator.work("tenant-add", LONGEST);
    let restaurant = restaurant(operator, &work, &id).await?;
    let point = sales_point(operator, &work, add, &api_key).await?;
    if let Some(by) = registry.holder(point.id).await? {
        return Err(RegistryError::Joined { point: point.id, by }.into());
    }
    let record = record(add, &id, &restaurant, &point);
    check_modes(operator, &work, &record, &api_key).await?;
    let hooks = webhook_secrets(operator, add)?;
    let record = registry.add(record, &api_key, &hooks).await?;
    let told = tell::words(tell::working(operator, &id).await?);
    begin_menu(operator, &id).await?;
    let menu_arrived = match add.wait {
        Some(seconds) => Some(menu_arrives(operator, &id, Duration::from_secs(seconds)).await?),
        None => None,
    };
    let tenant = record.tenant()?;
    let added = Added {
        webhook_address: webhook_address(operator, id.as_str()),
        tenant: id.to_string(),
        name: tenant.name,
        time_zone: restaurant.time_zone,
        sales_point: point.id.0,
        sales_point_name: point.name,
        told,
        menu_arrived,
    };
    operator.print(&added, as_text)?;
    Ok(ExitCode::from(u8::from(menu_arrived == Some(false))))
}

async fn check_new(registry: &DynamoRegistry, id: &TenantId) -> Result<()> {
    match registry.get(id.as_str()).await {
        Ok(_) => Err(RegistryError::Exists(id.to_string()).into()),
        Err(RegistryError::Unknown(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn restaurant(operator: &Operator, work: &Work, id: &TenantId) -> Result<Restaurant> {
    let access = operator.tenants.platform(Freshness::Cached).await?;
    match operator.platform.get_restaurant(work, &access, id).await {
        Ok(restaurant) => Ok(restaurant),
        Err(PlatformError::NotFound) => bail!("the platform has no restaurant {id}, or not for Ponte; check the id"),
        Err(error) => Err(error).context("the restaurant cannot be read from the platform"),
    }
}

async fn sales_point(operator: &Operator, work: &Work, add: &Add, api_key: &SecretString) -> Result<SalesPoint> {
    let points = match operator.till.licensed_sales_points(work, api_key).await {
        Ok(points) => points,
        Err(TillError::KeyRefused { status }) => {
            bail!(
                "the till refuses the API key ({status}); make one with read and write at Impostazioni > Account > API > Nuova API Key"
            )
        }
        Err(error) => return Err(error).context("the sales points of the API key cannot be read"),
    };
    if let Some(point) = choose::sales_point(&points, add.sales_point)? {
        return Ok(point.clone());
    }
    let list = choose::list(&points);
    if !talk::is_somebody_there() {
        bail!("the API key has several sales points; say --sales-point NUMBER:\n{list}");
    }
    let typed = talk::ask(&format!("{list}\nPunto cassa di {}:", add.id))?;
    let number = typed.parse().with_context(|| format!("«{typed}» is no number of a sales point"))?;
    choose::sales_point(&points, Some(number))?.cloned().context("no sales point was chosen")
}

/// The record to be written; everything else has the documented default.
fn record(add: &Add, id: &TenantId, restaurant: &Restaurant, point: &SalesPoint) -> Record {
    let mut record = Record::new(id, point.id);
    let name = add.name.as_ref().unwrap_or(&restaurant.name);
    record.set("name", Some(&json!(name)).filter(|_| !name.trim().is_empty()));
    record.set("time_zone", Some(&json!(restaurant.time_zone)));
    record.set("cic.sales_mode_takeaway", add.sales_mode_takeaway.as_ref().map(|name| json!(name)).as_ref());
    record.set("cic.sales_mode_delivery", add.sales_mode_delivery.as_ref().map(|name| json!(name)).as_ref());
    record
}

async fn check_modes(operator: &Operator, work: &Work, record: &Record, api_key: &SecretString) -> Result<()> {
    let access = TenantAccess {
        tenant: record.tenant()?,
        api_key: api_key.clone(),
        webhook_secrets: Vec::new(),
        read_at: SystemClock.now(),
    };
    let modes = operator.till.every_sales_mode(work, &access).await.context("the sales modes cannot be read")?;
    choose::check_modes(&access.tenant, &modes)
}

/// The secrets of the till's webhooks. The till makes them when the webhooks are set up, so the address comes first.
fn webhook_secrets(operator: &Operator, add: &Add) -> Result<Vec<SecretString>> {
    talk::say(&where_webhooks_go(&webhook_address(operator, &add.id)))?;
    if !add.webhook_secret_file.is_empty() {
        let read = |file: &PathBuf| secret::read(file, "the secret of the webhooks");
        return add.webhook_secret_file.iter().map(read).collect();
    }
    if !talk::is_somebody_there() {
        bail!(
            "the secret of the till's webhooks is missing: set them up as said above, then say --webhook-secret-file; nothing was written"
        );
    }
    let mut secrets = Vec::new();
    loop {
        let question = match secrets.len() {
            0 => "Secret dei WebHook (non viene mostrato):",
            _ => "Un altro Secret, o Invio per finire:",
        };
        match talk::ask_secret(question)? {
            typed if secrecy::ExposeSecret::expose_secret(&typed).is_empty() && !secrets.is_empty() => {
                return Ok(secrets);
            }
            typed => secrets.push(secret::checked(typed, "the secret of the webhooks")?),
        }
    }
}

fn where_webhooks_go(address: &str) -> String {
    format!(
        "Sulla cassa, in Impostazioni > Account > WebHooks, inserisci l'indirizzo\n  {address}\n\
         con gli eventi: modifica ed eliminazione degli ordini, creazione degli scontrini\n\
         (e, perché il menù cambi subito, quelli di prodotti e categorie). La cassa genera un Secret."
    )
}

/// The menu does not wait for the next five minutes.
async fn begin_menu(operator: &Operator, id: &TenantId) -> Result<()> {
    let queue = SqsSyncQueue::new(operator.aws.sqs.clone(), &operator.config.sync.sync_queue_url);
    let message = SyncMessage {
        tenant: id.clone(),
        correlation: format!("ponte-tenant-add-{id}"),
        sent_ms: SystemClock.now().as_millisecond(),
        due_ms: 0,
        job: SyncJob::Sync,
    };
    let sent = queue.send(&[(message, Duration::ZERO)]).await;
    sent.context("the restaurant is joined; its menu could not be begun and comes with the next five minutes")
}

async fn menu_arrives(operator: &Operator, id: &TenantId, longest: Duration) -> Result<bool> {
    let deadline = Instant::now() + longest;
    loop {
        if operator.menus().look(id).await?.is_some_and(|state| state.whole_pass_ms.is_some()) {
            return Ok(true);
        }
        if Instant::now() + TICK > deadline {
            return Ok(false);
        }
        tokio::time::sleep(TICK).await;
    }
}

fn as_text(added: &Added) -> String {
    let mut text = crate::table::pairs(&[
        ("ristorante", format!("{} ({})", added.name, added.tenant)),
        ("punto cassa", format!("{} {}", added.sales_point, added.sales_point_name)),
        ("fuso orario", added.time_zone.clone()),
        ("webhook", added.webhook_address.clone()),
        ("stato", added.told.to_owned()),
    ]);
    let menu = match added.menu_arrived {
        None => "Il menù arriva su Plateform tra poco: `ponte status` lo mostra.",
        Some(true) => "Il menù è su Plateform.",
        Some(false) => "Il menù non è ancora su Plateform: guarda `ponte status` e `ponte drift`.",
    };
    text.push_str(menu);
    text.push_str("\nOra fai un ordine di prova dalla pagina del ristorante.\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s48_the_address_comes_with_the_till_s_menu_path_and_the_events() {
        insta::assert_snapshot!(where_webhooks_go("https://api.example.test/webhooks/cic/rest-1"), @r"
        Sulla cassa, in Impostazioni > Account > WebHooks, inserisci l'indirizzo
          https://api.example.test/webhooks/cic/rest-1
        con gli eventi: modifica ed eliminazione degli ordini, creazione degli scontrini
        (e, perché il menù cambi subito, quelli di prodotti e categorie). La cassa genera un Secret.
        ");
    }

    #[test]
    fn what_was_joined_is_told_with_what_comes_next() {
        let added = Added {
            tenant: "rest-1".into(),
            name: "Trattoria".into(),
            time_zone: "Europe/Rome".into(),
            sales_point: 90101,
            sales_point_name: "Sede".into(),
            webhook_address: "https://api.example.test/webhooks/cic/rest-1".into(),
            told: tell::words(app::ports::menu::Health::Active),
            menu_arrived: None,
        };
        insta::assert_snapshot!(as_text(&added), @r"
        ristorante   Trattoria (rest-1)
        punto cassa  90101 Sede
        fuso orario  Europe/Rome
        webhook      https://api.example.test/webhooks/cic/rest-1
        stato        integrazione attiva con Cassa in Cloud
        Il menù arriva su Plateform tra poco: `ponte status` lo mostra.
        Ora fai un ordine di prova dalla pagina del ristorante.
        ");
    }
}
