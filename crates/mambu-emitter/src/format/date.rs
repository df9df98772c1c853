//! Dates by patterns like those of Java's `SimpleDateFormat` (observed: webhooks sheet 4.1, `datePattern=yyyy-MM-dd`).
//!
//! assumed: English names of months and days, and for `z` the zone's abbreviation, however many letters. Letters for
//! eras, weeks and week years are not known here.

use std::fmt::{self, Write as _};

use jiff::ZonedDateTime;

use super::{PatternError, push_digits};

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Letter { letter: char, count: usize },
}

/// The letters that stand for a part of a date.
pub const DATE_LETTERS: &str = "yMdDEaHkKhmsSzZX";

/// A date pattern that was understood.
///
/// ```
/// use mambu_emitter::format::{DatePattern, format_date};
/// let pattern = DatePattern::parse("dd.MM.yyyy 'at' HH:mm").expect("a pattern");
/// let moment = "2025-01-31T10:12:44+01:00[Europe/Berlin]".parse().expect("a moment");
/// assert_eq!(format_date(&moment, &pattern), "31.01.2025 at 10:12");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatePattern(Vec<Piece>);

impl DatePattern {
    /// Reads a pattern.
    pub fn parse(pattern: &str) -> Result<Self, PatternError> {
        let mut pieces = Vec::new();
        let mut rest = pattern.chars().peekable();
        while let Some(first) = rest.next() {
            match first {
                '\'' => literal(
                    &mut pieces,
                    &quoted(&mut rest).ok_or(PatternError::OpenQuote("date"))?,
                ),
                letter if letter.is_ascii_alphabetic() => {
                    let mut count = 1;
                    while rest.next_if_eq(&letter).is_some() {
                        count += 1;
                    }
                    if !DATE_LETTERS.contains(letter) {
                        return Err(PatternError::UnknownLetter(letter));
                    }
                    if letter == 'X' && count > 3 {
                        return Err(PatternError::LongOffset);
                    }
                    pieces.push(Piece::Letter { letter, count });
                }
                other => literal(&mut pieces, other.encode_utf8(&mut [0; 4])),
            }
        }
        if pieces.is_empty() {
            return Err(PatternError::Empty("date"));
        }
        Ok(Self(pieces))
    }
}

fn literal(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Literal(before)) => before.push_str(text),
        _ => pieces.push(Piece::Literal(text.to_owned())),
    }
}

