//! The control room on MPO's port: `/sim/…` beside the vendor's paths.
//!
//! Everything that is not under `/sim/` goes to the fake orchestrator untouched.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use mpo_process::{ConvId, Task};
use mpo_receiver::{Configuration, Format, Mpo};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};
use sim_world::http::Handler;
use sim_world::{ConnectionId, ExchangeId, Instant, World, human};

use super::arrivals::{ArrivedTask, RejectedRequest};
use super::http::{Answer, Refusal, answer, is_control, parameters, unknown};
use super::mambu_room::MambuRoom;
use super::thread::{Handle, Stop};
use super::waiting::{Waited, until};
use crate::document::length_of_time;

/// The orchestrator and what its control room knows.
#[derive(Clone)]
pub(super) struct MpoRoom {
    pub(super) world: World,
    pub(super) mpo: Mpo,
    configuration: Rc<RefCell<Configuration>>,
    /// Where it listens: `http://127.0.0.1:7080`.
    server: Rc<str>,
    /// The bank, if it has one beside it.
    bank: Rc<OnceCell<Handle<MambuRoom>>>,
    stop: Stop,
}

const ENDPOINTS: &[(&str, &str)] = &[
    ("GET", "/sim/tasks"),
    ("GET", "/sim/rejections"),
    ("GET", "/sim/urls"),
    ("DELETE", "/sim/state"),
    ("GET", "/sim/health"),
];

/// Longest time that a request waits for tasks.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// Most rejections, and most tasks of other processes, that a nearest miss shows: the newest.
const NEAREST: usize = 10;

impl Handler for MpoRoom {
    async fn handle(self: Rc<Self>, exchange: ExchangeId, request: Request<Incoming>) -> Answer {
        if !is_control(request.uri().path()) {
            return Rc::new(self.mpo.clone()).handle(exchange, request).await;
        }
        let query = request.uri().query();
        let answered = match (request.method().as_str(), request.uri().path()) {
            ("GET", "/sim/tasks") => self.get_tasks(query).await,
            ("GET", "/sim/rejections") => parameters(query, []).map(|[]| self.get_rejections()),
            ("GET", "/sim/urls") => parameters(query, []).map(|[]| self.get_urls()),
            ("GET", "/sim/health") => parameters(query, []).map(|[]| self.get_health()),
            ("DELETE", "/sim/state") => match parameters(query, []) {
                Ok([]) => Ok(self.delete_state().await),
                Err(refusal) => Err(refusal),
            },
            (method, path) => Ok(unknown(method, path, ENDPOINTS)),
        };
        answered.unwrap_or_else(Refusal::answer)
    }

    fn unreadable(&self, connection: ConnectionId, reason: &str) {
        self.mpo.unreadable(connection, reason);
    }
}

impl MpoRoom {
    pub(super) fn new(world: &World, configuration: Configuration, server: &str, stop: Stop) -> Self {
        Self {
            world: world.clone(),
            mpo: Mpo::new(world, configuration.clone()),
            configuration: Rc::new(RefCell::new(configuration)),
            server: server.into(),
            bank: Rc::default(),
            stop,
        }
    }

    /// Says which bank's messages go with its tasks.
    pub(super) fn stands_beside(&self, bank: Handle<MambuRoom>) {
        // There is one bank; a second one is not expected and would be ignored.
        let _ = self.bank.set(bank);
    }

    /// Takes another configuration; the tasks stay.
    pub(super) fn configure(&self, configuration: Configuration) {
        self.mpo.configure(configuration.clone());
        self.configuration.replace(configuration);
    }

