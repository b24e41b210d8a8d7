use super::*;
use crate::types::category;
use domain::{Cents, SalesPointId};
use serde_json::json;

const FLAG: &str = "enableForMobileCommerce";

fn modifiers_of(modifiers: Value) -> Vec<TillModifier> {
    category(&json!({"id": "c", "modifiers": modifiers}), FLAG).unwrap().modifiers
}

fn one(modifier: Value) -> TillModifier {
    let mut modifiers = modifiers_of(json!([modifier]));
    assert_eq!(modifiers.len(), 1);
    modifiers.remove(0)
}

fn value_of(value: Value) -> Option<TillValue> {
    one(json!({"idOption": "o", "values": [value]})).values.pop()
}

#[test]
fn names_are_found_wherever_the_till_may_put_them() {
    for (fields, name) in [
        (json!({"option": {"description": "A"}, "description": "B", "name": "C"}), Some("A")),
        (json!({"option": {"description": null}, "description": "B", "name": "C"}), Some("B")),
        (json!({"option": {"description": " "}, "description": "", "name": "C"}), Some("C")),
        (json!({"option": {"name": "D"}}), Some("D")),
        (json!({"option": {"id": "o"}}), None),
        (json!({"option": ["A"], "description": {"it": "B"}, "name": null}), None),
    ] {
        let mut modifier = fields.clone();
        modifier["idOption"] = json!("o");
        assert_eq!(one(modifier).name.as_deref(), name, "{fields}");
        let mut value = fields.clone();
        value["idValue"] = json!("v");
        value["value"] = value["option"].take();
        assert_eq!(value_of(value).unwrap().name.as_deref(), name, "{fields}");
    }
}

#[test]
fn ids_may_be_numbers_or_embedded_and_what_has_none_is_left_out_alone() {
    let modifiers = modifiers_of(json!([
        {"idOption": 7, "values": [{"idValue": 8}, {"value": {"id": "v"}}, {"price": 1}, null, "x"]},
        {"option": {"id": "o"}, "values": null},
        {"values": [{"idValue": "v"}]}, null, 3
    ]));
    let ids: Vec<_> = modifiers.iter().map(|modifier| (modifier.option.as_str(), modifier.values.len())).collect();
    assert_eq!(ids, [("7", 2), ("o", 0)]);
    assert_eq!(modifiers[0].values[1].id.as_str(), "v");
}

#[test]
fn a_modifier_without_a_position_stands_where_it_is_listed() {
    let modifiers = modifiers_of(json!([
        {"idOption": "a"}, {"idOption": "b", "position": "7"}, {"idOption": "c", "position": {"x": 1}},
        {"idOption": "d", "position": -1}
    ]));
    assert_eq!(modifiers.iter().map(|modifier| modifier.position).collect::<Vec<_>>(), [0, 7, 2, -1]);
}

#[test]
fn surcharges_are_read_to_the_cent_and_one_that_is_none_is_never_given_away() {
    let price = |price: Value| value_of(json!({"idValue": "v", "price": price})).map(|value| value.price);
    assert_eq!(price(json!(1.8)), Some(Some(Cents(180))));
    assert_eq!(price(json!("-0.50")), Some(Some(Cents(-50))));
    assert_eq!(price(json!(null)), Some(None));
    for odd in [json!("1,80"), json!("gratis"), json!({}), json!(true)] {
        assert_eq!(price(odd.clone()), None, "{odd}");
    }
}

#[test]
fn a_value_may_have_prices_by_price_list() {
    let value = value_of(json!({"idValue": "v", "prices": [
        {"idSalesMode": "m", "idSalesPoint": "90101", "value": "2.5"}, {"value": 2}, null, {"idSalesMode": "m", "value": "x"}
    ]}));
    let price = |mode: Option<&str>, point: Option<i64>, cents: Option<i64>| TillPrice {
        mode: mode.map(|mode| SalesModeId::parse(mode).unwrap()),
        sales_point: point.map(SalesPointId),
        value: cents.map(Cents),
    };
    let expected =
        [price(Some("m"), Some(90101), Some(250)), price(None, None, Some(200)), price(Some("m"), None, None)];
    assert_eq!(value.unwrap().prices, expected);
}

#[test]
fn a_percentage_is_told_from_none() {
    let is_percentage =
        |p: Value| value_of(json!({"idValue": "v", "percentagePrice": p})).map(|value| value.is_percentage);
    for percentage in [json!(10), json!("5.5"), json!("?"), json!(true), json!([])] {
        assert_eq!(is_percentage(percentage.clone()), Some(true), "{percentage}");
    }
    for none in [json!(null), json!(0), json!("0.00"), json!(false)] {
        assert_eq!(is_percentage(none.clone()), Some(false), "{none}");
    }
}

#[test]
fn what_is_part_of_the_recipe_is_read_in_any_form_and_never_guessed() {
    let is_default = |d: Value| value_of(json!({"idValue": "v", "isDefault": d})).map(|value| value.is_default);
    assert_eq!(is_default(json!("true")), Some(true));
    assert_eq!(is_default(json!(null)), Some(false));
    assert_eq!(is_default(json!("perhaps")), None);
}

#[test]
fn the_names_of_options_are_read_from_any_shape_of_the_list() {
    let names = option_names(&[
        json!({"id": "o1", "description": "Aggiunte", "values": [{"id": "v1", "description": "Speck"}, {"id": "v2"}]}),
        json!({"idOption": "o2", "name": "Rimozioni", "values": [{"idValue": 3, "value": {"description": "Cipolla"}}, 4]}),
        json!({"option": {"id": "o3", "description": "Salse"}, "values": "none"}),
        json!({"description": "senza id", "values": [{"id": "v5", "name": "Olive"}]}),
        json!({"id": "o6", "description": null}),
        json!(null),
        json!([1]),
    ]);
    let option = |id: &str| names.options.get(&OptionId::parse(id).unwrap()).map(String::as_str);
    let value = |id: &str| names.values.get(&OptionValueId::parse(id).unwrap()).map(String::as_str);
    assert_eq!((option("o1"), option("o2"), option("o3")), (Some("Aggiunte"), Some("Rimozioni"), Some("Salse")));
    assert_eq!((value("v1"), value("3"), value("v5")), (Some("Speck"), Some("Cipolla"), Some("Olive")));
    assert_eq!((names.options.len(), names.values.len()), (3, 3));
}
