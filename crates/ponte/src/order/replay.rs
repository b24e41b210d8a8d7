//! Having an order tried again. The function does it, under the order's lease; here it is only asked for.

use super::{status_in_words, stored};
use crate::operator::Operator;
use anyhow::{Context as _, Result};
use app::{
    message::{OrderEvent, OrderMessage},
    ports::{Freshness, OrderKey, OrderQueue as _, Platform as _, Tenants as _},
};
use aws_adapters::sqs::SqsOrderQueue;
use domain::{
    lifecycle::{OrderState, Phase, why_not_sent},
    order::{Order, Status},
};
use jiff::Timestamp;
use serde::Serialize;
use std::{process::ExitCode, time::Duration};

/// How long the platform may take.
const LONGEST: Duration = Duration::from_secs(20);

/// What comes of asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
enum Answer {
    /// On the queue.
    Queued {
        /// Names the attempt, as the order's history does.
        attempt_ms: i64,
    },
    /// It would do harm, or nothing.
    Refused {
        /// Why and what to do instead.
        why: String,
    },
}

/// Whether it may be asked for, and what the operator has to be sure of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Plan {
    Go,
    Ask(String),
    Refuse(String),
}

pub(super) async fn run(operator: &Operator, key: &OrderKey, again: bool) -> Result<ExitCode> {
    let access = operator.tenant(&key.tenant).await?;
    let token = operator.tenants.platform(Freshness::Cached).await?;
    let work = operator.work("order-replay", LONGEST);
    let order = operator.platform.order(&work, &token, key, &access.tenant.time_zone).await;
    let order = order.context("an order is tried again only as the platform has it now")?;
    let stored = stored(operator, key).await?;
    let answer = match plan(stored.as_ref().map(|stored| &stored.state), order.as_ref(), again) {
        Plan::Refuse(why) => Answer::Refused { why },
        Plan::Ask(question) if !operator.confirm(&question)? => Answer::Refused { why: "come richiesto".to_owned() },
        Plan::Ask(_) | Plan::Go => send(operator, key, again).await?,
    };
    operator.print(&answer, |answer| as_text(key, answer))?;
    Ok(ExitCode::from(u8::from(matches!(answer, Answer::Refused { .. }))))
}

fn plan(state: Option<&OrderState>, order: Option<&Order>, again: bool) -> Plan {
    let Some(order) = order else { return Plan::Refuse("la piattaforma non conosce l'ordine".to_owned()) };
    let on_till = state.is_some_and(|state| state.till_order().is_some());
    if !on_till && !matches!(order.status, Status::New | Status::Confirmed) {
        let why = format!("sulla piattaforma l'ordine è {}: non si invia più", status_in_words(order.status));
        return Plan::Refuse(why);
    }
    let Some(state) = state else { return Plan::Go };
    let told = why_not_sent(state).unwrap_or("l'ordine non è in cassa");
    match (&state.phase, again) {
        (Phase::Withdrawn, _) => Plan::Refuse("l'ordine è stato ritirato prima dell'invio".to_owned()),
        (Phase::NotOnTill, false) => Plan::Refuse(format!(
            "allo staff è stato detto: «{told}» Senti il ristorante: se nessuno l'ha inserito a mano, ripeti con --again"
        )),
        (Phase::NotOnTill, true) => Plan::Ask(format!(
            "Allo staff è stato detto: «{told}» Un ordine inserito a mano non si riconosce: se qualcuno l'ha già fatto, \
             sulla cassa ce ne saranno due. Inviare di nuovo?"
        )),
        _ => Plan::Go,
    }
}

async fn send(operator: &Operator, key: &OrderKey, again: bool) -> Result<Answer> {
    let attempt_ms = Timestamp::now().as_millisecond();
    let message = OrderMessage {
        tenant: key.tenant.clone(),
        correlation: format!("ponte-order-replay-{attempt_ms}"),
        sent_ms: attempt_ms,
        event: OrderEvent::Replay { order: key.order.clone(), again },
    };
    let queue = SqsOrderQueue::new(operator.aws.sqs.clone(), &operator.config.sync.orders_queue_url);
    queue.send(&[(message, Duration::ZERO)]).await?;
    Ok(Answer::Queued { attempt_ms })
}

fn as_text(key: &OrderKey, answer: &Answer) -> String {
    match answer {
        Answer::Queued { attempt_ms } => format!(
            "{}: in coda come tentativo {attempt_ms}; segui con ponte order show {} {}",
            key.order, key.tenant, key.order
        ),
        Answer::Refused { why } => format!("{}: non inviato, {why}", key.order),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::examples::{key, order, stored};

    fn planned(phase: &str, at_platform: &str, again: bool) -> Plan {
        let stored = stored(phase, "new", &[(0, "received"), (1, "not-sent:key")]);
        plan(Some(&stored.state), Some(&order(at_platform)), again)
    }

    #[test]
    fn what_is_on_its_way_or_on_the_till_goes_without_asking() {
        for phase in ["received", "creating", "on_till"] {
            assert_eq!(planned(phase, "new", false), Plan::Go);
        }
        assert_eq!(plan(None, Some(&order("new")), false), Plan::Go, "never seen");
    }

    #[test]
    fn an_order_not_sent_needs_the_operators_word_after_what_staff_were_told() {
        let Plan::Refuse(why) = planned("not_on_till", "new", false) else { panic!("not refused") };
        insta::assert_snapshot!(why, @"allo staff è stato detto: «La cassa rifiuta la chiave API o la licenza: l'ordine non è stato inviato. Inseriscilo a mano e controlla la chiave in Impostazioni > Account > API.» Senti il ristorante: se nessuno l'ha inserito a mano, ripeti con --again");
        let Plan::Ask(question) = planned("not_on_till", "new", true) else { panic!("not asked") };
        insta::assert_snapshot!(question, @"Allo staff è stato detto: «La cassa rifiuta la chiave API o la licenza: l'ordine non è stato inviato. Inseriscilo a mano e controlla la chiave in Impostazioni > Account > API.» Un ordine inserito a mano non si riconosce: se qualcuno l'ha già fatto, sulla cassa ce ne saranno due. Inviare di nuovo?");
    }

    #[test]
    fn what_nobody_expects_any_more_is_refused() {
        assert!(matches!(planned("not_on_till", "cancelled", true), Plan::Refuse(why) if why.contains("annullato")));
        assert!(matches!(planned("withdrawn", "new", true), Plan::Refuse(_)));
        assert!(matches!(plan(None, None, true), Plan::Refuse(_)));
        assert_eq!(planned("on_till", "rejected", false), Plan::Go, "only looked at");
    }

    #[test]
    fn the_answer_says_how_to_go_on() {
        let queued = as_text(&key(), &Answer::Queued { attempt_ms: 7 });
        assert_eq!(queued, "o-1: in coda come tentativo 7; segui con ponte order show rest-1 o-1");
        let refused = as_text(&key(), &Answer::Refused { why: "perché no".into() });
        assert_eq!(refused, "o-1: non inviato, perché no");
    }
}
