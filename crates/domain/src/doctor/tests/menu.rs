//! DR5 to DR8.

use super::{
    super::{CheckId, HeldEntry, MenuSeen, Unseen, Verdict, nightly},
    world::{broken, healthy, look, price, product, said, tenant, tenant_with},
};
use crate::menu::Check;
use serde_json::json;

fn menu(break_it: impl FnOnce(&mut MenuSeen)) -> impl FnOnce(&mut super::super::Observations) {
    |seen| break_it(seen.menu.as_mut().unwrap())
}

#[test]
fn dr5_a_dish_without_a_price_in_either_service_is_red_and_in_one_yellow() {
    let none = broken(CheckId::Prices, menu(|menu| menu.catalogue.products[0].prices.clear()));
    assert_eq!(none, said(Verdict::Red, "without a price: «Margherita»"));
    let one = broken(CheckId::Prices, menu(|menu| drop(menu.catalogue.products[0].prices.pop())));
    assert_eq!(one, said(Verdict::Yellow, "priced in one service only: «Margherita»"));
    let zero = broken(CheckId::Prices, menu(|menu| menu.catalogue.products[0].prices[0] = price("takeaway", 0)));
    assert_eq!(zero, said(Verdict::Yellow, "priced in one service only: «Margherita»"));
}

#[test]
fn dr5_what_can_be_ordered_for_nothing_is_red_whatever_the_policy() {
    let mut seen = healthy();
    let publish = tenant_with(&json!({"missing_price": "publish"}));
    assert_eq!(look(CheckId::Prices, &publish, &seen).0, Verdict::Green);
    seen.menu.as_mut().unwrap().catalogue.products[1].prices.pop();
    let expected = said(Verdict::Red, "on sale for nothing: «Diavola»");
    assert_eq!(look(CheckId::Prices, &publish, &seen), expected);
}

#[test]
fn dr5_without_a_sales_mode_nothing_is_said_of_prices_and_what_is_not_on_sale_needs_none() {
    let modeless = broken(CheckId::Prices, menu(|menu| menu.catalogue.delivery = None));
    assert_eq!(modeless, said(Verdict::Unknown, "a sales mode is missing (DR4)"));
    let off = broken(
        CheckId::Prices,
        menu(|menu| {
            menu.catalogue.products[0].prices.clear();
            menu.catalogue.products[0].on_channel = false;
        }),
    );
    assert_eq!(off, said(Verdict::Green, "articles with both prices: 1"));
}

#[test]
fn dr5_of_many_names_a_few_are_shown_and_the_others_counted() {
    let found = broken(
        CheckId::Prices,
        menu(|menu| {
            let unpriced = |n: usize| crate::menu::till::TillProduct {
                prices: vec![],
                ..product(&format!("x{n}"), &format!("N{n}"))
            };
            menu.catalogue.products.extend((1..=7).map(unpriced));
        }),
    );
    assert_eq!(found, said(Verdict::Red, "without a price: «N1», «N2», «N3», «N4», «N5» (+2)"));
}

#[test]
fn dr6_a_category_off_the_channel_hides_its_articles_and_is_named() {
    let found = broken(
        CheckId::Channel,
        menu(|menu| {
            let mut bar = menu.catalogue.categories[0].clone();
            (bar.id, bar.name, bar.on_channel) = ("bar".into(), "Bar".into(), false);
            menu.catalogue.categories.push(bar);
            menu.catalogue.products[0].category = Some("bar".into());
        }),
    );
    assert_eq!(found, said(Verdict::Yellow, "category «Bar» off the channel, articles of it on the channel: 1"));
}

#[test]
fn dr6_nothing_on_the_channel_is_red() {
    let found = broken(
        CheckId::Channel,
        menu(|menu| menu.catalogue.products.iter_mut().for_each(|product| product.on_channel = false)),
    );
    assert_eq!(found, said(Verdict::Red, "no article on the channel"));
}

