//! Which orders need a person, or may.

use super::{show::span, status_in_words};
use crate::{operator::Operator, table::table};
use anyhow::{Context as _, Result};
use app::ports::{OrderKey, OrderStore as _, Stored};
use clap::ValueEnum;
use domain::{
    TenantId,
    lifecycle::{Phase, explain},
    order::Status,
};
use jiff::Timestamp;
use serde::Serialize;
use std::process::ExitCode;

/// After how long without a step an order that is on its way counts as stuck.
const STUCK_MS: i64 = 60_000;

/// How many megabytes of the table are read at most to find the orders that failed.
const MOST_PAGES: usize = 200;

/// Which orders to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// Something may still happen to them.
    Open,
    /// On their way, or with something left to tell, for more than a minute.
    Stuck,
    /// On the till and not answered.
    Waiting,
    /// Not on the till, for good: staff were told.
    Failed,
}

/// One order of the list; no personal data.
#[derive(Debug, Clone, Serialize)]
struct Row {
    tenant: String,
    order: String,
    number: String,
    status: Status,
    phase: &'static str,
    /// How long ago the last thing happened to it.
    rested_ms: i64,
    attempts: u8,
    explanation: String,
}

/// The list, and whether it is everything.
#[derive(Debug, Clone, Serialize)]
struct Listed {
    orders: Vec<Row>,
    /// Whether every order that belongs here is in it.
    is_whole: bool,
}

pub(super) async fn run(operator: &Operator, tenant: Option<&str>, which: Which) -> Result<ExitCode> {
    let tenant = tenant.map(TenantId::parse).transpose()?;
    let (found, is_whole) = match which {
        Which::Failed => failed(operator, tenant).await?,
        Which::Open | Which::Stuck | Which::Waiting => (open(operator, tenant).await?, true),
    };
    let listed = Listed::of(&found, which, Timestamp::now(), is_whole);
    operator.print(&listed, as_text)?;
    Ok(ExitCode::SUCCESS)
}

async fn open(operator: &Operator, tenant: Option<TenantId>) -> Result<Vec<(OrderKey, Stored)>> {
    let store = operator.orders();
    let tenants = match tenant {
        Some(tenant) => vec![tenant],
        None => store.open_tenants().await?,
    };
    let mut found = Vec::new();
    for tenant in tenants {
        for order in store.open_orders(&tenant).await? {
            let key = OrderKey { tenant: tenant.clone(), order };
            found.extend(store.load(&key).await?.map(|stored| (key, stored)));
        }
    }
    Ok(found)
}

async fn failed(operator: &Operator, tenant: Option<TenantId>) -> Result<(Vec<(OrderKey, Stored)>, bool)> {
    let tenant = tenant.context(
        "orders that failed are in no index; name a restaurant, whose orders are searched in the whole table",
    )?;
    let scanned = operator.orders().scan(&tenant, MOST_PAGES).await?;
    let keyed = scanned.orders.into_iter().map(|(order, stored)| (OrderKey { tenant: tenant.clone(), order }, stored));
    Ok((keyed.collect(), scanned.is_whole))
}

impl Which {
    fn fits(self, stored: &Stored, rested_ms: i64) -> bool {
        let state = &stored.state;
        let under_way = matches!(state.phase, Phase::Received | Phase::Creating { .. });
        match self {
            Self::Open => state.is_open(),
            Self::Stuck => state.is_open() && (under_way || !state.pending.is_empty()) && rested_ms >= STUCK_MS,
            Self::Waiting => state.status == Status::New && matches!(state.phase, Phase::OnTill { .. }),
            Self::Failed => state.phase == Phase::NotOnTill,
        }
    }
}

impl Listed {
    fn of(found: &[(OrderKey, Stored)], which: Which, now: Timestamp, is_whole: bool) -> Self {
        let rested = |stored: &Stored| stored.state.history.last().map_or(0, |last| now.as_millisecond() - last.0);
        let mut orders: Vec<Row> = found
            .iter()
            .filter(|(_, stored)| which.fits(stored, rested(stored)))
            .map(|(key, stored)| Row {
                tenant: key.tenant.to_string(),
                order: key.order.to_string(),
                number: stored.state.number.clone(),
                status: stored.state.status,
                phase: super::show::phase(&stored.state.phase),
                rested_ms: rested(stored),
                attempts: stored.state.attempts,
                explanation: explain(&stored.state),
            })
            .collect();
        orders.sort_by_key(|row| std::cmp::Reverse(row.rested_ms));
        Self { orders, is_whole }
    }
}

fn as_text(listed: &Listed) -> String {
    let mut text = match listed.orders.is_empty() {
        true => "nessun ordine\n".to_owned(),
        false => table(
            ["ristorante", "ordine", "n.", "stato", "fermo da", "che cosa"],
            listed.orders.iter().map(|row| {
                let status = status_in_words(row.status).to_owned();
                let rested = span(row.rested_ms);
                [row.tenant.clone(), row.order.clone(), row.number.clone(), status, rested, row.explanation.clone()]
            }),
        ),
    };
    if !listed.is_whole {
        text.push_str("la tabella è troppo grande: l'elenco non è completo\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::examples::{key, stored};

    fn now() -> Timestamp {
        Timestamp::from_millisecond(1_795_543_200_000 + 300_000).unwrap()
    }

    fn listed(which: Which) -> Listed {
        let orders = [
            stored("received", "new", &[(0, "received"), (10_000, "unreachable")]),
            stored("received", "new", &[(299_000, "received")]),
            stored("on_till", "new", &[(60_000, "on-till")]),
            stored("on_till", "confirmed", &[(90_000, "confirmed")]),
            stored("not_on_till", "new", &[(5_000, "not-sent:paused")]),
            stored("withdrawn", "cancelled", &[(1_000, "cancelled")]),
        ];
        let found: Vec<_> = orders.into_iter().map(|stored| (key(), stored)).collect();
        Listed::of(&found, which, now(), which != Which::Failed)
    }

    #[test]
    fn open_orders_are_listed_the_longest_at_rest_first() {
        insta::assert_snapshot!(as_text(&listed(Which::Open)), @r"
        ristorante  ordine  n.    stato       fermo da    che cosa
        rest-1      o-1     1001  nuovo       4 min 50 s  L'ordine è arrivato e sta per essere inviato alla cassa.
        rest-1      o-1     1001  nuovo       4 min 0 s   L'ordine è in cassa e attende la risposta del ristorante.
        rest-1      o-1     1001  confermato  3 min 30 s  L'ordine è accettato e attende che la cassa lo completi.
        rest-1      o-1     1001  nuovo       1,0 s       L'ordine è arrivato e sta per essere inviato alla cassa.
        ");
    }

    #[test]
    fn each_list_holds_what_it_says() {
        let count = |which| listed(which).orders.len();
        assert_eq!([Which::Open, Which::Stuck, Which::Waiting, Which::Failed].map(count), [4, 1, 1, 1]);
    }

    #[test]
    fn a_search_that_was_cut_off_says_so() {
        insta::assert_snapshot!(as_text(&listed(Which::Failed)), @r"
         ristorante  ordine  n.    stato  fermo da    che cosa
         rest-1      o-1     1001  nuovo  4 min 55 s  L'ordine non è in cassa e non verrà inviato: lo staff deve inserirlo a mano.
        la tabella è troppo grande: l'elenco non è completo
        ");
        assert_eq!(as_text(&Listed { orders: vec![], is_whole: true }), "nessun ordine\n");
    }
}
