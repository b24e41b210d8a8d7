//! `ponte tenant erase-customer`: what Ponte itself keeps of a customer.
//!
//! Of a customer the state table holds two things: the body of an order that is on its way to the till, which goes the
//! moment the order is there or certainly is not, and digests of the customers brought last, from which nothing can be
//! read back. Everything else is the platform's, the till's, or a message that a queue drops by itself.

use super::{LONGEST, registry};
use crate::operator::Operator;
use anyhow::{Context as _, Result, bail};
use app::ports::{
    Clock as _, Freshness, OrderKey, OrderStore as _, Platform as _, SystemClock, Tenants as _, menu::MenuStore as _,
};
use clap::Args;
use domain::{CustomerId, TenantId, lifecycle::Phase, tenant::Tenant};
use jiff::SignedDuration;
use serde::Serialize;
use std::process::ExitCode;

/// As long as the menu is kept from others.
const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// A customer to be forgotten.
#[derive(Debug, Args)]
pub struct Erase {
    /// The restaurant's id on the platform.
    pub id: String,
    /// The customer's id on the platform.
    pub customer: String,
}

#[derive(Debug, Serialize)]
struct Erased {
    tenant: String,
    customer: String,
    /// How many digests of customers were erased, of this one or of others: nobody can tell.
    digests: usize,
    /// Orders of the customer that are on their way to the till right now, whose body cannot be erased.
    on_their_way: Vec<String>,
    /// What others keep, and until when.
    elsewhere: Vec<&'static str>,
}

/// What others keep of a customer.
const ELSEWHERE: [&str; 4] = [
    "Plateform: cliente e ordini, finché non li cancella Plateform",
    "cassa: anagrafica, ordini e documenti (cassa: Clienti, elimina il cliente; i documenti fiscali restano per legge)",
    "code: un messaggio con un ordine vive al più 4 giorni, 14 se è tra quelli abbandonati",
    "log: nessun dato personale",
];

/// Forgets a customer. An order on its way keeps its body until it is there: the exit code then says that it is not
/// done.
///
/// # Errors
/// If there is no such tenant, somebody works on its menu, or a table or the platform does not answer.
pub(super) async fn run(operator: &Operator, erase: &Erase) -> Result<ExitCode> {
    let customer = CustomerId::parse(&erase.customer)?;
    let tenant = registry(operator).get(&erase.id).await?.tenant()?;
    let on_their_way = on_their_way(operator, &tenant, &customer).await?;
    let digests = forget_digests(operator, &tenant.id).await?;
    let is_done = on_their_way.is_empty();
    let erased = Erased {
        tenant: tenant.id.to_string(),
        customer: customer.to_string(),
        digests,
        on_their_way,
        elsewhere: ELSEWHERE.to_vec(),
    };
    operator.print(&erased, as_text)?;
    Ok(ExitCode::from(u8::from(!is_done)))
}

/// The customer's orders whose body is stored, by the number that people know. Whose an order is, the platform says.
async fn on_their_way(operator: &Operator, tenant: &Tenant, customer: &CustomerId) -> Result<Vec<String>> {
    let (orders, mut found) = (operator.orders(), Vec::new());
    let work = operator.work("tenant-erase", LONGEST);
    for order in orders.open_orders(&tenant.id).await? {
        let key = OrderKey { tenant: tenant.id.clone(), order };
        let Some(stored) = orders.load(&key).await? else { continue };
        if !matches!(stored.state.phase, Phase::Creating { .. }) {
            continue;
        }
        let access = operator.tenants.platform(Freshness::Cached).await?;
        let order = operator.platform.order(&work, &access, &key, &tenant.time_zone).await;
        match order.with_context(|| format!("the platform does not say whose order {} is", key.order))? {
            Some(order) if order.customer.id != *customer => {}
            // An order that the platform has lost may be anybody's.
            _ => found.push(format!("{} ({})", stored.state.number, key.order)),
        }
    }
    Ok(found)
}

async fn forget_digests(operator: &Operator, tenant: &TenantId) -> Result<usize> {
    let menus = operator.menus();
    let known = menus.look(tenant).await?.map_or(0, |state| state.customers_brought.len());
    if known == 0 {
        return Ok(0);
    }
    let Some(mut lease) = menus.take(tenant, SystemClock.now() + LEASE).await? else {
        bail!("the menu of {tenant} is being worked on; say it again in a minute");
    };
    let digests = lease.state.customers_brought.len();
    lease.state.customers_brought.clear();
    lease.state.customer_failed = None;
    if !menus.save(tenant, lease.revision, &lease.state).await? {
        bail!("the menu of {tenant} was taken by somebody else meanwhile; say it again");
    }
    Ok(digests)
}

fn as_text(erased: &Erased) -> String {
    let mut text = format!("{}, cliente {}\n", erased.tenant, erased.customer);
    text.push_str(&format!("  cancellate  {} impronte di clienti portati alla cassa\n", erased.digests));
    for order in &erased.on_their_way {
        text.push_str(&format!("  RESTA       ordine {order}, in viaggio verso la cassa: ripeti tra qualche minuto\n"));
    }
    for elsewhere in &erased.elsewhere {
        text.push_str(&format!("  altrove     {elsewhere}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_erased_and_what_others_keep_is_told_honestly() {
        let erased = Erased {
            tenant: "rest-1".into(),
            customer: "c-7".into(),
            digests: 2,
            on_their_way: vec!["1004 (ord-4)".into()],
            elsewhere: ELSEWHERE.to_vec(),
        };
        insta::assert_snapshot!(as_text(&erased), @r"
        rest-1, cliente c-7
          cancellate  2 impronte di clienti portati alla cassa
          RESTA       ordine 1004 (ord-4), in viaggio verso la cassa: ripeti tra qualche minuto
          altrove     Plateform: cliente e ordini, finché non li cancella Plateform
          altrove     cassa: anagrafica, ordini e documenti (cassa: Clienti, elimina il cliente; i documenti fiscali restano per legge)
          altrove     code: un messaggio con un ordine vive al più 4 giorni, 14 se è tra quelli abbandonati
          altrove     log: nessun dato personale
        ");
    }
}
