//! Plays a scenario: builds a virtual world with both fakes in it, takes the steps in order of time, and waits until
//! nothing is left to happen.

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HOST, HeaderName, HeaderValue};
use hyper::{Method, Request};
use mambu_emitter::Mambu;
use mambu_emitter::mistake::problems;
use mpo_receiver::Mpo;
use secrecy::ExposeSecret as _;
use sim_world::http::{ExchangeLimits, exchange};
use sim_world::network::FaultPlan;
use sim_world::{ExchangeId, Genesis, Instant, Journal, Stamped, Unquiet, World};

use crate::ledger::{self, Outcome, Unaccounted};
use crate::live::lines;
use crate::scenario::{Action, NetworkFault, Post, Scenario, Secrets, Step};
use crate::stream::{Deed, Entry, merge, wrap};

/// Why a run has no outcome.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The world did not get quiet.
    #[error(transparent)]
    Unquiet(#[from] Unquiet),
    /// The same, with the last things that happened, a line each.
    #[error("{unquiet}\n{}", said_last(last))]
    Overflown {
        /// Why it did not get quiet.
        unquiet: Unquiet,
        /// The last things that happened.
        last: Vec<String>,
    },
    /// Something happened that follows from no step.
    #[error(transparent)]
    Unaccounted(#[from] Unaccounted),
    /// A change that was possible when the fixture was read is not any more.
    #[error("step {step}: {problem}")]
    Impossible {
        /// The step.
        step: usize,
        /// Why.
        problem: String,
    },
    /// The runtime could not be made, or a host could not listen.
    #[error("no world to run in: {0}")]
    Io(#[from] std::io::Error),
}

/// What others than the bank allow a request: they are no part of the simulation and wait long.
const OTHERS: ExchangeLimits = ExchangeLimits {
    connect: Duration::from_secs(10),
    whole: Duration::from_mins(5),
    answer_bytes: 1 << 20,
};

/// Plays a scenario in a virtual world of its own, on this thread.
///
/// # Errors
/// When the run goes beyond its limits or cannot account for something that happened.
pub fn play(scenario: &Scenario, seed: Option<u64>) -> Result<Outcome, RunError> {
    let seed = seed.unwrap_or(scenario.seed);
    let genesis = Genesis {
        seed,
        start: scenario.start.timestamp(),
        limits: scenario.limits,
    };
    let (entries, ended, quiet) = World::run_virtual(genesis, async |world| {
        let stage = Stage::build(&world, scenario)?;
        let played = stage.play(scenario).await;
        let closed = match played {
            Ok(()) => stage.close(scenario).await,
            Err(error) => Err(error),
        };
        closed.map_err(|error| stage.with_the_last(error, &scenario.secrets))
    })??;
    Ok(ledger::build(scenario, seed, entries, ended, quiet)?)
}

/// Both fakes in one world, and the runner's own journal.
struct Stage {
    world: World,
    mambu: Mambu,
    mpo: Mpo,
    deeds: Journal<Deed>,
}

impl Stage {
    fn build(world: &World, scenario: &Scenario) -> Result<Self, RunError> {
        let mpo = Mpo::new(world, scenario.mpo.clone());
        for host in hosts(scenario) {
            let listener = world.network().listen(&host)?;
            world.spawn(mpo.clone().serve(listener));
        }
        Ok(Self {
            world: world.clone(),
            mambu: Mambu::new(world, scenario.bank.clone(), scenario.mambu.clone()),
            mpo,
            deeds: Journal::new(world),
        })
    }

    async fn play(&self, scenario: &Scenario) -> Result<(), RunError> {
        for step in &scenario.steps {
            let at = Instant::ZERO + step.at;
            if scenario.until.is_some_and(|until| step.at > until) {
                break;
            }
            // A sleep of nothing would still let a timer of this very instant go first.
            if at > self.world.now() {
                self.world.sleep_until(at).await;
            }
            self.world.settle().await;
            self.world.within_limits()?;
            self.deeds.record(Deed::Step { number: step.number });
            self.take(step)?;
            self.world.settle().await;
        }
        Ok(())
    }

    fn take(&self, step: &Step) -> Result<(), RunError> {
        let number = step.number;
        match &step.action {
            Action::Event(change) => {
                let event = self.mambu.emit(change).map_err(|mistakes| RunError::Impossible {
                    step: number,
                    problem: problems(&mistakes),
                })?;
                self.deeds.record(Deed::Emitted { number, event });
            }
            Action::Post(post) => {
                let hold = self.world.hold(format!("the request of step {number}"));
                let (world, deeds, post) = (self.world.clone(), self.deeds.clone(), post.clone());
                self.world.spawn(async move {
                    let deed = send(&world, number, &post).await;
                    deeds.record(deed);
                    drop(hold);
                });
            }
            Action::Message(stored) => {
                let message = self.mambu.resend(stored.as_ref().clone());
                self.deeds.record(Deed::Resent { number, message });
            }
            Action::Set(set) => {
                self.mambu.lay_over(&set.records);
                self.mambu.configure(set.mambu.clone());
                self.mpo.configure(set.mpo.clone());
            }
            Action::Fault(fault) => self.world.network().plan_fault(plan(fault, self.world.now())),
        }
        Ok(())
    }

    /// Waits for the end and takes everything that was written down.
    async fn close(&self, scenario: &Scenario) -> Result<(Vec<Stamped<Entry>>, Instant, bool), RunError> {
        let quiet = match scenario.until {
            None => self.world.quiet().await.map(|()| true)?,
            Some(until) => {
                let end = Instant::ZERO + until;
                if end > self.world.now() {
                    self.world.sleep_until(end).await;
                }
                self.world.settle().await;
                self.world.within_limits()?;
                self.world.busy().is_empty()
            }
        };
        let ended = self.world.now();
        Ok((self.entries(), ended, quiet))
    }

    /// Takes everything that was written down.
    fn entries(&self) -> Vec<Stamped<Entry>> {
        let struck = self.world.network().faults_struck().to_vec();
        merge([
            wrap(self.deeds.take(), Entry::Runner),
            wrap(self.mambu.journal().take(), Entry::Bank),
            wrap(self.mpo.journal().take(), Entry::Orchestrator),
            wrap(struck, Entry::Network),
        ])
    }

    /// Adds to an error about too many happenings which the last of them were.
    fn with_the_last(&self, error: RunError, secrets: &Secrets) -> RunError {
        /// Most lines.
        const SHOWN: usize = 5;
        match error {
            RunError::Unquiet(unquiet @ Unquiet::TooManyHappenings { .. }) => {
                let entries = self.entries();
                let last = entries
                    .iter()
                    .rev()
                    .flat_map(|entry| lines(entry, secrets).into_iter().rev());
                let mut last: Vec<String> = last.take(SHOWN).collect();
                last.reverse();
                RunError::Overflown { unquiet, last }
            }
            error => error,
        }
    }
}

fn said_last(last: &[String]) -> String {
    if last.is_empty() {
        return "nothing had happened before".to_owned();
    }
    let lines: Vec<String> = last.iter().map(|line| format!("  {line}")).collect();
    format!("the last that happened:\n{}", lines.join("\n"))
}

/// The hosts of all direct URLs that any configuration of the run has.
pub(crate) fn hosts(scenario: &Scenario) -> BTreeSet<String> {
    let later = scenario.steps.iter().filter_map(|step| match &step.action {
        Action::Set(set) => Some(&set.mpo),
        _ => None,
    });
    std::iter::once(&scenario.mpo)
        .chain(later)
        .flat_map(mpo_receiver::Configuration::hosts)
        .collect()
}

/// A fault of the network, from now on.
pub(crate) fn plan(fault: &NetworkFault, now: Instant) -> FaultPlan {
    let plan = FaultPlan::new(&fault.host, fault.script.iter().cloned(), fault.then.clone());
    match fault.lasts {
        Some(span) => plan.until(now + span),
        None => plan,
    }
}

/// Sends a request of somebody else and says how it ended.
pub(crate) async fn send(world: &World, number: usize, post: &Post) -> Deed {
    let began = world.now();
    let (exchange, result) = exchanged(world, post).await;
    Deed::Posted {
        number,
        began,
        exchange,
        result,
    }
}

async fn exchanged(world: &World, post: &Post) -> (Option<ExchangeId>, Result<u16, String>) {
    let request = match request(post) {
        Ok(request) => request,
        Err(reason) => return (None, Err(reason)),
    };
    let outcome = exchange(world, &post.authority, request, OTHERS).await;
    let result = outcome.result.map(|answer| answer.status.as_u16());
    (outcome.exchange, result.map_err(|error| error.to_string()))
}

fn request(post: &Post) -> Result<Request<Full<Bytes>>, String> {
    let mut request = Request::new(Full::new(post.body.clone()));
    *request.method_mut() =
        Method::from_bytes(post.method.as_bytes()).map_err(|_| "not an HTTP method".to_owned())?;
    *request.uri_mut() = post
        .path
        .expose_secret()
        .parse()
        .map_err(|_| "not a path of a URL".to_owned())?;
    let host = HeaderValue::from_str(&post.authority).map_err(|_| "not a host name".to_owned())?;
    let headers = request.headers_mut();
    headers.insert(HOST, host);
    for (name, value) in &post.headers {
        let name = HeaderName::try_from(name).map_err(|_| format!("{name} is not a header name"))?;
        let value = HeaderValue::from_bytes(value.expose_secret().as_bytes())
            .map_err(|_| format!("the value of {name} cannot stand in a header"))?;
        headers.append(name, value);
    }
    Ok(request)
}

/// Plays many scenarios on `jobs` threads and hands each outcome over in the order of `scenarios`.
pub fn play_all<T: Sync, R: Send>(
    scenarios: &[T],
    jobs: usize,
    play: impl Fn(&T) -> R + Sync,
    mut done: impl FnMut(usize, R),
) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, scenarios.len().max(1)) {
            let (sender, next, play) = (sender.clone(), &next, &play);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(scenario) = scenarios.get(at) else { break };
                    if sender.send((at, play(scenario))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = std::collections::BTreeMap::new();
        let mut turn = 0;
        for (at, result) in receiver {
            waiting.insert(at, result);
            while let Some(result) = waiting.remove(&turn) {
                done(turn, result);
                turn += 1;
            }
        }
    });
}
