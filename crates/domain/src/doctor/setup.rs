//! The checks of how both parties are set up.

use super::{
    Observations, SILENT_AFTER, Saw, Verdict,
    observed::{Seen, TillWebhook, Unseen},
    saw::{Names, Party},
};
use crate::tenant::Tenant;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// From here on a clock is told.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// From here on webhooks are refused as too old or from the future.
const FATAL_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// The events without which orders do not come back from the till (S48); receipts close prepaid orders.
const NEEDED: [(&str, &str, Verdict); 3] =
    [("ORDER", "EDIT", Verdict::Red), ("ORDER", "DELETE", Verdict::Red), ("RECEIPT", "CREATE", Verdict::Yellow)];

type Found = Vec<(Verdict, Saw)>;

pub(super) fn unseen(party: Party, why: &Unseen) -> Found {
    vec![(Verdict::Unknown, Saw::NotSeen(party, why.clone()))]
}

/// Anything that the till gave to this key is proof that it works.
pub(super) fn key(seen: &Observations) -> Found {
    let outcomes = [
        seen.sales_points.as_ref().map(drop),
        seen.modes.as_ref().map(drop),
        seen.menu.as_ref().map(drop),
        seen.webhooks.as_ref().map(drop),
    ];
    if outcomes.iter().any(Result::is_ok) {
        return vec![(Verdict::Green, Saw::KeyWorks)];
    }
    let failures = outcomes.iter().filter_map(|outcome| outcome.err());
    match failures.clone().find_map(|why| if let Unseen::Refused(status) = why { Some(*status) } else { None }) {
        Some(status) => vec![(Verdict::Red, Saw::KeyRefused(status))],
        None => failures.take(1).flat_map(|why| unseen(Party::Till, why)).collect(),
    }
}

/// The token's scope is opaque: only something written is proof.
pub(super) fn scope(seen: &Observations) -> Found {
    let has_written = matches!(&seen.known, Ok(known) if known.has_written);
    match (has_written, key(seen).first()) {
        (_, Some((Verdict::Red, saw))) => vec![(Verdict::Red, saw.clone())],
        (true, _) => vec![(Verdict::Green, Saw::Written)],
        (false, _) => vec![(Verdict::Unknown, Saw::NeverWritten)],
    }
}

pub(super) fn sales_point(tenant: &Tenant, seen: &Observations) -> Found {
    let points = match &seen.sales_points {
        Ok(points) => points,
        Err(why) => return unseen(Party::Till, why),
    };
    let id = tenant.sales_point.0;
    match points.iter().find(|point| point.id == id) {
        Some(point) if point.is_licensed => vec![(Verdict::Green, Saw::SalesPoint { id, name: point.name.clone() })],
        Some(_) => vec![(Verdict::Red, Saw::NoLicence(id))],
        None => {
            let others = points.iter().map(|point| format!("{} {}", point.id, point.name)).collect();
            vec![(Verdict::Red, Saw::SalesPointMissing { id, others: Names(others) })]
        }
    }
}

pub(super) fn sales_modes(tenant: &Tenant, seen: &Observations) -> Found {
    let modes = match &seen.modes {
        Ok(modes) => modes,
        Err(why) => return unseen(Party::Till, why),
    };
    let wanted = [&tenant.sales_mode_takeaway, &tenant.sales_mode_delivery];
    let named: Vec<&str> = modes.iter().map(|mode| mode.name.as_str()).collect();
    wanted.into_iter().map(|name| sales_mode(name, &named, &wanted)).collect()
}

fn sales_mode(name: &str, named: &[&str], wanted: &[&String]) -> (Verdict, Saw) {
    let name = name.to_owned();
    match named.iter().filter(|other| **other == name).count() {
        1 => (Verdict::Green, Saw::ModeFound(name)),
        0 => {
            let is_free = |other: &&&str| !wanted.iter().any(|wanted| wanted.as_str() == **other);
            let near = named.iter().filter(is_free).filter(|other| is_near(&name, other));
            let near = Names(near.map(|other| (*other).to_owned()).collect());
            (Verdict::Red, Saw::ModeMissing { name, near })
        }
        _ => (Verdict::Yellow, Saw::ModeTwice(name)),
    }
}

