//! The menu: listed with everything the platform owns, changed without touching any of it.

use super::{
    menu_entry::{MenuEntry, MenuKind, with_defaults},
    page::ListQuery,
    problem::Problem,
    schema,
    store::Platform,
};
use crate::{
    http::{Incoming, Reply},
    state::IdSource,
};
use serde_json::{Value, json};

const MAX_BODY_BYTES: usize = 1024 * 1024;
const MAX_ENTRIES: usize = 500;

/// `GET /menu`.
pub(crate) fn list(platform: &Platform, request: &Incoming) -> Result<Reply, Problem> {
    let query = ListQuery::parse(request, &["kind"])?;
    let kind = match query.text("kind") {
        None => None,
        Some(name) => Some(MenuKind::parse(name).ok_or_else(|| Problem::validation("kind: unknown"))?),
    };
    let entries = platform.menu.values().filter(|entry| kind.is_none_or(|kind| kind == entry.kind));
    let mut items: Vec<(String, &MenuEntry)> =
        entries.map(|entry| (format!("{}{:012}", entry.kind as u8, entry.number), entry)).collect();
    items.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(Reply::ok(&query.page(items, MenuEntry::view)?))
}

/// `POST /menu/changes`: categories, option groups, dishes, deactivations; each entry succeeds or fails alone.
pub(crate) fn apply(platform: &mut Platform, ids: &mut IdSource, request: &Incoming) -> Result<Reply, Problem> {
    if request.body.len() > MAX_BODY_BYTES {
        return Err(Problem::too_large());
    }
    let changes = schema::parse("MenuChanges", &request.body)?;
    let lists =
        [("categories", MenuKind::Category), ("optionGroups", MenuKind::OptionGroup), ("dishes", MenuKind::Dish)];
    let entries = |name: &str| changes[name].as_array().cloned().unwrap_or_default();
    let count: usize = ["categories", "optionGroups", "dishes", "deactivations"].iter().map(|n| entries(n).len()).sum();
    if count > MAX_ENTRIES {
        return Err(Problem::validation(format!("{count} entries, at most {MAX_ENTRIES}")));
    }
    let mut results = Vec::with_capacity(count);
    for (name, kind) in lists {
        for upsert in entries(name) {
            let outcome = put(platform, ids, kind, &upsert);
            results.push(result(kind.name(), &upsert["externalId"], outcome));
        }
    }
    for wanted in entries("deactivations") {
        let outcome = deactivate(platform, &wanted);
        results.push(result(wanted["kind"].as_str().unwrap_or_default(), &wanted["externalId"], outcome));
    }
    Ok(Reply::ok(&json!({ "results": results })))
}

fn result(kind: &str, external_id: &Value, outcome: Result<&str, Problem>) -> Value {
    match outcome {
        Ok(outcome) => json!({ "kind": kind, "externalId": external_id, "outcome": outcome }),
        Err(problem) => {
            json!({ "kind": kind, "externalId": external_id, "outcome": "failed", "error": problem.to_json() })
        }
    }
}

/// Takes over the till's fields; the platform's own stay as they are, except that it is no longer deactivated.
pub(crate) fn put(
    platform: &mut Platform,
    ids: &mut IdSource,
    kind: MenuKind,
    upsert: &Value,
) -> Result<&'static str, Problem> {
    if kind == MenuKind::Dish {
        check_references(platform, upsert)?;
    }
    let external_id = upsert["externalId"].as_str().unwrap_or_default();
    let Some(entry) = find_mut(platform, kind, external_id) else {
        let (id, number) = (ids.uuid(), ids.number());
        let entry = MenuEntry::new(kind, upsert, id, number);
        platform.menu.insert((kind, entry.external_id.clone()), entry);
        platform.restaurant["menuPresent"] = json!(true);
        return Ok("created");
    };
    let filled = with_defaults(kind, upsert);
    if entry.upsert == filled && !entry.deactivated() {
        return Ok("unchanged");
    }
    entry.upsert = filled;
    entry.owned["deactivated"] = json!(false);
    Ok("updated")
}

fn check_references(platform: &Platform, dish: &Value) -> Result<(), Problem> {
    let known = |kind, id: &str| platform.menu.contains_key(&(kind, id.to_owned()));
    let category = dish["categoryExternalId"].as_str().unwrap_or_default();
    if !known(MenuKind::Category, category) {
        return Err(Problem::not_found(format!("category {category}")));
    }
    let groups = dish["optionGroupExternalIds"].as_array().into_iter().flatten().filter_map(Value::as_str);
    for group in groups {
        if !known(MenuKind::OptionGroup, group) {
            return Err(Problem::not_found(format!("option group {group}")));
        }
    }
    Ok(())
}

fn deactivate(platform: &mut Platform, wanted: &Value) -> Result<&'static str, Problem> {
    let kind = MenuKind::parse(wanted["kind"].as_str().unwrap_or_default());
    let external_id = wanted["externalId"].as_str().unwrap_or_default();
    let entry = kind.and_then(|kind| find_mut(platform, kind, external_id));
    let entry = entry.ok_or_else(|| Problem::not_found(external_id))?;
    if entry.deactivated() {
        return Ok("unchanged");
    }
    entry.owned["deactivated"] = json!(true);
    Ok("deactivated")
}

/// The entry of this kind and id.
pub(crate) fn find_mut<'a>(platform: &'a mut Platform, kind: MenuKind, external_id: &str) -> Option<&'a mut MenuEntry> {
    platform.menu.get_mut(&(kind, external_id.to_owned()))
}
