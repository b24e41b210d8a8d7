//! A test order, from the platform's page to its end, with a person at the till.

use super::{
    show::{look, timeline},
    stored,
};
use crate::operator::Operator;
use anyhow::{Result, bail};
use app::ports::{Freshness, OrderKey, Platform as _, Stored, TenantAccess, Tenants as _};
use domain::{TenantId, lifecycle::Phase, order::Order};
use jiff::tz::TimeZone;
use std::{
    io::Write as _,
    process::ExitCode,
    time::{Duration, Instant},
};

/// What marks a test order.
const MARK: &str = "TEST";
/// How often to look.
const TICK: Duration = Duration::from_secs(2);
/// How long one look may take.
const LONGEST: Duration = Duration::from_secs(20);

const HOW: &str = "\
1. Apri la pagina del ristorante su Plateform come un cliente.
2. Scegli un piatto che costa poco, ritiro, pagamento al ristorante.
3. Scrivi TEST come nome o nelle note, e conferma.
4. Quando l'ordine compare sulla cassa, accettalo, poi completalo.
Aspetto l'ordine…
";

pub(super) async fn run(operator: &Operator, tenant: &TenantId, wait: u64) -> Result<ExitCode> {
    let access = operator.tenant(tenant).await?;
    let deadline = Instant::now() + Duration::from_secs(wait);
    say(HOW);
    let Some(order) = find(operator, &access, deadline).await? else {
        bail!("no order with {MARK} in its name or notes came within {wait} s; is it still «nuovo» on the platform?");
    };
    say(&format!("Trovato: ordine {} ({})\n", order.number, order.id));
    let key = OrderKey { tenant: tenant.clone(), order: order.id };
    let Some(stored) = follow(operator, &key, &access.tenant.time_zone, deadline).await? else {
        bail!("order {} is on the platform and did not arrive here; check the platform's webhook", key.order);
    };
    let shown = look(operator, &key, &stored).await?;
    operator.print(&shown, super::show::as_text)?;
    let is_good = !stored.state.is_open() && matches!(stored.state.phase, Phase::OnTill { .. });
    Ok(ExitCode::from(u8::from(!is_good)))
}

async fn find(operator: &Operator, access: &TenantAccess, deadline: Instant) -> Result<Option<Order>> {
    let tenant = &access.tenant;
    while Instant::now() < deadline {
        let token = operator.tenants.platform(Freshness::Cached).await?;
        let work = operator.work("order-test", LONGEST);
        let new = operator.platform.new_orders(&work, &token, &tenant.id, &tenant.time_zone).await?;
        if let Some(order) = newest_test(new) {
            return Ok(Some(order));
        }
        tokio::time::sleep(TICK).await;
    }
    Ok(None)
}

/// Says each step when it comes; the order as it was at last, or none if it never arrived.
async fn follow(operator: &Operator, key: &OrderKey, zone: &TimeZone, deadline: Instant) -> Result<Option<Stored>> {
    let mut said = 0;
    loop {
        let found = stored(operator, key).await?;
        let steps = found.as_ref().map(|stored| timeline(&stored.state.history)).unwrap_or_default();
        for step in steps.iter().skip(said) {
            say(&format!("{}\n", step.cells(zone).join("  ")));
        }
        said = said.max(steps.len());
        let is_over = found.as_ref().is_some_and(|stored| !stored.state.is_open());
        if is_over || Instant::now() >= deadline {
            return Ok(found);
        }
        tokio::time::sleep(TICK).await;
    }
}

fn newest_test(orders: Vec<Order>) -> Option<Order> {
    let is_test = |order: &Order| {
        let customer = &order.customer;
        [&order.notes, &customer.first_name, &customer.last_name].into_iter().any(|text| text.contains(MARK))
    };
    orders.into_iter().filter(is_test).max_by_key(|order| order.created_at)
}

/// Talk goes to standard error; a terminal that takes no words is no reason to stop.
fn say(text: &str) {
    let _ = write!(std::io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::examples::order;

    #[test]
    fn the_newest_order_with_the_mark_in_notes_or_name_is_followed() {
        let [mut noted, mut named, later] = [order("new"), order("new"), order("new")];
        noted.notes = "TEST, non preparare".into();
        named.customer.last_name = "TEST".into();
        named.created_at += jiff::SignedDuration::from_secs(60);
        let found = newest_test(vec![later.clone(), named.clone(), noted]).unwrap();
        assert_eq!(found.created_at, named.created_at);
        assert!(newest_test(vec![later]).is_none());
    }
}
