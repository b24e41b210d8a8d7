//! From one reading of the till to the desired menu: pure, and total. Whatever the till holds, the rest of the menu is
//! right; what is not offered is a finding.

mod dish;

use super::{
    finding::{Check, Finding},
    model::{Category, Dish, Entry, Kind, Menu, entry_key},
    options::{self, Offered, Place},
    text::{self, Fitted},
    till::{Catalogue, TillCategory, TillModifier, TillProduct},
};
use crate::{SalesPointId, tenant::Tenant};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Where dishes without a category sit, not orderable (E52).
pub const NO_CATEGORY: &str = "ponte:senza-categoria";

/// What a reading of the till becomes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapped {
    /// The desired menu.
    pub menu: Menu,
    /// What is not offered, or should be known.
    pub findings: Vec<Finding>,
    /// Products that were read and are not offered at all: deactivated if they were before.
    pub withheld: Vec<String>,
    /// Keys of categories and dishes that are at the till and could not be read: they and their groups stay on the
    /// platform as they are (E43).
    pub untouched: BTreeSet<String>,
}

/// Maps a reading of the till for one tenant.
#[must_use]
pub fn map(catalogue: &Catalogue, tenant: &Tenant) -> Mapped {
    map_readable(catalogue, &BTreeSet::new(), tenant)
}

/// Maps a reading in which some rows could not be read, given by their keys. A dish whose category is one of them is
/// left alone too: what it would offer is not known.
#[must_use]
pub fn map_readable(catalogue: &Catalogue, unreadable: &BTreeSet<String>, tenant: &Tenant) -> Mapped {
    let mapped = Mapped { untouched: unreadable.clone(), ..Mapped::default() };
    let mut mapper = Mapper { catalogue, tenant, sections: BTreeMap::new(), mapped };
    mapper.mapped.findings.extend(unreadable.iter().map(|key| not_read(key)));
    for category in read(&catalogue.categories, |row| (&row.id, row.sales_point), Kind::Category, &mapper) {
        mapper.category(category);
    }
    for product in read(&catalogue.products, |row| (&row.id, row.sales_point), Kind::Dish, &mapper) {
        mapper.product(product);
    }
    mapper.finish()
}

/// The rows that this sales point sees, by id. Of a row that a shift between pages repeats, the last reading counts.
fn read<'a, T>(
    rows: &'a [T],
    of: impl Fn(&'a T) -> (&'a String, Option<SalesPointId>),
    kind: Kind,
    mapper: &Mapper<'_>,
) -> Vec<&'a T> {
    let ours = |at: Option<SalesPointId>| at.is_none_or(|at| at == mapper.tenant.sales_point);
    let rows = rows.iter().map(|row| (of(row), row)).filter(|((_, at), _)| ours(*at));
    let by_id: BTreeMap<&String, &T> = rows.map(|((id, _), row)| (id, row)).collect();
    by_id
        .into_iter()
        .filter(|(id, _)| !mapper.mapped.untouched.contains(&entry_key(kind, id)))
        .map(|(_, row)| row)
        .collect()
}

/// A category of the till and what it gives to its dishes.
struct Section<'a> {
    category: &'a TillCategory,
    is_named: bool,
    offered: Vec<Offered<'a>>,
}

struct Mapper<'a> {
    catalogue: &'a Catalogue,
    tenant: &'a Tenant,
    sections: BTreeMap<&'a str, Section<'a>>,
    mapped: Mapped,
}

impl<'a> Mapper<'a> {
    fn category(&mut self, category: &'a TillCategory) {
        let id = category.id.as_str();
        let mut findings = Vec::new();
        let name = text::name(&category.name).filter(|_| options::is_addressable(id));
        let offered = match &name {
            Some(_) => self.offer(Place::Category(id), &category.modifiers, &mut findings),
            None => Vec::new(),
        };
        self.sections.insert(id, Section { category, is_named: name.is_some(), offered });
        match name {
            Some(name) => {
                findings.extend(too_long(id, &name));
                let image = photos(id, &name.text, category.image.as_slice(), &mut findings).pop();
                let external_id = category.id.clone();
                let category = Category { external_id, name: name.text, image, active: category.on_channel };
                self.mapped.menu.put(Entry::Category(category));
            }
            None => {
                let message =
                    "Una categoria è senza nome, o con un codice non valido: i suoi piatti non sono ordinabili"
                        .to_owned();
                findings.push(Finding::error(Check::Name, id, message, "Cassa: Configurazione > Categorie"));
            }
        }
        self.report(findings, category.on_channel);
    }

