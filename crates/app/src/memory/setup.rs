//! How both parties are set up, in memory: answers that a test writes.

use super::lock;
use crate::{
    ports::doctor::{PlatformSetup, RestaurantSeen, TillSalesPoint, TillSetup, TillWebhook, TillWebhooks},
    ports::{PlatformAccess, PlatformError, TenantAccess, TillError, Work},
};
use domain::{TenantId, till::SalesMode};
use jiff::Timestamp;
use std::sync::{Arc, Mutex};

/// What the parties answer.
#[derive(Debug)]
pub struct SetupAnswers {
    /// The till's sales points.
    pub sales_points: Result<Vec<TillSalesPoint>, TillError>,
    /// The till's sales modes.
    pub modes: Result<Vec<SalesMode>, TillError>,
    /// The till's webhooks.
    pub webhooks: Result<Option<Vec<TillWebhook>>, TillError>,
    /// The till's clock.
    pub till_time: Result<Option<Timestamp>, TillError>,
    /// The restaurant on the platform.
    pub restaurant: Result<RestaurantSeen, PlatformError>,
    /// The platform's clock.
    pub platform_time: Result<Option<Timestamp>, PlatformError>,
    /// The till never answers.
    pub till_is_silent: bool,
    /// The platform never answers.
    pub platform_is_silent: bool,
}

/// Both parties' set-up in memory.
#[derive(Debug, Clone)]
pub struct MemorySetup(Arc<Mutex<SetupAnswers>>);

impl MemorySetup {
    /// Parties that answer so.
    #[must_use]
    pub fn new(answers: SetupAnswers) -> Self {
        Self(Arc::new(Mutex::new(answers)))
    }

    /// Changes what they answer.
    pub fn change(&self, change: impl FnOnce(&mut SetupAnswers)) {
        change(&mut lock(&self.0));
    }

    fn now<T>(&self, read: impl Fn(&SetupAnswers) -> T) -> T {
        read(&lock(&self.0))
    }

    async fn till<T>(&self, answer: impl Fn(&SetupAnswers) -> T) -> T {
        let (is_silent, answer) = self.now(|answers| (answers.till_is_silent, answer(answers)));
        if is_silent { std::future::pending().await } else { answer }
    }

    async fn platform<T>(&self, answer: impl Fn(&SetupAnswers) -> T) -> T {
        let (is_silent, answer) = self.now(|answers| (answers.platform_is_silent, answer(answers)));
        if is_silent { std::future::pending().await } else { answer }
    }
}

impl TillSetup for MemorySetup {
    async fn sales_points(&self, _: &Work, _: &TenantAccess) -> Result<Vec<TillSalesPoint>, TillError> {
        self.till(|answers| answers.sales_points.clone()).await
    }

    async fn every_sales_mode(&self, _: &Work, _: &TenantAccess) -> Result<Vec<SalesMode>, TillError> {
        self.till(|answers| answers.modes.clone()).await
    }

    async fn till_time(&self, _: &Work, _: &TenantAccess) -> Result<Option<Timestamp>, TillError> {
        self.till(|answers| answers.till_time.clone()).await
    }
}

impl TillWebhooks for MemorySetup {
    async fn webhooks(&self, _: &Work, _: &TenantAccess) -> Result<Option<Vec<TillWebhook>>, TillError> {
        self.till(|answers| answers.webhooks.clone()).await
    }
}

impl PlatformSetup for MemorySetup {
    async fn restaurant(&self, _: &Work, _: &PlatformAccess, _: &TenantId) -> Result<RestaurantSeen, PlatformError> {
        self.platform(|answers| answers.restaurant.clone()).await
    }

    async fn platform_time(
        &self,
        _: &Work,
        _: &PlatformAccess,
        _: &TenantId,
    ) -> Result<Option<Timestamp>, PlatformError> {
        self.platform(|answers| answers.platform_time.clone()).await
    }
}
