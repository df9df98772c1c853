//! One clause of a template's conditions, read from either of its two forms.
//!
//! Both readers say where a mistake is with the member names of the Templates API; [`screen_member`] turns them into
//! those of the screen form. Whether a clause makes sense is [`check`](fn@super::check)'s business.

mod naming;

use std::fmt;

use super::data_type::DataType;
use super::field::Field;
use super::literal;
use super::operator::{Arity, Operator};
use crate::mistake::{Mistake, nearest};

use naming::{api_field, screen_field, unknown_field};

/// One clause: a field, an operator, and what to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// What is looked at.
    pub field: Field,
    /// How it is compared.
    pub operator: Operator,
    /// The type it is compared as.
    pub data_type: DataType,
    /// What it is compared with; as many values as the operator takes, if the clause is right.
    pub values: Vec<String>,
}

/// A clause as in the Templates API, `filterConstraints[]` (documented: webhooks sheet 3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiClause {
    /// `dataFieldType`: `NATIVE` (also when absent) or `CUSTOM`.
    pub data_field_type: Option<String>,
    /// `dataFieldEntityType`
    pub data_field_entity_type: Option<String>,
    /// `dataFieldValue`: the name of a native field.
    pub data_field_value: Option<String>,
    /// `customFieldId`
    pub custom_field_id: Option<String>,
    /// `dataType`; a listed native field has its own.
    pub data_type: Option<String>,
    /// `filterElement`
    pub filter_element: Option<String>,
    /// `value`
    pub value: Option<String>,
    /// `secondValue`
    pub second_value: Option<String>,
    /// `values`, for IN (assumed: from the search criteria of webhooks sheet 6.4; a `value` with commas will do as well).
    pub values: Vec<String>,
    /// `groupNumber`: which entry of a grouped set (assumed: counted as in `{CF:…:INDEX}`).
    pub group_number: Option<String>,
}

/// A clause as in a scenario, after the screen: `{ field: TRANSACTION.AMOUNT, is: MORE_THAN, value: "1000" }`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScreenClause {
    /// `field`: `TRANSACTION.AMOUNT`, `CF:LOAN:RISK`, `CF:RISK` or `CF:CLIENT:PHONE:1`.
    pub field: Option<String>,
    /// `is`: the operator.
    pub is: Option<String>,
    /// `value`
    pub value: Option<String>,
    /// `second_value`
    pub second_value: Option<String>,
    /// `values`
    pub values: Vec<String>,
    /// `type`: the data type, where the field does not tell.
    pub data_type: Option<String>,
}

/// Member names of the Templates API beside those of the screen form.
const SCREEN_MEMBERS: [(&str, &str); 6] = [
    ("dataFieldEntityType", "field"),
    ("dataFieldValue", "field"),
    ("customFieldId", "field"),
    ("groupNumber", "field"),
    ("filterElement", "is"),
    ("dataType", "type"),
];

/// The member of the screen form that says what `api_member` says in the Templates API.
///
/// ```
/// use mambu_emitter::condition::screen_member;
/// assert_eq!(screen_member("filterElement"), "is");
/// assert_eq!(screen_member("value"), "value");
/// ```
pub fn screen_member(api_member: &str) -> &str {
    match api_member {
        "secondValue" => "second_value",
        other => SCREEN_MEMBERS
            .iter()
            .find(|(api, _)| *api == other)
            .map_or(other, |(_, screen)| screen),
    }
}

