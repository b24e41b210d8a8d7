//! The till customer of an order. It never holds the order back: refused, the order goes without, and staff are told.

use super::{World, session::Session};
use crate::ports::{Till, TillError};
use domain::{
    TillCustomerId,
    customer::{Plan, full_name, plan},
    messages,
    order::Customer,
};

/// After how many attempts on an order a till that cannot answer for its customers is not waited for any longer.
const PATIENCE: u8 = 2;

type Resolved = (Option<TillCustomerId>, Option<&'static str>);

impl<W: World> Session<'_, W> {
    /// The till's customer, created or completed as needed, and what staff should know.
    pub(super) async fn customer(&self, customer: &Customer) -> Result<Resolved, TillError> {
        match self.resolve(customer).await {
            Err(error) if error.is_retryable() && self.state.attempts < PATIENCE => Err(error),
            Err(error @ TillError::KeyRefused { .. }) => Err(error),
            Err(error) => {
                tracing::warn!(order.id = %self.subject.key.order, %error, "the order goes without its customer");
                Ok((None, Some(messages::WITHOUT_CUSTOMER)))
            }
            resolved => resolved,
        }
    }

    async fn resolve(&self, customer: &Customer) -> Result<Resolved, TillError> {
        let (work, access) = (self.subject.work, self.subject.access);
        let till = self.orders.world.till();
        let sales_point = access.tenant.sales_point;
        let mut found = match &customer.email {
            Some(email) => till.customers_by_email(work, access, email.trim()).await?,
            None => Vec::new(),
        };
        let mut decided = plan(&found, customer, sales_point);
        if matches!(decided, Plan::Create(_)) {
            found.extend(till.customers_by_name(work, access, &full_name(customer)).await?);
            decided = plan(&found, customer, sales_point);
        }
        match decided {
            Plan::Use(id) => Ok((Some(id), None)),
            Plan::Ambiguous(id) => Ok((Some(id), Some(messages::AMBIGUOUS_CUSTOMER))),
            Plan::Update(merged) => {
                till.update_customer(work, access, &merged).await?;
                Ok((Some(merged.id), None))
            }
            Plan::Create(record) => Ok((Some(till.create_customer(work, access, &record).await?), None)),
        }
    }
}
