//! The fake orchestrator as a state machine: one request in, one answer and one happening out.
//!
//! Pure: no I/O and no clock. The order of its decisions is fixed (assumed; the vendor documents none):
//!
//! 1. path, 2. method, 3. process or alias, 4. direct URL switched on, 5. hash, 6. size of the HTTP body,
//! 7. authorization, 8. state of the process, 9. format of the link, 10. body, and then for each task
//! 11. validity of its reference, 12. its size, 13. whether the reference is taken, 14. number of active tasks.

use std::fmt;

use mpo_process::{ConvId, ProcessState, Task, TaskId, TaskSpace};
use rand::Rng;

use crate::answer::{self, Answer};
use crate::body::{self, Asked, Draft};
use crate::configuration::Configuration;
use crate::direct_url::{DirectPath, Format, masked_path};
use crate::happening::{Addressed, Happening, StartedTask};
use crate::profile::Profile;
use crate::rejection::Rejection;
use crate::start_auth::decide;
use crate::store::{Limits, TaskStore};

mod routes;

use routes::{Process, Routes};

/// One HTTP request, as far as a direct URL looks at it. Query, content type and other headers are not looked at
/// (assumed: receiver sheet 1.3).
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a str,
    /// The path, with or without a query.
    pub path: &'a str,
    /// The raw values of every Authorization header, in order.
    pub authorization: &'a [&'a [u8]],
    /// The body. Of one longer than [`Profile::max_body`] the first `max_body + 1` bytes are enough.
    pub body: &'a [u8],
}

impl fmt::Debug for Request<'_> {
    /// Without path, credentials and body: all of them can hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Request({} {}, {} bytes)",
            self.method,
            masked_path(self.path),
            self.body.len()
        )
    }
}

/// The orchestrator: its configuration and its tasks.
pub struct Orchestrator {
    routes: Routes,
    profile: Profile,
    tasks: TaskStore,
    space: TaskSpace,
    random: Box<dyn Rng + Send>,
}

impl Orchestrator {
    /// An orchestrator without tasks. `random` gives the ids of its tasks.
    pub fn new(configuration: &Configuration, random: impl Rng + Send + 'static) -> Self {
        Self {
            routes: Routes::new(configuration),
            profile: configuration.profile.clone(),
            tasks: TaskStore::default(),
            space: TaskSpace::default(),
            random: Box::new(random),
        }
    }

    /// Takes another configuration; the tasks stay.
    pub fn configure(&mut self, configuration: &Configuration) {
        self.routes = Routes::new(configuration);
        self.profile = configuration.profile.clone();
    }

    /// The settings in force.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The tasks that have begun, with their numbers.
    pub fn tasks(&self) -> &TaskStore {
        &self.tasks
    }

    /// Forgets all tasks and begins to count anew.
    pub fn forget_tasks(&mut self) {
        self.tasks = TaskStore::default();
    }

    /// Puts the task of that number into a final node. `false` if there is no such active task.
    pub fn finish(&mut self, ordinal: u64, now_ms: i64) -> bool {
        let limits = self.limits();
        self.tasks.finish(ordinal, now_ms, limits)
    }

    /// Decides about a request from before everything was forgotten: it is answered, and leaves no trace.
    pub fn receive_late(&mut self, request: Request<'_>, now_ms: i64) -> Answer {
        let tasks = std::mem::take(&mut self.tasks);
        let (answer, _) = self.receive(request, now_ms);
        self.tasks = tasks;
        answer
    }

    /// Decides about one request. `now_ms`: unix milliseconds.
    pub fn receive(&mut self, request: Request<'_>, now_ms: i64) -> (Answer, Happening) {
        let (process, link, format) = match self.routes.route(request, &self.profile) {
            Ok(routed) => routed,
            Err((addressed, rejection)) => return self.rejected(addressed, rejection),
        };
        let (label, alias) = (process.label.clone(), link.alias.clone());
        let asked = match admit(process, format, request, &self.profile, &mut self.space) {
            Ok(asked) => asked,
            Err(rejection) => {
                let addressed = Addressed::Process {
                    process: label,
                    alias,
                };
                return self.rejected(addressed, rejection);
            }
        };
        match asked {
            Asked::Task(draft) => match self.start(label.conv_id, draft, now_ms) {
                Ok(task) => {
                    let answer = answer::to_task(&task, &self.profile);
                    let started = Happening::Started {
                        process: label,
                        alias,
                        task,
                        status: answer.status().as_u16(),
                    };
                    (answer, started)
                }
                Err(rejection) => {
                    let addressed = Addressed::Process {
                        process: label,
                        alias,
                    };
                    self.rejected(addressed, rejection)
                }
            },
            Asked::Ops(drafts) => {
                let ops: Vec<_> = drafts
                    .into_iter()
                    .map(|draft| self.start(label.conv_id, draft, now_ms))
                    .collect();
                let answer = answer::to_ops(&ops, &self.profile);
                let happening = Happening::Ops {
                    process: label,
                    alias,
                    ops,
                    status: answer.status().as_u16(),
                };
                (answer, happening)
            }
        }
    }

    fn rejected(&self, addressed: Addressed, rejection: Rejection) -> (Answer, Happening) {
        let answer = answer::to_rejection(&rejection, &self.profile);
        let status = answer.status().as_u16();
        (
            answer,
            Happening::Rejected {
                addressed,
                rejection,
                status,
            },
        )
    }

    fn start(&mut self, conv_id: ConvId, draft: Draft, now_ms: i64) -> Result<StartedTask, Rejection> {
        let reference = draft.reference.map_err(Rejection::InvalidReference)?;
        let bytes = draft.data.raw().len() as u64;
        if bytes > self.profile.max_task_size {
            return Err(Rejection::TaskTooLarge {
                bytes,
                max: self.profile.max_task_size,
            });
        }
        let mut random = [0; 8];
        self.random.fill_bytes(&mut random);
        let seconds = now_ms.div_euclid(1000).clamp(0, i64::from(u32::MAX));
        let id = TaskId::new(u32::try_from(seconds).unwrap_or_default(), random);
        let limits = self.limits();
        self.tasks
            .add(Task::new(id, conv_id, reference, draft.data, now_ms), limits)
    }

    fn limits(&self) -> Limits {
        Limits {
            active_per_process: self.profile.max_tasks_per_process,
            finished: self.profile.max_finished_tasks,
        }
    }
}

impl fmt::Debug for Orchestrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Orchestrator({} tasks)", self.tasks.created())
    }
}

/// Decisions 6 to 10: what the process says to a request that has found it.
fn admit(
    process: &Process,
    format: Format,
    request: Request<'_>,
    profile: &Profile,
    space: &mut TaskSpace,
) -> Result<Asked, Rejection> {
    if request.body.len() as u64 > profile.max_body {
        return Err(Rejection::BodyTooLarge {
            max: profile.max_body,
        });
    }
    decide(request.authorization, &process.auth)?;
    match process.state {
        ProcessState::Active | ProcessState::Debug => {}
        ProcessState::Paused => return Err(Rejection::Paused),
        ProcessState::NeverDeployed => return Err(Rejection::NeverDeployed),
        ProcessState::Deleted => return Err(Rejection::Deleted(process.label.conv_id)),
    }
    if format != Format::Json {
        return Err(Rejection::FormatNotSupported(format));
    }
    Ok(body::read(request.body, profile, space)?)
}

#[cfg(test)]
mod tests;