    fn offer(
        &mut self,
        place: Place<'_>,
        modifiers: &'a [TillModifier],
        findings: &mut Vec<Finding>,
    ) -> Vec<Offered<'a>> {
        let offered = options::offered(place, modifiers, self.catalogue, self.tenant, findings);
        for group in offered.iter().flat_map(Offered::groups) {
            self.mapped.menu.put(Entry::Group(group.clone()));
        }
        offered
    }

    /// What is not on the channel is not meant to be sold here: nobody has to be told what is wrong with it.
    fn report(&mut self, findings: Vec<Finding>, is_for_sale: bool) {
        if is_for_sale {
            self.mapped.findings.extend(findings);
        }
    }

    fn finish(mut self) -> Mapped {
        let same_names = same_names(&self.mapped.menu);
        self.mapped.findings.extend(same_names);
        self.mapped.findings.sort();
        self.mapped.findings.dedup();
        if !self.mapped.untouched.is_empty() {
            // A dish that could not be read may be parked there.
            self.mapped.untouched.insert(entry_key(Kind::Category, NO_CATEGORY));
        }
        self.mapped
    }
}

fn not_read(key: &str) -> Finding {
    let id = key.split_once(':').map_or(key, |(_, id)| id);
    let (what, remedy) = match Kind::of_key(key) {
        Some(Kind::Category) => ("Una categoria", "Cassa: Configurazione > Categorie, apri e salva la categoria"),
        _ => ("Un articolo", "Cassa: Configurazione > Prodotti, apri e salva l'articolo"),
    };
    Finding::error(
        Check::Incomplete,
        id,
        format!("{what} della cassa non è leggibile: su Plateform resta com'era"),
        remedy,
    )
}

fn photos(id: &str, name: &str, addresses: &[String], findings: &mut Vec<Finding>) -> Vec<String> {
    let mut good: Vec<String> = Vec::new();
    for address in addresses {
        match text::photo(address) {
            Some(address) if good.contains(&address) => {}
            Some(address) => good.push(address),
            None => {
                let message = format!("Una foto di «{name}» non ha un indirizzo valido");
                findings.push(Finding::warning(Check::Photo, id, message, "Cassa: carica di nuovo la foto"));
            }
        }
    }
    good
}

fn too_long(id: &str, name: &Fitted) -> Option<Finding> {
    let message = "Un nome supera i 200 caratteri ed è stato accorciato".to_owned();
    name.is_cut.then(|| Finding::warning(Check::Name, id, message, "Cassa: accorcia il nome"))
}

/// Dishes of one name stay as many as they are, joined by id alone; a person tells them apart by their category (E54).
fn same_names(menu: &Menu) -> Vec<Finding> {
    let mut by_name: HashMap<String, Vec<&Dish>> = HashMap::new();
    for dish in menu.dishes().filter(|dish| dish.active) {
        by_name.entry(dish.name.to_lowercase()).or_default().push(dish);
    }
    let category = |dish: &Dish| match menu.entries.get(&entry_key(Kind::Category, &dish.category)) {
        Some(Entry::Category(category)) => category.name.clone(),
        _ => dish.category.clone(),
    };
    let repeated = by_name.into_values().filter(|dishes| dishes.len() > 1).flatten();
    repeated
        .map(|dish| {
            let message = format!("Più piatti si chiamano «{}»: questo è in «{}»", dish.name, category(dish));
            Finding::warning(Check::SameName, &dish.external_id, message, "Cassa: distingui i nomi")
        })
        .collect()
}
