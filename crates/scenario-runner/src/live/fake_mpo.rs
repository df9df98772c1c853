//! A fake MPO as a library, for other people's tests: something to point a service at.
//!
//! It runs on a thread of its own, so a test's runtime, or its paused clock, is no concern of it.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use mpo_process::{ConvId, ProcessState, Variables};
use mpo_receiver::{Configuration, Credentials, DirectUrl, Format, ProcessConfig, Profile, StartAuth};
use rand::Rng as _;
use secrecy::ExposeSecret as _;
use sim_world::{World, human};

use super::arrivals::{ArrivedTask, RejectedRequest};
use super::http::open;
use super::mpo_room::MpoRoom;
use super::thread::{Built, FakeThread, Stop};
use super::universe;
use super::waiting::Waited;
use crate::scenario::Secrets;

/// Why a fake could not be started or set up.
#[derive(Debug, thiserror::Error)]
pub enum NoFake {
    /// No thread, or no port.
    #[error("the fake could not be started: {0}")]
    Io(#[from] std::io::Error),
    /// A configuration, a template or an event with mistakes, as they are printed.
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
    state: ProcessState,
}

impl ProcessBuilder {
    /// The Start node demands Basic authorization. Both can refer to variables: `{{env_var[@webhook-var].pass}}`.
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
        self.state = state;
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
    /// When there is no thread or port for it, or its configuration has mistakes.
    pub fn start(self) -> Result<FakeMpo, NoFake> {
        let configuration = self.configuration()?;
        let links = configuration
            .processes
            .iter()
            .map(|process| (process.name.clone(), process.direct_url.clone()))
            .collect();
        let build = async move |world: World, stop: Stop| {
            let listener = world.network().listen_tcp(ANYWHERE).await?;
            let server = format!("http://{}", listener.address().unwrap_or(ANYWHERE));
            let room = MpoRoom::new(&world, configuration, Secrets::default(), &server, stop.clone());
            let closing = Box::pin(open(&world, listener, room.clone(), stop));
            Ok(Built {
                fake: room,
                told: server,
                closing,
            })
        };
        let (thread, server) = FakeThread::start("fake-mpo", &universe(0), build)?;
        Ok(FakeMpo {
            thread,
            server,
            links,
        })
    }

    fn configuration(self) -> Result<Configuration, NoFake> {
        let mut processes = Vec::new();
        for (conv_id, (name, ProcessBuilder { start, state })) in (31_754..).zip(self.processes) {
            let hash = sim_world::random_stream(0, "fake-mpo.hash", &name).next_u64();
            let url = format!("https://mpo.example/api/1/json/public/{conv_id}/{hash:040x}");
            processes.push(ProcessConfig {
                title: name.clone(),
                name,
                conv_id: ConvId::new(conv_id),
                state,
                direct_url: DirectUrl::parse(&url).map_err(|reason| NoFake::Mistakes(reason.to_string()))?,
                direct_url_enabled: true,
                start,
            });
        }
        let configuration = Configuration {
            processes,
            aliases: Vec::new(),
            variables: self.variables,
            profile: self.profile,
        };
        let mistakes: Vec<String> = configuration
            .check()
            .into_iter()
            .filter(|mistake| !mistake.is_warning)
            .map(|mistake| format!("{}: {}", mistake.pointer, mistake.message))
            .collect();
        if mistakes.is_empty() {
            Ok(configuration)
        } else {
            Err(NoFake::Mistakes(mistakes.join("\n")))
        }
    }
}

/// What came instead of the task that was waited for.
#[derive(Clone, Debug, PartialEq)]
pub struct NearestMiss {
    /// How long was waited.
    pub within: Duration,
    /// The tasks that are there, oldest first.
    pub tasks: Vec<ArrivedTask>,
    /// The rejections, oldest first.
    pub rejections: Vec<RejectedRequest>,
}

impl fmt::Display for NearestMiss {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 10;
        write!(out, "no such task within {}", human(self.within))?;
        if self.tasks.is_empty() && self.rejections.is_empty() {
            return out.write_str("; nothing came at all");
        }
        for task in self.tasks.iter().rev().take(SHOWN).rev() {
            let data = serde_json::Value::Object(task.data.clone());
            write!(
                out,
                "\n  task {} of process {}: {data}",
                task.ordinal, task.process
            )?;
        }
        for rejection in self.rejections.iter().rev().take(SHOWN).rev() {
            let RejectedRequest {
                class,
                reason,
                addressed,
                status,
                ..
            } = rejection;
            write!(out, "\n  {status}, {addressed}: {reason} ({class})")?;
        }
        Ok(())
    }
}

impl std::error::Error for NearestMiss {}

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

    /// Blocks until a task arrives that is meant, or is there already. In async code whose runtime also runs what is being
    /// tested, take [`task_arrives`](Self::task_arrives).
    ///
    /// # Errors
    /// With what came instead, when the time is over.
    pub fn await_task(
        &self,
        is_meant: impl Fn(&ArrivedTask) -> bool + Send + 'static,
        within: Duration,
    ) -> Result<ArrivedTask, NearestMiss> {
        let found = self
            .thread
            .handle()
            .ask(move |room| arrival(room, is_meant, within));
        found.unwrap_or_else(|| Err(nothing(within)))
    }

    /// [`await_task`](Self::await_task) without blocking. The time is real, whatever the clock of the runtime.
    ///
    /// # Errors
    /// With what came instead, when the time is over.
    pub async fn task_arrives(
        &self,
        is_meant: impl Fn(&ArrivedTask) -> bool + Send + 'static,
        within: Duration,
    ) -> Result<ArrivedTask, NearestMiss> {
        let found = self
            .thread
            .handle()
            .asked(move |room| arrival(room, is_meant, within));
        found.await.unwrap_or_else(|| Err(nothing(within)))
    }

    /// All tasks, oldest first.
    pub fn tasks(&self) -> Vec<ArrivedTask> {
        let tasks = self.thread.handle().ask(|room| async move { room.tasks(None) });
        tasks.unwrap_or_default()
    }

    /// All rejections that are kept, oldest first.
    pub fn rejections(&self) -> Vec<RejectedRequest> {
        let rejections = self.thread.handle().ask(|room| async move { room.rejections() });
        rejections.unwrap_or_default()
    }

    /// Forgets tasks and rejections, between two tests; tasks are numbered from 1 again.
    pub fn reset(&self) {
        self.thread.handle().ask(|room| async move { room.mpo.forget() });
    }
}

async fn arrival(
    room: MpoRoom,
    is_meant: impl Fn(&ArrivedTask) -> bool,
    within: Duration,
) -> Result<ArrivedTask, NearestMiss> {
    let mut found = None;
    let enough = |_: u64, ordinal: u64, task: &_| {
        let task = room.task(ordinal, task);
        let meant = is_meant(&task);
        if meant {
            found = Some(task);
        }
        meant
    };
    let waited = room.await_tasks(within, enough).await;
    match (waited, found) {
        (Waited::Came, Some(task)) => Ok(task),
        _ => Err(NearestMiss {
            within,
            tasks: room.tasks(None),
            rejections: room.rejections(),
        }),
    }
}

fn nothing(within: Duration) -> NearestMiss {
    NearestMiss {
        within,
        tasks: Vec::new(),
        rejections: Vec::new(),
    }
}
