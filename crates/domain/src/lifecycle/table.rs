//! What each word of the till does to the status that the customer knows, as data.
//!
//! `docs/order-life.md` is generated from [`TABLE`], and a test keeps the two in step.

use crate::{order::Status, till::TillOrder, till::Workflow};

/// What a reading of the till means for an order (design of the order life; API sheet 5.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signal {
    /// `REQUESTED`: waiting for the restaurateur.
    Requested,
    /// `ACCEPTED`, `PROCESSING`, `READY`, `SHIPPING`, `SHIPPED`, `DELIVERING`.
    Accepted,
    /// `COMPLETED`, of an order paid online, without a fiscal document (S67, S68).
    AwaitingDocument,
    /// `COMPLETED` of an order paid at the restaurant, or a receipt or invoice, or what counts as one.
    Closed,
    /// `REJECTED`.
    Refused,
    /// `CANCELED`, or the order was deleted.
    Cancelled,
    /// A word that this version does not know.
    Unknown,
}

impl Signal {
    /// Every signal, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::Requested,
        Self::Accepted,
        Self::AwaitingDocument,
        Self::Closed,
        Self::Refused,
        Self::Cancelled,
        Self::Unknown,
    ];

    /// Reads the till's two state fields. A refusal or cancellation outweighs `PROCESSED` (API sheet 11.27).
    ///
    /// `online` is the gate of the fiscal document; `processed_is_document` is the tenant's switch for prepaid orders.
    #[must_use]
    pub fn of(order: &TillOrder, online: bool, processed_is_document: bool) -> Self {
        let documented = order.processed && (!online || processed_is_document);
        match order.workflow {
            Workflow::Rejected => Self::Refused,
            Workflow::Canceled => Self::Cancelled,
            _ if documented => Self::Closed,
            Workflow::Completed if online => Self::AwaitingDocument,
            Workflow::Completed => Self::Closed,
            Workflow::Requested => Self::Requested,
            Workflow::Unknown => Self::Unknown,
            Workflow::Accepted
            | Workflow::Processing
            | Workflow::Ready
            | Workflow::Shipping
            | Workflow::Shipped
            | Workflow::Delivering => Self::Accepted,
        }
    }
}

/// What a row says, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Say {
    /// To the customer: confirmed.
    Confirmed,
    /// To the customer: refused, with the reason typed at the till or a default one.
    Refused,
    /// To the customer: cancelled by the till.
    Cancelled,
    /// To the customer: evaso.
    Evaso,
    /// To the staff, once: the till goes on with an order that the customer believes off (E06, E30).
    GoesOnThoughOff,
}

/// One row: in this status, on this signal.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// What the customer knows.
    pub status: Status,
    /// What the till says.
    pub signal: Signal,
    /// What the customer will know.
    pub next: Status,
    /// What is said, in this order.
    pub says: &'static [Say],
}

const fn row(status: Status, signal: Signal, next: Status, says: &'static [Say]) -> Row {
    Row { status, signal, next, says }
}

use Say::{
    Cancelled as SayCancelled, Confirmed as SayConfirmed, Evaso as SayEvaso, GoesOnThoughOff, Refused as SayRefused,
};
use Status::{Cancelled, Confirmed, Evaso, New, Rejected};

/// The whole table. A pair that is not here changes nothing: late, repeated and backward words are harmless.
pub const TABLE: &[Row] = &[
    row(New, Signal::Accepted, Confirmed, &[SayConfirmed]),
    row(New, Signal::AwaitingDocument, Confirmed, &[SayConfirmed]),
    row(New, Signal::Closed, Evaso, &[SayConfirmed, SayEvaso]),
    row(New, Signal::Refused, Rejected, &[SayRefused]),
    row(New, Signal::Cancelled, Rejected, &[SayCancelled]),
    row(Confirmed, Signal::Closed, Evaso, &[SayEvaso]),
    row(Confirmed, Signal::Refused, Rejected, &[SayCancelled]),
    row(Confirmed, Signal::Cancelled, Rejected, &[SayCancelled]),
    row(Rejected, Signal::Accepted, Rejected, &[GoesOnThoughOff]),
    row(Rejected, Signal::AwaitingDocument, Rejected, &[GoesOnThoughOff]),
    row(Rejected, Signal::Closed, Rejected, &[GoesOnThoughOff]),
    row(Cancelled, Signal::Accepted, Cancelled, &[GoesOnThoughOff]),
    row(Cancelled, Signal::AwaitingDocument, Cancelled, &[GoesOnThoughOff]),
    row(Cancelled, Signal::Closed, Cancelled, &[GoesOnThoughOff]),
];

/// The row for this status and signal; none changes nothing.
#[must_use]
pub fn lookup(status: Status, signal: Signal) -> Option<&'static Row> {
    #[cfg(feature = "planted-bugs")]
    let status = crate::planted::looked_up_with(status);
    TABLE.iter().find(|row| row.status == status && row.signal == signal)
}

/// The table as the documentation shows it, in Markdown.
#[must_use]
pub fn as_markdown() -> String {
    let mut page =
        String::from("| customer knows | till says | customer will know | said, in this order |\n|---|---|---|---|\n");
    for status in [New, Confirmed, Rejected, Evaso, Cancelled] {
        for signal in Signal::ALL {
            let (next, says) = lookup(status, signal).map_or((status, [].as_slice()), |row| (row.next, row.says));
            let said = match says {
                [] => "nothing".to_owned(),
                says => says.iter().map(|say| say.in_words()).collect::<Vec<_>>().join(", then "),
            };
            page.push_str(&format!("| {status:?} | {signal:?} | {next:?} | {said} |\n"));
        }
    }
    page
}

impl Say {
    fn in_words(self) -> &'static str {
        match self {
            Self::Confirmed => "customer: confirmed",
            Self::Refused => "customer: refused, with the reason",
            Self::Cancelled => "customer: cancelled by the till",
            Self::Evaso => "customer: evaso",
            Self::GoesOnThoughOff => "staff, once: the till goes on with an order that is off",
        }
    }
}
