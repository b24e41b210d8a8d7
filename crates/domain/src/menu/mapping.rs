//! From one reading of the till to the desired menu: pure, and total. Whatever the till holds, the rest of the menu is
//! right; what is not offered is a finding.

use super::{
    finding::{Check, Finding},
    model::{Category, Dish, Entry, Menu},
    options::{self, Place},
    prices::service_price,
    text,
    till::{Catalogue, TillCategory, TillProduct},
};
use crate::{notes::clean, tenant::Tenant};
use std::collections::{BTreeMap, HashMap};

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
}

/// Maps a reading of the till for one tenant.
#[must_use]
pub fn map(catalogue: &Catalogue, tenant: &Tenant) -> Mapped {
    let mut mapped = Mapped::default();
    let ours = |at: Option<crate::SalesPointId>| at.is_none_or(|at| at == tenant.sales_point);
    let categories: BTreeMap<&str, &TillCategory> = catalogue
        .categories
        .iter()
        .filter(|category| ours(category.sales_point) && text::name(&category.name).is_some())
        .map(|category| (category.id.as_str(), category))
        .collect();
    for category in catalogue.categories.iter().filter(|category| ours(category.sales_point)) {
        map_category(category, catalogue, tenant, &mut mapped);
    }
    // A page that repeats a row, or a shift between pages: the last reading of an id counts.
    let products: BTreeMap<&str, &TillProduct> = catalogue
        .products
        .iter()
        .filter(|product| ours(product.sales_point))
        .map(|product| (product.id.as_str(), product))
        .collect();
    for product in products.values() {
        map_product(product, &categories, catalogue, tenant, &mut mapped);
    }
    same_names(&mut mapped);
    mapped.findings.sort();
    mapped.findings.dedup();
    mapped
}

fn map_category(category: &TillCategory, catalogue: &Catalogue, tenant: &Tenant, mapped: &mut Mapped) {
    let Some(name) = text::name(&category.name) else {
        let message = "Una categoria è senza nome: i suoi piatti non sono ordinabili".to_owned();
        let remedy = "Cassa: Configurazione > Categorie";
        mapped.findings.push(Finding::error(Check::Name, &category.id, message, remedy));
        return;
    };
    too_long(&category.id, &category.name, mapped);
    let image = photos(&category.id, &name, category.image.as_slice(), mapped).pop();
    for modifier in &category.modifiers {
        for group in options::groups(modifier, Place::Category(&category.id), catalogue, tenant, &mut mapped.findings) {
            mapped.menu.put(Entry::Group(group));
        }
    }
    let external_id = category.id.clone();
    mapped.menu.put(Entry::Category(Category { external_id, name, image, active: category.on_channel }));
}

fn map_product(
    product: &TillProduct,
    categories: &BTreeMap<&str, &TillCategory>,
    catalogue: &Catalogue,
    tenant: &Tenant,
    mapped: &mut Mapped,
) {
    let name = match text::name(&product.name).filter(|_| withheld(product).is_none()) {
        Some(name) => name,
        None => {
            mapped.withheld.push(product.id.clone());
            mapped.findings.extend(withheld(product).or_else(|| Some(nameless(product))));
            return;
        }
    };
    too_long(&product.id, &product.name, mapped);
    let category = product.category.as_deref().and_then(|id| categories.get(id).copied());
    let groups = offered_groups(product, category, catalogue, tenant, mapped);
    let dish = (product.id.as_str(), name.as_str());
    let mut price = |mode: Option<&crate::SalesModeId>, service: &str| {
        let (mut price, finding) =
            service_price(&product.prices, mode, tenant.sales_point, tenant.missing_price, dish, service);
        // A dish off the channel is not for sale: that it has no price is nobody's concern.
        mapped.findings.extend(finding.filter(|_| product.on_channel));
        price.orderable &= category.is_some();
        price
    };
    let takeaway = price(catalogue.takeaway.as_ref(), "l'asporto");
    let delivery = price(catalogue.delivery.as_ref(), "la consegna");
    let category_id = match category {
        Some(category) => category.id.clone(),
        None => park(product, &name, mapped),
    };
    let photos = photos(&product.id, &name, &product.images, mapped);
    mapped.menu.put(Entry::Dish(Dish {
        external_id: product.id.clone(),
        category: category_id,
        description: text::plain(&product.text),
        active: product.on_channel && category.is_none_or(|category| category.on_channel),
        takeaway,
        delivery,
        vat_rate: product.vat_rate.as_deref().and_then(vat_rate),
        groups,
        photos,
        name,
    }));
}

