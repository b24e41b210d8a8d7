//! Changes of the till's rows: products, categories, sales modes, options, customers and the rest.

use super::{
    Control, spec_of,
    types::{MenuEdit, Outcome},
};
use crate::{
    clock,
    error::ControlError,
    hooks::NewHook,
    till::{self, Table},
};
use serde_json::{Value, json};

impl Control {
    /// Changes, creates or deletes one of the till's rows; the till tells the bridge where the row has a webhook.
    ///
    /// # Errors
    /// When the row to delete does not exist.
    pub async fn edit_menu(&self, edit: MenuEdit) -> Result<Outcome, ControlError> {
        let (row, hooks) = self.change_row(&edit)?;
        Ok(self.finish(row, hooks, edit.wait).await)
    }

    fn change_row(&self, edit: &MenuEdit) -> Result<(Value, Vec<NewHook>), ControlError> {
        let mut guard = self.world.lock();
        let state = &mut *guard;
        let key = spec_of(state, edit.restaurant.as_deref())?.api_key;
        let now_ms = state.ids.tick(clock::now()).as_millisecond();
        let missing = || ControlError::NotFound(format!("row {}", edit.id));
        let account = state.accounts.get_mut(&key).ok_or_else(missing)?;
        let (row, event) = match &edit.patch {
            None => (account.remove(edit.table, &edit.id).ok_or_else(missing)?, "DELETE"),
            Some(patch) => {
                let kept = account.find(edit.table, &edit.id).cloned();
                let event = if kept.is_some() { "EDIT" } else { "CREATE" };
                let mut row = kept.unwrap_or_else(|| json!({}));
                till::merge(&mut row, patch);
                row["id"] = json!(edit.id);
                row["lastUpdate"] = json!(now_ms);
                account.upsert(edit.table, row.clone());
                (row, event)
            }
        };
        let hooks = till::entity_hooks(state, &key, edit.table, &row, event, edit.webhook);
        Ok((row, hooks))
    }

    /// The till's rows as it keeps them.
    ///
    /// # Errors
    /// When the restaurant does not exist.
    pub fn till_rows(&self, restaurant: Option<&str>, table: Table) -> Result<Vec<Value>, ControlError> {
        let state = self.world.lock();
        let key = spec_of(&state, restaurant)?.api_key;
        Ok(state.accounts.get(&key).map(|account| account.rows(table).to_vec()).unwrap_or_default())
    }
}
