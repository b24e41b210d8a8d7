//! Reading the till's menu for a person: the same pages, the same calls, and nothing applied or kept.

use super::{MenuFailure, MenuWorld, Menus, calls::Calls, pass::Pass};
use crate::ports::{Clock, TenantAccess, Work};
use domain::{doctor::MenuSeen, menu::diff::Scope};

impl<W: MenuWorld> Menus<W> {
    /// One whole pass over the till's catalogue, to be looked at.
    pub(crate) async fn look(&self, work: &Work, access: &TenantAccess) -> Result<MenuSeen, MenuFailure> {
        let mut calls = Calls::to_look(self, work, access);
        let mut pass = Pass::begun(self.world.clock().now());
        self.read_everything(&mut calls, &mut pass, true).await?;
        let reading = pass.finish();
        let (catalogue, scope) = reading.catalogue.unwrap_or((Default::default(), Scope::Part));
        Ok(MenuSeen {
            catalogue,
            unreadable: reading.unreadable,
            is_complete: reading.complete && scope == Scope::Whole,
        })
    }

    /// Spends so many of the till's calls for something to be looked at.
    pub(crate) async fn spend(&self, work: &Work, access: &TenantAccess, calls: u32) -> Result<(), MenuFailure> {
        Calls::to_look(self, work, access).spend(calls).await
    }
}
