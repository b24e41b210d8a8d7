//! The restaurant's menu on both sides, printed as it changes.

use super::lines::{LONGEST, Lines, euro};
use crate::{
    operator::Target,
    shop::Shop,
    sync::{self, LiveMenus},
};
use anyhow::{Context as _, Result, ensure};
use app::{
    menu::{Drift, MenuWorld as _, Request, drift},
    ports::{Clock as _, SystemClock, menu::MenuStore as _},
};
use domain::TenantId;
use serde_json::Value;
use simulator::{MenuEdit, Table, WebhookMode};
use std::{
    io::Write,
    time::{Duration, Instant},
};

/// The restaurant of the demo.
pub(super) const RESTAURANT: &str = "rest-demo";

/// How often a job is looked at while it is done.
const TICK: Duration = Duration::from_millis(20);

/// Both menus, and the lines that tell of them.
pub(super) struct Board<'a, W> {
    shop: &'a Shop,
    menus: LiveMenus,
    tenant: TenantId,
    lines: Lines<'a, W>,
}

impl<'a, W: Write> Board<'a, W> {
    /// Begins a story.
    pub(super) fn begin(shop: &'a Shop, out: &'a mut W) -> Result<Self> {
        let (menus, tenant) = (sync::menus(&shop.operator(Target::default())?), TenantId::parse(RESTAURANT)?);
        Ok(Self { shop, menus, tenant, lines: Lines::begin(out) })
    }

    /// Prints a line.
    pub(super) fn line(&mut self, who: &str, what: &str) -> Result<()> {
        self.lines.line(who, what)
    }

    /// Runs a job as the scheduler does, and waits until the function has done it.
    pub(super) async fn job(&mut self, job: &str) -> Result<()> {
        let asked_ms = SystemClock.now().as_millisecond();
        self.shop.run_job(job).await?;
        let deadline = Instant::now() + LONGEST;
        // What began before it was asked for is another cycle.
        while self.last_read_ms().await?.is_none_or(|begun| begun < asked_ms) {
            ensure!(Instant::now() < deadline, "the job «{job}» was not done within {} s", LONGEST.as_secs());
            tokio::time::sleep(TICK).await;
        }
        self.line("ponte", &format!("does the scheduler's job «{job}»"))
    }

    /// When the last cycle that is over began.
    async fn last_read_ms(&self) -> Result<Option<i64>> {
        Ok(self.menus.world().store().look(&self.tenant).await?.and_then(|state| state.read_ms))
    }

    /// What `ponte drift` reads.
    pub(super) async fn drift(&self) -> Result<Drift> {
        drift(self.menus.world().store(), &self.tenant).await?.context("no cycle has run")
    }

    /// What `ponte sync` does.
    pub(super) async fn operator_syncs(&mut self) -> Result<sync::Report> {
        let report = sync::cycle(&self.menus, RESTAURANT, Request::default()).await?;
        self.line("operator", &format!("ponte sync: {}", report.line()))?;
        Ok(report)
    }

    /// The till's row of a product.
    pub(super) fn product(&self, name: &str) -> Result<Value> {
        let rows = self.shop.simulator.till_rows(Some(RESTAURANT), Table::Products)?;
        rows.into_iter().find(|row| row["description"] == name).with_context(|| format!("the till has no {name}"))
    }

    /// Changes a product at the till, or deletes it without a patch.
    pub(super) async fn edit(&self, name: &str, patch: Option<Value>) -> Result<()> {
        let row = self.product(name)?;
        self.put(row["id"].as_str().unwrap_or_default(), patch).await
    }

    /// Puts a product's row at the till, which may be a new one; without a patch it is deleted. Its webhook is lost: the
    /// function waits twenty seconds for more of them before it reads, and the scheduler's job needs none.
    pub(super) async fn put(&self, id: &str, patch: Option<Value>) -> Result<()> {
        let edit = MenuEdit { restaurant: Some(RESTAURANT.to_owned()), ..MenuEdit::delete(Table::Products, id) };
        self.shop.simulator.edit_menu(MenuEdit { patch, webhook: Some(WebhookMode::Lose), ..edit }).await?;
        Ok(())
    }

