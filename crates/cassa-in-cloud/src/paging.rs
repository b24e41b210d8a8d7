//! Lists: `start` is an offset, `limit` a page size, and the key of the rows is irregular (API sheet 1.3).
//!
//! A list is whole or an error. It ends at an empty page, at a page below the limit, or at `totalCount`; a till that
//! never ends or gives the same page again is not believed.

use crate::{
    call::{Call, LIST_MAX},
    client::Client,
    error::misshapen,
    query::Query,
    types::tolerant,
};
use app::ports::{TenantAccess, TillError, Work};
use serde_json::Value;

/// The till's largest page, in rows.
pub(crate) const PAGE: usize = 100;

/// The longest list read, in pages.
const PAGES_MAX: usize = 50;

/// Which list is read.
pub(crate) struct List<'a> {
    /// The path below the base address.
    pub(crate) path: &'a [&'a str],
    /// The key of the rows in the answer.
    pub(crate) key: &'a str,
    /// The filters.
    pub(crate) query: Query,
}

/// One page of a list.
pub(crate) struct Page {
    /// The HTTP status that it came with.
    pub(crate) status: u16,
    /// The rows, in the till's order.
    pub(crate) rows: Vec<Value>,
    /// How many there are in all, if the till says so.
    pub(crate) total: Option<usize>,
}

/// What was read of a list.
pub(crate) struct Rows {
    /// The rows, in the till's order.
    pub(crate) rows: Vec<Value>,
    /// Whether these are all.
    pub(crate) is_whole: bool,
}

impl Client {
    /// Every row of a list.
    pub(crate) async fn list(
        &self,
        work: &Work,
        access: &TenantAccess,
        list: &List<'_>,
    ) -> Result<Vec<Value>, TillError> {
        match self.list_up_to(PAGES_MAX, work, access, list).await? {
            Rows { rows, is_whole: true } => Ok(rows),
            Rows { .. } => Err(TillError::Unclear { status: None, detail: "the list does not end".to_owned() }),
        }
    }

    /// The rows of a list, at most this many pages of them.
    pub(crate) async fn list_up_to(
        &self,
        pages: usize,
        work: &Work,
        access: &TenantAccess,
        list: &List<'_>,
    ) -> Result<Rows, TillError> {
        let mut rows: Vec<Value> = Vec::new();
        let mut last_start = 0;
        for _ in 0..pages {
            let page = self.page(work, access, list, (rows.len(), PAGE)).await?;
            if !rows.is_empty() && rows[last_start..] == page.rows {
                return Err(misshapen(page.status, "the same page again"));
            }
            last_start = rows.len();
            rows.extend(page.rows);
            let count = rows.len() - last_start;
            // A short page ends the list, unless the till itself says that more is to come.
            let is_last = match page.total {
                _ if count == 0 => true,
                Some(total) => total == rows.len() || (count < PAGE && total < rows.len()),
                None => count < PAGE,
            };
            if is_last {
                return Ok(Rows { rows, is_whole: true });
            }
        }
        Ok(Rows { rows, is_whole: false })
    }

    /// One page of a list: where it starts, and how many rows it has at most.
    pub(crate) async fn page(
        &self,
        work: &Work,
        access: &TenantAccess,
        list: &List<'_>,
        (start, limit): (usize, usize),
    ) -> Result<Page, TillError> {
        let query = list.query.clone().count("start", start).count("limit", limit.clamp(1, PAGE));
        let call = Call { query, max: LIST_MAX, ..Call::get(list.path) };
        let (status, mut body) = self.object(work, access, &call).await?;
        let total = body.get("totalCount").and_then(tolerant::to_integer).and_then(|total| usize::try_from(total).ok());
        match (body.remove(list.key), total) {
            (Some(Value::Array(rows)), _) => Ok(Page { status, rows, total }),
            // What has no value is left out of answers, so an empty list may be too.
            (None, Some(0)) => Ok(Page { status, rows: Vec::new(), total }),
            _ => Err(misshapen(status, "no list")),
        }
    }
}
