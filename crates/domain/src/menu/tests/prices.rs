//! S26-S30, E18, E19: the two sales modes and nothing else make a price.

use super::build::{OTHER, OURS, alone, dish, mode, of_products, price, prices, product, tenant, tenant_with, with};
use crate::{
    Cents,
    menu::{Check, Dish, ServicePrice, mapping::map, till::TillPrice},
};
use serde_json::json;

const HIDDEN: ServicePrice = ServicePrice { price: Cents::ZERO, orderable: false };
const FREE: ServicePrice = ServicePrice { price: Cents::ZERO, orderable: true };

fn at(cents: i64) -> ServicePrice {
    ServicePrice { price: Cents(cents), orderable: true }
}

fn priced(prices: Vec<TillPrice>, policy: &str) -> (Dish, usize) {
    let catalogue = of_products(vec![with(product("p", "Margherita"), |p| p.prices = prices)]);
    let mapped = map(&catalogue, &tenant_with(json!({"missing_price": policy})));
    let wrong =
        mapped.findings.iter().filter(|finding| finding.check == Check::Price && finding.subject == "p").count();
    assert_eq!(wrong, mapped.findings.len());
    (dish(&mapped, "p").clone(), wrong)
}

#[test]
fn s26_s29_s30_each_service_has_the_price_of_its_own_mode() {
    let (dish, findings) = priced(prices(), "hide");
    assert_eq!((dish.takeaway, dish.delivery, findings), (at(700), at(800), 0));
}

#[test]
fn s29_a_price_of_this_sales_point_wins_over_the_general_one_and_one_of_another_is_not_seen() {
    let written = vec![
        price(Some("takeaway"), None, 700),
        price(Some("takeaway"), Some(OTHER), 100),
        price(Some("takeaway"), Some(OURS), 650),
        price(Some("delivery"), Some(OTHER), 100),
        price(Some("delivery"), None, 800),
    ];
    let (dish, findings) = priced(written, "hide");
    assert_eq!((dish.takeaway, dish.delivery, findings), (at(650), at(800), 0));
}

#[test]
fn s28_e18_a_missing_price_is_0_not_orderable_and_a_finding_and_never_the_base_price() {
    let (dish, findings) = priced(vec![price(None, None, 750), price(None, Some(OURS), 760)], "hide");
    assert_eq!((dish.takeaway, dish.delivery, findings), (HIDDEN, HIDDEN, 2));
    let (dish, findings) = priced(vec![price(Some("delivery"), None, 800)], "hide");
    assert_eq!((dish.takeaway, dish.delivery, findings), (HIDDEN, at(800), 1));
}

#[test]
fn s28_where_the_restaurant_publishes_them_missing_prices_are_0_and_orderable_and_still_a_finding() {
    let (dish, findings) = priced(vec![price(Some("delivery"), None, 0)], "publish");
    assert_eq!((dish.takeaway, dish.delivery, findings), (FREE, FREE, 2));
}

#[test]
fn e18_a_price_of_0_is_as_good_as_none() {
    let (dish, findings) = priced(vec![price(Some("takeaway"), None, 0), price(Some("delivery"), None, 800)], "hide");
    assert_eq!((dish.takeaway, dish.delivery, findings), (HIDDEN, at(800), 1));
}

#[test]
fn e18_a_price_that_cannot_be_true_is_never_orderable_under_either_policy() {
    for cents in [-1, -700, 1_000_001, i64::MAX, i64::MIN] {
        for policy in ["hide", "publish"] {
            let written = vec![price(Some("takeaway"), None, cents), price(Some("delivery"), None, 800)];
            let (dish, findings) = priced(written, policy);
            assert_eq!((dish.takeaway, dish.delivery, findings), (HIDDEN, at(800), 1), "{cents} {policy}");
        }
    }
    assert_eq!(priced(vec![price(Some("takeaway"), None, 1_000_000)], "hide").0.takeaway, at(1_000_000));
}

#[test]
fn e18_a_price_that_is_no_number_is_not_replaced_by_another_nor_given_away() {
    let unreadable = TillPrice { mode: Some(mode("takeaway")), sales_point: Some(OURS), value: None };
    for policy in ["hide", "publish"] {
        let written = vec![unreadable.clone(), price(Some("takeaway"), None, 700), price(Some("delivery"), None, 800)];
        let (dish, findings) = priced(written, policy);
        assert_eq!((dish.takeaway, findings), (HIDDEN, 1), "{policy}");
    }
}

#[test]
fn s27_s28_e19_without_its_sales_mode_a_service_has_no_price() {
    let mut catalogue = of_products(vec![product("p", "Margherita")]);
    catalogue.delivery = None;
    let mapped = map(&catalogue, &tenant());
    assert_eq!((dish(&mapped, "p").takeaway, dish(&mapped, "p").delivery), (at(700), HIDDEN));
    assert_eq!(mapped.findings.len(), 1);
}

#[test]
fn e18_findings_say_which_dish_what_is_wrong_and_where_to_mend_it() {
    let mapped = alone(with(product("p", "Margherita"), |p| p.prices = vec![price(Some("takeaway"), None, -100)]));
    let told: Vec<&str> = mapped.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(
        told,
        ["«Margherita» ha un prezzo negativo per l'asporto", "«Margherita» non ha prezzo per la consegna"]
    );
    assert!(mapped.findings.iter().all(|finding| finding.remedy.starts_with("Cassa: Configurazione > Prodotti")));
}
