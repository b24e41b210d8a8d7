//! One order: what happened, what is left, what both sides believe.

use super::{status_in_words, stored};
use crate::{operator::Operator, table::table};
use anyhow::{Result, bail};
use app::ports::{Freshness, OrderKey, Platform as _, Stored, Tenants as _, Till as _};
use domain::{
    Cents,
    lifecycle::{Entry, OrderState, Phase, What, explain, in_words, why_not_sent},
    order::{Order, Status},
    till::{TillOrder, Workflow},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::Serialize;
use std::{process::ExitCode, time::Duration};

/// How long both sides together may take.
const LONGEST: Duration = Duration::from_secs(30);

/// An order as an operator sees it; no personal data.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Shown {
    tenant: String,
    order: String,
    number: String,
    explanation: String,
    /// What staff were told when it was not sent.
    told_to_staff: Option<&'static str>,
    status: Status,
    phase: &'static str,
    total_cents: i64,
    attempts: u8,
    alerts: u8,
    pending: Vec<String>,
    parked: Vec<String>,
    /// Until when somebody works on it.
    taken_until: Option<Timestamp>,
    timeline: Vec<Step>,
    platform: Belief,
    till: Belief,
    /// Where the two sides and what is stored are not in step.
    differences: Vec<String>,
    #[serde(skip)]
    zone: TimeZone,
}

/// One line of the history.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Step {
    at: Timestamp,
    /// How long after the line before.
    after_ms: i64,
    who: &'static str,
    what: String,
    code: String,
}

/// What a side believes now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(super) enum Belief {
    /// It answered.
    Known {
        /// What it says.
        says: String,
    },
    /// It does not know the order.
    Absent,
    /// It could not be asked.
    Unreachable {
        /// Why.
        why: String,
    },
    /// There was nothing to ask: the order is not known to be there.
    NotAsked,
}

pub(super) async fn run(operator: &Operator, key: &OrderKey) -> Result<ExitCode> {
    let Some(stored) = stored(operator, key).await? else { return unknown(operator, key).await };
    let shown = look(operator, key, &stored).await?;
    operator.print(&shown, as_text)?;
    Ok(ExitCode::SUCCESS)
}

/// Asks both sides and puts everything together.
pub(super) async fn look(operator: &Operator, key: &OrderKey, stored: &Stored) -> Result<Shown> {
    let access = operator.tenant(&key.tenant).await?;
    let work = operator.work("order-show", LONGEST);
    let platform = match operator.tenants.platform(Freshness::Cached).await {
        Ok(token) => {
            let asked = operator.platform.order(&work, &token, key, &access.tenant.time_zone).await;
            asked.map_err(|error| error.to_string())
        }
        Err(error) => Err(error.to_string()),
    };
    let till = match stored.state.till_order() {
        Some(id) => Some(operator.till.order(&work, &access, id).await.map_err(|error| error.to_string())),
        None => None,
    };
    Ok(Shown::of(key, stored, &platform, till.as_ref(), access.tenant.time_zone.clone()))
}

async fn unknown(operator: &Operator, key: &OrderKey) -> Result<ExitCode> {
    let access = operator.tenant(&key.tenant).await?;
    let token = operator.tenants.platform(Freshness::Cached).await?;
    let work = operator.work("order-show", LONGEST);
    match operator.platform.order(&work, &token, key, &access.tenant.time_zone).await {
        Ok(Some(order)) => bail!(
            "order {} of {} never arrived here; the platform has it «{}»; check its webhook, then ponte order replay",
            key.order,
            key.tenant,
            status_in_words(order.status)
        ),
        Ok(None) => bail!("neither this integration nor the platform knows order {} of {}", key.order, key.tenant),
        Err(error) => bail!("order {} of {} is not known here, and {error}", key.order, key.tenant),
    }
}

impl Shown {
    pub(super) fn of(
        key: &OrderKey,
        stored: &Stored,
        platform: &Result<Option<Order>, String>,
        till: Option<&Result<Option<TillOrder>, String>>,
        zone: TimeZone,
    ) -> Self {
        let state = &stored.state;
        Self {
            tenant: key.tenant.to_string(),
            order: key.order.to_string(),
            number: state.number.clone(),
            explanation: explain(state),
            told_to_staff: if state.phase == Phase::NotOnTill { why_not_sent(state) } else { None },
            status: state.status,
            phase: phase(&state.phase),
            total_cents: state.total.0,
            attempts: state.attempts,
            alerts: state.alerts,
            pending: state.pending.iter().map(|effect| effect_in_words(&effect.what)).collect(),
            parked: stored.parked.iter().cloned().collect(),
            taken_until: stored.leased_until,
            timeline: timeline(&state.history),
            platform: belief(platform, |order| {
                format!("{}, {}", status_in_words(order.status), order.total.in_italian())
            }),
            till: till.map_or(Belief::NotAsked, |till| belief(till, till_in_words)),
            differences: differences(state, platform, till),
            zone,
        }
    }
}

fn belief<T>(asked: &Result<Option<T>, String>, says: impl Fn(&T) -> String) -> Belief {
    match asked {
        Ok(Some(found)) => Belief::Known { says: says(found) },
        Ok(None) => Belief::Absent,
        Err(why) => Belief::Unreachable { why: why.clone() },
    }
}

fn till_in_words(order: &TillOrder) -> String {
    let workflow = format!("{:?}", order.workflow).to_uppercase();
    let document = if order.processed { "documentato" } else { "senza documento" };
    let amount = order.amount.map(|amount| format!(", {}", amount.in_italian())).unwrap_or_default();
    format!("{workflow}, {document}{amount}")
}

