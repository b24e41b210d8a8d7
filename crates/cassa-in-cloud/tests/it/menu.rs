//! The catalogue, page by page: what is asked, and what is made of each row.

use crate::{
    access::{access, client, fixture, now, work},
    server::Server,
};
use app::ports::{
    TenantAccess, TillError,
    menu::{Page, Slice, TillCatalogue},
};
use domain::{
    Cents, SalesModeId,
    menu::{
        Entry,
        mapping::map,
        till::{Catalogue, TillProduct},
    },
    tenant::Tenant,
};
use serde_json::{Value, json};

pub(crate) const FIRST: Slice = Slice { start: 0, limit: 100, changed_since: None };

/// A tenant whose record has these fields of `cic`.
pub(crate) fn access_of(cic: &Value) -> TenantAccess {
    let mut record = json!({"tenant_id": "rest-1", "cic": {"sales_point_id": 90101}});
    record["cic"].as_object_mut().unwrap().extend(cic.as_object().unwrap().clone());
    TenantAccess { tenant: Tenant::from_record(record.as_object().unwrap()).unwrap(), ..access() }
}

async fn products(body: Value) -> Result<Page<TillProduct>, TillError> {
    let server = Server::answering(200, body).await;
    client(&server).catalogue_products(&work(), &access(), FIRST).await
}

fn misshapen(what: &str) -> TillError {
    TillError::Unclear { status: Some(200), detail: format!("not the documented shape: {what}") }
}

