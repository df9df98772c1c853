//! What each operator means for each kind of value.
//!
//! Knows nothing of fields, entities and linking: it gets the value that was seen, which exists.
//!
//! Everything here is assumed (webhooks sheet 3, "Evaluation", proposes; nothing is documented):
//!
//! - Numbers are compared as exact decimals; `BETWEEN` includes both ends.
//! - Texts of type `STRING` ignore case if the profile says so, unless the operator is case-sensitive; words of an `ENUM` and
//!   keys are compared to the letter.
//! - Days are those of the tenant's time zone; "today" is the day of the event there.
//! - `ON` compares days, whatever else is known. `AFTER`, `BEFORE` and `BETWEEN` compare as finely as the coarser of the two
//!   sides: days if the type is `DATE`, or if the value seen or the condition's has no time of day, instants otherwise. So
//!   `AFTER 2026-01-31` begins after the end of that day, and `BETWEEN … 2026-01-31` includes the whole day, but
//!   `AFTER 2026-01-31 00:00:00` on a moment includes nearly all of the day.
//! - `LAST_DAYS` n begins with the whole day n days ago and ends with the moment of the event (a day without a time: with
//!   today), so that it never holds for what is yet to come.
//! - A field with several values (a client's groups) is like the one of them that suits; `DIFFERENT_THAN` is like none.

use std::cmp::Ordering;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use rust_decimal::Decimal;

use super::clause::Clause;
use super::data_type::{DataType, Kind};
use super::literal;
use super::operator::Operator;
use crate::format::{Moment, parse_moment};
use crate::profile::WeekStart;
use crate::value::Value;

/// What a comparison depends on beside its two sides.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) now: Timestamp,
    pub(super) zone: TimeZone,
    pub(super) ignores_case: bool,
    pub(super) week_start: WeekStart,
}

/// Whether the clause's comparison holds for the value; if they cannot be compared, why.
pub(super) fn holds(clause: &Clause, seen: &Value, setting: &Setting) -> Result<bool, String> {
    let Value::List(several) = seen else {
        return one(clause, seen, setting);
    };
    let different = clause.operator == Operator::DifferentThan;
    let mut answer = Ok(different);
    for seen in several {
        match one(clause, seen, setting) {
            Ok(holds) if holds != different => return Ok(holds),
            Ok(_) => {}
            Err(why) => answer = Err(why),
        }
    }
    answer
}

fn one(clause: &Clause, seen: &Value, setting: &Setting) -> Result<bool, String> {
    match clause.data_type.kind() {
        Kind::Number => number(clause, seen),
        Kind::Boolean => boolean(clause, seen),
        Kind::Text => text(clause, seen, setting),
        Kind::Date => date(clause, seen, setting),
    }
}

/// Reads the value that was seen and those of the clause.
fn read<T>(
    clause: &Clause,
    seen: Option<T>,
    shown: &Value,
    kind: &str,
    wanted: impl Fn(&str) -> Option<T>,
) -> Result<(T, Vec<T>), String> {
    let seen = seen.ok_or_else(|| format!("`{shown}` is not {kind}"))?;
    let wanted = clause
        .values
        .iter()
        .map(|text| wanted(text).ok_or_else(|| format!("`{text}` in the condition is not {kind}")))
        .collect::<Result<_, _>>()?;
    Ok((seen, wanted))
}

fn does_not_go(clause: &Clause) -> String {
    format!("{} does not go with {}", clause.operator, clause.data_type)
}

fn number(clause: &Clause, seen: &Value) -> Result<bool, String> {
    let decimal = literal::decimal_of(seen);
    let (seen, wanted): (Decimal, _) = read(clause, decimal, seen, "a number", literal::decimal)?;
    match (clause.operator, wanted.as_slice()) {
        (Operator::Equals | Operator::EqualsCaseSensitive, [wanted]) => Ok(seen == *wanted),
        (Operator::DifferentThan, [wanted]) => Ok(seen != *wanted),
        (Operator::MoreThan, [wanted]) => Ok(seen > *wanted),
        (Operator::LessThan, [wanted]) => Ok(seen < *wanted),
        (Operator::MoreThanOrEquals, [wanted]) => Ok(seen >= *wanted),
        (Operator::LessThanOrEquals, [wanted]) => Ok(seen <= *wanted),
        (Operator::Between, [from, to]) => Ok(*from <= seen && seen <= *to),
        _ => Err(does_not_go(clause)),
    }
}

fn boolean(clause: &Clause, seen: &Value) -> Result<bool, String> {
    let flag = literal::boolean_of(seen);
    let (seen, wanted) = read(clause, flag, seen, "true or false", literal::boolean)?;
    match (clause.operator, wanted.as_slice()) {
        (Operator::Equals | Operator::EqualsCaseSensitive, [wanted]) => Ok(seen == *wanted),
        (Operator::DifferentThan, [wanted]) => Ok(seen != *wanted),
        _ => Err(does_not_go(clause)),
    }
}