/// The text up to the closing quote, the opening one being read: `''` is a quote, inside and on its own.
pub(super) fn quoted(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    if rest.next_if_eq(&'\'').is_some() {
        return Some("'".to_owned());
    }
    let mut text = String::new();
    loop {
        match rest.next()? {
            '\'' if rest.next_if_eq(&'\'').is_some() => text.push('\''),
            '\'' => return Some(text),
            other => text.push(other),
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// Writes a moment, in the zone that it carries, by a pattern.
pub fn format_date(moment: &ZonedDateTime, pattern: &DatePattern) -> String {
    let mut out = String::new();
    push_date(&mut out, moment, pattern);
    out
}

/// As [`format_date`], at the end of a text.
pub fn push_date(out: &mut String, moment: &ZonedDateTime, pattern: &DatePattern) {
    for piece in &pattern.0 {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::Letter { letter, count } => push_field(out, moment, *letter, *count),
        }
    }
}

fn push_field(out: &mut String, moment: &ZonedDateTime, letter: char, count: usize) {
    let number: i32 = match letter {
        'y' if count == 2 => i32::from(moment.year()).rem_euclid(100),
        'y' => moment.year().into(),
        'M' if count > 2 => {
            let month = usize::from(moment.month().unsigned_abs());
            return out.push_str(name(&MONTHS, month.saturating_sub(1), count));
        }
        'M' => moment.month().into(),
        'd' => moment.day().into(),
        'D' => moment.day_of_year().into(),
        'E' => {
            let day = usize::from(moment.weekday().to_sunday_zero_offset().unsigned_abs());
            return out.push_str(name(&DAYS, day, count));
        }
        'a' => return out.push_str(if moment.hour() < 12 { "AM" } else { "PM" }),
        'k' if moment.hour() == 0 => 24,
        'h' if moment.hour() % 12 == 0 => 12,
        'H' | 'k' => moment.hour().into(),
        'K' | 'h' => (moment.hour() % 12).into(),
        'm' => moment.minute().into(),
        's' => moment.second().into(),
        'S' => moment.millisecond().into(),
        'z' => return push(out, format_args!("{}", moment.strftime("%Z"))),
        'Z' => return push_offset(out, moment, 2),
        _ if moment.offset().is_zero() => return out.push('Z'),
        _ => return push_offset(out, moment, count),
    };
    push_number(out, number, count);
}

/// A number with at least as many digits.
fn push_number(out: &mut String, number: i32, digits: usize) {
    match u64::try_from(number) {
        Ok(number) => push_digits(out, number, digits),
        // A year before the first one.
        Err(_) => push(out, format_args!("{number:0digits$}")),
    }
}

fn push(out: &mut String, text: fmt::Arguments<'_>) {
    // Writing to a text cannot fail.
    out.write_fmt(text).unwrap_or_default();
}

/// Full from four letters on, else the first three letters.
fn name(names: &[&'static str], at: usize, count: usize) -> &'static str {
    let full = names.get(at).copied().unwrap_or_default();
    if count > 3 {
        full
    } else {
        full.get(..3).unwrap_or(full)
    }
}

/// `+01`, `+0100` or `+01:00`. As in Java, the first form drops the minutes.
fn push_offset(out: &mut String, moment: &ZonedDateTime, parts: usize) {
    let seconds = moment.offset().seconds();
    out.push(if seconds < 0 { '-' } else { '+' });
    let minutes = seconds.abs() / 60;
    push_number(out, minutes / 60, 2);
    if parts > 2 {
        out.push(':');
    }
    if parts > 1 {
        push_number(out, minutes % 60, 2);
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn shown(moment: &str, pattern: &str) -> String {
        format_date(&moment.parse().unwrap(), &DatePattern::parse(pattern).unwrap())
    }

    #[test]
    fn each_letter_is_shown_as_java_does() {
        let moment = "2025-02-03T00:05:09.042+01:00[Europe/Berlin]";
        let table = [
            ("yyyy-MM-dd", "2025-02-03"),
            ("yy/M/d", "25/2/3"),
            ("y yyyyyy", "2025 002025"),
            ("MMM MMMM", "Feb February"),
            ("E EEEE", "Mon Monday"),
            ("D DDD", "34 034"),
            ("H HH k K h a", "0 00 24 0 12 AM"),
            ("m mm s ss S SSS SSSS", "5 05 9 09 42 042 0042"),
            ("z Z X XX XXX", "CET +0100 +01 +0100 +01:00"),
            ("yyyy-MM-dd'T'HH:mm:ssXXX", "2025-02-03T00:05:09+01:00"),
            ("h 'o''clock' '' d", "12 o'clock ' 3"),
            ("«d»", "«3»"),
        ];
        for (pattern, expected) in table {
            assert_eq!(shown(moment, pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn noon_is_twelve_pm_and_utc_is_z() {
        assert_eq!(
            shown("2025-07-06T12:00:00+00:00[UTC]", "h a K k X XXX Z z"),
            "12 PM 0 12 Z Z +0000 UTC"
        );
        assert_eq!(
            shown("2025-07-06T23:00:00-03:30[-03:30]", "h X XX XXX"),
            "11 -03 -0330 -03:30"
        );
    }

    #[test]
    fn what_is_not_a_pattern_is_named() {
        let table = [
            ("yyyy-qq", "unknown letter `q` in date pattern"),
            ("YYYY", "unknown letter `Y` in date pattern"),
            ("d 'of", "quote without an end in date pattern"),
            ("XXXX", "more than three `X` in date pattern"),
            ("", "empty date pattern"),
        ];
        for (pattern, expected) in table {
            assert_eq!(DatePattern::parse(pattern).unwrap_err().to_string(), expected);
        }
    }

    proptest! {
        #[test]
        fn the_iso_day_is_jiffs(seconds in 0_i64..4_102_444_800) {
            let moment = Timestamp::from_second(seconds).unwrap().to_zoned_datetime(TimeZone::get("America/Bogota").unwrap());
            let pattern = DatePattern::parse("yyyy-MM-dd").unwrap();
            prop_assert_eq!(format_date(&moment, &pattern), moment.date().to_string());
        }

        #[test]
        fn no_pattern_is_too_strange(text in "\\PC*", letters in "[yMdDEaHkKhmsSzZX'. -]{0,20}") {
            for pattern in [text, letters] {
                if let Ok(pattern) = DatePattern::parse(&pattern) {
                    let _ = format_date(&Timestamp::MIN.to_zoned_datetime(TimeZone::UTC), &pattern);
                    let _ = format_date(&Timestamp::MAX.to_zoned_datetime(TimeZone::UTC), &pattern);
                }
            }
        }
    }
}
