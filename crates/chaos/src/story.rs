//! People and their machines: customers order and call off, restaurateurs work at the till, and both parties call with
//! webhooks, as well as they can.

use crate::{
    fault::Fault,
    menu,
    plan::{Act, Planned},
    sim::{House, Sim},
};
use app::{
    message::{OrderEvent, OrderMessage, TillHint, encode},
    ports::Clock,
};
use domain::{
    Cents, OrderId,
    order::Status,
    till::{DocumentLink, TillOrder, Workflow},
};
use std::{sync::Arc, time::Duration};

/// Lets everything happen that is planned.
pub(crate) fn begin(sim: &Arc<Sim>) {
    for planned in sim.plan.values() {
        let (sim, planned) = (Arc::clone(sim), planned.clone());
        tokio::spawn(async move { customer(&sim, &planned).await });
    }
    menu::begin(sim);
}

async fn customer(sim: &Arc<Sim>, planned: &Planned) {
    let order = &planned.order;
    tokio::time::sleep(planned.at).await;
    sim.note(order.id.as_str(), || format!("customer: orders for {} at {}", order.total, order.tenant));
    let now = sim.now();
    sim.record.of(order.id.as_str(), |facts| facts.placed = Some(now));
    sim.platform.put(order.clone());
    if let Some(house) = sim.houses.get(&order.tenant) {
        house.menu.put_customer(order.customer.clone(), Some(sim.clock.now()));
    }
    call(sim, order, OrderEvent::Placed { order: Box::new(order.clone()) });
    let Some(wait) = planned.called_off else { return };
    tokio::time::sleep(wait).await;
    if matches!(sim.platform.status(&order.id), Some(Status::New | Status::Confirmed)) {
        sim.note(order.id.as_str(), || "customer: calls it off".to_owned());
        let now = sim.now();
        sim.record.of(order.id.as_str(), |facts| facts.called_off = Some(now));
        sim.platform.set(&order.id, Status::Cancelled);
        call(sim, order, OrderEvent::Cancelled { order: order.id.clone() });
    }
}

/// The restaurateur sees an order appear on the till.
pub(crate) fn begins_at_till(sim: &Arc<Sim>, order: &OrderId) {
    let number = order.as_str().trim_start_matches("o-").parse::<usize>().unwrap_or_default();
    if let Some(planned) = sim.plan.get(&number) {
        let (sim, planned) = (Arc::clone(sim), planned.clone());
        tokio::spawn(async move { restaurateur(&sim, &planned).await });
    }
}

async fn restaurateur(sim: &Arc<Sim>, planned: &Planned) {
    let Some(house) = sim.houses.get(&planned.order.tenant) else { return };
    at_till(sim, house, &planned.order);
    for (wait, act) in &planned.staff {
        tokio::time::sleep(*wait).await;
        sim.now();
        sim.note(planned.order.id.as_str(), || format!("restaurateur: {act:?}"));
        do_at_till(sim, house, planned, act);
    }
}

fn do_at_till(sim: &Arc<Sim>, house: &House, planned: &Planned, act: &Act) {
    let (till, order) = (&house.till.till, &planned.order);
    match act {
        Act::Move(workflow) => till.set(&order.id, *workflow),
        Act::Refuse => till.change(&order.id, |order| {
            order.workflow = Workflow::Rejected;
            order.rejection_reason = Some("Forno guasto".to_owned());
        }),
        Act::Edit => {
            sim.record.of(order.id.as_str(), |facts| facts.edited = true);
            till.change(&order.id, |at_till| at_till.amount = Some(order.total + Cents(100)));
        }
        Act::Delete => {
            let gone = till.find(&order.id);
            till.delete(&order.id);
            return hint(sim, house, order, gone, true);
        }
        Act::Receipt => {
            till.document(&order.id);
            let link = DocumentLink { external_id: Some(order.id.clone()), till_order: None };
            return from_till(sim, house, order, OrderEvent::Document { orders: vec![link] });
        }
    }
    at_till(sim, house, order);
}

/// The till calls with the order as it is now: what arrives late is old.
fn at_till(sim: &Arc<Sim>, house: &House, order: &domain::order::Order) {
    hint(sim, house, order, house.till.till.find(&order.id), false);
}

fn hint(sim: &Arc<Sim>, house: &House, order: &domain::order::Order, found: Option<TillOrder>, deleted: bool) {
    let Some(found) = found else { return };
    let hint = TillHint { id: found.id.clone(), external_id: found.external_id.clone(), deleted, payload: Some(found) };
    from_till(sim, house, order, OrderEvent::TillOrder(hint));
}

fn from_till(sim: &Arc<Sim>, house: &House, order: &domain::order::Order, event: OrderEvent) {
    if sim.is(Fault::TillSilent, house.name) {
        return sim.note(order.id.as_str(), || "till: its webhook is silent".to_owned());
    }
    call(sim, order, event);
}

/// A webhook: the function that takes it has verified it and puts it on the queue, if it comes.
fn call(sim: &Arc<Sim>, order: &domain::order::Order, event: OrderEvent) {
    let scope = order.id.as_str();
    let dice = &sim.dice;
    if dice.strikes(Fault::WebhookLost, scope) {
        return sim.note(scope, || format!("webhook: {} is lost", name(&event)));
    }
    let times = if dice.strikes(Fault::WebhookDoubled, scope) { 2 } else { 1 };
    for _ in 0..times {
        let usual = dice.millis("webhook", scope, 50, 1_500);
        let delay = match () {
            () if dice.strikes(Fault::WebhookDelayed, scope) => dice.millis("delayed", scope, 10_000, 1_200_000),
            () if dice.strikes(Fault::WebhookReordered, scope) => dice.millis("overtaken", scope, 1_500, 60_000),
            () => usual,
        };
        let message = OrderMessage {
            tenant: order.tenant.clone(),
            correlation: scope.to_owned(),
            sent_ms: (sim.clock.now() + delay).as_millisecond(),
            event: event.clone(),
        };
        sim.note(scope, || format!("webhook: {} takes {:.1} s", name(&event), delay.as_secs_f64()));
        arrive(sim, scope, &message, delay);
    }
}

fn arrive(sim: &Arc<Sim>, scope: &str, message: &OrderMessage, delay: Duration) {
    let Ok(mut body) = encode(message) else { return };
    if sim.dice.strikes(Fault::LaterVersion, scope) {
        sim.note(scope, || "webhook: its message is of a later version".to_owned());
        body = crate::deploy::to_later_version(&body);
    }
    sim.orders_queue.put(body, scope, sim.now() + delay);
}

fn name(event: &OrderEvent) -> String {
    match event {
        OrderEvent::TillOrder(hint) if hint.deleted => "the till's «deleted»".to_owned(),
        OrderEvent::TillOrder(hint) => format!("the till's «{:?}»", hint.payload.as_ref().map(|order| order.workflow)),
        OrderEvent::Placed { .. } => "the platform's «placed»".to_owned(),
        OrderEvent::Cancelled { .. } => "the platform's «cancelled»".to_owned(),
        OrderEvent::Document { .. } => "the till's receipt".to_owned(),
        OrderEvent::Deadline { .. } | OrderEvent::Reconcile | OrderEvent::Replay { .. } => "no webhook".to_owned(),
    }
}
