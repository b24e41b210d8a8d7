//! What happens to one order, printed as it happens.

use super::lines::{LONGEST, Lines, euro};
use crate::shop::Shop;
use anyhow::{Context as _, Result};
use serde_json::Value;
use simulator::{DeliveryState, PlaceOrder};
use std::io::Write;

/// An order that is followed.
pub(super) struct Timeline<'a, W> {
    shop: &'a Shop,
    lines: Lines<'a, W>,
    /// The platform's id.
    pub(super) id: String,
    told: usize,
    staff: usize,
}

impl<'a, W: Write> Timeline<'a, W> {
    /// Has a customer place an order on the platform.
    pub(super) async fn place(shop: &'a Shop, out: &'a mut W, order: PlaceOrder) -> Result<Self> {
        let lines = Lines::begin(out);
        let placed = shop.simulator.place_order(order).await?;
        let id = placed.entity["id"].as_str().context("the platform gives the order no id")?.to_owned();
        let mut timeline = Self { shop, lines, id, told: 0, staff: 0 };
        let total = placed.entity["totalCents"].as_i64().unwrap_or_default();
        let number = placed.entity["number"].as_str().unwrap_or_default();
        timeline.line("customer", &format!("orders #{number}, {}", euro(total)))?;
        let lost = placed.deliveries.iter().any(|delivery| delivery.state != DeliveryState::Delivered);
        if lost {
            timeline.line("platform", "its webhook did not arrive")?;
        }
        Ok(timeline)
    }

    /// Prints a line.
    pub(super) fn line(&mut self, who: &str, what: &str) -> Result<()> {
        self.lines.line(who, what)
    }

    /// The next thing that the staff are told, which must be `state` and contain `words`.
    pub(super) async fn staff_are_told(&mut self, state: &str, words: &str) -> Result<()> {
        let told = self.next("till_history", self.staff, &format!("staff being told «{state}»")).await?;
        self.staff += 1;
        let message = told["message"].as_str().unwrap_or_default();
        let said = format!("till: {} {message}", told["state"].as_str().unwrap_or_default());
        self.line("staff", said.trim_end())?;
        anyhow::ensure!(
            told["state"] == state && message.contains(words),
            "expected «{state}» with «{words}», got {told}"
        );
        Ok(())
    }

    /// The next message that the customer gets, which must be `status`.
    pub(super) async fn customer_is_told(&mut self, status: &str) -> Result<()> {
        let told = self.next("messages", self.told, &format!("the customer being told «{status}»")).await?;
        self.told += 1;
        let reason = told["reason"].as_str().map(|reason| format!(": {reason}")).unwrap_or_default();
        self.line("customer", &format!("is told «{}»{reason}", told["status"].as_str().unwrap_or_default()))?;
        anyhow::ensure!(told["status"] == status, "expected «{status}», got {told}");
        Ok(())
    }

    /// That nothing more was said to the customer until now.
    pub(super) fn customer_hears_nothing_more(&self) -> Result<()> {
        let said = self.shop.simulator.messages(&self.id).len();
        anyhow::ensure!(said == self.told, "the customer was told {} things too many", said - self.told);
        Ok(())
    }

    async fn next(&self, list: &str, index: usize, what: &str) -> Result<Value> {
        let look = || self.shop.simulator.placed(&self.id)?.get(list)?.get(index).cloned();
        self.shop.wait_for(what, LONGEST, look).await
    }
}
