//! The price of one service (API sheet 3.1, steps 2 and 3 only: never the base price).

use super::{finding::Check, finding::Finding, model::ServicePrice, till::TillPrice};
use crate::{Cents, SalesModeId, SalesPointId, tenant::MissingPrice};

/// Above this a price is taken for a slip of the hand: ten thousand euro.
const ABSURD: Cents = Cents(1_000_000);

/// Whether an amount is too large to be true, whatever its sign.
pub(super) fn is_absurd(price: Cents) -> bool {
    price > ABSURD || price < -ABSURD
}

/// What the till wrote in a sales mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resolved {
    Price(Cents),
    /// It is there and is no amount: no other price must stand in for it.
    Unreadable,
    Missing,
}

/// The price in a sales mode: of this sales point, else of all.
pub(super) fn resolve(prices: &[TillPrice], mode: Option<&SalesModeId>, at: SalesPointId) -> Resolved {
    let Some(mode) = mode else { return Resolved::Missing };
    let written = |wanted: Option<SalesPointId>| {
        prices.iter().find(|price| price.mode.as_ref() == Some(mode) && price.sales_point == wanted)
    };
    match written(Some(at)).or_else(|| written(None)) {
        Some(TillPrice { value: Some(price), .. }) => Resolved::Price(*price),
        Some(_) => Resolved::Unreadable,
        None => Resolved::Missing,
    }
}

/// Where a price is looked for, and what to call it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Service<'a> {
    /// The price list, if it exists.
    pub(super) mode: Option<&'a SalesModeId>,
    /// The sales point.
    pub(super) at: SalesPointId,
    /// In Italian, with its article.
    pub(super) name: &'static str,
}

/// What a dish costs in a service, and what is wrong with it; `dish` is its id and its name.
pub(super) fn service_price(
    prices: &[TillPrice],
    service: Service<'_>,
    policy: MissingPrice,
    dish: (&str, &str),
) -> (ServicePrice, Option<Finding>) {
    let (what, is_left_out) = match resolve(prices, service.mode, service.at) {
        // Without the sales mode nobody has left anything out: no dish could have a price.
        Resolved::Missing | Resolved::Price(Cents::ZERO) => ("non ha prezzo", service.mode.is_some()),
        Resolved::Unreadable => ("ha un prezzo che non è un numero", false),
        Resolved::Price(price) if price.is_negative() => ("ha un prezzo negativo", false),
        Resolved::Price(price) if is_absurd(price) => ("ha un prezzo troppo alto per essere vero", false),
        Resolved::Price(price) => return (ServicePrice { price, orderable: true }, None),
    };
    // What was typed wrong is never given away; what was left out is, where the restaurant wants it so.
    let orderable = is_left_out && policy == MissingPrice::Publish;
    let (id, name) = dish;
    let message = format!("«{name}» {what} per {}", service.name);
    let remedy = "Cassa: Configurazione > Prodotti, prezzo della modalità di vendita";
    (ServicePrice { price: Cents::ZERO, orderable }, Some(Finding::error(Check::Price, id, message, remedy)))
}
