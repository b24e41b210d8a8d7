//! Orders on the till: create one, read one, read a window.

use crate::{
    call::Call,
    client::Client,
    draft::BODY_MAX,
    error::{classify, misshapen},
    paging::List,
    query::Query,
    types::{self, tolerant},
};
use app::ports::{TenantAccess, TillError, Work};
use domain::{OrderId, TillOrderId, till::TillOrder};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeMap;

/// The till takes windows shorter than three days (API sheet 1.2).
const SLICE: SignedDuration = SignedDuration::from_hours(48);

impl Client {
    /// Sends the body once.
    pub(crate) async fn post_order(
        &self,
        work: &Work,
        access: &TenantAccess,
        order: &OrderId,
        body: &str,
    ) -> Result<TillOrderId, TillError> {
        if body.len() > BODY_MAX {
            return Err(TillError::TooLarge);
        }
        let call = Call::write(Method::POST, &["documents", "orders", "batch"], body.to_owned());
        let answer = self.call(work, access, &call).await?;
        let parsed: Option<Value> = serde_json::from_slice(&answer.body).ok();
        // A success that names no order may still say why: then it is classified like any refusal.
        parsed.as_ref().and_then(|answer| created(answer, order)).ok_or_else(|| classify(&answer))
    }

    pub(crate) async fn read_order(
        &self,
        work: &Work,
        access: &TenantAccess,
        id: &TillOrderId,
    ) -> Result<Option<TillOrder>, TillError> {
        let path = ["documents", "orders", id.as_str()];
        match self.object(work, access, &Call::get(&path)).await {
            Ok((status, answer)) => {
                let order = answer.get("order").ok_or_else(|| misshapen(status, "no order"))?;
                let order = types::order(order).map_err(|error| misshapen(status, &error.to_string()))?;
                match order.id.as_str().eq_ignore_ascii_case(id.as_str()) {
                    true => Ok(Some(order)),
                    false => Err(misshapen(status, "another order")),
                }
            }
            Err(TillError::Refused { status: 404, .. } | TillError::InvalidId { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn read_orders(
        &self,
        work: &Work,
        access: &TenantAccess,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<TillOrder>, TillError> {
        let path = ["documents", "orders"];
        let rows = self.documents(work, access, &path, "orders", from, to).await?;
        // Slices and pages overlap; what was read last is fresher.
        let orders = types::rows("orders", &rows, types::order).into_iter().map(|order| (order.id.clone(), order));
        Ok(orders.collect::<BTreeMap<_, _>>().into_values().collect())
    }

    /// Every row of a list of documents in the window, slice by slice; a row may come twice.
    pub(crate) async fn documents(
        &self,
        work: &Work,
        access: &TenantAccess,
        path: &[&str],
        key: &str,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Value>, TillError> {
        let mut rows = Vec::new();
        for (from, to) in slices(from, to) {
            let query = Query::new()
                .instant("datetimeFrom", from)
                .instant("datetimeTo", to)
                .longs("idsSalesPoint", &[access.tenant.sales_point.0]);
            rows.extend(self.list(work, access, &List { path, key, query }).await?);
        }
        Ok(rows)
    }
}

/// Slices that touch, since nobody knows whether the till counts their ends.
fn slices(from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let mut slices = Vec::new();
    let mut start = from;
    while start < to || (slices.is_empty() && start == to) {
        let end = start.saturating_add(SLICE).map_or(to, |end| end.min(to));
        slices.push((start, end));
        start = end;
    }
    slices
}

/// The id of `order` in the answer to a batch of one: by `externalId`, else the first, if it names no other order.
fn created(answer: &Value, order: &OrderId) -> Option<TillOrderId> {
    let batch = answer.get("batchResponse")?;
    let details = batch.get("createDetails").or_else(|| batch.get("create"))?.as_array()?;
    let text = |detail: &Value, key: &str| detail.get(key).and_then(tolerant::to_text);
    let by_name = details.iter().find(|detail| text(detail, "externalId").as_deref() == Some(order.as_str()));
    let first = || {
        let is_first = |detail: &&Value| detail.get("index").and_then(tolerant::to_integer).unwrap_or(0) == 0;
        details.iter().find(is_first).filter(|detail| text(detail, "externalId").is_none())
    };
    TillOrderId::parse(&text(by_name.or_else(first)?, "id")?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn id_in(answer: &Value) -> Option<String> {
        created(answer, &OrderId::parse("plt-1").unwrap()).map(String::from)
    }

    #[test]
    fn a_window_is_cut_into_slices_that_touch_and_are_short_enough() {
        let (from, to) = (at("2026-11-20T10:00:00Z"), at("2026-11-25T09:00:00Z"));
        let slices = slices(from, to);
        assert_eq!(slices.len(), 3);
        assert_eq!((slices[0].0, slices[2].1), (from, to));
        assert!(slices.windows(2).all(|pair| pair[0].1 == pair[1].0));
        assert!(slices.iter().all(|(from, to)| to.duration_since(*from) <= SLICE));
    }

    #[test]
    fn a_window_without_length_is_one_slice_and_a_reversed_one_is_none() {
        let (from, to) = (at("2026-11-20T10:00:00Z"), at("2026-11-21T10:00:00Z"));
        assert_eq!(slices(from, from), [(from, from)]);
        assert_eq!(slices(to, from), []);
        assert_eq!(slices(from, to), [(from, to)]);
    }

    #[test]
    fn the_created_order_is_found_under_either_key_by_name_then_by_place() {
        let named = json!([{"id": "t-9", "externalId": "plt-9"}, {"id": "t-1", "externalId": "plt-1"}]);
        for key in ["createDetails", "create"] {
            assert_eq!(id_in(&json!({"batchResponse": {key: named}})).as_deref(), Some("t-1"), "{key}");
            let placed = json!([{"index": 1, "id": "t-9"}, {"index": 0, "id": 1}]);
            assert_eq!(id_in(&json!({"batchResponse": {key: placed}})).as_deref(), Some("1"), "{key}");
            assert_eq!(id_in(&json!({"batchResponse": {key: [{"id": "t-1"}]}})).as_deref(), Some("t-1"), "{key}");
        }
    }

    #[test]
    fn an_answer_that_names_another_order_or_none_is_not_taken_for_ours() {
        for answer in [
            json!({}),
            json!([]),
            json!({"batchResponse": {}}),
            json!({"batchResponse": {"createDetails": []}}),
            json!({"batchResponse": {"createDetails": {}}}),
            json!({"batchResponse": {"createDetails": [{"index": 0, "id": "t-9", "externalId": "plt-9"}]}}),
            json!({"batchResponse": {"createDetails": [{"index": 0, "externalId": "plt-1"}]}}),
            json!({"batchResponse": {"createDetails": [{"index": 0, "id": ""}]}}),
            json!({"id": "t-1"}),
        ] {
            assert_eq!(id_in(&answer), None, "{answer}");
        }
    }
}
