use super::*;
use domain::{Cents, SalesModeId, SalesPointId, menu::till::TillPrice};
use proptest::prelude::*;
use serde_json::json;

const FLAG: &str = "enableForMobileCommerce";

fn product(mut fields: Value) -> Result<TillProduct, BadShape> {
    fields["id"] = json!("p");
    dish(&fields, FLAG)
}

#[test]
fn a_product_has_what_a_dish_needs() {
    let row = json!({
        "id": 7, "description": " Margherita ", "descriptionExtended": "<p>Pomodoro</p>", "idCategory": "c",
        FLAG: "true", "enableForSale": false, "idSalesPoint": "90101", "soldByWeight": 0, "multivariant": "false",
        "prices": [{"value": 7.5}, {"idSalesMode": "m", "value": "7,00"}, {"idSalesMode": "m", "idSalesPoint": 90101, "value": "8.1"}],
        "variants": [{"id": "v"}], "images": [{"imageUrl": "https://images.example.test/a.jpg"}, {"imageUrl": null}],
        "department": {"id": "d", "tax": {"id": "t", "rate": "10.00"}}, "unknown": [1]
    });
    let price = |mode: Option<&str>, point: Option<i64>, cents: Option<i64>| TillPrice {
        mode: mode.map(|mode| SalesModeId::parse(mode).unwrap()),
        sales_point: point.map(SalesPointId),
        value: cents.map(Cents),
    };
    let expected = TillProduct {
        id: "7".into(),
        name: " Margherita ".into(),
        text: "<p>Pomodoro</p>".into(),
        category: Some("c".into()),
        on_channel: true,
        prices: vec![
            price(None, None, Some(750)),
            price(Some("m"), None, None),
            price(Some("m"), Some(90101), Some(810)),
        ],
        variants: 1,
        multivariant: false,
        menu: false,
        composition: false,
        by_weight: false,
        modifiers: Vec::new(),
        images: vec!["https://images.example.test/a.jpg".into()],
        vat_rate: Some("10".into()),
        sales_point: Some(SalesPointId(90101)),
    };
    assert_eq!(dish(&row, FLAG), Ok(expected));
}

#[test]
fn null_is_absent_everywhere() {
    let fields = [
        "description",
        "descriptionExtended",
        "idCategory",
        "category",
        FLAG,
        "prices",
        "variants",
        "multivariant",
        "menu",
        "composition",
        "soldOnlyInCompositions",
        "soldByWeight",
        "modifiers",
        "images",
        "department",
        "idSalesPoint",
        "imageUrl",
    ];
    let null: Value =
        fields.iter().map(|field| ((*field).to_owned(), Value::Null)).collect::<serde_json::Map<_, _>>().into();
    assert_eq!(product(null.clone()), product(json!({})));
    let bare = product(null.clone()).unwrap();
    assert!(!bare.on_channel && bare.prices.is_empty() && bare.sales_point.is_none() && bare.vat_rate.is_none());
    let mut row = null;
    row["id"] = json!("c");
    assert_eq!(category(&row, FLAG), category(&json!({"id": "c"}), FLAG));
}

#[test]
fn only_the_tenants_channel_counts() {
    let row = json!({"id": "c", "description": "Pizze", "enableForKiosk": true, "imageUrl": "https://images.example.test/p.jpg"});
    assert!(category(&row, "enableForKiosk").unwrap().on_channel);
    let off = category(&row, FLAG).unwrap();
    assert!(!off.on_channel);
    assert_eq!(off.image.as_deref(), Some("https://images.example.test/p.jpg"));
}

#[test]
fn what_cannot_be_sold_simply_is_known_as_such() {
    assert_eq!(product(json!({"variants": [{"id": "a"}, null]})).unwrap().variants, 2);
    assert!(product(json!({"multivariant": true})).unwrap().multivariant);
    assert!(product(json!({"menu": 1})).unwrap().menu);
    assert!(product(json!({"composition": true})).unwrap().composition);
    assert!(product(json!({"soldOnlyInCompositions": true})).unwrap().composition);
    assert!(product(json!({"soldByWeight": true})).unwrap().by_weight);
}

