//! A platform in memory: it holds orders, obeys the contract's legal moves and remembers what it told whom.

use super::{lock, pause};
use crate::ports::{OrderKey, Platform, PlatformAccess, PlatformError, StatusChange, TillDelivery, Work};
use domain::{
    OrderId, TenantId,
    order::{Order, Status},
};
use jiff::{Timestamp, tz::TimeZone};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

#[derive(Debug, Default)]
struct State {
    orders: BTreeMap<OrderKey, Order>,
    messages: Vec<(OrderId, Status, Option<String>)>,
    staff: Vec<(OrderId, TillDelivery)>,
    requests: BTreeMap<String, String>,
    changed_requests: Vec<String>,
    faults: VecDeque<(bool, PlatformError)>,
    unreadable: Option<PlatformError>,
}

/// A platform in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryPlatform(Arc<Mutex<State>>);

impl MemoryPlatform {
    /// Holds an order, as if a customer had placed it.
    pub fn put(&self, order: Order) {
        let key = OrderKey { tenant: order.tenant.clone(), order: order.id.clone() };
        lock(&self.0).orders.insert(key, order);
    }

    /// Moves an order without us, as its customer or its staff would.
    pub fn set(&self, order: &OrderId, status: Status) {
        let mut state = lock(&self.0);
        if let Some(found) = state.orders.values_mut().find(|found| found.id == *order) {
            found.status = status;
        }
    }

    /// The next writes fail, each with one of these, before anything is done.
    pub fn fail(&self, errors: impl IntoIterator<Item = PlatformError>) {
        lock(&self.0).faults.extend(errors.into_iter().map(|error| (false, error)));
    }

    /// The next write is done and its answer is lost.
    pub fn lose_answer(&self, error: PlatformError) {
        lock(&self.0).faults.push_back((true, error));
    }

    /// From now on no single order can be read.
    pub fn fail_reading(&self, error: PlatformError) {
        lock(&self.0).unreadable = Some(error);
    }

    /// Where an order is.
    #[must_use]
    pub fn status(&self, order: &OrderId) -> Option<Status> {
        lock(&self.0).orders.values().find(|found| found.id == *order).map(|found| found.status)
    }

    /// The messages that the customer of an order got, in order, with their reasons.
    #[must_use]
    pub fn messages(&self, order: &OrderId) -> Vec<(Status, Option<String>)> {
        let state = lock(&self.0);
        let of = state.messages.iter().filter(|(id, ..)| id == order);
        of.map(|(_, status, reason)| (*status, reason.clone())).collect()
    }

    /// What the staff were told of an order, in order.
    #[must_use]
    pub fn staff(&self, order: &OrderId) -> Vec<TillDelivery> {
        lock(&self.0).staff.iter().filter(|(id, _)| id == order).map(|(_, told)| told.clone()).collect()
    }

    /// The idempotency keys that came again with another body: a fault of ours.
    #[must_use]
    pub fn changed_requests(&self) -> Vec<String> {
        lock(&self.0).changed_requests.clone()
    }

    /// Does a write once for its key; answers whether it still has to be done, and what to answer afterwards.
    fn write(&self, key: &str, body: String) -> Result<(bool, Option<PlatformError>), PlatformError> {
        let mut state = lock(&self.0);
        let fault = state.faults.pop_front();
        if let Some((false, error)) = fault {
            return Err(error);
        }
        let after = fault.map(|(_, error)| error);
        match state.requests.get(key) {
            Some(before) if *before == body => Ok((false, after)),
            Some(_) => {
                state.changed_requests.push(key.to_owned());
                Err(PlatformError::Refused { status: 409, code: "idempotency_key_reused".to_owned() })
            }
            None => {
                state.requests.insert(key.to_owned(), body);
                Ok((true, after))
            }
        }
    }
}

impl Platform for MemoryPlatform {
    async fn order(
        &self,
        _: &Work,
        _: &PlatformAccess,
        key: &OrderKey,
        _: &TimeZone,
    ) -> Result<Option<Order>, PlatformError> {
        let state = lock(&self.0);
        state.unreadable.clone().map_or_else(|| Ok(state.orders.get(key).cloned()), Err)
    }

    async fn new_orders(
        &self,
        _: &Work,
        _: &PlatformAccess,
        tenant: &TenantId,
        _: &TimeZone,
    ) -> Result<Vec<Order>, PlatformError> {
        let state = lock(&self.0);
        let new = state.orders.values().filter(|order| order.tenant == *tenant && order.status == Status::New);
        Ok(new.cloned().collect())
    }

    async fn change_status(
        &self,
        _: &Work,
        _: &PlatformAccess,
        key: &OrderKey,
        idempotency_key: &str,
        change: &StatusChange,
    ) -> Result<Status, PlatformError> {
        pause().await;
        let done = (|| -> Result<Status, PlatformError> {
            let (to_do, after) = self.write(idempotency_key, format!("{change:?}"))?;
            let mut state = lock(&self.0);
            let Some(order) = state.orders.get_mut(key) else {
                return Err(PlatformError::NotFound);
            };
            let legal = matches!(
                (order.status, change.status),
                (Status::New, Status::Confirmed | Status::Rejected)
                    | (Status::Confirmed, Status::Evaso | Status::Rejected)
            );
            if to_do && order.status != change.status {
                if !legal {
                    let current = order.status;
                    // A repetition hears the same.
                    state.requests.remove(idempotency_key);
                    return Err(PlatformError::IllegalTransition { current });
                }
                order.status = change.status;
                state.messages.push((key.order.clone(), change.status, change.reason.clone()));
            }
            after.map_or(Ok(change.status), Err)
        })();
        pause().await;
        done
    }

    async fn put_till(
        &self,
        _: &Work,
        _: &PlatformAccess,
        key: &OrderKey,
        idempotency_key: &str,
        delivery: &TillDelivery,
    ) -> Result<(), PlatformError> {
        pause().await;
        let done = (|| -> Result<(), PlatformError> {
            let (to_do, after) = self.write(idempotency_key, format!("{delivery:?}"))?;
            if to_do {
                lock(&self.0).staff.push((key.order.clone(), delivery.clone()));
            }
            after.map_or(Ok(()), Err)
        })();
        pause().await;
        done
    }

    async fn put_active(
        &self,
        _: &Work,
        _: &PlatformAccess,
        _: &TenantId,
        idempotency_key: &str,
        checked_at: Timestamp,
    ) -> Result<(), PlatformError> {
        self.write(idempotency_key, checked_at.to_string()).map(|_| ())
    }
}
