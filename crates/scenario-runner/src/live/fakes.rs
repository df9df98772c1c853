//! The fakes as libraries, for other people's tests: a receiver to point a service at, and a bank that sends webhooks.
//!
//! Each runs on a thread of its own, so a test's runtime, or its paused clock, is no concern of theirs.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use mambu_emitter::Mambu;
use mambu_emitter::bank::Bank;
use mpo_process::{ConvId, ProcessState, Variables};
use mpo_receiver::{
    Configuration, Credentials, DirectUrl, DirectUrlError, Format, Mpo, ProcessConfig, Profile, StartAuth,
};
use rand::Rng as _;
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};
use sim_world::World;
use sim_world::http::{ServerLimits, serve};

use super::mambu_room::{Base, MambuRoom};
use super::mpo_room::MpoRoom;
use super::thread::FakeThread;
use super::{genesis, reachable};
use crate::document::Paint;
use crate::scenario::Secrets;

/// Why a fake could not be started or set up.
#[derive(Debug, thiserror::Error)]
pub enum NoFake {
    /// No thread, or no port.
    #[error("the fake could not be started: {0}")]
    Io(#[from] std::io::Error),
    /// A process that cannot be.
    #[error("process {name}: {reason}")]
    Process {
        /// Its name.
        name: String,
        /// Why.
        reason: DirectUrlError,
    },
    /// A template or an event with mistakes, as they are printed.
    #[error("{0}")]
    Mistakes(String),
    /// The fake's thread is gone.
    #[error("the fake has stopped")]
    Stopped,
}

/// A free port of this machine.
const ANYWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// A fake MPO on loopback.
///
/// ```
/// use std::io::{Read as _, Write as _};
/// use std::time::Duration;
/// use scenario_runner::FakeMpo;
///
/// let mpo = FakeMpo::start()?;
/// let url = mpo.direct_url("intake").expect("a process that every fake has");
/// // Any HTTP client will do; this is the least of one.
/// let (host, path) = url.trim_start_matches("http://").split_once('/').unwrap();
/// let mut socket = std::net::TcpStream::connect(host)?;
/// write!(socket, "POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 15\r\nConnection: close\r\n\r\n{{\"amount\":5000}}")?;
/// socket.read_to_string(&mut String::new())?;
///
/// let task = mpo.await_task(|task| task.data["amount"] == 5000, Duration::from_secs(5))?;
/// assert_eq!(task.process, "intake");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FakeMpo {
    thread: FakeThread<MpoRoom>,
    server: String,
    links: Vec<(String, DirectUrl)>,
}

/// How a process of a [`FakeMpo`] is set up.
#[derive(Clone, Debug, Default)]
pub struct ProcessBuilder {
    start: StartAuth,
    state: Option<ProcessState>,
}

impl ProcessBuilder {
    /// The Start node demands Basic authorization.
    #[must_use]
    pub fn basic(mut self, user: &str, pass: &str) -> Self {
        self.start = StartAuth::Basic(Some(Credentials {
            user: user.into(),
            pass: pass.into(),
        }));
        self
    }

    /// The process is in another state than active.
    #[must_use]
    pub fn state(mut self, state: ProcessState) -> Self {
        self.state = Some(state);
        self
    }
}

/// Sets up a [`FakeMpo`].
#[derive(Clone, Debug, Default)]
pub struct FakeMpoBuilder {
    processes: Vec<(String, ProcessBuilder)>,
    variables: Variables,
    profile: Profile,
}

impl FakeMpoBuilder {
    /// Adds a process.
    #[must_use]
    pub fn process(mut self, name: &str, set_up: impl FnOnce(ProcessBuilder) -> ProcessBuilder) -> Self {
        self.processes
            .push((name.to_owned(), set_up(ProcessBuilder::default())));
        self
    }

    /// Environment variables that credentials can refer to.
    #[must_use]
    pub fn variables(mut self, variables: Variables) -> Self {
        self.variables = variables;
        self
    }

