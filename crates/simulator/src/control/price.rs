//! What a dish and its options cost a customer of the platform.

use super::types::Item;
use crate::{
    money,
    plateform::{MenuKind, Platform},
    till::{Account, Table, text},
};
use serde_json::Value;

/// A dish as a customer sees it.
#[derive(Debug, Default)]
pub(super) struct Offer {
    pub(super) external_id: String,
    pub(super) name: String,
    pub(super) cents: Option<i64>,
    pub(super) orderable: bool,
    pub(super) options: Vec<OfferedOption>,
}

/// An option of a dish.
#[derive(Clone, Debug)]
pub(super) struct OfferedOption {
    pub(super) group: String,
    pub(super) external_id: String,
    pub(super) name: String,
    pub(super) removal: bool,
    pub(super) cents: i64,
}

/// Finds the dish of a line: on the platform's menu, else in the till's catalogue.
pub(super) fn offer(platform: &Platform, account: &Account, service: &str, item: &Item) -> Option<Offer> {
    on_platform(platform, service, item).or_else(|| on_till(account, service, item))
}

fn named(value: &Value, id_field: &str, name_field: &str, wanted: &str) -> bool {
    text(value, id_field) == wanted || text(value, name_field).eq_ignore_ascii_case(wanted)
}

fn on_platform(platform: &Platform, service: &str, item: &Item) -> Option<Offer> {
    let of_kind = |kind| platform.menu.values().filter(move |entry| entry.kind == kind);
    let dish = of_kind(MenuKind::Dish).find(|dish| named(&dish.upsert, "externalId", "name", &item.product))?;
    let price = &dish.upsert["prices"][service];
    let groups = of_kind(MenuKind::OptionGroup).filter(|group| !group.deactivated());
    let groups = groups.filter(|group| {
        let ids = dish.upsert["optionGroupExternalIds"].as_array();
        ids.is_some_and(|ids| ids.iter().any(|id| id == group.external_id.as_str()))
    });
    let options = groups.flat_map(|group| {
        let removal = group.upsert["kind"] == "removals";
        group.upsert["options"].as_array().into_iter().flatten().map(move |option| OfferedOption {
            group: group.external_id.clone(),
            external_id: text(option, "externalId").to_owned(),
            name: text(option, "name").to_owned(),
            removal,
            cents: option["priceCents"].as_i64().unwrap_or_default(),
        })
    });
    let switched_on = dish.upsert["active"] == true && dish.owned["available"] == true && !dish.deactivated();
    Some(Offer {
        external_id: dish.external_id.clone(),
        name: text(&dish.upsert, "name").to_owned(),
        cents: price["cents"].as_i64(),
        orderable: switched_on && price["orderable"] == true,
        options: options.collect(),
    })
}

fn on_till(account: &Account, service: &str, item: &Item) -> Option<Offer> {
    let product = account.rows(Table::Products).iter().find(|row| named(row, "id", "description", &item.product))?;
    let mode_name = format!("plateform_{service}");
    let mode = account.rows(Table::SalesModes).iter().find(|mode| text(mode, "description") == mode_name);
    let prices = product["prices"].as_array().into_iter().flatten();
    let price = mode.and_then(|mode| prices.into_iter().find(|price| price["idSalesMode"] == mode["id"]));
    let cents = price.and_then(|price| money::cents(&price["value"]));
    let category = account.find(Table::Categories, text(product, "idCategory"));
    let mut options = offered(account, "p", product);
    let own: Vec<&Value> = product["modifiers"].as_array().into_iter().flatten().map(|m| &m["idOption"]).collect();
    for option in category.map(|category| offered(account, "c", category)).unwrap_or_default() {
        let taken = own.iter().any(|id| id.as_str().is_some_and(|id| option.group.contains(id)));
        if !taken {
            options.push(option);
        }
    }
    let (external_id, name) = (text(product, "id").to_owned(), text(product, "description").to_owned());
    Some(Offer { external_id, name, cents, orderable: cents.is_some(), options })
}

/// Options of a product or category; the group's id says where it is from.
fn offered(account: &Account, place: &str, row: &Value) -> Vec<OfferedOption> {
    let mut offered = Vec::new();
    for modifier in row["modifiers"].as_array().into_iter().flatten() {
        let Some(option) = account.find(Table::Options, text(modifier, "idOption")) else { continue };
        for value in modifier["values"].as_array().into_iter().flatten() {
            let named = option["values"].as_array().into_iter().flatten().find(|known| known["id"] == value["idValue"]);
            let removal = value["isDefault"] == true;
            let kind = if removal { "rem" } else { "add" };
            offered.push(OfferedOption {
                group: format!("{place}:{}:{}:{kind}", text(row, "id"), text(modifier, "idOption")),
                external_id: text(value, "idValue").to_owned(),
                name: named.map(|named| text(named, "description").to_owned()).unwrap_or_default(),
                removal,
                cents: money::cents(&value["price"]).unwrap_or_default(),
            });
        }
    }
    offered
}
