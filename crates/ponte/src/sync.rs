//! `ponte sync`: one cycle of a tenant's menu, now, by the same use case as the function's.

mod preview;

use crate::operator::Operator;
use anyhow::{Context as _, Result, bail};
use app::{
    menu::{MenuPorts, Menus, Request, Synced},
    ports::{SystemClock, Work},
};
use aws_adapters::{call_budget::DynamoCallBudget, dynamodb_menu::DynamoMenuStore, dynamodb_tenants::DynamoTenants};
use domain::TenantId;
use indicatif::ProgressBar;
use serde::Serialize;
use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

/// As long as the function may take: a menu stays taken for so long if this process is ended in the middle.
const LONGEST: Duration = Duration::from_secs(120);

/// How often the spinner turns.
const TICK: Duration = Duration::from_millis(120);

/// The menu's use cases over both parties and the tables, as the function has them.
pub type LiveMenus = Menus<
    MenuPorts<cassa_in_cloud::Client, plateform::Client, DynamoMenuStore, DynamoCallBudget, DynamoTenants, SystemClock>,
>;

/// What a cycle did, and what was asked of it.
#[derive(Debug, Serialize)]
pub struct Report {
    tenant: TenantId,
    is_dry_run: bool,
    synced: Synced,
}

/// Runs a cycle and says in one line what it did; a menu that is held back is a failure.
///
/// # Errors
/// If somebody works on the menu, or a party or a table does not answer.
pub async fn run(operator: &Operator, tenant: &str, request: Request) -> Result<ExitCode> {
    operator.tenant(&TenantId::parse(tenant)?).await?;
    let takes_away = request.force && !request.dry_run;
    if takes_away && !operator.confirm(&format!("Applica a {tenant} anche ciò che toglie gran parte del menù?"))? {
        bail!("nothing was applied, as you said");
    }
    // On a terminal only, and on standard error.
    let spinner = ProgressBar::new_spinner().with_message(format!("menù di {tenant}"));
    spinner.enable_steady_tick(TICK);
    let report = cycle(&menus(operator), tenant, request).await;
    spinner.finish_and_clear();
    let report = report?;
    operator.print(&report, Report::text)?;
    Ok(ExitCode::from(u8::from(report.is_held_back())))
}

/// The menu's use cases over both parties and the tables, as the function has them.
#[must_use]
pub fn menus(operator: &Operator) -> LiveMenus {
    let state_table = &operator.config.sync.state_table;
    Menus::new(MenuPorts {
        till: operator.till.clone(),
        platform: operator.platform.clone(),
        store: operator.menus(),
        budget: DynamoCallBudget::new(operator.aws.dynamodb.clone(), state_table, SystemClock),
        tenants: operator.tenants.clone(),
        clock: SystemClock,
    })
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

    /// What was done, and of a dry run what would be.
    #[must_use]
    pub fn text(&self) -> String {
        let preview = self.synced.preview.as_ref().map(preview::as_text).unwrap_or_default();
        format!("{}\n{preview}", self.line())
    }

    /// What was done, in one line.
    #[must_use]
    pub fn line(&self) -> String {
        let Synced { whole, written, deactivated, held_back, customers, findings, .. } = &self.synced;
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
