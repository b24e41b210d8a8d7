//! Examples of the way from the platform's order to the till's, each named by the rule that it proves.

mod amounts;
mod properties;
mod texts;

use super::*;
use crate::{
    DepartmentId, OptionId, OptionValueId, TaxId,
    order::ChosenOption,
    testing::{
        addition, at, catalogue, delivered, drafted, drafted_in, in_short, line, order, order_of, paid_online, tenant,
        tenant_with, totalled,
    },
    till::RowItem,
};
use serde_json::json;

#[test]
fn s54_a_take_away_order_is_a_pickup_and_a_delivery_goes_to_its_address() {
    let pickup = drafted(&order(), &tenant()).draft;
    assert!(pickup.pickup && pickup.delivery.is_none());
    let brought = drafted(&delivered(order()), &tenant()).draft;
    assert!(!brought.pickup);
    assert_eq!(brought.delivery.unwrap().city, "Torino");
}

#[test]
fn an_address_left_on_a_take_away_order_does_not_reach_the_till() {
    let mut order = delivered(order());
    order.service = Service::Takeaway;
    assert!(drafted(&order, &tenant()).draft.delivery.is_none());
}

#[test]
fn e40_what_the_rider_reads_is_clean_too() {
    let mut order = delivered(order());
    order.delivery.as_mut().unwrap().instructions = "citofono\u{0}\n Prova\u{202E}".into();
    assert_eq!(drafted(&order, &tenant()).draft.delivery.unwrap().instructions, "citofono Prova");
}

#[test]
fn the_platform_s_ids_and_the_customer_s_contacts_travel() {
    let customer = TillCustomerId::parse("customer-1").unwrap();
    let made = draft(&order(), &tenant(), &catalogue(&["pizza"]), Some(customer.clone()), at(10), NoteRoom::LADDER[0]);
    let draft = made.ok().unwrap().draft;
    assert_eq!((draft.external_id.as_str(), draft.sales_point.0), ("plt-order-1001", 90101));
    assert_eq!((draft.customer, draft.phone.as_str()), (Some(customer), "+39 000 0000001"));
    assert_eq!((draft.email.as_deref(), draft.date), (Some("cliente@example.test"), at(10)));
}

#[test]
fn s30_the_price_list_is_the_one_that_was_read_for_the_service() {
    assert_eq!(drafted(&order(), &tenant()).draft.sales_mode.as_str(), "mode-1");
}

#[test]
fn s55_rows_keep_the_order_of_the_lines_and_carry_printer_and_tax() {
    let lines = vec![line("primo", 1, 900, vec![], ""), line("secondo", 2, 500, vec![], "")];
    let rows = drafted(&order_of(lines), &tenant()).draft.rows;
    assert_eq!(
        in_short(&rows),
        [("Variant(VariantId(primo-v))".into(), 1, 900), ("Variant(VariantId(secondo-v))".into(), 2, 500)]
    );
    assert_eq!(rows[0].department, DepartmentId::parse("cucina").ok());
    assert_eq!(rows[0].tax, TaxId::parse("iva10").ok());
}

#[test]
fn a_wished_time_in_the_future_is_the_due_time() {
    let mut order = order();
    order.requested_for = Some(at(90));
    let draft = drafted(&order, &tenant()).draft;
    assert_eq!(draft.due, at(90));
    assert!(!draft.note.contains("Richiesto"));
}

#[test]
fn no_wished_time_is_now_and_the_lead_of_the_restaurant() {
    assert_eq!(drafted(&order(), &tenant()).draft.due, at(10 + 20));
    assert_eq!(drafted(&order(), &tenant_with(json!({"lead_minutes": 45}), "refuse")).draft.due, at(10 + 45));
}

#[test]
fn e33_a_wished_time_already_past_becomes_as_soon_as_possible_and_goes_into_the_note() {
    for minutes in [5, 10] {
        let mut order = order();
        order.requested_for = Some(at(minutes));
        let draft = drafted(&order, &tenant()).draft;
        assert_eq!(draft.due, at(10 + 20));
        assert!(draft.note.contains(&format!("Richiesto per il 24/11 alle 18:{minutes:02}")), "{}", draft.note);
    }
}

#[test]
fn api_sheet_3_2_a_simple_product_goes_by_its_variant_or_by_itself_where_it_has_none() {
    let mut till = catalogue(&["pizza"]);
    let pizza = ProductId::parse("pizza").unwrap();
    till.products.get_mut(&pizza).unwrap().variants.clear();
    let made = draft(&order(), &tenant(), &till, None, at(10), NoteRoom::LADDER[0]).ok().unwrap();
    assert_eq!(made.draft.rows[0].item, RowItem::Product(pizza));
}

#[test]
fn s17_e13_a_dish_that_the_till_does_not_have_stops_the_order_and_is_named() {
    let refusal = draft(&order(), &tenant(), &catalogue(&[]), None, at(10), NoteRoom::LADDER[0]).err().unwrap();
    assert_eq!(refusal, Refusal::UnknownDish("Piatto pizza".into()));
    assert!(refusal.message().contains("«Piatto pizza»"));
}

#[test]
fn s32_a_dish_with_variants_stops_the_order() {
    let mut till = catalogue(&["pizza"]);
    let product = till.products.values_mut().next().unwrap();
    product.variants.push(crate::VariantId::parse("other").unwrap());
    let refusal = draft(&order(), &tenant(), &till, None, at(10), NoteRoom::LADDER[0]).err().unwrap();
    assert_eq!(refusal, Refusal::DishWithVariants("Piatto pizza".into()));
}

