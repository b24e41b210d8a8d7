//! `ponte status`: all restaurants at a glance.

use crate::{
    operator::Operator,
    table,
    tenant::{self, name, state},
};
use anyhow::Result;
use app::ports::{
    Clock as _, OrderStore as _, SystemClock,
    menu::{Health, MenuState, MenuStore as _},
};
use aws_adapters::dynamodb_registry::Record;
use domain::{
    TenantId,
    menu::{Finding, Level},
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::process::ExitCode;

/// How one restaurant stands.
#[derive(Debug, Serialize)]
struct Glance {
    tenant: String,
    name: String,
    state: &'static str,
    /// When the whole menu was last read and compared.
    menu_at: Option<Timestamp>,
    /// How long ago that was, in seconds.
    menu_age_seconds: Option<i64>,
    /// Whether the last reading was too doubtful to be applied.
    held_back: bool,
    /// What the restaurant was last told.
    health: Option<Health>,
    open_orders: usize,
    errors: usize,
    warnings: usize,
}

/// Shows how every restaurant stands.
///
/// # Errors
/// If a table does not answer.
pub async fn run(operator: &Operator) -> Result<ExitCode> {
    let mut glances = Vec::new();
    for record in tenant::registry(operator).all().await? {
        glances.push(glance(operator, &record).await?);
    }
    operator.print(&glances, |glances| as_text(glances))?;
    Ok(ExitCode::SUCCESS)
}

async fn glance(operator: &Operator, record: &Record) -> Result<Glance> {
    let Ok(id) = TenantId::parse(record.id()) else {
        return Ok(made(record, MenuState::default(), 0, &[], SystemClock.now()));
    };
    let menus = operator.menus();
    let menu = menus.look(&id).await?.unwrap_or_default();
    let open = operator.orders().open_orders(&id).await?.len();
    Ok(made(record, menu, open, &menus.findings(&id).await?, SystemClock.now()))
}

fn made(record: &Record, menu: MenuState, open_orders: usize, findings: &[Finding], now: Timestamp) -> Glance {
    let menu_at = menu.whole_pass_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    Glance {
        tenant: record.id().to_owned(),
        name: name(record),
        state: state(record),
        menu_at,
        menu_age_seconds: menu_at.map(|at| now.duration_since(at).as_secs()),
        held_back: menu.held_back,
        health: menu.health.map(|(health, _)| health),
        open_orders,
        errors: count(Level::Error),
        warnings: count(Level::Warning),
    }
}

fn as_text(glances: &[Glance]) -> String {
    let rows = glances.iter().map(|glance| {
        [
            glance.tenant.clone(),
            glance.name.clone(),
            glance.state.to_owned(),
            menu(glance),
            health(glance).to_owned(),
            glance.open_orders.to_string(),
            format!("errori {}, avvisi {}", glance.errors, glance.warnings),
        ]
    });
    table::table(["ristorante", "nome", "stato", "menù completo", "salute", "ordini aperti", "segnalazioni"], rows)
}

fn menu(glance: &Glance) -> String {
    let age = glance.menu_age_seconds.map_or_else(|| "mai".to_owned(), |age| format!("{} fa", ago(age)));
    if glance.held_back { format!("{age}, trattenuto") } else { age }
}

fn health(glance: &Glance) -> &'static str {
    match glance.health {
        None => "-",
        Some(Health::Active) => "attiva",
        Some(Health::Degraded) => "con limiti",
        Some(Health::Error) => "in errore",
    }
}

/// A time span as people say it.
fn ago(seconds: i64) -> String {
    let span = SignedDuration::from_secs(seconds.max(0));
    match (span.as_hours(), span.as_mins()) {
        (0, 0) => format!("{} s", span.as_secs()),
        (0, minutes) => format!("{minutes} min"),
        (hours, _) if hours < 48 => format!("{hours} h"),
        (hours, _) => format!("{} giorni", hours / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{SalesPointId, menu::Check};

    fn record(id: &str) -> Record {
        Record::new(&TenantId::parse(id).unwrap(), SalesPointId(90101))
    }

    #[test]
    fn every_restaurant_is_one_aligned_line() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let menu = MenuState {
            whole_pass_ms: Some(now.as_millisecond() - 3 * 3_600_000),
            health: Some((Health::Degraded, 1)),
            held_back: true,
            ..MenuState::default()
        };
        let finding = Finding {
            check: Check::Price,
            level: Level::Warning,
            subject: "p1".into(),
            message: "senza prezzo".into(),
            remedy: "scrivilo".into(),
        };
        let well = made(&record("rest-1"), menu, 2, &[finding], now);
        let new = made(&record("rest-12"), MenuState::default(), 0, &[], now);
        insta::assert_snapshot!(as_text(&[well, new]), @r"
        ristorante  nome     stato   menù completo       salute      ordini aperti  segnalazioni
        rest-1      rest-1   attivo  3 h fa, trattenuto  con limiti  2              errori 0, avvisi 1
        rest-12     rest-12  attivo  mai                 -           0              errori 0, avvisi 0
        ");
    }

    #[test]
    fn an_age_is_in_the_unit_that_people_would_say() {
        let ages = [-5, 59, 60, 3599, 7200, 172_800].map(ago);
        assert_eq!(ages, ["0 s", "59 s", "1 min", "59 min", "2 h", "2 giorni"]);
    }
}
