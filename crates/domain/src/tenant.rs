//! The tenant record: which restaurant is joined to which sales point, and how it wants things done.
//!
//! Secrets are no part of it. A record is read whole and every problem is told at once, each with the field and the
//! remedy; nothing is guessed where two fields contradict each other.

use crate::{ProductId, SalesPointId, TenantId};
use jiff::{SignedDuration, tz::TimeZone};
use serde_json::{Map, Value};
use std::fmt;

/// One thing wrong with a tenant record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field, as a path: `cic.sales_point_id`.
    pub field: &'static str,
    /// What is wrong and what to write instead.
    pub remedy: String,
}

/// Everything wrong with one tenant record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("tenant {tenant}: {}", list(.problems))]
pub struct RecordError {
    /// The tenant whose record it is.
    pub tenant: String,
    /// Every problem found.
    pub problems: Vec<Problem>,
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(|p| format!("{}: {}", p.field, p.remedy)).collect::<Vec<_>>().join("; ")
}

/// Whether orders are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// Orders go to the till.
    Active,
    /// Nothing is sent; staff are told.
    Paused,
}

/// How additions and removals reach the till (API sheet 5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowModifiers {
    /// In the row's price and note: can never charge twice.
    NoteOnly,
    /// As `rowModifierValues`, once a real account has confirmed them.
    Structured,
}

/// What to do with a line that the till does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownLine {
    /// Do not send the order; tell the staff which dish.
    Refuse,
    /// Sell the generic product with the dish's name and price.
    Generic,
}

/// Where the till sells: one flag on each product and each category (API sheet section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// The branded mobile app: most likely the «APP» of the instructions (S40).
    MobileCommerce,
    /// The till itself.
    Sale,
    /// Tables.
    Risto,
    /// The online shop.
    Ecommerce,
    /// The menu at the table.
    SelfOrder,
    /// The kiosk.
    Kiosk,
}

/// What to do with a dish without a price in a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingPrice {
    /// It cannot be ordered there.
    Hide,
    /// It is shown and ordered at 0.
    Publish,
}

/// What to do on the platform with a dish that was deleted on the till.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeletedArticle {
    /// Deactivate it at once.
    Hide,
    /// Leave it, and say so.
    Report,
}

/// A restaurant joined to a sales point.
#[derive(Debug, Clone, PartialEq)]
pub struct Tenant {
    /// The platform's restaurant id.
    pub id: TenantId,
    /// What people call it.
    pub name: String,
    /// Whether orders are sent.
    pub activity: Activity,
    /// The restaurant's wall clock.
    pub time_zone: TimeZone,
    /// Optimistic counter of the record.
    pub version: i64,
    /// The till's sales point.
    pub sales_point: SalesPointId,
    /// The till's channel of the menu.
    pub channel: Channel,
    /// Name of the price list for take-away (S27).
    pub sales_mode_takeaway: String,
    /// Name of the price list for delivery (S27).
    pub sales_mode_delivery: String,
    /// How options are sent.
    pub row_modifiers: RowModifiers,
    /// Group names that mean removals, lower case.
    pub removal_groups: Vec<String>,
    /// How long an order without a wished time needs.
    pub lead: SignedDuration,
    /// The product that stands for a fee.
    pub fee_product: Option<ProductId>,
    /// The product that stands for anything else.
    pub generic_product: Option<ProductId>,
    /// Whether the till understands the `prepay` flag.
    pub prepaid_flag: bool,
    /// Whether `status` = `PROCESSED` counts as the fiscal document of a prepaid order.
    pub processed_is_document: bool,
    /// What to do with a line that the till does not know.
    pub unknown_line: UnknownLine,
    /// What to do with a dish without a price in a service.
    pub missing_price: MissingPrice,
    /// What to do on the platform with a dish that was deleted on the till.
    pub deleted_article: DeletedArticle,
    /// How many percent of the orderable dishes may go at once without a person's word.
    pub mass_change_percent: usize,
    /// After how long without an answer at the till the staff are told.
    pub acceptance_alert: SignedDuration,
    /// How long after the wished time an order is no longer sent (E47).
    pub too_old: SignedDuration,
}

/// Reads fields and collects what is wrong with them.
struct Fields<'a> {
    object: &'a Map<String, Value>,
    problems: &'a mut Vec<Problem>,
}

