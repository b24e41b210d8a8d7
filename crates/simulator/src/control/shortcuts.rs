//! Everyday acts in one word, for tests that read like a story.

use super::{
    Control,
    types::{ActionOptions, Item, Outcome, PlaceOrder},
};
use crate::{error::ControlError, till::TillAction};

impl Control {
    async fn act(&self, external_id: &str, action: TillAction) -> Result<Outcome, ControlError> {
        self.till_action(external_id, action, ActionOptions::default()).await
    }

    /// A take-away order of these dishes, paid on site.
    ///
    /// # Errors
    /// As [`Control::place_order`].
    pub async fn order_takeaway(&self, items: Vec<Item>) -> Result<Outcome, ControlError> {
        self.place_order(PlaceOrder { items, ..PlaceOrder::default() }).await
    }

    /// The till accepts.
    ///
    /// # Errors
    /// As [`Control::till_action`].
    pub async fn accept(&self, external_id: &str) -> Result<Outcome, ControlError> {
        self.act(external_id, TillAction::Accept).await
    }

    /// The till refuses, for this reason.
    ///
    /// # Errors
    /// As [`Control::till_action`].
    pub async fn refuse(&self, external_id: &str, reason: &str) -> Result<Outcome, ControlError> {
        self.act(external_id, TillAction::Refuse(Some(reason.to_owned()))).await
    }

    /// The till says that the order is ready.
    ///
    /// # Errors
    /// As [`Control::till_action`].
    pub async fn ready(&self, external_id: &str) -> Result<Outcome, ControlError> {
        self.act(external_id, TillAction::Ready).await
    }

    /// The till completes the order, without a receipt.
    ///
    /// # Errors
    /// As [`Control::till_action`].
    pub async fn complete(&self, external_id: &str) -> Result<Outcome, ControlError> {
        self.act(external_id, TillAction::Complete).await
    }

    /// The till cancels the order.
    ///
    /// # Errors
    /// As [`Control::till_action`].
    pub async fn cancel_at_till(&self, external_id: &str) -> Result<Outcome, ControlError> {
        self.act(external_id, TillAction::Cancel).await
    }

    /// The till deletes the order.
    ///
    /// # Errors
    /// As [`Control::till_action`].
    pub async fn delete(&self, external_id: &str) -> Result<Outcome, ControlError> {
        self.act(external_id, TillAction::Delete).await
    }

    /// The till prints a receipt.
    ///
    /// # Errors
    /// As [`Control::issue_receipt`].
    pub async fn receipt(&self, external_id: &str) -> Result<Outcome, ControlError> {
        self.issue_receipt(external_id, ActionOptions::default()).await
    }
}
