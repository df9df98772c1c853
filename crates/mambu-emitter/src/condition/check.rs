//! What is wrong, or doubtful, with a template's conditions before anything happens.
//!
//! Pointers are those of the Templates API, from the template's root: `/filterConstraints/0/value`. What Mambu would
//! refuse, and what could never be compared, is a mistake; what may be known to a newer Mambu only is a warning.

use jiff::tz::TimeZone;

use super::clause::Clause;
use super::contradict::contradictions;
use super::data_type::{DataType, Kind};
use super::field::{Field, Words};
use super::literal;
use super::operator::{Arity, Operator};
use crate::event::{Event, EventGroup};
use crate::format::parse_moment;
use crate::mistake::{Mistake, nearest};
use crate::scene::Role;
use crate::template::Conditions;

/// Checks the conditions of a template that listens to `event`.
pub fn check(conditions: &Conditions, event: Event) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for (at, clause) in conditions.clauses.iter().enumerate() {
        let place = Place(at);
        check_field(clause, event, place, &mut mistakes);
        check_type(clause, place, &mut mistakes);
        if check_count(clause, place, &mut mistakes) {
            check_values(clause, place, &mut mistakes);
        }
    }
    mistakes.extend(contradictions(conditions));
    mistakes
}

/// The names that only a fixture can give a value to (`values:`), with the place of the clause that asks for each.
pub fn needed(conditions: &Conditions) -> Vec<(String, String)> {
    conditions
        .clauses
        .iter()
        .enumerate()
        .filter(|(_, clause)| clause.field.is_unmapped())
        .map(|(at, clause)| {
            let member = match clause.field {
                Field::Native { .. } => "dataFieldValue",
                Field::Custom(_) => "customFieldId",
            };
            (clause.field.to_string(), Place(at).member(member))
        })
        .collect()
}

/// A clause's place among the others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place(pub(super) usize);

impl Place {
    pub(super) fn pointer(self) -> String {
        format!("/filterConstraints/{}", self.0)
    }

    fn member(self, member: &str) -> String {
        format!("{}/{member}", self.pointer())
    }

    fn value(self, clause: &Clause, at: usize) -> String {
        match clause.operator.arity() {
            Arity::Two if at == 1 => self.member("secondValue"),
            // The API has them in one text; the screen has a list.
            Arity::List => self.member(&format!("value/{at}")),
            _ => self.member("value"),
        }
    }
}

fn check_field(clause: &Clause, event: Event, place: Place, mistakes: &mut Vec<Mistake>) {
    if let Some(role) = clause
        .field
        .roles()
        .into_iter()
        .find(|role| !can_have(event, *role))
    {
        let word = role.word().replace('_', " ");
        let problem = format!("`{}` never has a value here: {event} has no {word}", clause.field);
        let mistake = Mistake::warning(place.member("dataFieldEntityType"), problem);
        mistakes.push(
            mistake
                .hint("the clause never holds (EMPTY always does); take a field of what the event is about"),
        );
    }
    if let Field::Native {
        entity,
        name,
        known: None,
    } = &clause.field
        && !entity.fields().is_empty()
    {
        let problem = format!("`{name}` is not among the known fields of {entity}");
        let mistake = Mistake::warning(place.member("dataFieldValue"), problem);
        mistakes.push(match entity.nearest_field(name) {
            Some(nearest) => mistake.hint(format!("did you mean `{nearest}`?")),
            None => mistake.hint("it may be newer than the list; see that your tenant has it"),
        });
    }
}

/// Whether an event can have an entity in that role. Where the sheets leave it open, it can (assumed).
fn can_have(event: Event, role: Role) -> bool {
    use Role::{Activity, Client, CreditArrangement, Deposit, Group, Loan, Transaction};
    let is_activity = matches!(
        event,
        Event::ClientActivity
            | Event::GroupActivity
            | Event::LoanAccountActivity
            | Event::SavingsAccountActivity
    );
    let roles: &[Role] = match event.group() {
        EventGroup::Client => &[Client],
        EventGroup::Group => &[Group],
        EventGroup::LoanAccount if event == Event::AccountInArrears => {
            &[Client, Group, Loan, Deposit, CreditArrangement]
        }
        // Write-offs and the like offer placeholders of a transaction (webhooks sheet, appendix A).
        EventGroup::LoanAccount | EventGroup::LoanTransaction => {
            &[Client, Group, Loan, Transaction, CreditArrangement]
        }
        EventGroup::DepositAccount
        | EventGroup::DepositTransaction
        | EventGroup::AccountHold
        | EventGroup::Card => &[Client, Group, Deposit, Transaction, CreditArrangement],
        EventGroup::CreditArrangement => &[Client, Group, Loan, Deposit, CreditArrangement],
        EventGroup::BackgroundProcess | EventGroup::DataAccess | EventGroup::Administrative => &[],
        EventGroup::Payment | EventGroup::Accounting | EventGroup::Other | EventGroup::Special => {
            return true;
        }
    };
    roles.contains(&role) || (is_activity && role == Activity)
}

