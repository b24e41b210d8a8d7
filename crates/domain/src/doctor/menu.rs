//! The checks of the menu, by the same mapping that brings it to the platform.

use super::{
    Observations, Saw, Verdict,
    observed::MenuSeen,
    saw::{Names, Party},
    setup::unseen,
};
use crate::{
    Cents,
    menu::{
        Dish, Kind,
        diff::{Scope, diff},
        manifest::{Known, Manifest},
        mapping::{Mapped, map_readable},
        till::{Catalogue, TillProduct},
    },
    tenant::Tenant,
};
use std::collections::BTreeMap;

type Found = Vec<(Verdict, Saw)>;

/// The till's menu and what it becomes, or what to say instead.
fn mapped<'a>(tenant: &Tenant, seen: &'a Observations) -> Result<(&'a MenuSeen, Mapped), Found> {
    let menu = seen.menu.as_ref().map_err(|why| unseen(Party::Till, why))?;
    Ok((menu, map_readable(&menu.catalogue, &menu.unreadable, tenant)))
}

pub(super) fn prices(tenant: &Tenant, seen: &Observations) -> Found {
    let (menu, mapped) = match mapped(tenant, seen) {
        Ok(read) => read,
        Err(found) => return found,
    };
    if menu.catalogue.takeaway.is_none() || menu.catalogue.delivery.is_none() {
        return vec![(Verdict::Unknown, Saw::NoModes)];
    }
    let (mut none, mut one, mut free, mut dishes) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for dish in mapped.menu.dishes().filter(|dish| dish.active) {
        dishes += 1;
        match (is_free(dish), priced(dish)) {
            (true, _) => free.push(dish.name.clone()),
            (_, 0) => none.push(dish.name.clone()),
            (_, 1) => one.push(dish.name.clone()),
            _ => {}
        }
    }
    let told = [
        (Verdict::Red, free, Saw::ForNothing as fn(Names) -> Saw),
        (Verdict::Red, none, Saw::NoPrice),
        (Verdict::Yellow, one, Saw::OnePrice),
    ];
    let found: Found = told
        .into_iter()
        .filter(|(_, names, _)| !names.is_empty())
        .map(|(verdict, names, saw)| (verdict, saw(Names(names))))
        .collect();
    if found.is_empty() { vec![(Verdict::Green, Saw::AllPriced(dishes))] } else { found }
}

fn priced(dish: &Dish) -> usize {
    [dish.takeaway, dish.delivery].iter().filter(|service| service.price > Cents::ZERO).count()
}

/// Whether it can be ordered for nothing.
fn is_free(dish: &Dish) -> bool {
    [dish.takeaway, dish.delivery].iter().any(|service| service.orderable && service.price <= Cents::ZERO)
}

pub(super) fn channel(tenant: &Tenant, seen: &Observations) -> Found {
    let (menu, mapped) = match mapped(tenant, seen) {
        Ok(read) => read,
        Err(found) => return found,
    };
    let dishes = mapped.menu.dishes().filter(|dish| dish.active).count();
    let mut found: Found = off_channel(&menu.catalogue, tenant)
        .into_iter()
        .map(|(_, category, dishes)| (Verdict::Yellow, Saw::CategoryOff { category, dishes }))
        .collect();
    match dishes {
        0 => found.insert(0, (Verdict::Red, Saw::NothingOnChannel)),
        _ if found.is_empty() => found.push((Verdict::Green, Saw::OnChannel(dishes))),
        _ => {}
    }
    found
}

/// Categories that are off the channel while products in them are on it: id, name, how many products.
pub(super) fn off_channel(catalogue: &Catalogue, tenant: &Tenant) -> Vec<(String, String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for product in on_sale(catalogue, tenant) {
        *counts.entry(product.category.as_deref().unwrap_or_default()).or_default() += 1;
    }
    let off = catalogue.categories.iter().filter(|category| !category.on_channel);
    let named = off
        .filter_map(|category| Some((category.id.clone(), category.name.clone(), *counts.get(category.id.as_str())?)));
    named.collect()
}

/// The products of this sales point that are on the channel themselves.
fn on_sale<'a>(catalogue: &'a Catalogue, tenant: &Tenant) -> impl Iterator<Item = &'a TillProduct> {
    let here = tenant.sales_point;
    let is_ours = move |product: &&TillProduct| product.sales_point.is_none_or(|at| at == here);
    catalogue.products.iter().filter(|product| product.on_channel).filter(is_ours)
}

pub(super) fn variants(tenant: &Tenant, seen: &Observations) -> Found {
    let menu = match &seen.menu {
        Ok(menu) => menu,
        Err(why) => return unseen(Party::Till, why),
    };
    let with = on_sale(&menu.catalogue, tenant).filter(|product| product.multivariant || product.variants > 1);
    let names: Vec<String> = with.map(|product| product.name.clone()).collect();
    match names.is_empty() {
        true => vec![(Verdict::Green, Saw::NoVariants)],
        false => vec![(Verdict::Red, Saw::Variants(Names(names)))],
    }
}

pub(super) fn ghosts(tenant: &Tenant, seen: &Observations) -> Found {
    let (menu, mapped) = match mapped(tenant, seen) {
        Ok(read) => read,
        Err(found) => return found,
    };
    let held = match &seen.held {
        Ok(held) => held,
        Err(why) => return unseen(Party::Platform, why),
    };
    if !menu.is_complete {
        return vec![(Verdict::Unknown, Saw::TornMenu)];
    }
    let live = held.iter().filter(|entry| !entry.is_deactivated);
    let written = Known::Written { fingerprint: 0, orderable: true };
    let manifest = Manifest { entries: live.map(|entry| (entry.key.clone(), written)).collect() };
    let changes = diff(&mapped, &manifest, Scope::Whole, tenant);
    // With `deleted_article: report` the same comparison tells findings instead of deactivations.
    let left: Vec<&str> = changes.findings.iter().map(|finding| finding.subject.as_str()).collect();
    let id = |key: &str| key.split_once(':').map_or(key.to_owned(), |(_, id)| id.to_owned());
    let is_ghost = |key: &String| changes.deactivations.contains(key) || left.contains(&id(key).as_str());
    let names = held.iter().filter(|entry| !entry.is_deactivated && is_ghost(&entry.key)).map(|entry| &entry.name);
    let names: Vec<String> = names.cloned().collect();
    let waiting = held.iter().filter(|entry| entry.is_deactivated && !mapped.menu.entries.contains_key(&entry.key));
    let waiting = waiting.filter(|entry| Kind::of_key(&entry.key) != Some(Kind::Group)).count();
    match (names.is_empty(), waiting) {
        (false, _) => vec![(Verdict::Red, Saw::Ghosts(Names(names)))],
        (true, 0) => vec![(Verdict::Green, Saw::NoGhosts)],
        (true, waiting) => vec![(Verdict::Yellow, Saw::Waiting(waiting))],
    }
}