#[tokio::test]
async fn s46_a_page_is_asked_for_as_the_till_reads_queries_and_of_the_restaurant_s_sales_point() {
    let server = Server::answering(200, json!({"totalCount": 0})).await;
    let client = client(&server);
    let later = Slice { start: 200, limit: 50, changed_since: Some(now()) };
    for slice in [FIRST, later] {
        client.categories(&work(), &access(), slice).await.unwrap();
        client.catalogue_products(&work(), &access(), slice).await.unwrap();
    }
    let seen = "idsSalesPoint=%5B90101%5D&itemListVisibility=true";
    let expected = [
        format!("GET /categories?{seen}&start=0&limit=100 HTTP/1.1"),
        format!("GET /products?{seen}&start=0&limit=100 HTTP/1.1"),
        format!("GET /categories?{seen}&lastUpdateFrom=1795548600000&start=200&limit=50 HTTP/1.1"),
        format!("GET /products?{seen}&lastUpdateFrom=1795548600000&start=200&limit=50 HTTP/1.1"),
    ];
    assert_eq!(server.requests().into_iter().map(|request| request.line).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn no_page_is_larger_than_the_till_allows_or_empty() {
    let server = Server::answering(200, json!({"totalCount": 0})).await;
    for limit in [0, 1, 100, 101, usize::MAX] {
        client(&server).categories(&work(), &access(), Slice { limit, ..FIRST }).await.unwrap();
    }
    let limits: Vec<_> = server.requests().iter().map(|request| request.query("limit").unwrap()).collect();
    assert_eq!(limits, ["1", "1", "100", "100", "100"]);
}

#[tokio::test]
async fn a_page_is_one_call_and_who_reads_decides_about_the_next() {
    let rows: Vec<Value> = (0..100).map(|n| json!({"id": format!("c-{n}"), "description": "Pizze"})).collect();
    let server = Server::answering(200, json!({"categories": rows, "totalCount": "250"})).await;
    let page = client(&server).categories(&work(), &access(), FIRST).await.unwrap();
    assert_eq!((page.rows.len(), page.sent, page.total, server.requests().len()), (100, 100, 250, 1));
}

#[tokio::test]
async fn the_documented_page_is_read() {
    let page = products(fixture("products-page")).await.unwrap();
    assert_eq!((page.sent, page.total, page.unreadable.len()), (3, 3, 0));
    let [margherita, beer, fee] = &page.rows[..] else { panic!("{page:?}") };
    assert_eq!((margherita.name.as_str(), margherita.on_channel, margherita.variants), ("Margherita", true, 1));
    assert_eq!(
        margherita.prices.iter().map(|price| price.value).collect::<Vec<_>>(),
        [Some(Cents(750)), Some(Cents(700)), Some(Cents(800))]
    );
    assert_eq!(margherita.modifiers[0].name.as_deref(), Some("Rimozioni"));
    assert_eq!(margherita.images, ["https://images.example.test/margherita.jpg"]);
    assert_eq!((beer.multivariant, beer.variants), (true, 2));
    assert!(!fee.on_channel);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_named_by_its_id_and_hides_no_other() {
    let rows = json!([
        {"id": "p-1"}, {"id": "p-2", "prices": 7}, {"id": 7, "multivariant": "perhaps"}, {"prices": []}, null, 3,
        {"id": "p-3", "idSalesPoint": "here"}, {"id": "p-4", "prices": [{"value": "x"}]}
    ]);
    let page = products(json!({"products": rows, "totalCount": 8})).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["p-1", "p-4"]);
    assert_eq!(page.unreadable, ["p-2", "7", "p-3"]);
    assert_eq!((page.sent, page.total), (8, 8), "rows without an id are counted, so that nothing is taken for whole");
}

#[tokio::test]
async fn a_page_without_a_total_is_the_last_one_if_it_is_not_full_and_else_has_more_after_it() {
    for total in [json!(null), json!(-1), json!("many"), json!(1.5), json!([1])] {
        let page = products(json!({"products": [{"id": "p-1"}], "totalCount": total})).await.unwrap();
        assert_eq!((page.sent, page.total), (1, 1), "{total}");
    }
    assert_eq!(products(json!({"products": []})).await.unwrap().total, 0);
    let full: Vec<Value> = (0..100).map(|n| json!({"id": format!("p-{n}")})).collect();
    assert_eq!(products(json!({"products": full})).await.unwrap().total, 101);
}

#[tokio::test]
async fn a_page_without_a_list_is_refused_unless_the_till_says_that_there_is_nothing() {
    for body in [
        json!({}),
        json!({"totalCount": 3}),
        json!({"products": null, "totalCount": 3}),
        json!({"products": {"id": "p-1"}, "totalCount": 1}),
        json!({"rows": [{"id": "p-1"}], "totalCount": 1}),
    ] {
        assert_eq!(products(body.clone()).await, Err(misshapen("no list")), "{body}");
    }
    let empty = Page { rows: Vec::new(), sent: 0, total: 0, unreadable: Vec::new() };
    assert_eq!(products(json!({"totalCount": 0})).await, Ok(empty));
}

#[tokio::test]
async fn s40_each_channel_is_read_from_its_own_flag() {
    let flags = [
        ("RISTO", "enableForRisto"),
        ("SALE", "enableForSale"),
        ("ECOMMERCE", "enableForECommerce"),
        ("MOBILE_COMMERCE", "enableForMobileCommerce"),
        ("SELF_ORDER", "enableForSelfOrderMenu"),
        ("KIOSK", "enableForKiosk"),
    ];
    let rows: Vec<Value> = flags.iter().map(|(channel, flag)| json!({"id": channel, *flag: true})).collect();
    let server = Server::answering(200, json!({"products": rows, "categories": rows, "totalCount": 6})).await;
    let client = client(&server);
    for (channel, _) in flags {
        let access = access_of(&json!({ "channel": channel }));
        let products = client.catalogue_products(&work(), &access, FIRST).await.unwrap().rows;
        let categories = client.categories(&work(), &access, FIRST).await.unwrap().rows;
        assert_eq!(products.iter().filter(|row| row.on_channel).map(|row| &row.id).collect::<Vec<_>>(), [channel]);
        assert_eq!(categories.iter().filter(|row| row.on_channel).map(|row| &row.id).collect::<Vec<_>>(), [channel]);
    }
}

#[tokio::test]
async fn nothing_whose_price_cannot_be_read_is_offered_for_nothing() {
    let value = |id: &str, price: Value| {
        let mut value = json!({"idValue": id, "value": {"description": format!("Voce {id}")}});
        value.as_object_mut().unwrap().extend(price.as_object().unwrap().clone());
        value
    };
    let modifier = json!({"idOption": "o", "option": {"description": "Aggiunte"}, "values": [
        value("free", json!({"price": 0})),
        value("paid", json!({"price": "1.80"})),
        value("comma", json!({"price": "1,80"})),
        value("object", json!({"price": {"value": 1.8}})),
        value("list", json!({"prices": [{"idSalesMode": "asporto", "value": "1,80"}]})),
        value("elsewhere", json!({"prices": [{"value": 1.8}]})),
        value("odd-list", json!({"price": 1.8, "prices": {"value": 1.8}})),
        value("percent", json!({"percentagePrice": "dieci"})),
    ]});
    let price = |value: Value| json!([{"value": 9}, {"idSalesMode": "asporto", "value": value}]);
    let dish = |id: &str, prices: Value| json!({"id": id, "description": id, "idCategory": "c", "enableForMobileCommerce": true, "prices": prices});
    let rows = [
        dish("right", price(json!(7))),
        dish("comma", price(json!("7,00"))),
        dish("object", price(json!({"amount": 7}))),
        dish("odd", json!([{"idSalesMode": ["asporto"], "value": 7}])),
    ];
    let category = json!({"id": "c", "description": "Pizze", "enableForMobileCommerce": true, "modifiers": [modifier]});
    let server = Server::answering(200, json!({"categories": [category], "products": rows, "totalCount": 4})).await;
    let client = client(&server);
    let products = client.catalogue_products(&work(), &access(), FIRST).await.unwrap();
    assert_eq!(products.unreadable, ["odd"]);
    let catalogue = Catalogue {
        categories: client.categories(&work(), &access(), FIRST).await.unwrap().rows,
        products: products.rows,
        takeaway: SalesModeId::parse("asporto").ok(),
        ..Catalogue::default()
    };
    let mapped = map(&catalogue, &access().tenant);
    let orderable: Vec<_> = mapped.menu.dishes().filter(|dish| dish.takeaway.orderable).collect();
    assert_eq!(
        orderable.iter().map(|dish| (dish.name.as_str(), dish.takeaway.price)).collect::<Vec<_>>(),
        [("right", Cents(700))]
    );
    let options = mapped.menu.entries.values().filter_map(|entry| match entry {
        Entry::Group(group) => Some(&group.options),
        _ => None,
    });
    let offered: Vec<_> = options.flatten().map(|option| (option.external_id.as_str(), option.price)).collect();
    assert_eq!(offered, [("free", Cents(0)), ("paid", Cents(180))]);
}