fn check_type(clause: &Clause, place: Place, mistakes: &mut Vec<Mistake>) {
    let data_type = clause.data_type;
    if let Some(known) = clause.field.known()
        && known.data_type != data_type
    {
        let problem = format!(
            "`{}` is of type {}, not {data_type}",
            clause.field, known.data_type
        );
        let pointer = place.member("dataType");
        let mistake = if known.data_type.kind() == data_type.kind() {
            Mistake::warning(pointer, problem)
        } else {
            Mistake::new(pointer, problem)
        };
        mistakes.push(mistake.hint(format!("write {}", known.data_type)));
    }
    if !clause.operator.accepts().contains(&data_type) {
        let others: Vec<&str> = Operator::ALL
            .iter()
            .filter(|operator| operator.accepts().contains(&data_type))
            .map(|operator| operator.name())
            .collect();
        let problem = format!("{} does not go with {data_type}", clause.operator);
        let mistake = Mistake::new(place.member("filterElement"), problem);
        mistakes.push(if others.is_empty() {
            mistake.hint("no operator does")
        } else {
            mistake.hint(format!("these do: {}", others.join(", ")))
        });
    }
}

fn check_count(clause: &Clause, place: Place, mistakes: &mut Vec<Mistake>) -> bool {
    let (arity, count) = (clause.operator.arity(), clause.values.len());
    if arity.allows(count) {
        return true;
    }
    let second = matches!((arity, count), (Arity::Two, 1) | (Arity::One, 2));
    let pointer = place.member(if second { "secondValue" } else { "value" });
    let problem = format!("{} takes {}, not {count}", clause.operator, arity.words());
    mistakes.push(match (arity, count) {
        (Arity::One, 0) => Mistake::new(pointer, problem).hint("to ask whether there is no value, use EMPTY"),
        (Arity::Two, 0 | 1) => Mistake::new(pointer, problem).hint("from where to where: give both ends"),
        (Arity::List, _) => Mistake::new(pointer, problem).hint("name at least one"),
        _ => Mistake::new(pointer, problem).hint("leave out what is too much"),
    });
    false
}

fn check_values(clause: &Clause, place: Place, mistakes: &mut Vec<Mistake>) {
    let before = mistakes.len();
    for (at, value) in clause.values.iter().enumerate() {
        if let Some((what, hint)) = not_of_type(clause, value) {
            let problem = format!("`{value}` is not {what}");
            mistakes.push(Mistake::new(place.value(clause, at), problem).hint(hint));
        }
        if let Some(known) = clause.field.known()
            && !matches!(
                clause.operator,
                Operator::StartsWith | Operator::StartsWithCaseSensitive
            )
        {
            mistakes.extend(unknown_word(
                known.words,
                &clause.field,
                value,
                place.value(clause, at),
            ));
        }
    }
    if mistakes.len() == before && is_reversed(clause) {
        let problem = format!("`{clause}` never holds: the first value is the greater one");
        mistakes.push(Mistake::warning(place.value(clause, 1), problem).hint("swap the two values"));
    }
}

/// What a value should be and is not, and what to write instead.
fn not_of_type(clause: &Clause, value: &str) -> Option<(&'static str, &'static str)> {
    const DATE_HINT: &str = "write it like 2026-01-31 or 2026-01-31 10:00:00";
    match clause.data_type.kind() {
        Kind::Date if clause.operator == Operator::LastDays => literal::days(value)
            .is_none()
            .then_some(("a number of days", "a whole number: 7")),
        Kind::Date => parse_moment(value, &TimeZone::UTC)
            .is_none()
            .then_some(("a date", DATE_HINT)),
        Kind::Boolean => literal::boolean(value)
            .is_none()
            .then_some(("true or false", "write true or false")),
        Kind::Number => match literal::decimal(value) {
            None => Some(("a number", "digits with a point, no grouping: 1234.50")),
            Some(number) if clause.data_type == DataType::Long && !number.is_integer() => {
                Some(("a whole number", "LONG has no decimals"))
            }
            Some(_) => None,
        },
        Kind::Text => None,
    }
}

fn unknown_word(words: Words, field: &Field, value: &str, pointer: String) -> Option<Mistake> {
    let (known, more) = match words {
        Words::Any => return None,
        Words::Closed(known) => (known, ""),
        Words::Open(known) => (known, " (the list is not complete)"),
    };
    if known.contains(&value) {
        return None;
    }
    let problem = format!("`{value}` is not among the known values of `{field}`{more}");
    let mistake = Mistake::warning(pointer, problem);
    Some(match nearest(value, known.iter().copied()) {
        Some(nearest) => mistake.hint(format!("a wrong word never matches; did you mean `{nearest}`?")),
        None if more.is_empty() => {
            mistake.hint(format!("a wrong word never matches; known: {}", known.join(", ")))
        }
        None => mistake.hint("a wrong word never matches; compare it with Mambu's own list"),
    })
}

fn is_reversed(clause: &Clause) -> bool {
    let (Operator::Between, [from, to]) = (clause.operator, clause.values.as_slice()) else {
        return false;
    };
    match clause.data_type.kind() {
        Kind::Number => literal::decimal(from) > literal::decimal(to),
        Kind::Date => {
            let instant = |text: &str| {
                parse_moment(text, &TimeZone::UTC).map(|moment| moment.to_zoned(&TimeZone::UTC).timestamp())
            };
            // A day as the second value counts to its end.
            let day =
                |text: &str| parse_moment(text, &TimeZone::UTC).map(|moment| moment.date_in(&TimeZone::UTC));
            instant(from) > instant(to) && day(from) != day(to)
        }
        Kind::Boolean | Kind::Text => false,
    }
}

#[cfg(test)]
mod tests;
