//! `ponte tenant set`, `pause` and `resume`: a record is read, changed and written on the version that was read.

use super::{fields::Assignment, registry, show::counting, tell};
use crate::operator::Operator;
use anyhow::{Result, bail};
use aws_adapters::dynamodb_registry::Record;
use clap::Args;
use domain::TenantId;
use serde::Serialize;
use serde_json::json;
use std::process::ExitCode;

/// Fields to be changed.
#[derive(Debug, Args)]
pub struct Set {
    /// The restaurant's id on the platform.
    pub id: String,
    /// Fields as in docs/configuration.md, such as `cic.lead_minutes=30`.
    #[arg(required = true, value_name = "FIELD=VALUE")]
    pub assignments: Vec<Assignment>,
    /// Joins another sales point even while orders are open on the old one.
    #[arg(long)]
    pub force: bool,
}

/// One changed field.
#[derive(Debug, Serialize)]
struct Change {
    field: String,
    before: String,
    after: String,
}

/// What became of a record.
#[derive(Debug, Serialize)]
struct Changed {
    tenant: String,
    version: i64,
    changes: Vec<Change>,
    /// What the restaurant was told on the platform, if anything.
    told: Option<&'static str>,
}

/// Changes fields.
///
/// # Errors
/// If the record would not be one, or somebody else changed it meanwhile. Nothing is written then.
pub(super) async fn set(operator: &Operator, set: &Set) -> Result<ExitCode> {
    let registry = registry(operator);
    let before = registry.get(&set.id).await?;
    let mut after = before.clone();
    for Assignment { field, value } in &set.assignments {
        after.set(field, value.as_ref());
    }
    let tenant = after.tenant()?;
    if before.get("status") == Some(json!("paused")) && after.get("status").is_none() {
        bail!("{} is paused; `ponte tenant resume {0}` sends again and tells the platform", set.id);
    }
    if before.sales_point().is_some_and(|point| point != tenant.sales_point) && !set.force {
        refuse_with_open_orders(operator, &tenant.id).await?;
    }
    let fields: Vec<_> = set.assignments.iter().map(|assignment| assignment.field).collect();
    let changes = changes(&before, &after, &fields);
    let version = match changes.is_empty() {
        true => before.version(),
        false => registry.save(&before, after).await?.version(),
    };
    operator.print(&Changed { tenant: set.id.clone(), version, changes, told: None }, as_text)?;
    Ok(ExitCode::SUCCESS)
}

/// Stops sending.
///
/// # Errors
/// If the record cannot be written or the platform cannot be told; what was written stays, and the same command goes on.
pub(super) async fn pause(operator: &Operator, id: &str) -> Result<ExitCode> {
    let (tenant, mut changed) = switch(operator, id, Some("paused")).await?;
    tell::paused(operator, &tenant).await?;
    changed.told = Some("integrazione in pausa");
    operator.print(&changed, as_text)?;
    Ok(ExitCode::SUCCESS)
}

/// Sends again.
///
/// # Errors
/// If the record cannot be written or the platform cannot be told; what was written stays, and the same command goes on.
pub(super) async fn resume(operator: &Operator, id: &str) -> Result<ExitCode> {
    let (tenant, mut changed) = switch(operator, id, None).await?;
    changed.told = Some(tell::words(tell::working(operator, &tenant).await?));
    operator.print(&changed, as_text)?;
    Ok(ExitCode::SUCCESS)
}

/// Refuses while orders are open: what is on its way would be looked for at another till, or at none.
pub(super) async fn refuse_with_open_orders(operator: &Operator, tenant: &TenantId) -> Result<()> {
    let open = operator.open_orders(tenant).await?;
    if open > 0 {
        bail!(
            "{tenant} has {open} open orders, which need the till that they are on; `ponte tenant pause {tenant}`, wait for them to end, then say it again, or say --force"
        );
    }
    Ok(())
}

/// Writes the status, unless it is so already.
async fn switch(operator: &Operator, id: &str, status: Option<&str>) -> Result<(TenantId, Changed)> {
    let registry = registry(operator);
    let before = registry.get(id).await?;
    let mut after = before.clone();
    after.set("status", status.map(|status| json!(status)).as_ref());
    let tenant = after.tenant()?;
    let version = match before.tenant().is_ok_and(|before| before.activity == tenant.activity) {
        true => before.version(),
        false => registry.save(&before, after.clone()).await?.version(),
    };
    let changes = if version == before.version() { Vec::new() } else { changes(&before, &after, &["status"]) };
    Ok((tenant.id, Changed { tenant: id.to_owned(), version, changes, told: None }))
}

fn changes(before: &Record, after: &Record, fields: &[&'static str]) -> Vec<Change> {
    let changed = fields.iter().filter(|field| before.get(field) != after.get(field));
    changed
        .map(|field| Change {
            field: (*field).to_owned(),
            before: counting(before, field),
            after: counting(after, field),
        })
        .collect()
}

fn as_text(changed: &Changed) -> String {
    let mut text = String::new();
    for Change { field, before, after } in &changed.changes {
        text.push_str(&format!("{}: {field} {before} -> {after}\n", changed.tenant));
    }
    if changed.changes.is_empty() {
        text.push_str(&format!("{}: nessuna modifica, era già così\n", changed.tenant));
    } else {
        text.push_str(&format!("versione {}; le funzioni la usano entro cinque minuti\n", changed.version));
    }
    if let Some(told) = changed.told {
        text.push_str(&format!("su Plateform: {told}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SalesPointId;

    #[test]
    fn a_change_is_told_field_by_field_with_what_was_before() {
        let before = Record::new(&TenantId::parse("rest-1").unwrap(), SalesPointId(90101));
        let mut after = before.clone();
        after.set("cic.lead_minutes", Some(&json!(30)));
        after.set("name", None);
        let changes = changes(&before, &after, &["cic.lead_minutes", "name"]);
        let mut changed = Changed { tenant: "rest-1".into(), version: 2, changes, told: Some("integrazione in pausa") };
        insta::assert_snapshot!(as_text(&changed), @r"
        rest-1: cic.lead_minutes 20 (predefinito) -> 30
        versione 2; le funzioni la usano entro cinque minuti
        su Plateform: integrazione in pausa
        ");
        changed.changes.clear();
        changed.told = None;
        assert_eq!(as_text(&changed), "rest-1: nessuna modifica, era già così\n");
    }
}
