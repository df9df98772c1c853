//! The live world: both fakes of a scenario on real sockets, each on a thread of its own.
//!
//! Host names of the scenario resolve to the fakes' own ports, so URLs stay as they are in the fixtures; `https` in them
//! goes to the plain ports, until there is a certificate authority for local use. `/sim/…` on both ports is the control
//! room for tests in any language; everything else on MPO's port is the fake orchestrator.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;

use mpo_receiver::Format;
use secrecy::SecretString;
use sim_world::{Genesis, Instant, Journal, Limits, Stamped, Universe, World};

use crate::play::hosts;
use crate::scenario::{Scenario, Step};
use crate::stream::Entry;

mod arrivals;
mod fake_mambu;
mod fake_mpo;
mod http;
mod lines;
mod mambu_room;
mod messages;
mod mpo_room;
mod thread;
mod timeline;
mod waiting;

pub use arrivals::{ArrivedTask, RejectedRequest};
pub use fake_mambu::{FakeMambu, NoMessage};
pub use fake_mpo::{FakeMpo, FakeMpoBuilder, NearestMiss, NoFake, ProcessBuilder};
pub use lines::lines;
pub use messages::WebhookMessage;

use mambu_room::MambuRoom;
use mpo_room::MpoRoom;
use thread::{Built, FakeThread, Stop};

/// Happenings that each journal of a live world keeps at least; it drops older ones and counts them.
const KEPT: u64 = 50_000;

/// Where the fakes listen.
#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    /// Mambu.
    pub mambu: SocketAddr,
    /// MPO.
    pub mpo: SocketAddr,
}

/// Something that is worth a line.
#[derive(Clone, Debug)]
pub enum News {
    /// Something happened; see [`lines()`].
    Happened(Box<Stamped<Entry>>),
    /// A step of the timeline could not be played.
    NotPlayed {
        /// When.
        at: Instant,
        /// Its number.
        step: usize,
        /// Why.
        reason: String,
    },
    /// The timeline is at its end.
    Played {
        /// When.
        at: Instant,
    },
}

impl News {
    /// When it happened, on the one clock that both sides have.
    pub fn at(&self) -> Instant {
        match self {
            Self::Happened(entry) => entry.at,
            Self::NotPlayed { at, .. } | Self::Played { at } => *at,
        }
    }
}

/// Whom news is told. Called on the fakes' threads, which it must not keep waiting.
pub type Told = Arc<dyn Fn(News) + Send + Sync>;

/// Both fakes at work. Dropping it stops them: open exchanges are finished, for at most some seconds.
#[derive(Debug)]
pub struct Live {
    // In this order: the bank stops first, so that what it is sending still arrives.
    mambu: FakeThread<MambuRoom>,
    mpo: FakeThread<MpoRoom>,
    addresses: Addresses,
    links: Vec<(String, SecretString)>,
}

/// Why the fakes could not be started.
#[derive(Debug, thiserror::Error)]
#[error("{who} cannot listen on {address}: {reason}")]
pub struct NotLive {
    /// Whose port.
    pub who: &'static str,
    /// The address.
    pub address: SocketAddr,
    /// What the operating system said.
    pub reason: std::io::Error,
}

impl Live {
    /// Starts both fakes of a scenario.
    ///
    /// # Errors
    /// When one of them cannot listen on its address.
    pub fn start(scenario: &Scenario, at: Addresses, told: &Told) -> Result<Self, NotLive> {
        let no_mpo = |reason| NotLive {
            who: "MPO",
            address: at.mpo,
            reason,
        };
        let universe = universe(scenario.seed);
        let (mpo, mpo_address) = start_mpo(&universe, scenario, at.mpo, told.clone()).map_err(no_mpo)?;
        let no_mambu = |reason| NotLive {
            who: "Mambu",
            address: at.mambu,
            reason,
        };
        let (mambu, mambu_address) =
            start_mambu(&universe, scenario, at.mambu, mpo_address, told.clone()).map_err(no_mambu)?;
        let (bank, at) = (mambu.handle().clone(), format!("http://{mambu_address}"));
        mpo.handle()
            .ask(|room| async move { room.stands_beside(bank, at) });
        let (orchestrator, at) = (mpo.handle().clone(), format!("http://{mpo_address}"));
        mambu
            .handle()
            .ask(|room| async move { room.stands_beside(orchestrator, at) });
        Ok(Self {
            mambu,
            mpo,
            addresses: Addresses {
                mambu: mambu_address,
                mpo: mpo_address,
            },
            links: links(scenario, mpo_address),
        })
    }

    /// Where they listen.
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// The JSON link of every process (by its name) and alias (by its name after `@`) on the local port.
    pub fn links(&self) -> &[(String, SecretString)] {
        &self.links
    }

