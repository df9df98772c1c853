//! The live world: both fakes of a scenario on real sockets, each on a thread of its own.
//!
//! Host names of the scenario resolve to the fakes' own ports, so URLs stay as they are in the fixtures; `https` in them
//! goes to the plain ports, until there is a certificate authority for local use. `/sim/…` on both ports is the control
//! room for tests in any language.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use mambu_emitter::Mambu;
use mpo_receiver::{Format, Mpo};
use secrecy::SecretString;
use sim_world::http::{ServerLimits, serve};
use sim_world::{Genesis, Limits, World};

use crate::document::Env;
use crate::scenario::{Action, Scenario};

mod fakes;
mod http;
mod mambu_room;
mod mpo_room;
mod thread;

pub use fakes::{ArrivedTask, FakeMambu, FakeMpo, FakeMpoBuilder, NearestMiss, NoFake, ProcessBuilder};

use mambu_room::{Base, MambuRoom};
use mpo_room::MpoRoom;
use thread::FakeThread;

/// Happenings that each journal of a live world keeps at least.
const KEPT: u64 = 50_000;

/// Where the fakes listen.
#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    /// Mambu's control room.
    pub mambu: SocketAddr,
    /// MPO.
    pub mpo: SocketAddr,
}

/// Both fakes at work. Dropping it stops them.
pub struct Live {
    scenario: Scenario,
    mambu: FakeThread<MambuRoom>,
    mpo: FakeThread<MpoRoom>,
    addresses: Addresses,
}

/// Why the fakes could not be started.
#[derive(Debug, thiserror::Error)]
pub enum NotLive {
    /// A port is taken, or not ours.
    #[error("{who} cannot listen on {address}: {reason}")]
    Address {
        /// Whose port.
        who: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the operating system said.
        reason: std::io::Error,
    },
}

/// What became of a step that was played in real time.
pub type Played = Result<(), String>;

impl Live {
    /// Starts both fakes of a scenario.
    ///
    /// # Errors
    /// When one of them cannot listen on its address.
    pub fn start(scenario: &Scenario, folder: &Path, env: &Env, at: Addresses) -> Result<Self, NotLive> {
        let (mpo, mpo_address) = start_mpo(scenario, at.mpo)?;
        let (mambu, mambu_address) = start_mambu(scenario, folder, env, at.mambu, mpo_address)?;
        Ok(Self {
            scenario: scenario.clone(),
            mambu,
            mpo,
            addresses: Addresses {
                mambu: mambu_address,
                mpo: mpo_address,
            },
        })
    }

    /// Where they listen.
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// The JSON link of every process and alias on the local port, by name.
    pub fn links(&self) -> Vec<(String, SecretString)> {
        let server = format!("http://{}", self.addresses.mpo);
        let processes = self.scenario.mpo.processes.iter();
        let aliases = self.scenario.mpo.aliases.iter();
        processes
            .map(|process| {
                (
                    process.name.clone(),
                    process.direct_url.link_on(&server, Format::Json),
                )
            })
            .chain(aliases.map(|alias| {
                (
                    format!("@{}", alias.short_name),
                    alias.direct_url.link_on(&server, Format::Json),
                )
            }))
            .collect()
    }

    /// Plays the timeline in real time; `told` gets a line for each step.
    pub fn play(&self, mut told: impl FnMut(&str, Played)) {
        let began = std::time::Instant::now();
        for step in &self.scenario.steps {
            std::thread::sleep(step.at.saturating_sub(began.elapsed()));
            let name = step
                .name
                .clone()
                .unwrap_or_else(|| format!("step {}", step.number));
            let played = self.step(step.action.clone());
            told(&name, played);
        }
    }

    fn step(&self, action: Action) -> Played {
        let gone = || Err("the fake has stopped".to_owned());
        match action {
            Action::Event(change) => self
                .mambu
                .ask(move |room| async move { room.emit(&change).map(|_| ()) })
                .unwrap_or_else(gone),
            Action::Message(message) => self
                .mambu
                .ask(move |room| async move {
                    room.resend(*message);
                    Ok(())
                })
                .unwrap_or_else(gone),
            Action::Set(set) => {
                let (mambu, mpo) = (set.mambu.clone(), set.mpo.clone());
                let bank = self
                    .mambu
                    .ask(move |room| async move { room.mambu.configure(reachable(mambu)) });
                let orchestrator = self.mpo.ask(move |room| async move { room.mpo.configure(mpo) });
                if bank.is_some() && orchestrator.is_some() {
                    Ok(())
                } else {
                    gone()
                }
            }
            Action::Post(post) => {
                let authority = self.addresses.mpo.to_string();
                self.mpo
                    .ask(move |room| async move {
                        crate::play::post_to(&room.world, &post, &authority)
                            .await
                            .map(|_| ())
                    })
                    .unwrap_or_else(gone)
            }
            Action::Fault(_) => Err("faults of the network are for the virtual world".into()),
        }
    }

