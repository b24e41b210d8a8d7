//! `ponte status`: all restaurants at a glance.

use crate::{
    operator::Operator,
    table,
    tenant::{self, name, state},
};
use anyhow::Result;
use app::ports::{
    Clock as _, StoreError, SystemClock,
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
use tokio::task::JoinSet;

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
    /// How many changes of orders in a row the till did not push.
    changes_not_pushed: u32,
    /// Whether it no longer calls.
    till_silent: bool,
    open_orders: usize,
    errors: usize,
    warnings: usize,
    /// What of it cannot be read, if anything.
    problem: Option<String>,
}

/// How many restaurants are looked at at once.
const AT_ONCE: usize = 16;

/// Shows how every restaurant stands.
///
/// # Errors
/// If a table does not answer.
pub async fn run(operator: &Operator) -> Result<ExitCode> {
    let records = tenant::registry(operator).all().await?;
    let mut glances = Vec::with_capacity(records.len());
    for records in records.chunks(AT_ONCE) {
        let mut looks = JoinSet::new();
        for record in records {
            looks.spawn(glance(operator.clone(), record.clone()));
        }
        while let Some(glance) = looks.join_next().await {
            glances.push(glance??);
        }
    }
    glances.sort_by(|a, b| a.tenant.cmp(&b.tenant));
    operator.print(&glances, |glances| as_text(glances))?;
    Ok(ExitCode::SUCCESS)
}

/// One restaurant. What cannot be read of it must not hide the others.
async fn glance(operator: Operator, record: Record) -> Result<Glance> {
    let now = SystemClock.now();
    match look(&operator, record.id()).await {
        Ok((menu, open_orders, findings)) => Ok(made(&record, menu, open_orders, &findings, now)),
        Err(error @ StoreError::Malformed { .. }) => {
            let problem = Some(error.to_string());
            Ok(Glance { problem, ..made(&record, MenuState::default(), 0, &[], now) })
        }
        Err(error) => Err(error.into()),
    }
}

async fn look(operator: &Operator, id: &str) -> Result<(MenuState, usize, Vec<Finding>), StoreError> {
    // An id that is none is told by the record's state.
    let Ok(id) = TenantId::parse(id) else { return Ok(Default::default()) };
    let menus = operator.menus();
    let menu = menus.look(&id).await?.unwrap_or_default();
    Ok((menu, operator.open_orders(&id).await?, menus.findings(&id).await?))
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
        changes_not_pushed: menu.pushes.unpushed,
        till_silent: menu.pushes.is_silent(),
        open_orders,
        errors: count(Level::Error),
        warnings: count(Level::Warning),
        problem: None,
    }
}

fn as_text(glances: &[Glance]) -> String {
    if glances.is_empty() {
        return tenant::NOBODY.to_owned();
    }
    let rows = glances.iter().map(|glance| {
        [
            glance.tenant.clone(),
            glance.name.clone(),
            glance.state.to_owned(),
            menu(glance),
            health(glance),
            glance.open_orders.to_string(),
            format!("errori {}, avvisi {}", glance.errors, glance.warnings),
        ]
    });
    let mut text =
        table::table(["ristorante", "nome", "stato", "menù completo", "salute", "ordini aperti", "segnalazioni"], rows);
    for (glance, problem) in glances.iter().filter_map(|glance| Some((glance, glance.problem.as_ref()?))) {
        text.push_str(&format!("DA CORREGGERE  {}: {problem}\n", glance.tenant));
    }
    text
}

fn menu(glance: &Glance) -> String {
    let age = glance.menu_age_seconds.map_or_else(|| "mai".to_owned(), |age| format!("{} fa", ago(age)));
    if glance.held_back { format!("{age}, trattenuto") } else { age }
}

fn health(glance: &Glance) -> String {
    let health = match glance.health {
        None => "-",
        Some(Health::Active) => "attiva",
        Some(Health::Degraded) => "con limiti",
        Some(Health::Error) => "in errore",
    };
    if glance.till_silent { format!("{health}, la cassa non avvisa") } else { health.to_owned() }
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
    use domain::{SalesPointId, doctor::Pushes, menu::Check};

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
            pushes: Pushes { unpushed: 3, ..Pushes::default() },
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
        let new = Glance { problem: Some("menu of tenant rest-12 cannot be read".into()), ..new };
        insta::assert_snapshot!(as_text(&[well, new]), @r"
         ristorante  nome     stato   menù completo       salute                           ordini aperti  segnalazioni
         rest-1      rest-1   attivo  3 h fa, trattenuto  con limiti, la cassa non avvisa  2              errori 0, avvisi 1
         rest-12     rest-12  attivo  mai                 -                                0              errori 0, avvisi 0
        DA CORREGGERE  rest-12: menu of tenant rest-12 cannot be read
        ");
    }

    #[test]
    fn an_age_is_in_the_unit_that_people_would_say() {
        let ages = [-5, 59, 60, 3599, 7200, 172_800].map(ago);
        assert_eq!(ages, ["0 s", "59 s", "1 min", "59 min", "2 h", "2 giorni"]);
    }
}
