//! A small menu that every till of a run sells.

use domain::{
    Cents, SalesModeId,
    menu::till::{Catalogue, TillCategory, TillPrice, TillProduct},
};

/// A catalogue of these products, in one category, with a price in each list.
///
/// # Errors
/// When a sales mode's id is none: a fault of this module.
pub(crate) fn catalogue(products: &[&str]) -> anyhow::Result<Catalogue> {
    let modes = [SalesModeId::parse("plateform_takeaway")?, SalesModeId::parse("plateform_delivery")?];
    let prices = |cents| {
        modes.iter().map(move |mode| TillPrice {
            mode: Some(mode.clone()),
            sales_point: None,
            value: Some(Cents(cents)),
        })
    };
    let category =
        TillCategory { id: "carta".to_owned(), name: "Carta".to_owned(), on_channel: true, ..TillCategory::default() };
    let products = products.iter().zip(5..).map(|(name, euros)| TillProduct {
        id: (*name).to_owned(),
        name: (*name).to_owned(),
        category: Some("carta".to_owned()),
        on_channel: true,
        prices: prices(euros * 100).collect(),
        variants: 1,
        vat_rate: Some("10".to_owned()),
        ..TillProduct::default()
    });
    let products = products.collect();
    let [takeaway, delivery] = modes.clone().map(Some);
    Ok(Catalogue { categories: vec![category], products, takeaway, delivery, ..Catalogue::default() })
}
