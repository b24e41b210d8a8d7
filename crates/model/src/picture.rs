//! `docs/order-states.svg`: every phase and status that an order can have together, and what leads from one to another.
//!
//! What is drawn is found by asking [`domain::lifecycle::step()`] and so the table; only where it is drawn is said here,
//! in `layout`. Left out are events that move nothing, and the platform's own word, which is adopted whatever it is.

mod layout;
mod svg;

use crate::decisions::{Decisions, Happens, StateId};
use domain::{
    lifecycle::{OrderState, Phase, Signal, What},
    order::Status,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

pub use svg::{Box, boxes, draw};

/// How far an order has come, and what its customer knows.
pub type Node = (&'static str, Status);

/// What leads from one node to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    /// The events, in the order of the documentation.
    pub events: Vec<String>,
    /// What is then said in every case.
    pub says: Vec<String>,
}

/// All that is drawn.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// Where an order may begin.
    pub starts: BTreeSet<Node>,
    /// What leads where.
    pub edges: BTreeMap<(Node, Node), Edge>,
}

impl Graph {
    /// The nodes, each once.
    #[must_use]
    pub fn nodes(&self) -> BTreeSet<Node> {
        self.edges.keys().flat_map(|(from, to)| [*from, *to]).chain(self.starts.iter().copied()).collect()
    }
}

/// The events that are drawn, in the order of the documentation.
fn events() -> impl Iterator<Item = Happens> {
    let own = [
        Happens::Intended,
        Happens::Created,
        Happens::Absent,
        Happens::NotSent,
        Happens::Unreachable,
        Happens::Cancelled,
        Happens::Replayed,
    ];
    own.into_iter().chain(Signal::ALL.map(Happens::Till))
}

/// The states of an order that events alone lead to, each with everything told.
fn reachable(decisions: &Decisions) -> Vec<StateId> {
    let starts = [decisions.received(Status::New), decisions.received(Status::Confirmed), decisions.tombstone()];
    let mut states = starts.map(|state| decisions.settled(state)).to_vec();
    let mut known: HashSet<StateId> = states.iter().copied().collect();
    let mut at = 0;
    while at < states.len() {
        for event in events() {
            let next = decisions.settled(decisions.step(states[at], event));
            if known.insert(next) {
                states.push(next);
            }
        }
        at += 1;
    }
    states
}

/// The graph, of orders paid online and at the restaurant together.
///
/// # Errors
/// When the order of the model is none: a mistake in the model.
pub fn graph() -> Result<Graph, serde_json::Error> {
    let mut graph = Graph::default();
    for online in [false, true] {
        let decisions = Decisions::new(online)?;
        let states = reachable(&decisions);
        graph.starts.extend(states[..3].iter().map(|state| node(&decisions.state(*state))));
        for (state, event) in states.iter().flat_map(|state| events().map(move |event| (*state, event))) {
            let (before, after) = (decisions.state(state), decisions.state(decisions.step(state, event)));
            // A word of the till first puts the order there, then is looked up: two edges, one after the other.
            let is_two = matches!(event, Happens::Till(_)) && !matches!(before.phase, Phase::OnTill { .. });
            if !is_two && node(&before) != node(&after) {
                graph.add(&before, &after, event);
            }
        }
    }
    Ok(graph)
}

impl Graph {
    fn add(&mut self, before: &OrderState, after: &OrderState, event: Happens) {
        let event = match event {
            Happens::Till(signal) => format!("till: {signal:?}"),
            other => format!("{other:?}"),
        };
        let new = after.pending.iter().filter(|effect| !before.pending.contains(effect));
        let said = new.filter_map(|effect| match &effect.what {
            What::Status { to, .. } => Some(format!("customer: {}", format!("{to:?}").to_lowercase())),
            What::Staff { state, message } if !message.is_empty() => {
                Some(format!("staff: {}", format!("{state:?}").to_lowercase()))
            }
            _ => None,
        });
        let mut said: Vec<String> = said.collect();
        said.dedup();
        match self.edges.entry((node(before), node(after))) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(Edge { events: vec![event], says: said });
            }
            std::collections::btree_map::Entry::Occupied(mut place) => {
                let edge = place.get_mut();
                edge.says.retain(|line| said.contains(line));
                if !edge.events.contains(&event) {
                    edge.events.push(event);
                }
            }
        }
    }
}

fn node(state: &OrderState) -> Node {
    let phase = match state.phase {
        Phase::Received => "Received",
        Phase::Creating { .. } => "Creating",
        Phase::OnTill { .. } => "OnTill",
        Phase::NotOnTill => "NotOnTill",
        Phase::Withdrawn => "Withdrawn",
    };
    (phase, state.status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_about_an_order_that_is_elsewhere_first_puts_it_on_the_till_and_is_then_looked_up() {
        let decisions = Decisions::new(true).unwrap();
        let mut looked_up = 0;
        for state in reachable(&decisions) {
            for signal in Signal::ALL {
                let at_once = decisions.step(state, Happens::Till(signal));
                let arrived = decisions.step(state, Happens::Created);
                let afterwards = decisions.step(arrived, Happens::Till(signal));
                let same = node(&decisions.state(at_once)) == node(&decisions.state(afterwards));
                assert!(same, "{signal:?} on {:?}", decisions.state(state));
                looked_up += 1;
            }
        }
        assert!(looked_up > 100, "{looked_up}");
    }

    #[test]
    fn what_is_drawn_of_an_order_on_the_till_is_the_table() {
        let graph = graph().unwrap();
        for row in domain::lifecycle::table::TABLE.iter().filter(|row| row.status != row.next) {
            let edge = &graph.edges[&(("OnTill", row.status), ("OnTill", row.next))];
            assert!(edge.events.contains(&format!("till: {:?}", row.signal)), "{row:?}");
        }
        let words: usize = graph.edges.values().flat_map(|edge| &edge.events).filter(|e| e.starts_with("till")).count();
        assert_eq!(words, domain::lifecycle::table::TABLE.iter().filter(|row| row.status != row.next).count());
    }
}
