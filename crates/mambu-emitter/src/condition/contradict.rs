//! Clauses on one field that can never hold together, so that the template stays silent for ever.
//!
//! Looks at pairs and claims nothing it is not sure of, whatever the profile says; warnings only.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::check::Place;
use super::clause::Clause;
use super::compare::without_case;
use super::data_type::Kind;
use super::field::Field;
use super::literal;
use super::operator::Operator;
use crate::format::{Moment, parse_moment};
use crate::mistake::Mistake;
use crate::template::{Conditions, Linking};

/// A warning at the later one of each pair.
pub(super) fn contradictions(conditions: &Conditions) -> Vec<Mistake> {
    if conditions.linking == Linking::Any {
        return Vec::new();
    }
    let mut mistakes = Vec::new();
    for (at, later) in conditions.clauses.iter().enumerate() {
        let earlier = conditions.clauses.iter().take(at);
        if let Some(earlier) = earlier.into_iter().find(|earlier| contradict(earlier, later)) {
            let problem = format!("`{later}` and `{earlier}` never hold together");
            mistakes.push(
                Mistake::warning(Place(at).pointer(), problem)
                    .hint("under MATCH_ALL the template never fires; did you mean MATCH_ANY?"),
            );
        }
    }
    mistakes
}

fn contradict(a: &Clause, b: &Clause) -> bool {
    if a.field != b.field || has_several_values(&a.field) {
        return false;
    }
    if (a.operator == Operator::Empty) != (b.operator == Operator::Empty) {
        return true;
    }
    if a.data_type.kind() != b.data_type.kind() {
        return false;
    }
    match a.data_type.kind() {
        Kind::Number => {
            forbids_number(a, b)
                || forbids_number(b, a)
                || match (numbers(a), numbers(b)) {
                    (Some(a), Some(b)) => a.is_apart_from(&b),
                    _ => false,
                }
        }
        Kind::Date => match (days(a), days(b)) {
            (Some(a), Some(b)) => a.is_apart_from(&b),
            _ => false,
        },
        Kind::Boolean | Kind::Text => {
            forbids_word(a, b)
                || forbids_word(b, a)
                || no_word_suits(a, b)
                || no_word_suits(b, a)
                || begin_apart(a, b)
                || match (words(a), words(b)) {
                    (Some(a), Some(b)) => !a.iter().any(|word| b.contains(word)),
                    _ => false,
                }
        }
    }
}

/// A client can be in two groups at once.
fn has_several_values(field: &Field) -> bool {
    field.known().is_some_and(|known| known.name == "GROUP_KEY")
}

/// Whether `a` is a `DIFFERENT_THAN` of the only number that `b` allows.
fn forbids_number(a: &Clause, b: &Clause) -> bool {
    let only = |clause: &Clause| match &clause.values[..] {
        [value] => literal::decimal(value),
        _ => None,
    };
    a.operator == Operator::DifferentThan
        && matches!(b.operator, Operator::Equals | Operator::EqualsCaseSensitive)
        && only(a).is_some_and(|value| only(b) == Some(value))
}

/// Whether `a` is a `DIFFERENT_THAN` of the only word that `b` allows: written alike, so whatever case means.
fn forbids_word(a: &Clause, b: &Clause) -> bool {
    a.operator == Operator::DifferentThan
        && matches!(
            b.operator,
            Operator::Equals | Operator::EqualsCaseSensitive | Operator::In
        )
        && a.values.len() == 1
        && !b.values.is_empty()
        && b.values.iter().all(|value| *value == a.values[0])
}

/// Whether none of the words that `a` allows begins as `b` says, with or without regard to case.
fn no_word_suits(a: &Clause, b: &Clause) -> bool {
    let (Some(words), Some(beginning)) = (words(a), beginning(b)) else {
        return false;
    };
    !words.is_empty() && !words.iter().any(|word| word.starts_with(&beginning))
}

/// Whether no text begins in both ways.
fn begin_apart(a: &Clause, b: &Clause) -> bool {
    match (beginning(a), beginning(b)) {
        (Some(a), Some(b)) => !a.starts_with(&b) && !b.starts_with(&a),
        _ => false,
    }
}

/// What a text begins with, without regard to case.
fn beginning(clause: &Clause) -> Option<String> {
    match (clause.operator, &clause.values[..]) {
        (Operator::StartsWith | Operator::StartsWithCaseSensitive, [value]) => {
            Some(without_case(value.trim()))
        }
        _ => None,
    }
}

/// From where to where, each end with whether it belongs.
struct Range<T> {
    low: Option<(T, bool)>,
    high: Option<(T, bool)>,
}

impl<T: PartialOrd> Range<T> {
    fn is_apart_from(&self, other: &Self) -> bool {
        self.is_below(other) || other.is_below(self)
    }

    fn is_below(&self, other: &Self) -> bool {
        match (&self.high, &other.low) {
            (Some((high, high_belongs)), Some((low, low_belongs))) => {
                high < low || (high == low && !(*high_belongs && *low_belongs))
            }
            _ => false,
        }
    }
}

fn numbers(clause: &Clause) -> Option<Range<rust_decimal::Decimal>> {
    let mut values = clause.values.iter().map(|value| literal::decimal(value));
    let first = values.next()??;
    Some(match clause.operator {
        Operator::Equals | Operator::EqualsCaseSensitive => Range {
            low: Some((first, true)),
            high: Some((first, true)),
        },
        Operator::MoreThan | Operator::MoreThanOrEquals => Range {
            low: Some((first, clause.operator == Operator::MoreThanOrEquals)),
            high: None,
        },
        Operator::LessThan | Operator::LessThanOrEquals => Range {
            low: None,
            high: Some((first, clause.operator == Operator::LessThanOrEquals)),
        },
        Operator::Between => Range {
            low: Some((first, true)),
            high: Some((values.next()??, true)),
        },
        _ => return None,
    })
}

/// In whole days; an end with a time of day belongs, because a part of the day does.
fn days(clause: &Clause) -> Option<Range<Date>> {
    let mut values = clause
        .values
        .iter()
        .map(|value| parse_moment(value, &TimeZone::UTC));
    let first = values.next()??;
    // Two moments with offsets are compared in one zone; which day they are on in the tenant's is not known here.
    if clause.values.iter().any(|value| has_offset(value)) {
        return None;
    }
    let is_day = matches!(first, Moment::Date(_));
    let first = first.date_in(&TimeZone::UTC);
    Some(match clause.operator {
        Operator::On => Range {
            low: Some((first, true)),
            high: Some((first, true)),
        },
        Operator::After | Operator::AfterInclusive => Range {
            low: Some((first, clause.operator == Operator::AfterInclusive || !is_day)),
            high: None,
        },
        Operator::Before | Operator::BeforeInclusive => Range {
            low: None,
            high: Some((first, clause.operator == Operator::BeforeInclusive || !is_day)),
        },
        Operator::Between => Range {
            low: Some((first, true)),
            high: Some((values.next()??.date_in(&TimeZone::UTC), true)),
        },
        _ => return None,
    })
}

fn has_offset(text: &str) -> bool {
    text.ends_with(['Z', 'z']) || text.get(10..).is_some_and(|time| time.contains(['+', '-']))
}

/// The words that a clause allows, without regard to case.
fn words(clause: &Clause) -> Option<Vec<String>> {
    matches!(
        clause.operator,
        Operator::Equals | Operator::EqualsCaseSensitive | Operator::In
    )
    .then(|| {
        clause
            .values
            .iter()
            .map(|value| without_case(value.trim()))
            .collect()
    })
}

#[cfg(test)]
mod tests;
