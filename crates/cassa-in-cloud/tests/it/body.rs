//! The body that creates an order, against the two documented examples.

use crate::access::{client_at, fixture};
use app::ports::{Till, TillError};
use domain::{
    Cents, DepartmentId, OptionId, OptionValueId, OrderId, ProductId, SalesModeId, SalesPointId, TaxId, TillCustomerId,
    VariantId,
    order::Address,
    till::{Draft, DraftRow, RowItem, RowModifier},
};
use jiff::Timestamp;
use serde_json::{Value, json};

fn uuid(last: u32) -> String {
    format!("00000000-0000-4000-8000-{last:012}")
}

fn row(variant: u32, department: u32, tax: u32, quantity: i64, cents: i64, note: &str) -> DraftRow {
    DraftRow {
        item: RowItem::Variant(VariantId::parse(&uuid(variant)).unwrap()),
        department: DepartmentId::parse(&uuid(department)).ok(),
        tax: TaxId::parse(&uuid(tax)).ok(),
        quantity,
        price: Cents(cents),
        shipping: false,
        note: note.to_owned(),
        modifiers: Vec::new(),
    }
}

pub(crate) fn takeaway() -> Draft {
    Draft {
        external_id: OrderId::parse("plt-order-1001").unwrap(),
        sales_point: SalesPointId(90101),
        customer: TillCustomerId::parse(&uuid(501)).ok(),
        sales_mode: SalesModeId::parse(&uuid(41)).unwrap(),
        date: Timestamp::from_millisecond(1_795_542_120_000).unwrap(),
        due: Timestamp::from_millisecond(1_795_546_800_000).unwrap(),
        delivery: None,
        pickup: true,
        phone: "+390000000001".to_owned(),
        email: Some("cliente@example.test".to_owned()),
        prepaid: None,
        note: "Plateform #1001, asporto, paga al ritiro".to_owned(),
        rows: vec![row(201, 21, 11, 1, 900, "+ Mozzarella di bufala, - Basilico"), row(202, 22, 12, 2, 500, "")],
    }
}

fn delivery() -> Draft {
    let modifier = RowModifier {
        option: OptionId::parse(&uuid(301)).unwrap(),
        value: OptionValueId::parse(&uuid(402)).unwrap(),
        price: Cents(150),
        quantity: 1,
    };
    Draft {
        external_id: OrderId::parse("plt-order-1002").unwrap(),
        sales_mode: SalesModeId::parse(&uuid(42)).unwrap(),
        due: Timestamp::from_millisecond(1_795_549_500_000).unwrap(),
        pickup: false,
        delivery: Some(Address {
            street: "Via Finta 10".to_owned(),
            city: "Torino".to_owned(),
            postal_code: "10100".to_owned(),
            province: "TO".to_owned(),
            country: "IT".to_owned(),
            instructions: "Citofono PROVA".to_owned(),
        }),
        prepaid: Some("pi_test_1002".to_owned()),
        note: "Plateform #1002, consegna, pagato online".to_owned(),
        rows: vec![
            DraftRow { modifiers: vec![modifier], ..row(201, 21, 11, 2, 800, "+ Speck") },
            DraftRow { shipping: true, ..row(204, 23, 12, 1, 250, "") },
        ],
        ..takeaway()
    }
}

fn text(draft: &Draft) -> Result<String, TillError> {
    client_at("http://127.0.0.1:9").order_body(draft)
}

fn body(draft: &Draft) -> Value {
    serde_json::from_str(&text(draft).unwrap()).unwrap()
}

#[test]
fn a_take_away_order_is_the_documented_request() {
    assert_eq!(body(&takeaway()), fixture("order-batch-create-request-takeaway"));
}

#[test]
fn a_delivery_with_structured_modifiers_and_prepayment_is_the_documented_request() {
    assert_eq!(body(&delivery()), fixture("order-batch-create-request-delivery-structured"));
}

#[test]
fn the_same_draft_is_the_same_text() {
    assert_eq!(text(&delivery()).unwrap(), text(&delivery()).unwrap());
}

#[test]
fn e26_amounts_are_written_from_cents_and_never_through_a_float() {
    let mut draft = takeaway();
    draft.rows =
        vec![row(201, 21, 11, 3, 29, ""), row(201, 21, 11, 1, -5, ""), row(201, 21, 11, 1, 9_007_199_254_740_993, "")];
    let text = text(&draft).unwrap();
    for price in
        ["\"price\":0.29,", "\"price\":-0.05,", "\"price\":90071992547409.93,", "\"amount\":90071992547410.75,"]
    {
        assert!(text.contains(price), "{price} in {text}");
    }
}

#[test]
fn what_has_no_value_is_left_out() {
    let mut draft = takeaway();
    draft.customer = None;
    draft.email = None;
    draft.phone = String::new();
    draft.note = String::new();
    draft.prepaid = Some(String::new());
    draft.rows = vec![DraftRow { department: None, tax: None, ..row(202, 22, 12, 1, 500, "") }];
    draft.rows[0].item = RowItem::Product(ProductId::parse("p-1").unwrap());
    let expected = json!({"create": [{
        "externalId": "plt-order-1001", "isExternalOrder": true, "date": 1_795_542_120_000_i64,
        "dueDate": 1_795_546_800_000_i64, "deliveryMode": "PICKUP", "prepay": true, "prepaymentStatus": "WAITING",
        "document": {"idSalesPoint": 90101, "taxFree": false, "amount": 5.0, "rows": [{
            "rowNumber": 1, "idProduct": "p-1", "idSalesMode": uuid(41), "quantity": 1, "price": 5.0,
            "subtotal": false, "shippingCost": false, "menu": false, "composition": false
        }]}
    }]});
    assert_eq!(body(&draft), expected);
}

#[test]
fn e42_a_body_over_the_tills_limit_is_found_before_it_is_sent() {
    let mut draft = takeaway();
    let room = 102_400 - text(&draft).unwrap().len();
    draft.note.push_str(&"x".repeat(room));
    assert_eq!(text(&draft).unwrap().len(), 102_400);
    draft.note.push('x');
    assert_eq!(text(&draft), Err(TillError::TooLarge));
}

#[test]
fn e40_any_text_stays_inside_its_literal() {
    let mut draft = takeaway();
    draft.note = "«\"\\\n\u{1}🍕\",\"prepay\":true".to_owned();
    assert_eq!(body(&draft)["create"][0]["document"]["note"], json!(draft.note));
    assert_eq!(body(&draft)["create"][0]["prepay"], json!(false));
}
