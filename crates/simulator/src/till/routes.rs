//! The till's paths.

use super::{
    account::{Account, Table},
    auth, catalogue, create, customers, documents,
    error::TillError,
    guard,
};
use crate::{
    config::Config,
    http::{Incoming, Reply},
    state::State,
    toggles::OptionsPath,
};
use axum::http::Method;

/// Answers a call to the till.
pub(crate) fn handle(state: &mut State, request: &Incoming) -> Reply {
    route(state, request).unwrap_or_else(TillError::into_reply)
}

fn route(state: &mut State, request: &Incoming) -> Result<Reply, TillError> {
    let segments = request.segments();
    let path: Vec<&str> = segments.iter().map(String::as_str).collect();
    if path == ["apikey", "token"] {
        guard::check_size(request)?;
        return if request.method == Method::POST {
            auth::token(state, request)
        } else {
            Err(TillError::not_allowed())
        };
    }
    let key = guard::admit(state, request)?;
    if request.method == Method::GET {
        let account = state.accounts.get(&key).ok_or_else(|| TillError::unauthorized("key unknown"))?;
        return read(account, &state.config, request, &path);
    }
    write(state, &key, request, &path)
}

fn read(account: &Account, config: &Config, request: &Incoming, path: &[&str]) -> Result<Reply, TillError> {
    let toggles = &config.till;
    let list = |table, key| catalogue::list(account, toggles, request, table, key);
    let one = |table, key, id: &str| catalogue::one(account, toggles, table, key, id);
    match path {
        ["salespoint"] => catalogue::sales_points(account, toggles, request),
        ["categories"] => list(Table::Categories, "categories"),
        ["categories", id] => one(Table::Categories, "category", id),
        ["products"] => list(Table::Products, "products"),
        ["products", id] => one(Table::Products, "product", id),
        ["departments"] => list(Table::Departments, "departments"),
        ["departments", id] => one(Table::Departments, "department", id),
        ["taxes"] => list(Table::Taxes, "taxes"),
        ["salesmodes"] => list(Table::SalesModes, "salesModes"),
        ["options"] if toggles.options_path == OptionsPath::Options => list(Table::Options, "options"),
        ["modifiers"] if toggles.options_path == OptionsPath::Modifiers => list(Table::Options, "modifiers"),
        ["customers"] => customers::list(account, toggles, request),
        ["customers", id] => one(Table::Customers, "customer", id),
        ["documents", "orders"] => documents::orders(account, toggles, request),
        ["documents", "orders", id] => documents::order(account, id),
        ["documents", "receipts"] => documents::receipts(account, toggles, request),
        ["webhooks"] => catalogue::webhooks(account, config, request),
        _ => Err(TillError::not_found("path")),
    }
}

fn write(state: &mut State, key: &str, request: &Incoming, path: &[&str]) -> Result<Reply, TillError> {
    match (request.method.as_str(), path) {
        ("POST", ["customers"]) => customers::create(state, key, request),
        ("PUT", ["customers", id]) => customers::update(state, key, id, request),
        ("DELETE", ["customers", id]) => customers::delete(state, key, id, request),
        ("POST", ["documents", "orders", "batch"]) => create::batch(state, key, request),
        ("PUT", ["documents", "orders", id, "prepayment"]) => documents::prepayment(state, key, id, request),
        _ => Err(TillError::not_allowed()),
    }
}
