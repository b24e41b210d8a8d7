//! The integration's state, shown in "menu configurazione".

use super::{problem::Problem, schema, store::Platform};
use crate::http::{Incoming, Reply};
use axum::http::StatusCode;

/// `PUT /integration`.
pub(crate) fn put(platform: &mut Platform, request: &Incoming) -> Result<Reply, Problem> {
    let status = schema::parse("IntegrationStatus", &request.body)?;
    platform.integration.push(status);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
