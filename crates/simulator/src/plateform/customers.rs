//! Customers of the platform.

use super::{
    order::{sort_key, updated_at},
    page::ListQuery,
    problem::Problem,
    store::Platform,
};
use crate::http::{Incoming, Reply};
use serde_json::Value;

/// `GET /customers`, oldest change first.
pub(crate) fn list(platform: &Platform, request: &Incoming) -> Result<Reply, Problem> {
    let query = ListQuery::parse(request, &["updatedAfter"])?;
    let after = query.updated_after()?;
    let changed = platform.customers.iter().filter(|customer| after.is_none_or(|after| updated_at(customer) > after));
    let mut items: Vec<(String, &Value)> = changed.map(|customer| (sort_key(customer), customer)).collect();
    items.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(Reply::ok(&query.page(items, Value::clone)?))
}
