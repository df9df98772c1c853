//! Clauses and scenes for the tests of conditions.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Clause, DataType, Field, Operator, ScreenClause};
use crate::event::Event;
use crate::scene::{Role, Scene};
use crate::template::{Conditions, Linking};
use crate::value::Value;

/// `TRANSACTION.AMOUNT MORE_THAN 1000`; several values with `|` between them.
pub(super) fn clause(text: &str) -> Clause {
    let mut words = text.splitn(3, ' ');
    let (field, operator) = (words.next().unwrap(), words.next().unwrap());
    let mut values = words.next().unwrap_or_default().split('|').map(str::to_owned);
    let second = match Operator::from_name(operator).unwrap() {
        Operator::In => None,
        _ => Some(values.clone().nth(1).unwrap_or_default()),
    };
    let list = if second.is_some() {
        Vec::new()
    } else {
        values.clone().skip(1).collect()
    };
    Clause::from_screen(&ScreenClause {
        field: Some(field.to_owned()),
        is: Some(operator.to_owned()),
        value: values.next(),
        second_value: second,
        values: list,
        data_type: None,
    })
    .unwrap()
}

pub(super) fn conditions(linking: Linking, clauses: &[&str]) -> Conditions {
    Conditions {
        linking,
        clauses: clauses.iter().map(|text| clause(text)).collect(),
    }
}

/// A clause on a custom field of that type, as raw as can be.
pub(super) fn typed(operator: Operator, data_type: DataType, values: &[&str]) -> Clause {
    let Field::Custom(field) = clause("CF:LOAN:X NOT_EMPTY").field else {
        unreachable!("a custom field");
    };
    Clause {
        field: Field::Custom(field),
        operator,
        data_type,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }
}

/// Wednesday, the 14th of January 2026, shortly after midnight in Berlin, still the 13th in UTC.
pub(super) fn scene() -> Scene {
    let now: Timestamp = "2026-01-13T23:30:00Z".parse().unwrap();
    Scene::new(Event::LoanRepayment, now, TimeZone::get("Europe/Berlin").unwrap())
}

/// The scene with a loan whose custom field X has a value.
pub(super) fn scene_with(value: Value) -> Scene {
    let mut loan = Value::default();
    loan.set("_Set.X", value);
    scene().with(Role::Loan, loan)
}
