//! The pizzeria: its sales point, its webhooks, its rows. All ids are fixed and invented.

use super::{account::Table, demo_rows, trattoria};
use crate::restaurant::{MenuChoice, RestaurantSpec};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Fixed ids of the demo menu.
pub mod demo_ids {
    macro_rules! ids {
        ($($(#[$doc:meta])* $name:ident = $tail:literal;)+) => {
            $($(#[$doc])* pub const $name: &str = concat!("00000000-0000-4000-8000-000000000", $tail);)+
        };
    }
    ids! {
        /// VAT at 10 %.
        TAX_10 = "011";
        /// VAT at 22 %.
        TAX_22 = "012";
        /// Department "Cucina", 10 %.
        KITCHEN = "021";
        /// Department "Bar", 22 %.
        BAR = "022";
        /// Department "Consegna", 22 %.
        DELIVERY_DEPARTMENT = "023";
        /// Category "Pizze", with additions for every pizza.
        PIZZAS = "031";
        /// Category "Bevande".
        DRINKS = "032";
        /// Category "Dolci".
        DESSERTS = "033";
        /// Category "Gastronomia".
        DELI = "034";
        /// Category "Servizi", off every channel but the till's own.
        SERVICES = "035";
        /// Sales mode `plateform_takeaway`.
        TAKEAWAY = "041";
        /// Sales mode `plateform_delivery`.
        DELIVERY = "042";
        /// Sales mode "Banco".
        COUNTER = "043";
        /// Margherita: 7.00 take-away, 8.00 delivery, removals of its own.
        MARGHERITA = "101";
        /// Diavola: 8.50 and 9.50, additions of its own.
        DIAVOLA = "102";
        /// Focaccia: base price only.
        FOCACCIA = "103";
        /// Birra artigianale: multivariant.
        BEER = "104";
        /// Acqua naturale: 1.50 and 2.00.
        WATER = "105";
        /// Porchetta: by weight, 22.00 and 24.00 a kilo.
        PORCHETTA = "106";
        /// Tiramisù: 4.50 and 5.00, only of one sales point.
        TIRAMISU = "107";
        /// Consegna a domicilio: 2.50, the row of a delivery fee.
        DELIVERY_FEE = "108";
        /// Articolo generico: for lines that match nothing.
        GENERIC = "109";
        /// Variant behind the Margherita.
        MARGHERITA_VARIANT = "201";
        /// Variant behind the Diavola.
        DIAVOLA_VARIANT = "202";
        /// Variant behind the Acqua naturale.
        WATER_VARIANT = "205";
        /// Variant behind the delivery fee.
        DELIVERY_FEE_VARIANT = "208";
        /// Variant behind the generic article.
        GENERIC_VARIANT = "209";
        /// Option "Aggiunte pizza", on the category.
        PIZZA_ADDITIONS = "301";
        /// Option "Rimozioni", on the Margherita.
        REMOVALS = "302";
        /// Option "Aggiunte piccanti", on the Diavola.
        SPICY_ADDITIONS = "303";
        /// Value "Mozzarella di bufala", 2.00.
        BUFALA = "401";
        /// Value "Speck", 1.50.
        SPECK = "402";
        /// Value "Cipolla", a removal.
        ONION = "403";
        /// Value "Basilico", a removal.
        BASIL = "404";
        /// Value "'Nduja", 1.80.
        NDUJA = "405";
        /// Value "Peperoncino fresco", 0.50.
        CHILI = "406";
    }
}

/// The sales point as the till shows it.
pub(crate) fn sales_point(id: i64, name: &str) -> Value {
    json!({
        "id": id, "name": name, "description": "Sede centrale", "latitude": 45.07, "longitude": 7.68,
        "street": "Via Esempio 1", "city": "Torino", "zipcode": "10100", "district": "TO", "country": "IT",
        "vatNumber": "00000000000", "phoneNumber": "+390000000000", "email": "sede@example.test",
        "currency": { "id": 1, "code": "EUR", "name": "Euro", "numberOfDecimals": 2 },
    })
}

/// The webhooks that the portal has configured for a sales point, one for each entity.
pub(crate) fn webhooks(spec: &RestaurantSpec) -> Vec<Value> {
    let entities = ["ORDER", "RECEIPT", "PRODUCT", "CATEGORY", "MODIFIER", "DEPARTMENT", "TAX", "CUSTOMER"];
    entities.iter().map(|entity| webhook(spec, entity)).collect()
}

/// A webhook of the portal for every event of an entity. The address is completed when it is shown.
pub(crate) fn webhook(spec: &RestaurantSpec, entity: &str) -> Value {
    json!({
        "id": format!("webhook-{}-{}", spec.sales_point_id, entity.to_lowercase()), "entity": entity,
        "events": ["CREATE", "EDIT", "DELETE"], "url": format!("/webhooks/cic/{}", spec.restaurant_id),
        "description": "Ponte", "paused": false, "idsSalesPoint": [spec.sales_point_id],
    })
}

/// Every row of the restaurant's menu, in the order in which lists show them, last changed a day ago.
pub(crate) fn rows(spec: &RestaurantSpec, now: Timestamp) -> Vec<(Table, Value)> {
    if spec.menu == MenuChoice::None {
        return Vec::new();
    }
    let mut rows = demo_rows::registers();
    rows.extend(demo_rows::options());
    rows.extend(demo_rows::categories());
    rows.extend(demo_rows::products(spec.sales_point_id));
    if spec.menu == MenuChoice::Trattoria {
        rows.extend(trattoria::rows());
    }
    rows.extend((0..spec.extra_products).map(demo_rows::extra_product));
    // Whoever asks for what has changed of late gets none of it.
    let yesterday = now.as_millisecond() - 24 * 3600 * 1000;
    for (_, row) in &mut rows {
        row["lastUpdate"] = json!(yesterday);
    }
    rows
}
