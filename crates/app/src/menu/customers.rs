//! Customers of the platform, brought to the till (S69-S71): changed ones by watermark, oldest change first.

use super::{MenuFailure, MenuWorld, Menus, calls::Calls, read::OVERLAP, sync::Cycle};
use crate::{
    customers::resolve,
    ports::menu::{MenuState, PlatformMenu},
};
use jiff::Timestamp;

/// A customer costs at most so many calls of the till: two searches and a write.
const CALLS_EACH: usize = 3;

impl<W: MenuWorld> Menus<W> {
    /// Brings what changed since the last cycle and answers how many customers that were. One that the till refuses is
    /// logged and passed over; when the till does not answer, the rest waits for the next cycle.
    pub(super) async fn bring_customers(
        &self,
        cycle: &Cycle<'_>,
        calls: &mut Calls<'_, W>,
        state: &mut MenuState,
    ) -> Result<usize, MenuFailure> {
        let tenant = &cycle.access.tenant;
        let since = state.customers_since_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let after = since.and_then(|since| since.saturating_sub(OVERLAP).ok());
        let platform = self.world.platform();
        let changed =
            platform.changed_customers(cycle.work, &cycle.platform, &tenant.id, after, None, &tenant.time_zone).await?;
        let mut brought = 0;
        for (customer, changed_at) in changed.customers {
            let is_old = since.zip(changed_at).is_some_and(|(since, at)| at <= since);
            if is_old {
                continue;
            }
            for _ in 0..CALLS_EACH {
                if let Err(MenuFailure::NoCalls | MenuFailure::OutOfTime) = calls.spend().await {
                    return Ok(brought);
                }
            }
            match resolve(self.world.till(), cycle.work, &cycle.access, &customer).await {
                Ok(_) => brought += 1,
                Err(error) if error.is_retryable() => {
                    tracing::warn!(tenant.id = %tenant.id, %error, "customers wait for the next cycle");
                    return Ok(brought);
                }
                Err(error) => tracing::warn!(
                    tenant.id = %tenant.id, customer.id = %customer.id, %error, "the till refuses a customer"
                ),
            }
            state.customers_since_ms = changed_at.map(Timestamp::as_millisecond).or(state.customers_since_ms);
        }
        Ok(brought)
    }
}