    async fn get_tasks(&self, query: Option<&str>) -> Result<Answer, Refusal> {
        let [process, count, wait] = parameters(query, ["process", "count", "await"])?;
        let process = process.filter(|name| !name.is_empty());
        let count = match count {
            None => 1,
            Some(count) => count.parse().map_err(|_| {
                Refusal::bad_request(format!("count={count} is not a whole number"), "such as count=2")
            })?,
        };
        let wait = match wait {
            None => Duration::ZERO,
            Some(wait) => length_of_time(&wait)
                .filter(|span| *span <= LONGEST_WAIT)
                .ok_or_else(|| {
                    let most = human(LONGEST_WAIT);
                    Refusal::bad_request(
                        format!("await={wait} is not a length of time up to {most}"),
                        "such as await=5s or await=500ms",
                    )
                })?,
        };
        let wanted = match process {
            Some(name) => Some(self.conv_id(&name)?),
            None => None,
        };
        let (began, before) = (self.world.now(), self.mpo.inspect(|mpo| mpo.tasks().created()));
        let ended = self.await_count(wanted, count, wait).await;
        let tasks: Vec<Value> = self.tasks(wanted).iter().map(ArrivedTask::json).collect();
        Ok(match ended {
            Waited::InVain if !wait.is_zero() => answer(
                StatusCode::REQUEST_TIMEOUT,
                json!({
                    "error": format!("{} of {count} tasks within {}", tasks.len(), human(wait)),
                    "hint": "what came instead stands under `nearest`, the newest last",
                    "tasks": tasks,
                    "nearest": self.nearest(wanted, began, before),
                }),
            ),
            Waited::Stopped => {
                let unavailable = StatusCode::SERVICE_UNAVAILABLE;
                Refusal::new(unavailable, "the fake stops", "start `mposim serve` again").answer()
            }
            _ => answer(StatusCode::OK, json!({ "tasks": tasks })),
        })
    }

