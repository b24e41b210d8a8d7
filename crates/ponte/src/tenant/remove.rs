//! `ponte tenant remove`: record and lock go together, then what is known of the menu.

use super::{edit::refuse_with_open_orders, registry, talk, tell};
use crate::operator::Operator;
use anyhow::{Context as _, Result, bail};
use app::ports::{OrderKey, OrderStore as _};
use clap::Args;
use domain::TenantId;
use serde::Serialize;
use std::process::ExitCode;

/// A restaurant to be taken off its till.
#[derive(Debug, Args)]
pub struct Remove {
    /// The restaurant's id on the platform.
    pub id: String,
    /// Even while orders are open: nobody will follow them any more.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Serialize)]
struct Removed {
    tenant: String,
    /// The sales point that is free now.
    sales_point: Option<i64>,
    /// How many items about the menu were deleted.
    menu_items: usize,
    /// How many open orders nobody follows any more.
    unwatched: usize,
    /// Whether everything that follows the removal was done.
    is_complete: bool,
}

/// Removes a restaurant.
///
/// # Errors
/// If orders are open, nobody says yes, or the table does not answer.
pub(super) async fn run(operator: &Operator, remove: &Remove) -> Result<ExitCode> {
    let registry = registry(operator);
    let record = registry.get(&remove.id).await?;
    let id = TenantId::parse(&remove.id)?;
    if !remove.force {
        refuse_with_open_orders(operator, &id).await?;
    }
    let name = super::show::name(&record);
    if !operator.confirm(&format!("Scollego «{name}» ({id}) dalla cassa e cancello i suoi segreti?"))? {
        bail!("{id} stays as it is");
    }
    registry.remove(&record).await?;
    // Each of these is tried whatever becomes of the others: the record is gone, and the command cannot be repeated.
    let forgotten = operator.menus().forget(&id).await.with_context(|| {
        format!("what is known of the menu was not deleted; delete the items menu#{id} of the state table by hand")
    });
    let unwatched = unwatch(operator, &id).await.context("open orders are looked at in vain for 45 days");
    let told =
        tell::removed(operator, &id).await.context("the platform was not told and shows the integration as active");
    let failures: Vec<&anyhow::Error> =
        [forgotten.as_ref().err(), unwatched.as_ref().err(), told.as_ref().err()].into_iter().flatten().collect();
    for error in &failures {
        talk::say(&format!("ponte: {id} is removed, but {error:#}"))?;
    }
    let is_complete = failures.is_empty();
    let (menu_items, unwatched) = (forgotten.unwrap_or_default(), unwatched.unwrap_or_default());
    let sales_point = record.sales_point().map(|point| point.0);
    let removed = Removed { tenant: id.to_string(), sales_point, menu_items, unwatched, is_complete };
    operator.print(&removed, as_text)?;
    Ok(ExitCode::from(u8::from(!is_complete)))
}

/// Open orders without a tenant would be looked at every minute, in vain.
async fn unwatch(operator: &Operator, id: &TenantId) -> Result<usize> {
    let orders = operator.orders();
    let open = orders.open_orders(id).await?;
    for order in &open {
        orders.stop_watching(&OrderKey { tenant: id.clone(), order: order.clone() }, u64::MAX).await?;
    }
    Ok(open.len())
}

fn as_text(removed: &Removed) -> String {
    let point = removed.sales_point.map_or_else(String::new, |point| format!(", il punto cassa {point} è libero"));
    let orders = match removed.unwatched {
        0 => "Ponte ricorda gli ordini passati, senza dati personali, per 45 giorni.\n".to_owned(),
        open => format!(
            "Ordini aperti che nessuno segue più: {open}. Controllali sulla cassa e su Plateform.\n\
             Ponte li ricorda per 45 giorni, con i dati del cliente se erano in viaggio verso la cassa.\n"
        ),
    };
    format!(
        "{}: scollegato{point}\n\
         Il menù e gli ordini su Plateform restano come sono; i WebHook sulla cassa vanno tolti a mano.\n{orders}",
        removed.tenant
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_after_a_removal_is_told() {
        let removed = Removed {
            tenant: "rest-1".into(),
            sales_point: Some(90101),
            menu_items: 3,
            unwatched: 0,
            is_complete: true,
        };
        insta::assert_snapshot!(as_text(&removed), @r"
        rest-1: scollegato, il punto cassa 90101 è libero
        Il menù e gli ordini su Plateform restano come sono; i WebHook sulla cassa vanno tolti a mano.
        Ponte ricorda gli ordini passati, senza dati personali, per 45 giorni.
        ");
        insta::assert_snapshot!(as_text(&Removed { unwatched: 2, sales_point: None, ..removed }), @r"
        rest-1: scollegato
        Il menù e gli ordini su Plateform restano come sono; i WebHook sulla cassa vanno tolti a mano.
        Ordini aperti che nessuno segue più: 2. Controllali sulla cassa e su Plateform.
        Ponte li ricorda per 45 giorni, con i dati del cliente se erano in viaggio verso la cassa.
        ");
    }
}
