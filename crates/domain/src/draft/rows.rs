//! The rows: dishes, fees and discounts, until the sum is the platform's total to the cent.

use super::{Catalogue, Refusal};
use crate::{
    Cents, OptionValueId, ProductId,
    apportion::{apportion, into_units},
    messages,
    notes::{self, clean},
    order::{ChosenOption, Line, OptionKind, Order},
    tenant::{RowModifiers, Tenant, UnknownLine},
    till::{DraftRow, Product, RowItem, RowModifier},
};

/// A row before discounts are lowered onto it and before it is split into whole unit prices.
struct Part {
    item: RowItem,
    product: Product,
    quantity: i64,
    amount: Cents,
    shipping: bool,
    allergies: Vec<String>,
    /// What the row is: never cut.
    facts: Vec<String>,
    wish: String,
    options: Vec<ChosenOption>,
    structured: bool,
}

/// What the customer ordered and the till has taken off sale since: it goes to the till all the same, where a person
/// decides (E14, E15).
fn no_longer_offered(line: &Line, product: &Product) -> Vec<String> {
    let off_sale = (!product.on_channel).then(|| messages::off_sale(&clean(&line.name)));
    let gone = line.options.iter().filter(|option| is_gone(option, product));
    let gone = gone.map(|option| messages::option_gone(&clean(&option.name), &clean(&line.name)));
    off_sale.into_iter().chain(gone).collect()
}

/// Whether an option was the product's own and is no more. Of what its category offers the reading of a product says
/// nothing.
fn is_gone(option: &ChosenOption, product: &Product) -> bool {
    let (Some(id), Some(offered)) = (option.till_option(), &product.options) else { return false };
    let is_offered = offered.iter().any(|(known, value)| *known == id && value.as_str() == option.value);
    option.group.starts_with("p:") && !is_offered
}

/// A fee: a row of its own, or, where no product was agreed, an amount for the last row.
enum FeePart {
    Row(Box<Part>),
    Folded(String, Cents),
}

impl FeePart {
    fn amount_mut(&mut self) -> &mut Cents {
        match self {
            Self::Row(part) => &mut part.amount,
            Self::Folded(_, amount) => amount,
        }
    }
}

pub(super) fn build(
    order: &Order,
    tenant: &Tenant,
    catalogue: &Catalogue,
    room: usize,
) -> Result<(Vec<DraftRow>, Vec<String>), Refusal> {
    let mut findings = Vec::new();
    let mut dishes = Vec::new();
    for line in &order.lines {
        dishes.push(dish(line, tenant, catalogue, &mut findings)?);
    }
    let charged = order.fees.iter().filter(|fee| fee.amount != Cents::ZERO);
    let mut fees = charged.map(|fee| fee_part(fee, tenant, catalogue)).collect::<Vec<_>>();
    let discount: Cents = order.discounts.iter().map(|discount| discount.amount).sum();
    lower(discount, &mut dishes, &mut fees)?;

    let mut rows = Vec::new();
    for fee in fees {
        match fee {
            FeePart::Row(part) => rows.push(*part),
            FeePart::Folded(name, amount) => {
                let last = dishes.last_mut().ok_or(Refusal::SumIsWrong)?;
                last.amount = last.amount + amount;
                last.facts.push(format!("compreso: {name} {}", amount.in_italian()));
                findings.push(messages::fee_in_last_row(&name, amount));
            }
        }
    }
    dishes.extend(rows);
    Ok((dishes.iter().flat_map(|part| part.rows(room)).collect(), findings))
}

/// Lowers the discount onto the dishes first, then onto the fees.
fn lower(discount: Cents, dishes: &mut [Part], fees: &mut [FeePart]) -> Result<(), Refusal> {
    let mut amounts: Vec<&mut Cents> = dishes.iter_mut().map(|part| &mut part.amount).collect();
    let left = lower_onto(discount, &mut amounts);
    let mut amounts: Vec<&mut Cents> = fees.iter_mut().map(FeePart::amount_mut).collect();
    match lower_onto(left, &mut amounts) {
        Cents::ZERO => Ok(()),
        _ => Err(Refusal::DiscountTooLarge),
    }
}

/// Lowers as much of the discount as there is room for and gives back the rest.
fn lower_onto(discount: Cents, amounts: &mut [&mut Cents]) -> Cents {
    let weights: Vec<Cents> = amounts.iter().map(|amount| **amount).collect();
    let room: Cents = weights.iter().copied().filter(|weight| !weight.is_negative()).sum();
    let lowered = discount.min(room);
    for (amount, share) in amounts.iter_mut().zip(apportion(lowered, &weights).unwrap_or_default()) {
        **amount = **amount - share;
    }
    discount - lowered
}

fn dish(line: &Line, tenant: &Tenant, catalogue: &Catalogue, findings: &mut Vec<String>) -> Result<Part, Refusal> {
    let (product, item, generic) = sold_as(line, tenant, catalogue)?;
    let name = generic.then(|| clean(&line.name));
    findings.extend(name.as_deref().map(messages::sold_as_generic));
    if !generic {
        findings.extend(no_longer_offered(line, product));
    }
    let wish = clean(&line.notes);
    let (allergies, wish) = match notes::speaks_of_allergy(&wish) {
        true => (vec![wish], String::new()),
        false => (Vec::new(), wish),
    };
    Ok(Part {
        item,
        product: product.clone(),
        quantity: line.quantity,
        amount: line.total,
        shipping: false,
        allergies,
        facts: name.into_iter().collect(),
        wish,
        options: line.options.clone(),
        structured: tenant.row_modifiers == RowModifiers::Structured && !generic,
    })
}

