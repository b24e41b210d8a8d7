//! The doctor: looks at a restaurant's till and platform, and at what Ponte knows itself, and checks what it saw.
//!
//! Nothing is written. Each observation has its own time and fails alone; the till is asked one thing at a time, from
//! the calls that menus have, while the platform is asked beside it.

use crate::{
    menu::{MenuFailure, MenuWorld, Menus},
    ports::{
        Clock, Freshness, OrderKey, OrderStore, PlatformAccess, PlatformError, StoreError, TenantAccess, Tenants,
        TillError, Work,
        doctor::{PlatformSetup, TillSetup, TillWebhooks},
        menu::{Held, MenuStore, PlatformMenu},
    },
};
use domain::{
    TenantId,
    doctor::{self, Checked, Clocks, HeldEntry, Known, Observations, Seen, Unseen},
    menu::entry_key,
};
use jiff::{SignedDuration, Timestamp};
use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

/// As long as a doctor may take, the tenant's record apart.
const LONGEST: Duration = Duration::from_secs(18);

/// As long as one of the short questions may take.
const SHORT: Duration = Duration::from_secs(3);

/// As many open orders are looked into for one that is on the till.
const ORDERS: usize = 10;

/// The use case over the menu's ports and its own.
#[derive(Debug)]
pub struct Doctor<W, T, P, O> {
    /// The menu's reader, its budget, and who is joined to whom.
    pub menus: Menus<W>,
    /// How the till is set up.
    pub till: T,
    /// How the platform is set up.
    pub platform: P,
    /// Where orders are kept.
    pub orders: O,
}

/// What was seen and what follows.
#[derive(Debug)]
pub struct Examined {
    /// Whom it is about.
    pub access: Arc<TenantAccess>,
    /// What was seen.
    pub seen: Observations,
    /// The fourteen checks.
    pub checks: Vec<Checked>,
}

/// The till's side of the observations.
type OfTill = (
    Seen<Vec<doctor::TillSalesPoint>>,
    Seen<SignedDuration>,
    Seen<Vec<doctor::TillWebhook>>,
    Seen<Vec<domain::till::SalesMode>>,
    Seen<doctor::MenuSeen>,
);

/// The platform's side of them.
type OfPlatform = (Seen<doctor::RestaurantSeen>, Seen<SignedDuration>, Seen<Vec<HeldEntry>>);

impl<W: MenuWorld, T: TillSetup + TillWebhooks, P: PlatformSetup, O: OrderStore> Doctor<W, T, P, O> {
    /// Looks and checks.
    ///
    /// # Errors
    /// If there is no such tenant, or its record cannot be read in time. Whatever else fails is an unseen observation.
    pub async fn examine(&self, work: &Work, tenant: &TenantId) -> Result<Examined, MenuFailure> {
        let read = self.menus.world().tenants().tenant(tenant, Freshness::Reload);
        let read = tokio::time::timeout(work.left(), read).await.map_err(|_| MenuFailure::OutOfTime)?;
        let access = read?.ok_or(MenuFailure::NoTenant)?;
        let work = within(work, LONGEST);
        let short = within(&work, SHORT);
        let (till, platform, known) = tokio::join!(
            self.of_till(&work, &access),
            self.of_platform(&work, tenant),
            in_time(&short, self.known(tenant)),
        );
        let (sales_points, till_clock, webhooks, modes, menu) = till;
        let (restaurant, platform_clock, held) = platform;
        let seen = Observations {
            sales_points,
            modes,
            menu,
            held,
            webhooks,
            webhook_secrets: access.webhook_secrets.len(),
            restaurant,
            clocks: Clocks { till: till_clock, platform: platform_clock },
            known,
        };
        let checks = doctor::examine(&access.tenant, &seen);
        Ok(Examined { access, seen, checks })
    }

    /// One question after the other: more at once is more than the till is known to bear.
    async fn of_till(&self, work: &Work, access: &TenantAccess) -> OfTill {
        let till = &self.till;
        let w = within(work, SHORT);
        let sales_points = self.ask(&w, access, 2, till.sales_points(&w, access)).await;
        let w = within(work, SHORT);
        let clock = self.skew(self.ask(&w, access, 1, till.till_time(&w, access))).await;
        let w = within(work, SHORT);
        let webhooks = self.ask(&w, access, 1, till.webhooks(&w, access)).await;
        let w = within(work, SHORT);
        let modes = self.ask(&w, access, 1, till.every_sales_mode(&w, access)).await;
        let menu = in_time(work, async { self.menus.look(work, access).await.map_err(|error| unseen(&error)) }).await;
        (sales_points, clock, webhooks.and_then(|hooks| hooks.ok_or(Unseen::NotOffered)), modes, menu)
    }

