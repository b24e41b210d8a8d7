//! Random catalogues: few ids, so that they meet; every kind of nonsense that the till could hold.

use super::build::{OTHER, OURS, category, mode, product};
use crate::{
    Cents, OptionId, OptionValueId, SalesPointId,
    menu::till::{Catalogue, OptionNames, TillCategory, TillModifier, TillPrice, TillProduct, TillValue},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

fn name() -> impl Strategy<Value = String> {
    let nonsense = vec!["", " ", "\u{0}", "\u{202E}\u{200B}", "Rimozioni", "senza", "e\u{301}👩‍🍳", "<b>x</b>", "بيتزا"];
    prop_oneof![3 => "[A-C]", 1 => select(nonsense).prop_map(String::from), 1 => ".{0,8}", 1 => (150usize..300).prop_map(|n| "é 🍕".repeat(n / 4))]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => Just(String::new()),
        3 => ".{0,20}",
        3 => "(<[a-z/!?-]{0,8}>?|&[a-z#0-9]{0,6};?|[a-z <]){0,12}",
        1 => Just("<p>è&amp;".repeat(2000))
    ]
}

fn cents() -> impl Strategy<Value = Cents> {
    let odd = vec![0, -1, 1, 1_000_000, 1_000_001, i64::MAX, i64::MIN];
    prop_oneof![3 => 1i64..3000, 1 => select(odd)].prop_map(Cents)
}

fn sales_point() -> impl Strategy<Value = Option<SalesPointId>> {
    prop_oneof![4 => Just(None), 2 => Just(Some(OURS)), 1 => Just(Some(OTHER))]
}

fn prices() -> impl Strategy<Value = Vec<TillPrice>> {
    let list = select(vec![None, Some("takeaway"), Some("delivery"), Some("hall")]);
    let price = (list, sales_point(), option::weighted(0.9, cents()));
    vec(price.prop_map(|(list, sales_point, value)| TillPrice { mode: list.map(mode), sales_point, value }), 0..5)
}

fn value() -> impl Strategy<Value = TillValue> {
    let flags = (prop::bool::weighted(0.1), prop::bool::weighted(0.3));
    (0..4u8, option::of(name()), option::of(cents()), prices(), flags).prop_map(|(id, name, price, prices, flags)| {
        TillValue {
            id: OptionValueId::parse(&format!("v{id}")).unwrap(),
            name,
            price,
            prices,
            is_percentage: flags.0,
            is_default: flags.1,
        }
    })
}

fn modifier() -> impl Strategy<Value = TillModifier> {
    let option = select(vec!["o1", "o2", "o3", "o:4"]);
    (option, option::of(name()), -2i64..3, vec(value(), 0..4)).prop_map(|(option, name, position, values)| {
        TillModifier { option: OptionId::parse(option).unwrap(), name, position, values }
    })
}

fn till_category() -> impl Strategy<Value = TillCategory> {
    let image = option::of(prop_oneof![Just("https://images.example.test/c.jpg".to_owned()), ".{0,20}"]);
    let id = select(vec!["c1", "c2", "c3", "c:4"]);
    (id, name(), prop::bool::weighted(0.8), vec(modifier(), 0..3), image, sales_point()).prop_map(
        |(id, name, on_channel, modifiers, image, sales_point)| TillCategory {
            on_channel,
            modifiers,
            image,
            sales_point,
            ..category(id, &name)
        },
    )
}

fn till_product() -> impl Strategy<Value = TillProduct> {
    let id = prop_oneof![8 => (0..8u8).prop_map(|id| format!("p{id}")), 1 => ".{0,3}"];
    let place = (option::weighted(0.9, select(vec!["c1", "c2", "c3", "c:4", "c9"])), sales_point());
    let kind = (
        prop::bool::weighted(0.8),
        select(vec![0usize, 1, 1, 1, 2]),
        prop::array::uniform4(prop::bool::weighted(0.05)),
    );
    let images = vec(prop_oneof!["https?://[a-z]{1,5}/[a-z%è]{0,3}", ".{0,10}"], 0..3);
    let rate = option::of(prop_oneof!["[0-9]{1,3}(\\.[0-9]{1,3})?", ".{0,4}"]);
    ((id, name(), text()), place, prices(), kind, vec(modifier(), 0..3), images, rate).prop_map(
        |(
            (id, name, text),
            (category, sales_point),
            prices,
            (on_channel, variants, odd),
            modifiers,
            images,
            vat_rate,
        )| TillProduct {
            text,
            category: category.map(str::to_owned),
            on_channel,
            prices,
            variants,
            multivariant: odd[0],
            menu: odd[1],
            composition: odd[2],
            by_weight: odd[3],
            modifiers,
            images,
            vat_rate,
            sales_point,
            ..product(&id, &name)
        },
    )
}

/// A reading of a till.
pub(super) fn catalogue() -> impl Strategy<Value = Catalogue> {
    let modes = (prop::bool::weighted(0.95), prop::bool::weighted(0.95));
    let names = (option::of(name()), option::of(name()));
    (vec(till_category(), 0..5), vec(till_product(), 0..10), modes, names).prop_map(
        |(categories, products, modes, names)| {
            let id = |id: &str| (OptionId::parse(id).unwrap(), OptionValueId::parse("v1").unwrap());
            Catalogue {
                categories,
                products,
                names: OptionNames {
                    options: names.0.map(|name| (id("o1").0, name)).into_iter().collect(),
                    values: names.1.map(|name| (id("o1").1, name)).into_iter().collect(),
                },
                takeaway: modes.0.then(|| mode("takeaway")),
                delivery: modes.1.then(|| mode("delivery")),
            }
        },
    )
}
