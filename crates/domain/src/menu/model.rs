//! The desired menu, in the platform's terms.

use crate::Cents;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The three kinds of entries, in the order in which they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A category.
    Category,
    /// A group of additions or removals.
    Group,
    /// A dish.
    Dish,
}

impl Kind {
    fn letter(self) -> char {
        match self {
            Self::Category => 'c',
            Self::Group => 'g',
            Self::Dish => 'd',
        }
    }

    /// The kind that a key begins with.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        match key.as_bytes() {
            [b'c', b':', ..] => Some(Self::Category),
            [b'g', b':', ..] => Some(Self::Group),
            [b'd', b':', ..] => Some(Self::Dish),
            _ => None,
        }
    }
}

/// Names an entry in a manifest: the kind's letter and the external id.
#[must_use]
pub fn entry_key(kind: Kind, external_id: &str) -> String {
    format!("{}:{external_id}", kind.letter())
}

/// A category (S10-S12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Category {
    /// The till's id, or `ponte:senza-categoria`.
    pub external_id: String,
    /// 1 to 200 characters.
    pub name: String,
    /// An address of a picture.
    pub image: Option<String>,
    /// Whether it is on the tenant's channel.
    pub active: bool,
}

/// Whether a group adds or takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// Additions.
    Additions,
    /// Removals.
    Removals,
}

/// A group of options at one place: a product or a category (S31-S36).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptionGroup {
    /// By place, never by content: `p:PRODUCT:OPTION:add`, `c:CATEGORY:OPTION:rem`.
    pub external_id: String,
    /// 1 to 200 characters.
    pub name: String,
    /// Adds or takes away.
    pub kind: GroupKind,
    /// At least one, in the till's order.
    pub options: Vec<OptionItem>,
}

/// One option of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptionItem {
    /// The till's value.
    pub external_id: String,
    /// 1 to 200 characters.
    pub name: String,
    /// What one costs; may be negative.
    pub price: Cents,
}

/// A price in one service (S26-S30).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ServicePrice {
    /// Not negative; 0 when the till has none.
    pub price: Cents,
    /// Whether it can be ordered in this service.
    pub orderable: bool,
}

/// A dish (S13-S17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dish {
    /// The till's product.
    pub external_id: String,
    /// Its category's external id.
    pub category: String,
    /// 1 to 200 characters.
    pub name: String,
    /// Plain text, at most 5,000 characters.
    pub description: String,
    /// Whether product and category are on the tenant's channel (S15).
    pub active: bool,
    /// The price for take-away.
    pub takeaway: ServicePrice,
    /// The price for delivery.
    pub delivery: ServicePrice,
    /// A percentage, `10` or `22.5`.
    pub vat_rate: Option<String>,
    /// The groups that it offers, in order.
    pub groups: Vec<String>,
    /// Addresses of pictures.
    pub photos: Vec<String>,
}

/// Anything of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A category.
    Category(Category),
    /// A group of options.
    Group(OptionGroup),
    /// A dish.
    Dish(Dish),
}

impl Entry {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Category(_) => Kind::Category,
            Self::Group(_) => Kind::Group,
            Self::Dish(_) => Kind::Dish,
        }
    }

    /// Its external id.
    #[must_use]
    pub fn external_id(&self) -> &str {
        match self {
            Self::Category(category) => &category.external_id,
            Self::Group(group) => &group.external_id,
            Self::Dish(dish) => &dish.external_id,
        }
    }

    /// Its key in a manifest.
    #[must_use]
    pub fn key(&self) -> String {
        entry_key(self.kind(), self.external_id())
    }

    /// Whether a customer can order it: what a mass change takes away.
    #[must_use]
    pub fn is_orderable(&self) -> bool {
        match self {
            Self::Dish(dish) => dish.active && (dish.takeaway.orderable || dish.delivery.orderable),
            Self::Category(category) => category.active,
            Self::Group(_) => true,
        }
    }

    /// A fingerprint of everything that is written of it.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let content = match self {
            Self::Category(category) => serde_json::json!(category),
            Self::Group(group) => serde_json::json!(group),
            Self::Dish(dish) => serde_json::json!(dish),
        };
        digest(&content.to_string())
    }
}

/// The first 64 bits of a text's SHA-256.
#[must_use]
pub fn digest(text: &str) -> u64 {
    Sha256::digest(text).first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// The desired menu, whole or of some products.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Menu {
    /// The entries by key.
    pub entries: BTreeMap<String, Entry>,
}

impl Menu {
    /// Adds an entry; one with the same key is replaced.
    pub fn put(&mut self, entry: Entry) {
        self.entries.insert(entry.key(), entry);
    }

    /// The dishes.
    pub fn dishes(&self) -> impl Iterator<Item = &Dish> {
        self.entries.values().filter_map(|entry| match entry {
            Entry::Dish(dish) => Some(dish),
            _ => None,
        })
    }
}
