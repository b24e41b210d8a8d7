//! From the platform's order to the till's: rows, notes, times and money, exact to the cent.
//!
//! What the customer pays is the contract (E17): prices come from the order, never from the till.

mod rows;
#[cfg(test)]
mod tests;

use crate::{
    Cents, ProductId, SalesModeId, TillCustomerId, messages,
    notes::{self, clean},
    order::{Address, Line, Order, Service},
    tenant::Tenant,
    till::{Draft, Product},
    time::wall_clock,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// What the till was read to know for one order.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// The products of the order, of its fees and the generic one, as far as the till has them.
    pub products: HashMap<ProductId, Product>,
    /// The price list of the order's service.
    pub sales_mode: SalesModeId,
}

/// An order ready for the till, and what staff should know about how it was made.
#[derive(Clone)]
pub struct Drafted {
    /// The order.
    pub draft: Draft,
    /// Findings for staff, in Italian.
    pub findings: Vec<String>,
}

/// Why an order is not sent, for good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Lines + fees − discounts are not the total.
    #[error("lines, fees and discounts do not add up to the total")]
    SumIsWrong,
    /// The discounts are more than what there is to discount.
    #[error("the discounts exceed the order")]
    DiscountTooLarge,
    /// A dish that the till does not have (E13).
    #[error("a dish is not on the till")]
    UnknownDish(String),
    /// A dish with more than one variant (S32).
    #[error("a dish has variants on the till")]
    DishWithVariants(String),
}

impl Refusal {
    /// What staff read: what happened and what to do.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::SumIsWrong => messages::SUM_IS_WRONG.to_owned(),
            Self::DiscountTooLarge => messages::DISCOUNT_TOO_LARGE.to_owned(),
            Self::UnknownDish(name) => messages::unknown_dish(&clean(name)),
            Self::DishWithVariants(name) => messages::dish_with_variants(&clean(name)),
        }
    }
}

/// How many characters the customer's wishes may take: less when the order would exceed the till's 100 KB (E42).
///
/// What nobody may miss is not counted and never cut: allergies, «PAGATO ONLINE», what a row is and its options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoteRoom {
    /// In the note of the whole order, with its number and the like.
    pub order: usize,
    /// In each row.
    pub row: usize,
}

impl NoteRoom {
    /// From the usual room to none: what to try in turn until the order fits.
    pub const LADDER: [Self; 3] =
        [Self { order: 500, row: 250 }, Self { order: 200, row: 60 }, Self { order: 60, row: 0 }];
}

/// A wished time nearer than this counts as past: the till demands a future one when the order arrives.
const NEAREST_DUE: SignedDuration = SignedDuration::from_secs(60);

/// The products to read from the till for an order, each once.
#[must_use]
pub fn wanted_products(order: &Order, tenant: &Tenant) -> Vec<ProductId> {
    let fee = tenant.fee_product.iter().filter(|_| !order.fees.is_empty());
    let mut wanted: Vec<ProductId> =
        order.lines.iter().map(|line| &line.product).chain(fee).chain(&tenant.generic_product).cloned().collect();
    wanted.sort();
    wanted.dedup();
    wanted
}

/// Makes the till's order.
///
/// # Errors
/// With the reason why this order must not be sent; it will not get better by trying again.
pub fn draft(
    order: &Order,
    tenant: &Tenant,
    catalogue: &Catalogue,
    customer: Option<TillCustomerId>,
    now: Timestamp,
    room: NoteRoom,
) -> Result<Drafted, Refusal> {
    check_sum(order)?;
    let (rows, findings) = rows::build(order, tenant, catalogue, room.row)?;
    let (due, missed) = due(order, tenant, now);
    let draft = Draft {
        external_id: order.id.clone(),
        sales_point: tenant.sales_point,
        customer,
        sales_mode: catalogue.sales_mode.clone(),
        date: now,
        due,
        delivery: order.delivery.as_ref().filter(|_| order.service == Service::Delivery).map(cleaned),
        pickup: order.service == Service::Takeaway,
        phone: clean(order.customer.phone.as_deref().unwrap_or_default()),
        email: order.customer.email.as_deref().map(clean).filter(|email| !email.is_empty()),
        prepaid: (order.payment.online && tenant.prepaid_flag)
            .then(|| clean(order.payment.transaction_id.as_deref().unwrap_or_default())),
        note: order_note(order, tenant, missed, room.order),
        rows,
    };
    match draft.amount() == order.total {
        true => Ok(Drafted { draft, findings }),
        false => Err(Refusal::SumIsWrong),
    }
}

fn cleaned(address: &Address) -> Address {
    Address {
        street: clean(&address.street),
        city: clean(&address.city),
        postal_code: clean(&address.postal_code),
        province: clean(&address.province),
        country: clean(&address.country),
        instructions: clean(&address.instructions),
    }
}

fn check_sum(order: &Order) -> Result<(), Refusal> {
    let holds = |line: &Line| {
        let counts = line.quantity >= 1 && line.options.iter().all(|option| option.quantity >= 1);
        counts && line.exact_total() == Some(line.total)
    };
    let lines_hold = order.lines.iter().all(holds);
    let lines = order.lines.iter().map(|line| line.total);
    let fees = order.fees.iter().map(|fee| fee.amount);
    let discounts = order.discounts.iter().map(|discount| -discount.amount);
    let no_negative_discount = order.discounts.iter().all(|discount| !discount.amount.is_negative());
    let sum = Cents::checked_sum(lines.chain(fees).chain(discounts));
    match lines_hold && no_negative_discount && sum == Some(order.total) {
        true if order.total.is_negative() => Err(Refusal::DiscountTooLarge),
        true => Ok(()),
        false => Err(Refusal::SumIsWrong),
    }
}

/// The due time, and the wished one when it could not be kept (E33).
fn due(order: &Order, tenant: &Tenant, now: Timestamp) -> (Timestamp, Option<Timestamp>) {
    let soonest = now.saturating_add(tenant.lead).unwrap_or(now);
    match order.requested_for {
        Some(wished) if wished.duration_since(now) >= NEAREST_DUE => (wished, None),
        missed => (soonest, missed),
    }
}

fn order_note(order: &Order, tenant: &Tenant, missed: Option<Timestamp>, room: usize) -> String {
    let wish = clean(&order.notes);
    let (mut allergies, wish) = match notes::speaks_of_allergy(&wish) {
        true => (vec![wish], String::new()),
        false => (Vec::new(), wish),
    };
    let lines: Vec<String> =
        order.lines.iter().filter(|line| notes::speaks_of_allergy(&line.notes)).map(|line| clean(&line.name)).collect();
    if !lines.is_empty() {
        allergies.push(format!("vedi {}", lines.join(", ")));
    }
    let paid = if order.payment.online && order.payment.paid { "PAGATO ONLINE".to_owned() } else { String::new() };
    let service = if order.service == Service::Takeaway { "asporto" } else { "consegna" };
    let number = format!("Plateform #{}, {service}", clean(&order.number));
    let wished = missed.map(|at| format!("Richiesto per il {}", wall_clock(at, &tenant.time_zone))).unwrap_or_default();
    let discounts =
        order.discounts.iter().filter(|discount| discount.amount > Cents::ZERO).map(|discount| {
            format!("Sconto già compreso: {} ({})", discount.amount.in_italian(), clean(&discount.name))
        });
    let parts: Vec<String> = [number, wished].into_iter().chain(discounts).chain([wish]).collect();
    // An order that is asked to be paid twice is as bad as a missed allergy: neither is ever cut.
    notes::extend(notes::compose(&allergies, &[paid], usize::MAX), &parts, room)
}