#[test]
fn e13_where_the_restaurant_wants_it_the_generic_product_stands_in_and_staff_are_told() {
    let tenant = tenant_with(json!({"generic_product_id": "generico", "row_modifiers": "structured"}), "generic");
    let order = order_of(vec![line("sparito", 2, 900, vec![addition("Bufala", 1, 150)], "ben cotta")]);
    let made = draft(&order, &tenant, &catalogue(&["generico"]), None, at(10), NoteRoom::LADDER[2]).ok().unwrap();
    let row = &made.draft.rows[0];
    assert_eq!(in_short(&made.draft.rows), [("Variant(VariantId(generico-v))".into(), 2, 1050)]);
    assert_eq!(
        (row.note.as_str(), row.modifiers.len()),
        ("Piatto sparito | + Bufala", 0),
        "in full with the least room"
    );
    assert_eq!(made.findings, [messages::sold_as_generic("Piatto sparito")]);
}

#[test]
fn e13_without_the_generic_product_on_the_till_the_order_stops_all_the_same() {
    let tenant = tenant_with(json!({"generic_product_id": "generico"}), "generic");
    let refusal = draft(&order(), &tenant, &catalogue(&[]), None, at(10), NoteRoom::LADDER[0]).err().unwrap();
    assert_eq!(refusal, Refusal::UnknownDish("Piatto pizza".into()));
}

#[test]
fn e14_a_dish_taken_off_sale_while_in_the_cart_is_sent_and_staff_are_told_that_it_may_be_sold_out() {
    let mut till = catalogue(&["pizza"]);
    till.products.values_mut().for_each(|product| product.on_channel = false);
    let made = draft(&order(), &tenant(), &till, None, at(10), NoteRoom::LADDER[0]).ok().unwrap();
    assert_eq!(made.draft.rows.len(), 1);
    assert_eq!(made.findings, [messages::off_sale("Piatto pizza")]);
}

#[test]
fn s37_e15_an_option_that_the_dish_has_lost_is_a_note_with_its_price_and_staff_are_told() {
    let tenant = tenant_with(json!({"row_modifiers": "structured"}), "refuse");
    let of = |group: &str| ChosenOption { group: group.to_owned(), ..addition("Bufala", 1, 150) };
    let options = vec![of("p:pizza:aggiunte:add"), of("c:pizze:aggiunte:add")];
    let order = order_of(vec![line("pizza", 1, 900, options, "")]);
    let mut till = catalogue(&["pizza"]);
    let made = |till: &Catalogue| draft(&order, &tenant, till, None, at(10), NoteRoom::LADDER[0]).ok().unwrap();
    till.products.values_mut().for_each(|product| product.options = Some(vec![]));
    let gone = made(&till);
    assert_eq!(gone.draft.amount(), order.total);
    assert_eq!((gone.draft.rows[0].note.as_str(), gone.draft.rows[0].modifiers.len()), ("+ Bufala", 1));
    assert_eq!(gone.findings, [messages::option_gone("Bufala", "Piatto pizza")], "of the category's nothing is known");
    let offered =
        (OptionId::parse("aggiunte").unwrap(), OptionValueId::parse(&order.lines[0].options[0].value).unwrap());
    till.products.values_mut().for_each(|product| product.options = Some(vec![offered.clone()]));
    let there = made(&till);
    assert_eq!((there.draft.rows[0].modifiers.len(), there.findings.len()), (2, 0));
    let other = (offered.0, OptionValueId::parse("v-olive").unwrap());
    till.products.values_mut().for_each(|product| product.options = Some(vec![other.clone()]));
    assert_eq!(made(&till).findings, [messages::option_gone("Bufala", "Piatto pizza")], "the value is another");
}

#[test]
fn the_products_to_read_are_each_asked_for_once() {
    let tenant =
        tenant_with(json!({"delivery_fee_product_id": "consegna", "generic_product_id": "generico"}), "generic");
    let mut order = order_of(vec![line("pizza", 1, 900, vec![], ""), line("pizza", 1, 900, vec![], "")]);
    let ids = |order: &Order| wanted_products(order, &tenant).into_iter().map(String::from).collect::<Vec<_>>();
    assert_eq!(ids(&order), ["generico", "pizza"]);
    order.fees = vec![crate::testing::fee(250)];
    assert_eq!(ids(&order), ["consegna", "generico", "pizza"]);
}

#[test]
fn the_prepaid_flag_is_set_only_where_the_till_is_said_to_understand_it() {
    let knows = tenant_with(json!({"prepaid_flag": true}), "refuse");
    assert_eq!(drafted(&paid_online(order()), &tenant()).draft.prepaid, None);
    assert_eq!(drafted(&paid_online(order()), &knows).draft.prepaid.as_deref(), Some("tx-1"));
    assert_eq!(drafted(&order(), &knows).draft.prepaid, None);
}

#[test]
fn a_sum_that_does_not_hold_is_never_sent() {
    let tampered: [fn(&mut Order); 6] = [
        |order| order.total = Cents(901),
        |order| order.lines[0].total = Cents(899),
        |order| order.lines[0].unit_price = Cents(901),
        |order| order.discounts = vec![crate::testing::discount(1)],
        |order| order.fees = vec![crate::testing::fee(1)],
        |order| (order.lines[0].quantity, order.lines[0].total, order.total) = (0, Cents(0), Cents(0)),
    ];
    for tamper in tampered {
        let mut order = order();
        tamper(&mut order);
        assert_eq!(drafted_in(&order, &tenant(), NoteRoom::LADDER[0]).err(), Some(Refusal::SumIsWrong));
    }
    let mut order = order();
    order.discounts = vec![crate::testing::discount(-100)];
    assert_eq!(drafted_in(&totalled(order), &tenant(), NoteRoom::LADDER[0]).err(), Some(Refusal::SumIsWrong));
}