    /// The process of a name.
    fn conv_id(&self, name: &str) -> Result<ConvId, Refusal> {
        let processes = &self.configuration.borrow().processes;
        if let Some(found) = processes.iter().find(|known| known.name == name) {
            return Ok(found.conv_id);
        }
        let names: Vec<&str> = processes.iter().map(|known| known.name.as_str()).collect();
        let hint = match mambu_emitter::mistake::nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("known: {}", names.join(", ")),
        };
        Err(Refusal::bad_request(format!("there is no process {name}"), hint))
    }

    async fn await_count(&self, wanted: Option<ConvId>, count: usize, within: Duration) -> Waited {
        let (mut found, mut since) = (0, self.mpo.era());
        if count == 0 {
            return Waited::Came;
        }
        let enough = |era: u64, _: u64, task: &Task| {
            if era != since {
                // Everything was forgotten meanwhile.
                (found, since) = (0, era);
            }
            found += usize::from(wanted.is_none_or(|wanted| wanted == task.conv_id));
            found >= count
        };
        self.await_tasks(within, enough).await
    }

    /// Hands tasks to `enough`, each with its era and its number, oldest first and each once, first those that are there and
    /// then each as it comes, until it says so. Does not poll.
    pub(super) async fn await_tasks(
        &self,
        within: Duration,
        mut enough: impl FnMut(u64, u64, &Task) -> bool,
    ) -> Waited {
        let mut seen = (self.mpo.era(), 0);
        let look = || {
            let era = self.mpo.era();
            self.mpo.inspect(|mpo| {
                let tasks = mpo.tasks();
                if seen.0 != era {
                    seen = (era, 0);
                }
                let new: Vec<_> = tasks
                    .iter()
                    .rev()
                    .take_while(|(ordinal, _)| *ordinal > seen.1)
                    .collect();
                seen.1 = tasks.created();
                new.into_iter()
                    .rev()
                    .any(|(ordinal, task)| enough(era, ordinal, task))
            })
        };
        until(&self.world, self.mpo.journal(), &self.stop, within, look).await
    }

    /// What came instead: the newest rejections and tasks of other processes, each with whether it came while waiting.
    fn nearest(&self, wanted: Option<ConvId>, began: Instant, before: u64) -> Value {
        let said = |mut json: Value, while_waiting: bool| {
            json["while_waiting"] = while_waiting.into();
            json
        };
        let entries = self.mpo.journal().entries();
        let mut rejections: Vec<Value> = entries
            .iter()
            .rev()
            .flat_map(|entry| {
                let of_one = RejectedRequest::of(&entry.what).into_iter().rev();
                of_one.map(|rejection| said(rejection.json(), entry.at >= began))
            })
            .take(NEAREST)
            .collect();
        rejections.reverse();
        let mut other_tasks: Vec<Value> = self.mpo.inspect(|mpo| {
            let tasks = mpo.tasks().iter().rev();
            tasks
                .filter(|(_, task)| wanted.is_some_and(|wanted| wanted != task.conv_id))
                .take(NEAREST)
                .map(|(ordinal, task)| said(self.task(ordinal, task).json(), ordinal > before))
                .collect()
        });
        other_tasks.reverse();
        json!({ "rejections": rejections, "other_tasks": other_tasks })
    }

    fn get_rejections(&self) -> Answer {
        let rejections: Vec<Value> = self.rejections().iter().map(RejectedRequest::json).collect();
        let dropped = self.mpo.journal().dropped();
        answer(
            StatusCode::OK,
            json!({ "rejections": rejections, "dropped_happenings": dropped }),
        )
    }

    /// The three links of every process and alias: the one endpoint that shows hashes, on purpose.
    fn get_urls(&self) -> Answer {
        let configuration = self.configuration.borrow();
        let links = |url: &mpo_receiver::DirectUrl| {
            let link = |format| url.link_on(&self.server, format).expose_secret().to_owned();
            json!({ "json": link(Format::Json), "xml": link(Format::Xml), "nvp": link(Format::Nvp) })
        };
        let processes: Map<String, Value> = configuration
            .processes
            .iter()
            .map(|process| (process.name.clone(), links(&process.direct_url)))
            .collect();
        let aliases: Map<String, Value> = configuration
            .aliases
            .iter()
            .map(|alias| (alias.short_name.clone(), links(&alias.direct_url)))
            .collect();
        answer(
            StatusCode::OK,
            json!({ "processes": processes, "aliases": aliases }),
        )
    }

    fn get_health(&self) -> Answer {
        let created = self.mpo.inspect(|mpo| mpo.tasks().created());
        let dropped = self.mpo.journal().dropped();
        answer(
            StatusCode::OK,
            json!({ "health": "ok", "side": "mpo", "tasks": created, "dropped_happenings": dropped }),
        )
    }

    /// Forgets on both sides. The bank first, so that nothing comes of its forgotten messages.
    async fn delete_state(&self) -> Answer {
        if let Some(bank) = self.bank.get() {
            bank.asked(|bank| async move { bank.forget().await }).await;
        }
        self.mpo.forget();
        answer(StatusCode::OK, json!({ "forgotten": true }))
    }

    /// The tasks of a process, or of all, oldest first.
    pub(super) fn tasks(&self, wanted: Option<ConvId>) -> Vec<ArrivedTask> {
        self.mpo.inspect(|mpo| {
            mpo.tasks()
                .iter()
                .filter(|(_, task)| wanted.is_none_or(|wanted| wanted == task.conv_id))
                .map(|(ordinal, task)| self.task(ordinal, task))
                .collect()
        })
    }

    /// A task for a caller.
    pub(super) fn task(&self, ordinal: u64, task: &Task) -> ArrivedTask {
        let processes = &self.configuration.borrow().processes;
        let known = processes.iter().find(|known| known.conv_id == task.conv_id);
        ArrivedTask::new(ordinal, known.map_or("", |known| &known.name), task)
    }

    /// The rejections that are kept, oldest first.
    pub(super) fn rejections(&self) -> Vec<RejectedRequest> {
        let entries = self.mpo.journal().entries();
        entries
            .iter()
            .flat_map(|entry| RejectedRequest::of(&entry.what))
            .collect()
    }
}
