//! One account of the till: the rows, orders and receipts that an API key reaches.

use super::{demo_menu, rate::RateWindow};
use crate::restaurant::{KeyState, RestaurantSpec};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A kind of row that the till keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// Categories.
    Categories,
    /// Products.
    Products,
    /// Departments.
    Departments,
    /// VAT rates.
    Taxes,
    /// Sales modes.
    #[serde(rename = "salesmodes")]
    SalesModes,
    /// Options of modifiers.
    Options,
    /// Customers.
    Customers,
}

impl Table {
    /// The entity in webhooks; sales modes have none.
    pub(crate) fn entity(self) -> Option<&'static str> {
        match self {
            Self::Categories => Some("CATEGORY"),
            Self::Products => Some("PRODUCT"),
            Self::Departments => Some("DEPARTMENT"),
            Self::Taxes => Some("TAX"),
            Self::SalesModes => None,
            Self::Options => Some("MODIFIER"),
            Self::Customers => Some("CUSTOMER"),
        }
    }
}

/// An order on the till.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TillOrder {
    /// The order as reads show it.
    pub(crate) entity: Value,
    /// The order exactly as it was received, unknown fields included.
    pub(crate) received: Value,
    /// How many orders came in the same batch.
    pub(crate) batch_size: usize,
    /// Deleted at the till; kept so that its `externalId` stays used up.
    pub(crate) deleted: bool,
    /// Every state it has been in, oldest first.
    pub(crate) states: Vec<String>,
}

impl TillOrder {
    pub(crate) fn field(&self, name: &str) -> &str {
        self.entity[name].as_str().unwrap_or_default()
    }

    pub(crate) fn sales_point(&self) -> Option<i64> {
        self.entity["document"]["idSalesPoint"].as_i64()
    }
}

/// A token that is out.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) expires_ms: i64,
}

/// One account of the till.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) key_state: KeyState,
    pub(crate) sales_points: Vec<Value>,
    pub(crate) tables: BTreeMap<Table, Vec<Value>>,
    pub(crate) orders: Vec<TillOrder>,
    pub(crate) receipts: Vec<Value>,
    pub(crate) webhooks: Vec<Value>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) windows: BTreeMap<String, RateWindow>,
}

impl Account {
    /// Gives the account this restaurant's sales point, with its webhooks and its menu.
    pub(crate) fn open_sales_point(&mut self, spec: &RestaurantSpec, now: Timestamp) {
        let id = spec.sales_point_id;
        self.sales_points.retain(|point| point["id"] != json!(id));
        self.sales_points.push(demo_menu::sales_point(id, &spec.name));
        self.webhooks.retain(|hook| hook["idsSalesPoint"] != json!([id]));
        self.webhooks.extend(demo_menu::webhooks(spec));
        self.load(demo_menu::rows(spec, now));
    }

    /// Adds many rows at once; rows that are there already stay as they are.
    fn load(&mut self, rows: Vec<(Table, Value)>) {
        let key = |table: Table, row: &Value| (table, row["id"].as_str().unwrap_or_default().to_owned());
        let kept = self.tables.iter().flat_map(|(table, rows)| rows.iter().map(move |row| key(*table, row)));
        let kept: BTreeSet<(Table, String)> = kept.collect();
        for (table, row) in rows.into_iter().filter(|(table, row)| !kept.contains(&key(*table, row))) {
            self.tables.entry(table).or_default().push(row);
        }
    }

    pub(crate) fn rows(&self, table: Table) -> &[Value] {
        self.tables.get(&table).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn find(&self, table: Table, id: &str) -> Option<&Value> {
        self.rows(table).iter().find(|row| row["id"] == id)
    }

    /// Puts a row in its place, or at the end if it is new.
    pub(crate) fn upsert(&mut self, table: Table, row: Value) {
        let rows = self.tables.entry(table).or_default();
        match rows.iter_mut().find(|kept| kept["id"] == row["id"]) {
            Some(kept) => *kept = row,
            None => rows.push(row),
        }
    }

    pub(crate) fn remove(&mut self, table: Table, id: &str) -> Option<Value> {
        let rows = self.tables.get_mut(&table)?;
        let at = rows.iter().position(|row| row["id"] == id)?;
        Some(rows.remove(at))
    }

    /// Whether the portal sends this event of this entity for a sales point.
    pub(crate) fn sends(&self, point: i64, operation: &str) -> bool {
        let (entity, event) = operation.split_once('/').unwrap_or((operation, ""));
        self.webhooks.iter().any(|hook| {
            hook["entity"] == entity
                && hook["idsSalesPoint"] == json!([point])
                && hook["paused"] != true
                && hook["events"].as_array().is_some_and(|events| events.iter().any(|known| known == event))
        })
    }

    pub(crate) fn owns_sales_point(&self, id: i64) -> bool {
        self.sales_points.iter().any(|point| point["id"] == json!(id))
    }

    /// The order with this external id, deleted ones included.
    pub(crate) fn order(&self, external_id: &str) -> Option<&TillOrder> {
        self.orders.iter().find(|order| order.field("externalId") == external_id)
    }

    pub(crate) fn order_mut(&mut self, external_id: &str) -> Option<&mut TillOrder> {
        self.orders.iter_mut().find(|order| order.field("externalId") == external_id)
    }
}
