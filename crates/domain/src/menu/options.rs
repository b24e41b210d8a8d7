//! Additions and removals: of the category and of the product, the product's winning (S31-S36).

use super::{
    finding::{Check, Finding},
    model::{GroupKind, OptionGroup, OptionItem},
    prices::{self, Resolved},
    text::{self, Fitted},
    till::{Catalogue, TillModifier, TillValue},
};
use crate::{Cents, OptionId, ProductId, tenant::Tenant};

const REMEDY: &str = "Cassa: Configurazione > Aggiunte e rimozioni";

/// Where a modifier stands: the groups made of it are named by the place, never by their content.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    /// On a product.
    Product(&'a str),
    /// On a category.
    Category(&'a str),
}

impl Place<'_> {
    fn group_id(self, option: &OptionId, kind: GroupKind) -> String {
        let ending = if kind == GroupKind::Additions { "add" } else { "rem" };
        match self {
            Self::Product(id) => format!("p:{id}:{option}:{ending}"),
            Self::Category(id) => format!("c:{id}:{option}:{ending}"),
        }
    }
}

/// Whether an id can be ordered by, and be part of a group's, whose parts are told by their colons.
pub(super) fn is_addressable(id: &str) -> bool {
    ProductId::parse(id).is_ok() && !id.contains(':')
}

/// What one option offers at one place.
#[derive(Debug, Clone)]
pub(super) struct Offered<'a> {
    option: &'a OptionId,
    position: i64,
    groups: Vec<OptionGroup>,
}

impl Offered<'_> {
    pub(super) fn groups(&self) -> &[OptionGroup] {
        &self.groups
    }
}

/// What a product or a category offers by itself. An option that is listed twice is one, with the values of both.
pub(super) fn offered<'a>(
    place: Place<'_>,
    modifiers: &'a [TillModifier],
    catalogue: &Catalogue,
    tenant: &Tenant,
    findings: &mut Vec<Finding>,
) -> Vec<Offered<'a>> {
    let mut all: Vec<Offered<'a>> = Vec::new();
    for TillModifier { option, position, .. } in modifiers {
        if all.iter().any(|known| known.option == option) {
            continue;
        }
        let same: Vec<&TillModifier> = modifiers.iter().filter(|other| other.option == *option).collect();
        let groups = groups(option, &same, place, catalogue, tenant, findings);
        all.push(Offered { option, position: *position, groups });
    }
    all
}

/// The groups of a dish, in order: its own, and those of its category for the options that it has not itself.
pub(super) fn merged(own: &[Offered<'_>], of_category: &[Offered<'_>]) -> Vec<String> {
    let inherited = of_category.iter().filter(|other| own.iter().all(|own| own.option != other.option));
    let mut all: Vec<&Offered<'_>> = own.iter().chain(inherited).collect();
    all.sort_by_key(|offered| offered.position);
    all.into_iter().flat_map(|offered| &offered.groups).map(|group| group.external_id.clone()).collect()
}

/// The groups of one option at one place: additions, removals, or both.
fn groups(
    option: &OptionId,
    modifiers: &[&TillModifier],
    place: Place<'_>,
    catalogue: &Catalogue,
    tenant: &Tenant,
    findings: &mut Vec<Finding>,
) -> Vec<OptionGroup> {
    if !is_addressable(option.as_str()) {
        let message = "Un gruppo di aggiunte o rimozioni ha un codice non valido e non viene offerto".to_owned();
        findings.push(Finding::error(Check::Option, option.as_str(), message, REMEDY));
        return Vec::new();
    }
    let typed = modifiers.iter().filter_map(|modifier| modifier.name.as_ref());
    let name = typed.chain(catalogue.names.options.get(option)).find_map(|name| text::name(name));
    let (additions, removals) = values(modifiers, name.as_ref(), catalogue, tenant, findings);
    let filled = [(GroupKind::Additions, additions, "Aggiunte"), (GroupKind::Removals, removals, "Rimozioni")]
        .into_iter()
        .filter(|(_, options, _)| !options.is_empty());
    let groups: Vec<OptionGroup> = filled
        .map(|(kind, options, default)| {
            let name = name.as_ref().map_or(default, |name| &name.text).to_owned();
            OptionGroup { external_id: place.group_id(option, kind), name, kind, options }
        })
        .collect();
    if !groups.is_empty() {
        findings.extend(of_name(option.as_str(), name.as_ref()));
    }
    groups
}

