//! Customers: found by e-mail or name, created, written back whole (API sheet 4.8).

use crate::{
    call::Call,
    client::Client,
    error::misshapen,
    paging::List,
    query::Query,
    types::{self, BadShape, tolerant},
};
use app::ports::{TenantAccess, TillError, Work};
use domain::{TillCustomerId, till::TillCustomer};
use reqwest::Method;
use serde_json::{Map, Value};

/// More matches than fill these pages say that the till did not filter: asking on would spend the calls of the orders.
const PAGES_MAX: usize = 3;

impl Client {
    pub(crate) async fn find_customers(
        &self,
        work: &Work,
        access: &TenantAccess,
        query: Query,
    ) -> Result<Vec<TillCustomer>, TillError> {
        let list = List { path: &["customers"], key: "customers", query };
        let found = self.list_up_to(PAGES_MAX, work, access, &list).await?;
        if !found.is_whole {
            return Err(TillError::Refused { status: 200, detail: "too many customers match".to_owned() });
        }
        Ok(types::rows("customers", &found.rows, customer))
    }

    pub(crate) async fn post_customer(
        &self,
        work: &Work,
        access: &TenantAccess,
        record: &Map<String, Value>,
    ) -> Result<TillCustomerId, TillError> {
        let call = Call::write(Method::POST, &["customers"], text(record));
        let (status, answer) = self.object(work, access, &call).await?;
        // Bare, as products answer, or in the envelope of a read.
        let id = answer.get("id").or_else(|| answer.get("customer")?.get("id"));
        id.and_then(customer_id).ok_or_else(|| misshapen(status, "no id"))
    }

    /// Any success will do: the body may be the record, a part of it, or nothing.
    pub(crate) async fn put_customer(
        &self,
        work: &Work,
        access: &TenantAccess,
        customer: &TillCustomer,
    ) -> Result<(), TillError> {
        let path = ["customers", customer.id.as_str()];
        let call = Call::write(Method::PUT, &path, text(&customer.record));
        match self.call(work, access, &call).await {
            Ok(_) => Ok(()),
            Err(TillError::Refused { status: 404, detail }) => Err(TillError::InvalidId { detail }),
            Err(error) => Err(error),
        }
    }
}

fn text(record: &Map<String, Value>) -> String {
    Value::Object(record.clone()).to_string()
}

fn customer_id(value: &Value) -> Option<TillCustomerId> {
    TillCustomerId::parse(&tolerant::to_text(value)?).ok()
}

fn customer(value: &Value) -> Result<TillCustomer, BadShape> {
    let record = value.as_object().ok_or(BadShape::NotAnObject)?.clone();
    let id = record.get("id").and_then(customer_id).ok_or(BadShape::NoId)?;
    Ok(TillCustomer { id, record })
}
