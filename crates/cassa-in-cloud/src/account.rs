//! What an operator asks before a restaurant is joined: which sales points a key has, and which sales modes they have.

use crate::{
    call::{Call, LIST_MAX},
    client::Client,
    error::misshapen,
    paging::List,
    query::Query,
    types::{self, BadShape, tolerant},
};
use app::ports::{TenantAccess, TillError, Work};
use domain::{SalesPointId, till::SalesMode};
use secrecy::SecretString;
use serde_json::Value;

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
    /// The sales points of a key that have a licence. One call, without a page: the till's own application asks so.
    ///
    /// # Errors
    /// `KeyRefused` if the key is none or has no licence; else as [`TillError`] says.
    pub async fn sales_points(&self, work: &Work, api_key: &SecretString) -> Result<Vec<SalesPoint>, TillError> {
        let query = Query::new().boolean("hasActiveLicense", true);
        let call = Call { query, max: LIST_MAX, ..Call::get(&["salespoint"]) };
        let (status, body) = self.object_with(work, api_key, &call).await?;
        match (body.get("salesPoint"), body.get("totalCount").and_then(tolerant::to_integer)) {
            (Some(Value::Array(rows)), _) => Ok(types::rows("salespoint", rows, sales_point)),
            // What has no value is left out of answers, so an empty list may be too.
            (None, Some(0)) => Ok(Vec::new()),
            _ => Err(misshapen(status, "no list")),
        }
    }

    /// Every sales mode of the tenant's sales point, whatever its name: to tell a missing one from a near miss.
    ///
    /// # Errors
    /// As [`TillError`] says; `InvalidId` if the sales point is not the key's.
    pub async fn every_sales_mode(&self, work: &Work, access: &TenantAccess) -> Result<Vec<SalesMode>, TillError> {
        let query = Query::new().longs("idsSalesPoint", &[access.tenant.sales_point.0]);
        let list = List { path: &["salesmodes"], key: "salesModes", query };
        Ok(types::rows("salesmodes", &self.list(work, access, &list).await?, types::sales_mode))
    }
}

fn sales_point(row: &Value) -> Result<SalesPoint, BadShape> {
    let id = row.get("id").and_then(tolerant::to_integer).ok_or(BadShape::NoId)?;
    let text = |field: &str| row.get(field).and_then(tolerant::to_text).unwrap_or_default();
    let name = Some(text("name")).filter(|name| !name.trim().is_empty()).unwrap_or_else(|| text("description"));
    Ok(SalesPoint { id: SalesPointId(id), name, city: text("city") })
}
