//! Reading the till's catalogue: what changed, or everything, in pages that must fit together (E43).

use super::{MenuFailure, MenuWorld, Menus, calls::Calls};
use crate::ports::menu::{MenuState, Page, Slice, TillCatalogue};
use domain::menu::{
    Kind, entry_key,
    till::{Catalogue, OptionNames, TillCategory, TillProduct},
};
use domain::{SalesModeId, menu::diff::Scope};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// The till's largest page.
const PAGE: usize = 100;

/// How far back a reading of changes overlaps the one before: the clocks of both sides may differ (E49).
pub(super) const OVERLAP: SignedDuration = SignedDuration::from_mins(10);

/// How often a list whose pages do not fit together is begun anew.
const ATTEMPTS: usize = 3;

/// Where the readings of one cycle stand.
pub(super) struct Reading {
    /// What was read; none if nothing has changed.
    pub(super) catalogue: Option<(Catalogue, Scope)>,
    /// Rows that are there and could not be read: never taken for deleted.
    pub(super) unreadable: BTreeSet<String>,
    /// How many products and categories the till says that it has.
    pub(super) counts: (usize, usize),
    /// Whether the pages fitted together.
    pub(super) complete: bool,
}

/// A list read to its end.
struct Whole<T> {
    rows: Vec<T>,
    unreadable: Vec<String>,
    total: usize,
    complete: bool,
}

impl<W: MenuWorld> Menus<W> {
    /// What changed since the last cycle, or everything where that is asked for or cannot be told apart.
    pub(super) async fn read(
        &self,
        calls: &mut Calls<'_, W>,
        state: &MenuState,
        whole: bool,
    ) -> Result<Reading, MenuFailure> {
        let since = |ms: Option<i64>| Some(Timestamp::from_millisecond(ms?).ok()?.saturating_sub(OVERLAP).ok()?);
        let watermarks = (since(state.products_since_ms), since(state.categories_since_ms));
        let (Some(products_since), Some(categories_since), Some(modes), false) =
            (watermarks.0, watermarks.1, &state.modes, whole || state.whole_pass_ms.is_none())
        else {
            return self.read_everything(calls).await;
        };
        let changed = self.all_products(calls, Some(products_since)).await?;
        let categories = self.category_page(calls, Slice { start: 0, limit: PAGE, changed_since: Some(categories_since) });
        let categories = categories.await?;
        let counts = (self.count_products(calls).await?, self.count_categories(calls).await?);
        if counts != state.counts || categories.total > 0 || !changed.complete {
            return self.read_everything(calls).await;
        }
        let quiet = changed.rows.is_empty() && changed.unreadable.is_empty();
        if quiet {
            return Ok(Reading { catalogue: None, unreadable: BTreeSet::new(), counts, complete: true });
        }
        let modes = (SalesModeId::parse(&modes.0).ok(), SalesModeId::parse(&modes.1).ok());
        let catalogue = self.around(calls, changed.rows, modes).await?;
        let unreadable = keys(Kind::Dish, &changed.unreadable).collect();
        Ok(Reading { catalogue: Some((catalogue, Scope::Part)), unreadable, counts, complete: true })
    }

    async fn read_everything(&self, calls: &mut Calls<'_, W>) -> Result<Reading, MenuFailure> {
        calls.spend().await?;
        let modes = self.world.till().sales_modes(calls.work, calls.access).await?;
        let names = self.option_names(calls).await?;
        let categories = self.all_categories(calls).await?;
        let products = self.all_products(calls, None).await?;
        let complete = categories.complete && products.complete;
        let unreadable = keys(Kind::Category, &categories.unreadable).chain(keys(Kind::Dish, &products.unreadable));
        Ok(Reading {
            unreadable: unreadable.collect(),
            counts: (products.total, categories.total),
            complete,
            catalogue: Some((
                Catalogue {
                    categories: categories.rows,
                    products: products.rows,
                    names,
                    takeaway: modes.0,
                    delivery: modes.1,
                },
                if complete { Scope::Whole } else { Scope::Part },
            )),
        })
    }

    /// Changed products with what their mapping needs: every category and the names of options.
    async fn around(
        &self,
        calls: &mut Calls<'_, W>,
        products: Vec<TillProduct>,
        modes: (Option<SalesModeId>, Option<SalesModeId>),
    ) -> Result<Catalogue, MenuFailure> {
        let names = self.option_names(calls).await?;
        let categories = self.all_categories(calls).await?.rows;
        Ok(Catalogue { categories, products, names, takeaway: modes.0, delivery: modes.1 })
    }

