//! Orders as the till shows them, and what documents say about them.

use super::{BadShape, read, tolerant};
use domain::{
    Cents, OrderId, SalesPointId, TillOrderId,
    till::{DocumentLink, TillOrder, Workflow},
};
use serde::Deserialize;
use serde_json::Value;

/// `Order`, as far as Ponte reads it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderDto {
    #[serde(default, deserialize_with = "tolerant::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "tolerant::text")]
    external_id: Option<String>,
    #[serde(default, deserialize_with = "tolerant::text")]
    status: Option<String>,
    #[serde(default, deserialize_with = "tolerant::text")]
    external_workflow_status: Option<String>,
    #[serde(default, deserialize_with = "tolerant::text")]
    rejection_reason: Option<String>,
    #[serde(default, deserialize_with = "tolerant::object")]
    document: Option<DocumentDto>,
}

/// `Document`, as far as Ponte reads it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DocumentDto {
    #[serde(default, deserialize_with = "tolerant::integer")]
    id_sales_point: Option<i64>,
    #[serde(default, deserialize_with = "tolerant::cents")]
    amount: Option<Cents>,
    #[serde(default, deserialize_with = "tolerant::text")]
    external_id: Option<String>,
}

impl OrderDto {
    /// Whether it says anything of the order's state: a deletion may come with the id alone.
    pub(crate) fn has_state(&self) -> bool {
        self.status.is_some() || self.external_workflow_status.is_some()
    }

    /// The order in the domain's words.
    pub(crate) fn try_into_domain(self) -> Result<TillOrder, BadShape> {
        let id = self.id.as_deref().and_then(|id| TillOrderId::parse(id).ok()).ok_or(BadShape::NoId)?;
        let document = self.document.as_ref();
        let external_id = self.external_id.as_deref().or_else(|| document?.external_id.as_deref());
        Ok(TillOrder {
            id,
            external_id: external_id.and_then(|id| OrderId::parse(id).ok()),
            workflow: self.external_workflow_status.as_deref().map_or(Workflow::Unknown, workflow),
            processed: self.status.is_some_and(|status| status.eq_ignore_ascii_case("PROCESSED")),
            rejection_reason: self.rejection_reason.filter(|reason| !reason.trim().is_empty()),
            sales_point: document.and_then(|document| document.id_sales_point).map(SalesPointId),
            amount: document.and_then(|document| document.amount),
        })
    }
}

/// A word of another version is `Unknown`, never an error.
fn workflow(word: &str) -> Workflow {
    serde_json::from_value(Value::String(word.trim().to_ascii_uppercase())).unwrap_or(Workflow::Unknown)
}

/// Reads one order.
pub(crate) fn order(value: &Value) -> Result<TillOrder, BadShape> {
    read::<OrderDto>(value)?.try_into_domain()
}

/// The sales point of anything that holds a `document`.
pub(crate) fn sales_point(value: &Value) -> Option<SalesPointId> {
    value.get("document")?.get("idSalesPoint").and_then(tolerant::to_integer).map(SalesPointId)
}

/// The sales point of something of the menu; absent is every sales point.
pub(crate) fn own_sales_point(value: &Value) -> Option<SalesPointId> {
    value.get("idSalesPoint").and_then(tolerant::to_integer).map(SalesPointId)
}

