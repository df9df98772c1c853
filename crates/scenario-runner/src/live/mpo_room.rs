//! The control room on MPO's port: `/sim/…` beside the vendor's paths.
//!
//! Everything that is not under `/sim/` goes to the fake orchestrator untouched.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::{Request, Response};
use mpo_process::Task;
use mpo_receiver::{Configuration, Format, Mpo, Received};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sim_world::http::Handler;
use sim_world::{ConnectionId, ExchangeId, World};

use super::http::{answer, query, refuse, unknown};

/// The orchestrator and what its control room knows.
#[derive(Clone)]
pub(super) struct MpoRoom {
    pub(super) world: World,
    pub(super) mpo: Mpo,
    pub(super) configuration: Rc<Configuration>,
    /// Where it listens: `http://127.0.0.1:7080`.
    pub(super) server: Rc<str>,
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

impl Handler for MpoRoom {
    async fn handle(
        self: Rc<Self>,
        exchange: ExchangeId,
        request: Request<Incoming>,
    ) -> Response<Full<Bytes>> {
        if !request.uri().path().starts_with("/sim/") {
            return Rc::new(self.mpo.clone()).handle(exchange, request).await;
        }
        match (request.method().as_str(), request.uri().path()) {
            ("GET", "/sim/health") => answer(
                200,
                json!({ "health": "ok", "tasks": self.mpo.inspect(|mpo| mpo.tasks().created()) }),
            ),
            ("GET", "/sim/tasks") => self.tasks(request.uri().query()).await,
            ("GET", "/sim/rejections") => answer(200, json!({ "rejections": self.rejections(0) })),
            ("GET", "/sim/urls") => answer(200, urls(&self.configuration, &self.server)),
            ("DELETE", "/sim/state") => {
                self.mpo.forget();
                answer(200, json!({ "forgotten": true }))
            }
            (method, path) => unknown(method, path, ENDPOINTS),
        }
    }

    fn unreadable(&self, connection: ConnectionId, reason: &str) {
        self.mpo.unreadable(connection, reason);
    }
}

impl MpoRoom {
    async fn tasks(&self, text: Option<&str>) -> Response<Full<Bytes>> {
        let mut process = None;
        let mut count = 1;
        let mut wait = Duration::ZERO;
        for (name, value) in query(text) {
            match name.as_str() {
                "process" if value.is_empty() => {}
                "process" => process = Some(value),
                "count" => match value.parse() {
                    Ok(number) => count = number,
                    Err(_) => {
                        return refuse(
                            400,
                            format!("count={value} is not a whole number"),
                            "such as count=1",
                        );
                    }
                },
                "await" => match length_of_time(&value) {
                    Some(span) if span <= LONGEST_WAIT => wait = span,
                    _ => {
                        return refuse(
                            400,
                            format!("await={value} is not a length of time up to 5m"),
                            "such as await=5s or await=500ms",
                        );
                    }
                },
                _ => {
                    return refuse(
                        400,
                        format!("there is no parameter {name}"),
                        "process=NAME, count=1, await=5s",
                    );
                }
            }
        }
        if let Some(process) = &process
            && !self
                .configuration
                .processes
                .iter()
                .any(|known| known.name == *process)
        {
            let names: Vec<&str> = self
                .configuration
                .processes
                .iter()
                .map(|known| known.name.as_str())
                .collect();
            return refuse(
                400,
                format!("there is no process {process}"),
                format!("known: {}", names.join(", ")),
            );
        }
        let arrived = self.await_tasks(process.as_deref(), count, wait).await;
        match arrived {
            Ok(tasks) => answer(200, json!({ "tasks": tasks })),
            Err(tasks) if wait.is_zero() => answer(200, json!({ "tasks": tasks })),
            Err(tasks) => {
                let others = if process.is_some() {
                    self.list(None)
                } else {
                    Vec::new()
                };
                answer(
                    408,
                    json!({
                        "error": format!("{} of {count} tasks within {}", tasks.len(), sim_world::human(wait)),
                        "hint": "what came instead stands under `nearest`",
                        "tasks": tasks,
                        "nearest": { "rejections": self.rejections(5), "other_tasks": others },
                    }),
                )
            }
        }
    }

    /// Waits for tasks without polling; what is there when the time is over is the error.
    pub(super) async fn await_tasks(
        &self,
        process: Option<&str>,
        count: usize,
        within: Duration,
    ) -> Result<Vec<Value>, Vec<Value>> {
        let enough = async {
            while self.list(process).len() < count {
                self.mpo.journal().recorded().await;
            }
        };
        let came = self.world.timeout(within, enough).await.is_some();
        let tasks = self.list(process);
        if came || tasks.len() >= count {
            Ok(tasks)
        } else {
            Err(tasks)
        }
    }

