//! The verdict of a template's conditions, with what each clause saw.
//!
//! Knows nothing of templates, messages or subscriptions; what operators mean is `compare`'s.
//!
//! assumed (webhooks sheet 3, "Evaluation"): conditions are looked at once, after the change, against the entities as they
//! are then. A field has no value if it is null, an empty text or an empty list, or if the event has no such entity;
//! that makes `EMPTY` true and every other operator false, `DIFFERENT_THAN` included. So does a value that cannot be
//! read as the clause's type, for which `NOT_EMPTY` is true as well.

use super::clause::Clause;
use super::compare::{self, Setting};
use super::field::Field;
use super::operator::Operator;
use crate::profile::Profile;
use crate::scene::Scene;
use crate::template::{Conditions, Linking};

/// What the conditions of a template say about a scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether a message is made.
    pub holds: bool,
    /// The clauses in order, all of them, also those behind the one that decided.
    pub clauses: Vec<ClauseOutcome>,
    /// The clause that decided: under `MATCH_ALL` the first that is false, under `MATCH_ANY` the first that is true.
    pub decided_by: Option<usize>,
}

impl Outcome {
    /// The clause that decided.
    pub fn decider(&self) -> Option<&ClauseOutcome> {
        self.clauses.get(self.decided_by?)
    }
}

/// What one clause says about a scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseOutcome {
    /// The clause as text: `TRANSACTION.AMOUNT MORE_THAN 1000`.
    pub clause: String,
    /// Whether it holds.
    pub holds: bool,
    /// The value that it saw, as text; `None` for no value.
    pub saw: Option<String>,
    /// Why there was nothing to compare, where the value alone doesn't tell.
    pub note: Option<String>,
}

/// Judges the conditions. Without clauses they hold.
///
/// ```
/// use jiff::{Timestamp, tz::TimeZone};
/// use mambu_emitter::condition::{Clause, ScreenClause, evaluate};
/// use mambu_emitter::template::{Conditions, Linking};
/// use mambu_emitter::{Event, Profile, Role, Scene, Value};
///
/// let clause = Clause::from_screen(&ScreenClause {
///     field: Some("TRANSACTION.AMOUNT".into()),
///     is: Some("MORE_THAN".into()),
///     value: Some("1000".into()),
///     ..ScreenClause::default()
/// })
/// .expect("a clause");
/// let conditions = Conditions { linking: Linking::All, clauses: vec![clause] };
///
/// let mut repayment = Value::default();
/// repayment.set("amount", Value::number("250.00").expect("a decimal"));
/// let scene = Scene::new(Event::LoanRepayment, Timestamp::UNIX_EPOCH, TimeZone::UTC).with(Role::Transaction, repayment);
///
/// let outcome = evaluate(&conditions, &scene, &Profile::default());
/// assert!(!outcome.holds);
/// let clause = outcome.decider().expect("a clause decided");
/// assert_eq!(clause.clause, "TRANSACTION.AMOUNT MORE_THAN 1000");
/// assert_eq!(clause.saw.as_deref(), Some("250.00"));
/// ```
pub fn evaluate(conditions: &Conditions, scene: &Scene, profile: &Profile) -> Outcome {
    let setting = Setting {
        now: scene.moment.timestamp(),
        zone: scene.moment.time_zone().clone(),
        ignores_case: profile.equals_ignores_case,
        week_start: profile.week_start,
    };
    let clauses: Vec<ClauseOutcome> = conditions
        .clauses
        .iter()
        .map(|clause| judge(clause, scene, &setting))
        .collect();
    let decisive = match conditions.linking {
        Linking::All => false,
        Linking::Any => true,
    };
    let decided_by = clauses.iter().position(|clause| clause.holds == decisive);
    Outcome {
        holds: clauses.is_empty() || decided_by.is_some() == decisive,
        clauses,
        decided_by,
    }
}

fn judge(clause: &Clause, scene: &Scene, setting: &Setting) -> ClauseOutcome {
    let seen = clause.field.read(scene);
    let answer = match (clause.operator, &seen) {
        (operator, _) if !operator.arity().allows(clause.values.len()) => {
            Err(Some(format!("{operator} takes {}", operator.arity().words())))
        }
        (operator, _) if !operator.accepts().contains(&clause.data_type) => {
            Err(Some(format!("{operator} does not go with {}", clause.data_type)))
        }
        (Operator::Empty, seen) => Ok(seen.is_none()),
        (Operator::NotEmpty, seen) => Ok(seen.is_some()),
        (_, None) => Err(why_nothing(&clause.field, scene)),
        (_, Some(seen)) => compare::holds(clause, seen, setting).map_err(Some),
    };
    ClauseOutcome {
        clause: clause.to_string(),
        holds: answer == Ok(true),
        saw: seen.map(|value| value.to_string()),
        note: answer.err().flatten(),
    }
}

/// An empty field speaks for itself; a missing entity is worth a word.
fn why_nothing(field: &Field, scene: &Scene) -> Option<String> {
    let role = field
        .roles()
        .into_iter()
        .find(|role| scene.entity(*role).is_none())?;
    Some(format!(
        "{} has no {}",
        scene.event,
        role.word().replace('_', " ")
    ))
}

#[cfg(test)]
mod tests;
