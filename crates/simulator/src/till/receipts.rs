//! Receipts: issued by the till, linked to the order they come from.

use super::{customers::account_mut, life::ActionError};
use crate::state::State;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Issues a receipt for an order, sets it to `PROCESSED`, and returns the receipt's id.
pub(crate) fn issue(state: &mut State, key: &str, external_id: &str, now: Timestamp) -> Result<String, ActionError> {
    let (id, document_id) = (state.ids.uuid(), state.ids.uuid());
    let account = account_mut(state, key).map_err(|_| ActionError::NotFound)?;
    let number = account.receipts.len() + 1;
    let order = account.order_mut(external_id).filter(|order| !order.deleted).ok_or(ActionError::NotFound)?;
    order.entity["status"] = json!("PROCESSED");
    let receipt = receipt(&order.entity, &id, &document_id, number, now.as_millisecond());
    account.receipts.push(receipt);
    Ok(id)
}

fn receipt(order: &Value, id: &str, document_id: &str, number: usize, now_ms: i64) -> Value {
    let mut document = order["document"].clone();
    document["id"] = json!(document_id);
    document["user"] = json!({ "id": "00000000-0000-4000-8000-000000000951", "name": "Operatore 1" });
    document["payments"] = json!([{ "paymentType": "CREDITCARD", "amount": order["document"]["amount"] }]);
    let source = json!({ "id": order["id"], "externalId": order["externalId"] });
    document["documentConnectionSources"] = json!({ "orders": [source] });
    for row in document["rows"].as_array_mut().into_iter().flatten() {
        row["salesType"] = json!("GOODS");
        row["stockMovementEnabled"] = json!(false);
    }
    json!({ "id": id, "number": number, "date": now_ms, "datetime": now_ms, "zNumber": 1, "document": document })
}
