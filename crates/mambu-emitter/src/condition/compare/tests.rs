use super::super::testing::{scene, typed};
use super::*;

fn setting() -> Setting {
    let scene = scene();
    Setting {
        now: scene.moment.timestamp(),
        zone: scene.moment.time_zone().clone(),
        ignores_case: true,
        week_start: WeekStart::Monday,
    }
}

fn number(text: &str) -> Value {
    Value::number(text).unwrap()
}

/// Operator, type, what was seen, the clause's values with `|` between them, whether it holds.
type Row = (Operator, DataType, Value, &'static str, bool);

fn check(table: impl IntoIterator<Item = Row>) {
    for (operator, data_type, seen, values, expected) in table {
        let values: Vec<&str> = values.split('|').filter(|value| !value.is_empty()).collect();
        let clause = typed(operator, data_type, &values);
        let answer = holds(&clause, &seen, &setting());
        assert_eq!(
            answer,
            Ok(expected),
            "{seen} {operator} {values:?} as {data_type}"
        );
    }
}

#[test]
fn numbers_of_every_type_are_compared_exactly() {
    use Operator::{
        Between, DifferentThan, Equals, EqualsCaseSensitive, LessThan, LessThanOrEquals, MoreThan,
        MoreThanOrEquals,
    };
    for data_type in [
        DataType::BigDecimal,
        DataType::Long,
        DataType::Money,
        DataType::Number,
        DataType::Percent,
    ] {
        let row =
            |operator, seen: &str, values, expected| (operator, data_type, number(seen), values, expected);
        check([
            row(Equals, "1000.00", "1000", true),
            row(Equals, "1000.01", "1000", false),
            row(EqualsCaseSensitive, "1000.00", "1000", true),
            row(DifferentThan, "1000.00", "1000", false),
            row(DifferentThan, "0.1", "0.10000000000000000001", true),
            row(MoreThan, "1000", "1000.00", false),
            row(MoreThan, "1000.0000000000000001", "1000", true),
            row(LessThan, "-1", "0", true),
            row(LessThan, "1000", "1000", false),
            row(MoreThanOrEquals, "1000", "1000.00", true),
            row(MoreThanOrEquals, "999.99", "1000", false),
            row(LessThanOrEquals, "1000", "1000.00", true),
            row(LessThanOrEquals, "1000.01", "1000", false),
            row(Between, "10", "10|20", true),
            row(Between, "20", "10|20", true),
            row(Between, "20.01", "10|20", false),
            row(Between, "15", "20|10", false),
        ]);
    }
}

#[test]
fn a_text_that_is_a_number_counts_as_one() {
    check([(Operator::MoreThan, DataType::Number, Value::text("10"), "9", true)]);
}

#[test]
fn strings_ignore_case_unless_told_not_to() {
    use Operator::{DifferentThan, Equals, EqualsCaseSensitive, StartsWith, StartsWithCaseSensitive};
    let row = |operator, values, expected| {
        (
            operator,
            DataType::String,
            Value::text("Café Ada"),
            values,
            expected,
        )
    };
    check([
        row(Equals, "CAFÉ ADA", true),
        row(Equals, "café", false),
        row(EqualsCaseSensitive, "CAFÉ ADA", false),
        row(EqualsCaseSensitive, "Café Ada", true),
        row(DifferentThan, "café ada", false),
        row(DifferentThan, "café", true),
        row(StartsWith, "CAFÉ", true),
        row(StartsWith, "ada", false),
        row(StartsWith, "CΑΣ", false),
        row(StartsWithCaseSensitive, "Café", true),
        row(StartsWithCaseSensitive, "café", false),
    ]);
    let strict = Setting {
        ignores_case: false,
        ..setting()
    };
    let clause = typed(Equals, DataType::String, &["CAFÉ ADA"]);
    assert_eq!(holds(&clause, &Value::text("Café Ada"), &strict), Ok(false));
}

#[test]
fn words_and_keys_are_compared_to_the_letter() {
    use Operator::{DifferentThan, Equals, EqualsCaseSensitive, In};
    for data_type in [DataType::Enum, DataType::Key] {
        let row = |operator, values, expected| (operator, data_type, Value::text("ACTIVE"), values, expected);
        check([
            row(Equals, "ACTIVE", true),
            row(Equals, "active", false),
            row(EqualsCaseSensitive, "ACTIVE", true),
            row(DifferentThan, "CLOSED", true),
            row(In, "CLOSED|ACTIVE", true),
            row(In, "CLOSED", false),
        ]);
    }
}

#[test]
fn truth_is_compared_whatever_its_spelling() {
    use Operator::{DifferentThan, Equals, EqualsCaseSensitive};
    let row = |operator, seen, values, expected| (operator, DataType::Boolean, seen, values, expected);
    check([
        row(Equals, Value::Bool(true), "TRUE", true),
        row(Equals, Value::text("FALSE"), "false", true),
        row(EqualsCaseSensitive, Value::Bool(true), "True", true),
        row(DifferentThan, Value::Bool(false), "true", true),
    ]);
}

#[test]
fn days_are_compared_as_days() {
    use Operator::{After, AfterInclusive, Before, BeforeInclusive, Between, On};
    for data_type in [DataType::Date, DataType::DateUtc, DataType::DateTime] {
        let row =
            |operator, values, expected| (operator, data_type, Value::text("2026-01-10"), values, expected);
        check([
            row(On, "2026-01-10", true),
            row(On, "2026-01-10 00:00:00", true),
            row(On, "2026-01-11", false),
            row(After, "2026-01-09", true),
            row(After, "2026-01-10", false),
            row(AfterInclusive, "2026-01-10", true),
            row(Before, "2026-01-11", true),
            row(Before, "2026-01-10", false),
            row(Before, "2026-01-10 12:00:00", false),
            row(BeforeInclusive, "2026-01-10", true),
            row(Between, "2026-01-10|2026-01-10", true),
            row(Between, "2026-01-11|2026-01-12", false),
        ]);
    }
}

#[test]
fn moments_are_compared_as_finely_as_the_condition_says() {
    use Operator::{After, AfterInclusive, Before, BeforeInclusive, Between, On};
    // Half past midnight of the 10th in Berlin.
    for data_type in [DataType::DateUtc, DataType::DateTime] {
        let seen = || Value::text("2026-01-09T23:30:00Z");
        let row = |operator, values, expected| (operator, data_type, seen(), values, expected);
        check([
            row(On, "2026-01-10", true),
            row(On, "2026-01-10 23:00:00", true),
            row(On, "2026-01-09", false),
            row(After, "2026-01-10", false),
            row(After, "2026-01-09", true),
            row(After, "2026-01-10 00:00:00", true),
            row(After, "2026-01-10 00:30:00", false),
            row(AfterInclusive, "2026-01-10T00:30:00+01:00", true),
            row(Before, "2026-01-10", false),
            row(Before, "2026-01-10 00:31:00", true),
            row(BeforeInclusive, "2026-01-10", true),
            row(Between, "2026-01-01|2026-01-10", true),
            row(Between, "2026-01-01|2026-01-10 00:00:00", false),
        ]);
    }
    check([(
        Operator::After,
        DataType::Date,
        Value::text("2026-01-09T23:30:00Z"),
        "2026-01-10 00:00:00",
        false,
    )]);
}

#[test]
fn spans_are_counted_from_the_day_of_the_event_in_the_tenants_zone() {
    use Operator::{ThisMonth, ThisWeek, ThisYear, Today};
    // The event happens on Wednesday, the 14th; its week goes from the 12th to the 18th.
    let row =
        |operator, seen: &str, expected| (operator, DataType::DateTime, Value::text(seen), "", expected);
    check([
        row(Today, "2026-01-14", true),
        row(Today, "2026-01-13", false),
        row(Today, "2026-01-13T23:05:00Z", true),
        row(Today, "2026-01-14T23:05:00Z", false),
        row(ThisWeek, "2026-01-12", true),
        row(ThisWeek, "2026-01-18", true),
        row(ThisWeek, "2026-01-11", false),
        row(ThisWeek, "2026-01-19", false),
        row(ThisMonth, "2026-01-31", true),
        row(ThisMonth, "2025-01-14", false),
        row(ThisYear, "2025-12-31T23:30:00Z", true),
        row(ThisYear, "2025-12-31T22:30:00Z", false),
    ]);
}

#[test]
fn a_week_may_begin_on_sunday() {
    let sunday = Setting {
        week_start: WeekStart::Sunday,
        ..setting()
    };
    let clause = typed(Operator::ThisWeek, DataType::Date, &[]);
    assert_eq!(holds(&clause, &Value::text("2026-01-11"), &sunday), Ok(true));
    assert_eq!(holds(&clause, &Value::text("2026-01-18"), &sunday), Ok(false));
}

#[test]
fn the_last_days_end_with_the_event() {
    let row = |data_type, seen: &str, values, expected| {
        (Operator::LastDays, data_type, Value::text(seen), values, expected)
    };
    check([
        row(DataType::Date, "2026-01-07", "7", true),
        row(DataType::Date, "2026-01-06", "7", false),
        row(DataType::Date, "2026-01-14", "7", true),
        row(DataType::Date, "2026-01-15", "7", false),
        row(DataType::Date, "2026-01-14", "0", true),
        row(DataType::Date, "0001-01-01", "4294967295", true),
        row(DataType::DateTime, "2026-01-06T23:00:00Z", "7", true),
        row(DataType::DateTime, "2026-01-06T22:59:59Z", "7", false),
        row(DataType::DateTime, "2026-01-13T23:30:00Z", "7", true),
        row(DataType::DateTime, "2026-01-13T23:30:01Z", "7", false),
    ]);
}

#[test]
fn of_several_values_one_is_enough_and_different_means_none() {
    let groups = || Value::List(vec![Value::text("a"), Value::text("b")]);
    check([
        (Operator::Equals, DataType::Key, groups(), "b", true),
        (Operator::In, DataType::Key, groups(), "c|a", true),
        (Operator::Equals, DataType::Key, groups(), "c", false),
        (Operator::DifferentThan, DataType::Key, groups(), "b", false),
        (Operator::DifferentThan, DataType::Key, groups(), "c", true),
    ]);
}

#[test]
fn what_cannot_be_compared_says_why() {
    let table = [
        (
            typed(Operator::Equals, DataType::Money, &["1"]),
            Value::text("much"),
            "`much` is not a number",
        ),
        (
            typed(Operator::Equals, DataType::Money, &["1,000"]),
            number("1"),
            "`1,000` in the condition is not a number",
        ),
        (
            typed(Operator::On, DataType::Date, &["2026-01-01"]),
            number("1"),
            "`1` is not a date",
        ),
        (
            typed(Operator::On, DataType::Date, &["01.01.2026"]),
            Value::text("2026-01-01"),
            "`01.01.2026` in the condition is not a date",
        ),
        (
            typed(Operator::LastDays, DataType::Date, &["-1"]),
            Value::text("2026-01-01"),
            "`-1` in the condition is not a number of days",
        ),
        (
            typed(Operator::Equals, DataType::Boolean, &["true"]),
            Value::text("on"),
            "`on` is not true or false",
        ),
        (
            typed(Operator::Equals, DataType::String, &["x"]),
            Value::Map(std::collections::BTreeMap::new()),
            "`{}` is not a text",
        ),
        (
            typed(Operator::On, DataType::String, &["x"]),
            Value::text("x"),
            "ON does not go with STRING",
        ),
    ];
    for (clause, seen, why) in table {
        assert_eq!(holds(&clause, &seen, &setting()), Err(why.to_owned()));
    }
}
