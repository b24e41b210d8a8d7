//! How an account is set up: its sales points, sales modes and webhooks, and the till's clock. Nothing is written.

use crate::{
    call::{Call, LIST_MAX},
    client::Client,
    error::misshapen,
    paging::{List, PAGE},
    query::Query,
    types::{self, BadShape, tolerant},
};
use app::{
    ports::doctor::{TillSalesPoint, TillSetup, TillWebhook, TillWebhooks},
    ports::{TenantAccess, TillError, Work},
};
use domain::{SalesPointId, till::SalesMode};
use jiff::{Timestamp, fmt::rfc2822};
use reqwest::header::DATE;
use secrecy::SecretString;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// A sales point of an API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesPoint {
    /// Its number.
    pub id: SalesPointId,
    /// What people call it; empty where the till does not say.
    pub name: String,
    /// Where it is; empty where the till does not say.
    pub city: String,
}

impl Client {
    /// The sales points of a key that have a licence.
    ///
    /// # Errors
    /// `KeyRefused` if the key is none or has no licence; else as [`TillError`] says.
    pub async fn licensed_sales_points(
        &self,
        work: &Work,
        api_key: &SecretString,
    ) -> Result<Vec<SalesPoint>, TillError> {
        self.points(work, api_key, Query::new().boolean("hasActiveLicense", true)).await
    }

    /// The one list that goes without a page, as the till's own software reads it (API sheet 1.3).
    async fn points(&self, work: &Work, api_key: &SecretString, query: Query) -> Result<Vec<SalesPoint>, TillError> {
        let call = Call { query, max: LIST_MAX, ..Call::get(&["salespoint"]) };
        let (status, body) = self.object_with(work, api_key, &call).await?;
        let rows = only_list(&body).ok_or_else(|| misshapen(status, "no list of sales points"))?;
        Ok(types::rows("salespoint", rows, sales_point))
    }
}

impl TillSetup for Client {
    async fn sales_points(&self, work: &Work, access: &TenantAccess) -> Result<Vec<TillSalesPoint>, TillError> {
        let all = self.points(work, &access.api_key, Query::new()).await?;
        let licensed = self.licensed_sales_points(work, &access.api_key).await?;
        let licensed: BTreeSet<SalesPointId> = licensed.into_iter().map(|point| point.id).collect();
        let point = |point: SalesPoint| TillSalesPoint {
            is_licensed: licensed.contains(&point.id),
            id: point.id.0,
            name: point.name,
        };
        Ok(all.into_iter().map(point).collect())
    }

    async fn every_sales_mode(&self, work: &Work, access: &TenantAccess) -> Result<Vec<SalesMode>, TillError> {
        let query = Query::new().longs("idsSalesPoint", &[access.tenant.sales_point.0]);
        let list = List { path: &["salesmodes"], key: "salesModes", query };
        Ok(types::rows("salesmodes", &self.list(work, access, &list).await?, types::sales_mode))
    }

    async fn till_time(&self, work: &Work, access: &TenantAccess) -> Result<Option<Timestamp>, TillError> {
        let answer = self.call(work, access, &Call::get(&["salespoint"])).await?;
        let date = answer.headers.get(DATE).and_then(|date| date.to_str().ok());
        Ok(date.and_then(|date| rfc2822::DateTimeParser::new().parse_timestamp(date).ok()))
    }
}

impl TillWebhooks for Client {
    async fn webhooks(&self, work: &Work, access: &TenantAccess) -> Result<Option<Vec<TillWebhook>>, TillError> {
        let query = Query::new().count("start", 0).count("limit", PAGE);
        let call = Call { query, max: LIST_MAX, ..Call::get(&["webhooks"]) };
        match self.object(work, access, &call).await {
            Ok((status, body)) => {
                let rows = only_list(&body).ok_or_else(|| misshapen(status, "no list of webhooks"))?;
                Ok(Some(rows.iter().filter_map(webhook).collect()))
            }
            Err(TillError::Refused { status: 404, .. } | TillError::KeyRefused { status: 403 }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn sales_point(row: &Value) -> Result<SalesPoint, BadShape> {
    let id = row.get("id").and_then(tolerant::to_integer).ok_or(BadShape::NoId)?;
    let text = |field: &str| row.get(field).and_then(tolerant::to_text).unwrap_or_default();
    let name = Some(text("name")).filter(|name| !name.trim().is_empty()).unwrap_or_else(|| text("description"));
    Ok(SalesPoint { id: SalesPointId(id), name, city: text("city") })
}

/// The only list of an answer, under whatever key; what has no value may be left out where the till says that there is
/// nothing.
fn only_list(body: &Map<String, Value>) -> Option<&[Value]> {
    let mut lists = body.values().filter_map(Value::as_array);
    match (lists.next(), lists.next()) {
        (Some(rows), None) => Some(rows),
        (None, _) if body.get("totalCount").and_then(tolerant::to_integer) == Some(0) => Some(&[]),
        _ => None,
    }
}

/// A webhook, in the forms that its fields may have (GUESS: the list was never seen). One without entity or address is
/// none that could be told.
fn webhook(row: &Value) -> Option<TillWebhook> {
    let text = |fields: &[&str]| fields.iter().find_map(|field| row.get(*field).and_then(Value::as_str));
    let events = ["events", "operations"].iter().find_map(|field| row.get(*field).and_then(Value::as_array));
    let events = events.into_iter().flatten().filter_map(Value::as_str).map(str::to_uppercase).collect();
    let flag = |field: &str| row.get(field).and_then(Value::as_bool);
    let is_paused = flag("paused").or_else(|| flag("enabled").or_else(|| flag("active")).map(|on| !on));
    let points = row.get("idsSalesPoint").and_then(Value::as_array);
    Some(TillWebhook {
        entity: text(&["entity", "entityType", "type"])?.to_uppercase(),
        events,
        url: text(&["url", "address"])?.to_owned(),
        is_paused: is_paused.unwrap_or_default(),
        sales_points: points.into_iter().flatten().filter_map(tolerant::to_integer).collect(),
    })
}