    async fn of_platform(&self, work: &Work, tenant: &TenantId) -> OfPlatform {
        let short = within(work, SHORT);
        let read = async { self.menus.world().tenants().platform(Freshness::Cached).await.map_err(of_store) };
        let access: Arc<PlatformAccess> = match in_time(&short, read).await {
            Ok(access) => access,
            Err(why) => return (Err(why.clone()), Err(why.clone()), Err(why)),
        };
        let w = within(work, SHORT);
        let asked = async { self.platform.restaurant(&w, &access, tenant).await.map_err(of_platform_error) };
        let restaurant = in_time(&w, asked).await;
        let w = within(work, SHORT);
        let asked = async { self.platform.platform_time(&w, &access, tenant).await.map_err(of_platform_error) };
        let clock = self.skew(in_time(&w, asked)).await;
        let asked = self.menus.world().platform().held_menu(work, &access, tenant);
        let held = in_time(work, async { asked.await.map_err(of_platform_error) }).await;
        (restaurant, clock, held.map(|held| held.into_iter().map(entry).collect()))
    }

    /// Asks the till, after the budget has granted it.
    async fn ask<A>(
        &self,
        work: &Work,
        access: &TenantAccess,
        calls: u32,
        question: impl Future<Output = Result<A, TillError>>,
    ) -> Seen<A> {
        in_time(work, async {
            self.menus.spend(work, access, calls).await.map_err(|error| unseen(&error))?;
            question.await.map_err(|error| of_till_error(&error))
        })
        .await
    }

    /// How much a clock is ahead of ours, which is read on both sides of the question.
    async fn skew(&self, question: impl Future<Output = Seen<Option<Timestamp>>>) -> Seen<SignedDuration> {
        let clock = self.menus.world().clock();
        let before = clock.now();
        let told = question.await?.ok_or(Unseen::NotOffered)?;
        let ours = before + clock.now().duration_since(before) / 2;
        Ok(told.duration_since(ours))
    }

    async fn known(&self, tenant: &TenantId) -> Seen<Known> {
        let state = self.menus.world().store().look(tenant).await.map_err(of_store)?.unwrap_or_default();
        let has_order = self.has_order(tenant).await.map_err(of_store)?;
        Ok(Known {
            has_written: has_order || !state.customers_brought.is_empty(),
            has_order,
            is_synced: state.whole_pass_ms.is_some(),
            has_pushed: state.pushes.pushed_ms.is_some(),
            unpushed: state.pushes.unpushed,
        })
    }

    async fn has_order(&self, tenant: &TenantId) -> Result<bool, StoreError> {
        for order in self.orders.open_orders(tenant).await?.into_iter().take(ORDERS) {
            let key = OrderKey { tenant: tenant.clone(), order };
            let stored = self.orders.load(&key).await?;
            if stored.is_some_and(|stored| stored.state.till_order().is_some()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The same work with less time.
fn within(work: &Work, longest: Duration) -> Work {
    Work { deadline: Instant::now() + work.budget(longest), correlation: work.correlation.clone() }
}

async fn in_time<A>(work: &Work, question: impl Future<Output = Seen<A>>) -> Seen<A> {
    tokio::time::timeout(work.left(), question).await.unwrap_or(Err(Unseen::Late))
}

fn entry(Held { kind, external_id, deactivated, name, .. }: Held) -> HeldEntry {
    HeldEntry { key: entry_key(kind, &external_id), name, is_deactivated: deactivated }
}

fn unseen(failure: &MenuFailure) -> Unseen {
    match failure {
        MenuFailure::Till(error) => of_till_error(error),
        MenuFailure::NoCalls => Unseen::NoCalls,
        MenuFailure::OutOfTime => Unseen::Late,
        other => Unseen::NoAnswer(other.to_string()),
    }
}

fn of_till_error(error: &TillError) -> Unseen {
    match error {
        TillError::KeyRefused { status } => Unseen::Refused(*status),
        TillError::RateLimited { .. } => Unseen::NoCalls,
        TillError::Unclear { detail, .. } | TillError::Unreachable { detail } | TillError::Refused { detail, .. } => {
            Unseen::NoAnswer(detail.clone())
        }
        other => Unseen::NoAnswer(other.to_string()),
    }
}

fn of_platform_error(error: PlatformError) -> Unseen {
    match error {
        PlatformError::Refused { status: status @ (401 | 403), .. } => Unseen::Refused(status),
        PlatformError::Unavailable { detail, .. } => Unseen::NoAnswer(detail),
        other => Unseen::NoAnswer(other.to_string()),
    }
}

fn of_store(error: StoreError) -> Unseen {
    Unseen::NoAnswer(error.to_string())
}
