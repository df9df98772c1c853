//! The control room on MPO's port: `/sim/…` beside the vendor's paths.
//!
//! Everything that is not under `/sim/` goes to the fake orchestrator untouched.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use mambu_emitter::message::MessageId;
use mpo_process::Task;
use mpo_receiver::rejection::ALL_CLASSES;
use mpo_receiver::{Configuration, Format, Mpo, Received};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};
use sim_world::http::Handler;
use sim_world::{ConnectionId, ExchangeId, World};

use super::arrivals::{ArrivedTask, RejectedRequest, Wanted};
use super::http::{
    Answer, BODY_TIME, Elsewhere, Refusal, answer, is_control, method_of, no_body, parameters, unknown,
};
use super::mambu_room::{self, MambuRoom};
use super::thread::{Handle, Stop};
use super::waiting::{Wait, Waited, no_more, until};
use crate::scenario::Secrets;

mod nearest;

/// The orchestrator and what its control room knows.
#[derive(Clone)]
pub(super) struct MpoRoom {
    pub(super) world: World,
    pub(super) mpo: Rc<Mpo>,
    configuration: Rc<RefCell<Configuration>>,
    /// What no answer may show.
    secrets: Rc<Secrets>,
    /// Where it listens: `http://127.0.0.1:7080`.
    server: Rc<str>,
    /// The bank beside it, if there is one, and where that listens.
    bank: Rc<OnceCell<(Handle<MambuRoom>, String)>>,
    stop: Stop,
}

pub(super) const ENDPOINTS: &[(&str, &str)] = &[
    ("GET", "/sim/tasks"),
    ("GET", "/sim/rejections"),
    ("GET", "/sim/urls"),
    ("DELETE", "/sim/state"),
    ("GET", "/sim/health"),
];

/// What the requests of a message came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    pub(super) tasks: Vec<u64>,
    /// Their classes.
    pub(super) rejections: Vec<&'static str>,
}

pin_project_lite::pin_project! {
    /// A request that is being handled.
    #[project = HandlingProjection]
    enum Handling<F> {
        /// Boxed, so that the other kind, which is moved for each webhook, stays small.
        Control { work: Pin<Box<dyn Future<Output = Answer>>> },
        Webhook {
            #[pin]
            work: F,
            room: Rc<MpoRoom>,
            exchange: ExchangeId,
            era: u64,
        },
    }
}

impl<F: Future<Output = Option<Answer>>> Future for Handling<F> {
    type Output = Answer;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        match self.project() {
            HandlingProjection::Control { work } => work.as_mut().poll(context),
            HandlingProjection::Webhook {
                work,
                room,
                exchange,
                era,
            } => {
                let answered = ready!(work.poll(context));
                Poll::Ready(answered.unwrap_or_else(|| room.without_body(*exchange, *era)))
            }
        }
    }
}

impl Handler for MpoRoom {
    /// Not an `async fn`, which would keep the request twice: every byte of this future is moved for each request.
    fn handle(
        self: Rc<Self>,
        exchange: ExchangeId,
        request: Request<Incoming>,
    ) -> impl Future<Output = Answer> {
        if is_control(request.uri().path()) {
            return Handling::Control {
                work: Box::pin(async move { self.control(request).await }),
            };
        }
        // Once its body is there, a request is answered at once.
        let answering = Rc::clone(&self.mpo).handle(exchange, request);
        Handling::Webhook {
            era: self.mpo.era(),
            work: self.world.timeout(BODY_TIME, answering),
            room: self,
            exchange,
        }
    }

    fn unreadable(&self, connection: ConnectionId, reason: &str) {
        self.mpo.unreadable(connection, reason);
    }
}

impl MpoRoom {
    /// Answers a request whose body has not come in time.
    fn without_body(&self, exchange: ExchangeId, era: u64) -> Answer {
        let refusal = no_body();
        if era == self.mpo.era() {
            self.mpo.unreadable(exchange.connection, refusal.error());
        }
        refusal.answer()
    }

    async fn control(&self, request: Request<Incoming>) -> Answer {
        let query = request.uri().query();
        let answered = match (method_of(&request), request.uri().path()) {
            ("GET", "/sim/tasks") => self.get_tasks(query).await,
            ("GET", "/sim/rejections") => self.get_rejections(query).await,
            ("GET", "/sim/urls") => parameters(query, []).map(|[]| self.get_urls()),
            ("GET", "/sim/health") => parameters(query, []).map(|[]| self.get_health()),
            ("DELETE", "/sim/state") => self.delete_state(query).await,
            (method, path) => {
                let elsewhere = self.bank.get().map(|(_, server)| Elsewhere {
                    whose: "Mambu's",
                    server,
                    known: mambu_room::ENDPOINTS,
                });
                Ok(unknown(method, path, ENDPOINTS, elsewhere.as_ref()))
            }
        };
        answered.unwrap_or_else(Refusal::answer)
    }

