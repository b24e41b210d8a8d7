//! The rows of the pizzeria, as the till keeps them.

use super::{account::Table, demo_menu::demo_ids as ids};
use serde_json::{Value, json};

/// A row and its table.
pub(super) type Row = (Table, Value);

/// Taxes, departments and sales modes.
pub(super) fn registers() -> Vec<Row> {
    let department = |id, name: &str, tax, sales_type| {
        (
            Table::Departments,
            json!({ "id": id, "description": name, "descriptionLabel": name, "color": "#AA3311", "idTax": tax,
                "descriptionReceipt": name.to_uppercase(), "salesType": sales_type }),
        )
    };
    let mode = |id, name| (Table::SalesModes, json!({ "id": id, "description": name }));
    vec![
        (Table::Taxes, json!({ "id": ids::TAX_10, "description": "IVA 10%", "rate": 10 })),
        (Table::Taxes, json!({ "id": ids::TAX_22, "description": "IVA 22%", "rate": 22 })),
        department(ids::KITCHEN, "Cucina", ids::TAX_10, "GOODS"),
        department(ids::BAR, "Bar", ids::TAX_22, "GOODS"),
        department(ids::DELIVERY_DEPARTMENT, "Consegna", ids::TAX_22, "SERVICES"),
        mode(ids::TAKEAWAY, "plateform_takeaway"),
        mode(ids::DELIVERY, "plateform_delivery"),
        mode(ids::COUNTER, "Banco"),
    ]
}

/// Options with the names of their values.
pub(super) fn options() -> Vec<Row> {
    vec![
        option(ids::PIZZA_ADDITIONS, "Aggiunte pizza", &[(ids::BUFALA, "Mozzarella di bufala"), (ids::SPECK, "Speck")]),
        option(ids::REMOVALS, "Rimozioni", &[(ids::BASIL, "Basilico"), (ids::ONION, "Cipolla")]),
        option(
            ids::SPICY_ADDITIONS,
            "Aggiunte piccanti",
            &[(ids::NDUJA, "'Nduja"), (ids::CHILI, "Peperoncino fresco")],
        ),
    ]
}

/// An option with its values, each an id and a name.
pub(super) fn option(id: &str, name: &str, values: &[(&str, &str)]) -> Row {
    let values = values.iter().map(|(id, name)| json!({ "id": id, "description": name }));
    (Table::Options, json!({ "id": id, "description": name, "values": values.collect::<Vec<_>>() }))
}

/// A modifier: an option offered, with the prices of its values.
pub(super) fn modifier(option: &str, position: u8, is_default: bool, values: &[(&str, f64)]) -> Value {
    let values = values.iter().map(|(id, price)| json!({ "idValue": id, "price": price, "isDefault": is_default }));
    json!({ "idOption": option, "position": position, "values": values.collect::<Vec<_>>() })
}

fn channels(row: &mut Value, on: bool) {
    for (flag, value) in [
        ("enableForRisto", on),
        ("enableForSale", true),
        ("enableForECommerce", false),
        ("enableForMobileCommerce", on),
        ("enableForSelfOrderMenu", on),
        ("enableForKiosk", false),
    ] {
        row[flag] = json!(value);
    }
}

/// A category, on its channels or off them.
pub(super) fn category(id: &str, name: &str, image: Option<&str>, on: bool) -> Value {
    let mut row = json!({ "id": id, "description": name });
    channels(&mut row, on);
    if let Some(image) = image {
        row["imageUrl"] = json!(format!("https://images.example.test/{image}.jpg"));
    }
    row
}

/// The five categories.
pub(super) fn categories() -> Vec<Row> {
    let mut pizzas = category(ids::PIZZAS, "Pizze", Some("pizze"), true);
    pizzas["modifiers"] = json!([modifier(ids::PIZZA_ADDITIONS, 0, false, &[(ids::BUFALA, 2.0), (ids::SPECK, 1.5)])]);
    let rows = [
        pizzas,
        category(ids::DRINKS, "Bevande", None, true),
        category(ids::DESSERTS, "Dolci", Some("dolci"), true),
        category(ids::DELI, "Gastronomia", None, true),
        category(ids::SERVICES, "Servizi", None, false),
    ];
    rows.into_iter().map(|row| (Table::Categories, row)).collect()
}

