//! The till's catalogue as it was read, tolerant of what is missing (API sheet sections 3 and 4).

use crate::{Cents, OptionId, OptionValueId, SalesModeId, SalesPointId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A price of a product or of a value (API sheet 3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillPrice {
    /// The price list; none is the base price.
    pub mode: Option<SalesModeId>,
    /// Where it holds; none is everywhere.
    pub sales_point: Option<SalesPointId>,
    /// How much; none if the till wrote something that is no amount.
    pub value: Option<Cents>,
}

/// One value of a modifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillValue {
    /// The till's id.
    pub id: OptionValueId,
    /// Its name, where the reading had one.
    pub name: Option<String>,
    /// The surcharge.
    pub price: Option<Cents>,
    /// Surcharges by price list, where the reading had some.
    pub prices: Vec<TillPrice>,
    /// Whether the surcharge is a percentage of the product's price.
    pub is_percentage: bool,
    /// Whether it is part of the recipe.
    pub is_default: bool,
}

/// Additions or removals on a product or a category (API sheet 4.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillModifier {
    /// The option.
    pub option: OptionId,
    /// Its name, where the reading had one.
    pub name: Option<String>,
    /// Its place among the others.
    pub position: i64,
    /// Its values.
    pub values: Vec<TillValue>,
}

/// A category of the till.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillCategory {
    /// The till's id.
    pub id: String,
    /// Its name, as typed.
    pub name: String,
    /// Whether it is on the tenant's channel.
    pub on_channel: bool,
    /// Additions and removals of every product of the category.
    pub modifiers: Vec<TillModifier>,
    /// An address of a picture.
    pub image: Option<String>,
    /// The one sales point that sees it; none is all.
    pub sales_point: Option<SalesPointId>,
}

/// A product of the till.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillProduct {
    /// The till's id.
    pub id: String,
    /// Its name, as typed.
    pub name: String,
    /// The long text, may be HTML.
    pub text: String,
    /// Its category.
    pub category: Option<String>,
    /// Whether it is on the tenant's channel.
    pub on_channel: bool,
    /// Its prices.
    pub prices: Vec<TillPrice>,
    /// How many variants it has, the technical one included.
    pub variants: usize,
    /// Whether it is a real multivariant.
    pub multivariant: bool,
    /// Whether it is a menu.
    pub menu: bool,
    /// Whether it is a composition, or sold only in one.
    pub composition: bool,
    /// Whether it is sold by weight.
    pub by_weight: bool,
    /// Its own additions and removals.
    pub modifiers: Vec<TillModifier>,
    /// Addresses of pictures.
    pub images: Vec<String>,
    /// The tax rate of its department, in percent, as the till wrote it.
    pub vat_rate: Option<String>,
    /// The one sales point that sees it; none is all.
    pub sales_point: Option<SalesPointId>,
}

/// The names of options and values, from the endpoint of options.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionNames {
    /// Names of options.
    pub options: HashMap<OptionId, String>,
    /// Names of values.
    pub values: HashMap<OptionValueId, String>,
}

/// Everything that the mapping looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Every category; always whole.
    pub categories: Vec<TillCategory>,
    /// Every product, or those that changed.
    pub products: Vec<TillProduct>,
    /// Names for modifiers that came without.
    pub names: OptionNames,
    /// The price list for take-away, if it exists.
    pub takeaway: Option<SalesModeId>,
    /// The price list for delivery, if it exists.
    pub delivery: Option<SalesModeId>,
}
