//! `ponte tenant show` and `list`.

use super::{
    NOBODY,
    fields::{FIELDS, shown},
    registry, webhook_address,
};
use crate::{operator::Operator, table};
use anyhow::Result;
use aws_adapters::dynamodb_registry::{Form, Forms, Record};
use domain::tenant::Activity;
use serde::Serialize;
use std::process::ExitCode;

/// A field as it counts.
#[derive(Debug, Serialize)]
struct Shown {
    field: &'static str,
    value: String,
    is_default: bool,
}

/// A record as people see it.
#[derive(Debug, Serialize)]
struct Sheet {
    tenant: String,
    version: i64,
    webhook_address: String,
    fields: Vec<Shown>,
    secrets: Forms,
    /// What keeps the record from being used.
    problems: Vec<String>,
}

/// One line of the list.
#[derive(Debug, Serialize)]
struct Line {
    tenant: String,
    name: String,
    state: &'static str,
    sales_point: Option<i64>,
    version: i64,
}

/// Shows a record.
///
/// # Errors
/// If there is none, or the table does not answer.
pub(super) async fn one(operator: &Operator, id: &str) -> Result<ExitCode> {
    let record = registry(operator).get(id).await?;
    let plain_is_allowed = operator.config.sync.tenants.allow_plaintext;
    let sheet = sheet(&record, webhook_address(operator, id), plain_is_allowed);
    operator.print(&sheet, as_text)?;
    Ok(ExitCode::from(u8::from(!sheet.problems.is_empty())))
}

/// Lists all records.
///
/// # Errors
/// If the table does not answer.
pub(super) async fn list(operator: &Operator) -> Result<ExitCode> {
    let records = registry(operator).all().await?;
    let lines: Vec<Line> = records.iter().map(line).collect();
    operator.print(&lines, |lines| lines_as_text(lines))?;
    Ok(ExitCode::SUCCESS)
}

/// How a record stands, in a word.
pub(crate) fn state(record: &Record) -> &'static str {
    match record.tenant().map(|tenant| tenant.activity) {
        Ok(Activity::Active) => "attivo",
        Ok(Activity::Paused) => "in pausa",
        Err(_) => "illeggibile",
    }
}

/// What people call it.
pub(crate) fn name(record: &Record) -> String {
    record.get("name").as_ref().map_or_else(|| record.id().to_owned(), shown)
}

fn line(record: &Record) -> Line {
    Line {
        tenant: record.id().to_owned(),
        name: name(record),
        state: state(record),
        sales_point: record.sales_point().map(|point| point.0),
        version: record.version(),
    }
}

fn lines_as_text(lines: &[Line]) -> String {
    if lines.is_empty() {
        return NOBODY.to_owned();
    }
    let rows = lines.iter().map(|line| {
        let point = line.sales_point.map_or_else(|| "?".to_owned(), |point| point.to_string());
        [line.tenant.clone(), line.name.clone(), line.state.to_owned(), point, line.version.to_string()]
    });
    table::table(["ristorante", "nome", "stato", "punto cassa", "versione"], rows)
}

fn sheet(record: &Record, webhook_address: String, plain_is_allowed: bool) -> Sheet {
    let secrets = record.forms();
    let mut problems = match record.tenant() {
        Ok(_) => Vec::new(),
        Err(error) => error.problems.iter().map(|problem| format!("{}: {}", problem.field, problem.remedy)).collect(),
    };
    problems.extend(secret_problems(&secrets, plain_is_allowed));
    let fields = FIELDS.iter().map(|field| {
        let stored = record.get(field.name).filter(|value| !value.is_null());
        let default = if field.name == "name" { record.id() } else { field.default };
        Shown {
            field: field.name,
            is_default: stored.is_none(),
            value: stored.as_ref().map_or_else(|| default.to_owned(), shown),
        }
    });
    Sheet {
        tenant: record.id().to_owned(),
        version: record.version(),
        webhook_address,
        fields: fields.collect(),
        secrets,
        problems,
    }
}

fn secret_problems(secrets: &Forms, plain_is_allowed: bool) -> Vec<String> {
    let remedy = "store it sealed with `ponte tenant rotate-secret`";
    let bad = |form: &Form| *form == Form::Malformed || (*form == Form::Plain && !plain_is_allowed);
    let mut problems = Vec::new();
    match &secrets.api_key {
        None => problems.push(format!("cic.api_key: missing; {remedy}")),
        Some(form) if bad(form) => problems.push(format!("cic.api_key: {}; {remedy}", form_words(*form))),
        Some(_) => {}
    }
    if secrets.webhook_secrets.is_empty() {
        problems.push(format!("cic.webhook_secrets: missing; {remedy}"));
    }
    for form in secrets.webhook_secrets.iter().filter(|form| bad(form)) {
        problems.push(format!("cic.webhook_secrets: {}; {remedy}", form_words(*form)));
    }
    problems
}

fn form_words(form: Form) -> &'static str {
    match form {
        Form::Sealed => "sigillata",
        Form::Encrypted => "cifrata con KMS",
        Form::Plain => "in chiaro",
        Form::Malformed => "illeggibile",
    }
}

