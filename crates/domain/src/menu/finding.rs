//! What a person should know of the menu, in Italian, with the remedy.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
    /// A category off the channel with articles that are on it (S40).
    Channel,
    /// An option that cannot be offered.
    Option,
    /// A picture whose address is none.
    Photo,
    /// Two dishes with one name (E54).
    SameName,
    /// The till refuses to be read, the API key most likely (E45).
    Key,
    /// A reading of the till that was not whole (E43).
    Incomplete,
    /// Too much would disappear at once (E19, E55).
    MassChange,
    /// The platform holds a menu that is not the till's (S07, S16).
    Ghost,
    /// The platform did not take an entry.
    NotTaken,
    /// The till's webhooks are paused, missing or silent (S48).
    Webhook,
    /// Stands for findings that are not listed.
    Others,
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

    /// Whether it is about the whole menu rather than about one of its entries.
    #[must_use]
    pub fn is_about_everything(&self) -> bool {
        matches!(self.check, Check::SalesMode | Check::Key | Check::MassChange)
            || (self.check == Check::Incomplete && self.subject.is_empty())
    }

    /// An error.
    pub(crate) fn error(check: Check, subject: &str, message: String, remedy: &str) -> Self {
        Self { level: Level::Error, ..Self::warning(check, subject, message, remedy) }
    }
}

/// As many findings as are kept and shown: more than anybody reads.
pub const MOST: usize = 200;

/// How the finding begins that stands for those left out.
const OTHERS: &str = "Altre segnalazioni non elencate: ";

/// Findings in their order, each once, at most [`MOST`] and one more that counts the rest. Errors are kept before
/// warnings.
#[must_use]
pub fn most(findings: Vec<Finding>) -> Vec<Finding> {
    let before = findings.iter().find_map(left_out).unwrap_or(0);
    let each: BTreeSet<Finding> = findings.into_iter().filter(|finding| left_out(finding).is_none()).collect();
    let total = each.len();
    let (errors, warnings): (Vec<_>, Vec<_>) = each.into_iter().partition(|finding| finding.level == Level::Error);
    let mut kept: Vec<Finding> = errors.into_iter().chain(warnings).take(MOST).collect();
    kept.sort();
    let others = before + total - kept.len();
    if others > 0 {
        let remedy = "Correggi quelle elencate: le altre compaiono alla prossima lettura completa";
        kept.push(Finding::warning(Check::Others, "", format!("{OTHERS}{others}"), remedy));
    }
    kept
}

fn left_out(finding: &Finding) -> Option<usize> {
    finding.message.strip_prefix(OTHERS)?.parse().ok()
}
