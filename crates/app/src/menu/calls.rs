//! The till's calls that a cycle may make: each is asked for before it is made.

use super::{MenuFailure, MenuWorld, Menus};
use crate::ports::{TenantAccess, Work, menu::CallBudget};
use std::time::Duration;

/// With less time than this left, no further call is begun: what was read has to be compared and written yet.
const LAST_CALL: Duration = Duration::from_secs(15);

/// Asks for calls before they are made.
pub(super) struct Calls<'a, W> {
    menus: &'a Menus<W>,
    pub(super) work: &'a Work,
    pub(super) access: &'a TenantAccess,
    reserve: Duration,
}

impl<'a, W: MenuWorld> Calls<'a, W> {
    pub(super) fn new(menus: &'a Menus<W>, work: &'a Work, access: &'a TenantAccess) -> Self {
        Self { menus, work, access, reserve: LAST_CALL }
    }

    /// Calls of which nothing is written afterwards: the last may end with the work.
    pub(super) fn to_look(menus: &'a Menus<W>, work: &'a Work, access: &'a TenantAccess) -> Self {
        Self { reserve: Duration::from_millis(1), ..Self::new(menus, work, access) }
    }

    /// Whether there is time for another call.
    pub(super) fn have_time(&self) -> bool {
        self.work.left() >= self.reserve
    }

    /// Spends so many calls, which are made or not. What was granted of too few is gone.
    pub(super) async fn spend(&mut self, calls: u32) -> Result<(), MenuFailure> {
        if !self.have_time() {
            return Err(MenuFailure::OutOfTime);
        }
        let granted = self.menus.world.budget().take_calls(&self.access.api_key, calls).await?;
        if granted < calls { Err(MenuFailure::NoCalls) } else { Ok(()) }
    }
}