    /// Begins to play a scenario's timeline in real time. Stops with the fakes.
    pub fn play(&self, scenario: &Scenario, told: &Told) {
        let until = scenario.until;
        let in_time = |step: &&Step| until.is_none_or(|until| step.at <= until);
        let steps: Vec<Step> = scenario.steps.iter().filter(in_time).cloned().collect();
        let (mpo, told) = (self.mpo.handle().clone(), told.clone());
        self.mambu.handle().ask(|room| async move {
            let world = room.mambu.world().clone();
            let deeds = Journal::new(&world);
            let narrator = Narrator::new(&deeds, Entry::Runner, &told);
            world.spawn(narrator.tell());
            world.spawn(timeline::play(world.clone(), room, mpo, deeds, steps, told));
        });
    }
}

fn links(scenario: &Scenario, address: SocketAddr) -> Vec<(String, SecretString)> {
    let server = format!("http://{address}");
    let processes = scenario.mpo.processes.iter();
    let processes = processes.map(|process| (process.name.clone(), &process.direct_url));
    let aliases = scenario.mpo.aliases.iter();
    let aliases = aliases.map(|alias| (format!("@{}", alias.short_name), &alias.direct_url));
    processes
        .chain(aliases)
        .map(|(name, url)| (name, url.link_on(&server, Format::Json)))
        .collect()
}

/// A live world's beginning: the seed's randomness, the real time.
fn universe(seed: u64) -> Universe {
    Universe::new(Genesis {
        seed,
        start: jiff::Timestamp::now(),
        limits: Limits {
            max_happenings: KEPT,
            ..Limits::default()
        },
    })
}

fn start_mpo(
    universe: &Universe,
    scenario: &Scenario,
    address: SocketAddr,
    told: Told,
) -> std::io::Result<(FakeThread<MpoRoom>, SocketAddr)> {
    let (configuration, secrets) = (scenario.mpo.clone(), scenario.secrets.clone());
    FakeThread::start("mpo", universe, async move |world: World, stop: Stop| {
        let listener = world.network().listen_tcp(address).await?;
        let bound = listener.address().unwrap_or(address);
        let room = MpoRoom::new(
            &world,
            configuration,
            secrets,
            &format!("http://{bound}"),
            stop.clone(),
        );
        let narrator = Narrator::new(room.mpo.journal(), Entry::Orchestrator, &told);
        world.spawn(Rc::clone(&narrator).tell());
        let served = http::open(&world, listener, room.clone(), stop);
        Ok(Built {
            fake: room,
            told: bound,
            closing: Box::pin(async move {
                served.await;
                narrator.catch_up();
            }),
        })
    })
}

fn start_mambu(
    universe: &Universe,
    scenario: &Scenario,
    address: SocketAddr,
    mpo: SocketAddr,
    told: Told,
) -> std::io::Result<(FakeThread<MambuRoom>, SocketAddr)> {
    let (bank, configuration) = (scenario.bank.clone(), scenario.mambu.clone());
    let (hosts, secrets) = (hosts(scenario), scenario.secrets.clone());
    FakeThread::start("mambu", universe, async move |world: World, stop: Stop| {
        let listener = world.network().listen_tcp(address).await?;
        let bound = listener.address().unwrap_or(address);
        for host in hosts {
            world.network().resolve(&host, mpo);
        }
        let room = MambuRoom::new(&world, bank, configuration, secrets, stop.clone());
        // Plain http and private hosts are what Mambu refuses; these ports are the simulator's own.
        for own in [mpo.to_string(), format!("localhost:{}", mpo.port())] {
            world.network().resolve(&own, mpo);
            room.mambu.add_neighbour(own);
        }
        let narrator = Narrator::new(room.mambu.journal(), Entry::Bank, &told);
        world.spawn(Rc::clone(&narrator).tell());
        let served = http::open(&world, listener, room.clone(), stop);
        let mambu = room.mambu.clone();
        Ok(Built {
            fake: room,
            told: bound,
            closing: Box::pin(async move {
                tokio::join!(mambu.close(), served);
                narrator.catch_up();
            }),
        })
    })
}

/// Tells what a journal gets, as it comes.
struct Narrator<T> {
    journal: Journal<T>,
    /// The place in the order of the world from which on nothing was told.
    next: Cell<u64>,
    entry: fn(T) -> Entry,
    told: Told,
}

impl<T: Clone + 'static> Narrator<T> {
    fn new(journal: &Journal<T>, entry: fn(T) -> Entry, told: &Told) -> Rc<Self> {
        Rc::new(Self {
            journal: journal.clone(),
            next: Cell::new(0),
            entry,
            told: told.clone(),
        })
    }

    async fn tell(self: Rc<Self>) {
        loop {
            self.catch_up();
            self.journal.recorded().await;
        }
    }

    fn catch_up(&self) {
        for Stamped { at, sequence, what } in self.journal.since(self.next.get()).iter() {
            self.next.set(sequence + 1);
            let entry = Stamped {
                at: *at,
                sequence: *sequence,
                what: (self.entry)(what.clone()),
            };
            (self.told)(News::Happened(Box::new(entry)));
        }
    }
}
