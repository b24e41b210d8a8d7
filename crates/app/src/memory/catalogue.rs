//! A till's catalogue in memory: rows that change, move and lie while they are read.

mod both;

pub use both::MemoryMenuTill;

use super::{ManualClock, lock};
use crate::{
    ports::menu::{Page, Slice, TillCatalogue},
    ports::{Clock, TenantAccess, TillError, Work},
};
use domain::{
    SalesModeId,
    menu::till::{Catalogue, OptionNames, TillCategory, TillProduct},
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex},
};

/// A call of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogueCall {
    /// A page of categories.
    Categories(Slice),
    /// A page of products.
    Products(Slice),
    /// The names of options and values.
    OptionNames,
    /// The sales modes.
    SalesModes,
}

type Hook = Box<dyn FnOnce(&MemoryCatalogue) + Send>;

#[derive(Default)]
struct State {
    categories: Vec<(TillCategory, Timestamp)>,
    products: Vec<(TillProduct, Timestamp)>,
    names: OptionNames,
    modes: (Option<SalesModeId>, Option<SalesModeId>),
    unreadable: BTreeSet<String>,
    totals: Option<(usize, usize)>,
    longest_page: Option<usize>,
    calls: Vec<CatalogueCall>,
    faults: BTreeMap<usize, TillError>,
    hooks: BTreeMap<usize, Hook>,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("calls", &self.calls).finish_non_exhaustive()
    }
}

/// A till's catalogue in memory. Every change of a row stamps it with the clock's time, as the till's `lastUpdate`.
#[derive(Debug, Clone)]
pub struct MemoryCatalogue {
    state: Arc<Mutex<State>>,
    clock: ManualClock,
}

impl MemoryCatalogue {
    /// A till that sells nothing and has no sales modes.
    #[must_use]
    pub fn new(clock: ManualClock) -> Self {
        Self { state: Arc::default(), clock }
    }

    /// Replaces everything, each row changed now.
    pub fn set(&self, catalogue: Catalogue) {
        let now = self.clock.now();
        let mut state = lock(&self.state);
        state.categories = catalogue.categories.into_iter().map(|row| (row, now)).collect();
        state.products = catalogue.products.into_iter().map(|row| (row, now)).collect();
        state.names = catalogue.names;
        state.modes = (catalogue.takeaway, catalogue.delivery);
    }

    /// Everything as it is now.
    #[must_use]
    pub fn catalogue(&self) -> Catalogue {
        let state = lock(&self.state);
        Catalogue {
            categories: state.categories.iter().map(|(row, _)| row.clone()).collect(),
            products: state.products.iter().map(|(row, _)| row.clone()).collect(),
            names: state.names.clone(),
            takeaway: state.modes.0.clone(),
            delivery: state.modes.1.clone(),
        }
    }

    /// Changes a product.
    pub fn change_product(&self, id: &str, change: impl FnOnce(&mut TillProduct)) {
        let mut state = lock(&self.state);
        if let Some((row, changed)) = state.products.iter_mut().find(|(row, _)| row.id == id) {
            change(row);
            *changed = self.clock.now();
        }
    }

    /// Changes a category.
    pub fn change_category(&self, id: &str, change: impl FnOnce(&mut TillCategory)) {
        let mut state = lock(&self.state);
        if let Some((row, changed)) = state.categories.iter_mut().find(|(row, _)| row.id == id) {
            change(row);
            *changed = self.clock.now();
        }
    }

    /// Adds a product at the end, even one whose id is there already.
    pub fn put_product(&self, product: TillProduct) {
        lock(&self.state).products.push((product, self.clock.now()));
    }

    /// Adds a product at the beginning: while pages are read, the others move on by one.
    pub fn put_product_first(&self, product: TillProduct) {
        lock(&self.state).products.insert(0, (product, self.clock.now()));
    }

    /// Adds a category at the end.
    pub fn put_category(&self, category: TillCategory) {
        lock(&self.state).categories.push((category, self.clock.now()));
    }

    /// Deletes a product; no reading of changes tells.
    pub fn delete_product(&self, id: &str) {
        lock(&self.state).products.retain(|(row, _)| row.id != id);
    }

    /// Deletes a category; no reading of changes tells.
    pub fn delete_category(&self, id: &str) {
        lock(&self.state).categories.retain(|(row, _)| row.id != id);
    }

