//! What holds between the operators, for any values.

use proptest::prelude::*;

use super::testing::{scene_with, typed};
use super::{ApiClause, Arity, Clause, DataType, Operator, ScreenClause, check, evaluate, needed};
use crate::event::Event;
use crate::profile::Profile;
use crate::template::{Conditions, Linking};
use crate::value::Value;

fn all_hold(linking: Linking, clauses: Vec<Clause>, seen: &Value) -> bool {
    let conditions = Conditions { linking, clauses };
    evaluate(&conditions, &scene_with(seen.clone()), &Profile::default()).holds
}

fn holds(operator: Operator, data_type: DataType, values: &[&str], seen: &Value) -> bool {
    all_hold(Linking::All, vec![typed(operator, data_type, values)], seen)
}

fn amount() -> impl Strategy<Value = String> {
    (-2000_i64..2000, 0_u32..3)
        .prop_map(|(units, scale)| rust_decimal::Decimal::new(units, scale).to_string())
}

fn day() -> impl Strategy<Value = String> {
    (1_u8..=3, 1_u8..=28).prop_map(|(month, day)| format!("2026-{month:02}-{day:02}"))
}

fn date() -> impl Strategy<Value = String> {
    let time = (0_u8..24, 0_u8..60).prop_map(|(hour, minute)| format!(" {hour:02}:{minute:02}:00"));
    (day(), proptest::option::of(time)).prop_map(|(day, time)| day + &time.unwrap_or_default())
}

fn word() -> impl Strategy<Value = String> {
    "[abAB]{1,2}"
}

fn operator() -> impl Strategy<Value = Operator> {
    proptest::sample::select(Operator::ALL)
}

fn data_type() -> impl Strategy<Value = DataType> {
    proptest::sample::select(DataType::ALL)
}

/// Any clause whose value is no number, date or truth by luck alone, or all of them now and then.
fn any_clause() -> impl Strategy<Value = Clause> {
    let value = prop_oneof![amount(), date(), word(), Just("true".to_owned()), "\\PC*"];
    (operator(), data_type(), proptest::collection::vec(value, 0..3)).prop_map(
        |(operator, data_type, values)| {
            typed(
                operator,
                data_type,
                &values.iter().map(String::as_str).collect::<Vec<_>>(),
            )
        },
    )
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        amount().prop_map(|text| Value::number(&text).unwrap()),
        prop_oneof![date(), word(), "\\PC*"].prop_map(Value::Text),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        proptest::collection::vec(inner, 0..3).prop_map(Value::List)
    })
}

