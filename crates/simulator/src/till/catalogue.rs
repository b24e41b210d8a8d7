//! Reading the catalogue: lists with their filters, and single rows.

use super::{
    account::{Account, Table},
    error::TillError,
    list::{Page, common, one_of, visible},
    params::{self, ParamSpec, channel_flag},
    query::Query,
    shape,
};
use crate::{
    config::Config,
    http::{Incoming, Reply},
    toggles::TillToggles,
};
use serde_json::{Value, json};

/// `GET` of a whole table.
pub(crate) fn list(
    account: &Account,
    toggles: &TillToggles,
    request: &Incoming,
    table: Table,
    key: &str,
) -> Result<Reply, TillError> {
    let query = Query::parse(request, parameters(table), toggles)?;
    let page = Page::required(&query, toggles)?;
    check_points(account, &query)?;
    let rows: Vec<&Value> = account
        .rows(table)
        .iter()
        .filter(|row| visible(row["idSalesPoint"].as_i64(), &query, toggles))
        .filter(|row| common(row, &query) && special(account, row, &query))
        .collect();
    Ok(page.reply(key, &rows, |row| shape::row_view(account, toggles, table, row)))
}

/// `GET` of one row.
pub(crate) fn one(
    account: &Account,
    toggles: &TillToggles,
    table: Table,
    key: &str,
    id: &str,
) -> Result<Reply, TillError> {
    let row = account.find(table, id).ok_or_else(|| TillError::not_found(key))?;
    Ok(Reply::ok(&json!({ key: shape::row_view(account, toggles, table, row) })))
}

/// `GET /salespoint`, the one list that does not insist on a page.
pub(crate) fn sales_points(account: &Account, toggles: &TillToggles, request: &Incoming) -> Result<Reply, TillError> {
    let query = Query::parse(request, params::SALES_POINTS, toggles)?;
    let page = Page::optional(&query, toggles)?;
    let licensed = query.flag("hasActiveLicense");
    let rows: Vec<&Value> = account
        .sales_points
        .iter()
        .filter(|point| licensed.is_none_or(|wanted| (point["noActiveLicense"] != true) == wanted))
        .collect();
    Ok(page.reply("salesPoint", &rows, |row| shape::without(row, &["noActiveLicense"])))
}

/// `GET /webhooks`: what the portal has configured, without the secrets.
pub(crate) fn webhooks(account: &Account, config: &Config, request: &Incoming) -> Result<Reply, TillError> {
    let toggles = &config.till;
    let query = Query::parse(request, params::WEBHOOKS, toggles)?;
    let page = Page::required(&query, toggles)?;
    let rows: Vec<&Value> = account.webhooks.iter().collect();
    let bridge = config.bridge_url.as_deref().unwrap_or("http://bridge.example.test").trim_end_matches('/');
    Ok(page.reply("webhooks", &rows, |row| {
        let mut shown = row.clone();
        shown["url"] = json!(format!("{bridge}{}", shape::text(row, "url")));
        shown
    }))
}

/// Sales points that do not belong to the key are refused rather than answered with nothing.
pub(crate) fn check_points(account: &Account, query: &Query) -> Result<(), TillError> {
    let points = query.list("idsSalesPoint").map(Vec::as_slice).unwrap_or_default();
    let known = points.iter().all(|point| point.as_i64().is_some_and(|point| account.owns_sales_point(point)));
    if known { Ok(()) } else { Err(TillError::invalid_id("idsSalesPoint")) }
}

fn parameters(table: Table) -> &'static [ParamSpec] {
    match table {
        Table::Categories => params::CATEGORIES,
        Table::Products => params::PRODUCTS,
        Table::Departments => params::DEPARTMENTS,
        Table::Customers => params::CUSTOMERS,
        Table::Taxes | Table::SalesModes | Table::Options => params::PLAIN,
    }
}

/// Filters that only some tables have; a filter that was not sent lets everything through.
fn special(account: &Account, row: &Value, query: &Query) -> bool {
    one_of(row, "idCategory", query.list("idsCategory"))
        && one_of(row, "idDepartment", query.list("idsDepartment"))
        && one_of(row, "idTax", query.list("idsTax"))
        && one_of(row, "externalId", query.list("externalId"))
        && flag(row, "multivariant", query.flag("multiVariant"))
        && flag(row, "menu", query.flag("menu"))
        && flag(row, "composition", query.flag("composition"))
        && flag(row, "soldOnlyInCompositions", query.flag("soldOnlyInComposition"))
        && on_channels(account, row, query.list("enabledForChannels"))
}

fn flag(row: &Value, field: &str, wanted: Option<bool>) -> bool {
    wanted.is_none_or(|wanted| row[field].as_bool().unwrap_or_default() == wanted)
}

/// A product is on a channel only if its category is, too.
fn on_channels(account: &Account, row: &Value, channels: Option<&Vec<Value>>) -> bool {
    let Some(channels) = channels else { return true };
    let category = row["idCategory"].as_str().and_then(|id| account.find(Table::Categories, id));
    channels
        .iter()
        .filter_map(channel_flag)
        .any(|flag| row[flag] == true && category.is_none_or(|category| category[flag] == true))
}
