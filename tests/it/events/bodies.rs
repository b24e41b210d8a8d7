//! What the senders say, about one invented order and the demo restaurant.

use super::gateway::moment;
use jiff::SignedDuration;
use serde_json::{Value, json};
use simulator::{RestaurantSpec, demo_ids};

/// The platform's order that the events are about, on the till side too.
pub(crate) const ORDER: &str = "plt-order-1001";
/// The same order at the till.
pub(crate) const TILL_ORDER: &str = "00000000-0000-4000-8000-000000000601";

fn sales_point() -> i64 {
    RestaurantSpec::demo().sales_point_id
}

/// The order as the till shows it.
pub(crate) fn till_order(status: &str, workflow: &str) -> Value {
    let at = |minutes| (moment() + SignedDuration::from_mins(minutes)).as_millisecond();
    json!({
        "id": TILL_ORDER,
        "externalId": ORDER,
        "isExternalOrder": true,
        "status": status,
        "externalWorkflowStatus": workflow,
        "date": at(0),
        "dueDate": at(30),
        "deliveryMode": "PICKUP",
        "phoneNumber": "+390000000001",
        "prepay": false,
        "document": {
            "id": "00000000-0000-4000-8000-000000000701",
            "idSalesPoint": sales_point(),
            "idCustomer": "00000000-0000-4000-8000-000000000501",
            "taxFree": false,
            "amount": 10.0,
            "note": "Plateform #1001",
            "email": "cliente@example.test",
            "rows": [
                {"id": "00000000-0000-4000-8000-000000000901", "rowNumber": 1,
                 "idProduct": demo_ids::MARGHERITA, "idProductVariant": demo_ids::MARGHERITA_VARIANT,
                 "idDepartment": demo_ids::KITCHEN, "idTax": demo_ids::TAX_10, "idSalesMode": demo_ids::TAKEAWAY,
                 "quantity": 1, "price": 7.0, "calculatedAmount": 7.0},
                {"id": "00000000-0000-4000-8000-000000000902", "rowNumber": 2,
                 "idProduct": demo_ids::WATER, "idProductVariant": demo_ids::WATER_VARIANT,
                 "idDepartment": demo_ids::BAR, "idTax": demo_ids::TAX_22, "idSalesMode": demo_ids::TAKEAWAY,
                 "quantity": 2, "price": 1.5, "calculatedAmount": 3.0},
            ],
        },
    })
}

/// The order as the till shows it once it was accepted, with this sales point.
pub(crate) fn till_order_at(sales_point: i64) -> Value {
    let mut order = till_order("NOT_PROCESSED", "ACCEPTED");
    order["document"]["idSalesPoint"] = sales_point.into();
    order
}

/// The order refused, with a reason.
pub(crate) fn till_order_rejected() -> Value {
    let mut order = till_order("NOT_PROCESSED", "REJECTED");
    order["rejectionReason"] = "Cucina al completo".into();
    order
}

/// A receipt made from the order.
pub(crate) fn receipt() -> Value {
    json!({
        "id": "00000000-0000-4000-8000-000000000801",
        "number": 57,
        "zNumber": 312,
        "datetime": moment().as_millisecond(),
        "document": {
            "idSalesPoint": sales_point(),
            "amount": 10.0,
            "payments": [{"paymentType": "CASH", "amount": 10.0}],
            "documentConnectionSources": {"orders": [{"id": TILL_ORDER, "externalId": ORDER}]},
        },
    })
}

/// A product without price lists: it is the same for every sales point.
pub(crate) fn product() -> Value {
    json!({
        "id": demo_ids::MARGHERITA,
        "description": "Margherita",
        "idDepartment": demo_ids::KITCHEN,
        "idCategory": demo_ids::PIZZAS,
        "enableForMobileCommerce": false,
        "lastUpdate": moment().as_millisecond(),
    })
}

/// An event of the platform.
pub(crate) fn platform(kind: &str, restaurant: &str, data: Value) -> Value {
    json!({"type": kind, "restaurantId": restaurant, "occurredAt": moment().to_string(), "data": data})
}

/// The same for the demo restaurant.
pub(crate) fn of_demo(kind: &str, data: Value) -> Value {
    platform(kind, &RestaurantSpec::demo().restaurant_id, data)
}

pub(crate) fn customer() -> Value {
    json!({
        "id": "plt-customer-1", "firstName": "Cliente", "lastName": "Prova", "email": "cliente@example.test",
        "phone": "+390000000001", "locale": "it", "updatedAt": moment().to_string(),
    })
}

fn line(id: &str, dish: &str, name: &str, quantity: i64, cents: i64) -> Value {
    json!({"id": id, "dishExternalId": dish, "name": name, "quantity": quantity, "unitPriceCents": cents,
           "options": [], "totalCents": quantity * cents})
}

/// Collected and paid at the restaurant.
pub(crate) fn takeaway() -> Value {
    json!({
        "id": ORDER,
        "restaurantId": RestaurantSpec::demo().restaurant_id,
        "number": "1001",
        "status": "new",
        "service": "takeaway",
        "createdAt": moment().to_string(),
        "updatedAt": moment().to_string(),
        "requestedFor": null,
        "customer": customer(),
        "delivery": null,
        "payment": {"method": "onSite", "paid": false},
        "lines": [
            line("line-1", demo_ids::MARGHERITA, "Margherita", 1, 700),
            line("line-2", demo_ids::WATER, "Acqua naturale", 2, 150),
        ],
        "totalCents": 1000,
        "notes": "senza posate",
    })
}

/// Brought to an address and paid online, with an addition and a fee.
pub(crate) fn delivery_prepaid() -> Value {
    let mut order = takeaway();
    order["id"] = "plt-order-1002".into();
    order["number"] = "1002".into();
    order["service"] = "delivery".into();
    order["delivery"] = json!({"street": "Via di Prova 1", "city": "Provaglio", "postalCode": "00000",
                               "province": "RM", "country": "IT", "instructions": "citofono Prova"});
    order["payment"] = json!({"method": "online", "paid": true, "transactionId": "pi_test_1002"});
    let mut diavola = line("line-1", demo_ids::DIAVOLA, "Diavola", 1, 950);
    diavola["options"] = json!([{
        "groupExternalId": format!("c:{}:{}:add", demo_ids::PIZZAS, demo_ids::PIZZA_ADDITIONS),
        "optionExternalId": demo_ids::SPECK, "name": "Speck", "kind": "addition", "quantity": 1, "priceCents": 150,
    }]);
    diavola["totalCents"] = 1100.into();
    order["lines"] = json!([diavola]);
    order["fees"] = json!([{"kind": "delivery", "name": "Consegna", "amountCents": 250}]);
    order["totalCents"] = 1350.into();
    order
}
