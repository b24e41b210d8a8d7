//! What the tests build their catalogues from.

use domain::{
    Cents, CustomerId, OptionId, OptionValueId, SalesModeId,
    menu::till::{Catalogue, TillCategory, TillModifier, TillPrice, TillProduct, TillValue},
    order::Customer,
};

pub(crate) fn mode(id: &str) -> Option<SalesModeId> {
    Some(SalesModeId::parse(id).unwrap())
}

pub(crate) fn price(list: &str, cents: i64) -> TillPrice {
    TillPrice { mode: mode(list), sales_point: None, value: Some(Cents(cents)) }
}

/// A modifier with one value.
pub(crate) fn modifier(option: &str, name: &str, value: &str, cents: i64) -> TillModifier {
    let value = TillValue {
        id: OptionValueId::parse(value).unwrap(),
        name: Some(format!("Voce {value}")),
        price: Some(Cents(cents)),
        prices: vec![],
        is_percentage: false,
        is_default: false,
    };
    let option = OptionId::parse(option).unwrap();
    TillModifier { option, name: Some(name.to_owned()), position: 0, values: vec![value] }
}

pub(crate) fn category(id: &str, name: &str) -> TillCategory {
    TillCategory { id: id.to_owned(), name: name.to_owned(), on_channel: true, ..TillCategory::default() }
}

/// A product of 7.00 € for take-away and 8.00 € for delivery.
pub(crate) fn product(id: &str, category: &str) -> TillProduct {
    TillProduct {
        id: id.to_owned(),
        name: format!("Piatto {id}"),
        category: Some(category.to_owned()),
        on_channel: true,
        prices: vec![price("sm-takeaway", 700), price("sm-delivery", 800)],
        variants: 1,
        vat_rate: Some("10".to_owned()),
        ..TillProduct::default()
    }
}

pub(crate) fn with<T>(mut value: T, change: impl FnOnce(&mut T)) -> T {
    change(&mut value);
    value
}

/// `bibite` with so many products, `p1` the first.
pub(crate) fn drinks(count: usize) -> Catalogue {
    Catalogue {
        categories: vec![category("bibite", "Bibite")],
        products: (1..=count).map(|number| product(&format!("p{number}"), "bibite")).collect(),
        takeaway: mode("sm-takeaway"),
        delivery: mode("sm-delivery"),
        ..Catalogue::default()
    }
}

/// Twenty dishes: two pizze with additions of the category and of their own, and eighteen drinks.
pub(crate) fn menu() -> Catalogue {
    let mut menu = drinks(18);
    menu.categories.push(with(category("pizze", "Pizze"), |pizze| {
        pizze.modifiers = vec![modifier("o-salse", "Salse", "v-maionese", 50), modifier("o-base", "Base", "v-base", 0)];
        pizze.image = Some("https://images.example.test/pizze.jpg".to_owned());
    }));
    menu.products.push(with(product("margherita", "pizze"), |pizza| {
        pizza.modifiers = vec![modifier("o-base", "Base", "v-integrale", 100)];
        pizza.images = vec!["https://images.example.test/margherita.jpg".to_owned()];
        pizza.text = "<p>Pomodoro &amp; mozzarella</p>".to_owned();
    }));
    menu.products.push(product("marinara", "pizze"));
    menu
}

pub(crate) fn customer(id: &str) -> Customer {
    Customer {
        id: CustomerId::parse(id).unwrap(),
        first_name: "Cliente".to_owned(),
        last_name: id.to_owned(),
        email: Some(format!("{id}@example.test")),
        phone: None,
    }
}
