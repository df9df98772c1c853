//! What has come to MPO, for callers: tasks and requests that started none.

use mpo_process::{ConvId, Task};
use mpo_receiver::happening::Addressed;
use mpo_receiver::{Configuration, Happening, Received};
use serde_json::{Map, Value, json};
use sim_world::ExchangeId;

use super::http::Refusal;
use crate::scenario::Secrets;

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

    /// `message`: whose attempt it was, of the bank beside this MPO.
    pub(super) fn json(&self, message: Option<u64>) -> Value {
        json!({
            "task": self.ordinal,
            "obj_id": self.id,
            "process": self.process,
            "ref": self.reference,
            "data": self.data,
            "status": self.status,
            "create_time": self.create_time,
            "message": message,
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
    /// The process that it was for, if there is one.
    pub process: Option<String>,
    /// The short name of the alias that it came by.
    pub alias: Option<String>,
    /// Which exchange it was.
    pub(super) exchange: Option<ExchangeId>,
}

impl RejectedRequest {
    /// Without the secrets that a sender may have put where they do not belong.
    pub(super) fn covered(self, secrets: &Secrets) -> Self {
        let cover = |text: String| secrets.cover_ours(&text);
        Self {
            reason: cover(self.reason),
            addressed: cover(self.addressed),
            alias: self.alias.map(cover),
            ..self
        }
    }

    /// The rejections in what MPO wrote down of one request.
    pub(super) fn of(received: &Received) -> Vec<Self> {
        let (exchange, happening) = match received {
            Received::Request { exchange, happening } => (exchange, happening),
            Received::Unreadable { reason, .. } => {
                return vec![Self {
                    class: "unreadable",
                    reason: reason.clone(),
                    addressed: "nobody".into(),
                    status: 400,
                    process: None,
                    alias: None,
                    exchange: None,
                }];
            }
        };
        let addressed = match happening {
            Happening::Rejected { addressed, .. } => addressed.to_string(),
            Happening::Ops { process, .. } | Happening::Started { process, .. } => {
                format!("process {}", process.name)
            }
        };
        let (process, alias) = addressee(happening);
        let rejections = happening.rejections().into_iter();
        rejections
            .map(|rejection| Self {
                class: rejection.class(),
                reason: rejection.to_string(),
                addressed: addressed.clone(),
                status: happening.status(),
                process: process.clone(),
                alias: alias.clone(),
                exchange: Some(*exchange),
            })
            .collect()
    }

    /// `message`: whose attempt it was, of the bank beside this MPO.
    pub(super) fn json(&self, message: Option<u64>) -> Value {
        json!({
            "class": self.class,
            "reason": self.reason,
            "addressed": self.addressed,
            "process": self.process,
            "alias": self.alias,
            "status": self.status,
            "message": message,
        })
    }
}

/// The process and the alias of what started no task, by their names.
fn addressee(happening: &Happening) -> (Option<String>, Option<String>) {
    let named = |alias: &Option<std::sync::Arc<str>>| alias.as_ref().map(ToString::to_string);
    match happening {
        Happening::Ops { process, alias, .. } | Happening::Started { process, alias, .. } => {
            (Some(process.name.clone()), named(alias))
        }
        Happening::Rejected { addressed, .. } => match addressed {
            Addressed::Process { process, alias } => (Some(process.name.clone()), named(alias)),
            Addressed::Alias { short_name } => (None, Some(short_name.clone())),
            Addressed::UnknownProcess(_) | Addressed::Nobody { .. } => (None, None),
        },
    }
}

/// `process=`: a process by its name, by its id, or by one of its aliases (`@intake`; `intake` where no process has that name).
#[derive(Debug)]
pub(super) struct Wanted {
    conv_id: Option<ConvId>,
    name: Option<String>,
    alias: Option<String>,
}

impl Wanted {
    pub(super) fn read(asked: &str, configuration: &Configuration) -> Result<Self, Refusal> {
        let processes = &configuration.processes;
        let by_alias = |short_name: &str| Self::by_alias(short_name, configuration);
        if let Some(found) = asked.strip_prefix('@').and_then(by_alias) {
            return Ok(found);
        }
        let is_meant = |conv_id: ConvId| conv_id.to_string() == asked;
        if let Some(found) = processes
            .iter()
            .find(|known| known.name == asked)
            .or_else(|| processes.iter().find(|known| is_meant(known.conv_id)))
        {
            return Ok(Self {
                conv_id: Some(found.conv_id),
                name: Some(found.name.clone()),
                alias: None,
            });
        }
        if let Some(found) = by_alias(asked) {
            return Ok(found);
        }
        let names = processes.iter().map(|known| known.name.clone());
        let aliases = configuration.aliases.iter();
        let names: Vec<String> = names
            .chain(aliases.map(|alias| format!("@{}", alias.short_name)))
            .collect();
        Err(Refusal::unknown("process", asked, &names))
    }

    fn by_alias(short_name: &str, configuration: &Configuration) -> Option<Self> {
        let mut aliases = configuration.aliases.iter();
        let found = aliases.find(|known| known.short_name == short_name)?;
        let process = configuration
            .processes
            .iter()
            .find(|process| found.to.as_deref() == Some(&process.name));
        Some(Self {
            conv_id: process.map(|process| process.conv_id),
            name: process.map(|process| process.name.clone()),
            alias: Some(short_name.to_owned()),
        })
    }

    pub(super) fn is_task(&self, task: &Task) -> bool {
        self.conv_id == Some(task.conv_id)
    }

    pub(super) fn is_rejection(&self, rejection: &RejectedRequest) -> bool {
        let same = |wanted: &Option<String>, found: &Option<String>| wanted.is_some() && wanted == found;
        same(&self.name, &rejection.process) || same(&self.alias, &rejection.alias)
    }
}