/// Receipts and invoices, as far as they name the orders that they were made from.
#[derive(Default, Deserialize)]
pub(crate) struct SourcesDto {
    #[serde(default, deserialize_with = "tolerant::object")]
    document: Option<SourcedDto>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourcedDto {
    #[serde(default, deserialize_with = "tolerant::object")]
    document_connection_sources: Option<ConnectionsDto>,
}

#[derive(Deserialize)]
struct ConnectionsDto {
    #[serde(default, deserialize_with = "tolerant::list")]
    orders: Vec<Value>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceDto {
    #[serde(default, deserialize_with = "tolerant::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "tolerant::text")]
    external_id: Option<String>,
    #[serde(default, deserialize_with = "tolerant::object")]
    document: Option<DocumentDto>,
}

impl SourcesDto {
    /// The orders named; each entry may be a whole order, a part of one or an id alone.
    pub(crate) fn into_links(self) -> Vec<DocumentLink> {
        let sources = self.document.and_then(|document| document.document_connection_sources);
        sources.map(|sources| sources.orders.iter().filter_map(link).collect()).unwrap_or_default()
    }
}

fn link(value: &Value) -> Option<DocumentLink> {
    let source = match value {
        Value::Object(_) => read::<SourceDto>(value).ok()?,
        id => SourceDto { id: tolerant::to_text(id), ..SourceDto::default() },
    };
    let external_id = source.external_id.or_else(|| source.document?.external_id);
    let link = DocumentLink {
        external_id: external_id.and_then(|id| OrderId::parse(&id).ok()),
        till_order: source.id.and_then(|id| TillOrderId::parse(&id).ok()),
    };
    (link.external_id.is_some() || link.till_order.is_some()).then_some(link)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_order_is_read_from_any_form_of_its_fields() {
        let value = json!({
            "id": 601, "externalId": "plt-1", "status": "processed", "externalWorkflowStatus": "accepted",
            "rejectionReason": "  ", "date": "2026-11-24", "dueDate": {"odd": 1}, "future": [1],
            "document": {"idSalesPoint": "90101", "amount": "19.00", "rows": "none"}
        });
        let read = order(&value).unwrap();
        assert_eq!(read.id.as_str(), "601");
        assert_eq!(read.external_id, OrderId::parse("plt-1").ok());
        assert_eq!((read.workflow, read.processed), (Workflow::Accepted, true));
        assert_eq!(read.rejection_reason, None);
        assert_eq!((read.sales_point, read.amount), (Some(SalesPointId(90101)), Some(Cents(1900))));
    }

    #[test]
    fn every_documented_state_is_known_and_any_other_is_unknown() {
        let state = |word: Value| order(&json!({"id": "a", "externalWorkflowStatus": word})).unwrap().workflow;
        for word in ["REQUESTED", "ACCEPTED", "REJECTED", "PROCESSING", "READY", "SHIPPING", "SHIPPED", "DELIVERING"] {
            assert_ne!(state(json!(word)), Workflow::Unknown, "{word}");
        }
        assert_eq!((state(json!("CANCELED")), state(json!("COMPLETED"))), (Workflow::Canceled, Workflow::Completed));
        for word in [json!("PAUSED"), json!(""), json!(null), json!(7), json!([])] {
            assert_eq!(state(word.clone()), Workflow::Unknown, "{word}");
        }
    }

    #[test]
    fn nulls_are_absent() {
        let value = json!({"id": "a", "externalId": null, "status": null, "document": null, "rejectionReason": null});
        let read = order(&value).unwrap();
        assert_eq!((read.external_id, read.processed, read.amount), (None, false, None));
    }

    #[test]
    fn the_documents_external_id_stands_in_for_a_missing_one() {
        let read = order(&json!({"id": "a", "document": {"externalId": "plt-1"}})).unwrap();
        assert_eq!(read.external_id, OrderId::parse("plt-1").ok());
    }

    #[test]
    fn an_order_without_a_usable_id_is_none() {
        for value in [json!({}), json!({"id": ""}), json!({"id": "a b"}), json!({"id": {"x": 1}})] {
            assert_eq!(order(&value), Err(BadShape::NoId), "{value}");
        }
        assert_eq!(order(&json!(["601", "plt-1"])), Err(BadShape::NotAnObject));
    }

    #[test]
    fn a_document_names_its_orders_as_objects_or_as_ids() {
        let value = json!({"document": {"documentConnectionSources": {"orders": [
            {"id": "t-1", "externalId": "plt-1"}, "t-2", 603, {"document": {"externalId": "plt-4"}}, {}, null, [1]
        ]}}});
        let links = read::<SourcesDto>(&value).unwrap().into_links();
        let link = |external: Option<&str>, till: Option<&str>| DocumentLink {
            external_id: external.map(|id| OrderId::parse(id).unwrap()),
            till_order: till.map(|id| TillOrderId::parse(id).unwrap()),
        };
        let expected = [
            link(Some("plt-1"), Some("t-1")),
            link(None, Some("t-2")),
            link(None, Some("603")),
            link(Some("plt-4"), None),
        ];
        assert_eq!(links, expected);
    }
}