impl Fields<'_> {
    fn wrong(&mut self, field: &'static str, remedy: impl fmt::Display) {
        self.problems.push(Problem { field, remedy: remedy.to_string() });
    }

    /// The value under the last part of `field`; null is absent.
    fn get(&self, field: &'static str) -> Option<&Value> {
        let key = field.rsplit('.').next().unwrap_or(field);
        self.object.get(key).filter(|v| !v.is_null())
    }

    fn text(&mut self, field: &'static str, default: &str) -> String {
        match self.get(field) {
            None => default.to_owned(),
            Some(Value::String(text)) if !text.trim().is_empty() => text.clone(),
            Some(_) => {
                self.wrong(field, format_args!("write a text, or leave it out for «{default}»"));
                default.to_owned()
            }
        }
    }

    fn choice<T: Copy>(&mut self, field: &'static str, choices: &[(&str, T)]) -> T {
        let names = choices.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" or ");
        let given = self.text(field, choices[0].0);
        if let Some((_, value)) = choices.iter().find(|(name, _)| *name == given) {
            return *value;
        }
        self.wrong(field, format_args!("«{given}» is not known; write {names}"));
        choices[0].1
    }

    fn flag(&mut self, field: &'static str, default: bool) -> bool {
        match self.get(field) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.wrong(field, "write true or false");
                default
            }
        }
    }

    fn number(&mut self, field: &'static str, default: i64, range: std::ops::RangeInclusive<i64>) -> i64 {
        match self.get(field).map(|v| v.as_i64().filter(|n| range.contains(n))) {
            None => default,
            Some(Some(number)) => number,
            Some(None) => {
                self.wrong(field, format_args!("write a whole number from {} to {}", range.start(), range.end()));
                default
            }
        }
    }

    fn product(&mut self, field: &'static str) -> Option<ProductId> {
        match self.get(field)? {
            Value::String(text) if ProductId::parse(text).is_ok() => ProductId::parse(text).ok(),
            _ => {
                self.wrong(field, "write the till's product id, or null for none");
                None
            }
        }
    }
}

fn object<'a>(
    record: &'a Map<String, Value>,
    field: &'static str,
    problems: &mut Vec<Problem>,
) -> &'a Map<String, Value> {
    static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    match record.get(field) {
        Some(Value::Object(object)) => object,
        None | Some(Value::Null) => &EMPTY,
        Some(_) => {
            problems.push(Problem { field, remedy: "write an object".to_owned() });
            &EMPTY
        }
    }
}

impl Tenant {
    /// Reads a record; attributes that it does not know, secrets among them, are not looked at.
    ///
    /// # Errors
    /// With every missing, malformed or contradictory field and its remedy.
    pub fn from_record(record: &Map<String, Value>) -> Result<Self, RecordError> {
        let mut problems = Vec::new();
        let given_id = record.get("tenant_id").and_then(Value::as_str).unwrap_or_default();
        let id = TenantId::parse(given_id)
            .map_err(|error| problems.push(Problem { field: "tenant_id", remedy: error.to_string() }));
        let cic = object(record, "cic", &mut problems);
        let policies = object(record, "policies", &mut problems);

        let mut root = Fields { object: record, problems: &mut problems };
        let name = root.text("name", given_id);
        let activity = root.choice("status", &[("active", Activity::Active), ("paused", Activity::Paused)]);
        let version = root.number("version", 1, 1..=i64::MAX);
        let zone = root.text("time_zone", "Europe/Rome");
        let time_zone = TimeZone::get(&zone).unwrap_or_else(|_| {
            root.wrong("time_zone", format_args!("«{zone}» is not an IANA zone; write Europe/Rome"));
            TimeZone::UTC
        });

        let mut cic = Fields { object: cic, problems: &mut problems };
        let sales_point = SalesPointId(match cic.get("cic.sales_point_id") {
            Some(_) => cic.number("cic.sales_point_id", 0, 1..=i64::MAX),
            None => {
                cic.wrong(
                    "cic.sales_point_id",
                    "missing; write the number shown at the till under Monitoring > Diagnostica",
                );
                0
            }
        });
        let channel = cic.choice(
            "cic.channel",
            &[
                ("MOBILE_COMMERCE", Channel::MobileCommerce),
                ("SALE", Channel::Sale),
                ("RISTO", Channel::Risto),
                ("ECOMMERCE", Channel::Ecommerce),
                ("SELF_ORDER", Channel::SelfOrder),
                ("KIOSK", Channel::Kiosk),
            ],
        );
        let sales_mode_takeaway = cic.text("cic.sales_mode_takeaway", "plateform_takeaway");
        let sales_mode_delivery = cic.text("cic.sales_mode_delivery", "plateform_delivery");
        let row_modifiers = cic.choice(
            "cic.row_modifiers",
            &[("note_only", RowModifiers::NoteOnly), ("structured", RowModifiers::Structured)],
        );
        let removal_groups = removal_groups(&mut cic);
        let lead = SignedDuration::from_mins(cic.number("cic.lead_minutes", 20, 1..=1440));
        let fee_product = cic.product("cic.delivery_fee_product_id");
        let generic_product = cic.product("cic.generic_product_id");
        let prepaid_flag = cic.flag("cic.prepaid_flag", false);
        let processed_is_document = cic.flag("cic.processed_is_document", true);

        let mut policies = Fields { object: policies, problems: &mut problems };
        let unknown_line = policies
            .choice("policies.unknown_line", &[("refuse", UnknownLine::Refuse), ("generic", UnknownLine::Generic)]);
        let missing_price = policies
            .choice("policies.missing_price", &[("hide", MissingPrice::Hide), ("publish", MissingPrice::Publish)]);
        let deleted_article = policies
            .choice("policies.deleted_article", &[("hide", DeletedArticle::Hide), ("report", DeletedArticle::Report)]);
        let mass_change_percent = policies.number("policies.mass_change_guard_percent", 20, 1..=100);
        let acceptance_alert =
            SignedDuration::from_mins(policies.number("policies.acceptance_alert_minutes", 3, 1..=15));
        let too_old = SignedDuration::from_mins(policies.number("policies.too_old_minutes", 120, 1..=1440));
        if unknown_line == UnknownLine::Generic && generic_product.is_none() {
            policies.wrong(
                "policies.unknown_line",
                "«generic» needs cic.generic_product_id; write the product's id there, or «refuse» here",
            );
        }

        match (id, problems.is_empty()) {
            (Ok(id), true) => Ok(Self {
                id,
                name,
                activity,
                time_zone,
                version,
                sales_point,
                channel,
                sales_mode_takeaway,
                sales_mode_delivery,
                row_modifiers,
                removal_groups,
                lead,
                fee_product,
                generic_product,
                prepaid_flag,
                processed_is_document,
                unknown_line,
                missing_price,
                deleted_article,
                mass_change_percent: usize::try_from(mass_change_percent).unwrap_or(20),
                acceptance_alert,
                too_old,
            }),
            _ => Err(RecordError { tenant: given_id.to_owned(), problems }),
        }
    }
}

