//! What an MPO process, a task and a variable are. No I/O.
//!
//! This crate knows the words of the process engine (ids, tasks, variables, `{{…}}` references) and nothing of HTTP,
//! links or authorization. Facts about the vendor stand beside the items, with their mark and the section of the
//! receiver sheet they come from.

pub mod id;
pub mod json;
pub mod process;
pub mod reference;
pub mod task;
pub mod variable;

pub use id::{ConvId, IdError, NodeId, TaskId};
pub use json::{Json, JsonMistake};
pub use process::ProcessState;
pub use reference::{Missing, Resolved, VariableReference, Why, references, resolve};
pub use task::{NotAnObject, Place, Reference, ReferenceError, Task, TaskData, TaskSpace, TaskStatus};
pub use variable::{Variable, VariableKey, VariableMistake, VariableValue, Variables, Visibility};
