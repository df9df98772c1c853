//! What has come to MPO, for callers: tasks and requests that started none.

use mpo_process::Task;
use mpo_receiver::{Happening, Received};
use serde_json::{Map, Value, json};

/// A task that was started.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrivedTask {
    /// Its number in order of creation, from 1.
    pub ordinal: u64,
    /// Its id, as the sender was told.
    pub id: String,
    /// The process it runs in.
    pub process: String,
    /// Its reference.
    pub reference: Option<String>,
    /// Its data.
    pub data: Map<String, Value>,
    /// Its state: `created`, …
    pub status: &'static str,
    /// When it was created, in unix seconds.
    pub create_time: i64,
}

impl ArrivedTask {
    pub(super) fn new(ordinal: u64, process: &str, task: &Task) -> Self {
        Self {
            ordinal,
            id: task.id.to_string(),
            process: process.to_owned(),
            reference: task.reference.as_ref().map(ToString::to_string),
            data: task.data().clone(),
            status: task.status.name(),
            create_time: task.create_time(),
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "task": self.ordinal,
            "obj_id": self.id,
            "process": self.process,
            "ref": self.reference,
            "data": self.data,
            "status": self.status,
            "create_time": self.create_time,
        })
    }
}

/// Why a request, or a part of it, started no task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRequest {
    /// The class, from the closed list of [`mpo_receiver::ALL_CLASSES`], or `unreadable` for what was no HTTP request.
    pub class: &'static str,
    /// The reason, in words.
    pub reason: String,
    /// Whom it was for: `process intake`, `process 7`, `alias @intake`, `path /…`.
    pub addressed: String,
    /// The HTTP status of the answer.
    pub status: u16,
}

impl RejectedRequest {
    /// The rejections in what MPO wrote down of one request.
    pub(super) fn of(received: &Received) -> Vec<Self> {
        let happening = match received {
            Received::Request { happening, .. } => happening,
            Received::Unreadable { reason, .. } => {
                return vec![Self {
                    class: "unreadable",
                    reason: reason.clone(),
                    addressed: "nobody".into(),
                    status: 400,
                }];
            }
        };
        let addressed = match happening {
            Happening::Rejected { addressed, .. } => addressed.to_string(),
            Happening::Ops { process, .. } | Happening::Started { process, .. } => {
                format!("process {}", process.name)
            }
        };
        let rejections = happening.rejections().into_iter();
        rejections
            .map(|rejection| Self {
                class: rejection.class(),
                reason: rejection.to_string(),
                addressed: addressed.clone(),
                status: happening.status(),
            })
            .collect()
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "class": self.class,
            "reason": self.reason,
            "addressed": self.addressed,
            "status": self.status,
        })
    }
}