/// What is wrong with the name of a group.
fn of_name(id: &str, name: Option<&Fitted>) -> Option<Finding> {
    let message = match name {
        None => "Un gruppo di aggiunte o rimozioni è senza nome",
        Some(name) if name.is_cut => "Il nome di un gruppo di aggiunte o rimozioni è stato accorciato a 200 caratteri",
        Some(_) => return None,
    };
    Some(Finding::warning(Check::Option, id, message.to_owned(), REMEDY))
}

/// The values that can be offered: additions and removals, each id once.
fn values(
    modifiers: &[&TillModifier],
    group_name: Option<&Fitted>,
    catalogue: &Catalogue,
    tenant: &Tenant,
    findings: &mut Vec<Finding>,
) -> (Vec<OptionItem>, Vec<OptionItem>) {
    let group_name = group_name.map(|name| name.text.to_lowercase()).unwrap_or_default();
    let (mut additions, mut removals): (Vec<OptionItem>, Vec<OptionItem>) = (Vec::new(), Vec::new());
    for value in modifiers.iter().flat_map(|modifier| &modifier.values) {
        let Some(option) = item(value, catalogue, tenant, findings) else { continue };
        let group = if is_removal(value, option.price, &group_name, tenant) { &mut removals } else { &mut additions };
        if group.iter().all(|known| known.external_id != option.external_id) {
            group.push(option);
        }
    }
    (additions, removals)
}

/// Whether a value takes away rather than adds (GUESS, API sheet 4.5): the till has no field that says so. Part of the
/// recipe, or free in a group whose name means removals. The only place that decides so.
fn is_removal(value: &TillValue, price: Cents, group_name: &str, tenant: &Tenant) -> bool {
    let named_so = || tenant.removal_groups.iter().any(|pattern| group_name.contains(pattern.as_str()));
    value.is_default || (price == Cents::ZERO && named_so())
}

/// A value as it is offered; none, with its finding, if it cannot be.
fn item(value: &TillValue, catalogue: &Catalogue, tenant: &Tenant, findings: &mut Vec<Finding>) -> Option<OptionItem> {
    let id = value.id.as_str();
    let mut warn = |message: String| findings.push(Finding::warning(Check::Option, id, message, REMEDY));
    let typed = value.name.iter().chain(catalogue.names.values.get(&value.id));
    let Some(name) = typed.into_iter().find_map(|name| text::name(name)) else {
        warn("Una voce di aggiunte o rimozioni è senza nome e non viene offerta".to_owned());
        return None;
    };
    if value.is_percentage {
        warn(format!("«{}» ha un prezzo in percentuale e non viene offerta", name.text));
        return None;
    }
    let in_mode = |mode: Option<&crate::SalesModeId>| prices::resolve(&value.prices, mode, tenant.sales_point);
    let prices = [in_mode(catalogue.takeaway.as_ref()), in_mode(catalogue.delivery.as_ref())];
    let untrue = "ha un prezzo che non può essere vero";
    let price = match prices {
        [Resolved::Price(price), _] | [Resolved::Missing, Resolved::Price(price)] => Ok(price),
        // Priced, though in other price lists only: offered for nothing, it would be given away.
        [Resolved::Missing, Resolved::Missing] if value.price.is_none() && !value.prices.is_empty() => {
            Err("ha un prezzo solo in altre modalità di vendita")
        }
        [Resolved::Missing, Resolved::Missing] => Ok(value.price.unwrap_or_default()),
        [Resolved::Unreadable, _] | [Resolved::Missing, Resolved::Unreadable] => Err(untrue),
    };
    let sane = price.and_then(|price| if prices::is_absurd(price) { Err(untrue) } else { Ok(price) });
    let price = sane.map_err(|what| warn(format!("«{}» {what} e non viene offerta", name.text))).ok()?;
    if matches!(prices, [Resolved::Price(takeaway), Resolved::Price(delivery)] if takeaway != delivery) {
        warn(format!("«{}» ha due prezzi: vale quello dell'asporto anche per la consegna", name.text));
    }
    if name.is_cut {
        warn("Il nome di una voce di aggiunte o rimozioni è stato accorciato a 200 caratteri".to_owned());
    }
    Some(OptionItem { external_id: id.to_owned(), name: name.text, price })
}
