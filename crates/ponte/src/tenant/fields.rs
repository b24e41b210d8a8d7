//! The fields of a record that an operator may set: those of `docs/configuration.md`, without secrets.

use serde_json::{Value, json};
use std::str::FromStr;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Flag,
    List,
}

/// One field.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    kind: Kind,
    /// What counts where it is absent; empty for nothing.
    pub(super) default: &'static str,
}

const fn field(name: &'static str, kind: Kind, default: &'static str) -> Field {
    Field { name, kind, default }
}

/// Every field, in the order of the documentation.
pub(super) const FIELDS: [Field; 20] = [
    field("name", Kind::Text, ""),
    STATUS,
    field("time_zone", Kind::Text, "Europe/Rome"),
    field("cic.sales_point_id", Kind::Number, ""),
    field("cic.channel", Kind::Text, "MOBILE_COMMERCE"),
    field("cic.sales_mode_takeaway", Kind::Text, "plateform_takeaway"),
    field("cic.sales_mode_delivery", Kind::Text, "plateform_delivery"),
    field("cic.row_modifiers", Kind::Text, "note_only"),
    field("cic.removal_groups", Kind::List, "rimozioni, senza"),
    field("cic.lead_minutes", Kind::Number, "20"),
    field("cic.delivery_fee_product_id", Kind::Text, ""),
    field("cic.generic_product_id", Kind::Text, ""),
    field("cic.prepaid_flag", Kind::Flag, "false"),
    field("cic.processed_is_document", Kind::Flag, "true"),
    field("policies.unknown_line", Kind::Text, "refuse"),
    field("policies.acceptance_alert_minutes", Kind::Number, "3"),
    field("policies.too_old_minutes", Kind::Number, "120"),
    field("policies.missing_price", Kind::Text, "hide"),
    field("policies.deleted_article", Kind::Text, "hide"),
    field("policies.mass_change_guard_percent", Kind::Number, "20"),
];

/// Set by `pause` and `resume`, which tell the platform; only what is none is taken out here.
const STATUS: Field = field("status", Kind::Text, "active");

/// A field and its new value; none takes it out.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    pub(super) field: &'static str,
    pub(super) value: Option<Value>,
}

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("write FIELD=VALUE, or FIELD= for the default")?;
        if (name.trim(), value.trim()) == (STATUS.name, "") {
            return Ok(Self { field: STATUS.name, value: None });
        }
        let field = named(name.trim())?;
        Ok(Self { field: field.name, value: field.parse(value.trim())? })
    }
}

impl Field {
    fn parse(&self, value: &str) -> Result<Option<Value>, String> {
        if value.is_empty() {
            return Ok(None);
        }
        let wrong = |what: &str| format!("{} is {what}; «{value}» is none", self.name);
        Ok(Some(match self.kind {
            Kind::Text => json!(value),
            Kind::Number => json!(value.parse::<i64>().map_err(|_| wrong("a whole number"))?),
            Kind::Flag => json!(value.parse::<bool>().map_err(|_| wrong("true or false"))?),
            Kind::List => {
                let words = value.split(',').map(str::trim).filter(|word| !word.is_empty());
                json!(words.collect::<Vec<_>>())
            }
        }))
    }
}

/// The field with this name; else what may have been meant.
fn named(name: &str) -> Result<&'static Field, String> {
    match name {
        "status" => return Err("status is set by `ponte tenant pause` and `resume`, which tell the platform".into()),
        "tenant_id" => return Err("tenant_id is whose record it is; remove the tenant and add the other one".into()),
        "version" => return Err("version counts the changes by itself".into()),
        "cic.api_key" | "cic.webhook_secrets" | "api_key" | "webhook_secrets" => {
            return Err("secrets are set by `ponte tenant rotate-secret`, from a file".into());
        }
        _ => {}
    }
    if let Some(field) = FIELDS.iter().find(|field| field.name == name) {
        return Ok(field);
    }
    let last = name.rsplit('.').next().unwrap_or(name).replace('-', "_").to_lowercase();
    let near = FIELDS.iter().find(|field| field.name.rsplit('.').next() == Some(last.as_str()));
    Err(match near {
        Some(near) => format!("there is no field «{name}»; «{}» is meant?", near.name),
        None => format!("there is no field «{name}»; docs/configuration.md lists them, `ponte tenant show` too"),
    })
}

/// A value as people read it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(shown).collect::<Vec<_>>().join(", "),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn parsed(text: &str) -> Result<(&'static str, Option<Value>), String> {
        text.parse::<Assignment>().map(|assignment| (assignment.field, assignment.value))
    }

    #[test]
    fn the_fields_are_those_of_the_documentation_with_their_defaults() {
        let page =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md")).unwrap();
        let table = page.split("## Tenant record").nth(1).unwrap().split("\n## ").next().unwrap();
        let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
        let documented: BTreeSet<(String, String)> = rows
            .filter(|row| !row.contains("| secret |") && !row.contains("list of secrets"))
            .filter(|row| !row.starts_with("tenant_id") && !row.starts_with("version"))
            .map(|row| {
                let cells: Vec<_> = row.split('|').map(str::trim).collect();
                let default =
                    cells[2].replace('`', "").replace("required", "").replace("none", "").replace("the id", "");
                (cells[0].trim_end_matches('`').to_owned(), default)
            })
            .collect();
        let ours = FIELDS.iter().map(|field| (field.name.to_owned(), field.default.to_owned())).collect();
        assert_eq!(documented, ours);
    }

    #[test]
    fn a_value_has_the_type_of_its_field_and_nothing_is_the_default() {
        assert_eq!(parsed("cic.lead_minutes=30"), Ok(("cic.lead_minutes", Some(json!(30)))));
        assert_eq!(parsed("cic.prepaid_flag = true"), Ok(("cic.prepaid_flag", Some(json!(true)))));
        assert_eq!(parsed("cic.removal_groups=togli, via"), Ok(("cic.removal_groups", Some(json!(["togli", "via"])))));
        assert_eq!(parsed("name=Da Zoë = bar"), Ok(("name", Some(json!("Da Zoë = bar")))));
        assert_eq!(parsed("cic.lead_minutes="), Ok(("cic.lead_minutes", None)));
    }

    #[test]
    fn what_cannot_be_set_says_what_to_do_instead() {
        let told: Vec<_> = [
            "cic.lead_minutes",
            "cic.lead_minutes=presto",
            "cic.prepaid_flag=sì",
            "lead-minutes=3",
            "colore=blu",
            "status=paused",
            "version=7",
            "cic.api_key=x",
        ]
        .iter()
        .map(|text| parsed(text).unwrap_err())
        .collect();
        insta::assert_snapshot!(told.join("\n"), @r"
        write FIELD=VALUE, or FIELD= for the default
        cic.lead_minutes is a whole number; «presto» is none
        cic.prepaid_flag is true or false; «sì» is none
        there is no field «lead-minutes»; «cic.lead_minutes» is meant?
        there is no field «colore»; docs/configuration.md lists them, `ponte tenant show` too
        status is set by `ponte tenant pause` and `resume`, which tell the platform
        version counts the changes by itself
        secrets are set by `ponte tenant rotate-secret`, from a file
        ");
    }
}
