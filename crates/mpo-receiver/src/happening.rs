//! What the receiver tells the journal: one happening for each request, with its reason and without secrets.
//!
//! Knows nothing of connections or of how a ledger shows it.

use std::fmt;
use std::sync::Arc;

use mpo_process::{ConvId, ProcessState, Task};

use crate::rejection::Rejection;

/// What a person calls a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessLabel {
    /// Its name in the configuration.
    pub name: String,
    /// Its id.
    pub conv_id: ConvId,
    /// Its title.
    pub title: String,
    /// Its state; in debug a task waits in the Start node until somebody steps it on.
    pub state: ProcessState,
}

/// Whom a request was for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addressed {
    /// Nobody; the path is no direct URL. Everything in it that might be a secret is masked.
    Nobody {
        /// The masked path.
        path: String,
    },
    /// A process that doesn't exist.
    UnknownProcess(ConvId),
    /// An alias that doesn't exist or leads nowhere.
    Alias {
        /// Its short name, shortened.
        short_name: String,
    },
    /// A process.
    Process {
        /// Which.
        process: Arc<ProcessLabel>,
        /// The short name of the alias it was reached by.
        alias: Option<Arc<str>>,
    },
}

impl fmt::Display for Addressed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody { path } => write!(f, "path {path}"),
            Self::UnknownProcess(conv_id) => write!(f, "process {conv_id}"),
            Self::Alias { short_name } => write!(f, "alias @{short_name}"),
            Self::Process { process, alias: None } => write!(f, "process {}", process.name),
            Self::Process {
                process,
                alias: Some(alias),
            } => write!(f, "process {} by alias @{alias}", process.name),
        }
    }
}

/// A task that has begun, as it was at that moment; what becomes of it later doesn't show here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartedTask {
    /// Its number in order of creation, from 1.
    pub ordinal: u64,
    /// The task.
    pub task: Arc<Task>,
}

/// The outcome of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// The task it asked for has begun.
    Started {
        /// The process it runs in.
        process: Arc<ProcessLabel>,
        /// The short name of the alias it was reached by.
        alias: Option<Arc<str>>,
        /// The task.
        task: StartedTask,
        /// The HTTP status.
        status: u16,
    },
    /// It started nothing.
    Rejected {
        /// Whom it was for.
        addressed: Addressed,
        /// Why.
        rejection: Rejection,
        /// The HTTP status.
        status: u16,
    },
    /// It was an ops envelope with several ops; each stands for itself.
    Ops {
        /// The process.
        process: Arc<ProcessLabel>,
        /// The short name of the alias it was reached by.
        alias: Option<Arc<str>>,
        /// The outcome of each op, in their order.
        ops: Vec<Result<StartedTask, Rejection>>,
        /// The HTTP status.
        status: u16,
    },
}

impl Happening {
    /// The HTTP status of the answer.
    pub fn status(&self) -> u16 {
        match self {
            Self::Started { status, .. } | Self::Rejected { status, .. } | Self::Ops { status, .. } => {
                *status
            }
        }
    }

    /// The tasks that have begun.
    pub fn tasks(&self) -> Vec<&StartedTask> {
        match self {
            Self::Started { task, .. } => vec![task],
            Self::Rejected { .. } => Vec::new(),
            Self::Ops { ops, .. } => ops.iter().filter_map(|op| op.as_ref().ok()).collect(),
        }
    }

    /// Why tasks have not begun.
    pub fn rejections(&self) -> Vec<&Rejection> {
        match self {
            Self::Started { .. } => Vec::new(),
            Self::Rejected { rejection, .. } => vec![rejection],
            Self::Ops { ops, .. } => ops.iter().filter_map(|op| op.as_ref().err()).collect(),
        }
    }
}