    /// What MPO leaves undocumented.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Starts the fake on a free port.
    ///
    /// # Errors
    /// When there is no thread or port for it, or a process cannot be.
    pub fn start(self) -> Result<FakeMpo, NoFake> {
        let mut processes = Vec::new();
        for (at, (name, builder)) in self.processes.into_iter().enumerate() {
            let conv_id = 31_754 + at as u64;
            let mut hash = [0_u8; 20];
            sim_world::random_stream(0, "fake-mpo.hash", &name).fill_bytes(&mut hash);
            let hash: String = hash
                .iter()
                .flat_map(|byte| [byte >> 4, byte & 15])
                .map(hex)
                .collect();
            let url = format!("https://mpo.example/api/1/json/public/{conv_id}/{hash}");
            let direct_url = DirectUrl::parse(&url).map_err(|reason| NoFake::Process {
                name: name.clone(),
                reason,
            })?;
            processes.push(ProcessConfig {
                title: name.clone(),
                name,
                conv_id: ConvId::new(conv_id),
                state: builder.state.unwrap_or(ProcessState::Active),
                direct_url,
                direct_url_enabled: true,
                start: builder.start,
            });
        }
        let links = processes
            .iter()
            .map(|process| (process.name.clone(), process.direct_url.clone()))
            .collect();
        let configuration = Configuration {
            processes,
            aliases: Vec::new(),
            variables: self.variables,
            profile: self.profile,
        };
        let (thread, server) = FakeThread::start("fake-mpo", genesis(0), async move |world: World| {
            let listener = world.network().listen_tcp(ANYWHERE).await?;
            let server = format!("http://{}", listener.address().unwrap_or(ANYWHERE));
            let room = MpoRoom {
                mpo: Mpo::new(&world, configuration.clone()),
                configuration: Rc::new(configuration),
                server: server.as_str().into(),
                world: world.clone(),
            };
            let serving = room.clone();
            let task = world.clone();
            world.spawn(
                async move { serve(&task, listener, ServerLimits::default(), Rc::new(serving)).await },
            );
            Ok((room, server))
        })?;
        Ok(FakeMpo {
            thread,
            server,
            links,
        })
    }
}

fn hex(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap_or('0')
}

/// A task that arrived at a [`FakeMpo`].
#[derive(Clone, Debug, PartialEq)]
pub struct ArrivedTask {
    /// Its number in order of creation, from 1.
    pub ordinal: u64,
    /// The process it runs in.
    pub process: String,
    /// Its reference.
    pub reference: Option<String>,
    /// Its data.
    pub data: Map<String, Value>,
}

impl ArrivedTask {
    fn from_json(json: &Value) -> Self {
        Self {
            ordinal: json["task"].as_u64().unwrap_or_default(),
            process: json["process"].as_str().unwrap_or_default().to_owned(),
            reference: json["ref"].as_str().map(String::from),
            data: json["data"].as_object().cloned().unwrap_or_default(),
        }
    }
}

/// What came instead of the task that was waited for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("no such task within {}; {} other tasks, rejections: {}", sim_world::human(*.within), tasks.len(), Value::from(rejections.clone()))]
pub struct NearestMiss {
    /// How long was waited.
    pub within: Duration,
    /// The tasks that are there.
    pub tasks: Vec<ArrivedTask>,
    /// The newest rejections: class, reason, status.
    pub rejections: Vec<Value>,
}

impl FakeMpo {
    /// A fake with one process, `intake`, open to everybody who has its link.
    ///
    /// # Errors
    /// When there is no thread or port for it.
    pub fn start() -> Result<Self, NoFake> {
        Self::builder().process("intake", |process| process).start()
    }

    /// Sets up a fake with processes of one's own.
    ///
    /// ```
    /// use scenario_runner::FakeMpo;
    /// let mpo = FakeMpo::builder()
    ///     .process("intake", |process| process.basic("mambu", "s3cret"))
    ///     .start()?;
    /// assert!(mpo.direct_url("intake").is_some());
    /// # Ok::<(), scenario_runner::live::NoFake>(())
    /// ```
    pub fn builder() -> FakeMpoBuilder {
        FakeMpoBuilder::default()
    }

    /// The JSON link of a process, on this machine.
    pub fn direct_url(&self, process: &str) -> Option<String> {
        let (_, url) = self.links.iter().find(|(name, _)| name == process)?;
        Some(url.link_on(&self.server, Format::Json).expose_secret().to_owned())
    }

    /// Waits until a task arrives that is meant, or is there already.
    ///
    /// # Errors
    /// With what came instead, when the time is over.
    pub fn await_task(
        &self,
        is_meant: impl Fn(&ArrivedTask) -> bool + Send + Sync + 'static,
        within: Duration,
    ) -> Result<ArrivedTask, NearestMiss> {
        let is_meant: Arc<dyn Fn(&ArrivedTask) -> bool + Send + Sync> = Arc::new(is_meant);
        let found = self.thread.ask(move |room: MpoRoom| async move {
            let all = || -> Vec<ArrivedTask> { room.list(None).iter().map(ArrivedTask::from_json).collect() };
            let arrival = async {
                loop {
                    if let Some(task) = all().into_iter().find(|task| is_meant(task)) {
                        return task;
                    }
                    room.mpo.journal().recorded().await;
                }
            };
            room.world
                .timeout(within, arrival)
                .await
                .ok_or_else(|| NearestMiss {
                    within,
                    tasks: all(),
                    rejections: room.rejections(5),
                })
        });
        found.unwrap_or_else(|| {
            Err(NearestMiss {
                within,
                tasks: Vec::new(),
                rejections: Vec::new(),
            })
        })
    }

    /// All tasks, oldest first.
    pub fn tasks(&self) -> Vec<ArrivedTask> {
        let tasks = self.thread.ask(|room| async move { room.list(None) });
        tasks
            .unwrap_or_default()
            .iter()
            .map(ArrivedTask::from_json)
            .collect()
    }

