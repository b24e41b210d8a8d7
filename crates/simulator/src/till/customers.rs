//! Customers: searched, created, edited, deleted.

use super::{
    account::{Account, Table},
    error::TillError,
    list::{Page, common, contains, one_of},
    params,
    query::Query,
    shape::{text, without_nulls},
};
use crate::{
    http::{Incoming, Reply},
    state::State,
    toggles::{CustomerPut, TillToggles},
};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

/// `GET /customers`. There is no filter on phone or external id.
pub(crate) fn list(account: &Account, toggles: &TillToggles, request: &Incoming) -> Result<Reply, TillError> {
    let query = Query::parse(request, params::CUSTOMERS, toggles)?;
    let page = Page::required(&query, toggles)?;
    let rows: Vec<&Value> = account
        .rows(Table::Customers)
        .iter()
        .filter(|row| common(row, &query) && one_of(row, "idOrganization", query.list("idsOrganization")))
        .filter(|row| ["name", "email", "vatNumber", "fiscalCode"].iter().all(|f| contains(row, f, query.text(f))))
        .collect();
    Ok(page.reply("customers", &rows, without_nulls))
}

/// `POST /customers`.
pub(crate) fn create(state: &mut State, key: &str, request: &Incoming) -> Result<Reply, TillError> {
    let mut row = object(request)?;
    let (id, now) = (state.ids.uuid(), state.ids.tick(request.at));
    let account = account_mut(state, key)?;
    check(account, &row)?;
    stamp(&mut row, &id, now.as_millisecond());
    account.upsert(Table::Customers, Value::Object(row));
    Ok(Reply::ok(&json!({ "id": id })))
}

/// `PUT /customers/{id}`.
pub(crate) fn update(state: &mut State, key: &str, id: &str, request: &Incoming) -> Result<Reply, TillError> {
    let sent = object(request)?;
    let now = state.ids.tick(request.at);
    let put = state.config.till.customer_put;
    let account = account_mut(state, key)?;
    let kept = account.find(Table::Customers, id).ok_or_else(|| TillError::not_found("customer"))?;
    let mut row = match put {
        CustomerPut::Replace => Map::new(),
        CustomerPut::Merge => kept.as_object().cloned().unwrap_or_default(),
    };
    row.extend(sent);
    check(account, &row)?;
    stamp(&mut row, id, now.as_millisecond());
    account.upsert(Table::Customers, Value::Object(row));
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// `DELETE /customers/{id}`, which wants `{}` as a body and answers with nothing.
pub(crate) fn delete(state: &mut State, key: &str, id: &str, request: &Incoming) -> Result<Reply, TillError> {
    object(request)?;
    let removed = account_mut(state, key)?.remove(Table::Customers, id);
    removed.map(|_| Reply::empty(StatusCode::OK)).ok_or_else(|| TillError::not_found("customer"))
}

pub(crate) fn account_mut<'a>(state: &'a mut State, key: &str) -> Result<&'a mut Account, TillError> {
    state.accounts.get_mut(key).ok_or_else(|| TillError::unauthorized("key unknown"))
}

/// The body as an object.
pub(crate) fn object(request: &Incoming) -> Result<Map<String, Value>, TillError> {
    serde_json::from_slice(&request.body).map_err(|_| TillError::invalid_params("body: error.expected.jsobject"))
}

fn check(account: &Account, row: &Map<String, Value>) -> Result<(), TillError> {
    let row = Value::Object(row.clone());
    if text(&row, "name").trim().is_empty() {
        return Err(TillError::invalid_params("name"));
    }
    for field in ["email", "phoneNumber", "externalId", "note", "address", "city", "zipcode"] {
        if !row[field].is_null() && !row[field].is_string() {
            return Err(TillError::invalid_params(format!("{field}: error.expected.jsstring")));
        }
    }
    let country = &row["country"];
    if !country.is_null() && country.as_str().is_none_or(|code| code.len() != 2) {
        return Err(TillError::invalid_params("country"));
    }
    let point = &row["idSalesPoint"];
    if !point.is_null() && point.as_i64().is_none_or(|point| !account.owns_sales_point(point)) {
        return Err(TillError::invalid_id("idSalesPoint"));
    }
    Ok(())
}

fn stamp(row: &mut Map<String, Value>, id: &str, now_ms: i64) {
    row.retain(|_, value| !value.is_null());
    row.insert("id".to_owned(), json!(id));
    row.insert("lastUpdate".to_owned(), json!(now_ms));
}