    async fn option_names(&self, calls: &mut Calls<'_, W>) -> Result<OptionNames, MenuFailure> {
        calls.spend().await?;
        Ok(self.world.till().option_names(calls.work, calls.access).await?)
    }

    async fn category_page(
        &self,
        calls: &mut Calls<'_, W>,
        slice: Slice,
    ) -> Result<Page<TillCategory>, MenuFailure> {
        calls.spend().await?;
        Ok(self.world.till().categories(calls.work, calls.access, slice).await?)
    }

    async fn product_page(&self, calls: &mut Calls<'_, W>, slice: Slice) -> Result<Page<TillProduct>, MenuFailure> {
        calls.spend().await?;
        Ok(self.world.till().catalogue_products(calls.work, calls.access, slice).await?)
    }

    async fn count_products(&self, calls: &mut Calls<'_, W>) -> Result<usize, MenuFailure> {
        Ok(self.product_page(calls, Slice { start: 0, limit: 1, changed_since: None }).await?.total)
    }

    async fn count_categories(&self, calls: &mut Calls<'_, W>) -> Result<usize, MenuFailure> {
        Ok(self.category_page(calls, Slice { start: 0, limit: 1, changed_since: None }).await?.total)
    }

    async fn all_categories(&self, calls: &mut Calls<'_, W>) -> Result<Whole<TillCategory>, MenuFailure> {
        let mut list = List::new(None, |category: &TillCategory| category.id.clone());
        while let Some(slice) = list.next() {
            let page = self.category_page(calls, slice).await?;
            list.add(page);
        }
        Ok(list.finish())
    }

    async fn all_products(
        &self,
        calls: &mut Calls<'_, W>,
        changed_since: Option<Timestamp>,
    ) -> Result<Whole<TillProduct>, MenuFailure> {
        let mut list = List::new(changed_since, |product: &TillProduct| product.id.clone());
        while let Some(slice) = list.next() {
            let page = self.product_page(calls, slice).await?;
            list.add(page);
        }
        Ok(list.finish())
    }
}

fn keys(kind: Kind, ids: &[String]) -> impl Iterator<Item = String> {
    ids.iter().map(move |id| entry_key(kind, id)).collect::<Vec<_>>().into_iter()
}

/// Puts pages together. A changed total, a repeated row or a page that ends too soon means that the list moved while it
/// was read: it is begun anew, and after some attempts given as incomplete.
struct List<T, I> {
    id: I,
    changed_since: Option<Timestamp>,
    rows: Vec<T>,
    seen: BTreeSet<String>,
    unreadable: Vec<String>,
    start: usize,
    total: Option<usize>,
    attempt: usize,
    has_moved: bool,
    state: ListState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ListState {
    Reading,
    Complete,
    Incomplete,
}

impl<T, I: Fn(&T) -> String> List<T, I> {
    fn new(changed_since: Option<Timestamp>, id: I) -> Self {
        Self {
            id,
            changed_since,
            rows: Vec::new(),
            seen: BTreeSet::new(),
            unreadable: Vec::new(),
            start: 0,
            total: None,
            attempt: 1,
            has_moved: false,
            state: ListState::Reading,
        }
    }

    /// The next page to read, if there is one.
    fn next(&self) -> Option<Slice> {
        let slice = Slice { start: self.start, limit: PAGE, changed_since: self.changed_since };
        (self.state == ListState::Reading).then_some(slice)
    }

    fn add(&mut self, page: Page<T>) {
        let total = *self.total.get_or_insert(page.total);
        let mut moved = page.total != total;
        for row in page.rows {
            match self.seen.insert((self.id)(&row)) {
                true => self.rows.push(row),
                false => moved = true,
            }
        }
        self.unreadable.extend(page.unreadable);
        self.start += page.sent;
        let ended = page.sent < PAGE || self.start >= total;
        // Pages that end before the total, or go beyond it, do not fit.
        moved |= ended && self.start != total;
        self.has_moved |= moved;
        if self.has_moved && self.attempt < ATTEMPTS {
            self.begin_anew();
        } else if ended {
            self.state = if self.has_moved { ListState::Incomplete } else { ListState::Complete };
        }
    }

    fn begin_anew(&mut self) {
        self.rows.clear();
        self.seen.clear();
        self.unreadable.clear();
        self.start = 0;
        self.total = None;
        self.has_moved = false;
        self.attempt += 1;
    }

    fn finish(self) -> Whole<T> {
        Whole {
            rows: self.rows,
            unreadable: self.unreadable,
            total: self.total.unwrap_or_default(),
            complete: self.state == ListState::Complete,
        }
    }
}