/// Whether a name differs only by case, blanks, hyphens or at most two letters.
fn is_near(wanted: &str, found: &str) -> bool {
    let plain = |text: &str| -> Vec<char> {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    distance(&plain(wanted), &plain(found)) <= 2
}

/// How many letters have to be typed, deleted or changed.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in (1..).zip(a) {
        let mut diagonal = std::mem::replace(&mut row[0], i);
        for (j, right) in b.iter().enumerate() {
            let changed = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

pub(super) fn webhooks(tenant: &Tenant, seen: &Observations) -> Found {
    let known = seen.known.as_ref().ok();
    let mut found = match (&seen.webhooks, known) {
        (Ok(hooks), _) => configured(tenant, hooks),
        // Where the till does not list them, a call that came is proof enough.
        (Err(Unseen::NotOffered), Some(known)) if known.has_pushed => Vec::new(),
        (Err(why), _) => unseen(Party::Till, why),
    };
    match known {
        Some(known) if known.unpushed >= SILENT_AFTER => {
            found.push((Verdict::Red, Saw::NotPushed(known.unpushed)));
        }
        Some(known) if known.has_pushed => found.push((Verdict::Green, Saw::Pushed)),
        _ => {}
    }
    if seen.webhook_secrets == 0 {
        found.push((Verdict::Red, Saw::NoSecret));
    }
    found
}

/// What the till's portal lacks of what is needed, as `ENTITY/EVENT`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Portal {
    /// Events whose webhooks are all paused.
    pub paused: Vec<String>,
    /// Events for which no webhook leads here.
    pub missing: Vec<String>,
}

impl Portal {
    /// Whether nothing is lacking.
    #[must_use]
    pub fn is_in_order(&self) -> bool {
        self.paused.is_empty() && self.missing.is_empty()
    }

    /// Orders are pushed: what was read of their webhooks is no longer so.
    pub(super) fn contradict_orders(&mut self) {
        for events in [&mut self.paused, &mut self.missing] {
            events.retain(|event| !event.starts_with("ORDER"));
        }
    }
}

/// Reads the till's list of webhooks.
#[must_use]
pub fn portal(tenant: &Tenant, hooks: &[TillWebhook]) -> Portal {
    let ours = ours(tenant, hooks);
    let mut portal = Portal::default();
    for needed in &NEEDED {
        match lacking(&ours, needed) {
            Some((_, Saw::EventPaused(event))) => portal.paused.push(event),
            Some((_, Saw::EventMissing(event))) => portal.missing.push(event),
            _ => {}
        }
    }
    portal
}

fn address(tenant: &Tenant) -> String {
    format!("/webhooks/cic/{}", tenant.id)
}

fn ours<'a>(tenant: &Tenant, hooks: &'a [TillWebhook]) -> Vec<&'a TillWebhook> {
    let path = address(tenant);
    let is_ours = |hook: &&TillWebhook| {
        hook.url.trim_end_matches('/').ends_with(&path)
            && (hook.sales_points.is_empty() || hook.sales_points.contains(&tenant.sales_point.0))
    };
    hooks.iter().filter(is_ours).collect()
}

fn configured(tenant: &Tenant, hooks: &[TillWebhook]) -> Found {
    let ours = ours(tenant, hooks);
    if ours.is_empty() {
        return vec![(Verdict::Red, Saw::NoWebhook { path: address(tenant), others: hooks.len() })];
    }
    let lacking: Found = NEEDED.iter().filter_map(|needed| lacking(&ours, needed)).collect();
    if lacking.is_empty() { vec![(Verdict::Green, Saw::WebhooksReady)] } else { lacking }
}

fn lacking(ours: &[&TillWebhook], (entity, event, verdict): &(&str, &str, Verdict)) -> Option<(Verdict, Saw)> {
    let mut of = ours.iter().filter(|hook| hook.entity == *entity && hook.events.contains(*event)).peekable();
    let operation = format!("{entity}/{event}");
    if of.peek().is_none() {
        return Some((*verdict, Saw::EventMissing(operation)));
    }
    of.all(|hook| hook.is_paused).then_some((*verdict, Saw::EventPaused(operation)))
}

pub(super) fn services(seen: &Observations) -> Found {
    match &seen.restaurant {
        Err(why) => unseen(Party::Platform, why),
        Ok(restaurant) if restaurant.services.is_empty() => vec![(Verdict::Red, Saw::NoServices)],
        Ok(restaurant) => restaurant
            .services
            .iter()
            .map(|(service, has_menu)| match has_menu {
                true => (Verdict::Green, Saw::ServiceReady(*service)),
                false => (Verdict::Red, Saw::ServiceWithoutMenu(*service)),
            })
            .collect(),
    }
}

pub(super) fn first_sync(seen: &Observations) -> Found {
    match (&seen.known, &seen.restaurant) {
        (Ok(known), _) if known.is_synced => vec![(Verdict::Green, Saw::Synced)],
        (Err(why), _) => unseen(Party::Ponte, why),
        (_, Err(why)) => unseen(Party::Platform, why),
        (_, Ok(restaurant)) if restaurant.has_menu => vec![(Verdict::Yellow, Saw::MenuBefore)],
        _ => vec![(Verdict::Green, Saw::PlatformEmpty)],
    }
}

pub(super) fn clocks(seen: &Observations) -> Found {
    let skew = |party: Party, ahead: &Seen<SignedDuration>| match ahead {
        Err(why) => (Verdict::Unknown, Saw::NotSeen(party, why.clone())),
        Ok(ahead) => {
            let verdict = match ahead.abs() {
                skew if skew > FATAL_SKEW => Verdict::Red,
                skew if skew > SKEW => Verdict::Yellow,
                _ => Verdict::Green,
            };
            (verdict, Saw::Clock { party, ahead: ahead.as_secs() })
        }
    };
    vec![skew(Party::Till, &seen.clocks.till), skew(Party::Platform, &seen.clocks.platform)]
}

pub(super) fn test_order(seen: &Observations) -> (Verdict, Saw) {
    match &seen.known {
        Ok(known) if known.has_order => (Verdict::Green, Saw::OrderOnTill),
        _ => (Verdict::Unknown, Saw::NoOrderSeen),
    }
}