#[test]
fn what_decides_of_a_sale_is_never_guessed() {
    for odd in [
        json!({"variants": "two"}),
        json!({"multivariant": {}}),
        json!({"soldByWeight": "kg"}),
        json!({"prices": {"value": 7}}),
        json!({"prices": [7]}),
        json!({"prices": [{"idSalesMode": {"id": "m"}, "value": 7}]}),
        json!({"prices": [{"idSalesPoint": "here", "value": 7}]}),
        json!({"idSalesPoint": [90101]}),
        json!({FLAG: "on"}),
        json!({"modifiers": "none"}),
    ] {
        assert!(matches!(product(odd.clone()), Err(BadShape::Odd(_))), "{odd}");
    }
}

#[test]
fn what_only_decorates_is_absent_when_it_has_another_form() {
    let read = product(json!({
        "description": ["x"], "descriptionExtended": {}, "images": "none", "department": [1], "idCategory": {"id": "c"}
    }));
    assert_eq!(read, product(json!({})));
    let images =
        json!(["https://images.example.test/a.jpg", {"imageUrl": "margherita.jpg"}, {"imageUrl": 7}, 3, null, ""]);
    assert_eq!(
        product(json!({"images": images})).unwrap().images,
        ["https://images.example.test/a.jpg", "margherita.jpg", "7"]
    );
}

#[test]
fn the_tax_rate_is_decimal_text() {
    let rate = |rate: Value| product(json!({"department": {"tax": {"rate": rate}}})).unwrap().vat_rate;
    for (value, text) in [(json!(10), "10"), (json!(22.0), "22"), (json!("5.50"), "5.5"), (json!(0), "0")] {
        assert_eq!(rate(value.clone()).as_deref(), Some(text), "{value}");
    }
    assert_eq!((rate(json!("esente")), rate(json!(null))), (None, None));
}

#[test]
fn the_category_may_be_embedded_or_missing() {
    let of = |fields: Value| product(fields).unwrap().category;
    assert_eq!(of(json!({"category": {"id": "c", "description": "Pizze"}})).as_deref(), Some("c"));
    assert_eq!(of(json!({"idCategory": "a", "category": {"id": "c"}})).as_deref(), Some("a"));
    assert_eq!((of(json!({"idCategory": ""})), of(json!({"idCategory": "a\tb"}))), (None, None));
}

#[test]
fn a_row_that_cannot_be_read_is_known_by_its_id_if_it_has_one() {
    assert_eq!(row_id(&json!({"id": 7, "prices": 1})).as_deref(), Some("7"));
    for row in [json!({"id": null}), json!({"id": "a b"}), json!({"id": ["x"]}), json!({}), json!(null), json!("p")] {
        assert_eq!(row_id(&row), None, "{row}");
        assert!(matches!(dish(&row, FLAG), Err(BadShape::NoId | BadShape::NotAnObject)), "{row}");
    }
}

/// JSON whose keys are mostly the till's own.
fn json_like() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        prop::sample::select(vec!["p-1", "12.345", "1e400", "true"]).prop_map(Value::from),
    ];
    let keys = vec![
        "id",
        "description",
        "prices",
        "value",
        "values",
        "idSalesMode",
        "idSalesPoint",
        "modifiers",
        "idOption",
        "idValue",
        "price",
        "percentagePrice",
        "isDefault",
        "position",
        "option",
        "images",
        "imageUrl",
        "department",
        "tax",
        "rate",
        "category",
        "variants",
        "menu",
        FLAG,
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        let key = prop::sample::select(keys.clone()).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key, inner, 0..10)
                .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #[test]
    fn any_row_is_read_or_refused_and_a_row_that_is_read_has_its_id(row in json_like()) {
        for id in [dish(&row, FLAG).map(|dish| dish.id), category(&row, FLAG).map(|category| category.id)].into_iter().flatten() {
            prop_assert_eq!(Some(id), row_id(&row));
        }
        modifier::option_names(std::slice::from_ref(&row));
    }
}
