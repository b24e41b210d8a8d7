//! The port, in the client's words.

use crate::{client::Client, draft, query::Query};
use app::ports::{TenantAccess, Till, TillError, Work};
use domain::{
    OrderId, ProductId, TillCustomerId, TillOrderId,
    till::{DocumentLink, Draft, Product, SalesMode, TillCustomer, TillOrder},
};
use jiff::Timestamp;
use serde_json::{Map, Value};

impl Till for Client {
    async fn products(&self, work: &Work, access: &TenantAccess, ids: &[ProductId]) -> Result<Vec<Product>, TillError> {
        self.read_products(work, access, ids).await
    }

    async fn sales_mode(&self, work: &Work, access: &TenantAccess, name: &str) -> Result<Option<SalesMode>, TillError> {
        self.find_sales_mode(work, access, name).await
    }

    async fn customers_by_email(
        &self,
        work: &Work,
        access: &TenantAccess,
        email: &str,
    ) -> Result<Vec<TillCustomer>, TillError> {
        self.find_customers(work, access, Query::new().text("email", email)).await
    }

    async fn customers_by_name(
        &self,
        work: &Work,
        access: &TenantAccess,
        name: &str,
    ) -> Result<Vec<TillCustomer>, TillError> {
        self.find_customers(work, access, Query::new().text("name", name)).await
    }

    async fn create_customer(
        &self,
        work: &Work,
        access: &TenantAccess,
        record: &Map<String, Value>,
    ) -> Result<TillCustomerId, TillError> {
        self.post_customer(work, access, record).await
    }

    async fn update_customer(
        &self,
        work: &Work,
        access: &TenantAccess,
        customer: &TillCustomer,
    ) -> Result<(), TillError> {
        self.put_customer(work, access, customer).await
    }

    fn order_body(&self, draft: &Draft) -> Result<String, TillError> {
        draft::order_body(draft)
    }

    async fn create_order(
        &self,
        work: &Work,
        access: &TenantAccess,
        order: &OrderId,
        body: &str,
    ) -> Result<TillOrderId, TillError> {
        self.post_order(work, access, order, body).await
    }

    async fn order(
        &self,
        work: &Work,
        access: &TenantAccess,
        id: &TillOrderId,
    ) -> Result<Option<TillOrder>, TillError> {
        self.read_order(work, access, id).await
    }

    async fn orders(
        &self,
        work: &Work,
        access: &TenantAccess,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<TillOrder>, TillError> {
        self.read_orders(work, access, from, to).await
    }

    async fn documented_orders(
        &self,
        work: &Work,
        access: &TenantAccess,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<DocumentLink>, TillError> {
        self.read_documented_orders(work, access, from, to).await
    }
}
