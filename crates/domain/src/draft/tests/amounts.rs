//! What the customer pays is what the till's rows add up to, to the cent.

use crate::{
    Cents,
    draft::{NoteRoom, Refusal},
    order::{ChosenOption, Fee},
    tenant::Tenant,
    testing::{
        addition, discount, drafted, drafted_in, fee, in_short, line, order, order_of, removal, tenant, tenant_with,
        totalled,
    },
};
use serde_json::json;

fn structured() -> Tenant {
    tenant_with(json!({"row_modifiers": "structured"}), "refuse")
}

fn with_fee_product() -> Tenant {
    tenant_with(json!({"delivery_fee_product_id": "consegna", "generic_product_id": "generico"}), "refuse")
}

/// Quantity and price of one, row by row.
fn prices(order: &crate::order::Order, tenant: &Tenant) -> Vec<(i64, i64)> {
    let draft = drafted(order, tenant).draft;
    assert_eq!(draft.amount(), order.total);
    in_short(&draft.rows).into_iter().map(|(_, quantity, price)| (quantity, price)).collect()
}

#[test]
fn e17_the_price_is_the_customer_s() {
    assert_eq!(prices(&order_of(vec![line("pizza", 1, 1, vec![], "")]), &tenant()), [(1, 1)]);
}

#[test]
fn e20_modifiers_count_as_often_as_they_were_chosen() {
    let options = vec![addition("Bufala", 2, 150), addition("Olive", 1, 50), addition("Olive", 1, 50)];
    let order = order_of(vec![line("pizza", 3, 900, options, "")]);
    assert_eq!(prices(&order, &tenant()), [(3, 900 + 2 * 150 + 2 * 50)]);
    assert_eq!(drafted(&order, &tenant()).draft.rows[0].note, "+ 2x Bufala, + Olive, + Olive");
}

#[test]
fn e20_structured_modifiers_carry_their_price_and_number_and_are_no_part_of_the_unit_price() {
    let options = vec![addition("Bufala", 2, 150), removal("Basilico", 0)];
    let order = order_of(vec![line("pizza", 3, 900, options, "")]);
    let row = &drafted(&order, &structured()).draft.rows[0];
    assert_eq!((row.price, row.amount(), row.note.as_str()), (Cents(900), order.total, ""));
    let first = &row.modifiers[0];
    assert_eq!((first.option.as_str(), first.value.as_str()), ("aggiunte", "v-bufala"));
    assert_eq!((first.quantity, first.price), (2, Cents(150)));
    assert_eq!(row.modifiers[1].option.as_str(), "rimozioni");
}

#[test]
fn an_option_without_an_id_of_the_till_goes_into_the_note_and_the_price() {
    let nameless = ChosenOption { value: String::new(), ..addition("Sorpresa", 1, 100) };
    let order = order_of(vec![line("pizza", 1, 900, vec![nameless, addition("Bufala", 1, 150)], "")]);
    let row = &drafted(&order, &structured()).draft.rows[0];
    assert_eq!((row.price, row.modifiers.len(), row.note.as_str()), (Cents(1000), 1, "+ Sorpresa"));
    assert_eq!(row.amount(), order.total);
}

#[test]
fn e21_a_removal_that_is_paid_back_lowers_the_price_and_shows_it() {
    let order = order_of(vec![line("pizza", 2, 900, vec![removal("Basilico", -50), removal("Aglio", 0)], "")]);
    assert_eq!(prices(&order, &tenant()), [(2, 850)]);
    assert_eq!(drafted(&order, &tenant()).draft.rows[0].note, "- Basilico (-0,50 €), - Aglio");
    assert_eq!(prices(&order, &structured()), [(2, 900)]);
}