proptest! {
    #[test]
    fn between_is_from_one_end_to_the_other(seen in amount(), from in amount(), to in amount()) {
        let seen = Value::number(&seen).unwrap();
        let one = |operator, value: &str| holds(operator, DataType::Money, &[value], &seen);
        prop_assert_eq!(
            holds(Operator::Between, DataType::Money, &[&from, &to], &seen),
            one(Operator::MoreThanOrEquals, &from) && one(Operator::LessThanOrEquals, &to)
        );
    }

    #[test]
    fn between_dates_is_after_one_end_and_before_the_other(
        seen in date(), from in date(), to in date(), as_day in any::<bool>(),
    ) {
        let seen = Value::Text(seen);
        let data_type = if as_day { DataType::Date } else { DataType::DateTime };
        let one = |operator, value: &str| holds(operator, data_type, &[value], &seen);
        prop_assert_eq!(
            holds(Operator::Between, data_type, &[&from, &to], &seen),
            one(Operator::AfterInclusive, &from) && one(Operator::BeforeInclusive, &to)
        );
    }

    #[test]
    fn different_is_not_equal_where_there_is_a_value(seen in word(), wanted in word()) {
        for data_type in [DataType::String, DataType::Enum, DataType::Key] {
            let seen = Value::text(seen.clone());
            prop_assert_ne!(
                holds(Operator::Equals, data_type, &[&wanted], &seen),
                holds(Operator::DifferentThan, data_type, &[&wanted], &seen)
            );
        }
    }

    #[test]
    fn a_number_is_more_less_or_equal(seen in amount(), wanted in amount()) {
        let seen = Value::number(&seen).unwrap();
        let one = |operator| holds(operator, DataType::Number, &[&wanted], &seen);
        let held = [Operator::MoreThan, Operator::Equals, Operator::LessThan].into_iter().filter(|it| one(*it)).count();
        prop_assert_eq!(held, 1);
        prop_assert_ne!(one(Operator::Equals), one(Operator::DifferentThan));
        prop_assert_ne!(one(Operator::MoreThan), one(Operator::LessThanOrEquals));
    }

    #[test]
    fn after_inclusive_is_after_or_on_for_days(seen in date(), wanted in day()) {
        let seen = Value::Text(seen);
        let one = |operator| holds(operator, DataType::DateTime, &[&wanted], &seen);
        prop_assert_eq!(one(Operator::AfterInclusive), one(Operator::After) || one(Operator::On));
        prop_assert_eq!(one(Operator::BeforeInclusive), one(Operator::Before) || one(Operator::On));
        prop_assert_ne!(one(Operator::After), one(Operator::BeforeInclusive));
    }

    #[test]
    fn in_is_equal_to_any(seen in word(), list in proptest::collection::vec(word(), 1..4)) {
        let seen = Value::Text(seen);
        let words: Vec<&str> = list.iter().map(String::as_str).collect();
        prop_assert_eq!(
            holds(Operator::In, DataType::Enum, &words, &seen),
            words.iter().any(|word| holds(Operator::Equals, DataType::Enum, &[word], &seen))
        );
    }

    #[test]
    fn ignoring_case_never_loses_a_match(seen in word(), wanted in word()) {
        let seen = Value::Text(seen);
        let one = |operator| holds(operator, DataType::String, &[&wanted], &seen);
        prop_assert!(one(Operator::Equals) || !one(Operator::EqualsCaseSensitive));
        prop_assert!(one(Operator::StartsWith) || !one(Operator::StartsWithCaseSensitive));
        prop_assert!(one(Operator::StartsWith) || !one(Operator::Equals));
    }

    #[test]
    fn not_all_is_any_not(amounts in proptest::collection::vec(amount(), 1..4), seen in amount()) {
        let seen = Value::number(&seen).unwrap();
        let each = |operator| -> Vec<Clause> {
            amounts.iter().map(|amount| typed(operator, DataType::Money, &[amount])).collect()
        };
        prop_assert_ne!(
            all_hold(Linking::All, each(Operator::MoreThan), &seen),
            all_hold(Linking::Any, each(Operator::LessThanOrEquals), &seen)
        );
    }

    #[test]
    fn the_outcome_follows_from_its_clauses(clauses in proptest::collection::vec(any_clause(), 0..4), seen in any_value()) {
        for linking in [Linking::All, Linking::Any] {
            let conditions = Conditions { linking, clauses: clauses.clone() };
            let outcome = evaluate(&conditions, &scene_with(seen.clone()), &Profile::default());
            let held: Vec<bool> = outcome.clauses.iter().map(|clause| clause.holds).collect();
            prop_assert_eq!(held.len(), clauses.len());
            let (holds, decided_by) = match linking {
                Linking::All => (held.iter().all(|held| *held), held.iter().position(|held| !held)),
                Linking::Any => (held.is_empty() || held.contains(&true), held.iter().position(|held| *held)),
            };
            prop_assert_eq!((outcome.holds, outcome.decided_by), (holds, decided_by));
        }
    }

    #[test]
    fn a_clause_that_passes_the_check_says_nothing_of_itself(clause in any_clause(), seen in any_value()) {
        let conditions = Conditions { linking: Linking::All, clauses: vec![clause.clone()] };
        let passes = check(&conditions, Event::LoanRepayment).is_empty();
        let outcome = evaluate(&conditions, &scene_with(seen), &Profile::default());
        let note = outcome.clauses[0].note.as_deref().unwrap_or_default();
        let blames_the_clause = note.contains("in the condition") || note.contains("takes") || note.contains("does not go with");
        prop_assert!(!passes || !blames_the_clause, "{}: {}", clause, note);
    }

    #[test]
    fn no_text_is_too_strange_for_a_clause(
        field in "\\PC*|(CF:|LOANS\\.)[A-Z_:.]{0,12}",
        operator in operator(), data_type in proptest::option::of(data_type()),
        values in proptest::collection::vec("\\PC*", 0..4), number in "\\PC*",
    ) {
        let mut values = values;
        let screen = ScreenClause {
            field: Some(field.clone()),
            is: Some(operator.name().to_owned()),
            data_type: data_type.map(|it| it.name().to_owned()),
            value: values.pop(),
            second_value: values.pop(),
            values: values.clone(),
        };
        let api = ApiClause {
            data_field_type: Some("CUSTOM".to_owned()),
            custom_field_id: Some(field),
            filter_element: screen.is.clone(),
            group_number: Some(number),
            values,
            ..ApiClause::default()
        };
        for clause in [Clause::from_screen(&screen), Clause::from_api(&api)].into_iter().flatten() {
            let conditions = Conditions { linking: Linking::All, clauses: vec![clause.clone(), clause] };
            let _ = (check(&conditions, Event::LoanRepayment), needed(&conditions));
        }
    }
}

#[test]
fn every_operator_takes_some_number_of_values() {
    for operator in Operator::ALL {
        assert!((0..=2).any(|count| operator.arity().allows(count)));
        assert_eq!(operator.arity() == Arity::List, *operator == Operator::In);
    }
}
