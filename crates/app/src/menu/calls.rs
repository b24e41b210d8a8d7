//! The till's calls that a cycle may make: asked for in blocks, so that the budget costs little.

use super::{MenuFailure, MenuWorld, Menus};
use crate::{
    ports::menu::CallBudget,
    ports::{TenantAccess, Work},
};
use std::time::Duration;

/// With less time than this left, no further call is begun: what was read has to be compared and written yet.
const LAST_CALL: Duration = Duration::from_secs(15);

/// Asks for one call before each call.
pub(super) struct Calls<'a, W> {
    menus: &'a Menus<W>,
    pub(super) work: &'a Work,
    pub(super) access: &'a TenantAccess,
    granted: u32,
}

impl<'a, W: MenuWorld> Calls<'a, W> {
    pub(super) fn new(menus: &'a Menus<W>, work: &'a Work, access: &'a TenantAccess) -> Self {
        Self { menus, work, access, granted: 0 }
    }

    /// Spends one call.
    pub(super) async fn spend(&mut self) -> Result<(), MenuFailure> {
        if self.work.left() < LAST_CALL {
            return Err(MenuFailure::OutOfTime);
        }
        if self.granted == 0 {
            self.granted = self.menus.world.budget().take_calls(&self.access.api_key, 1).await?;
        }
        self.granted = self.granted.checked_sub(1).ok_or(MenuFailure::NoCalls)?;
        Ok(())
    }
}