#[test]
fn dr6_is_told_at_night_as_a_finding_of_the_category() {
    let mut seen = healthy().menu.unwrap();
    assert_eq!(nightly(&seen.catalogue, &tenant()), []);
    seen.catalogue.categories[0].on_channel = false;
    let findings = nightly(&seen.catalogue, &tenant());
    let short: Vec<_> = findings.iter().map(|finding| (finding.check, finding.subject.as_str())).collect();
    assert_eq!(short, [(Check::Channel, "pizze")]);
    assert!(findings[0].message.contains("«Pizze»") && findings[0].message.contains("(2)"), "{findings:?}");
}

#[test]
fn dr7_variants_are_red_only_on_the_channel_and_the_technical_one_is_none() {
    let two = broken(CheckId::Variants, menu(|menu| menu.catalogue.products[1].variants = 2));
    assert_eq!(two, said(Verdict::Red, "with variants: «Diavola»"));
    let real = broken(CheckId::Variants, menu(|menu| menu.catalogue.products[1].multivariant = true));
    assert_eq!(real, said(Verdict::Red, "with variants: «Diavola»"));
    let off = broken(
        CheckId::Variants,
        menu(|menu| {
            menu.catalogue.products[1].variants = 2;
            menu.catalogue.products[1].on_channel = false;
        }),
    );
    assert_eq!(off, said(Verdict::Green, "no variants"));
}

fn ghost(is_deactivated: bool) -> HeldEntry {
    HeldEntry { key: "d:old".to_owned(), name: "Vecchia".to_owned(), is_deactivated }
}

#[test]
fn dr8_what_the_platform_sells_and_the_till_does_not_have_is_red_and_deactivated_yellow() {
    let live = broken(CheckId::Ghosts, |seen| seen.held.as_mut().unwrap().push(ghost(false)));
    assert_eq!(live, said(Verdict::Red, "on sale on Plateform and not on the till: «Vecchia»"));
    let waiting = broken(CheckId::Ghosts, |seen| seen.held.as_mut().unwrap().push(ghost(true)));
    assert_eq!(waiting, said(Verdict::Yellow, "deactivated entries to delete on Plateform: 1"));
}

#[test]
fn dr8_a_ghost_is_one_under_either_policy() {
    let mut seen = healthy();
    seen.held.as_mut().unwrap().push(ghost(false));
    let report = tenant_with(&json!({"deleted_article": "report"}));
    assert_eq!(look(CheckId::Ghosts, &report, &seen).0, Verdict::Red);
    assert_eq!(look(CheckId::Ghosts, &report, &healthy()).0, Verdict::Green);
}

#[test]
fn dr8_a_torn_reading_or_a_row_that_cannot_be_read_never_makes_a_ghost() {
    let torn = broken(CheckId::Ghosts, |seen| {
        seen.held.as_mut().unwrap().push(ghost(false));
        seen.menu.as_mut().unwrap().is_complete = false;
    });
    assert_eq!(torn, said(Verdict::Unknown, "the menu was not read whole"));
    let unreadable = broken(CheckId::Ghosts, |seen| {
        seen.held.as_mut().unwrap().push(ghost(false));
        seen.menu.as_mut().unwrap().unreadable.insert("d:old".to_owned());
    });
    assert_eq!(unreadable, said(Verdict::Green, "no ghosts"));
    let unseen = broken(CheckId::Ghosts, |seen| seen.held = Err(Unseen::Late));
    assert_eq!(unseen, said(Verdict::Unknown, "Plateform: no answer in time"));
}

#[test]
fn a_dish_of_another_sales_point_is_not_looked_at() {
    let mut seen = healthy();
    let dishes = &mut seen.menu.as_mut().unwrap().catalogue.products;
    dishes[0].sales_point = Some(crate::SalesPointId(90102));
    dishes[0].prices.clear();
    dishes[0].variants = 2;
    assert_eq!(look(CheckId::Channel, &tenant(), &seen), said(Verdict::Green, "articles on the channel: 1"));
    assert_eq!(look(CheckId::Prices, &tenant(), &seen).0, Verdict::Green);
    assert_eq!(look(CheckId::Variants, &tenant(), &seen), said(Verdict::Green, "no variants"));
}
