//! The trattoria: the pizzeria's menu and fifty-three dishes more, with additions and removals for whole categories.

use super::{
    account::Table,
    demo_menu::demo_ids as ids,
    demo_rows::{Row, category, modifier, option, simple},
};
use serde_json::json;

/// Categories that the pizzeria does not have.
const STARTERS: &str = "00000000-0000-4000-8002-000000000031";
const FIRST_COURSES: &str = "00000000-0000-4000-8002-000000000032";
const MAIN_COURSES: &str = "00000000-0000-4000-8002-000000000033";
const SIDES: &str = "00000000-0000-4000-8002-000000000034";

/// Options of the first courses, with their values.
const PASTA_ADDITIONS: &str = "00000000-0000-4000-8002-000000000301";
const PASTA_REMOVALS: &str = "00000000-0000-4000-8002-000000000302";
const PARMESAN: &str = "00000000-0000-4000-8002-000000000401";
const GUANCIALE: &str = "00000000-0000-4000-8002-000000000402";
const PECORINO: &str = "00000000-0000-4000-8002-000000000403";
const PEPPER: &str = "00000000-0000-4000-8002-000000000404";

/// Name and price in euro for take-away; a delivery costs a euro more.
type Card = &'static [(&'static str, f64)];

const CARDS: [(&str, &str, Card); 7] = [
    (
        STARTERS,
        ids::KITCHEN,
        &[
            ("Bruschetta al pomodoro", 5.0),
            ("Crostini toscani", 6.5),
            ("Supplì al telefono", 2.5),
            ("Fiori di zucca fritti", 7.0),
            ("Tagliere misto", 14.0),
            ("Caprese", 8.5),
            ("Carpaccio di manzo", 11.0),
            ("Insalata di mare", 12.5),
        ],
    ),
    (
        FIRST_COURSES,
        ids::KITCHEN,
        &[
            ("Carbonara", 11.0),
            ("Cacio e pepe", 10.5),
            ("Amatriciana", 11.0),
            ("Gricia", 10.5),
            ("Lasagne alla bolognese", 12.0),
            ("Gnocchi al pesto", 10.0),
            ("Spaghetti alle vongole", 14.5),
            ("Tagliatelle ai funghi", 13.0),
            ("Risotto alla milanese", 12.5),
            ("Pasta e fagioli", 9.0),
        ],
    ),
    (
        MAIN_COURSES,
        ids::KITCHEN,
        &[
            ("Saltimbocca alla romana", 15.0),
            ("Pollo alla cacciatora", 13.5),
            ("Cotoletta alla milanese", 16.0),
            ("Tagliata con rucola", 19.0),
            ("Ossobuco con gremolata", 20.0),
            ("Polpette al sugo", 12.0),
            ("Branzino al forno", 18.5),
            ("Frittura di calamari", 17.0),
        ],
    ),
    (
        SIDES,
        ids::KITCHEN,
        &[
            ("Patate al forno", 5.0),
            ("Cicoria ripassata", 5.5),
            ("Carciofi alla romana", 7.0),
            ("Insalata mista", 5.0),
            ("Verdure grigliate", 6.0),
        ],
    ),
    (
        ids::PIZZAS,
        ids::KITCHEN,
        &[
            ("Marinara", 6.0),
            ("Napoli", 8.0),
            ("Capricciosa", 9.5),
            ("Quattro stagioni", 9.5),
            ("Quattro formaggi", 9.0),
            ("Ortolana", 8.5),
            ("Prosciutto e funghi", 9.0),
            ("Tonno e cipolla", 9.0),
            ("Bufalina", 10.0),
            ("Calzone", 9.5),
        ],
    ),
    (
        ids::DESSERTS,
        ids::KITCHEN,
        &[("Panna cotta", 4.5), ("Cannolo siciliano", 4.0), ("Crostata di visciole", 5.0), ("Affogato al caffè", 4.5)],
    ),
    (
        ids::DRINKS,
        ids::BAR,
        &[
            ("Acqua frizzante", 1.5),
            ("Chinotto", 3.0),
            ("Aranciata", 3.0),
            ("Limonata", 3.0),
            ("Birra alla spina", 4.5),
            ("Vino della casa", 8.0),
            ("Caffè", 1.2),
            ("Amaro", 3.5),
        ],
    ),
];

/// The rows that the pizzeria does not have.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![
        option(PASTA_ADDITIONS, "Aggiunte primi", &[(PARMESAN, "Parmigiano"), (GUANCIALE, "Guanciale")]),
        option(PASTA_REMOVALS, "Rimozioni primi", &[(PECORINO, "Pecorino"), (PEPPER, "Pepe")]),
    ];
    let mut first_courses = category(FIRST_COURSES, "Primi", None, true);
    first_courses["modifiers"] = json!([
        modifier(PASTA_ADDITIONS, 0, false, &[(PARMESAN, 1.0), (GUANCIALE, 2.5)]),
        modifier(PASTA_REMOVALS, 1, true, &[(PECORINO, 0.0), (PEPPER, 0.0)]),
    ]);
    let categories = [
        category(STARTERS, "Antipasti", Some("antipasti"), true),
        first_courses,
        category(MAIN_COURSES, "Secondi", None, true),
        category(SIDES, "Contorni", None, true),
    ];
    rows.extend(categories.map(|row| (Table::Categories, row)));
    let cards =
        CARDS.iter().flat_map(|(category, department, card)| card.iter().map(move |dish| (category, department, dish)));
    // From 110 on: the pizzeria's products end at 109.
    rows.extend((110..).zip(cards).map(|(number, (category, department, (name, price)))| {
        let id = format!("00000000-0000-4000-8002-000000000{number}");
        (Table::Products, simple(&id, name, category, department, [Some(*price), Some(*price), Some(price + 1.0)]))
    }));
    rows
}
