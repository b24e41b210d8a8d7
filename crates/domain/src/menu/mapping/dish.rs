//! One product becomes one dish, or a reason why not.

use super::{
    super::{
        model::ServicePrice,
        prices::{Service, service_price},
    },
    Category, Check, Dish, Entry, Finding, Kind, Mapper, NO_CATEGORY, Place, Section, TillProduct, entry_key, options,
    photos, text, too_long,
};
use crate::SalesModeId;

const PRODUCTS: &str = "Cassa: Configurazione > Prodotti";

impl<'a> Mapper<'a> {
    pub(super) fn product(&mut self, product: &'a TillProduct) {
        let id = product.id.as_str();
        if product.category.as_deref().is_some_and(|id| self.is_unreadable(id)) {
            self.mapped.untouched.insert(entry_key(Kind::Dish, id));
            return;
        }
        let category = product.category.as_deref().and_then(|id| self.sections.get(id));
        let active = product.on_channel && category.is_none_or(|section| section.category.on_channel);
        let mut findings = Vec::new();
        match withheld(product) {
            Some(finding) => {
                findings.push(finding);
                self.mapped.withheld.push(product.id.clone());
            }
            None => self.dish(product, active, &mut findings),
        }
        self.report(findings, active);
    }

    fn is_unreadable(&self, category: &str) -> bool {
        self.mapped.untouched.contains(&entry_key(Kind::Category, category))
    }

    fn dish(&mut self, product: &'a TillProduct, active: bool, findings: &mut Vec<Finding>) {
        let id = product.id.as_str();
        let Some(name) = text::name(&product.name) else { return };
        findings.extend(too_long(id, &name));
        let description = text::plain(&product.text);
        if description.is_cut {
            let message = format!("La descrizione di «{}» supera i 5000 caratteri ed è stata accorciata", name.text);
            findings.push(Finding::warning(Check::Name, id, message, "Cassa: accorcia la descrizione"));
        }
        let own = self.offer(Place::Product(id), &product.modifiers, findings);
        let section =
            product.category.as_deref().and_then(|id| self.sections.get(id)).filter(|section| section.is_named);
        let groups = options::merged(&own, section.map_or(&[], |section: &Section<'_>| &section.offered));
        let is_placed = section.is_some();
        let mut price = |mode: Option<&SalesModeId>, service: &'static str| {
            let service = Service { mode, at: self.tenant.sales_point, name: service };
            let (price, finding) = service_price(&product.prices, service, self.tenant.missing_price, (id, &name.text));
            findings.extend(finding);
            ServicePrice { orderable: price.orderable && is_placed, ..price }
        };
        let takeaway = price(self.catalogue.takeaway.as_ref(), "l'asporto");
        let delivery = price(self.catalogue.delivery.as_ref(), "la consegna");
        let category = match section {
            Some(section) => section.category.id.clone(),
            None => self.park(id, &name.text, findings),
        };
        let photos = photos(id, &name.text, &product.images, findings);
        self.mapped.menu.put(Entry::Dish(Dish {
            external_id: product.id.clone(),
            category,
            name: name.text,
            description: description.text,
            active,
            takeaway,
            delivery,
            vat_rate: product.vat_rate.as_deref().and_then(vat_rate),
            groups,
            photos,
        }));
    }

    /// A dish whose category is missing sits in one of ours, where nobody can order it, until the till is mended.
    fn park(&mut self, id: &str, name: &str, findings: &mut Vec<Finding>) -> String {
        self.mapped.menu.put(Entry::Category(Category {
            external_id: NO_CATEGORY.to_owned(),
            name: "Senza categoria".to_owned(),
            image: None,
            active: true,
        }));
        let message = format!("«{name}» non ha una categoria valida e non è ordinabile");
        findings.push(Finding::error(Check::Category, id, message, "Cassa: Configurazione > Prodotti, categoria"));
        NO_CATEGORY.to_owned()
    }
}

/// Why a product is not offered at all, if so.
fn withheld(product: &TillProduct) -> Option<Finding> {
    let id = product.id.as_str();
    let Some(name) = text::name(&product.name).map(|name| name.text) else {
        let message = "Un piatto è senza nome e non viene offerto".to_owned();
        return Some(Finding::error(Check::Name, id, message, PRODUCTS));
    };
    if !options::is_addressable(id) {
        let message = format!("«{name}» ha un codice non valido e non viene offerto");
        return Some(Finding::error(Check::Name, id, message, "Cassa: crea di nuovo l'articolo"));
    }
    let simple = "Cassa: crea un articolo semplice per la vendita online";
    let (check, what, remedy) = if product.multivariant || product.variants > 1 {
        (Check::Variants, "ha varianti", "Cassa: usa aggiunte e rimozioni al posto delle varianti")
    } else if product.menu || product.composition {
        (Check::Composition, "è un menù o una composizione, o si vende solo al loro interno,", simple)
    } else if product.by_weight {
        (Check::ByWeight, "è venduto a peso", simple)
    } else {
        return None;
    };
    Some(Finding::warning(check, id, format!("«{name}» {what} e non viene offerto"), remedy))
}

/// A percentage as the platform writes it: one or two digits, up to two decimals.
fn vat_rate(rate: &str) -> Option<String> {
    let (whole, decimals) = rate.trim().split_once('.').unwrap_or((rate.trim(), ""));
    let decimals = decimals.trim_end_matches('0');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (1..=2).contains(&whole.len()) && decimals.len() <= 2 && digits(whole) && digits(decimals);
    fits.then(|| if decimals.is_empty() { whole.to_owned() } else { format!("{whole}.{decimals}") })
}
