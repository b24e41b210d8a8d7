//! The port of the menu: the catalogue, page by page, as one sales point sees it. Who reads decides about the next page.

use crate::{
    call::{Call, LIST_MAX},
    client::Client,
    error::misshapen,
    paging::{self, List, PAGE},
    query::Query,
    types::{self, BadShape, tolerant},
};
use app::{
    ports::menu::{Page, Slice, TillCatalogue},
    ports::{TenantAccess, TillError, Work},
};
use domain::{
    SalesModeId,
    menu::till::{OptionNames, TillCategory, TillProduct},
};
use serde_json::{Map, Value};

/// Where the till may serve the names of options, in the order in which it is asked (GUESS, API sheet section 2).
const OPTION_PATHS: [&str; 2] = ["options", "modifiers"];

impl TillCatalogue for Client {
    async fn categories(
        &self,
        work: &Work,
        access: &TenantAccess,
        slice: Slice,
    ) -> Result<Page<TillCategory>, TillError> {
        let flag = channel_flag(&access.tenant.channel)?;
        self.catalogue_page(work, access, "categories", slice, |row| types::category(row, flag)).await
    }

    async fn catalogue_products(
        &self,
        work: &Work,
        access: &TenantAccess,
        slice: Slice,
    ) -> Result<Page<TillProduct>, TillError> {
        let flag = channel_flag(&access.tenant.channel)?;
        self.catalogue_page(work, access, "products", slice, |row| types::dish(row, flag)).await
    }

    async fn option_names(&self, work: &Work, access: &TenantAccess) -> Result<OptionNames, TillError> {
        for path in OPTION_PATHS {
            let query = Query::new().count("start", 0).count("limit", PAGE);
            let path = [path];
            let call = Call { query, max: LIST_MAX, ..Call::get(&path) };
            match self.object(work, access, &call).await {
                Ok((status, body)) => return Ok(types::option_names(option_rows(status, &body)?)),
                Err(TillError::Refused { status: 404, .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(OptionNames::default())
    }

    async fn sales_modes(
        &self,
        work: &Work,
        access: &TenantAccess,
    ) -> Result<(Option<SalesModeId>, Option<SalesModeId>), TillError> {
        let tenant = &access.tenant;
        let query = Query::new().longs("idsSalesPoint", &[tenant.sales_point.0]);
        let list = List { path: &["salesmodes"], key: "salesModes", query };
        let page = self.page(work, access, &list, (0, PAGE)).await?;
        let is_whole = page.total.map_or(page.rows.len() < PAGE, |total| page.rows.len() >= total);
        let modes = types::rows("salesmodes", &page.rows, types::sales_mode);
        let named = |name: &str| modes.iter().find(|mode| mode.name == name).map(|mode| mode.id.clone());
        let found = (named(&tenant.sales_mode_takeaway), named(&tenant.sales_mode_delivery));
        match found {
            // Missing on the first page is not missing.
            (None, _) | (_, None) if !is_whole => Err(misshapen(page.status, "not every sales mode")),
            found => Ok(found),
        }
    }
}

impl Client {
    async fn catalogue_page<T>(
        &self,
        work: &Work,
        access: &TenantAccess,
        what: &'static str,
        slice: Slice,
        read: impl Fn(&Value) -> Result<T, BadShape>,
    ) -> Result<Page<T>, TillError> {
        let query =
            Query::new().longs("idsSalesPoint", &[access.tenant.sales_point.0]).boolean("itemListVisibility", true);
        let query = match slice.changed_since {
            Some(since) => query.instant("lastUpdateFrom", since),
            None => query,
        };
        let list = List { path: &[what], key: what, query };
        let page = self.page(work, access, &list, (slice.start, slice.limit)).await?;
        sorted(what, page, read)
    }
}

/// The list of options, under whatever key: that of one of the paths, else the only list there is.
fn option_rows(status: u16, body: &Map<String, Value>) -> Result<&[Value], TillError> {
    let mut named = OPTION_PATHS.iter().filter_map(|key| body.get(*key)?.as_array());
    let mut lists = body.values().filter_map(Value::as_array);
    let is_empty = body.get("totalCount").and_then(tolerant::to_integer) == Some(0);
    match (named.next(), lists.next(), lists.next()) {
        (Some(rows), ..) | (None, Some(rows), None) => Ok(rows),
        (None, None, _) if is_empty => Ok(&[]),
        _ => Err(misshapen(status, "no list")),
    }
}

/// The rows that can be read, and the ids of the others.
fn sorted<T>(
    what: &'static str,
    page: paging::Page,
    read: impl Fn(&Value) -> Result<T, BadShape>,
) -> Result<Page<T>, TillError> {
    let total = page.total.ok_or_else(|| misshapen(page.status, "no total"))?;
    let mut sorted = Page { rows: Vec::new(), sent: page.rows.len(), total, unreadable: Vec::new() };
    for row in &page.rows {
        match read(row) {
            Ok(row) => sorted.rows.push(row),
            Err(error) => {
                tracing::warn!(till.list = what, error.message = %error, "row of the till cannot be read");
                sorted.unreadable.extend(types::row_id(row));
            }
        }
    }
    Ok(sorted)
}

/// The field behind a channel's name (API sheet section 3).
fn channel_flag(channel: &str) -> Result<&'static str, TillError> {
    match channel {
        "RISTO" => Ok("enableForRisto"),
        "SALE" => Ok("enableForSale"),
        "ECOMMERCE" => Ok("enableForECommerce"),
        "MOBILE_COMMERCE" => Ok("enableForMobileCommerce"),
        "SELF_ORDER" => Ok("enableForSelfOrderMenu"),
        "KIOSK" => Ok("enableForKiosk"),
        // As if the till had answered so: it would, to a filter with this name.
        _ => Err(TillError::Refused { status: 400, detail: "the tenant's channel is none of the till's".to_owned() }),
    }
}
