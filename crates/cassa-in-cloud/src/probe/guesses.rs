//! What the answers say of the guesses that the bridge relies on (API sheet section 11).

use super::{
    Seen,
    answers::{Answers, count, has, list},
    shape::is_name,
};
use crate::types;
use domain::tenant::Channel;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// How a guess stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The till answers so.
    Confirmed,
    /// The till answers otherwise.
    Contradicted,
    /// Nothing of it was seen.
    NotSeen,
}

/// A guess, how it stands, and what to change where it is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guess {
    /// What the bridge relies on.
    pub guess: &'static str,
    /// How it stands.
    pub standing: Standing,
    /// What was seen: counts, statuses and field names.
    pub seen: String,
    /// The setting that follows, or what happens without one.
    pub setting: &'static str,
}

/// The fields of a modifier and of its values that are known.
const KNOWN: [&str; 14] = [
    "idOption",
    "position",
    "values",
    "option",
    "description",
    "name",
    "id",
    "idValue",
    "value",
    "price",
    "prices",
    "percentagePrice",
    "isDefault",
    "lastUpdate",
];

/// The words of `externalWorkflowStatus` that the table of an order's life knows.
const WORKFLOW: [&str; 9] =
    ["REQUESTED", "ACCEPTED", "PROCESSING", "READY", "DELIVERING", "SHIPPED", "COMPLETED", "REJECTED", "CANCELED"];

