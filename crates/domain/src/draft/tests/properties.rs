//! What holds of every order that a platform may send.

use crate::{
    Cents, ProductId,
    draft::{Drafted, NoteRoom, draft},
    notes::ALLERGY_FLAG,
    order::{ChosenOption, Discount, Fee, Line, Order},
    tenant::{RowModifiers, Tenant},
    testing::{addition, at, catalogue, drafted_in, line, order_of, removal, tenant_with, totalled},
    till::{DraftRow, RowItem},
};
use proptest::prelude::*;
use serde_json::json;
use std::collections::HashMap;

const DISHES: [&str; 4] = ["pizza", "birra", "dolce", "sparito"];

fn option() -> impl Strategy<Value = ChosenOption> {
    let added = ("\\PC{0,12}", 1i64..4, 0i64..400).prop_map(|(name, quantity, price)| addition(&name, quantity, price));
    let removed = ("[a-z ]{1,12}", -90i64..=0).prop_map(|(name, price)| removal(&name, price));
    let nameless = added.clone().prop_map(|option| ChosenOption { value: String::new(), ..option });
    prop_oneof![4 => added, 2 => removed, 1 => nameless]
}

fn wish() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), ".{0,300}", "[a-z]{0,300}".prop_map(|text| format!("{text} allergia alle noci"))]
}

fn a_line() -> impl Strategy<Value = Line> {
    let options = prop::collection::vec(option(), 0..5);
    (prop::sample::select(DISHES.to_vec()), 1i64..12, 400i64..5000, options, wish())
        .prop_map(|(product, quantity, unit, options, notes)| line(product, quantity, unit, options, &notes))
}

prop_compose! {
    fn valid_order()(
        lines in prop::collection::vec(a_line(), 1..=12),
        fees in prop::collection::vec((any::<bool>(), 0i64..900), 0..4),
        shares in prop::collection::vec(0i64..=100, 0..3),
        notes in wish(),
    ) -> Order {
        let mut order = order_of(lines);
        order.notes = notes;
        order.fees = fees.into_iter().map(|(delivery, amount)| Fee { delivery, name: "Supplemento".into(), amount: Cents(amount) }).collect();
        let mut left = totalled(order.clone()).total;
        for share in shares {
            let amount = Cents(left.0 * share / 100);
            left = left - amount;
            order.discounts.push(Discount { name: "Sconto".into(), amount });
        }
        totalled(order)
    }
}

fn a_tenant() -> impl Strategy<Value = Tenant> {
    let products =
        [json!({}), json!({"generic_product_id": "generico"}), json!({"delivery_fee_product_id": "consegna"})];
    (prop::sample::select(products.to_vec()), any::<bool>()).prop_map(|(mut cic, structured)| {
        cic["row_modifiers"] = if structured { "structured" } else { "note_only" }.into();
        tenant_with(cic, "refuse")
    })
}

fn room() -> impl Strategy<Value = NoteRoom> {
    prop::sample::select(NoteRoom::LADDER.to_vec())
}

fn texts(drafted: &Drafted) -> impl Iterator<Item = &str> {
    drafted.draft.rows.iter().map(|row| row.note.as_str()).chain([drafted.draft.note.as_str()])
}

fn variant(row: &DraftRow) -> String {
    match &row.item {
        RowItem::Variant(id) => id.to_string(),
        RowItem::Product(id) => id.to_string(),
    }
}

/// How many of each product.
fn quantities<'a>(rows: impl Iterator<Item = (String, i64)> + 'a) -> HashMap<String, i64> {
    let mut sums = HashMap::new();
    rows.for_each(|(product, quantity)| *sums.entry(product).or_default() += quantity);
    sums.remove("consegna-v");
    sums.remove("generico-v");
    sums
}

proptest! {
    #[test]
    fn the_till_s_amount_is_the_customer_s_total_to_the_cent(order in valid_order(), tenant in a_tenant(), room in room()) {
        let made = drafted_in(&order, &tenant, room).unwrap();
        prop_assert_eq!(made.draft.amount(), order.total);
        let by_hand: i64 = made.draft.rows.iter().map(|row| {
            let modifiers: i64 = row.modifiers.iter().map(|modifier| modifier.price.0 * modifier.quantity).sum();
            row.quantity * (row.price.0 + modifiers)
        }).sum();
        prop_assert_eq!(by_hand, order.total.0);
    }

    #[test]
    fn no_dish_is_lost_or_doubled_and_no_row_is_empty_or_below_zero(order in valid_order(), tenant in a_tenant(), room in room()) {
        let made = drafted_in(&order, &tenant, room).unwrap();
        let ordered = quantities(order.lines.iter().map(|line| (format!("{}-v", line.product), line.quantity)));
        let sent = quantities(made.draft.rows.iter().map(|row| (variant(row), row.quantity)));
        prop_assert_eq!(ordered, sent);
        prop_assert!(made.draft.rows.iter().all(|row| row.quantity >= 1 && !row.price.is_negative()));
        prop_assert!(made.draft.rows.len() <= 2 * order.lines.len() + order.fees.len());
    }

    #[test]
    fn every_option_is_sent_once_as_structure_or_as_text(order in valid_order(), tenant in a_tenant(), room in room()) {
        let made = drafted_in(&order, &tenant, room).unwrap();
        for row in &made.draft.rows {
            prop_assert!(tenant.row_modifiers == RowModifiers::Structured || row.modifiers.is_empty());
        }
        let names: Vec<String> = order.lines.iter().flat_map(|line| &line.options).map(|option| crate::notes::clean(&option.name)).collect();
        let notes = made.draft.rows.iter().map(|row| row.note.as_str()).collect::<Vec<_>>().join("\n");
        if tenant.row_modifiers == RowModifiers::NoteOnly {
            prop_assert!(names.iter().all(|name| notes.contains(name.as_str())), "{names:?} in {notes}");
        }
    }

    #[test]
    fn e40_e41_texts_are_clean_and_no_allergy_is_cut(order in valid_order(), tenant in a_tenant(), room in room()) {
        let made = drafted_in(&order, &tenant, room).unwrap();
        prop_assert!(texts(&made).all(|text| !text.chars().any(char::is_control)));
        let wishes = order.lines.iter().map(|line| &line.notes).chain([&order.notes]);
        for wish in wishes.filter(|wish| wish.ends_with("allergia alle noci")) {
            let note = format!("{ALLERGY_FLAG} {}", crate::notes::clean(wish));
            prop_assert!(texts(&made).any(|text| text.starts_with(&note)), "{wish}");
        }
    }

    #[test]
    fn e13_the_generic_product_stands_in_for_whatever_is_gone_at_the_same_total(order in valid_order(), room in room()) {
        let tenant = tenant_with(json!({"generic_product_id": "generico"}), "generic");
        let made = draft(&order, &tenant, &catalogue(&["pizza", "generico"]), None, at(10), room).ok().unwrap();
        prop_assert_eq!(made.draft.amount(), order.total);
        let pizza = ProductId::parse("pizza").unwrap();
        let gone = order.lines.iter().filter(|line| line.product != pizza).count();
        prop_assert_eq!(made.findings.len(), gone);
    }
}