/// Which thing the row sells: the dish, or the generic product in its place; and whether it is the latter.
fn sold_as<'a>(
    line: &Line,
    tenant: &Tenant,
    catalogue: &'a Catalogue,
) -> Result<(&'a Product, RowItem, bool), Refusal> {
    let own = catalogue.products.get(&line.product);
    if let Some((product, item)) = own.and_then(|product| Some((product, row_item(product)?))) {
        return Ok((product, item, false));
    }
    let generic = match tenant.unknown_line {
        UnknownLine::Generic => sellable(tenant.generic_product.as_ref(), catalogue),
        UnknownLine::Refuse => None,
    };
    match (generic, own) {
        (Some((product, item)), _) => Ok((product, item, true)),
        (None, Some(_)) => Err(Refusal::DishWithVariants(line.name.clone())),
        (None, None) => Err(Refusal::UnknownDish(line.name.clone())),
    }
}

fn sellable<'a>(id: Option<&ProductId>, catalogue: &'a Catalogue) -> Option<(&'a Product, RowItem)> {
    let product = catalogue.products.get(id?)?;
    Some((product, row_item(product)?))
}

/// The id that a row carries (GUESS, API sheet 3.2): the technical variant of a simple product, the product where the
/// till shows no variant, nothing for a real multivariant. The only place that decides so.
fn row_item(product: &Product) -> Option<RowItem> {
    match product.variants.as_slice() {
        [only] => Some(RowItem::Variant(only.clone())),
        [] => Some(RowItem::Product(product.id.clone())),
        _ => None,
    }
}

/// The options sent as structure, and the text of those that are not.
fn split(options: &[ChosenOption], product: &Product, structured: bool) -> (Vec<RowModifier>, String) {
    let mut modifiers = Vec::new();
    let mut texts = Vec::new();
    for option in options {
        match as_structure(option).filter(|_| structured && !is_gone(option, product)) {
            Some(modifier) => modifiers.push(modifier),
            None => texts.push(as_text(option)),
        }
    }
    (modifiers, texts.join(", "))
}

fn as_structure(option: &ChosenOption) -> Option<RowModifier> {
    Some(RowModifier {
        option: option.till_option()?,
        value: OptionValueId::parse(&option.value).ok()?,
        price: option.price,
        quantity: option.quantity,
    })
}

fn as_text(option: &ChosenOption) -> String {
    let sign = if option.kind == OptionKind::Addition { '+' } else { '-' };
    let times = if option.quantity == 1 { String::new() } else { format!("{}x ", option.quantity) };
    // A removal that changes the price is unusual (E21): the kitchen and the cashier should see that it does.
    let price = match option.kind {
        OptionKind::Removal if option.price != Cents::ZERO => format!(" ({})", option.price.in_italian()),
        _ => String::new(),
    };
    format!("{sign} {times}{}{price}", clean(&option.name))
}

fn fee_part(fee: &crate::order::Fee, tenant: &Tenant, catalogue: &Catalogue) -> FeePart {
    let name = clean(&fee.name);
    let own = sellable(tenant.fee_product.as_ref(), catalogue).map(|found| (found, true));
    let generic = || sellable(tenant.generic_product.as_ref(), catalogue).map(|found| (found, false));
    match own.or_else(generic) {
        None => FeePart::Folded(name, fee.amount),
        Some(((product, item), is_fee_product)) => FeePart::Row(Box::new(Part {
            item,
            product: product.clone(),
            quantity: 1,
            amount: fee.amount,
            shipping: fee.delivery && is_fee_product,
            allergies: Vec::new(),
            facts: vec![name],
            wish: String::new(),
            options: Vec::new(),
            structured: false,
        })),
    }
}

fn price_of(modifiers: &[RowModifier]) -> Cents {
    modifiers.iter().map(|modifier| modifier.price.times(modifier.quantity)).sum()
}

impl Part {
    /// Structure never drives a price below zero: a row discounted under its modifiers says them in the note.
    fn options(&self, unit: Cents) -> (Vec<RowModifier>, String) {
        let (modifiers, text) = split(&self.options, &self.product, self.structured);
        match price_of(&modifiers) <= unit {
            true => (modifiers, text),
            false => split(&self.options, &self.product, false),
        }
    }

    /// One row, or two where the unit price would need a fraction of a cent.
    fn rows(&self, room: usize) -> Vec<DraftRow> {
        let units = into_units(self.amount, self.quantity);
        let cheapest = units.iter().map(|(_, unit)| *unit).min().unwrap_or_default();
        let (modifiers, options) = self.options(cheapest);
        let structured = price_of(&modifiers);
        let facts: Vec<String> = self.facts.iter().cloned().chain([options]).collect();
        let note = notes::compose(&self.allergies, &facts, usize::MAX);
        let note = notes::extend(note, std::slice::from_ref(&self.wish), room);
        units
            .into_iter()
            .map(|(quantity, unit)| DraftRow {
                item: self.item.clone(),
                department: self.product.department.clone(),
                tax: self.product.tax.clone(),
                quantity,
                price: unit - structured,
                shipping: self.shipping,
                note: note.clone(),
                modifiers: modifiers.clone(),
            })
            .collect()
    }
}
