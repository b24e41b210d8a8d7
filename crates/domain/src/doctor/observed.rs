//! What was seen, or why it was not.

use crate::{menu::till::Catalogue, order::Service, till::SalesMode};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// Something that was seen, or why not.
pub type Seen<T> = Result<T, Unseen>;

/// Why something was not seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unseen {
    /// The key or the token is refused, with this HTTP status.
    Refused(u16),
    /// No answer in the time that the doctor takes.
    Late,
    /// The till's calls for menus are used up for these ten minutes.
    NoCalls,
    /// No usable answer; what was seen of it, without personal data.
    NoAnswer(String),
    /// The party has nothing that answers this.
    NotOffered,
}

/// A sales point of the till's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TillSalesPoint {
    /// The till's number.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// Whether its licence is active.
    pub is_licensed: bool,
}

/// A webhook as the till's portal has it configured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TillWebhook {
    /// `ORDER`, `RECEIPT` and so on, upper case.
    pub entity: String,
    /// `CREATE`, `EDIT`, `DELETE`, upper case.
    pub events: BTreeSet<String>,
    /// Where it goes.
    pub url: String,
    /// Whether it is paused.
    pub is_paused: bool,
    /// The sales points that it is for; empty is all.
    pub sales_points: Vec<i64>,
}

/// The till's menu as one whole pass has read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MenuSeen {
    /// Everything that could be read.
    pub catalogue: Catalogue,
    /// Keys of rows that are there and could not be read.
    pub unreadable: BTreeSet<String>,
    /// Whether the pages fitted together: only then is missing deleted.
    pub is_complete: bool,
}

/// An entry of the platform's menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldEntry {
    /// As [`crate::menu::entry_key`] names it.
    pub key: String,
    /// What people read.
    pub name: String,
    /// Whether it has been deactivated.
    pub is_deactivated: bool,
}

/// The restaurant as the platform shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestaurantSeen {
    /// Each service that it offers, and whether a menu is assigned to it.
    pub services: Vec<(Service, bool)>,
    /// Whether the platform holds menu data.
    pub has_menu: bool,
}

/// What Ponte knows of the restaurant itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether an order or a customer of ours is on the till.
    pub has_written: bool,
    /// Whether an order of ours is on the till now.
    pub has_order: bool,
    /// Whether a whole pass has been applied.
    pub is_synced: bool,
    /// Whether the till has ever called with news.
    pub has_pushed: bool,
    /// How many changes in a row were found by polling and not pushed.
    pub unpushed: u32,
}

/// How much the parties' clocks are ahead of ours; negative is behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clocks {
    /// The till's.
    pub till: Seen<SignedDuration>,
    /// The platform's.
    pub platform: Seen<SignedDuration>,
}

/// Everything that the checks look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observations {
    /// The sales points of the key.
    pub sales_points: Seen<Vec<TillSalesPoint>>,
    /// Every sales mode that the sales point sees.
    pub modes: Seen<Vec<SalesMode>>,
    /// The till's menu.
    pub menu: Seen<MenuSeen>,
    /// The platform's menu.
    pub held: Seen<Vec<HeldEntry>>,
    /// The till's webhooks.
    pub webhooks: Seen<Vec<TillWebhook>>,
    /// How many secrets of the till's webhooks are stored.
    pub webhook_secrets: usize,
    /// The restaurant on the platform.
    pub restaurant: Seen<RestaurantSeen>,
    /// The clocks.
    pub clocks: Clocks,
    /// What Ponte knows itself.
    pub known: Seen<Known>,
}
