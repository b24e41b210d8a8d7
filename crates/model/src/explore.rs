//! Breadth first through every world that can come about, so that the way to a broken promise is a shortest one.

use crate::{
    moves::Move,
    protocol::Protocol,
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
        writeln!(f, "which leads to {:#?}", self.world)
    }
}

/// A world and how it was reached: from which, by what, in how many moves.
struct Node {
    world: Rc<World>,
    from: usize,
    by: Option<Move>,
    depth: usize,
}

/// Makes every move in every world until no new world comes about or a promise is broken.
#[must_use]
pub fn explore(protocol: &Protocol, start: World) -> Explored {
    let start = Rc::new(protocol.plain(start));
    let mut known = HashMap::from([(Rc::clone(&start), 0)]);
    let mut nodes = vec![Node { world: start, from: 0, by: None, depth: 0 }];
    let mut rests: HashSet<World> = HashSet::new();
    let mut moves = HashSet::new();
    let mut broken = None;
    let mut next = 0;
    while next < nodes.len() && broken.is_none() {
        let (world, depth) = (Rc::clone(&nodes[next].world), nodes[next].depth + 1);
        let promise = protocol.broken(&world).or_else(|| {
            let (way, amiss) = protocol.come_to_rest(&world, |world| rests.contains(world));
            rests.extend(way);
            amiss
        });
        if let Some(promise) = promise {
            broken = Some(Broken { promise, way: way(&nodes, next), world: (*world).clone() });
            break;
        }
        for (by, after) in protocol.moves(&world) {
            moves.insert(by);
            let after = Rc::new(after);
            if let std::collections::hash_map::Entry::Vacant(place) = known.entry(Rc::clone(&after)) {
                place.insert(nodes.len());
                nodes.push(Node { world: after, from: next, by: Some(by), depth });
            }
        }
        next += 1;
    }
    let depth = nodes.last().map_or(0, |node| node.depth);
    Explored { worlds: nodes.len(), depth, moves, broken }
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
