//! The platform's own menu: seen, and changed by its people.

use super::{Control, spec_of};
use crate::{
    error::ControlError,
    plateform::{self, MenuKind},
    till,
};
use serde_json::Value;

impl Control {
    /// The platform's menu as its API shows it.
    ///
    /// # Errors
    /// When the restaurant does not exist.
    pub fn plateform_menu(&self, restaurant: Option<&str>) -> Result<Vec<Value>, ControlError> {
        let state = self.world.lock();
        let id = spec_of(&state, restaurant)?.restaurant_id;
        let entries = state.platforms.get(&id).into_iter().flat_map(|platform| platform.menu.values());
        Ok(entries.map(plateform::MenuEntry::view).collect())
    }

    /// People of the platform change an entry: `owned` is merged into the platform's fields; `upsert`, if given, puts
    /// the other fields first, as a menu that was there before the integration.
    ///
    /// # Errors
    /// When the kind is unknown or the entry does not exist.
    pub fn edit_plateform_menu(
        &self,
        restaurant: Option<&str>,
        kind: &str,
        external_id: &str,
        upsert: Option<&Value>,
        owned: &Value,
    ) -> Result<Value, ControlError> {
        let mut guard = self.world.lock();
        let state = &mut *guard;
        let id = spec_of(state, restaurant)?.restaurant_id;
        let missing = || ControlError::NotFound(format!("{kind} {external_id}"));
        let kind = MenuKind::parse(kind).ok_or_else(missing)?;
        let platform = state.platforms.get_mut(&id).ok_or_else(missing)?;
        if let Some(upsert) = upsert {
            let mut upsert = upsert.clone();
            upsert["externalId"] = Value::String(external_id.to_owned());
            let put = plateform::put(platform, &mut state.ids, kind, &upsert);
            put.map_err(|problem| ControlError::Invalid(problem.to_json().to_string()))?;
        }
        let entry = plateform::find_mut(platform, kind, external_id).ok_or_else(missing)?;
        till::merge(&mut entry.owned, owned);
        Ok(entry.view())
    }

    /// People of the platform delete an entry.
    ///
    /// # Errors
    /// When it does not exist.
    pub fn delete_plateform_menu(
        &self,
        restaurant: Option<&str>,
        kind: &str,
        external_id: &str,
    ) -> Result<(), ControlError> {
        let mut state = self.world.lock();
        let id = spec_of(&state, restaurant)?.restaurant_id;
        let missing = || ControlError::NotFound(format!("{kind} {external_id}"));
        let platform = state.platforms.get_mut(&id).ok_or_else(missing)?;
        let kind = MenuKind::parse(kind).ok_or_else(missing)?;
        platform.menu.remove(&(kind, external_id.to_owned())).map(|_| ()).ok_or_else(missing)
    }
}
