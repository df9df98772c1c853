//! Conditions ("When" on the screen): when a template's event makes a message, and when it is filtered (webhooks sheet 3).
//!
//! Pure: looks at a scene and a profile, and at nothing else. Says why, not only whether.

mod check;
mod clause;
mod compare;
mod contradict;
mod data_type;
mod entity;
mod evaluate;
mod field;
mod literal;
mod operator;

pub use check::{check, needed};
pub use clause::{ApiClause, Clause, ScreenClause, screen_member};
pub use data_type::{DataType, Kind};
pub use entity::Entity;
pub use evaluate::{ClauseOutcome, Outcome, evaluate};
pub use field::{Field, NativeField, Words};
pub use operator::{Arity, Operator};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod testing;
