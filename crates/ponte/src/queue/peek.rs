//! What was given up, and why if the state of its order knows.

use super::Queue;
use crate::{operator::Operator, table::table};
use anyhow::Result;
use app::ports::{OrderKey, OrderStore as _};
use aws_adapters::dead_letters::{DeadLetter, DeadLetters};
use domain::lifecycle::explain;
use jiff::Timestamp;
use serde::Serialize;
use std::{collections::BTreeSet, process::ExitCode, time::Duration};

/// For how long a message is hidden while its page is read; all are given back before the end.
const HIDDEN: Duration = Duration::from_secs(60);

/// One message; no personal data.
#[derive(Debug, Clone, Serialize)]
struct Row {
    message: String,
    tenant: Option<String>,
    kind: String,
    order: Option<String>,
    /// How often it was received, looking included.
    receives: u64,
    first_sent: Option<Timestamp>,
    /// Where its order stands now, or why the message cannot be read.
    why: String,
}

pub(super) async fn run(operator: &Operator, queue: Queue, max: usize) -> Result<ExitCode> {
    let letters = queue.dead_letters(operator);
    let held = hold(&letters, max).await;
    let rows = match &held {
        Ok(held) => rows(operator, queue, &held[..held.len().min(max)]).await,
        Err(_) => Ok(Vec::new()),
    };
    for letter in held.iter().flatten() {
        // One that cannot be given back comes back by itself.
        let _ = letters.release(letter).await;
    }
    held?;
    operator.print(&rows?, |rows| as_text(rows))?;
    Ok(ExitCode::SUCCESS)
}

async fn hold(letters: &DeadLetters, max: usize) -> Result<Vec<DeadLetter>> {
    let (mut held, mut seen) = (Vec::new(), BTreeSet::new());
    while held.len() < max {
        let page = letters.receive(HIDDEN).await?;
        let before = held.len();
        held.extend(page.into_iter().filter(|letter| seen.insert(letter.id.clone())));
        if held.len() == before {
            break;
        }
    }
    Ok(held)
}

async fn rows(operator: &Operator, queue: Queue, letters: &[DeadLetter]) -> Result<Vec<Row>> {
    let store = operator.orders();
    let mut rows = Vec::new();
    for letter in letters {
        let content = queue.read(letter);
        let stored = match (&content.tenant, &content.order) {
            (Some(tenant), Some(order)) => {
                store.load(&OrderKey { tenant: tenant.clone(), order: order.clone() }).await?
            }
            _ => None,
        };
        let why = stored.map(|stored| explain(&stored.state)).or(content.unreadable).unwrap_or_default();
        rows.push(Row {
            message: letter.id.clone(),
            tenant: content.tenant.map(|tenant| tenant.to_string()),
            kind: content.kind,
            order: content.order.map(|order| order.to_string()),
            receives: letter.receives,
            first_sent: letter.first_sent,
            why,
        });
    }
    Ok(rows)
}

fn as_text(rows: &[Row]) -> String {
    if rows.is_empty() {
        return "nessun messaggio arenato\n".to_owned();
    }
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    table(
        ["messaggio", "ristorante", "tipo", "ordine", "letture", "inviato", "che cosa si sa"],
        rows.iter().map(|row| {
            let sent = row.first_sent.map_or_else(|| "-".to_owned(), |at| at.to_string());
            let kind = if row.kind.is_empty() { "-".to_owned() } else { row.kind.clone() };
            let receives = row.receives.to_string();
            [row.message.clone(), or_dash(&row.tenant), kind, or_dash(&row.order), receives, sent, row.why.clone()]
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stranded_messages_are_a_table_of_ids() {
        let row = Row {
            message: "m-1".into(),
            tenant: Some("rest-1".into()),
            kind: "placed".into(),
            order: Some("o-1".into()),
            receives: 10,
            first_sent: Timestamp::from_millisecond(1_795_543_200_000).ok(),
            why: "L'ordine è in cassa e attende la risposta del ristorante.".into(),
        };
        let lost = Row { tenant: None, kind: String::new(), order: None, why: "not a message".into(), ..row.clone() };
        insta::assert_snapshot!(as_text(&[row, lost]), @r"
        messaggio  ristorante  tipo    ordine  letture  inviato               che cosa si sa
        m-1        rest-1      placed  o-1     10       2026-11-24T18:00:00Z  L'ordine è in cassa e attende la risposta del ristorante.
        m-1        -           -       -       10       2026-11-24T18:00:00Z  not a message
        ");
        assert_eq!(as_text(&[]), "nessun messaggio arenato\n");
    }
}