    /// Shows how the restaurant was last told that the integration stands, which must be so.
    pub(super) fn integration_is(&mut self, state: &str) -> Result<Value> {
        let told = self.shop.simulator.integration(RESTAURANT).pop().context("the restaurant was told nothing")?;
        let message = told["message"].as_str().map(|text| format!(": {text}")).unwrap_or_default();
        self.line("staff", &format!("integration «{}»{message}", told["state"].as_str().unwrap_or_default()))?;
        ensure!(told["state"] == state, "expected «{state}», got {told}");
        Ok(told)
    }

    /// Shows the first finding of a check in what the restaurant was told.
    pub(super) fn staff_are_told(&mut self, told: &Value, check: &str) -> Result<()> {
        let finding = told["findings"].as_array().into_iter().flatten().find(|finding| finding["check"] == check);
        let finding = finding.with_context(|| format!("no finding «{check}» in {told}"))?;
        self.line("staff", &format!("is told: {}", finding["message"].as_str().unwrap_or_default()))
    }

    /// Shows a dish as the platform has it, which must be so.
    pub(super) fn dish_is(&mut self, name: &str, expected: &[&str]) -> Result<()> {
        let shown = Shown::of(self.shop)?.describe(name)?;
        for (who, line) in std::iter::once("platform").chain(std::iter::repeat("")).zip(&shown) {
            self.line(who, line)?;
        }
        ensure!(shown == expected, "expected «{}»", expected.join("; "));
        Ok(())
    }
}

/// The platform's menu at one moment.
#[derive(PartialEq)]
pub(super) struct Shown(Vec<Value>);

impl Shown {
    pub(super) fn of(shop: &Shop) -> Result<Self> {
        Ok(Self(shop.simulator.plateform_menu(Some(RESTAURANT))?))
    }

    /// The entries of a kind.
    pub(super) fn all(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.0.iter().filter_map(move |entry| entry.get(kind))
    }

    /// An entry by its kind and name.
    pub(super) fn entry(&self, kind: &str, name: &str) -> Result<Value> {
        let found = self.all(kind).find(|entry| entry["name"] == name);
        found.cloned().with_context(|| format!("the platform has no {kind} «{name}»"))
    }

    /// Everything but one dish.
    pub(super) fn without(mut self, name: &str) -> Self {
        self.0.retain(|entry| entry["dish"]["name"] != name);
        self
    }

    /// A dish in lines: both prices, then each of its groups with where it comes from.
    fn describe(&self, name: &str) -> Result<Vec<String>> {
        let dish = self.entry("dish", name)?;
        let price = |service: &str| euro(dish["prices"][service]["cents"].as_i64().unwrap_or_default());
        let mut lines = vec![format!("{name}: {} take-away, {} delivery", price("takeaway"), price("delivery"))];
        for id in dish["optionGroupExternalIds"].as_array().into_iter().flatten() {
            let group = self.all("optionGroup").find(|group| group["externalId"] == *id);
            let group = group.with_context(|| format!("{name} names the group {id}, which is not there"))?;
            let from = if id.as_str().is_some_and(|id| id.starts_with("c:")) { "category" } else { "dish" };
            let options = group["options"].as_array().into_iter().flatten().map(option).collect::<Vec<_>>().join(", ");
            lines.push(format!("  {} of the {from}: {options}", group["kind"].as_str().unwrap_or_default()));
        }
        Ok(lines)
    }
}

fn option(option: &Value) -> String {
    let name = option["name"].as_str().unwrap_or_default();
    match option["priceCents"].as_i64().unwrap_or_default() {
        0 => name.to_owned(),
        cents => format!("{name} {}", euro(cents)),
    }
}
