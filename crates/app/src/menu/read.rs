//! Reading the till's catalogue: what changed, or everything.

use super::{
    MenuFailure, MenuWorld, Menus,
    calls::Calls,
    pass::{List, PAGE, Pass, Row},
};
use crate::ports::menu::{MenuState, Page, Slice, TillCatalogue};
use domain::{
    SalesModeId,
    menu::{
        Kind,
        diff::Scope,
        digest, entry_key,
        till::{Catalogue, TillCategory, TillProduct},
    },
};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// How far back a reading of changes overlaps the one before: the clocks of both sides may differ (E49).
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);

/// More changed products than this are read as a whole pass, which can be put aside: the calls of ten minutes may be too
/// few for them.
const MOST_CHANGES: usize = 2_000;

/// The sales modes for take-away and for delivery, where they exist.
type Modes = (Option<SalesModeId>, Option<SalesModeId>);

/// What was read of the till.
pub(super) struct Reading {
    /// When it began, by our clock.
    pub(super) begun: Timestamp,
    /// What was read; none if nothing has changed.
    pub(super) catalogue: Option<(Catalogue, Scope)>,
    /// Rows that are there and could not be read: never taken for deleted.
    pub(super) unreadable: BTreeSet<String>,
    /// How many products and categories the till says that it has.
    pub(super) counts: (usize, usize),
    /// Whether the pages fitted together (E43).
    pub(super) complete: bool,
    /// Whether it was asked for, and is compared with what the platform holds.
    pub(super) is_asked: bool,
}

/// What the cycle before has seen, as far as changes can be told from it.
struct Seen {
    products_since: Timestamp,
    categories_since: Timestamp,
    modes: Modes,
}

fn seen(state: &MenuState) -> Option<Seen> {
    let since = |ms: Option<i64>| Timestamp::from_millisecond(ms?).ok()?.saturating_sub(OVERLAP).ok();
    let (takeaway, delivery) = state.modes.as_ref()?;
    Some(Seen {
        products_since: since(state.products_since_ms)?,
        categories_since: since(state.categories_since_ms)?,
        modes: (SalesModeId::parse(takeaway).ok(), SalesModeId::parse(delivery).ok()),
    })
}

impl<W: MenuWorld> Menus<W> {
    /// What changed since the last cycle; none if only a whole pass can tell.
    pub(super) async fn read_changes(
        &self,
        calls: &mut Calls<'_, W>,
        state: &MenuState,
        begun: Timestamp,
    ) -> Result<Option<Reading>, MenuFailure> {
        let Some(seen) = seen(state).filter(|_| state.whole_pass_ms.is_some()) else { return Ok(None) };
        let mut changed = List::changed_since(seen.products_since);
        while let Some(slice) = changed.next() {
            changed.add(self.product_page(calls, slice).await?);
            if changed.total() > MOST_CHANGES {
                return Ok(None);
            }
        }
        let slice = Slice { start: 0, limit: PAGE, changed_since: Some(seen.categories_since) };
        let categories = self.category_page(calls, slice).await?;
        let probe = Slice { start: 0, limit: 1, changed_since: None };
        let counts = (self.product_page(calls, probe).await?.total, self.category_page(calls, probe).await?.total);
        let is_known = counts == state.counts && changed.is_complete();
        if !is_known || (categories.total > 0 && !self.are_categories_known(calls, state).await?) {
            return Ok(None);
        }
        let unreadable = BTreeSet::new();
        let mut reading = Reading { begun, catalogue: None, unreadable, counts, complete: true, is_asked: false };
        if !changed.is_empty() {
            let (rows, unreadable) = changed.into_rows();
            let Some(catalogue) = self.around(calls, rows, seen.modes).await? else { return Ok(None) };
            reading.unreadable = keys(Kind::Dish, unreadable);
            reading.catalogue = Some((catalogue, Scope::Part));
        }
        Ok(Some(reading))
    }

    /// Whether the categories are as the last whole pass has read them: a change is read again for as long as readings
    /// overlap.
    async fn are_categories_known(&self, calls: &mut Calls<'_, W>, state: &MenuState) -> Result<bool, MenuFailure> {
        let mut list = List::default();
        while let Some(slice) = list.next() {
            list.add(self.category_page(calls, slice).await?);
        }
        let is_complete = list.is_complete();
        let (categories, unreadable) = list.into_rows();
        Ok(is_complete && unreadable.is_empty() && state.categories == Some(digest_of(&categories)))
    }