fn differences(
    state: &OrderState,
    platform: &Result<Option<Order>, String>,
    till: Option<&Result<Option<TillOrder>, String>>,
) -> Vec<String> {
    let mut found = Vec::new();
    match platform {
        Ok(Some(order)) if order.status != state.status => found.push(format!(
            "la piattaforma dà l'ordine per «{}», qui è «{}»",
            status_in_words(order.status),
            status_in_words(state.status)
        )),
        Ok(None) => found.push("la piattaforma non conosce l'ordine".to_owned()),
        _ => {}
    }
    match till {
        Some(Ok(None)) => found.push("la cassa non ha più l'ordine".to_owned()),
        Some(Ok(Some(order))) => {
            if order.workflow == Workflow::Unknown {
                found.push("la cassa usa uno stato che questa versione non conosce".to_owned());
            }
            if order.amount.is_some_and(|amount| amount != state.total) {
                found.push("il totale sulla cassa è diverso".to_owned());
            }
        }
        _ => {}
    }
    found
}

pub(super) fn phase(phase: &Phase) -> &'static str {
    match phase {
        Phase::Received => "received",
        Phase::Creating { .. } => "creating",
        Phase::OnTill { .. } => "on_till",
        Phase::NotOnTill => "not_on_till",
        Phase::Withdrawn => "withdrawn",
    }
}

fn phase_in_words(phase: &str) -> &str {
    match phase {
        "received" => "non ancora inviato",
        "creating" => "invio in corso",
        "on_till" => "in cassa",
        "not_on_till" => "non in cassa",
        "withdrawn" => "ritirato",
        other => other,
    }
}

fn effect_in_words(what: &What) -> String {
    match what {
        What::Create => "creare l'ordine in cassa".to_owned(),
        What::Status { to, .. } => format!("dire al cliente «{}»", status_in_words(*to)),
        What::Staff { message, .. } if message.is_empty() => "dire allo staff che l'ordine è in cassa".to_owned(),
        What::Staff { message, .. } => format!("dire allo staff: {message}"),
        What::Deadlines => "programmare gli avvisi di mancata risposta".to_owned(),
    }
}

/// The history in words, each line with its distance from the one before.
pub(super) fn timeline(history: &[Entry]) -> Vec<Step> {
    let before = std::iter::once(None).chain(history.iter().map(Some));
    history
        .iter()
        .zip(before)
        .map(|(Entry(ms, code), before)| {
            let line = in_words(code);
            Step {
                at: Timestamp::from_millisecond(*ms).unwrap_or_default(),
                after_ms: before.map_or(0, |before| ms - before.0),
                who: line.who,
                what: line.what,
                code: code.clone(),
            }
        })
        .collect()
}

impl Step {
    /// When, how long after the line before, who and what.
    pub(super) fn cells(&self, zone: &TimeZone) -> [String; 4] {
        let at = self.at.to_zoned_datetime(zone.clone()).strftime("%d/%m %H:%M:%S").to_string();
        let after = if self.after_ms == 0 { String::new() } else { format!("+{}", span(self.after_ms)) };
        [at, after, self.who.to_owned(), self.what.clone()]
    }
}

/// A length of time as people say it.
pub(super) fn span(ms: i64) -> String {
    let whole = SignedDuration::from_millis(ms);
    match whole.as_secs() {
        ..10 => format!("{},{} s", whole.as_secs(), whole.subsec_millis() / 100),
        10..60 => format!("{} s", whole.as_secs()),
        60..3600 => format!("{} min {} s", whole.as_mins(), whole.as_secs() % 60),
        _ => format!("{} h {} min", whole.as_hours(), whole.as_mins() % 60),
    }
}

fn believed(belief: &Belief) -> String {
    match belief {
        Belief::Known { says } => says.clone(),
        Belief::Absent => "non lo conosce".to_owned(),
        Belief::Unreachable { why } => format!("non risponde ({why})"),
        Belief::NotAsked => "non interrogata: non risulta in cassa".to_owned(),
    }
}

pub(super) fn as_text(shown: &Shown) -> String {
    let total = Cents(shown.total_cents).in_italian();
    let mut text = format!("Ordine {} ({}) di {}, {total}\n", shown.number, shown.order, shown.tenant);
    text.push_str(&format!("{}\n", shown.explanation));
    if let Some(told) = shown.told_to_staff {
        text.push_str(&format!("Detto allo staff: {told}\n"));
    }
    text.push('\n');
    let cells = shown.timeline.iter().map(|step| step.cells(&shown.zone));
    text.push_str(&table(["quando", "dopo", "chi", "che cosa"], cells));
    let beliefs = [
        ("qui", format!("{}, {}", status_in_words(shown.status), phase_in_words(shown.phase))),
        ("piattaforma", believed(&shown.platform)),
        ("cassa", believed(&shown.till)),
        ("tentativi", shown.attempts.to_string()),
    ];
    text.push_str(&format!("\n{}", crate::table::pairs(&beliefs)));
    text.extend(shown.differences.iter().map(|line| format!("attenzione: {line}\n")));
    text.extend(shown.pending.iter().map(|line| format!("da fare: {line}\n")));
    text.extend(shown.parked.iter().map(|fact| format!("in attesa: {fact}\n")));
    if let Some(until) = shown.taken_until {
        let until = until.to_zoned_datetime(shown.zone.clone()).strftime("%H:%M:%S").to_string();
        text.push_str(&format!("preso in carico fino alle {until}\n"));
    }
    text
}

#[cfg(test)]
mod tests;
