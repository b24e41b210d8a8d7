//! What of much is done this minute: bounded, the oldest first, and nobody waits for ever.
//!
//! Nothing is remembered between two minutes: whose turn it is follows from the minute itself.

use jiff::{SignedDuration, Timestamp};

/// The till takes windows shorter than three days (API sheet 1.2); each of this length is one list.
const WINDOW: SignedDuration = SignedDuration::from_hours(48);

/// From when to when.
pub(super) type Span = (Timestamp, Timestamp);

/// At most so many of `items`, in their order, and how many are left over. Where they are too many, half of the places
/// are the oldest ones', and the other half goes round those behind them, a step a minute.
pub(super) fn take_turns<T>(items: Vec<T>, places: usize, now: Timestamp) -> (Vec<T>, usize) {
    let left_over = items.len().saturating_sub(places);
    if left_over == 0 {
        return (items, 0);
    }
    let oldest = places / 2;
    let (behind, turns) = (items.len() - oldest, places - oldest);
    let minute = usize::try_from(now.as_second() / 60).unwrap_or_default();
    let first = (minute % behind) * turns % behind;
    let is_its_turn = |place: usize| place < oldest || (place - oldest + behind - first) % behind < turns;
    let taken = (0..).zip(items).filter(|(place, _)| is_its_turn(*place)).map(|(_, item)| item);
    (taken.collect(), left_over)
}

/// The windows in which every span lies, oldest first: spans that touch are one, none is longer than the till takes.
pub(super) fn windows(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut merged: Vec<Span> = Vec::new();
    for (from, to) in spans {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    let mut windows = Vec::new();
    for (mut from, to) in merged {
        while to.duration_since(from) > WINDOW {
            windows.push((from, from + WINDOW));
            from += WINDOW;
        }
        windows.push((from, to));
    }
    windows
}

/// Whether all of a span was read, of these windows those that were.
pub(super) fn is_read(span: Span, unread: &[Span]) -> bool {
    !unread.iter().any(|(from, to)| span.0 < *to && *from < span.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn minute(minute: i64) -> Timestamp {
        Timestamp::from_second(1_795_500_000 + minute * 60).unwrap()
    }

    fn hour(hour: i64) -> Timestamp {
        minute(hour * 60)
    }

    proptest! {
        #[test]
        fn whoever_waits_has_a_turn_and_the_oldest_have_one_every_minute(count in 0_usize..60, places in 2_usize..8) {
            let items: Vec<usize> = (0..count).collect();
            let mut seen = BTreeSet::new();
            for now in 0..i64::try_from(count).unwrap() + 1 {
                let (taken, left_over) = take_turns(items.clone(), places, minute(now));
                prop_assert_eq!((taken.len(), left_over), (count.min(places), count.saturating_sub(places)));
                prop_assert!(taken.is_sorted(), "the oldest first: {:?}", taken);
                prop_assert!(taken.starts_with(&items[..count.min(places / 2)]));
                seen.extend(taken);
            }
            prop_assert_eq!(seen.len(), count, "within as many minutes as there are");
        }

        #[test]
        fn every_moment_of_a_span_is_in_a_window_that_the_till_takes(
            spans in prop::collection::vec((0_i64..2_000, 1_i64..200), 0..12)
        ) {
            let spans: Vec<Span> = spans.into_iter().map(|(from, long)| (hour(from), hour(from + long))).collect();
            let windows = windows(spans.clone());
            prop_assert!(windows.iter().all(|(from, to)| from < to && to.duration_since(*from) <= WINDOW));
            prop_assert!(windows.is_sorted());
            for span in spans {
                let mut reached = span.0;
                for (from, to) in &windows {
                    if *from <= reached {
                        reached = reached.max(*to);
                    }
                }
                prop_assert!(reached >= span.1);
                prop_assert!(is_read(span, &[]) && !is_read(span, &windows));
            }
        }
    }

    #[test]
    fn an_order_for_next_month_costs_two_windows_and_not_one_for_each_day_until_then() {
        let spans = vec![(hour(-12), hour(12)), (hour(708), hour(732))];
        assert_eq!(windows(spans.clone()), spans);
    }
}