    /// Changed products with what their mapping needs: the sales modes, the names of options and every category. None if
    /// something of that is not what the last whole pass has seen: then more dishes are concerned than those that changed.
    async fn around(
        &self,
        calls: &mut Calls<'_, W>,
        products: Vec<TillProduct>,
        seen: Modes,
    ) -> Result<Option<Catalogue>, MenuFailure> {
        let mut pass = Pass::begun(Timestamp::UNIX_EPOCH);
        self.read_surroundings(calls, &mut pass).await?;
        let is_known = pass.modes.as_ref() == Some(&seen) && pass.categories.is_complete();
        let (catalogue, unreadable) = pass.into_catalogue(products);
        Ok(Some(catalogue).filter(|_| is_known && unreadable.is_empty()))
    }

    /// Goes on with a whole pass, from wherever it is. Where sales modes are missing that were there, it cannot be
    /// applied, and is not read.
    pub(super) async fn read_everything(
        &self,
        calls: &mut Calls<'_, W>,
        pass: &mut Pass,
        had_modes: bool,
    ) -> Result<(), MenuFailure> {
        self.read_surroundings(calls, pass).await?;
        if had_modes && !matches!(pass.modes, Some((Some(_), Some(_)))) {
            return Ok(());
        }
        while let Some(slice) = pass.products.next() {
            pass.products.add(self.product_page(calls, slice).await?);
        }
        Ok(())
    }

    async fn read_surroundings(&self, calls: &mut Calls<'_, W>, pass: &mut Pass) -> Result<(), MenuFailure> {
        let till = self.world.till();
        if pass.modes.is_none() {
            calls.spend(1).await?;
            pass.modes = Some(till.sales_modes(calls.work, calls.access).await?);
        }
        if pass.names.is_none() {
            // The second where the first path does not exist.
            calls.spend(2).await?;
            pass.names = Some(till.option_names(calls.work, calls.access).await?);
        }
        while let Some(slice) = pass.categories.next() {
            pass.categories.add(self.category_page(calls, slice).await?);
        }
        Ok(())
    }

    async fn category_page(&self, calls: &mut Calls<'_, W>, slice: Slice) -> Result<Page<TillCategory>, MenuFailure> {
        calls.spend(1).await?;
        Ok(self.world.till().categories(calls.work, calls.access, slice).await?)
    }

    async fn product_page(&self, calls: &mut Calls<'_, W>, slice: Slice) -> Result<Page<TillProduct>, MenuFailure> {
        calls.spend(1).await?;
        Ok(self.world.till().catalogue_products(calls.work, calls.access, slice).await?)
    }
}

impl Pass {
    /// A pass that has been read to its end.
    pub(super) fn finish(mut self) -> Reading {
        let complete = self.categories.is_complete() && self.products.is_complete();
        let counts = (self.products.total(), self.categories.total());
        let (products, unreadable) = std::mem::take(&mut self.products).into_rows();
        let (begun, is_asked) = (self.begun_at(), self.is_asked);
        let mut keys = keys(Kind::Dish, unreadable);
        let (catalogue, unreadable) = self.into_catalogue(products);
        keys.extend(unreadable);
        let scope = if complete { Scope::Whole } else { Scope::Part };
        Reading { begun, catalogue: Some((catalogue, scope)), unreadable: keys, counts, complete, is_asked }
    }

    /// The catalogue around these products, and the keys of categories that could not be read.
    fn into_catalogue(self, products: Vec<TillProduct>) -> (Catalogue, BTreeSet<String>) {
        let (takeaway, delivery) = self.modes.unwrap_or_default();
        let (categories, unreadable) = self.categories.into_rows();
        let names = self.names.unwrap_or_default();
        (Catalogue { categories, products, names, takeaway, delivery }, keys(Kind::Category, unreadable))
    }
}

impl Row for TillProduct {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Row for TillCategory {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A digest of categories, in whatever order they were read.
pub(super) fn digest_of(categories: &[TillCategory]) -> u64 {
    let by_id: BTreeMap<&String, &TillCategory> = categories.iter().map(|category| (&category.id, category)).collect();
    digest(&serde_json::json!(by_id).to_string())
}

fn keys(kind: Kind, ids: Vec<String>) -> BTreeSet<String> {
    ids.iter().map(|id| entry_key(kind, id)).collect()
}
