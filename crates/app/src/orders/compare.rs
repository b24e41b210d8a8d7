//! What the till shows of the orders that are on it, by lists, and what that changes.
//!
//! The till's list of orders has no watermark: it filters by a date of the order and not by its last change (API sheet
//! 5.5), so the window in which an open order lies is read every minute. Receipts, which never change, are read from when
//! the oldest order that waits for one arrived.

use super::{
    Failure, Orders, World,
    observe::{Input, as_event},
    reconcile::{Open, Reconciled, is_change, next_minute},
    session::Subject,
    turns::{Span, is_read, take_turns, windows},
};
use crate::ports::{Clock, TenantAccess, Till, TillError, Work};
use domain::{
    lifecycle::{Phase, step},
    till::{DocumentLink, TillOrder, Workflow},
};
use jiff::{SignedDuration, Timestamp};

/// How far around an order's times the till is asked: which date its window is about is not known.
const AROUND: SignedDuration = SignedDuration::from_hours(12);

/// So many lists of orders are read in a minute. A restaurant without orders for other days needs one.
const LISTS_A_MINUTE: usize = 4;

/// So many windows of receipts and of invoices are read in a minute.
const DOCUMENTS_A_MINUTE: usize = 2;

/// So many orders that no list shows are read by themselves in a minute.
const READ_A_MINUTE: usize = 4;

/// What the till shows.
#[derive(Default)]
struct Shown {
    orders: Vec<TillOrder>,
    /// The windows that were not read, or not to their end.
    unread: Vec<Span>,
    documented: Vec<DocumentLink>,
}

/// What is known of one order.
enum Sight {
    /// The till shows it.
    Is(TillOrder),
    /// It is in no list, and its lists were read.
    Missing,
    /// Its lists were not read this minute.
    Unread,
}

impl<W: World> Orders<W> {
    /// Applies what the till shows of these orders, and the alerts that are due whatever it shows.
    pub(super) async fn compare(
        &self,
        work: &Work,
        access: &TenantAccess,
        orders: &[Open],
        report: &mut Reconciled,
    ) -> Result<(), Failure> {
        let now = self.world.clock().now();
        let shown = self.shown(work, access, orders, now).await;
        let sights: Vec<(&Open, Sight)> = orders.iter().map(|order| (order, shown.sight(order))).collect();
        let missing = sights.iter().filter(|(order, sight)| matches!(sight, Sight::Missing) && order.is_looked_for());
        let (to_read, later) = take_turns(missing.map(|(order, _)| &order.key).collect(), READ_A_MINUTE, now);
        report.left_over += later + sights.iter().filter(|(_, sight)| matches!(sight, Sight::Unread)).count();
        for (order, sight) in &sights {
            let subject = Subject { work, access, key: &order.key };
            let read = match sight {
                Sight::Is(seen) => Ok(Some(seen.clone())),
                Sight::Missing if to_read.contains(&&order.key) => self.read_one(subject, order).await,
                Sight::Missing | Sight::Unread => Ok(None),
            };
            let is_documented = shown.documented.iter().any(|link| order.is_named_by(link));
            // One order that fails holds up no other (E48).
            match self.compare_one(subject, order, (read, is_documented), report).await {
                Ok(()) => {}
                Err(failure) => next_minute(failure, "one order could not be compared")?,
            }
        }
        Ok(())
    }

    /// Reads the lists in which these orders are. What the till does not answer is unread.
    async fn shown(&self, work: &Work, access: &TenantAccess, orders: &[Open], now: Timestamp) -> Shown {
        let (mut shown, till) = (Shown::default(), self.world.till());
        let all = windows(orders.iter().flat_map(Open::spans).collect());
        let (to_read, _) = take_turns(all.clone(), LISTS_A_MINUTE, now);
        shown.unread = all;
        for (from, to) in to_read {
            match till.orders(work, access, from, to).await {
                Ok(listed) => {
                    shown.orders.extend(listed);
                    shown.unread.retain(|window| *window != (from, to));
                }
                Err(error) => {
                    tracing::warn!(tenant.id = %access.tenant.id, %error, "the till's orders could not be compared");
                    break;
                }
            }
        }
        let waiting = orders.iter().filter_map(|order| order.waits_for_document_since());
        let spans: Option<Vec<Span>> = waiting.map(|since| span(since, now)).collect();
        let (to_read, _) = take_turns(windows(spans.unwrap_or_default()), DOCUMENTS_A_MINUTE, now);
        for (from, to) in to_read {
            match till.documented_orders(work, access, from, to).await {
                Ok(links) => shown.documented.extend(links),
                Err(error) => {
                    tracing::warn!(tenant.id = %access.tenant.id, %error, "the till's receipts could not be listed");
                    break;
                }
            }
        }
        shown
    }