/// A simple product with its technical variant; the last digits of its id give those of the variant.
pub(super) fn simple(id: &str, name: &str, category: &str, department: &str, prices: [Option<f64>; 3]) -> Value {
    let [base, takeaway, delivery] = prices;
    let variant = format!("{}2{}", &id[..id.len() - 3], &id[id.len() - 2..]);
    let internal = format!("ART{}", &id[id.len() - 3..]);
    let mut entries = vec![json!({ "value": base.unwrap_or_default() })];
    entries.extend(takeaway.map(|value| json!({ "idSalesMode": ids::TAKEAWAY, "value": value })));
    entries.extend(delivery.map(|value| json!({ "idSalesMode": ids::DELIVERY, "value": value })));
    let label: String = name.chars().take(12).collect();
    let mut row = json!({
        "id": id, "description": name, "descriptionLabel": label, "descriptionExtended": "",
        "descriptionReceipt": name.to_uppercase(), "idDepartment": department, "idCategory": category,
        "soldByWeight": false, "multivariant": false, "internalId": internal, "prices": entries,
        "variants": [{ "id": variant, "description": name, "internalId": internal }],
        "menu": false, "composition": false, "soldOnlyInCompositions": false,
    });
    channels(&mut row, true);
    row
}

/// The nine products.
pub(super) fn products(point: i64) -> Vec<Row> {
    let all = |base, takeaway, delivery| [Some(base), Some(takeaway), Some(delivery)];
    let mut margherita = simple(ids::MARGHERITA, "Margherita", ids::PIZZAS, ids::KITCHEN, all(7.5, 7.0, 8.0));
    margherita["descriptionExtended"] = json!("<p>Pomodoro, mozzarella, basilico</p>");
    margherita["images"] = json!([{ "imageUrl": "https://images.example.test/margherita.jpg" }]);
    margherita["modifiers"] = json!([modifier(ids::REMOVALS, 1, true, &[(ids::BASIL, 0.0), (ids::ONION, 0.0)])]);
    let mut diavola = simple(ids::DIAVOLA, "Diavola", ids::PIZZAS, ids::KITCHEN, all(9.0, 8.5, 9.5));
    diavola["descriptionExtended"] = json!("Pomodoro, mozzarella, salame piccante");
    diavola["modifiers"] = json!([modifier(ids::SPICY_ADDITIONS, 1, false, &[(ids::NDUJA, 1.8), (ids::CHILI, 0.5)])]);
    let focaccia = simple(ids::FOCACCIA, "Focaccia", ids::PIZZAS, ids::KITCHEN, [Some(5.0), None, None]);
    let water = simple(ids::WATER, "Acqua naturale", ids::DRINKS, ids::BAR, all(1.5, 1.5, 2.0));
    let mut porchetta = simple(ids::PORCHETTA, "Porchetta", ids::DELI, ids::KITCHEN, all(22.0, 22.0, 24.0));
    porchetta["soldByWeight"] = json!(true);
    let mut tiramisu = simple(ids::TIRAMISU, "Tiramisù", ids::DESSERTS, ids::KITCHEN, all(4.5, 4.5, 5.0));
    tiramisu["idSalesPoint"] = json!(point);
    let mut fee =
        simple(ids::DELIVERY_FEE, "Consegna a domicilio", ids::SERVICES, ids::DELIVERY_DEPARTMENT, all(2.5, 2.5, 2.5));
    channels(&mut fee, false);
    let mut generic = simple(ids::GENERIC, "Articolo generico", ids::SERVICES, ids::KITCHEN, [Some(0.0), None, None]);
    channels(&mut generic, false);
    let rows = [margherita, diavola, focaccia, beer(), water, porchetta, tiramisu, fee, generic];
    rows.into_iter().map(|row| (Table::Products, row)).collect()
}

/// The multivariant product.
fn beer() -> Value {
    let mut row = simple(ids::BEER, "Birra artigianale", ids::DRINKS, ids::BAR, [Some(5.0), None, None]);
    row["multivariant"] = json!(true);
    let variant = |tail: &str, name: &str, price: f64| {
        json!({ "id": format!("00000000-0000-4000-8000-000000000{tail}"), "description": name,
            "internalId": format!("BIR{tail}"), "prices": [{ "value": price }] })
    };
    row["variants"] = json!([variant("241", "33 cl", 5.0), variant("242", "50 cl", 6.5)]);
    let value = |tail: &str| json!({ "idValue": format!("00000000-0000-4000-8000-000000000{tail}") });
    let option = "00000000-0000-4000-8000-000000000304";
    row["attributes"] = json!([{ "idOption": option, "position": 0, "values": [value("441"), value("442")] }]);
    row
}

/// A further simple pizza, for large catalogues.
pub(super) fn extra_product(number: usize) -> Row {
    let id = format!("00000000-0000-4000-8001-{number:09}100");
    let mut row =
        simple(&id, &format!("Pizza {}", number + 1), ids::PIZZAS, ids::KITCHEN, [Some(7.0), Some(7.0), Some(8.0)]);
    row["variants"][0]["id"] = json!(format!("00000000-0000-4000-8001-{number:09}200"));
    (Table::Products, row)
}
