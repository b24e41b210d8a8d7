//! One till for menus and for customers: a catalogue and a till for orders, put together.

use super::MemoryCatalogue;
use crate::{
    memory::{ManualClock, MemoryTill, lock},
    ports::doctor::{TillWebhook, TillWebhooks},
    ports::menu::{Page, Slice, TillCatalogue},
    ports::{TenantAccess, Till, TillError, Work},
};
use domain::{
    OrderId, ProductId, SalesModeId, TillCustomerId, TillOrderId,
    menu::till::{OptionNames, TillCategory, TillProduct},
    till::{DocumentLink, Draft, Product, SalesMode, TillCustomer, TillOrder},
};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::sync::{Arc, Mutex};

/// A till in memory with both of its sides.
#[derive(Debug, Clone)]
pub struct MemoryMenuTill {
    /// What it sells.
    pub catalogue: MemoryCatalogue,
    /// Its orders and customers.
    pub till: MemoryTill,
    webhooks: Arc<Mutex<Option<Vec<TillWebhook>>>>,
}

impl MemoryMenuTill {
    /// An empty till.
    #[must_use]
    pub fn new(clock: ManualClock) -> Self {
        Self { catalogue: MemoryCatalogue::new(clock.clone()), till: MemoryTill::new(clock), webhooks: Arc::default() }
    }

    /// Its portal lists these webhooks; a new till lists none at all.
    pub fn list_webhooks(&self, webhooks: Vec<TillWebhook>) {
        *lock(&self.webhooks) = Some(webhooks);
    }
}

impl TillWebhooks for MemoryMenuTill {
    async fn webhooks(&self, _: &Work, _: &TenantAccess) -> Result<Option<Vec<TillWebhook>>, TillError> {
        Ok(lock(&self.webhooks).clone())
    }
}

impl TillCatalogue for MemoryMenuTill {
    async fn categories(&self, w: &Work, a: &TenantAccess, slice: Slice) -> Result<Page<TillCategory>, TillError> {
        self.catalogue.categories(w, a, slice).await
    }

    async fn catalogue_products(
        &self,
        w: &Work,
        a: &TenantAccess,
        slice: Slice,
    ) -> Result<Page<TillProduct>, TillError> {
        self.catalogue.catalogue_products(w, a, slice).await
    }

    async fn option_names(&self, w: &Work, a: &TenantAccess) -> Result<OptionNames, TillError> {
        self.catalogue.option_names(w, a).await
    }

    async fn sales_modes(
        &self,
        w: &Work,
        a: &TenantAccess,
    ) -> Result<(Option<SalesModeId>, Option<SalesModeId>), TillError> {
        self.catalogue.sales_modes(w, a).await
    }
}

impl Till for MemoryMenuTill {
    async fn products(&self, w: &Work, a: &TenantAccess, ids: &[ProductId]) -> Result<Vec<Product>, TillError> {
        self.till.products(w, a, ids).await
    }

    async fn sales_mode(&self, w: &Work, a: &TenantAccess, name: &str) -> Result<Option<SalesMode>, TillError> {
        self.till.sales_mode(w, a, name).await
    }

    async fn customers_by_email(
        &self,
        w: &Work,
        a: &TenantAccess,
        email: &str,
    ) -> Result<Vec<TillCustomer>, TillError> {
        self.till.customers_by_email(w, a, email).await
    }

    async fn customers_by_name(&self, w: &Work, a: &TenantAccess, name: &str) -> Result<Vec<TillCustomer>, TillError> {
        self.till.customers_by_name(w, a, name).await
    }

    async fn create_customer(
        &self,
        w: &Work,
        a: &TenantAccess,
        record: &Map<String, Value>,
    ) -> Result<TillCustomerId, TillError> {
        self.till.create_customer(w, a, record).await
    }

    async fn update_customer(&self, w: &Work, a: &TenantAccess, customer: &TillCustomer) -> Result<(), TillError> {
        self.till.update_customer(w, a, customer).await
    }

    fn order_body(&self, draft: &Draft) -> Result<String, TillError> {
        self.till.order_body(draft)
    }

    async fn create_order(
        &self,
        w: &Work,
        a: &TenantAccess,
        order: &OrderId,
        body: &str,
    ) -> Result<TillOrderId, TillError> {
        self.till.create_order(w, a, order, body).await
    }

    async fn order(&self, w: &Work, a: &TenantAccess, id: &TillOrderId) -> Result<Option<TillOrder>, TillError> {
        self.till.order(w, a, id).await
    }

    async fn orders(
        &self,
        w: &Work,
        a: &TenantAccess,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<TillOrder>, TillError> {
        self.till.orders(w, a, from, to).await
    }

    async fn documented_orders(
        &self,
        w: &Work,
        a: &TenantAccess,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<DocumentLink>, TillError> {
        self.till.documented_orders(w, a, from, to).await
    }
}