    pub(super) fn new(
        world: &World,
        configuration: Configuration,
        secrets: Secrets,
        server: &str,
        stop: Stop,
    ) -> Self {
        Self {
            secrets: Rc::new(secrets),
            world: world.clone(),
            mpo: Rc::new(Mpo::new(world, configuration.clone())),
            configuration: Rc::new(RefCell::new(configuration)),
            server: server.into(),
            bank: Rc::default(),
            stop,
        }
    }

    /// Says which bank's messages go with its tasks.
    pub(super) fn stands_beside(&self, bank: Handle<MambuRoom>, server: String) {
        // There is one bank; a second one is not expected and would be ignored.
        let _ = self.bank.set((bank, server));
    }

    /// Takes another configuration; the tasks stay.
    pub(super) fn configure(&self, configuration: Configuration) {
        self.mpo.configure(configuration.clone());
        self.configuration.replace(configuration);
    }

    async fn get_tasks(&self, query: Option<&str>) -> Result<Answer, Refusal> {
        let [process, count, wait] = parameters(query, ["process", "count", "await"])?;
        let wait = Wait::read(count.as_deref(), wait.as_deref())?;
        let wanted = self.wanted(process)?;
        let wanted = wanted.as_ref();
        let mark = self.mark();
        let ended = match wait {
            None => Waited::Came,
            Some(wait) => self.await_count(wanted, wait).await,
        };
        let there = self.tasks(wanted);
        let exchanges = self.exchanges_of_tasks();
        let tasks = self.joined(
            &there,
            |task| exchanges.get(&task.ordinal).copied(),
            ArrivedTask::json,
        );
        match (ended, wait) {
            (Waited::Stopped, _) => Err(no_more()),
            (Waited::InVain, Some(wait)) => {
                let tasks = tasks.await;
                let near = self.nearest(mark, wanted, |_| true).await;
                let hint = self.hint(near.reached_mpo || !tasks.is_empty(), &near.unsent);
                let nearest = json!({
                    "rejections": near.rejections,
                    "other_tasks": near.other_tasks,
                    "events": near.unsent.events,
                    "messages": near.unsent.messages,
                });
                Ok(wait.in_vain("tasks", tasks, &hint, &nearest))
            }
            _ => Ok(answer(StatusCode::OK, json!({ "tasks": tasks.await }))),
        }
    }

    fn wanted(&self, process: Option<String>) -> Result<Option<Wanted>, Refusal> {
        process
            .map(|name| Wanted::read(&name, &self.configuration.borrow()))
            .transpose()
    }

