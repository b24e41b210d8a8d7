//! What must hold of every order when all is over, whatever went wrong: the four promises, as far as a history shows them.

use crate::{
    menu,
    plan::{Act, Planned},
    sim::{CALLS, Sim},
};
use app::ports::{OrderKey, OrderStore, Stored, TillDelivery, TillState};
use domain::{
    Cents,
    order::Status,
    till::{TillOrder, Workflow},
};
use std::{fmt, sync::atomic::Ordering, time::Duration};

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// Which order, if it is one order's.
    pub order: Option<usize>,
    /// What is broken, in a few words: the same for all orders.
    pub rule: &'static str,
    /// What was seen.
    pub seen: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.order {
            Some(number) => write!(f, "o-{number}: {}: {}", self.rule, self.seen),
            None => write!(f, "{}: {}", self.rule, self.seen),
        }
    }
}

/// Everything about one order when all is over.
struct Case<'a> {
    sim: &'a Sim,
    planned: &'a Planned,
    at_till: Vec<TillOrder>,
    bodies: Vec<String>,
    customer: Vec<Status>,
    staff: Vec<TillDelivery>,
    platform: Option<Status>,
    stored: Option<Stored>,
    is_watched: bool,
}

/// Looks at everything.
pub(crate) async fn check(sim: &Sim) -> Vec<Violation> {
    let mut violations = check_whole(sim);
    for (number, planned) in &sim.plan {
        let Some(case) = Case::of(sim, planned).await else {
            let seen = "neither table nor restaurant know it any more".to_owned();
            violations.push(Violation { order: Some(*number), rule: "every order can be read", seen });
            continue;
        };
        let broken = case.rules().into_iter().filter_map(|(rule, seen)| Some((rule, seen?)));
        violations.extend(broken.map(|(rule, seen)| Violation { order: Some(*number), rule, seen }));
    }
    violations
}

fn check_whole(sim: &Sim) -> Vec<Violation> {
    let most = sim.most_calls();
    let changed = sim.platform.changed_requests();
    let menus: Vec<_> = sim.houses.values().flat_map(|house| house.menu.changed_requests()).collect();
    let panics = sim.panics.load(Ordering::Relaxed);
    let dead = sim.orders_queue.died().1 + sim.sync_queue.died().1;
    [
        ("the till's calls are never used up", (most > CALLS).then(|| format!("{most} calls in ten minutes"))),
        ("a repeated request is the same request", (!changed.is_empty()).then(|| changed.join(", "))),
        ("a repeated menu request is the same request", (!menus.is_empty()).then(|| menus.join(", "))),
        ("no function panics", (panics > 0).then(|| format!("{panics} did"))),
        ("a dead letter that is given back is done with", (dead > 0).then(|| format!("{dead} dead letters"))),
    ]
    .into_iter()
    .chain(sim.houses.values().flat_map(|house| menu::rules(house)))
    .filter_map(|(rule, seen)| Some(Violation { order: None, rule, seen: seen? }))
    .collect()
}

type Seen = Option<String>;

fn unless(holds: bool, seen: impl FnOnce() -> String) -> Seen {
    (!holds).then(seen)
}

impl<'a> Case<'a> {
    async fn of(sim: &'a Sim, planned: &'a Planned) -> Option<Self> {
        let (id, tenant) = (&planned.order.id, &planned.order.tenant);
        let till = &sim.houses.get(tenant)?.till.till;
        let key = OrderKey { tenant: tenant.clone(), order: id.clone() };
        Some(Self {
            sim,
            planned,
            at_till: till.all().into_iter().filter(|order| order.external_id.as_ref() == Some(id)).collect(),
            bodies: till.sent(id),
            customer: sim.platform.messages(id).into_iter().map(|(status, _)| status).collect(),
            staff: sim.platform.staff(id),
            platform: sim.platform.status(id),
            stored: sim.store.load(&key).await.ok()?,
            is_watched: sim.store.open_orders(tenant).await.ok()?.contains(id),
        })
    }

    fn rules(&self) -> Vec<(&'static str, Seen)> {
        vec![
            ("every order is known", unless(self.stored.is_some() || self.is_off(), || "never stored".to_owned())),
            ("no order is doubled", self.doubled()),
            ("no order is lost", self.lost()),
            ("no ghost is ordered", self.ghost()),
            ("money is equal to the cent", self.money()),
            ("no message contradicts or repeats another", self.contradiction()),
            ("the customer knows what the till knows", self.untold()),
            ("staff know where the order is", self.staff_unaware()),
            ("staff know that it is off, or costs something else", self.change_untold()),
            ("nobody enters by hand what the till has", self.entered_by_hand()),
            ("an order is watched while it is open, and no longer", self.unwatched()),
        ]
    }

    fn id(&self) -> &str {
        self.planned.order.id.as_str()
    }

    fn is_off(&self) -> bool {
        self.platform == Some(Status::Cancelled)
    }

    fn was_deleted(&self) -> bool {
        let arrived = self.sim.record.facts(self.id()).arrived.is_some();
        arrived && self.planned.staff.iter().any(|(_, act)| *act == Act::Delete)
    }

    fn doubled(&self) -> Seen {
        let again = self.sim.record.facts(self.id()).taken_though_known;
        unless(self.at_till.len() <= 1, || format!("{} times on the till", self.at_till.len()))
            .or_else(|| unless(!again, || "taken once more, though the till was known to have had it".to_owned()))
    }