    /// An order that is in no list may be deleted; only its own reading says so.
    async fn read_one(&self, subject: Subject<'_>, order: &Open) -> Result<Option<TillOrder>, TillError> {
        let Some(id) = order.stored.state.till_order() else { return Ok(None) };
        let found = self.world.till().order(subject.work, subject.access, id).await?;
        Ok(Some(found.unwrap_or_else(|| TillOrder {
            id: id.clone(),
            external_id: Some(order.key.order.clone()),
            workflow: Workflow::Canceled,
            processed: false,
            rejection_reason: None,
            sales_point: None,
            amount: None,
        })))
    }

    /// Applies what is known of one order; an alert is due also where the till could not be read.
    async fn compare_one(
        &self,
        subject: Subject<'_>,
        order: &Open,
        (read, is_documented): (Result<Option<TillOrder>, TillError>, bool),
        report: &mut Reconciled,
    ) -> Result<(), Failure> {
        let now = self.world.clock().now();
        let seen = read.as_ref().ok().and_then(Option::as_ref);
        report.compared += usize::from(seen.is_some());
        report.unknown += usize::from(seen.is_some_and(|seen| seen.workflow == Workflow::Unknown));
        let news = [
            seen.filter(|seen| order.would_change(seen, subject, now)).map(Input::Seen),
            is_documented.then(|| Input::Document(order.stored.state.till_order())),
        ];
        let mut moved = false;
        for input in news.into_iter().flatten() {
            moved |= is_change(self.advance(subject, input).await?);
        }
        report.polled += usize::from(moved);
        if let Some(alert) = order.alert_due(subject.access, now) {
            moved |= is_change(self.advance(subject, Input::Overdue(alert)).await?);
        }
        report.changed += usize::from(moved);
        read.map(|_| ()).map_err(Failure::Till)
    }
}

impl Shown {
    fn sight(&self, order: &Open) -> Sight {
        // Slices overlap; what was read last is fresher.
        match self.orders.iter().rev().find(|seen| order.is(seen)) {
            Some(seen) => Sight::Is(seen.clone()),
            None if order.spans().into_iter().all(|span| is_read(span, &self.unread)) => Sight::Missing,
            None => Sight::Unread,
        }
    }
}

fn span(from: Timestamp, to: Timestamp) -> Option<Span> {
    Some((from.saturating_sub(AROUND).ok()?, to.saturating_add(AROUND).ok()?))
}

impl Open {
    /// Where the till may list it: around when it was placed there, and around when it is due.
    fn spans(&self) -> Vec<Span> {
        let state = &self.stored.state;
        let sent = match state.phase {
            Phase::OnTill { since, .. } => since.max(state.created_at),
            _ => state.created_at,
        };
        [span(state.created_at, sent), span(state.wished_at, state.wished_at)].into_iter().flatten().collect()
    }

    fn is(&self, seen: &TillOrder) -> bool {
        match self.stored.state.till_order() {
            Some(id) => *id == seen.id,
            None => seen.external_id.as_ref() == Some(&self.key.order),
        }
    }

    fn is_named_by(&self, link: &DocumentLink) -> bool {
        let id = self.stored.state.till_order();
        link.external_id.as_ref() == Some(&self.key.order) || (id.is_some() && link.till_order.as_ref() == id)
    }

    /// Whether it matters that no list shows it: what is off may be gone.
    fn is_looked_for(&self) -> bool {
        self.stored.state.is_open() && self.stored.state.till_order().is_some()
    }

    /// Since when it can have had the document that ends it, where it was paid online.
    fn waits_for_document_since(&self) -> Option<Timestamp> {
        let state = &self.stored.state;
        match state.phase {
            Phase::OnTill { since, .. } if state.online && state.is_alive() => Some(since),
            _ => None,
        }
    }

    /// Whether what the till shows is news: most orders of most minutes have none, and cost nothing more.
    fn would_change(&self, seen: &TillOrder, subject: Subject<'_>, now: Timestamp) -> bool {
        as_event(seen, &self.stored.state, subject).is_some_and(|event| step(&self.stored.state, &event, now).is_some())
    }
}