fn removal_groups(cic: &mut Fields<'_>) -> Vec<String> {
    let default = || vec!["rimozioni".to_owned(), "senza".to_owned()];
    let Some(value) = cic.get("cic.removal_groups") else { return default() };
    let texts = value.as_array().and_then(|all| all.iter().map(|v| v.as_str().map(str::to_lowercase)).collect());
    texts.unwrap_or_else(|| {
        cic.wrong("cic.removal_groups", "write a list of texts, [\"rimozioni\", \"senza\"]");
        default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(record: Value) -> Result<Tenant, RecordError> {
        Tenant::from_record(record.as_object().unwrap())
    }

    #[test]
    fn a_record_with_only_what_must_be_there_has_the_documented_defaults() {
        let tenant = read(json!({"tenant_id": "rest-1", "cic": {"sales_point_id": 90101}})).unwrap();
        assert_eq!(tenant.activity, Activity::Active);
        assert_eq!(tenant.version, 1);
        assert_eq!(tenant.time_zone.iana_name(), Some("Europe/Rome"));
        assert_eq!(tenant.sales_mode_takeaway, "plateform_takeaway");
        assert_eq!(tenant.sales_mode_delivery, "plateform_delivery");
        assert_eq!(tenant.row_modifiers, RowModifiers::NoteOnly);
        assert_eq!(tenant.lead, SignedDuration::from_mins(20));
        assert_eq!(tenant.acceptance_alert, SignedDuration::from_mins(3));
        assert_eq!(tenant.too_old, SignedDuration::from_mins(120));
        assert!(tenant.processed_is_document && !tenant.prepaid_flag);
    }

    #[test]
    fn every_problem_is_told_at_once_with_tenant_field_and_remedy() {
        let error = read(json!({
            "tenant_id": "rest-1", "status": "sospeso", "time_zone": "Europe/Torino",
            "cic": {"lead_minutes": -5, "row_modifiers": true}, "policies": {"unknown_line": "generic"}
        }))
        .unwrap_err();
        let fields: Vec<_> = error.problems.iter().map(|p| p.field).collect();
        assert_eq!(
            fields,
            [
                "status",
                "time_zone",
                "cic.sales_point_id",
                "cic.row_modifiers",
                "cic.lead_minutes",
                "policies.unknown_line"
            ]
        );
        let told = error.to_string();
        assert!(told.starts_with("tenant rest-1: status: «sospeso» is not known; write active or paused"), "{told}");
    }

    #[test]
    fn nulls_are_absent_and_unknown_attributes_are_left_alone() {
        let tenant = read(json!({
            "tenant_id": "rest-1", "status": null, "future": {"x": 1},
            "cic": {"sales_point_id": 1, "generic_product_id": null, "removal_groups": ["Togli"]}
        }))
        .unwrap();
        assert_eq!(tenant.generic_product, None);
        assert_eq!(tenant.removal_groups, ["togli"]);
    }

    #[test]
    fn a_blank_text_and_an_id_that_is_none_are_told_and_not_passed_over() {
        let error = read(json!({
            "tenant_id": "rest-1",
            "cic": {"sales_point_id": 1, "sales_mode_takeaway": "  ", "generic_product_id": "due parole"}
        }))
        .unwrap_err();
        let fields: Vec<_> = error.problems.iter().map(|p| p.field).collect();
        assert_eq!(fields, ["cic.sales_mode_takeaway", "cic.generic_product_id"]);
    }
}
