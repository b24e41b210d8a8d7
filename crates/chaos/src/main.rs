//! `make chaos`.
use chaos::{Options, run};
fn main() -> anyhow::Result<()> {
    let a: Vec<u64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let t = std::time::Instant::now();
    let only = std::env::var("ONLY").ok();
    let orders = match &only {
        Some(o) => o.split(',').map(|x| x.parse().unwrap()).collect(),
        None => (1..=a[1] as usize).collect(),
    };
    let without =
        std::env::var("WITHOUT").ok().map(|w| w.split(',').map(|x| x.parse().unwrap()).collect()).unwrap_or_default();
    let o = run(&Options { seed: a[0], orders, without, told: only.is_some() })?;
    println!("{}", o.history);
    for v in o.violations.iter().take(40) {
        println!("{v}");
    }
    println!(
        "{:?} {} {} {} {} {} {:?} violations {} {:?}",
        o.struck,
        o.orders,
        o.on_till,
        o.sent_again,
        o.most_calls,
        o.dead_letters,
        o.longest_wait,
        o.violations.len(),
        t.elapsed()
    );
    Ok(())
}
