//! What happens by itself: who orders what and when, what the restaurateur does with it, and when a party is down.
//!
//! Drawn before anything runs; nothing here knows of Ponte.

use crate::{dice::Dice, fault::Fault};
use domain::{order::Order, till::Workflow};
use serde_json::{Value, json};
use std::{ops::Range, time::Duration};

/// The restaurants; the first two share an API key.
pub(crate) const RESTAURANTS: [&str; 8] =
    ["rest-1", "rest-2", "rest-3", "rest-4", "rest-5", "rest-6", "rest-7", "rest-8"];

/// The products that every till sells; the last is the one that is taken out.
pub(crate) const PRODUCTS: [&str; 5] = ["margherita", "birra", "tiramisu", "acqua", "seppie"];

/// How long customers order.
pub(crate) const EVENING: Duration = Duration::from_secs(5 * 3600);

/// How long after people are done with their orders nothing goes wrong any more: an order may come late to the till.
const LATE: Duration = Duration::from_secs(3600);

/// What is given to put in order what is left.
pub(crate) const CALM: Duration = Duration::from_secs(50 * 60);

/// One order and all that people do with it.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    /// When it is placed, from the beginning.
    pub(crate) at: Duration,
    pub(crate) order: Order,
    /// How long after placing it the customer calls it off, if so.
    pub(crate) called_off: Option<Duration>,
    /// What the restaurateur does at the till, each so long after what was before, the first after its arrival there.
    pub(crate) staff: Vec<(Duration, Act)>,
}

impl Planned {
    /// When everybody is done with it, at the latest; then comes the calm.
    pub(crate) fn is_over_after(&self) -> Duration {
        let staff: Duration = self.staff.iter().map(|(wait, _)| *wait).sum();
        self.at + staff.max(self.called_off.unwrap_or_default()) + LATE
    }
}

/// What a restaurateur does with an order at the till.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Act {
    /// Moves it.
    Move(Workflow),
    /// Refuses it and types why.
    Refuse,
    /// Deletes it.
    Delete,
    /// Issues a receipt or an invoice.
    Receipt,
    /// Changes its total.
    Edit,
}

/// When a party is not there, by restaurant.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outages(Vec<(Fault, &'static str, Range<Duration>)>);

impl Outages {
    /// For each restaurant each kind at most once.
    pub(crate) fn draw(dice: &Dice) -> Self {
        let kinds = [
            (Fault::TillDown, 35, 5..60),
            (Fault::TillKeyRefused, 8, 2..15),
            (Fault::TillSilent, 30, 10..60),
            (Fault::PlatformDown, 25, 2..20),
            (Fault::ProductDeleted, 30, 60..200),
        ];
        let mut outages = Vec::new();
        for restaurant in RESTAURANTS {
            for (fault, percent, minutes) in &kinds {
                let begins = dice.millis(fault.name(), restaurant, 0, millis(EVENING));
                let lasts = dice.millis(fault.name(), restaurant, minutes.start * 60_000, minutes.end * 60_000);
                if dice.below(fault.name(), restaurant, 100) < *percent && !dice.is_off(*fault) {
                    dice.count(*fault);
                    outages.push((*fault, restaurant, begins..begins + lasts));
                }
            }
        }
        Self(outages)
    }

    /// Whether it is so at a restaurant now.
    pub(crate) fn is(&self, fault: Fault, restaurant: &str, now: Duration) -> bool {
        self.0.iter().any(|(kind, of, when)| *kind == fault && *of == restaurant && when.contains(&now))
    }

