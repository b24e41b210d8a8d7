//! The restaurant's menu on both sides, printed as it changes.

use super::lines::{LONGEST, Lines, euro};
use crate::shop::Shop;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use simulator::{MenuEdit, Table, WebhookMode};
use std::io::Write;

/// The restaurant of the demo.
pub(super) const RESTAURANT: &str = "rest-demo";

/// Both menus, and the lines that tell of them.
pub(super) struct Board<'a, W> {
    pub(super) shop: &'a Shop,
    lines: Lines<'a, W>,
}

impl<'a, W: Write> Board<'a, W> {
    /// Begins a story.
    pub(super) fn begin(shop: &'a Shop, out: &'a mut W) -> Self {
        Self { shop, lines: Lines::begin(out) }
    }

    /// Prints a line.
    pub(super) fn line(&mut self, who: &str, what: &str) -> Result<()> {
        self.lines.line(who, what)
    }

    /// Runs a job as the scheduler does.
    pub(super) async fn job(&mut self, job: &str) -> Result<()> {
        self.shop.run_job(job).await?;
        self.line("ponte", &format!("the scheduler's job «{job}»"))
    }

    /// The till's row of a product.
    pub(super) fn product(&self, name: &str) -> Result<Value> {
        let rows = self.shop.simulator.till_rows(Some(RESTAURANT), Table::Products)?;
        rows.into_iter().find(|row| row["description"] == name).with_context(|| format!("the till has no {name}"))
    }

    /// Changes a product at the till, or deletes it without a patch; its webhook arrives or is lost.
    pub(super) async fn edit(&self, name: &str, patch: Option<Value>, webhook: WebhookMode) -> Result<()> {
        let row = self.product(name)?;
        let id = row["id"].as_str().unwrap_or_default();
        self.put(id, patch, webhook).await
    }

    /// Puts a product's row at the till, which may be a new one; without a patch it is deleted.
    pub(super) async fn put(&self, id: &str, patch: Option<Value>, webhook: WebhookMode) -> Result<()> {
        let edit = MenuEdit { restaurant: Some(RESTAURANT.to_owned()), ..MenuEdit::delete(Table::Products, id) };
        self.shop.simulator.edit_menu(MenuEdit { patch, webhook: Some(webhook), ..edit }).await?;
        Ok(())
    }

    /// Waits until the platform shows a dish as it should be.
    pub(super) async fn dish_becomes(&self, name: &str, what: &str, is_so: impl Fn(&Value) -> bool) -> Result<Value> {
        let look = || Shown::of(self.shop).ok()?.dish(name).ok().filter(&is_so);
        self.shop.wait_for(&format!("{name} {what} on the platform"), LONGEST, look).await
    }

    /// Waits until the restaurant is told that the integration stands so, and answers with which sentence.
    pub(super) async fn integration_is(&mut self, state: &str) -> Result<Value> {
        let look = || self.shop.simulator.integration(RESTAURANT).pop().filter(|told| told["state"] == state);
        let told = self.shop.wait_for(&format!("the integration being «{state}»"), LONGEST, look).await?;
        let message = told["message"].as_str().map(|text| format!(": {text}")).unwrap_or_default();
        self.line("staff", &format!("integration «{state}»{message}"))?;
        Ok(told)
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

    fn named(&self, kind: &str, name: &str) -> Result<Value> {
        let found = self.all(kind).find(|entry| entry["name"] == name);
        found.cloned().with_context(|| format!("the platform has no {kind} «{name}»"))
    }

    pub(super) fn dish(&self, name: &str) -> Result<Value> {
        self.named("dish", name)
    }

    /// An entry of any kind by its name.
    pub(super) fn entry(&self, kind: &str, name: &str) -> Result<Value> {
        self.named(kind, name)
    }

    /// Everything but one dish.
    pub(super) fn without(mut self, name: &str) -> Self {
        self.0.retain(|entry| entry["dish"]["name"] != name);
        self
    }

    /// A dish in one line: both prices, and its groups with where they come from.
    pub(super) fn describe(&self, name: &str) -> Result<String> {
        let dish = self.dish(name)?;
        let price = |service: &str| euro(dish["prices"][service]["cents"].as_i64().unwrap_or_default());
        let mut text = format!("{name}: {} take-away, {} delivery", price("takeaway"), price("delivery"));
        for id in dish["optionGroupExternalIds"].as_array().into_iter().flatten() {
            let group = self.all("optionGroup").find(|group| group["externalId"] == *id);
            let group = group.with_context(|| format!("{name} names the group {id}, which is not there"))?;
            let from = if id.as_str().is_some_and(|id| id.starts_with("c:")) { "all of its kind" } else { "its own" };
            let names: Vec<_> = group["options"].as_array().into_iter().flatten().filter_map(option).collect();
            ensure!(!names.is_empty(), "the group {id} is empty");
            let kind = group["kind"].as_str().unwrap_or_default();
            text.push_str(&format!("; {kind} of {from}: {}", names.join(", ")));
        }
        Ok(text)
    }
}

fn option(option: &Value) -> Option<String> {
    let name = option["name"].as_str()?;
    match option["priceCents"].as_i64()? {
        0 => Some(name.to_owned()),
        cents => Some(format!("{name} {}", euro(cents))),
    }
}