impl Clause {
    /// Reads the Templates API form. Pointers of mistakes are relative to the clause.
    pub fn from_api(clause: &ApiClause) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let field = api_field(clause, &mut mistakes);
        Self::build(
            field,
            clause.filter_element.as_deref(),
            clause.data_type.as_deref(),
            [&clause.value, &clause.second_value],
            &clause.values,
            mistakes,
        )
    }

    /// Reads the screen form. Pointers of mistakes are relative to the clause and name the members of the Templates API.
    pub fn from_screen(clause: &ScreenClause) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let field = screen_field(clause.field.as_deref(), &mut mistakes);
        Self::build(
            field,
            clause.is.as_deref(),
            clause.data_type.as_deref(),
            [&clause.value, &clause.second_value],
            &clause.values,
            mistakes,
        )
    }

    fn build(
        field: Option<Field>,
        operator: Option<&str>,
        data_type: Option<&str>,
        one_and_two: [&Option<String>; 2],
        list: &[String],
        mut mistakes: Vec<Mistake>,
    ) -> Result<Self, Vec<Mistake>> {
        let operator = read_operator(operator, &mut mistakes);
        let named_type = read_data_type(data_type, &mut mistakes);
        // Mambu's own answers carry empty members; an empty value is no value.
        let mut values: Vec<String> = one_and_two
            .into_iter()
            .flatten()
            .chain(list)
            .filter(|value| !value.is_empty())
            .cloned()
            .collect();
        if operator.is_some_and(|operator| operator.arity() == Arity::List)
            && let [one] = values.as_slice()
        {
            values = one.split(',').map(|word| word.trim().to_owned()).collect();
            values.retain(|word| !word.is_empty());
        }
        let (Some(field), Some(operator)) = (field, operator) else {
            return Err(mistakes);
        };
        let data_type = named_type.or_else(|| match &field {
            Field::Native { known, .. } => known.map(|known| known.data_type),
            Field::Custom(_) => Some(likely_type(operator, &values)),
        });
        match data_type {
            Some(data_type) if mistakes.is_empty() => Ok(Self {
                field,
                operator,
                data_type,
                values,
            }),
            Some(_) => Err(mistakes),
            None => {
                if mistakes.is_empty() {
                    mistakes.push(unknown_field(&field));
                }
                Err(mistakes)
            }
        }
    }
}

fn missing(member: &str, what: &str) -> Mistake {
    Mistake::new(format!("/{member}"), format!("a condition needs {what}"))
}

fn unknown(member: &str, what: &str, name: &str, nearest: Option<&str>) -> Mistake {
    let mistake = Mistake::new(format!("/{member}"), format!("there is no {what} `{name}`"));
    match nearest {
        Some(nearest) => mistake.hint(format!("did you mean `{nearest}`?")),
        None => mistake,
    }
}

fn read_operator(name: Option<&str>, mistakes: &mut Vec<Mistake>) -> Option<Operator> {
    let Some(name) = name else {
        mistakes.push(missing("filterElement", "an operator"));
        return None;
    };
    let operator = Operator::from_name(name);
    if operator.is_none() {
        let mistake = unknown("filterElement", "operator", name, Operator::nearest(name));
        mistakes.push(if mistake.hint.is_some() {
            mistake
        } else {
            let names: Vec<&str> = Operator::ALL.iter().map(|known| known.name()).collect();
            mistake.hint(format!("one of {}", names.join(", ")))
        });
    }
    operator
}

fn read_data_type(name: Option<&str>, mistakes: &mut Vec<Mistake>) -> Option<DataType> {
    let name = name.filter(|name| !name.is_empty())?;
    let data_type = DataType::from_name(name);
    if data_type.is_none() {
        let near = nearest(name, DataType::ALL.iter().map(|known| known.name()));
        mistakes.push(unknown("dataType", "data type", name, near));
    }
    data_type
}

/// The type of a custom field when the clause doesn't tell.
///
/// assumed: the operator tells; EQUALS and its like compare texts; BETWEEN compares numbers if both values are.
fn likely_type(operator: Operator, values: &[String]) -> DataType {
    let number = operator.accepts().contains(&DataType::Number);
    let date = operator.accepts().contains(&DataType::DateTime);
    let text = operator.accepts().contains(&DataType::String);
    match operator {
        _ if text => DataType::String,
        Operator::In => DataType::Enum,
        _ if date && number && values.iter().all(|value| literal::decimal(value).is_some()) => {
            DataType::Number
        }
        _ if date => DataType::DateTime,
        _ => DataType::Number,
    }
}

impl fmt::Display for Clause {
    /// As the ledger shows it: `TRANSACTION.AMOUNT MORE_THAN 1000`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.field, self.operator)?;
        if self.values.is_empty() {
            return Ok(());
        }
        let between = if self.operator.arity() == Arity::Two {
            " and "
        } else {
            ", "
        };
        write!(out, " {}", self.values.join(between))
    }
}

#[cfg(test)]
mod tests;
