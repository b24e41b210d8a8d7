//! How much waits where.

use super::Queue;
use crate::{operator::Operator, table::table};
use anyhow::Result;
use aws_adapters::dead_letters::{Depth, depth};
use serde::Serialize;
use std::process::ExitCode;

/// A queue and its dead-letter queue.
#[derive(Debug, Serialize)]
struct Row {
    queue: &'static str,
    is_dead_letter: bool,
    #[serde(flatten)]
    depth: Depth,
}

pub(super) async fn run(operator: &Operator) -> Result<ExitCode> {
    let mut rows = Vec::new();
    for queue in [Queue::Orders, Queue::Sync] {
        let (source, dead) = queue.urls(operator);
        for (url, is_dead_letter) in [(source, false), (dead, true)] {
            let depth = depth(&operator.aws.sqs, url).await?;
            rows.push(Row { queue: queue.name(), is_dead_letter, depth });
        }
    }
    operator.print(&rows, |rows| as_text(rows))?;
    Ok(ExitCode::SUCCESS)
}

fn as_text(rows: &[Row]) -> String {
    let lines = rows.iter().map(|row| {
        let name = if row.is_dead_letter { format!("{} (messaggi arenati)", row.queue) } else { row.queue.to_owned() };
        let Depth { waiting, in_flight, delayed } = row.depth;
        [name, waiting.to_string(), in_flight.to_string(), delayed.to_string()]
    });
    let mut text = table(["coda", "in attesa", "in lavorazione", "rimandati"], lines);
    let stranded: u64 = rows.iter().filter(|row| row.is_dead_letter).map(|row| row.depth.waiting).sum();
    if stranded > 0 {
        text.push_str(&format!("{stranded} messaggi arenati: ponte queue peek orders|sync dice quali\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_queues_and_what_they_gave_up_are_one_table() {
        let row = |queue, is_dead_letter, waiting| Row {
            queue,
            is_dead_letter,
            depth: Depth { waiting, in_flight: 1, delayed: 0 },
        };
        let rows = [row("orders", false, 4), row("orders", true, 2), row("sync", false, 0), row("sync", true, 0)];
        insta::assert_snapshot!(as_text(&rows), @r"
         coda                       in attesa  in lavorazione  rimandati
         orders                     4          1               0
         orders (messaggi arenati)  2          1               0
         sync                       0          1               0
         sync (messaggi arenati)    0          1               0
        2 messaggi arenati: ponte queue peek orders|sync dice quali
        ");
    }
}