/// Why a product is not offered at all, if so.
fn withheld(product: &TillProduct) -> Option<Finding> {
    let name = clean(&product.name);
    let (check, message) = if product.multivariant || product.variants > 1 {
        (Check::Variants, format!("«{name}» ha varianti e non viene offerto"))
    } else if product.menu || product.composition {
        (Check::Composition, format!("«{name}» è un menù o una composizione e non viene offerto"))
    } else if product.by_weight {
        (Check::ByWeight, format!("«{name}» è venduto a peso e non viene offerto"))
    } else {
        return None;
    };
    let remedy = match check {
        Check::Variants => "Cassa: usa aggiunte e rimozioni al posto delle varianti",
        _ => "Cassa: crea un articolo semplice per la vendita online",
    };
    // What is not on the channel is not meant to be sold here: nobody has to be told.
    product.on_channel.then(|| Finding::warning(check, &product.id, message, remedy)).or_else(|| {
        Some(Finding::warning(check, &product.id, format!("articolo {} non offerto", product.id), remedy))
    })
}

fn nameless(product: &TillProduct) -> Finding {
    let remedy = "Cassa: Configurazione > Prodotti";
    Finding::error(Check::Name, &product.id, "Un piatto è senza nome e non viene offerto".to_owned(), remedy)
}

fn offered_groups(
    product: &TillProduct,
    category: Option<&TillCategory>,
    catalogue: &Catalogue,
    tenant: &Tenant,
    mapped: &mut Mapped,
) -> Vec<String> {
    let of_category = category.map(|category| (category.id.as_str(), category.modifiers.as_slice()));
    let mut ids = Vec::new();
    for (place, modifier) in options::merged((&product.id, &product.modifiers), of_category) {
        for group in options::groups(modifier, place, catalogue, tenant, &mut mapped.findings) {
            ids.push(group.external_id.clone());
            mapped.menu.put(Entry::Group(group));
        }
    }
    ids
}

/// A dish whose category is missing sits in one of ours, where nobody can order it, until the till is mended.
fn park(product: &TillProduct, name: &str, mapped: &mut Mapped) -> String {
    mapped.menu.put(Entry::Category(Category {
        external_id: NO_CATEGORY.to_owned(),
        name: "Senza categoria".to_owned(),
        image: None,
        active: true,
    }));
    let message = format!("«{name}» non ha una categoria valida e non è ordinabile");
    let remedy = "Cassa: Configurazione > Prodotti, categoria";
    mapped.findings.push(Finding::error(Check::Category, &product.id, message, remedy));
    NO_CATEGORY.to_owned()
}

fn photos(id: &str, name: &str, addresses: &[String], mapped: &mut Mapped) -> Vec<String> {
    let good: Vec<String> = addresses.iter().filter_map(|address| text::photo(address)).collect();
    if good.len() < addresses.len() {
        let message = format!("Una foto di «{}» non ha un indirizzo valido", clean(name));
        mapped.findings.push(Finding::warning(Check::Photo, id, message, "Cassa: carica di nuovo la foto"));
    }
    good
}

fn too_long(id: &str, typed: &str, mapped: &mut Mapped) {
    if text::is_cut(typed) {
        let message = "Un nome supera i 200 caratteri ed è stato accorciato".to_owned();
        mapped.findings.push(Finding::warning(Check::Name, id, message, "Cassa: accorcia il nome"));
    }
}

/// Two dishes of one name stay two: they are joined by id alone (E54).
fn same_names(mapped: &mut Mapped) {
    let mut by_name: HashMap<String, Vec<&Dish>> = HashMap::new();
    for dish in mapped.menu.dishes().filter(|dish| dish.active) {
        by_name.entry(dish.name.to_lowercase()).or_default().push(dish);
    }
    let repeated = by_name.into_values().filter(|dishes| dishes.len() > 1);
    let findings: Vec<Finding> = repeated
        .flat_map(|dishes| dishes.into_iter().skip(1))
        .map(|dish| {
            let message = format!("Più piatti si chiamano «{}»", dish.name);
            Finding::warning(Check::SameName, &dish.external_id, message, "Cassa: distingui i nomi")
        })
        .collect();
    mapped.findings.extend(findings);
}

/// A percentage as the platform writes it: one or two digits, up to two decimals.
fn vat_rate(rate: &str) -> Option<String> {
    let (whole, decimals) = rate.trim().split_once('.').unwrap_or((rate.trim(), ""));
    let decimals = decimals.trim_end_matches('0');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (1..=2).contains(&whole.len()) && decimals.len() <= 2 && digits(whole) && digits(decimals);
    fits.then(|| if decimals.is_empty() { whole.to_owned() } else { format!("{whole}.{decimals}") })
}