    /// How many tasks began and how many requests were rejected so far.
    pub fn counts(&self) -> (usize, usize) {
        self.mpo
            .ask(|room| async move { (room.list(None).len(), room.rejections(0).len()) })
            .unwrap_or_default()
    }

    /// Waits for the next happening at MPO, at most this long, and returns lines for people about what is new since
    /// `seen` (a count that it moves on).
    pub fn news(&self, seen: &mut u64, within: Duration) -> Vec<String> {
        let from = *seen;
        let asked = self.mpo.ask(move |room| async move {
            let total =
                |room: &MpoRoom| room.mpo.journal().dropped() + room.mpo.journal().entries().len() as u64;
            let wait = async {
                while total(&room) <= from {
                    room.mpo.journal().recorded().await;
                }
            };
            let _ = room.world.timeout(within, wait).await;
            let lines = room.lines_since(from);
            (lines, total(&room))
        });
        match asked {
            Some((lines, total)) => {
                *seen = total;
                lines
            }
            None => Vec::new(),
        }
    }
}

/// A live world's beginning: the seed's randomness, the real time.
fn genesis(seed: u64) -> Genesis {
    Genesis {
        seed,
        start: jiff::Timestamp::now(),
        limits: Limits {
            max_happenings: KEPT,
            ..Limits::default()
        },
    }
}

/// The bank's profile lets it reach this machine: the fakes are here.
fn reachable(mut configuration: mambu_emitter::Configuration) -> mambu_emitter::Configuration {
    configuration.profile.allow_http = true;
    configuration.profile.allow_private = true;
    configuration
}

fn start_mpo(scenario: &Scenario, address: SocketAddr) -> Result<(FakeThread<MpoRoom>, SocketAddr), NotLive> {
    let configuration = scenario.mpo.clone();
    FakeThread::start("mpo", genesis(scenario.seed), async move |world: World| {
        let listener = world.network().listen_tcp(address).await?;
        let bound = listener.address().unwrap_or(address);
        let room = MpoRoom {
            mpo: Mpo::new(&world, configuration.clone()),
            configuration: Rc::new(configuration),
            server: format!("http://{bound}").into(),
            world: world.clone(),
        };
        let serving = room.clone();
        let task = world.clone();
        world.spawn(async move { serve(&task, listener, ServerLimits::default(), Rc::new(serving)).await });
        Ok((room, bound))
    })
    .map_err(|reason| NotLive::Address {
        who: "MPO",
        address,
        reason,
    })
}

fn start_mambu(
    scenario: &Scenario,
    folder: &Path,
    env: &Env,
    address: SocketAddr,
    mpo: SocketAddr,
) -> Result<(FakeThread<MambuRoom>, SocketAddr), NotLive> {
    let configuration = reachable(scenario.mambu.clone());
    let (bank, hosts, secrets) = (
        scenario.bank.clone(),
        scenario.mpo.hosts(),
        scenario.secrets.clone(),
    );
    let file = std::path::absolute(folder.join(crate::fixture::FILE)).unwrap_or_else(|_| folder.to_owned());
    let base = Base {
        head: format!("extends: {}", serde_json::Value::from(file.display().to_string())),
        files: Vec::new(),
        env: env.clone(),
    };
    FakeThread::start("mambu", genesis(scenario.seed), async move |world: World| {
        let listener = world.network().listen_tcp(address).await?;
        let bound = listener.address().unwrap_or(address);
        for host in hosts {
            world.network().resolve(&host, mpo);
        }
        let room = MambuRoom {
            mambu: Mambu::new(&world, bank, configuration),
            base: Rc::new(RefCell::new(base)),
            secrets: Rc::new(secrets),
        };
        let serving = room.clone();
        let task = world.clone();
        world.spawn(async move { serve(&task, listener, ServerLimits::default(), Rc::new(serving)).await });
        Ok((room, bound))
    })
    .map_err(|reason| NotLive::Address {
        who: "Mambu",
        address,
        reason,
    })
}