    /// When it begins and ends at a restaurant.
    pub(crate) fn when(&self, fault: Fault, restaurant: &str) -> Option<Range<Duration>> {
        self.0.iter().find(|(kind, of, _)| *kind == fault && *of == restaurant).map(|(.., when)| when.clone())
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A time between two, in minutes.
pub(crate) fn minutes(dice: &Dice, what: &str, scope: &str, from: u64, to: u64) -> Duration {
    dice.millis(what, scope, from * 60_000, to * 60_000)
}

/// The `number`-th order of a run that begins at `start`.
///
/// # Errors
/// When the order is not of the form that orders have: a fault of this module.
pub(crate) fn planned(dice: &Dice, number: usize, start: jiff::Timestamp) -> Result<Planned, serde_json::Error> {
    let id = format!("o-{number}");
    let at = dice.millis("placed", &id, 0, millis(EVENING));
    let order = serde_json::from_value(order(dice, &id, start + at))?;
    let called_off = (dice.below("calls-off", &id, 100) < 8).then(|| minutes(dice, "called-off", &id, 0, 25));
    Ok(Planned { at, called_off, staff: staff(dice, &order, &id), order })
}

fn order(dice: &Dice, id: &str, placed: jiff::Timestamp) -> Value {
    let restaurant = RESTAURANTS[dice.below("restaurant", id, RESTAURANTS.len() as u64) as usize];
    let lines: Vec<Value> = (0..=dice.below("lines", id, 3)).map(|_| line(dice, id)).collect();
    let goods: i64 = lines.iter().filter_map(|line| line["total"].as_i64()).sum();
    let fee = (dice.below("fee", id, 3) == 0).then(|| dice.below("fee-cents", id, 500) as i64 + 1);
    let discount = (dice.below("discount", id, 4) == 0).then(|| dice.below("cents-off", id, goods as u64) as i64 + 1);
    let online = dice.below("online", id, 2) == 0;
    let person = dice.below("customer", id, 60);
    let later = (dice.below("later", id, 3) == 0).then(|| placed + minutes(dice, "wished", id, 20, 150));
    let amounts = |name: &str, amount: Option<i64>| {
        Vec::from_iter(amount.map(|amount| json!({"delivery": true, "name": name, "amount": amount})))
    };
    json!({
        "id": id, "tenant": restaurant, "number": id.trim_start_matches("o-"), "status": "new", "service": "takeaway",
        "created_at": placed, "requested_for": later, "delivery": null,
        "customer": {"id": format!("c-{person}"), "first_name": "Cliente", "last_name": format!("Prova {person}"),
                     "email": format!("cliente{person}@example.test"), "phone": null},
        "payment": {"online": online, "paid": online, "transaction_id": online.then_some("pi_test")},
        "lines": lines, "fees": amounts("Consegna", fee), "discounts": amounts("Sconto", discount),
        "total": goods + fee.unwrap_or(0) - discount.unwrap_or(0), "notes": "",
    })
}

fn line(dice: &Dice, id: &str) -> Value {
    // The product that is taken out is ordered seldom.
    let choice = (dice.below("product", id, 14) as usize).min(13) * 4 / 13;
    let (quantity, price) = (dice.below("quantity", id, 3) as i64 + 1, dice.below("price", id, 2500) as i64 + 1);
    json!({"product": PRODUCTS[choice], "name": PRODUCTS[choice], "quantity": quantity, "unit_price": price,
           "options": [], "notes": "", "total": quantity * price})
}

fn staff(dice: &Dice, order: &Order, id: &str) -> Vec<(Duration, Act)> {
    let mut acts = Vec::new();
    let mut then = |what: &str, from, to, act| acts.push((minutes(dice, what, id, from, to), act));
    match dice.below("staff", id, 100) {
        0..8 => then("refuses", 0, 6, Act::Refuse),
        8..14 => {
            then("accepts", 0, 4, Act::Move(Workflow::Accepted));
            then("cancels", 1, 30, Act::Move(Workflow::Canceled));
        }
        14..17 => then("deletes", 0, 10, Act::Delete),
        17..21 => {
            then("accepts", 0, 4, Act::Move(Workflow::Accepted));
            then("deletes", 1, 30, Act::Delete);
        }
        21..26 => {}
        26..32 => then("closes", 1, 10, Act::Move(Workflow::Completed)),
        32..36 => {
            then("accepts", 5, 14, Act::Move(Workflow::Accepted));
            then("closes", 5, 30, Act::Move(Workflow::Completed));
        }
        _ => {
            then("accepts", 0, 4, Act::Move(Workflow::Accepted));
            if dice.below("edits", id, 30) == 0 {
                then("edits", 0, 5, Act::Edit);
            }
            then("cooks", 0, 10, Act::Move(Workflow::Processing));
            then("closes", 5, 30, Act::Move(Workflow::Completed));
        }
    }
    let closed = acts.iter().any(|(_, act)| *act == Act::Move(Workflow::Completed));
    if closed && order.payment.online && dice.below("receipt", id, 5) > 0 {
        let first = dice.below("receipt-first", id, 4) == 0;
        let receipt = (minutes(dice, "receipt", id, 0, 5), Act::Receipt);
        let at = if first { acts.len() - 1 } else { acts.len() };
        acts.insert(at, receipt);
    }
    acts
}