    /// The tasks of a process, or of all, oldest first.
    pub(super) fn list(&self, process: Option<&str>) -> Vec<Value> {
        let name_of = |task: &Task| self.name(task.conv_id);
        self.mpo.inspect(|mpo| {
            mpo.tasks()
                .iter()
                .filter(|(_, task)| process.is_none_or(|name| name_of(task) == name))
                .map(|(ordinal, task)| {
                    json!({
                        "task": ordinal,
                        "obj_id": task.id.to_string(),
                        "process": name_of(task),
                        "ref": task.reference.as_ref().map(ToString::to_string),
                        "status": task.status.name(),
                        "create_time": task.create_time(),
                        "data": task.data(),
                    })
                })
                .collect()
        })
    }

    /// A line for people for each request after the first `seen`.
    pub(super) fn lines_since(&self, seen: u64) -> Vec<String> {
        let journal = self.mpo.journal();
        let skipped = usize::try_from(seen.saturating_sub(journal.dropped())).unwrap_or(usize::MAX);
        let mut lines = Vec::new();
        for entry in journal.entries().iter().skip(skipped) {
            match &entry.what {
                Received::Unreadable { reason, .. } => lines.push(format!("unreadable request: {reason}")),
                Received::Request { happening, .. } => {
                    for task in happening.tasks() {
                        lines.push(format!(
                            "task {} of process {}",
                            task.ordinal,
                            self.name(task.task.conv_id)
                        ));
                    }
                    for rejection in happening.rejections() {
                        lines.push(format!(
                            "rejected with {}: {rejection} ({})",
                            happening.status(),
                            rejection.class()
                        ));
                    }
                }
            }
        }
        lines
    }

    fn name(&self, conv_id: mpo_process::ConvId) -> &str {
        let known = self
            .configuration
            .processes
            .iter()
            .find(|known| known.conv_id == conv_id);
        known.map_or("", |known| known.name.as_str())
    }

    /// The newest rejections, oldest first; `most` 0 for all that are kept.
    pub(super) fn rejections(&self, most: usize) -> Vec<Value> {
        let entries = self.mpo.journal().entries();
        let rejections: Vec<Value> = entries
            .iter()
            .flat_map(|entry| match &entry.what {
                Received::Request { happening, .. } => happening
                    .rejections()
                    .into_iter()
                    .map(|rejection| {
                        let addressed = match happening {
                            mpo_receiver::Happening::Rejected { addressed, .. } => addressed.to_string(),
                            mpo_receiver::Happening::Mixed { process, .. } | mpo_receiver::Happening::Started { process, .. } => {
                                format!("process {}", process.name)
                            }
                        };
                        json!({ "class": rejection.class(), "reason": rejection.to_string(), "addressed": addressed, "status": happening.status() })
                    })
                    .collect(),
                Received::Unreadable { reason, .. } => {
                    vec![json!({ "class": "unreadable", "reason": reason, "addressed": "nobody", "status": 400 })]
                }
            })
            .collect();
        let skipped = if most == 0 {
            0
        } else {
            rejections.len().saturating_sub(most)
        };
        rejections.into_iter().skip(skipped).collect()
    }
}

/// The three links of every process and alias; the one endpoint that shows hashes, on purpose.
fn urls(configuration: &Configuration, server: &str) -> Value {
    let links = |url: &mpo_receiver::DirectUrl| {
        let link = |format| url.link_on(server, format).expose_secret().to_owned();
        json!({ "json": link(Format::Json), "xml": link(Format::Xml), "nvp": link(Format::Nvp) })
    };
    let processes: serde_json::Map<String, Value> = configuration
        .processes
        .iter()
        .map(|process| (process.name.clone(), links(&process.direct_url)))
        .collect();
    let aliases: serde_json::Map<String, Value> = configuration
        .aliases
        .iter()
        .map(|alias| (alias.short_name.clone(), links(&alias.direct_url)))
        .collect();
    json!({ "processes": processes, "aliases": aliases })
}

/// `5s`, `500ms`, `2m`; a bare number is seconds.
fn length_of_time(text: &str) -> Option<Duration> {
    let digits = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    Some(match unit {
        "ms" => Duration::from_millis(number),
        "" | "s" => Duration::from_secs(number),
        "m" => Duration::from_secs(number.checked_mul(60)?),
        _ => return None,
    })
}
