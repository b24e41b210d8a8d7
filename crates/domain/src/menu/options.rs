//! Additions and removals: of the category and of the product, the product's winning (S31-S36).

use super::{
    finding::{Check, Finding},
    model::{GroupKind, OptionGroup, OptionItem},
    prices,
    text,
    till::{Catalogue, TillModifier, TillValue},
};
use crate::{Cents, notes::clean, tenant::Tenant};

/// Where a modifier stands: the groups made of it are named by the place, never by their content.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    /// On a product.
    Product(&'a str),
    /// On a category.
    Category(&'a str),
}

impl Place<'_> {
    fn group_id(self, modifier: &TillModifier, kind: GroupKind) -> String {
        let ending = if kind == GroupKind::Additions { "add" } else { "rem" };
        match self {
            Self::Product(id) => format!("p:{id}:{}:{ending}", modifier.option),
            Self::Category(id) => format!("c:{id}:{}:{ending}", modifier.option),
        }
    }
}

/// Whether a value takes away rather than adds (GUESS, API sheet 4.5): the till has no field that says so. Part of the
/// recipe, or free in a group whose name means removals. The only place that decides so.
fn is_removal(value: &TillValue, group_name: &str, tenant: &Tenant) -> bool {
    let group_name = group_name.to_lowercase();
    let named_so = tenant.removal_groups.iter().any(|pattern| group_name.contains(pattern.as_str()));
    value.is_default || (named_so && value.price.unwrap_or_default() == Cents::ZERO)
}

/// The groups of one modifier at one place: additions, removals, or both.
pub(super) fn groups(
    modifier: &TillModifier,
    place: Place<'_>,
    catalogue: &Catalogue,
    tenant: &Tenant,
    findings: &mut Vec<Finding>,
) -> Vec<OptionGroup> {
    let typed = modifier.name.as_ref().or_else(|| catalogue.names.options.get(&modifier.option));
    let name = typed.and_then(|name| text::name(name));
    let mut groups = Vec::new();
    for kind in [GroupKind::Additions, GroupKind::Removals] {
        let removals = kind == GroupKind::Removals;
        let of_kind = modifier
            .values
            .iter()
            .filter(|value| is_removal(value, name.as_deref().unwrap_or_default(), tenant) == removals);
        let mut options: Vec<OptionItem> = Vec::new();
        for value in of_kind {
            match option(value, catalogue, tenant) {
                Ok(option) if options.iter().all(|known| known.external_id != option.external_id) => options.push(option),
                Ok(_) => {}
                Err(finding) => findings.push(finding),
            }
        }
        if !options.is_empty() {
            let default = if removals { "Rimozioni" } else { "Aggiunte" };
            let external_id = place.group_id(modifier, kind);
            groups.push(OptionGroup { external_id, name: name.clone().unwrap_or_else(|| default.to_owned()), kind, options });
        }
    }
    if name.is_none() && !groups.is_empty() {
        let message = "Un gruppo di aggiunte o rimozioni è senza nome".to_owned();
        findings.push(Finding::warning(Check::Option, modifier.option.as_str(), message, REMEDY));
    }
    groups
}

const REMEDY: &str = "Cassa: Configurazione > Aggiunte e rimozioni";

fn option(value: &TillValue, catalogue: &Catalogue, tenant: &Tenant) -> Result<OptionItem, Finding> {
    let id = value.id.as_str();
    let wrong = |message: String| Finding::warning(Check::Option, id, message, REMEDY);
    let typed = value.name.as_ref().or_else(|| catalogue.names.values.get(&value.id));
    let Some(name) = typed.and_then(|name| text::name(name)) else {
        return Err(wrong("Una voce di aggiunte o rimozioni è senza nome e non viene offerta".to_owned()));
    };
    if value.is_percentage {
        return Err(wrong(format!("«{}» ha un prezzo in percentuale e non viene offerta", clean(&name))));
    }
    let in_mode = |mode: Option<&crate::SalesModeId>| prices::resolve(&value.prices, mode?, tenant.sales_point);
    let price = in_mode(catalogue.takeaway.as_ref()).or_else(|| in_mode(catalogue.delivery.as_ref())).or(value.price);
    Ok(OptionItem { external_id: id.to_owned(), name, price: price.unwrap_or_default() })
}

/// The modifiers that a dish offers, each with its place: its own, and those of its category that it has not itself.
pub(super) fn merged<'a>(
    own: (&'a str, &'a [TillModifier]),
    category: Option<(&'a str, &'a [TillModifier])>,
) -> Vec<(Place<'a>, &'a TillModifier)> {
    let (product, modifiers) = own;
    let mine = modifiers.iter().map(|modifier| (Place::Product(product), modifier));
    let inherited = category.into_iter().flat_map(|(id, of_category)| {
        let missing = of_category.iter().filter(|other| modifiers.iter().all(|own| own.option != other.option));
        missing.map(move |modifier| (Place::Category(id), modifier))
    });
    let mut all: Vec<_> = mine.chain(inherited).collect();
    all.sort_by_key(|(_, modifier)| modifier.position);
    all
}
