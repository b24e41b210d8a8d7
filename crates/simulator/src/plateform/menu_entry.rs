//! One thing on the platform's menu: the till's fields and the platform's own, kept apart.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A kind of menu entry, in the order in which a change set is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum MenuKind {
    Category,
    OptionGroup,
    Dish,
}

impl MenuKind {
    /// The kind's name in the contract.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::OptionGroup => "optionGroup",
            Self::Dish => "dish",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Category, Self::OptionGroup, Self::Dish].into_iter().find(|kind| kind.name() == name)
    }
}

/// One thing on the menu.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MenuEntry {
    pub(crate) kind: MenuKind,
    pub(crate) external_id: String,
    /// The till's fields, with the contract's defaults filled in.
    pub(crate) upsert: Value,
    /// The platform's fields.
    pub(crate) owned: Value,
    /// Place in the stable order.
    pub(crate) number: u64,
}

impl MenuEntry {
    pub(crate) fn new(kind: MenuKind, upsert: &Value, id: String, number: u64) -> Self {
        let mut owned = json!({ "id": id, "deactivated": false, "translations": {} });
        if kind == MenuKind::Dish {
            owned["labels"] = json!([]);
            owned["ingredients"] = json!([]);
            owned["allergens"] = json!([]);
            owned["frozen"] = json!(false);
            owned["available"] = json!(true);
        }
        let external_id = upsert["externalId"].as_str().unwrap_or_default().to_owned();
        Self { kind, external_id, upsert: with_defaults(kind, upsert), owned, number }
    }

    /// The entry as `listMenu` shows it.
    pub(crate) fn view(&self) -> Value {
        let mut fields = self.upsert.clone();
        if let (Some(fields), Some(owned)) = (fields.as_object_mut(), self.owned.as_object()) {
            fields.extend(owned.clone());
        }
        json!({ "kind": self.kind, self.kind.name(): fields })
    }

    pub(crate) fn deactivated(&self) -> bool {
        self.owned["deactivated"] == true
    }
}

/// Fills in what the contract says a missing field means.
pub(crate) fn with_defaults(kind: MenuKind, upsert: &Value) -> Value {
    let defaults = match kind {
        MenuKind::Category => json!({ "imageUrl": null, "active": true }),
        MenuKind::OptionGroup => json!({ "minChoices": 0, "maxChoices": null }),
        MenuKind::Dish => json!({}),
    };
    let mut filled = defaults;
    if let (Some(filled), Some(upsert)) = (filled.as_object_mut(), upsert.as_object()) {
        filled.extend(upsert.clone());
    }
    filled
}
