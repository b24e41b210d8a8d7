//! The wall clock, read in one place, and the zone in which the till understands a day.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// The present instant, cut to milliseconds as both parties show it.
pub(crate) fn now() -> Timestamp {
    from_ms(Timestamp::now().as_millisecond())
}

/// An instant from epoch milliseconds; out of range becomes the epoch.
pub(crate) fn from_ms(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// First and last millisecond of a day in the shop's zone.
pub(crate) fn day_bounds_ms(day: Date) -> Option<(i64, i64)> {
    let zone = TimeZone::get("Europe/Rome").ok()?;
    let first = day.to_zoned_datetime(zone.clone()).ok()?.timestamp().as_millisecond();
    let next = day.tomorrow().ok()?.to_zoned_datetime(zone).ok()?.timestamp().as_millisecond();
    Some((first, next - 1))
}
