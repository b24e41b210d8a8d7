//! Findings without number would not fit in an item: the worst are kept, and the rest is counted.

use app::ports::menu::MenuState;
use domain::menu::{Finding, Level};

/// As many findings as are kept: more than anybody reads.
const MOST: usize = 500;
/// As many bytes as a state may have as JSON.
const LARGEST: usize = 300 * 1024;
/// How the finding begins that counts those left out.
const BEGINS: &str = "Altre segnalazioni non elencate: ";

/// The state as JSON that fits in an item.
pub(super) fn fitting(state: &MenuState) -> Result<String, serde_json::Error> {
    let mut most = MOST;
    loop {
        let json = serde_json::to_string(&cut(state, most))?;
        if json.len() <= LARGEST || most == 0 {
            return Ok(json);
        }
        most /= 2;
    }
}

/// The state with so many findings, errors before warnings, in their order; one more says how many are missing.
fn cut(state: &MenuState, most: usize) -> MenuState {
    let (notes, findings): (Vec<_>, Vec<_>) = state.findings.iter().partition(|finding| left_out(finding).is_some());
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|at| findings[*at].level != Level::Error);
    let mut dropped = order.split_off(most.min(order.len()));
    order.sort_unstable();
    dropped.sort_unstable();
    let mut kept: Vec<Finding> = order.into_iter().map(|at| findings[at].clone()).collect();
    let before: usize = notes.iter().filter_map(|note| left_out(note)).sum();
    let first = dropped.first().map(|at| findings[*at]).or(notes.first().copied());
    if let Some(first) = first {
        kept.push(Finding {
            check: first.check,
            level: Level::Warning,
            subject: String::new(),
            message: format!("{BEGINS}{}", before + dropped.len()),
            remedy: "Correggi quelle elencate: le altre compaiono alla prossima lettura completa".to_owned(),
        });
    }
    MenuState { findings: kept, ..state.clone() }
}

/// How many findings this one stands for, if it stands for others.
fn left_out(finding: &Finding) -> Option<usize> {
    finding.message.strip_prefix(BEGINS)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::menu::Check;

    fn finding(level: Level, subject: usize, length: usize) -> Finding {
        let message = "è".repeat(length / 2);
        Finding { check: Check::Price, level, subject: subject.to_string(), message, remedy: "Cassa".to_owned() }
    }

    fn state(findings: Vec<Finding>) -> MenuState {
        MenuState { sequence: 7, findings, ..MenuState::default() }
    }

    fn after(state: &MenuState) -> MenuState {
        let json = fitting(state).unwrap();
        assert!(json.len() <= LARGEST, "{} bytes", json.len());
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn a_state_that_fits_is_kept_as_it_is() {
        let whole = state((0..MOST).map(|n| finding(Level::Warning, n, 10)).collect());
        assert_eq!(after(&whole), whole);
    }

    #[test]
    fn of_too_many_findings_the_errors_are_kept_in_their_order_and_the_rest_is_counted() {
        let level = |n: usize| if n.is_multiple_of(100) { Level::Error } else { Level::Warning };
        let kept = after(&state((0..1000).map(|n| finding(level(n), n, 10)).collect()));
        assert_eq!((kept.sequence, kept.findings.len()), (7, MOST + 1));
        assert_eq!(kept.findings.iter().filter(|finding| finding.level == Level::Error).count(), 10);
        assert_eq!(kept.findings[MOST - 1].subject, "900", "the last error");
        assert_eq!(kept.findings[MOST].message, "Altre segnalazioni non elencate: 500");
    }

    #[test]
    fn what_was_left_out_before_is_counted_on_and_never_twice() {
        let mut kept = after(&state((0..600).map(|n| finding(Level::Warning, n, 10)).collect()));
        assert_eq!(after(&kept), kept);
        kept.findings.insert(0, finding(Level::Error, 1000, 10));
        kept = after(&kept);
        assert_eq!(kept.findings.len(), MOST + 1);
        assert_eq!(kept.findings[MOST].message, "Altre segnalazioni non elencate: 101");
    }

    #[test]
    fn findings_as_long_as_books_are_cut_by_their_bytes() {
        let kept = after(&state((0..400).map(|n| finding(Level::Error, n, 10_000)).collect()));
        assert!(kept.findings.len() > 10 && kept.findings.len() < 400, "{}", kept.findings.len());
        let none = after(&state(vec![finding(Level::Error, 0, LARGEST * 2)]));
        assert_eq!(none.findings.len(), 1);
        assert_eq!(none.findings[0].message, "Altre segnalazioni non elencate: 1");
    }
}
