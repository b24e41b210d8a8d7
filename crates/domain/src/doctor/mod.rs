//! The doctor: from what was seen of a restaurant's till and platform to fourteen checks, each with its remedy.
//!
//! What could not be seen is unknown, never green: [`examine`] is total over every mixture of seen and unseen.

mod menu;
mod nightly;
mod observed;
mod pushes;
mod saw;
mod setup;
mod texts;

pub use nightly::nightly;
pub use observed::{
    Clocks, HeldEntry, Known, MenuSeen, Observations, RestaurantSeen, Seen, TillSalesPoint, TillWebhook, Unseen,
};
pub use pushes::{Pushes, SILENT_AFTER};
pub use saw::{Names, Party, Saw};
pub use setup::{Portal, portal};

use crate::tenant::Tenant;
use serde::Serialize;

/// The language of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lang {
    /// Italian.
    #[default]
    It,
    /// English.
    En,
}

/// The fourteen checks, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckId {
    /// DR1: the API key works, and with it the licence (S39, S47).
    Key,
    /// DR2: the key may read and write (S47).
    Scope,
    /// DR3: the sales point belongs to the key and has a licence (S46).
    SalesPoint,
    /// DR4: both sales modes have the exact names (S26, S27).
    SalesModes,
    /// DR5: every dish on sale has a price in both services (S28, S29).
    Prices,
    /// DR6: dishes and their categories are on the channel (S40).
    Channel,
    /// DR7: no article uses the till's variants (S32).
    Variants,
    /// DR8: the platform sells nothing that the till does not have (S16, S36, S45).
    Ghosts,
    /// DR9: the till sets no limits on orders (S41 to S44).
    Limits,
    /// DR10: the till's webhooks are there (S48, S49).
    Webhooks,
    /// DR11: menus are matched to the service types (S52).
    Services,
    /// DR12: what the platform held before the first pass (S07).
    FirstSync,
    /// DR13: the clocks agree.
    Clocks,
    /// DR14: a test order went all the way (S53).
    TestOrder,
}

impl CheckId {
    /// Every check.
    pub const ALL: [Self; 14] = [
        Self::Key,
        Self::Scope,
        Self::SalesPoint,
        Self::SalesModes,
        Self::Prices,
        Self::Channel,
        Self::Variants,
        Self::Ghosts,
        Self::Limits,
        Self::Webhooks,
        Self::Services,
        Self::FirstSync,
        Self::Clocks,
        Self::TestOrder,
    ];

    /// `DR1` to `DR14`.
    #[must_use]
    pub fn code(self) -> String {
        format!("DR{}", self as usize + 1)
    }
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Green,
    /// It could not be seen.
    Unknown,
    /// To be looked at; orders pass.
    Yellow,
    /// To be mended.
    Red,
}

/// A check with what was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Which one.
    pub id: CheckId,
    /// How it ended: the worst of what was seen.
    pub verdict: Verdict,
    /// What was seen, one sentence each.
    pub saw: Vec<Saw>,
}

impl Checked {
    fn of(id: CheckId, saw: Vec<(Verdict, Saw)>) -> Self {
        let verdict = saw.iter().map(|(verdict, _)| *verdict).max().unwrap_or(Verdict::Unknown);
        Self { id, verdict, saw: saw.into_iter().map(|(_, saw)| saw).collect() }
    }

    /// The check as a person reads it.
    #[must_use]
    pub fn told(&self, lang: Lang) -> Told {
        let saw: Vec<String> = self.saw.iter().map(|saw| saw.text(lang)).collect();
        let remedy = (self.verdict != Verdict::Green).then(|| texts::remedy(self.id, lang).to_owned());
        Told {
            check: self.id.code(),
            verdict: self.verdict,
            title: texts::title(self.id, lang),
            saw: saw.join("; "),
            rule: texts::rule(self.id, lang),
            remedy,
        }
    }
}

/// A check in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// `DR1` to `DR14`.
    pub check: String,
    /// How it ended.
    pub verdict: Verdict,
    /// What is checked, in a few words.
    pub title: &'static str,
    /// What was seen.
    pub saw: String,
    /// What has to be so.
    pub rule: &'static str,
    /// What to do, with the menu path; none where nothing is to be done.
    pub remedy: Option<String>,
}

/// The word for a verdict.
#[must_use]
pub fn word(verdict: Verdict, lang: Lang) -> &'static str {
    texts::verdict(verdict, lang)
}

/// All fourteen checks, in their order.
#[must_use]
pub fn examine(tenant: &Tenant, seen: &Observations) -> Vec<Checked> {
    CheckId::ALL.iter().map(|id| Checked::of(*id, check(*id, tenant, seen))).collect()
}

fn check(id: CheckId, tenant: &Tenant, seen: &Observations) -> Vec<(Verdict, Saw)> {
    match id {
        CheckId::Key => setup::key(seen),
        CheckId::Scope => setup::scope(seen),
        CheckId::SalesPoint => setup::sales_point(tenant, seen),
        CheckId::SalesModes => setup::sales_modes(tenant, seen),
        CheckId::Prices => menu::prices(tenant, seen),
        CheckId::Channel => menu::channel(tenant, seen),
        CheckId::Variants => menu::variants(tenant, seen),
        CheckId::Ghosts => menu::ghosts(tenant, seen),
        CheckId::Limits => vec![(Verdict::Unknown, Saw::LimitsNotReadable)],
        CheckId::Webhooks => setup::webhooks(tenant, seen),
        CheckId::Services => setup::services(seen),
        CheckId::FirstSync => setup::first_sync(seen),
        CheckId::Clocks => setup::clocks(seen),
        CheckId::TestOrder => vec![setup::test_order(seen)],
    }
}

#[cfg(test)]
mod tests;