/// A text without regard to case, letter by letter: the beginning of a text becomes the beginning of what it becomes.
pub(super) fn without_case(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn text(clause: &Clause, seen: &Value, setting: &Setting) -> Result<bool, String> {
    let text = match seen {
        Value::Text(_) | Value::Number(_) | Value::Bool(_) => seen.to_string(),
        Value::Null | Value::List(_) | Value::Map(_) => return Err(format!("`{seen}` is not a text")),
    };
    let to_the_letter = matches!(
        clause.operator,
        Operator::EqualsCaseSensitive | Operator::StartsWithCaseSensitive
    );
    let fold = |text: &str| match clause.data_type {
        DataType::String if setting.ignores_case && !to_the_letter => without_case(text),
        _ => text.to_owned(),
    };
    let seen = fold(&text);
    let wanted: Vec<String> = clause.values.iter().map(|value| fold(value)).collect();
    match (clause.operator, wanted.as_slice()) {
        (Operator::Equals | Operator::EqualsCaseSensitive, [wanted]) => Ok(seen == *wanted),
        (Operator::DifferentThan, [wanted]) => Ok(seen != *wanted),
        (Operator::StartsWith | Operator::StartsWithCaseSensitive, [wanted]) => Ok(seen.starts_with(wanted)),
        (Operator::In, list) => Ok(list.contains(&seen)),
        _ => Err(does_not_go(clause)),
    }
}

fn date(clause: &Clause, seen: &Value, setting: &Setting) -> Result<bool, String> {
    let zone = &setting.zone;
    let moment = seen.as_text().and_then(|text| parse_moment(text, zone));
    if clause.operator == Operator::LastDays {
        let (moment, days) = (
            moment.ok_or_else(|| format!("`{seen}` is not a date"))?,
            &clause.values,
        );
        let [days] = days.as_slice() else {
            return Err(does_not_go(clause));
        };
        let days = literal::days(days)
            .ok_or_else(|| format!("`{days}` in the condition is not a number of days"))?;
        return Ok(is_in_last_days(&moment, days, clause.data_type, setting));
    }
    let (seen, wanted) = read(clause, moment, seen, "a date", |text| parse_moment(text, zone))?;
    let day = seen.date_in(zone);
    let today = setting.now.to_zoned_datetime(zone.clone()).date();
    let compare = |wanted: &Moment| compare(&seen, wanted, clause.data_type, zone);
    match (clause.operator, wanted.as_slice()) {
        (Operator::On, [wanted]) => Ok(day == wanted.date_in(zone)),
        (Operator::After, [wanted]) => Ok(compare(wanted).is_gt()),
        (Operator::AfterInclusive, [wanted]) => Ok(compare(wanted).is_ge()),
        (Operator::Before, [wanted]) => Ok(compare(wanted).is_lt()),
        (Operator::BeforeInclusive, [wanted]) => Ok(compare(wanted).is_le()),
        (Operator::Between, [from, to]) => Ok(compare(from).is_ge() && compare(to).is_le()),
        (Operator::Today, []) => Ok(day == today),
        (Operator::ThisWeek, []) => {
            Ok(first_of_week(day, setting.week_start) == first_of_week(today, setting.week_start))
        }
        (Operator::ThisMonth, []) => Ok((day.year(), day.month()) == (today.year(), today.month())),
        (Operator::ThisYear, []) => Ok(day.year() == today.year()),
        _ => Err(does_not_go(clause)),
    }
}

/// Compares as finely as the coarser side.
fn compare(seen: &Moment, wanted: &Moment, data_type: DataType, zone: &TimeZone) -> Ordering {
    match (seen, wanted) {
        (Moment::DateTime(seen), Moment::DateTime(wanted)) if data_type != DataType::Date => {
            seen.timestamp().cmp(&wanted.timestamp())
        }
        _ => seen.date_in(zone).cmp(&wanted.date_in(zone)),
    }
}

fn is_in_last_days(seen: &Moment, days: u32, data_type: DataType, setting: &Setting) -> bool {
    let today = setting.now.to_zoned_datetime(setting.zone.clone()).date();
    let day = seen.date_in(&setting.zone);
    let is_past = match seen {
        Moment::DateTime(seen) if data_type != DataType::Date => seen.timestamp() <= setting.now,
        _ => day <= today,
    };
    is_past && day >= days_before(today, days).unwrap_or(Date::MIN)
}

fn days_before(day: Date, days: u32) -> Option<Date> {
    day.checked_sub(Span::new().try_days(i64::from(days)).ok()?).ok()
}

/// The first day of a day's week; `None` before the beginning of time.
fn first_of_week(day: Date, start: WeekStart) -> Option<Date> {
    let since = match start {
        WeekStart::Monday => day.weekday().to_monday_zero_offset(),
        WeekStart::Sunday => day.weekday().to_sunday_zero_offset(),
    };
    days_before(day, since.unsigned_abs().into())
}

#[cfg(test)]
mod tests;
