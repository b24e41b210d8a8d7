//! x
use model::{decisions::Decisions, explore::explore, protocol::*, world::World};
#[test]
fn try_it() {
    for (f,t,p) in [(0,2,0),(0,3,0),(0,2,1),(1,2,0)] {
    for online in [false, true] {
        for trust in [Trust::Leases, Trust::UniqueOrders] {
            let start = std::time::Instant::now();
            let protocol = Protocol { decisions: Decisions::new(online).unwrap(), rules: Rules::ALL, trust };
            let found = explore(&protocol, World::new(f, t, p));
            println!("{f}{t}{p} {online} {trust:?}: {} worlds, depth {}, states {}, {:?}", found.worlds, found.depth, protocol.decisions.seen(), start.elapsed());
            if let Some(b) = found.broken { println!("{b}"); return; }
        }
    }
    }
}
