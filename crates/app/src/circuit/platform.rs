//! The platform behind its circuit: one for all tenants, since they call it with one token.

use super::{Caller, Guarded, Kind};
use crate::ports::{
    CircuitStore, Clock, OrderKey, Platform, PlatformAccess, PlatformError, StatusChange, TillDelivery, Upstream, Work,
    menu::{CustomerPage, HealthReport, Held, MenuWrite, PlatformMenu, WriteOutcome},
};
use domain::{
    OrderId, TenantId,
    circuit::Heard,
    order::{Order, Status},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::{future::Future, time::Duration};

/// What a failed call tells of the platform.
fn heard(error: &PlatformError, kind: Kind) -> Heard {
    match error {
        PlatformError::Unavailable { retry_after: Some(wait), .. } => {
            Heard::SlowDown(SignedDuration::try_from(*wait).ok())
        }
        PlatformError::Unavailable { status: Some(429), .. } => Heard::SlowDown(None),
        // It answered, and not by the contract: of this request.
        PlatformError::Unavailable { status: Some(200..=299), .. } => Heard::Nothing,
        PlatformError::Unavailable { status: Some(500), .. } if kind == Kind::Write => Heard::Nothing,
        PlatformError::Unavailable { .. } => Heard::Failure,
        // May be found before anything is sent.
        PlatformError::Refused { status: 400, .. } => Heard::Nothing,
        PlatformError::IllegalTransition { .. } | PlatformError::NotFound | PlatformError::Refused { .. } => {
            Heard::Answer
        }
    }
}

fn refused(wait: Duration) -> PlatformError {
    let detail = "left alone for a while, it did not answer others".to_owned();
    PlatformError::Unavailable { status: None, retry_after: Some(wait), detail }
}

impl<T: Send + Sync, S: CircuitStore, C: Clock> Guarded<T, S, C> {
    async fn platform<R: Send>(
        &self,
        work: &Work,
        tenant: &TenantId,
        kind: Kind,
        call: impl Future<Output = Result<R, PlatformError>> + Send,
    ) -> Result<R, PlatformError> {
        let upstream = Upstream::platform();
        let caller = Caller { work, tenant, upstream: &upstream, lane: self.lane };
        self.circuits.through(caller, kind, call, refused, |error| heard(error, kind)).await
    }
}

impl<T: Platform, S: CircuitStore, C: Clock> Platform for Guarded<T, S, C> {
    async fn order(
        &self,
        work: &Work,
        access: &PlatformAccess,
        key: &OrderKey,
        zone: &TimeZone,
    ) -> Result<Option<Order>, PlatformError> {
        self.platform(work, &key.tenant, Kind::Read, self.inner.order(work, access, key, zone)).await
    }

    async fn new_orders(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        zone: &TimeZone,
    ) -> Result<Vec<Order>, PlatformError> {
        self.platform(work, tenant, Kind::Read, self.inner.new_orders(work, access, tenant, zone)).await
    }

    async fn cancelled(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        zone: &TimeZone,
        since: Timestamp,
        orders: &[OrderId],
    ) -> Result<Vec<OrderId>, PlatformError> {
        let listed = self.inner.cancelled(work, access, tenant, zone, since, orders);
        self.platform(work, tenant, Kind::Read, listed).await
    }

    async fn change_status(
        &self,
        work: &Work,
        access: &PlatformAccess,
        key: &OrderKey,
        idempotency_key: &str,
        change: &StatusChange,
    ) -> Result<Status, PlatformError> {
        let call = self.inner.change_status(work, access, key, idempotency_key, change);
        self.platform(work, &key.tenant, Kind::Write, call).await
    }

    async fn put_till(
        &self,
        work: &Work,
        access: &PlatformAccess,
        key: &OrderKey,
        idempotency_key: &str,
        delivery: &TillDelivery,
    ) -> Result<(), PlatformError> {
        let call = self.inner.put_till(work, access, key, idempotency_key, delivery);
        self.platform(work, &key.tenant, Kind::Write, call).await
    }

    async fn put_active(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        idempotency_key: &str,
        checked_at: Timestamp,
    ) -> Result<(), PlatformError> {
        let call = self.inner.put_active(work, access, tenant, idempotency_key, checked_at);
        self.platform(work, tenant, Kind::Write, call).await
    }
}

impl<T: PlatformMenu, S: CircuitStore, C: Clock> PlatformMenu for Guarded<T, S, C> {
    async fn write_menu(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        idempotency_key: &str,
        change: &MenuWrite,
    ) -> Result<Vec<WriteOutcome>, PlatformError> {
        let call = self.inner.write_menu(work, access, tenant, idempotency_key, change);
        self.platform(work, tenant, Kind::Write, call).await
    }

    async fn held_menu(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
    ) -> Result<Vec<Held>, PlatformError> {
        self.platform(work, tenant, Kind::Read, self.inner.held_menu(work, access, tenant)).await
    }

    async fn changed_customers(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        after: Option<Timestamp>,
        cursor: Option<&str>,
        zone: &TimeZone,
    ) -> Result<CustomerPage, PlatformError> {
        let call = self.inner.changed_customers(work, access, tenant, after, cursor, zone);
        self.platform(work, tenant, Kind::Read, call).await
    }

    async fn put_health(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        idempotency_key: &str,
        health: &HealthReport<'_>,
    ) -> Result<(), PlatformError> {
        let call = self.inner.put_health(work, access, tenant, idempotency_key, health);
        self.platform(work, tenant, Kind::Write, call).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_answers_and_a_fault_that_the_request_may_have_caused_tells_nothing() {
        let unavailable = |status, seconds: Option<u64>| PlatformError::Unavailable {
            status,
            retry_after: seconds.map(Duration::from_secs),
            detail: String::new(),
        };
        let refused = |status| PlatformError::Refused { status, code: String::new() };
        let asked = Heard::SlowDown(Some(SignedDuration::from_secs(7)));
        for (error, read, write) in [
            (unavailable(None, None), Heard::Failure, Heard::Failure),
            (unavailable(Some(502), None), Heard::Failure, Heard::Failure),
            (unavailable(Some(500), None), Heard::Failure, Heard::Nothing),
            (unavailable(Some(200), None), Heard::Nothing, Heard::Nothing),
            (unavailable(Some(503), Some(7)), asked, asked),
            (unavailable(Some(429), None), Heard::SlowDown(None), Heard::SlowDown(None)),
            (refused(400), Heard::Nothing, Heard::Nothing),
            (refused(401), Heard::Answer, Heard::Answer),
            (PlatformError::NotFound, Heard::Answer, Heard::Answer),
            (PlatformError::IllegalTransition { current: Status::Evaso }, Heard::Answer, Heard::Answer),
        ] {
            assert_eq!((heard(&error, Kind::Read), heard(&error, Kind::Write)), (read, write), "{error}");
        }
    }
}
