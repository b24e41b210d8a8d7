//! Lists: pages by cursor, followed to their end or to a bound.

use crate::{Client, error, transport::Caller};
use app::ports::PlatformError;
use reqwest::Url;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// No list of the platform has more pages than this: 100,000 entries.
const MAX_PAGES: usize = 500;

/// How many entries a page is asked to have.
const PAGE: &str = "200";

/// The longest cursor of the contract.
const MAX_CURSOR: usize = 512;

/// Where a list goes on. Opaque; only the platform gives one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(String);

impl Cursor {
    /// Takes up a cursor that was saved with [`Cursor::as_str`]; none if it cannot be one.
    #[must_use]
    pub fn saved(text: &str) -> Option<Self> {
        (1..=MAX_CURSOR).contains(&text.len()).then(|| Self(text.to_owned()))
    }

    /// The cursor as the platform wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries that could be read.
    pub items: Vec<T>,
    /// How many could not be read; each was logged by field, without values.
    pub skipped: usize,
    /// Where the list goes on; none is its end.
    pub next: Option<Cursor>,
}

/// A whole list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// The entries that could be read, in the platform's order.
    pub items: Vec<T>,
    /// How many could not be read. More than none means that the list must not be taken as complete.
    pub skipped: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageDto {
    items: Vec<Value>,
    next_cursor: Option<String>,
}

/// What is listed: its address without cursor, and how one entry is read. An entry's error names the field.
pub(crate) struct Query<F> {
    pub(crate) what: &'static str,
    pub(crate) url: Url,
    pub(crate) row: F,
}

impl Client {
    /// One page.
    pub(crate) async fn page<T, F: Fn(Value) -> Result<T, String>>(
        &self,
        caller: Caller<'_>,
        query: &Query<F>,
        cursor: Option<&Cursor>,
    ) -> Result<Page<T>, PlatformError> {
        let mut url = query.url.clone();
        url.query_pairs_mut().append_pair("limit", PAGE);
        if let Some(cursor) = cursor {
            url.query_pairs_mut().append_pair("cursor", cursor.as_str());
        }
        let page: PageDto = self.read(caller, url).await?;
        let next = match page.next_cursor.as_deref() {
            None | Some("") => None,
            Some(text) => Some(Cursor::saved(text).ok_or_else(|| error::malformed("nextCursor"))?),
        };
        let all = page.items.len();
        let items: Vec<T> = page.items.into_iter().filter_map(|row| readable(caller, query, row)).collect();
        Ok(Page { skipped: all - items.len(), items, next })
    }

    /// Every page.
    pub(crate) async fn listing<T, F: Fn(Value) -> Result<T, String>>(
        &self,
        caller: Caller<'_>,
        query: &Query<F>,
    ) -> Result<Listing<T>, PlatformError> {
        let mut listing = Listing { items: Vec::new(), skipped: 0 };
        let mut seen = BTreeSet::new();
        let mut cursor = None;
        for _ in 0..MAX_PAGES {
            let page = self.page(caller, query, cursor.as_ref()).await?;
            listing.items.extend(page.items);
            listing.skipped += page.skipped;
            let Some(next) = page.next else { return Ok(listing) };
            if !seen.insert(next.clone()) {
                return Err(error::malformed("cursor_repeats"));
            }
            cursor = Some(next);
        }
        Err(error::malformed("too_many_pages"))
    }
}

fn readable<T, F: Fn(Value) -> Result<T, String>>(caller: Caller<'_>, query: &Query<F>, row: Value) -> Option<T> {
    (query.row)(row)
        .inspect_err(|field| {
            tracing::warn!(
                tenant = %caller.tenant, list = query.what, correlation = %caller.work.correlation, field,
                "an entry of the platform's list cannot be read and is left out"
            );
        })
        .ok()
}