    /// Sets the sales modes for take-away and for delivery.
    pub fn set_modes(&self, takeaway: Option<SalesModeId>, delivery: Option<SalesModeId>) {
        lock(&self.state).modes = (takeaway, delivery);
    }

    /// From now on a row, category or product, cannot be read.
    pub fn make_unreadable(&self, id: &str) {
        lock(&self.state).unreadable.insert(id.to_owned());
    }

    /// From now on whole lists claim so many products and categories; none is the truth again.
    pub fn claim_totals(&self, totals: Option<(usize, usize)>) {
        lock(&self.state).totals = totals;
    }

    /// From now on no page has more rows than this, whatever was asked for; none is no limit.
    pub fn limit_pages(&self, rows: Option<usize>) {
        lock(&self.state).longest_page = rows;
    }

    /// The `n`-th call from now, 1 for the next one, fails.
    pub fn fail_call(&self, n: usize, error: TillError) {
        let mut state = lock(&self.state);
        let at = state.calls.len() + n;
        state.faults.insert(at, error);
    }

    /// Something happens on the till before the `n`-th call from now, 1 for the next one.
    pub fn before_call(&self, n: usize, hook: impl FnOnce(&Self) + Send + 'static) {
        let mut state = lock(&self.state);
        let at = state.calls.len() + n;
        state.hooks.insert(at, Box::new(hook));
    }

    /// The calls so far, failed ones included.
    #[must_use]
    pub fn calls(&self) -> Vec<CatalogueCall> {
        lock(&self.state).calls.clone()
    }

    fn call(&self, call: CatalogueCall) -> Result<(), TillError> {
        let (hook, fault) = {
            let mut state = lock(&self.state);
            state.calls.push(call);
            let number = state.calls.len();
            (state.hooks.remove(&number), state.faults.remove(&number))
        };
        if let Some(hook) = hook {
            hook(self);
        }
        fault.map_or(Ok(()), Err)
    }
}

impl State {
    fn page<T: Clone>(
        &self,
        rows: &[(T, Timestamp)],
        slice: Slice,
        claimed: Option<usize>,
        id: impl Fn(&T) -> &String,
    ) -> Page<T> {
        let wanted = |changed: Timestamp| slice.changed_since.is_none_or(|since| changed >= since);
        let rows: Vec<&T> = rows.iter().filter(|(_, changed)| wanted(*changed)).map(|(row, _)| row).collect();
        let limit = slice.limit.min(self.longest_page.unwrap_or(usize::MAX));
        let sent: Vec<&T> = rows.iter().skip(slice.start).take(limit).copied().collect();
        let (unreadable, readable): (Vec<&T>, Vec<&T>) =
            sent.iter().copied().partition(|row| self.unreadable.contains(id(row)));
        Page {
            rows: readable.into_iter().cloned().collect(),
            sent: sent.len(),
            total: claimed.filter(|_| slice.changed_since.is_none()).unwrap_or(rows.len()),
            unreadable: unreadable.into_iter().map(|row| id(row).clone()).collect(),
        }
    }
}

impl TillCatalogue for MemoryCatalogue {
    async fn categories(&self, _: &Work, _: &TenantAccess, slice: Slice) -> Result<Page<TillCategory>, TillError> {
        self.call(CatalogueCall::Categories(slice))?;
        let state = lock(&self.state);
        Ok(state.page(&state.categories, slice, state.totals.map(|totals| totals.1), |row| &row.id))
    }

    async fn catalogue_products(
        &self,
        _: &Work,
        _: &TenantAccess,
        slice: Slice,
    ) -> Result<Page<TillProduct>, TillError> {
        self.call(CatalogueCall::Products(slice))?;
        let state = lock(&self.state);
        Ok(state.page(&state.products, slice, state.totals.map(|totals| totals.0), |row| &row.id))
    }

    async fn option_names(&self, _: &Work, _: &TenantAccess) -> Result<OptionNames, TillError> {
        self.call(CatalogueCall::OptionNames)?;
        Ok(lock(&self.state).names.clone())
    }

    async fn sales_modes(
        &self,
        _: &Work,
        _: &TenantAccess,
    ) -> Result<(Option<SalesModeId>, Option<SalesModeId>), TillError> {
        self.call(CatalogueCall::SalesModes)?;
        Ok(lock(&self.state).modes.clone())
    }
}