fn as_text(sheet: &Sheet) -> String {
    let value = |shown: &Shown| match (shown.value.is_empty(), shown.is_default) {
        (true, _) => "-".to_owned(),
        (_, true) => format!("{} (predefinito)", shown.value),
        (_, false) => shown.value.clone(),
    };
    let hooks: Vec<_> = sheet.secrets.webhook_secrets.iter().map(|form| form_words(*form)).collect();
    let mut pairs = vec![("ristorante", sheet.tenant.clone()), ("versione", sheet.version.to_string())];
    pairs.extend(sheet.fields.iter().map(|shown| (shown.field, value(shown))));
    pairs.push(("cic.api_key", sheet.secrets.api_key.map_or("manca", form_words).to_owned()));
    pairs.push(("cic.webhook_secrets", if hooks.is_empty() { "mancano".to_owned() } else { hooks.join(", ") }));
    pairs.push(("webhook", sheet.webhook_address.clone()));
    let mut text = table::pairs(&pairs);
    for problem in &sheet.problems {
        text.push_str(&format!("DA CORREGGERE  {problem}\n"));
    }
    text
}

/// A value of a field as it counts.
pub(super) fn counting(record: &Record, field: &str) -> String {
    let stored = record.get(field).filter(|value| !value.is_null());
    let default = FIELDS.iter().find(|known| known.name == field).map_or("", |known| known.default);
    match stored {
        Some(value) => shown(&value),
        None if default.is_empty() => "-".to_owned(),
        None => format!("{default} (predefinito)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{SalesPointId, TenantId};
    use serde_json::json;

    fn record() -> Record {
        let mut record = Record::new(&TenantId::parse("rest-1").unwrap(), SalesPointId(90101));
        record.set("name", Some(&json!("Trattoria")));
        record.set("cic.lead_minutes", Some(&json!(30)));
        record
    }

    #[test]
    fn a_record_shows_every_field_as_it_counts_and_what_is_wrong() {
        let mut record = record();
        record.set("status", Some(&json!("sospeso")));
        let sheet = sheet(&record, "https://api.example.test/webhooks/cic/rest-1".into(), false);
        insta::assert_snapshot!(as_text(&sheet), @r"
        ristorante                          rest-1
        versione                            1
        name                                Trattoria
        status                              sospeso
        time_zone                           Europe/Rome (predefinito)
        cic.sales_point_id                  90101
        cic.channel                         MOBILE_COMMERCE (predefinito)
        cic.sales_mode_takeaway             plateform_takeaway (predefinito)
        cic.sales_mode_delivery             plateform_delivery (predefinito)
        cic.row_modifiers                   note_only (predefinito)
        cic.removal_groups                  rimozioni, senza (predefinito)
        cic.lead_minutes                    30
        cic.delivery_fee_product_id         -
        cic.generic_product_id              -
        cic.prepaid_flag                    false (predefinito)
        cic.processed_is_document           true (predefinito)
        policies.unknown_line               refuse (predefinito)
        policies.acceptance_alert_minutes   3 (predefinito)
        policies.too_old_minutes            120 (predefinito)
        policies.missing_price              hide (predefinito)
        policies.deleted_article            hide (predefinito)
        policies.mass_change_guard_percent  20 (predefinito)
        cic.api_key                         manca
        cic.webhook_secrets                 mancano
        webhook                             https://api.example.test/webhooks/cic/rest-1
        DA CORREGGERE  status: «sospeso» is not known; write active or paused
        DA CORREGGERE  cic.api_key: missing; store it sealed with `ponte tenant rotate-secret`
        DA CORREGGERE  cic.webhook_secrets: missing; store it sealed with `ponte tenant rotate-secret`
        ");
    }

    #[test]
    fn a_secret_in_plain_text_is_a_problem_only_where_it_is_not_allowed() {
        let forms = Forms { api_key: Some(Form::Plain), webhook_secrets: vec![Form::Sealed, Form::Plain] };
        assert!(secret_problems(&forms, true).is_empty());
        insta::assert_snapshot!(secret_problems(&forms, false).join("\n"), @r"
        cic.api_key: in chiaro; store it sealed with `ponte tenant rotate-secret`
        cic.webhook_secrets: in chiaro; store it sealed with `ponte tenant rotate-secret`
        ");
    }

    #[test]
    fn restaurants_are_listed_with_how_they_stand() {
        let mut paused = record();
        paused.set("status", Some(&json!("paused")));
        paused.set("name", None);
        let mut broken = record();
        broken.set("cic.sales_point_id", None);
        let lines: Vec<_> = [record(), paused, broken].iter().map(line).collect();
        insta::assert_snapshot!(lines_as_text(&lines), @r"
        ristorante  nome       stato        punto cassa  versione
        rest-1      Trattoria  attivo       90101        1
        rest-1      rest-1     in pausa     90101        1
        rest-1      Trattoria  illeggibile  ?            1
        ");
    }
}
