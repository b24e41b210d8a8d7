//! The price of one service (API sheet 3.1, steps 2 and 3 only: never the base price).

use super::{finding::Check, finding::Finding, model::ServicePrice, till::TillPrice};
use crate::{Cents, SalesModeId, SalesPointId, notes::clean, tenant::MissingPrice};

/// Above this a price is taken for a slip of the hand: ten thousand euro.
const ABSURD: Cents = Cents(1_000_000);

/// The price in a sales mode: of this sales point, else of all.
pub(super) fn resolve(prices: &[TillPrice], mode: &SalesModeId, at: SalesPointId) -> Option<Cents> {
    let in_mode = |wanted: Option<SalesPointId>| {
        let mut found = prices.iter().filter(move |price| price.mode.as_ref() == Some(mode) && price.sales_point == wanted);
        found.find_map(|price| price.value)
    };
    in_mode(Some(at)).or_else(|| in_mode(None))
}

/// What a dish costs in a service, and what is wrong with it.
pub(super) fn service_price(
    prices: &[TillPrice],
    mode: Option<&SalesModeId>,
    at: SalesPointId,
    policy: MissingPrice,
    dish: (&str, &str),
    service: &str,
) -> (ServicePrice, Option<Finding>) {
    let price = mode.and_then(|mode| resolve(prices, mode, at));
    let (id, name) = dish;
    let what = match price {
        Some(price) if price > Cents::ZERO && price <= ABSURD => {
            return (ServicePrice { price, orderable: true }, None);
        }
        Some(price) if price.is_negative() => "ha un prezzo negativo",
        Some(price) if price > ABSURD => "ha un prezzo troppo alto per essere vero",
        Some(_) | None => "non ha prezzo",
    };
    let orderable = policy == MissingPrice::Publish && price.is_none_or(|price| price == Cents::ZERO);
    let message = format!("«{}» {what} per {service}", clean(name));
    let remedy = "Cassa: Configurazione > Prodotti, prezzo della modalità di vendita";
    let finding = Finding::error(Check::Price, id, message, remedy);
    (ServicePrice { price: Cents::ZERO, orderable }, Some(finding))
}
