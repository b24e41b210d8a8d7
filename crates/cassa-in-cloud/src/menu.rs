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
        let flag = types::channel_flag(access.tenant.channel);
        self.catalogue_page(work, access, "categories", slice, |row| types::category(row, flag)).await
    }

    async fn catalogue_products(
        &self,
        work: &Work,
        access: &TenantAccess,
        slice: Slice,
    ) -> Result<Page<TillProduct>, TillError> {
        let flag = types::channel_flag(access.tenant.channel);
        self.catalogue_page(work, access, "products", slice, |row| types::dish(row, flag)).await
    }

    async fn option_names(&self, work: &Work, access: &TenantAccess) -> Result<OptionNames, TillError> {
        let [path, other_path] = OPTION_PATHS;
        let first = self.options(work, access, path, 0).await?;
        let (start, last) = match &first {
            None => (0, self.options(work, access, other_path, 0).await?),
            Some(page) if is_last(page, 0) => return Ok(types::option_names(&page.rows)),
            Some(page) => (page.rows.len(), self.options(work, access, path, page.rows.len()).await?),
        };
        if last.as_ref().is_some_and(|page| !is_last(page, start)) {
            tracing::warn!(
                tenant.id = %access.tenant.id,
                "the till has more options than are read; a value whose name is not among them is not offered"
            );
        }
        let rows: Vec<Value> = first.into_iter().chain(last).flat_map(|page| page.rows).collect();
        Ok(types::option_names(&rows))
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
        let is_whole = is_last(&page, 0);
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
    /// A page of options; none where the till has no such path, or refuses this one to the key while others work.
    async fn options(
        &self,
        work: &Work,
        access: &TenantAccess,
        path: &str,
        start: usize,
    ) -> Result<Option<paging::Page>, TillError> {
        let query = Query::new().count("start", start).count("limit", PAGE);
        let path = [path];
        let call = Call { query, max: LIST_MAX, ..Call::get(&path) };
        match self.object(work, access, &call).await {
            Ok((status, body)) => Ok(Some(option_page(status, &body)?)),
            Err(TillError::Refused { status: 404, .. } | TillError::KeyRefused { status: 403 }) if start == 0 => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

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
        // Without a total a page that is not full is the last one, and after a full one there is at least one more row.
        let more = usize::from(page.rows.len() >= slice.limit);
        let total = page.total.unwrap_or(slice.start + page.rows.len() + more);
        Ok(sorted(what, page, total, read))
    }
}

/// The list of options, under whatever key: that of one of the paths, else the only list there is.
fn option_page(status: u16, body: &Map<String, Value>) -> Result<paging::Page, TillError> {
    let total = body.get("totalCount").and_then(tolerant::to_integer).and_then(|total| usize::try_from(total).ok());
    let mut named = OPTION_PATHS.iter().filter_map(|key| body.get(*key)?.as_array());
    let mut lists = body.values().filter_map(Value::as_array);
    let rows = match (named.next(), lists.next(), lists.next()) {
        (Some(rows), ..) | (None, Some(rows), None) => rows.clone(),
        (None, None, _) if total == Some(0) => Vec::new(),
        _ => return Err(misshapen(status, "no list")),
    };
    Ok(paging::Page { status, rows, total })
}

/// Whether a list ends with the page that starts there.
fn is_last(page: &paging::Page, start: usize) -> bool {
    page.total.map_or(page.rows.len() < PAGE, |total| start + page.rows.len() >= total)
}

/// The rows that can be read, and the ids of the others.
fn sorted<T>(
    what: &'static str,
    page: paging::Page,
    total: usize,
    read: impl Fn(&Value) -> Result<T, BadShape>,
) -> Page<T> {
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
    sorted
}
