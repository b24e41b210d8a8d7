//! The till behind its circuit: one for each API key.

use super::{Caller, Guarded, Kind};
use crate::ports::{
    CircuitStore, Clock, TenantAccess, Till, TillError, Upstream, Work,
    doctor::{TillWebhook, TillWebhooks},
    menu::{Page, Slice, TillCatalogue},
};
use domain::{
    OrderId, ProductId, SalesModeId, TillCustomerId, TillOrderId,
    circuit::Heard,
    menu::till::{OptionNames, TillCategory, TillProduct},
    till::{DocumentLink, Draft, Product, SalesMode, TillCustomer, TillOrder},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use std::future::Future;

/// What a failed call tells of the till.
fn heard(error: &TillError, kind: Kind) -> Heard {
    match error {
        TillError::RateLimited { retry_after } => {
            Heard::SlowDown(retry_after.and_then(|wait| SignedDuration::try_from(wait).ok()))
        }
        TillError::Unreachable { .. } => Heard::Failure,
        // It answered, and not as documented: of this request.
        TillError::Unclear { status: Some(200..=299), .. } => Heard::Nothing,
        TillError::Unclear { status: Some(500), .. } if kind == Kind::Write => Heard::Nothing,
        TillError::Unclear { .. } => Heard::Failure,
        // Both may be found before anything is sent.
        TillError::InvalidId { .. } | TillError::TooLarge => Heard::Nothing,
        TillError::KeyRefused { .. } | TillError::Conflict { .. } | TillError::Refused { .. } => Heard::Answer,
    }
}

impl<T: Send + Sync, S: CircuitStore, C: Clock> Guarded<T, S, C> {
    async fn till<R: Send>(
        &self,
        work: &Work,
        access: &TenantAccess,
        kind: Kind,
        call: impl Future<Output = Result<R, TillError>> + Send,
    ) -> Result<R, TillError> {
        let upstream = Upstream::till(&access.api_key);
        let caller = Caller { work, tenant: &access.tenant.id, upstream: &upstream, lane: self.lane };
        let refused = |wait| TillError::RateLimited { retry_after: Some(wait) };
        self.circuits.through(caller, kind, call, refused, |error| heard(error, kind)).await
    }
}

impl<T: Till, S: CircuitStore, C: Clock> Till for Guarded<T, S, C> {
    async fn products(&self, work: &Work, access: &TenantAccess, ids: &[ProductId]) -> Result<Vec<Product>, TillError> {
        self.till(work, access, Kind::Read, self.inner.products(work, access, ids)).await
    }

    async fn sales_mode(&self, work: &Work, access: &TenantAccess, name: &str) -> Result<Option<SalesMode>, TillError> {
        self.till(work, access, Kind::Cached, self.inner.sales_mode(work, access, name)).await
    }

    async fn customers_by_email(
        &self,
        work: &Work,
        access: &TenantAccess,
        email: &str,
    ) -> Result<Vec<TillCustomer>, TillError> {
        self.till(work, access, Kind::Read, self.inner.customers_by_email(work, access, email)).await
    }

    async fn customers_by_name(
        &self,
        work: &Work,
        access: &TenantAccess,
        name: &str,
    ) -> Result<Vec<TillCustomer>, TillError> {
        self.till(work, access, Kind::Read, self.inner.customers_by_name(work, access, name)).await
    }

    async fn create_customer(
        &self,
        work: &Work,
        access: &TenantAccess,
        record: &Map<String, Value>,
    ) -> Result<TillCustomerId, TillError> {
        self.till(work, access, Kind::Write, self.inner.create_customer(work, access, record)).await
    }

    async fn update_customer(
        &self,
        work: &Work,
        access: &TenantAccess,
        customer: &TillCustomer,
    ) -> Result<(), TillError> {
        self.till(work, access, Kind::Write, self.inner.update_customer(work, access, customer)).await
    }

    fn order_body(&self, draft: &Draft) -> Result<String, TillError> {
        self.inner.order_body(draft)
    }

    async fn create_order(
        &self,
        work: &Work,
        access: &TenantAccess,
        order: &OrderId,
        body: &str,
    ) -> Result<TillOrderId, TillError> {
        self.till(work, access, Kind::Write, self.inner.create_order(work, access, order, body)).await
    }

    async fn order(
        &self,
        work: &Work,
        access: &TenantAccess,
        id: &TillOrderId,
    ) -> Result<Option<TillOrder>, TillError> {
        self.till(work, access, Kind::Read, self.inner.order(work, access, id)).await
    }

    async fn orders(
        &self,
        work: &Work,
        access: &TenantAccess,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<TillOrder>, TillError> {
        self.till(work, access, Kind::Read, self.inner.orders(work, access, from, to)).await
    }

    async fn documented_orders(
        &self,
        work: &Work,
        access: &TenantAccess,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<DocumentLink>, TillError> {
        self.till(work, access, Kind::Read, self.inner.documented_orders(work, access, from, to)).await
    }
}

impl<T: TillCatalogue, S: CircuitStore, C: Clock> TillCatalogue for Guarded<T, S, C> {
    async fn categories(
        &self,
        work: &Work,
        access: &TenantAccess,
        slice: Slice,
    ) -> Result<Page<TillCategory>, TillError> {
        self.till(work, access, Kind::Read, self.inner.categories(work, access, slice)).await
    }

    async fn catalogue_products(
        &self,
        work: &Work,
        access: &TenantAccess,
        slice: Slice,
    ) -> Result<Page<TillProduct>, TillError> {
        self.till(work, access, Kind::Read, self.inner.catalogue_products(work, access, slice)).await
    }

    async fn option_names(&self, work: &Work, access: &TenantAccess) -> Result<OptionNames, TillError> {
        self.till(work, access, Kind::Read, self.inner.option_names(work, access)).await
    }

    async fn sales_modes(
        &self,
        work: &Work,
        access: &TenantAccess,
    ) -> Result<(Option<SalesModeId>, Option<SalesModeId>), TillError> {
        self.till(work, access, Kind::Read, self.inner.sales_modes(work, access)).await
    }
}

impl<T: TillWebhooks, S: CircuitStore, C: Clock> TillWebhooks for Guarded<T, S, C> {
    async fn webhooks(&self, work: &Work, access: &TenantAccess) -> Result<Option<Vec<TillWebhook>>, TillError> {
        self.till(work, access, Kind::Read, self.inner.webhooks(work, access)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn refusals_are_answers_and_a_fault_that_the_request_may_have_caused_tells_nothing() {
        let unclear = |status| TillError::Unclear { status, detail: String::new() };
        let detail = String::new;
        let asked = SignedDuration::from_secs(7);
        for (error, read, write) in [
            (unclear(None), Heard::Failure, Heard::Failure),
            (unclear(Some(503)), Heard::Failure, Heard::Failure),
            (unclear(Some(500)), Heard::Failure, Heard::Nothing),
            (unclear(Some(200)), Heard::Nothing, Heard::Nothing),
            (TillError::Unreachable { detail: detail() }, Heard::Failure, Heard::Failure),
            (TillError::KeyRefused { status: 401 }, Heard::Answer, Heard::Answer),
            (TillError::Refused { status: 400, detail: detail() }, Heard::Answer, Heard::Answer),
            (TillError::Conflict { detail: detail() }, Heard::Answer, Heard::Answer),
            (TillError::RateLimited { retry_after: None }, Heard::SlowDown(None), Heard::SlowDown(None)),
            (
                TillError::RateLimited { retry_after: Some(Duration::from_secs(7)) },
                Heard::SlowDown(Some(asked)),
                Heard::SlowDown(Some(asked)),
            ),
        ] {
            assert_eq!((heard(&error, Kind::Read), heard(&error, Kind::Write)), (read, write), "{error}");
        }
    }
}
