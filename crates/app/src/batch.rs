//! Records of a queue, worked on side by side: a panic, a stuck call or a bad body costs its own record and no other.

use domain::circuit::LONGEST_ASKED;
use futures::future::join_all;
use std::{
    collections::BTreeMap,
    future::Future,
    time::{Duration, Instant},
};

/// One record of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The queue's id of the message.
    pub id: String,
    /// What its visibility is changed with.
    pub receipt: String,
    /// The message.
    pub body: String,
    /// How often it has been received, this time included.
    pub receives: u32,
}

/// What becomes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is done with.
    Finished,
    /// It has to come back; not sooner than this, if somebody asked for that, but for ten minutes at most.
    ComesBack(Option<Duration>),
}

/// The shortest wait of a record that failed.
const FIRST_WAIT: Duration = Duration::from_secs(5);

/// The longest wait that grows by itself.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Works on records: those of one lane in their order, the lanes side by side, none beyond `until`.
///
/// Answers the records that have to come back, and after how long.
pub async fn work_off<W, F>(
    records: Vec<Record>,
    lane: impl Fn(&Record) -> String,
    work: W,
    until: Instant,
) -> Vec<(Record, Duration)>
where
    W: Fn(Record) -> F,
    F: Future<Output = Verdict> + Send + 'static,
{
    let mut lanes: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for record in records {
        lanes.entry(lane(&record)).or_default().push(record);
    }
    let work = &work;
    let lanes = lanes.into_values().map(|records| async move {
        let mut back = Vec::new();
        for record in records {
            if let Verdict::ComesBack(asked) = one(work(record.clone()), until).await {
                let wait = back_off(&record, asked);
                back.push((record, wait));
            }
        }
        back
    });
    join_all(lanes).await.into_iter().flatten().collect()
}

/// A task of its own, so that a panic stays inside it and work that overstays is ended.
async fn one(work: impl Future<Output = Verdict> + Send + 'static, until: Instant) -> Verdict {
    let mut task = tokio::spawn(work);
    match tokio::time::timeout_at(until.into(), &mut task).await {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(error)) => {
            tracing::error!(panicked = error.is_panic(), "the work on a record broke off; the record comes back");
            Verdict::ComesBack(None)
        }
        Err(_) => {
            task.abort();
            tracing::error!("the work on a record took too long; the record comes back");
            Verdict::ComesBack(None)
        }
    }
}

/// How long a record stays away: doubling from the first wait, and not sooner than was asked for, ten minutes at most;
/// spread by a quarter, so that records which failed together do not come back together. Who wants it back at once has
/// it at once.
fn back_off(record: &Record, asked: Option<Duration>) -> Duration {
    if asked == Some(Duration::ZERO) {
        return Duration::ZERO;
    }
    let doubled = FIRST_WAIT.saturating_mul(1 << record.receives.saturating_sub(1).min(10)).min(LONGEST_WAIT);
    let wait = asked.unwrap_or_default().min(LONGEST_ASKED.unsigned_abs()).max(doubled);
    let spread = record.id.bytes().fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % 256;
    wait.saturating_add((wait / 4).saturating_mul(spread) / 256)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    fn record(id: &str, body: &str) -> Record {
        Record { id: id.into(), receipt: format!("r-{id}"), body: body.into(), receives: 1 }
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(5)
    }

    fn ids(back: &[(Record, Duration)]) -> Vec<&str> {
        back.iter().map(|(record, _)| record.id.as_str()).collect()
    }

    #[tokio::test]
    async fn a_panic_and_a_failure_cost_their_own_record_and_no_other() {
        let records = vec![record("1", "fine"), record("2", "panic"), record("3", "fails"), record("4", "fine")];
        let done = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&done);
        let work = move |record: Record| {
            let log = Arc::clone(&log);
            async move {
                assert!(record.body != "panic", "asked for");
                log.lock().unwrap().push(record.id);
                if record.body == "fine" { Verdict::Finished } else { Verdict::ComesBack(None) }
            }
        };
        let back = work_off(records, |record| record.id.clone(), work, soon()).await;
        assert_eq!(ids(&back), ["2", "3"]);
        assert_eq!(*done.lock().unwrap(), ["1", "3", "4"]);
    }

    #[tokio::test]
    async fn work_that_overstays_is_ended_and_its_record_comes_back() {
        let work = |_| std::future::pending::<Verdict>();
        let back = work_off(vec![record("1", "")], |_| String::new(), work, Instant::now()).await;
        assert_eq!(ids(&back), ["1"]);
    }

    #[tokio::test]
    async fn records_of_one_order_are_never_worked_on_side_by_side() {
        let order = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&order);
        let work = move |record: Record| {
            let log = Arc::clone(&log);
            async move {
                log.lock().unwrap().push(format!("{} begins", record.id));
                tokio::task::yield_now().await;
                log.lock().unwrap().push(format!("{} ends", record.id));
                Verdict::Finished
            }
        };
        let records = vec![record("1", "same"), record("2", "same")];
        work_off(records, |record| record.body.clone(), work, soon()).await;
        assert_eq!(*order.lock().unwrap(), ["1 begins", "1 ends", "2 begins", "2 ends"]);
    }

    #[test]
    fn waits_double_to_five_minutes_are_spread_and_as_long_as_asked_up_to_ten_minutes() {
        let of = |id: &str, receives, asked| back_off(&Record { receives, ..record(id, "") }, asked);
        let wait = |receives, asked: Option<u64>| of("id", receives, asked.map(Duration::from_secs)).as_secs();
        let waits: Vec<u64> = (1..12).map(|receives| wait(receives, None)).collect();
        assert!(waits.is_sorted() && waits[0] >= 5 && waits[10] >= 300 && waits[10] <= 375, "{waits:?}");
        assert!((40..=50).contains(&wait(1, Some(40))), "asked for longer");
        assert_eq!(wait(9, Some(7)), wait(9, None), "a record that keeps coming back comes ever less often");
        assert_eq!(wait(9, Some(0)), 0, "wanted back at once");
        for endless in [Duration::from_secs(601), Duration::from_secs(43_200), Duration::MAX] {
            let wait = of("id", 1, Some(endless));
            assert!(wait >= LONGEST_ASKED.unsigned_abs() && wait.as_secs() <= 750, "{endless:?} became {wait:?}");
        }
        let asked = Some(Duration::from_secs(60));
        let together: std::collections::BTreeSet<_> = (0..20).map(|n| of(&format!("m-{n}"), 1, asked)).collect();
        assert!(together.len() > 15, "{together:?}");
    }
}
