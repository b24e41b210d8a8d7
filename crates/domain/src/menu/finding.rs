//! What a person should know of the menu, in Italian, with the remedy.

use serde::{Deserialize, Serialize};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Worth knowing.
    Warning,
    /// Something is not offered, or nothing was applied.
    Error,
}

/// What was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// A sales mode is missing or renamed (S26, S27, E19).
    SalesMode,
    /// A dish has no price, or none that can be, in a service (S28, E18).
    Price,
    /// A product with variants of the till (S32).
    Variants,
    /// A menu or a composition.
    Composition,
    /// A product sold by weight.
    ByWeight,
    /// A name or a description is missing, too long or not fit to be shown.
    Name,
    /// A dish whose category is missing or has no name (E52).
    Category,
    /// An option that cannot be offered.
    Option,
    /// A picture whose address is none.
    Photo,
    /// Two dishes with one name (E54).
    SameName,
    /// A reading of the till that was not whole (E43).
    Incomplete,
    /// Too much would disappear at once (E19, E55).
    MassChange,
    /// The platform holds a menu that is not the till's (S07, S16).
    Ghost,
    /// The platform did not take an entry.
    NotTaken,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// What was checked.
    pub check: Check,
    /// How bad it is.
    pub level: Level,
    /// The till's id of what it is about; empty is the whole menu.
    pub subject: String,
    /// What is so, in Italian.
    pub message: String,
    /// What to do, with the till's menu path, in Italian.
    pub remedy: String,
}

impl Finding {
    /// A warning.
    pub(crate) fn warning(check: Check, subject: &str, message: String, remedy: &str) -> Self {
        Self { check, level: Level::Warning, subject: subject.to_owned(), message, remedy: remedy.to_owned() }
    }

    /// An error.
    pub(crate) fn error(check: Check, subject: &str, message: String, remedy: &str) -> Self {
        Self { level: Level::Error, ..Self::warning(check, subject, message, remedy) }
    }
}
