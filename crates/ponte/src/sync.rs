//! `ponte sync`: one cycle of a tenant's menu, now, by the same use case as the function's.

use anyhow::{Context as _, Result};
use app::{
    menu::{MenuPorts, Menus, Request, Synced},
    ports::{SystemClock, Work},
};
use aws_adapters::{
    call_budget::DynamoCallBudget,
    config::{SyncConfig, environment},
    dynamodb_menu::DynamoMenuStore,
    dynamodb_tenants::DynamoTenants,
    sdk::Aws,
    secrets::Secrets,
};
use domain::TenantId;
use std::time::{Duration, Instant};

/// As long as the function may take: a menu stays taken for so long if this process is ended in the middle.
const LONGEST: Duration = Duration::from_secs(120);

/// The menu's use cases over both parties and the tables, as the function has them.
pub type LiveMenus = Menus<
    MenuPorts<cassa_in_cloud::Client, plateform::Client, DynamoMenuStore, DynamoCallBudget, DynamoTenants, SystemClock>,
>;

/// What a cycle did, and what was asked of it.
#[derive(Debug)]
pub struct Report {
    tenant: TenantId,
    is_dry_run: bool,
    synced: Synced,
}

/// Runs a cycle with the tables and addresses that the environment names.
///
/// # Errors
/// If a variable is missing, somebody works on the menu, or a party or a table does not answer.
pub async fn run(tenant: &str, request: Request) -> Result<Report> {
    let menus = menus(&Aws::from_env(), SyncConfig::read(environment)?)?;
    cycle(&menus, tenant, request).await
}

/// Puts the use cases together.
///
/// # Errors
/// If a client cannot be made.
pub fn menus(aws: &Aws, config: SyncConfig) -> Result<LiveMenus> {
    let secrets = Secrets::new(aws.kms.clone(), config.tenants.secrets_key_id, config.tenants.allow_plaintext);
    let till = cassa_in_cloud::Settings { base_url: config.cic_base_url, ..Default::default() };
    let platform = plateform::Settings { base_url: config.plateform_base_url, timeout: plateform::DEFAULT_TIMEOUT };
    Ok(Menus::new(MenuPorts {
        till: cassa_in_cloud::Client::new(&till)?,
        platform: plateform::Client::new(platform)?,
        store: DynamoMenuStore::new(aws.dynamodb.clone(), &config.state_table, SystemClock),
        budget: DynamoCallBudget::new(aws.dynamodb.clone(), &config.state_table, SystemClock),
        tenants: DynamoTenants::new(aws.dynamodb.clone(), config.tenants.table, secrets, SystemClock),
        clock: SystemClock,
    }))
}

/// Runs a cycle.
///
/// # Errors
/// If somebody works on the menu, or a party or a table does not answer.
pub async fn cycle(menus: &LiveMenus, tenant: &str, request: Request) -> Result<Report> {
    let tenant = TenantId::parse(tenant)?;
    let work = Work { deadline: Instant::now() + LONGEST, correlation: format!("ponte-sync-{tenant}") };
    let synced = menus.sync(&work, &tenant, request).await;
    let synced = synced.with_context(|| format!("the menu of {tenant} was not brought up to date"))?;
    Ok(Report { tenant, is_dry_run: request.dry_run, synced })
}

impl Report {
    /// Whether the change was held back for a person to look at.
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        self.synced.held_back
    }

    /// What was done, in one line.
    #[must_use]
    pub fn line(&self) -> String {
        let Synced { whole, written, deactivated, held_back, customers, findings } = &self.synced;
        let read = if *whole { "letto tutto" } else { "lette le modifiche" };
        let done = match (held_back, self.is_dry_run) {
            (true, _) => {
                let why = findings.first().map(|why| format!(". {}. {}", why.message, why.remedy));
                format!("trattenuto{}", why.unwrap_or_default())
            }
            (false, true) => format!("prova, {read}, da scrivere {written}, da disattivare {deactivated}"),
            (false, false) => {
                format!("{read}, scritte {written} voci, disattivate {deactivated}, clienti alla cassa {customers}")
            }
        };
        format!("{}: {done} (segnalazioni: {})", self.tenant, findings.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::menu::{Check, Finding, Level};

    fn report(is_dry_run: bool, synced: Synced) -> Report {
        Report { tenant: TenantId::parse("rest-1").unwrap(), is_dry_run, synced }
    }

    #[test]
    fn what_was_done_is_one_line() {
        let synced = Synced { whole: true, written: 62, deactivated: 1, customers: 2, ..Synced::default() };
        let line = report(false, synced.clone()).line();
        assert_eq!(line, "rest-1: letto tutto, scritte 62 voci, disattivate 1, clienti alla cassa 2 (segnalazioni: 0)");
        let line = report(true, Synced { whole: false, ..synced }).line();
        assert_eq!(line, "rest-1: prova, lette le modifiche, da scrivere 62, da disattivare 1 (segnalazioni: 0)");
    }

    #[test]
    fn what_was_held_back_says_why_and_what_to_do() {
        let why = Finding {
            check: Check::MassChange,
            level: Level::Error,
            subject: String::new(),
            message: "Troppi piatti sparirebbero".to_owned(),
            remedy: "Controlla la cassa".to_owned(),
        };
        let held_back = report(false, Synced { held_back: true, findings: vec![why], ..Synced::default() });
        assert!(held_back.is_held_back());
        assert_eq!(
            held_back.line(),
            "rest-1: trattenuto. Troppi piatti sparirebbero. Controlla la cassa (segnalazioni: 1)"
        );
    }
}
