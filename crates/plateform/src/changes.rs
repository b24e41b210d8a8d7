//! What the till's side writes into the menu. No type here has a place for a field that the platform owns.

use serde::{Deserialize, Deserializer, Serialize};

mod apply;
mod batches;

pub use batches::{MAX_CHANGES, MAX_CHANGES_BYTES};

/// What an entry of the menu is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MenuKind {
    /// A category.
    Category,
    /// A group of additions or of removals.
    OptionGroup,
    /// A dish.
    Dish,
}

impl MenuKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::OptionGroup => "optionGroup",
            Self::Dish => "dish",
        }
    }
}

/// A category of the till.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CategoryUpsert {
    /// The till's id.
    pub external_id: String,
    /// 1 to 200 characters.
    pub name: String,
    /// Its picture; none takes a former one away.
    pub image_url: Option<String>,
    /// Whether it is on the till's channel.
    #[serde(default = "yes", deserialize_with = "or_yes")]
    pub active: bool,
}

/// Whether the options of a group add or take away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OptionGroupKind {
    /// Additions.
    Additions,
    /// Removals.
    Removals,
}

/// A group of additions or removals of the till.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OptionGroupUpsert {
    /// Stable, and leads back to the till's option: `p:PRODUCT:OPTION:add`.
    pub external_id: String,
    /// 1 to 200 characters.
    pub name: String,
    /// Adds or takes away.
    pub kind: OptionGroupKind,
    /// The least that has to be chosen.
    #[serde(default, deserialize_with = "or_default")]
    pub min_choices: u32,
    /// The most that can be chosen, at least 1; none is any number.
    pub max_choices: Option<u32>,
    /// What can be chosen.
    pub options: Vec<OptionUpsert>,
}

/// One option of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OptionUpsert {
    /// The till's id of the value.
    pub external_id: String,
    /// 1 to 200 characters.
    pub name: String,
    /// Price of one in cents; negative for what is paid back.
    pub price_cents: i64,
    /// Where it stands in the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
}

/// A dish of the till.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DishUpsert {
    /// The till's id of the product.
    pub external_id: String,
    /// The till's id of its category.
    pub category_external_id: String,
    /// 1 to 200 characters.
    pub name: String,
    /// Plain text, at most 5000 characters.
    pub description: String,
    /// Whether it is on the till's channel, at product and category level.
    pub active: bool,
    /// What it costs.
    pub prices: DishPrices,
    /// Percentage, `10` or `5.5`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vat_rate: Option<String>,
    /// Its groups of options, in order.
    pub option_group_external_ids: Vec<String>,
    /// Its pictures, in order.
    pub photo_urls: Vec<String>,
}

/// What a dish costs in each service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DishPrices {
    /// When collected.
    pub takeaway: ServicePrice,
    /// When brought.
    pub delivery: ServicePrice,
}

/// What a dish costs in a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePrice {
    /// In cents; 0 when the till has no price in this sales mode (S28).
    pub cents: u32,
    /// Whether it can be ordered.
    pub orderable: bool,
}

/// Takes an entry out of sale; it stays on the platform until a person deletes it (S16).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deactivation {
    /// What it is.
    pub kind: MenuKind,
    /// The till's id.
    pub external_id: String,
}

/// A change set. The platform applies it in the order of the fields; each entry succeeds or fails alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MenuChanges {
    /// Categories to create or overwrite.
    pub categories: Vec<CategoryUpsert>,
    /// Option groups to create or overwrite.
    pub option_groups: Vec<OptionGroupUpsert>,
    /// Dishes to create or overwrite.
    pub dishes: Vec<DishUpsert>,
    /// What goes out of sale.
    pub deactivations: Vec<Deactivation>,
}

/// What became of one entry of a change set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeOutcome {
    /// What it is.
    pub kind: MenuKind,
    /// The till's id.
    pub external_id: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Created,
    /// It was overwritten.
    Updated,
    /// It was so already.
    Unchanged,
    /// It is out of sale.
    Deactivated,
    /// It was not taken.
    Failed {
        /// The problem's code; `missing_result` if the platform said nothing of this entry.
        code: String,
    },
}

fn yes() -> bool {
    true
}

fn or_yes<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    Ok(Option::deserialize(value)?.unwrap_or(true))
}

fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(value: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(value)?.unwrap_or_default())
}
