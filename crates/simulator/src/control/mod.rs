//! What a person or a test does to either party. HTTP handlers and library methods are the same functions.

mod admin;
mod body;
mod catalogue;
mod menu;
mod orders;
mod page;
mod place;
mod portal;
mod price;
mod read;
mod routes;
mod shortcuts;
mod till;
mod types;

pub(crate) use routes::router;
pub use types::{ActionOptions, Item, ItemOption, MenuEdit, Outcome, PlaceOrder, RawWebhook};

use crate::{error::ControlError, hooks::NewHook, restaurant::RestaurantSpec, state::State, world::World};
use serde_json::Value;
use std::sync::Arc;

/// A handle for acting on both parties; cheap to clone.
#[derive(Clone)]
pub struct Control {
    world: Arc<World>,
}

impl Control {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self { world }
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.world.base_url
    }

    /// Sends what an act has caused and reports it.
    async fn finish(&self, entity: Value, hooks: Vec<NewHook>, wait: bool) -> Outcome {
        let deliveries = self.world.send(hooks, wait).await;
        Outcome { entity, deliveries }
    }
}

/// The restaurant of this id; without an id the only one there is.
fn spec_of(state: &State, id: Option<&str>) -> Result<RestaurantSpec, ControlError> {
    let found = match id {
        Some(id) => state.specs.get(id),
        None if state.specs.len() == 1 => state.specs.values().next(),
        None => return Err(ControlError::Invalid("several restaurants: name one".into())),
    };
    found.cloned().ok_or_else(|| ControlError::NotFound(format!("restaurant {}", id.unwrap_or("(none)"))))
}
