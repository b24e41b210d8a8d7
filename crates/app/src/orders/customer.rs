//! The till customer of an order. It never holds the order back: refused, the order goes without, and staff are told.

use super::{World, session::Session};
use crate::{
    customers::{Resolved, resolve},
    ports::TillError,
};
use domain::{TillCustomerId, messages, order::Customer};

/// After how many attempts on an order a till that cannot answer for its customers is not waited for any longer.
const PATIENCE: u8 = 2;

type Found = (Option<TillCustomerId>, Option<&'static str>);

impl<W: World> Session<'_, W> {
    /// The till's customer, created or completed as needed, and what staff should know.
    pub(super) async fn customer(&self, customer: &Customer) -> Result<Found, TillError> {
        let (work, access) = (self.subject.work, self.subject.access);
        match resolve(self.orders.world.till(), work, access, customer).await {
            Err(error) if error.is_retryable() && self.state.attempts < PATIENCE => Err(error),
            Err(error @ TillError::KeyRefused { .. }) => Err(error),
            Err(error) => {
                tracing::warn!(order.id = %self.subject.key.order, %error, "the order goes without its customer");
                Ok((None, Some(messages::WITHOUT_CUSTOMER)))
            }
            Ok(Resolved { id, ambiguous }) => Ok((Some(id), ambiguous.then_some(messages::AMBIGUOUS_CUSTOMER))),
        }
    }
}
