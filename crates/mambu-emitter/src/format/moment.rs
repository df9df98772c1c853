//! Days and moments: what the texts of API v2 and of stored conditions stand for.
//!
//! Knows nothing of how they are shown.

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::{Disambiguation, TimeZone};
use jiff::{Timestamp, ZonedDateTime};

/// A day, or a moment of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A day without a time.
    Date(Date),
    /// A moment.
    DateTime(ZonedDateTime),
}

impl Moment {
    /// The moment in a time zone; a day is its first moment there. Ends at the ends of time (the years ±9999).
    pub fn to_zoned(&self, zone: &TimeZone) -> ZonedDateTime {
        match self {
            Self::Date(date) => at(date.to_datetime(Time::midnight()), zone),
            Self::DateTime(moment) => moment.with_time_zone(zone.clone()),
        }
    }

    /// The day in a time zone.
    pub fn date_in(&self, zone: &TimeZone) -> Date {
        match self {
            Self::Date(date) => *date,
            Self::DateTime(moment) => moment.with_time_zone(zone.clone()).date(),
        }
    }
}

/// Where the clock shows a time twice, or never, this is what Java and Temporal call compatible.
fn at(clock: DateTime, zone: &TimeZone) -> ZonedDateTime {
    let ambiguous = zone.to_ambiguous_zoned_datetime(clock);
    ambiguous
        .disambiguate(Disambiguation::Compatible)
        .unwrap_or_else(|_| {
            let end = if clock.year() < 0 {
                Timestamp::MIN
            } else {
                Timestamp::MAX
            };
            ZonedDateTime::new(end, zone.clone())
        })
}

/// Reads a day (`2026-01-31`), a date-time with an offset or `Z` (documented: webhooks sheet 7.2), a date-time without
/// one, or the form of stored conditions (`2026-01-31 10:12:44`, observed: webhooks sheet 3); the latter two are in
/// `zone`, the tenant's (assumed).
///
/// ```
/// use jiff::tz::TimeZone;
/// use mambu_emitter::format::{Moment, parse_moment};
/// let moment = parse_moment("2025-01-31T23:30:00Z", &TimeZone::fixed(jiff::tz::offset(1))).expect("a moment");
/// assert_eq!(moment.date_in(&TimeZone::UTC).to_string(), "2025-01-31");
/// assert!(parse_moment("31.01.2025", &TimeZone::UTC).is_none());
/// ```
pub fn parse_moment(text: &str, zone: &TimeZone) -> Option<Moment> {
    let text = text.trim();
    let mut bytes = text.bytes();
    let dashed = bytes.nth(4) == Some(b'-') && bytes.nth(2) == Some(b'-');
    if !dashed {
        return None;
    }
    let pieces = Pieces::parse(text).ok()?;
    if pieces.time_zone_annotation().is_some() {
        return None;
    }
    let date = pieces.date();
    match (pieces.time(), pieces.to_numeric_offset()) {
        (None, _) => Some(Moment::Date(date)),
        (Some(time), None) => Some(Moment::DateTime(at(date.to_datetime(time), zone))),
        (Some(time), Some(offset)) => {
            let instant = offset.to_timestamp(date.to_datetime(time)).ok()?;
            Some(Moment::DateTime(instant.to_zoned_datetime(zone.clone())))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    fn instant(text: &str) -> String {
        parse_moment(text, &berlin())
            .unwrap()
            .to_zoned(&berlin())
            .timestamp()
            .to_string()
    }

    #[test]
    fn a_date_time_with_an_offset_is_that_instant() {
        assert_eq!(instant("2016-09-06T13:37:50+03:00"), "2016-09-06T10:37:50Z");
        assert_eq!(instant("2016-09-06T13:37:50+0300"), "2016-09-06T10:37:50Z");
        assert_eq!(instant("2016-09-06T10:37:50.250Z"), "2016-09-06T10:37:50.25Z");
    }

    #[test]
    fn a_date_time_without_an_offset_is_in_the_tenants_zone() {
        assert_eq!(instant("2025-01-31T10:12:44"), "2025-01-31T09:12:44Z");
        assert_eq!(instant("2025-01-31 10:12:44"), "2025-01-31T09:12:44Z");
    }

    #[test]
    fn a_day_has_no_time_and_begins_at_midnight_of_the_zone() {
        assert_eq!(
            parse_moment("1988-12-09", &berlin()),
            Some(Moment::Date(jiff::civil::date(1988, 12, 9)))
        );
        assert_eq!(instant("2025-01-31"), "2025-01-30T23:00:00Z");
    }

    #[test]
    fn the_day_of_a_moment_depends_on_the_zone() {
        let moment = parse_moment("2025-01-31T23:30:00Z", &berlin()).unwrap();
        assert_eq!(moment.date_in(&berlin()).to_string(), "2025-02-01");
        assert_eq!(moment.date_in(&TimeZone::UTC).to_string(), "2025-01-31");
    }

    #[test]
    fn an_hour_that_a_clock_change_skips_is_read_as_the_hour_after() {
        assert_eq!(instant("2025-03-30 02:30:00"), "2025-03-30T01:30:00Z");
    }

    #[test]
    fn other_spellings_are_not_dates() {
        for text in [
            "",
            "31.01.2025",
            "20250131",
            "2025-1-31",
            "2025-02-30",
            "2025-01-31Z",
            "2025-01-31T10:00[UTC]",
            "now",
        ] {
            assert_eq!(parse_moment(text, &TimeZone::UTC), None, "{text}");
        }
    }

    #[test]
    fn the_ends_of_time_hold() {
        for text in ["9999-12-31", "9999-12-31 23:59:59", "0000-01-01"] {
            let moment = parse_moment(text, &berlin()).unwrap();
            let _ = (moment.to_zoned(&TimeZone::UTC), moment.date_in(&berlin()));
        }
        let _ = (
            Moment::Date(Date::MIN).to_zoned(&berlin()),
            Moment::Date(Date::MAX).to_zoned(&berlin()),
        );
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "\\PC*", numeric in "[0-9TZ:+. -]{0,30}") {
            let _ = parse_moment(&text, &TimeZone::UTC);
            let _ = parse_moment(&numeric, &TimeZone::UTC);
        }
    }
}