    async fn await_count(&self, wanted: Option<&Wanted>, wait: Wait) -> Waited {
        let (mut found, mut since) = (0, self.mpo.era());
        let enough = |era: u64, _: u64, task: &Task| {
            if era != since {
                // Everything was forgotten meanwhile.
                (found, since) = (0, era);
            }
            found += usize::from(wanted.is_none_or(|wanted| wanted.is_task(task)));
            found >= wait.count
        };
        self.await_tasks(wait.within, enough).await
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

    async fn get_rejections(&self, query: Option<&str>) -> Result<Answer, Refusal> {
        let [class, process, count, wait] = parameters(query, ["class", "process", "count", "await"])?;
        let wait = Wait::read(count.as_deref(), wait.as_deref())?;
        let wanted = self.wanted(process)?;
        if let Some(class) = &class {
            let known = ALL_CLASSES.iter().map(|(class, _)| *class);
            let known: Vec<String> = known.chain(["unreadable"]).map(str::to_owned).collect();
            if !known.contains(class) {
                return Err(Refusal::unknown("class", class, &known));
            }
        }
        let is_meant = |rejection: &RejectedRequest| {
            class.as_ref().is_none_or(|class| class == rejection.class)
                && wanted
                    .as_ref()
                    .is_none_or(|wanted| wanted.is_rejection(rejection))
        };
        let mark = self.mark();
        let ended = match wait {
            None => Waited::Came,
            Some(wait) => self.await_rejections(wait, is_meant).await,
        };
        let there: Vec<_> = self.rejections().into_iter().filter(is_meant).collect();
        let rejections = self.joined(&there, |rejection| rejection.exchange, RejectedRequest::json);
        match (ended, wait) {
            (Waited::Stopped, _) => Err(no_more()),
            (Waited::InVain, Some(wait)) => {
                let rejections = rejections.await;
                let near = self.nearest(mark, None, |rejection| !is_meant(rejection)).await;
                let hint = self.hint(near.reached_mpo || !rejections.is_empty(), &near.unsent);
                let nearest = json!({
                    "other_rejections": near.rejections,
                    "tasks": near.tasks,
                    "events": near.unsent.events,
                    "messages": near.unsent.messages,
                });
                Ok(wait.in_vain("rejections", rejections, &hint, &nearest))
            }
            _ => {
                let dropped = self.mpo.journal().dropped();
                let body = json!({ "rejections": rejections.await, "dropped_happenings": dropped });
                Ok(answer(StatusCode::OK, body))
            }
        }
    }

    async fn await_rejections(&self, wait: Wait, is_meant: impl Fn(&RejectedRequest) -> bool) -> Waited {
        let (mut era, mut next, mut found) = (self.mpo.era(), 0, 0);
        let journal = self.mpo.journal();
        let look = || {
            if self.mpo.era() != era {
                (era, found) = (self.mpo.era(), 0);
            }
            let new = journal.since(next);
            let rejections = new.iter().flat_map(|entry| RejectedRequest::of(&entry.what));
            found += rejections.filter(&is_meant).count();
            next = new.last().map_or(next, |last| last.sequence + 1);
            found >= wait.count
        };
        until(&self.world, journal, &self.stop, wait.within, look).await
    }

    /// Things that came, each with the bank's message whose attempt it was.
    async fn joined<T>(
        &self,
        things: &[T],
        exchange: impl Fn(&T) -> Option<ExchangeId>,
        json: impl Fn(&T, Option<u64>) -> Value,
    ) -> Vec<Value> {
        let exchanges: Vec<_> = things.iter().map(exchange).collect();
        let messages = match self.bank.get() {
            Some((bank, _)) if !exchanges.is_empty() => {
                let asked = bank.asked(move |bank| async move { bank.messages_of(&exchanges) });
                asked.await.unwrap_or_default()
            }
            _ => Vec::new(),
        };
        let messages = messages.into_iter().chain(std::iter::repeat(None));
        things
            .iter()
            .zip(messages)
            .map(|(thing, message)| json(thing, message))
            .collect()
    }

    /// The exchanges in which the tasks were started, as far as they are still written down.
    fn exchanges_of_tasks(&self) -> BTreeMap<u64, ExchangeId> {
        let entries = self.mpo.journal().entries();
        let requests = entries.iter().filter_map(|entry| match &entry.what {
            Received::Request { exchange, happening } => Some((exchange, happening)),
            Received::Unreadable { .. } => None,
        });
        requests
            .flat_map(|(exchange, happening)| {
                let tasks = happening.tasks().into_iter();
                tasks.map(|task| (task.ordinal, *exchange))
            })
            .collect()
    }

    /// What each of the bank's messages came to here.
    pub(super) fn outcomes(&self, messages: &HashMap<ExchangeId, MessageId>) -> BTreeMap<u64, Outcome> {
        let mut outcomes = BTreeMap::<u64, Outcome>::new();
        for entry in self.mpo.journal().entries().iter() {
            let Received::Request { exchange, happening } = &entry.what else {
                continue;
            };
            if let Some(message) = messages.get(exchange) {
                let outcome = outcomes.entry(message.0).or_default();
                let tasks = happening.tasks().into_iter();
                outcome.tasks.extend(tasks.map(|task| task.ordinal));
                let rejections = happening.rejections().into_iter();
                outcome
                    .rejections
                    .extend(rejections.map(mpo_receiver::Rejection::class));
            }
        }
        outcomes
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
    async fn delete_state(&self, query: Option<&str>) -> Result<Answer, Refusal> {
        let [bank_too] = parameters(query, ["bank"])?;
        let bank_too = match bank_too.as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(other) => {
                return Err(Refusal::bad_request(
                    format!("bank={other} is neither true nor false"),
                    "bank=true also puts the records of the bank back as the scenario has them",
                ));
            }
        };
        if let Some((bank, _)) = self.bank.get() {
            let forgetting = bank.asked(move |bank| async move {
                if bank_too {
                    bank.put_back();
                }
                bank.forget().await;
            });
            forgetting.await;
        }
        self.mpo.forget();
        if let Some((bank, _)) = self.bank.get() {
            bank.asked(|bank| async move { bank.go_on() }).await;
        }
        Ok(answer(StatusCode::OK, json!({ "forgotten": true })))
    }

    /// The tasks of a process, or of all, oldest first.
    pub(super) fn tasks(&self, wanted: Option<&Wanted>) -> Vec<ArrivedTask> {
        self.mpo.inspect(|mpo| {
            mpo.tasks()
                .iter()
                .filter(|(_, task)| wanted.is_none_or(|wanted| wanted.is_task(task)))
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
            .map(|rejection| rejection.covered(&self.secrets))
            .collect()
    }
}