    /// On the till, or staff know that it is not, or nobody wants it any more.
    fn lost(&self) -> Seen {
        let there = !self.at_till.is_empty() || self.was_deleted();
        let told = self.last_word() == Some(TillState::Failed);
        unless(there || told || self.is_off(), || format!("not on the till, staff last read {:?}", self.last_word()))
    }

    /// Nothing is sent that is known to be off, or that the till was read not to sell.
    fn ghost(&self) -> Seen {
        let facts = self.sim.record.facts(self.id());
        let late = facts.known_off.and_then(|known| facts.sent.iter().find(|sent| **sent > known));
        late.map(|sent| format!("sent at {sent:?} though known to be off"))
            .or_else(|| unless(facts.ghosts.is_empty(), || format!("sent with {:?}", facts.ghosts)))
    }

    fn money(&self) -> Seen {
        let amount = |body: &String| {
            let body: serde_json::Value = serde_json::from_str(body).ok()?;
            let rows = body["rows"].as_array()?;
            rows.iter().map(|row| Some(row[1].as_i64()? * row[2].as_i64()?)).sum::<Option<i64>>()
        };
        let total = self.planned.order.total;
        let wrong = self.bodies.iter().find(|body| amount(body).map(Cents) != Some(total));
        wrong.map(|body| format!("{total} became {body}"))
    }

    fn contradiction(&self) -> Seen {
        use Status::{Confirmed, Evaso, Rejected};
        let allowed: [&[Status]; 5] = [&[], &[Confirmed], &[Confirmed, Evaso], &[Rejected], &[Confirmed, Rejected]];
        let facts = self.sim.record.facts(self.id());
        // What the customer has called off meanwhile, Ponte cannot know in time.
        let illegal: Vec<_> = facts.illegal.iter().filter(|(at, _)| *at != Status::Cancelled).collect();
        unless(allowed.contains(&self.customer.as_slice()) && illegal.is_empty(), || {
            format!("the customer heard {:?}; refused by the platform: {illegal:?}", self.customer)
        })
    }

    fn untold(&self) -> Seen {
        use Status::{Confirmed, Evaso, New, Rejected};
        if self.is_off() {
            return None;
        }
        let online = self.planned.order.payment.online;
        let has_receipt = self.planned.staff.iter().any(|(_, act)| *act == Act::Receipt);
        let expected = match self.at_till.first().map(|order| order.workflow) {
            None if self.was_deleted() => Rejected,
            None | Some(Workflow::Requested) => New,
            Some(Workflow::Rejected | Workflow::Canceled) => Rejected,
            Some(Workflow::Completed) if !online || has_receipt => Evaso,
            Some(_) => Confirmed,
        };
        let stored = self.stored.as_ref().map(|stored| stored.state.status);
        unless(self.platform == Some(expected) && stored == self.platform, || {
            format!("{expected:?} at the till, {:?} on the platform, {stored:?} in the table", self.platform)
        })
    }

    fn staff_unaware(&self) -> Seen {
        let there = !self.at_till.is_empty();
        let word = self.last_word();
        let right = if there { word == Some(TillState::Delivered) } else { word != Some(TillState::Pending) };
        let unanswered = there && self.platform == Some(Status::New);
        let alerted = self.staff.iter().filter(|told| told.message.is_some()).count();
        unless(right, || format!("on the till: {there}, last read {word:?}"))
            .or_else(|| unless(!unanswered || alerted >= 1, || "nobody was told that nobody answers".to_owned()))
    }

    /// What somebody did on one side and only staff can make good on the other.
    fn change_untold(&self) -> Seen {
        let was_told = |words: &str| {
            let read = |told: &TillDelivery| {
                told.message.as_deref().is_some_and(|message| message.to_lowercase().contains(words))
            };
            self.staff.iter().any(read)
        };
        let goes_on = |order: &TillOrder| !matches!(order.workflow, Workflow::Rejected | Workflow::Canceled);
        let off = self.is_off() && self.at_till.iter().any(goes_on);
        let edited = self.sim.record.facts(self.id()).edited && !self.is_off() && !self.at_till.is_empty();
        unless(!off || was_told("annullato"), || "off and on the till, and nobody was told".to_owned()).or_else(|| {
            unless(!edited || was_told("modificato sulla cassa"), || "edited, and nobody was told".to_owned())
        })
    }

    fn entered_by_hand(&self) -> Seen {
        let facts = self.sim.record.facts(self.id());
        unless(facts.by_hand.is_empty(), || format!("staff read {:?}", facts.by_hand))
    }

    fn unwatched(&self) -> Seen {
        let open = self.stored.as_ref().is_some_and(|stored| stored.state.is_open());
        let may_be = self.stored.as_ref().is_some_and(|stored| stored.state.is_watched());
        unless(self.is_watched || !open, || "open and in no index".to_owned())
            .or_else(|| unless(may_be || !self.is_watched, || "nothing to look for, and in the index".to_owned()))
    }

    fn last_word(&self) -> Option<TillState> {
        self.staff.last().map(|told| told.state)
    }
}

/// How long the customer waited until the order was on the till or staff knew that it is not.
pub(crate) fn longest_wait(sim: &Sim) -> Duration {
    let waited = |planned: &Planned| {
        let facts = sim.record.facts(planned.order.id.as_str());
        let seen = [facts.arrived, facts.told, facts.called_off].into_iter().flatten().min()?;
        Some(seen.saturating_sub(facts.placed?))
    };
    sim.plan.values().filter_map(waited).max().unwrap_or_default()
}
