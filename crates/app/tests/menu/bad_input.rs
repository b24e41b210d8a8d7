//! Whatever the till holds: each thing that is wrong has its finding, and the rest of the menu is right.

use crate::{
    build::{menu, mode, modifier, price, product, with},
    fixture::{CHANGES, Restaurant},
};
use domain::{
    Cents,
    menu::{
        Check,
        till::{Catalogue, TillPrice, TillProduct},
    },
};

/// What the till's people may do to a product, and what they are told.
type Slip = (&'static str, fn(&mut TillProduct), &'static [Check]);

const SLIPS: [Slip; 22] = [
    ("long", |p| p.name = "é".repeat(500), &[Check::Name]),
    ("empty", |p| p.name = String::new(), &[Check::Name]),
    ("blank", |p| p.name = "\u{200B} \u{0}\t".to_owned(), &[Check::Name]),
    ("emoji", |p| p.name = "Pizza 👩‍👩‍👧‍👦🍕".to_owned(), &[]),
    ("arabic", |p| p.name = "\u{202E}بيتزا".to_owned(), &[]),
    ("control", |p| p.name = "Piz\u{7}za\r\nbianca".to_owned(), &[]),
    ("html", |p| p.text = "<script>x</script><b>Buona".to_owned(), &[]),
    ("negative", |p| p.prices[0].value = Some(Cents(-700)), &[Check::Price]),
    ("absurd", |p| p.prices[0].value = Some(Cents(i64::MAX)), &[Check::Price]),
    ("unreadable-price", |p| p.prices[0].value = None, &[Check::Price]),
    ("free", |p| p.prices[1].value = Some(Cents(0)), &[Check::Price]),
    ("no-price", |p| p.prices.clear(), &[Check::Price, Check::Price]),
    ("other-list", |p| p.prices = vec![price("sm-sala", 900)], &[Check::Price, Check::Price]),
    ("lost", |p| p.category = Some("nessuna".to_owned()), &[Check::Category]),
    ("nowhere", |p| p.category = None, &[Check::Category]),
    ("photo", |p| p.images = vec!["C:\\foto.jpg".to_owned()], &[Check::Photo]),
    ("script-photo", |p| p.images = vec!["javascript:alert(1)".to_owned()], &[Check::Photo]),
    ("variants", |p| p.variants = 3, &[Check::Variants]),
    ("composition", |p| p.composition = true, &[Check::Composition]),
    ("by-weight", |p| p.by_weight = true, &[Check::ByWeight]),
    ("rate", |p| p.vat_rate = Some("IVA".to_owned()), &[]),
    ("no:id", |p| p.name = "Codice con due punti".to_owned(), &[Check::Name]),
];

fn broken() -> Catalogue {
    let mut catalogue = menu();
    catalogue.products.extend(SLIPS.iter().map(|(id, slip, _)| with(product(id, "bibite"), slip)));
    catalogue
}

#[tokio::test]
async fn every_slip_has_its_finding_and_the_rest_of_the_menu_is_right() {
    let shop = Restaurant::with(broken());
    assert!(!shop.sync(CHANGES).await.unwrap().held_back);
    let told = shop.told();
    for (id, _, checks) in SLIPS {
        let mut about: Vec<Check> = told.iter().filter(|(_, subject)| subject == id).map(|(check, _)| *check).collect();
        about.sort();
        assert_eq!(about, checks, "{id}");
    }
    assert!(told.iter().all(|(_, subject)| SLIPS.iter().any(|(id, ..)| subject == id)), "{told:?}");
    shop.assert_in_step();
    assert_eq!(shop.dish("long").name.chars().count(), 200);
    assert!(!shop.dish("absurd").takeaway.orderable && shop.dish("absurd").delivery.orderable);
    let good = Restaurant::with(menu());
    good.sync(CHANGES).await.unwrap();
    assert!(good.live().iter().all(|(key, entry)| shop.live().get(key) == Some(entry)));
    assert!(!shop.whole().await.held_back);
    assert_eq!(shop.platform.writes().len(), 1, "nothing of it comes again");
    assert_eq!(shop.platform.told().len(), 1);
}

#[tokio::test]
async fn a_slip_made_later_is_told_by_the_next_cycle_and_gone_when_it_is_mended() {
    for (id, slip, checks) in SLIPS.into_iter().filter(|(id, ..)| *id != "no:id") {
        let shop = Restaurant::synced(menu()).await;
        shop.change("p1", slip);
        assert!(!shop.cycle().await.held_back, "{id}");
        let mut told: Vec<Check> = shop.told().into_iter().map(|(check, _)| check).collect();
        told.sort();
        assert_eq!(told, checks, "{id}");
        shop.assert_in_step();
        shop.pass_minutes(20);
        shop.change("p1", |p| *p = product("p1", "bibite"));
        shop.cycle().await;
        assert_eq!(shop.told(), [], "{id}");
        shop.whole().await;
        shop.assert_in_step();
    }
}

#[tokio::test]
async fn options_and_categories_with_slips_are_told_and_the_others_offered() {
    let shop = Restaurant::synced(menu()).await;
    shop.change("margherita", |p| {
        let mut odd = modifier("o-base", "Base", "v-integrale", 100);
        for (id, change) in [("v-muta", None), ("v-cara", Some(9_000_000))] {
            let mut value = odd.values[0].clone();
            value.id = domain::OptionValueId::parse(id).unwrap();
            match change {
                Some(cents) => value.price = Some(Cents(cents)),
                None => value.name = None,
            }
            odd.values.push(value);
        }
        p.modifiers = vec![odd];
    });
    shop.cycle().await;
    assert_eq!(shop.told(), [(Check::Option, "v-cara".to_owned()), (Check::Option, "v-muta".to_owned())]);
    shop.till.catalogue.change_category("bibite", |c| c.image = Some("nessuna".to_owned()));
    shop.till.catalogue.change_category("pizze", |c| c.name = " ".to_owned());
    shop.cycle().await;
    let told = shop.told();
    for expected in [(Check::Photo, "bibite"), (Check::Name, "pizze"), (Check::Category, "margherita")] {
        assert!(told.contains(&(expected.0, expected.1.to_owned())), "{told:?}");
    }
    shop.assert_in_step();
}

#[tokio::test]
async fn a_row_that_the_till_repeats_every_time_is_one_dish() {
    let shop = Restaurant::synced(menu()).await;
    shop.till.catalogue.put_product(product("p1", "bibite"));
    shop.change("p2", |p| p.name = "Chinotto".to_owned());
    assert!(!shop.cycle().await.held_back);
    shop.assert_in_step();
    assert_eq!((shop.whole().await.written, shop.told()), (0, vec![]));
}

#[tokio::test]
async fn prices_of_other_sales_points_and_lists_are_none_of_ours() {
    let shop = Restaurant::synced(menu()).await;
    let elsewhere = |cents| TillPrice { sales_point: Some(domain::SalesPointId(1)), ..price("sm-takeaway", cents) };
    shop.change("p1", |p| p.prices = vec![elsewhere(1), price("sm-takeaway", 710), price("sm-delivery", 810)]);
    shop.change("p2", |p| p.prices.push(TillPrice { mode: mode("sm-sala"), ..price("sm-sala", 2) }));
    shop.cycle().await;
    assert_eq!((shop.dish("p1").takeaway.price, shop.dish("p2").takeaway.price), (Cents(710), Cents(700)));
    assert_eq!(shop.told(), []);
}
