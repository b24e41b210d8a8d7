//! Customers of the platform, brought to the till (S69-S71): changed ones by watermark, oldest change first.

use super::{MenuFailure, MenuWorld, Menus, calls::Calls, sync::Cycle};
use crate::{
    customers::resolve,
    ports::TillError,
    ports::menu::{MenuState, PlatformMenu},
};
use domain::{menu::digest, order::Customer};
use jiff::{SignedDuration, Timestamp};

/// A customer costs at most so many calls of the till: two searches and a write.
const CALLS_EACH: u32 = 3;

/// How far back a reading overlaps the one before. The platform compares its own times: only what it shows late has to be
/// seen again, and each customer of that time is remembered.
const OVERLAP: SignedDuration = SignedDuration::from_mins(2);

/// How far the clocks of both sides may differ.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// So many are brought by one cycle: however many there are, they leave calls for the menu.
const MOST_EACH_CYCLE: usize = 25;

/// In so many cycles, of five minutes each, one customer may fail.
const MOST_TRIES: u32 = 12;

/// How far a cycle has come with its customers.
#[derive(Default)]
struct Progress {
    brought: usize,
    tried: usize,
    /// Whether some came without the instant of their change.
    is_timeless: bool,
}

impl<W: MenuWorld> Menus<W> {
    /// Brings what changed since the last cycle and answers how many customers that were. One that the till refuses is
    /// logged and passed over; when the till does not answer or the calls are used up, the rest waits for the next cycle.
    pub(super) async fn bring_customers(
        &self,
        cycle: &Cycle<'_>,
        calls: &mut Calls<'_, W>,
        state: &mut MenuState,
    ) -> Result<usize, MenuFailure> {
        let tenant = &cycle.access.tenant;
        let since = state.customers_since_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let after = since.and_then(|since| since.saturating_sub(OVERLAP).ok());
        let (platform, zone) = (self.world.platform(), &tenant.time_zone);
        let (mut progress, mut cursor) = (Progress::default(), None::<String>);
        loop {
            let page = platform
                .changed_customers(cycle.work, &cycle.platform, &tenant.id, after, cursor.as_deref(), zone)
                .await?;
            let is_through = self.bring_page(cycle, calls, state, page.customers, &mut progress).await?;
            if is_through && page.next.is_none() {
                state.customers_ms = Some(cycle.begun.as_millisecond());
            }
            match page.next {
                Some(next) if is_through && calls.have_time() => cursor = Some(next),
                None if is_through && progress.is_timeless => {
                    // Everything was seen; by their own times alone they would be listed for ever.
                    move_on(state, cycle.begun.saturating_sub(SKEW).unwrap_or(Timestamp::MIN).as_millisecond());
                    return Ok(progress.brought);
                }
                _ => return Ok(progress.brought),
            }
        }
    }

    /// Brings a page; answers whether it came to its end.
    async fn bring_page(
        &self,
        cycle: &Cycle<'_>,
        calls: &mut Calls<'_, W>,
        state: &mut MenuState,
        customers: Vec<(Customer, Option<Timestamp>)>,
        progress: &mut Progress,
    ) -> Result<bool, MenuFailure> {
        let tenant = &cycle.access.tenant.id;
        for (customer, changed_at) in customers {
            progress.is_timeless |= changed_at.is_none();
            let content = fingerprint(&customer, changed_at);
            if state.customers_brought.iter().any(|(_, known)| *known == content) {
                continue;
            }
            if progress.tried == MOST_EACH_CYCLE {
                return Ok(false);
            }
            progress.tried += 1;
            match self.bring(cycle, calls, &customer).await {
                Ok(is_taken) => progress.brought += usize::from(is_taken),
                Err(error) if is_given_up(state, content, &error) => {
                    tracing::error!(tenant.id = %tenant, customer.id = %customer.id, %error, "a customer is given up");
                }
                Err(error) if is_for_the_next_cycle(&error) => {
                    tracing::warn!(tenant.id = %tenant, %error, "customers wait for the next cycle");
                    return Ok(false);
                }
                Err(error) => return Err(error),
            }
            remember(state, changed_at, cycle.begun, content);
        }
        Ok(true)
    }

    /// Answers whether the till has taken the customer.
    async fn bring(
        &self,
        cycle: &Cycle<'_>,
        calls: &mut Calls<'_, W>,
        customer: &Customer,
    ) -> Result<bool, MenuFailure> {
        calls.spend(CALLS_EACH).await?;
        match resolve(self.world.till(), cycle.work, &cycle.access, customer).await {
            Ok(_) => Ok(true),
            // A key that may not touch customers says nothing of this one.
            Err(error) if error.is_retryable() || matches!(error, TillError::KeyRefused { .. }) => Err(error.into()),
            Err(error) => {
                let tenant = &cycle.access.tenant.id;
                tracing::warn!(tenant.id = %tenant, customer.id = %customer.id, %error, "the till refuses a customer");
                Ok(false)
            }
        }
    }
}

fn is_for_the_next_cycle(error: &MenuFailure) -> bool {
    matches!(error, MenuFailure::NoCalls | MenuFailure::OutOfTime | MenuFailure::Till(_))
}

/// Whether a customer has failed too often while the till did everything else: the others must not wait for ever.
fn is_given_up(state: &mut MenuState, content: u64, error: &MenuFailure) -> bool {
    if !matches!(error, MenuFailure::Till(TillError::Unclear { .. })) {
        return false;
    }
    let before = state.customer_failed.filter(|(failed, _)| *failed == content);
    let times = before.map_or(1, |(_, times)| times.saturating_add(1));
    state.customer_failed = Some((content, times));
    times >= MOST_TRIES
}

/// Of one change of a customer: what changed back is another change.
fn fingerprint(customer: &Customer, changed_at: Option<Timestamp>) -> u64 {
    digest(&serde_json::json!([customer, changed_at.map(Timestamp::as_millisecond)]).to_string())
}

/// Moves the watermark, never beyond now, and remembers who was brought as far back as the next reading overlaps this one.
fn remember(state: &mut MenuState, changed_at: Option<Timestamp>, begun: Timestamp, content: u64) {
    let at = changed_at.unwrap_or(begun).as_millisecond();
    state.customers_brought.push((at, content));
    if let Some(changed_at) = changed_at {
        move_on(state, changed_at.min(begun).as_millisecond());
    }
}

fn move_on(state: &mut MenuState, to: i64) {
    let since = state.customers_since_ms.unwrap_or(i64::MIN).max(to);
    let overlap = i64::try_from(OVERLAP.as_millis()).unwrap_or(i64::MAX);
    state.customers_since_ms = Some(since);
    state.customers_brought.retain(|(at, _)| *at >= since.saturating_sub(overlap));
}