pub(super) fn all(seen: &[Seen], channel: Channel) -> Vec<Guess> {
    let answers = Answers { seen, channel };
    let of: [fn(&Answers<'_>) -> Guess; 16] = [
        variants,
        option_names,
        options_path,
        removals,
        surcharges,
        mode_prices,
        channel_flag,
        everywhere,
        instants,
        totals,
        since,
        bare_list,
        error_body,
        webhooks,
        order_dates,
        workflow,
    ];
    of.iter().map(|guess| guess(&answers)).chain([receipts(&answers), clock(&answers)]).collect()
}

/// Confirmed by what speaks for it, contradicted by anything that speaks against.
fn standing(for_it: bool, against: bool) -> Standing {
    match (for_it, against) {
        (_, true) => Standing::Contradicted,
        (true, false) => Standing::Confirmed,
        (false, false) => Standing::NotSeen,
    }
}

fn variants(a: &Answers<'_>) -> Guess {
    let simple = |row: &&Value| row.get("multivariant") != Some(&Value::Bool(true));
    let of = |number: fn(usize) -> bool| {
        a.rows("products").iter().filter(simple).filter(|row| number(list(row, "variants").len())).count()
    };
    let (none, one, more) = (of(|n| n == 0), of(|n| n == 1), of(|n| n > 1));
    Guess {
        guess: "a simple product has one technical variant, whose id goes into the order row",
        standing: standing(one > 0, none > 0 || more > 0),
        seen: format!("simple products with no variant {none}, one {one}, more {more}"),
        setting: "none: without a variant the row carries idProduct; with more the product is not offered",
    }
}

fn option_names(a: &Answers<'_>) -> Guess {
    let modifiers = a.modifiers();
    let inner = |row: &Value| row.get("option").is_some_and(|option| has(option, "description"));
    let outer = |row: &Value| has(row, "description") || has(row, "name");
    let (inside, beside) = (count(modifiers.iter().copied(), inner), count(modifiers.iter().copied(), outer));
    let unnamed = count(modifiers.iter().copied(), |row| !inner(row) && !outer(row));
    Guess {
        guess: "names of options stand in the modifiers",
        standing: standing(inside + beside > 0, unnamed > 0),
        seen: format!(
            "modifiers with option.description {inside}, with a name of their own {beside}, without {unnamed}"
        ),
        setting: "none: names are then read from the options' path",
    }
}

fn options_path(a: &Answers<'_>) -> Guess {
    let is_there = |call: &str| a.get(call).is_some_and(Seen::is_success);
    let answered = a.get("options").is_some() && a.get("modifiers").is_some();
    let found = is_there("options") || is_there("modifiers");
    Guess {
        guess: "options are listed at /options or /modifiers",
        standing: standing(found, answered && !found),
        seen: format!("/options {}, /modifiers {}", a.status("options"), a.status("modifiers")),
        setting: "none: a value without a name is not offered",
    }
}

fn removals(a: &Answers<'_>) -> Guess {
    let objects = a.modifiers().into_iter().chain(a.values());
    let keys = objects.filter_map(Value::as_object).flat_map(serde_json::Map::keys);
    let unknown: BTreeSet<&str> = keys.map(String::as_str).filter(|key| is_name(key) && !KNOWN.contains(key)).collect();
    let seen = unknown.into_iter().collect::<Vec<_>>().join(", ");
    Guess {
        guess: "no field of a modifier tells additions from removals, minimum or maximum",
        standing: standing(!a.modifiers().is_empty(), !seen.is_empty()),
        seen: format!("fields that are not known: {}", if seen.is_empty() { "none" } else { &seen }),
        setting: "cic.removal_groups decides until such a field is read",
    }
}

fn surcharges(a: &Answers<'_>) -> Guess {
    let values = a.values();
    let (one, many) = (
        count(values.iter().copied(), |row| has(row, "price")),
        count(values.iter().copied(), |row| has(row, "prices")),
    );
    Guess {
        guess: "a surcharge is one number for all sales modes",
        standing: standing(one > 0, many > 0),
        seen: format!("values with price {one}, with prices[] {many}"),
        setting: "none: prices[] is read where it is there",
    }
}

fn mode_prices(a: &Answers<'_>) -> Guess {
    let prices: Vec<&Value> = a.rows("products").iter().flat_map(|row| list(row, "prices")).collect();
    let of_mode = count(prices.iter().copied(), |price| has(price, "idSalesMode"));
    Guess {
        guess: "prices of a sales mode carry its id",
        standing: standing(of_mode > 0, false),
        seen: format!("prices {}, of a sales mode {of_mode}", prices.len()),
        setting: "cic.sales_mode_takeaway, cic.sales_mode_delivery",
    }
}

fn channel_flag(a: &Answers<'_>) -> Guess {
    let channels = [
        Channel::MobileCommerce,
        Channel::Sale,
        Channel::Risto,
        Channel::Ecommerce,
        Channel::SelfOrder,
        Channel::Kiosk,
    ];
    let on = |channel| {
        let flag = types::channel_flag(channel);
        count(a.rows("products"), |row| row.get(flag) == Some(&Value::Bool(true)))
    };
    let told: Vec<String> =
        channels.iter().map(|channel| format!("{} {}", types::channel_flag(*channel), on(*channel))).collect();
    let ours = on(a.channel);
    Guess {
        guess: "the «APP» channel is the tenant's",
        standing: standing(ours > 0, ours == 0 && channels.iter().any(|channel| on(*channel) > 0)),
        seen: told.join(", "),
        setting: "cic.channel",
    }
}

fn everywhere(a: &Answers<'_>) -> Guess {
    let all = count(a.rows("products"), |row| !has(row, "idSalesPoint"));
    Guess {
        guess: "asked for one sales point, the till also lists what belongs to all",
        standing: standing(all > 0, false),
        seen: format!("products of all sales points {all} of {}", a.rows("products").len()),
        setting: "none: look at an article of all sales points if there is one",
    }
}

fn instants(a: &Answers<'_>) -> Guess {
    let (number, text) = (
        count(a.rows("products"), |row| row["lastUpdate"].is_number()),
        count(a.rows("products"), |row| row["lastUpdate"].is_string()),
    );
    Guess {
        guess: "lastUpdate is a number of milliseconds",
        standing: standing(number > 0, text > 0),
        seen: format!("numbers {number}, texts {text}"),
        setting: "none: both are read",
    }
}

fn totals(a: &Answers<'_>) -> Guess {
    let lists: Vec<&Seen> =
        ["categories", "products"].iter().filter_map(|call| a.get(call)).filter(|seen| seen.is_success()).collect();
    let with = lists.iter().filter(|seen| has(&seen.body, "totalCount")).count();
    Guess {
        guess: "lists say totalCount",
        standing: standing(with > 0, with < lists.len()),
        seen: format!("{with} of {} lists", lists.len()),
        setting: "none: without it no menu is applied",
    }
}

fn since(a: &Answers<'_>) -> Guess {
    let answer = a.get("products since");
    let fewer = a.rows("products since").len() < a.rows("products").len();
    let (ok, refused) = (answer.is_some_and(Seen::is_success), answer.is_some_and(|seen| !seen.is_success()));
    Guess {
        guess: "lastUpdateFrom takes bare milliseconds and leaves out what has not changed",
        standing: standing(ok && fewer, refused || (ok && !fewer && !a.rows("products").is_empty())),
        seen: format!(
            "status {}, rows {} of {}",
            a.status("products since"),
            a.rows("products since").len(),
            a.rows("products").len()
        ),
        setting: "none: run ponte sync TENANT --full instead of waiting for changes",
    }
}

fn bare_list(a: &Answers<'_>) -> Guess {
    let answer = a.get("products, bare list");
    Guess {
        guess: "a list that is not a JSON array is refused with 400 and error.expected.jsarray",
        standing: standing(
            answer.is_some_and(|seen| seen.status == 400 && seen.names_list_error),
            answer.is_some_and(|seen| seen.status != 400 || !seen.names_list_error),
        ),
        seen: format!("status {}", a.status("products, bare list")),
        setting: "none: lists are always sent as JSON arrays",
    }
}

fn error_body(a: &Answers<'_>) -> Guess {
    let failed: Vec<&Seen> = a.seen.iter().filter(|seen| !seen.is_success()).collect();
    let shaped = failed.iter().filter(|seen| has(&seen.body, "error") && has(&seen.body, "msg")).count();
    Guess {
        guess: "errors are objects with error and msg",
        standing: standing(shaped > 0, shaped < failed.len()),
        seen: format!("{shaped} of {} errors", failed.len()),
        setting: "none: code words are searched in the whole text",
    }
}

fn webhooks(a: &Answers<'_>) -> Guess {
    let answer = a.get("webhooks");
    Guess {
        guess: "GET /webhooks lists the portal's webhooks",
        standing: standing(answer.is_some_and(Seen::is_success), answer.is_some_and(|seen| !seen.is_success())),
        seen: format!("status {}, rows {}", a.status("webhooks"), a.rows("webhooks").len()),
        setting: "none: without it DR10 stays unknown",
    }
}

fn order_dates(a: &Answers<'_>) -> Guess {
    let answer = a.get("orders");
    Guess {
        guess: "orders are searched by bare milliseconds",
        standing: standing(answer.is_some_and(Seen::is_success), answer.is_some_and(|seen| !seen.is_success())),
        seen: format!("milliseconds {}, quoted days {}", a.status("orders"), a.status("orders, quoted days")),
        setting: "none: polling for orders would fail; tell the maintainers",
    }
}

fn workflow(a: &Answers<'_>) -> Guess {
    let words: BTreeSet<&str> =
        a.rows("orders").iter().filter_map(|row| row["externalWorkflowStatus"].as_str()).collect();
    let is_known = |word: &str| WORKFLOW.contains(&word) || word == "SHIPPING";
    let unknown = words.iter().filter(|word| !is_known(word)).count();
    let processed = count(a.rows("orders"), |row| row["status"] == "PROCESSED");
    Guess {
        guess: "every word of externalWorkflowStatus is known, and PROCESSED means closed",
        standing: standing(!words.is_empty(), unknown > 0),
        seen: format!("words {}, unknown {unknown}, orders PROCESSED {processed}", words.len()),
        setting: "cic.processed_is_document",
    }
}

fn receipts(a: &Answers<'_>) -> Guess {
    let documents = a.rows("receipts").iter().map(|row| &row["document"]["documentConnectionSources"]);
    let orders: Vec<&Value> = documents.flat_map(|sources| list(sources, "orders")).collect();
    let full = count(orders.iter().copied(), |order| has(order, "externalId"));
    Guess {
        guess: "a receipt names its orders in documentConnectionSources",
        standing: standing(!orders.is_empty(), false),
        seen: format!("orders named {}, with externalId {full}", orders.len()),
        setting: "none: externalId is compared, then id",
    }
}

fn clock(a: &Answers<'_>) -> Guess {
    let with = |name: &str| a.seen.iter().filter(|seen| seen.headers.iter().any(|header| header == name)).count();
    Guess {
        guess: "answers carry Date",
        standing: standing(with("date") > 0, with("date") < a.seen.len()),
        seen: format!("Date {} of {}, Retry-After {}", with("date"), a.seen.len(), with("retry-after")),
        setting: "none: without it DR13 stays unknown",
    }
}