#[test]
fn e22_a_fee_is_a_row_of_the_fee_product() {
    let mut order = order();
    order.fees = vec![fee(250), Fee { delivery: false, name: "Sacchetto".into(), amount: Cents(10) }];
    let order = totalled(order);
    let made = drafted(&order, &with_fee_product());
    let rows = &made.draft.rows;
    assert_eq!(
        in_short(rows)[1..],
        [("Variant(VariantId(consegna-v))".into(), 1, 250), ("Variant(VariantId(consegna-v))".into(), 1, 10)]
    );
    assert_eq!(rows.iter().map(|row| row.shipping).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!((rows[1].note.as_str(), rows[2].note.as_str()), ("Consegna", "Sacchetto"));
    assert!(made.findings.is_empty());
}

#[test]
fn e22_else_a_row_of_the_generic_product() {
    let mut order = order();
    order.fees = vec![fee(250)];
    let made = drafted(&totalled(order), &tenant_with(json!({"generic_product_id": "generico"}), "refuse"));
    assert_eq!(in_short(&made.draft.rows)[1], ("Variant(VariantId(generico-v))".into(), 1, 250));
    assert!(!made.draft.rows[1].shipping, "only the fee product is the till's delivery fee");
}

#[test]
fn e22_else_it_raises_the_last_row_whose_note_says_so_and_is_a_finding() {
    let mut order = order_of(vec![line("pizza", 1, 900, vec![], ""), line("birra", 1, 400, vec![], "fredda")]);
    order.fees = vec![fee(250)];
    let order = totalled(order);
    assert_eq!(prices(&order, &tenant()), [(1, 900), (1, 650)]);
    let made = drafted_in(&order, &tenant(), NoteRoom::LADDER[2]).unwrap();
    assert_eq!(made.draft.rows[1].note, "compreso: Consegna 2,50 €");
    assert_eq!(made.findings.len(), 1);
    assert!(made.findings[0].contains("«Consegna» (2,50 €)"), "{}", made.findings[0]);
}

#[test]
fn e22_a_fee_of_nothing_is_no_row_and_no_finding() {
    let mut order = order();
    order.fees = vec![fee(0)];
    for tenant in [tenant(), with_fee_product()] {
        let made = drafted(&order, &tenant);
        assert_eq!((made.draft.rows.len(), made.findings.len(), made.draft.rows[0].note.as_str()), (1, 0, ""));
    }
}

#[test]
fn e25_a_discount_is_lowered_onto_mixed_rows_by_largest_remainder() {
    let mut order = order_of(vec![
        line("pizza", 1, 1000, vec![], ""),
        line("birra", 1, 500, vec![], ""),
        line("dolce", 1, 500, vec![], ""),
    ]);
    order.discounts = vec![discount(199)];
    assert_eq!(prices(&totalled(order), &tenant()), [(1, 901), (1, 450), (1, 450)]);
}

#[test]
fn e26_a_row_is_split_where_a_unit_price_would_need_a_fraction_of_a_cent() {
    let mut order = order_of(vec![line("pizza", 3, 1000, vec![], "senza glutine")]);
    order.discounts = vec![discount(100)];
    let order = totalled(order);
    assert_eq!(prices(&order, &tenant()), [(1, 966), (2, 967)]);
    let rows = drafted(&order, &tenant()).draft.rows;
    assert!(rows.iter().all(|row| row.note == "!! ALLERGIA !! senza glutine"), "on both halves");
}

#[test]
fn e25_a_discount_beyond_the_dishes_goes_onto_the_fees() {
    let mut order = order();
    order.fees = vec![fee(250)];
    order.discounts = vec![discount(1000)];
    let order = totalled(order);
    assert_eq!(prices(&order, &with_fee_product()), [(1, 0), (1, 150)]);
    assert_eq!(prices(&order, &tenant()), [(1, 150)], "and only what is left of the fee is folded in");
}

#[test]
fn e25_a_discount_of_everything_is_sent_and_one_of_more_is_not() {
    let mut order = order();
    order.discounts = vec![discount(900)];
    assert_eq!(prices(&totalled(order.clone()), &tenant()), [(1, 0)]);
    order.discounts.push(discount(1));
    let refusal = drafted_in(&totalled(order), &tenant(), NoteRoom::LADDER[0]).err();
    assert_eq!(refusal, Some(Refusal::DiscountTooLarge));
}

#[test]
fn e25_a_discount_under_the_price_of_the_modifiers_says_them_in_the_note() {
    let mut order = order_of(vec![line("pizza", 1, 500, vec![addition("Tartufo", 1, 600)], "")]);
    order.discounts = vec![discount(550)];
    let order = totalled(order);
    let row = &drafted(&order, &structured()).draft.rows[0];
    assert_eq!((row.price, row.modifiers.len(), row.note.as_str()), (Cents(550), 0, "+ Tartufo"));
}

#[test]
fn an_amount_at_the_end_of_all_numbers_is_not_sent_because_it_saturates_to_its_total() {
    let twice = order_of(vec![line("pizza", 2, i64::MAX, vec![], "")]);
    let on_top = order_of(vec![line("pizza", 1, i64::MAX, vec![], ""), line("birra", 1, 400, vec![], "")]);
    for order in [twice, on_top] {
        assert_eq!(drafted_in(&order, &tenant(), NoteRoom::LADDER[0]).err(), Some(Refusal::SumIsWrong), "{order:?}");
    }
}

#[test]
fn an_order_that_costs_less_than_nothing_is_refused_though_no_discount_made_it_so() {
    let order = order_of(vec![line("pizza", 1, 900, vec![removal("Bufala", -1500)], "")]);
    assert_eq!(order.total, Cents(-600));
    let refusal = drafted_in(&order, &tenant(), NoteRoom::LADDER[0]).err();
    assert_eq!(refusal, Some(Refusal::DiscountTooLarge));
}
