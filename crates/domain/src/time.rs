//! Instants and the restaurant's wall clock. The time is always an argument here, never asked for.

use jiff::{Timestamp, civil, tz::TimeZone};

/// Reads an instant of the platform: RFC 3339 with offset as its contract says.
///
/// A text without offset is taken as the restaurant's wall clock: a time that daylight saving skips becomes the next
/// one that exists, a time that happens twice is the first of the two (E31).
#[must_use]
pub fn parse_instant(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    text.parse::<Timestamp>().ok().or_else(|| {
        let wall: civil::DateTime = text.parse().ok()?;
        zone.to_ambiguous_timestamp(wall).compatible().ok()
    })
}

/// The restaurant's wall clock for staff, `24/11 alle 19:30`.
///
/// The UTC offset is added only in the hour that happens twice (E31), where the clock alone would not say which.
#[must_use]
pub fn wall_clock(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned_datetime(zone.clone());
    let text = local.strftime("%d/%m alle %H:%M").to_string();
    match zone.to_ambiguous_zoned_datetime(local.datetime()).is_ambiguous() {
        true => format!("{text} ({})", local.strftime("%:z")),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rome() -> TimeZone {
        TimeZone::get("Europe/Rome").unwrap()
    }

    #[test]
    fn e31_a_wall_time_that_happens_twice_is_the_first_of_the_two() {
        let at = parse_instant("2026-10-25T02:30:00", &rome()).unwrap();
        assert_eq!(at, "2026-10-25T00:30:00Z".parse().unwrap());
        assert_eq!(wall_clock(at, &rome()), "25/10 alle 02:30 (+02:00)");
    }

    #[test]
    fn e31_a_wall_time_that_never_happens_is_the_next_that_does() {
        let at = parse_instant("2026-03-29T02:30:00", &rome()).unwrap();
        assert_eq!(wall_clock(at, &rome()), "29/03 alle 03:30");
    }

    #[test]
    fn e31_an_instant_with_offset_needs_no_guess_in_the_doubled_hour() {
        let second = parse_instant("2026-10-25T02:30:00+01:00", &rome()).unwrap();
        assert_eq!(wall_clock(second, &rome()), "25/10 alle 02:30 (+01:00)");
    }

    #[test]
    fn a_text_that_is_no_time_is_none() {
        assert_eq!(parse_instant("domani", &rome()), None);
    }
}
