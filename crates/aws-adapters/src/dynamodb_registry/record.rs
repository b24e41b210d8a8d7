//! One record of the tenants table as it is stored, to be shown and changed field by field. What a change does not name
//! stays as it is, unknown attributes too.

use crate::{
    attributes::{Item, n, number, s, to_json},
    envelope::Envelope,
    tenant_item,
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    SalesPointId, TenantId,
    tenant::{RecordError, Tenant},
};
use serde::Serialize;
use serde_json::{Map, Value};
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

/// How a secret is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Sealed under a data key.
    Sealed,
    /// A ciphertext of the key service itself.
    Encrypted,
    /// As a text: good only where that is allowed.
    Plain,
    /// In no form that opens.
    Malformed,
}

/// How the secrets of a record are stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Forms {
    /// The till's API key; none if there is none.
    pub api_key: Option<Form>,
    /// The secrets of the till's webhooks.
    pub webhook_secrets: Vec<Form>,
}

/// A record as it is stored. Shows nothing of its secrets.
#[derive(Clone, PartialEq)]
pub struct Record {
    item: Item,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Record").field(&self.id()).finish_non_exhaustive()
    }
}

impl Record {
    /// A record with only what must be there, without secrets.
    #[must_use]
    pub fn new(id: &TenantId, point: SalesPointId) -> Self {
        let cic = HashMap::from([("sales_point_id".to_owned(), n(point))]);
        let item = [("tenant_id".to_owned(), s(id.as_str())), ("cic".to_owned(), AttributeValue::M(cic))];
        Self { item: HashMap::from(item) }
    }

    pub(super) fn from_item(item: Item) -> Self {
        Self { item }
    }

    pub(super) fn item(&self) -> &Item {
        &self.item
    }

    /// Whose it is.
    #[must_use]
    pub fn id(&self) -> &str {
        tenant_item::key(&self.item)
    }

    /// The optimistic counter.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.stored_version().unwrap_or(1)
    }

    pub(super) fn stored_version(&self) -> Option<i64> {
        number(&self.item, "version")
    }

    pub(super) fn set_version(&mut self, version: i64) {
        self.item.insert("version".to_owned(), n(version));
    }

    /// What it joins, if it says so.
    #[must_use]
    pub fn sales_point(&self) -> Option<SalesPointId> {
        number(self.cic()?, "sales_point_id").map(SalesPointId)
    }

    /// The tenant, as the functions read it.
    ///
    /// # Errors
    /// With every field that is missing or malformed.
    pub fn tenant(&self) -> Result<Tenant, RecordError> {
        tenant_item::record(&self.item)
    }

    /// What is stored under a field, written as `name` or `cic.lead_minutes`; never a secret.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<Value> {
        self.fields().remove(field)
    }

    /// Changes a field, or takes it out so that its default counts.
    pub fn set(&mut self, field: &str, value: Option<&Value>) {
        let (item, name) = match field.split_once('.') {
            None => (&mut self.item, field),
            Some((parent, name)) => {
                let parent = self.item.entry(parent.to_owned()).or_insert_with(|| AttributeValue::M(HashMap::new()));
                // A parent that is no map stays: reading the record then says what to do with it.
                let AttributeValue::M(map) = parent else { return };
                (map, name)
            }
        };
        match value.and_then(from_json) {
            Some(value) => drop(item.insert(name.to_owned(), value)),
            None => drop(item.remove(name)),
        }
    }

    /// How the secrets are stored.
    #[must_use]
    pub fn forms(&self) -> Forms {
        let hooks = self.secret("webhook_secrets").and_then(|hooks| hooks.as_l().ok());
        Forms {
            api_key: self.secret("api_key").map(form),
            webhook_secrets: hooks.into_iter().flatten().map(form).collect(),
        }
    }

    pub(super) fn secret(&self, name: &str) -> Option<&AttributeValue> {
        self.cic()?.get(name)
    }

    pub(super) fn put_secret(&mut self, name: &str, sealed: AttributeValue) {
        let cic = self.item.entry("cic".to_owned()).or_insert_with(|| AttributeValue::M(HashMap::new()));
        if let AttributeValue::M(cic) = cic {
            cic.insert(name.to_owned(), sealed);
        }
    }

    /// What is another in `now`, for people; of secrets only that they are.
    pub(super) fn changes(&self, now: &Self) -> Vec<String> {
        let (before, after) = (self.fields(), now.fields());
        let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
        let changed = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
        let mut changed: Vec<String> = changed
            .map(|name| format!("{name} was {} and is {}", shown(before.get(name)), shown(after.get(name))))
            .collect();
        let secret = ["api_key", "webhook_secrets"].into_iter().filter(|name| self.secret(name) != now.secret(name));
        changed.extend(secret.map(|name| format!("cic.{name} is another")));
        changed
    }

    fn cic(&self) -> Option<&Item> {
        self.item.get("cic")?.as_m().ok()
    }

    /// Every field by its dotted name, without secrets.
    fn fields(&self) -> BTreeMap<String, Value> {
        let mut item = self.item.clone();
        if let Some(AttributeValue::M(cic)) = item.get_mut("cic") {
            tenant_item::strip_secrets(cic);
        }
        let mut fields = BTreeMap::new();
        flatten("", to_json(&item), &mut fields);
        fields
    }
}

fn flatten(prefix: &str, map: Map<String, Value>, into: &mut BTreeMap<String, Value>) {
    for (name, value) in map {
        match value {
            Value::Object(map) => flatten(&format!("{prefix}{name}."), map, into),
            value => drop(into.insert(format!("{prefix}{name}"), value)),
        }
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "absent".to_owned(), Value::to_string)
}

fn form(value: &AttributeValue) -> Form {
    match value {
        AttributeValue::B(blob) => match Envelope::parse(blob.as_ref()) {
            Ok(Some(_)) => Form::Sealed,
            Ok(None) => Form::Encrypted,
            Err(_) => Form::Malformed,
        },
        AttributeValue::S(_) => Form::Plain,
        _ => Form::Malformed,
    }
}

/// The attribute of a field's value; null is none.
fn from_json(value: &Value) -> Option<AttributeValue> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(flag) => AttributeValue::Bool(*flag),
        Value::Number(number) => n(number),
        Value::String(text) => s(text),
        Value::Array(all) => AttributeValue::L(all.iter().filter_map(from_json).collect()),
        Value::Object(map) => {
            AttributeValue::M(map.iter().filter_map(|(name, value)| Some((name.clone(), from_json(value)?))).collect())
        }
    })
}