    /// All rejections that are kept, oldest first: class, reason, whom it was for, status.
    pub fn rejections(&self) -> Vec<Value> {
        self.thread
            .ask(|room| async move { room.rejections(0) })
            .unwrap_or_default()
    }

    /// Forgets tasks and rejections, between two tests.
    pub fn reset(&self) {
        self.thread.ask(|room| async move { room.mpo.forget() });
    }
}

/// A fake Mambu: templates in, events in, webhooks out.
///
/// ```
/// use std::time::Duration;
/// use scenario_runner::{FakeMambu, FakeMpo};
///
/// let mpo = FakeMpo::start()?;
/// let mambu = FakeMambu::start()?;
/// mambu.template(&format!(r#"{{
///     "name": "disbursed", "target": "CLIENT", "event": "LOAN_DISBURSEMENT", "subscriptionOption": "OPT_OUT",
///     "url": "{}", "requestType": "POST", "contentType": "APPLICATION_JSON",
///     "body": "{{\"loan\":\"{{ACCOUNT_ID}}\",\"amount\":\"{{TRANSACTION_AMOUNT}}\"}}"
/// }}"#, mpo.direct_url("intake").unwrap()))?;
/// mambu.emit(r#"{ "amount": 5000 }"#)?;
/// let task = mpo.await_task(|task| task.data["loan"] == "LN-1001", Duration::from_secs(5))?;
/// assert_eq!(task.data["amount"], "5000.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FakeMambu {
    thread: FakeThread<MambuRoom>,
}

impl FakeMambu {
    /// A bank with the demo records and no templates. It reaches plain http and this machine.
    ///
    /// # Errors
    /// When there is no thread for it.
    pub fn start() -> Result<Self, NoFake> {
        let (thread, ()) = FakeThread::start("fake-mambu", genesis(0), async move |world: World| {
            let room = MambuRoom {
                mambu: Mambu::new(
                    &world,
                    Bank::demo(),
                    reachable(mambu_emitter::Configuration::default()),
                ),
                base: Rc::new(RefCell::new(Base::default())),
                secrets: Rc::new(Secrets::default()),
            };
            Ok((room, ()))
        })?;
        Ok(Self { thread })
    }

    /// Adds a template from Templates API JSON.
    ///
    /// # Errors
    /// With its mistakes, as they are printed, when Mambu would not take it.
    pub fn template(&self, json: &str) -> Result<(), NoFake> {
        let json = json.to_owned();
        let added = self.thread.ask(move |room: MambuRoom| async move {
            let mut base = room.base.borrow().clone();
            let name = format!("template-{}", base.files.len() + 1);
            base.files.push((format!("{name}.json"), json));
            if base.head.is_empty() {
                base.head =
                    "mambu:\n  profile: { allow_http: true, allow_private: true }\n  templates:".into();
            }
            let _ = write!(base.head, "\n    {name}: {name}.json");
            let loaded = base.with_step("set: {}");
            let mistakes = loaded.mistakes(Paint::Plain);
            let scenario = loaded.scenario.ok_or(NoFake::Mistakes(mistakes))?;
            room.mambu.configure(reachable(scenario.mambu));
            room.base.replace(base);
            Ok(())
        });
        added.unwrap_or(Err(NoFake::Stopped))
    }

    /// Lets an event happen, said as in a step of a scenario: `{ "type": "LOAN_DISBURSEMENT", "amount": 5000 }`.
    ///
    /// # Errors
    /// With its mistakes, as they are printed.
    pub fn emit(&self, event: &str) -> Result<(), NoFake> {
        let event = event.to_owned();
        let emitted = self.thread.ask(move |room: MambuRoom| async move {
            let change = room.read(event.as_bytes())?;
            room.emit(&change).map(|_| ())
        });
        emitted
            .unwrap_or(Err("the fake has stopped".into()))
            .map_err(NoFake::Mistakes)
    }

    /// All messages that are kept, oldest first: state, attempts, failure reason, masked destination.
    pub fn messages(&self) -> Vec<Value> {
        self.thread
            .ask(|room| async move { room.messages() })
            .unwrap_or_default()
    }

    /// Waits until a message is as it is meant to be, such as SENT; `None` when the time is over.
    pub fn await_message(
        &self,
        is_meant: impl Fn(&Value) -> bool + Send + Sync + 'static,
        within: Duration,
    ) -> Option<Value> {
        let is_meant: Arc<dyn Fn(&Value) -> bool + Send + Sync> = Arc::new(is_meant);
        let found = self.thread.ask(move |room: MambuRoom| async move {
            let world = room.mambu.world().clone();
            let arrival = async {
                loop {
                    if let Some(message) = room.messages().into_iter().find(|message| is_meant(message)) {
                        return message;
                    }
                    room.mambu.journal().recorded().await;
                }
            };
            world.timeout(within, arrival).await
        });
        found.flatten()
    }
}
