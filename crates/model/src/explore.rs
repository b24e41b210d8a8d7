//! Breadth first through every world that can come about, so that the way to a broken promise is a shortest one.

use crate::{
    moves::Move,
    protocol::{Protocol, Trust},
    world::World,
};
use std::{
    collections::{HashMap, HashSet},
    fmt,
    rc::Rc,
};

/// What was found.
pub struct Explored {
    /// How many worlds there are.
    pub worlds: usize,
    /// How many moves lead to the farthest one.
    pub depth: usize,
    /// Every move that was made.
    pub moves: HashSet<Move>,
    /// The first broken promise.
    pub broken: Option<Broken>,
}

/// A broken promise and a shortest way to it.
pub struct Broken {
    /// Which.
    pub promise: &'static str,
    /// What has to happen.
    pub way: Vec<Move>,
    /// Where that leads.
    pub world: World,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}, after", self.promise)?;
        self.way.iter().enumerate().try_for_each(|(number, what)| writeln!(f, "{:>4}. {what:?}", number + 1))?;
        writeln!(f, "which leads to {:?}", self.world)
    }
}

/// A world and how it was reached: from which, by what, in how many moves. And to which it goes on when nothing goes
/// wrong any more.
struct Node {
    world: Rc<World>,
    from: usize,
    by: Option<Move>,
    depth: usize,
    quiet: Option<usize>,
}

/// Makes every move in every world until no new world comes about or a promise is broken; then looks how each ends when
/// nothing goes wrong any more.
#[must_use]
pub fn explore(protocol: &Protocol, start: World) -> Explored {
    let start = Rc::new(protocol.plain(start));
    let mut known = HashMap::from([(Rc::clone(&start), 0)]);
    let mut nodes = vec![Node { world: start, from: 0, by: None, depth: 0, quiet: None }];
    let mut moves = HashSet::new();
    let mut broken = None;
    let mut at = 0;
    while at < nodes.len() {
        let (world, depth) = (Rc::clone(&nodes[at].world), nodes[at].depth + 1);
        broken = protocol.broken(&world).map(|promise| (promise, at));
        if broken.is_some() {
            break;
        }
        let next = protocol.moves(&world);
        let quiet = protocol.quiet_move(&world, &next);
        for (number, (by, after)) in next.into_iter().enumerate() {
            moves.insert(by);
            let after = Rc::new(after);
            let found = *known.entry(Rc::clone(&after)).or_insert_with(|| {
                nodes.push(Node { world: after, from: at, by: Some(by), depth, quiet: None });
                nodes.len() - 1
            });
            if quiet == Some(number) {
                nodes[at].quiet = Some(found);
            }
        }
        at += 1;
    }
    // A zombie that calls for as long as it likes may send what was since withdrawn: twice is all that is excluded.
    let ends = protocol.trust == Trust::Leases;
    let broken = broken.or_else(|| ends.then(|| ends_badly(protocol, &nodes)).flatten());
    let depth = nodes.last().map_or(0, |node| node.depth);
    let broken =
        broken.map(|(promise, at)| Broken { promise, way: way(&nodes, at), world: (*nodes[at].world).clone() });
    Explored { worlds: nodes.len(), depth, moves, broken }
}

/// The nearest world from which an order does not end well though nothing goes wrong any more.
fn ends_badly(protocol: &Protocol, nodes: &[Node]) -> Option<(&'static str, usize)> {
    let mut ends_well = vec![false; nodes.len()];
    for start in 0..nodes.len() {
        let (mut at, mut passed) = (start, HashSet::new());
        while !ends_well[at] {
            if !passed.insert(at) {
                return Some(("an order never comes to rest", start));
            }
            match nodes[at].quiet {
                Some(next) => at = next,
                None => match protocol.amiss_at_rest(&nodes[at].world) {
                    Some(promise) => return Some((promise, start)),
                    None => ends_well[at] = true,
                },
            }
        }
        passed.into_iter().for_each(|at| ends_well[at] = true);
    }
    None
}

fn way(nodes: &[Node], mut at: usize) -> Vec<Move> {
    let mut way = Vec::new();
    while let Some(by) = nodes[at].by {
        way.push(by);
        at = nodes[at].from;
    }
    way.reverse();
    way
}
