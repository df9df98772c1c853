//! A world: one thread, one clock, one network, one order of happenings. Two kinds, the same code in both:
//! *virtual* (time is simulated, the network lives in memory) and *live* (real time, real sockets).
//!
//! Leaks of determinism that are plugged here: the clock is paused and moves only when every task waits; nothing else
//! runs on the thread; randomness comes from the seed; what waits is counted, so that the end of a run is a fact
//! and not a pause for breath.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use jiff::Timestamp;
use slab::Slab;
use tokio::runtime::Builder;
use tokio::sync::Notify;
use tokio::task::LocalSet;

use crate::clock::Instant;
use crate::network::{Network, Wires};
use crate::random::{Random, random_stream};

/// Bounds of a run; a run that goes beyond them fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest time that the world may go on after its first moment.
    pub max_virtual_time: Duration,
    /// Most happenings of all journals together.
    pub max_happenings: u64,
}

impl Default for Limits {
    /// A year, a million happenings.
    fn default() -> Self {
        Self {
            max_virtual_time: Duration::from_hours(366 * 24),
            max_happenings: 1_000_000,
        }
    }
}

/// How a world begins.
#[derive(Clone, Copy, Debug)]
pub struct Genesis {
    /// Seed of all randomness.
    pub seed: u64,
    /// Wall-clock time at the first moment.
    pub start: Timestamp,
    /// Bounds.
    pub limits: Limits,
}

/// What live worlds that talk to one another have in common: how they begin, the first moment of their clock, and the
/// ordinals of the connections between them.
#[derive(Clone, Debug)]
pub struct Universe {
    genesis: Genesis,
    origin: std::time::Instant,
    wires: Arc<Wires>,
}

impl Universe {
    /// One that begins now.
    pub fn new(genesis: Genesis) -> Self {
        Self {
            genesis,
            origin: std::time::Instant::now(),
            wires: Arc::default(),
        }
    }
}

/// Why a world did not get quiet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unquiet {
    /// Work was still held at the end of the allowed time.
    #[error("still busy after {} (`max_virtual_time`): {}", crate::clock::human(*after), busy.join(", "))]
    StillBusy {
        /// How long the world had gone on.
        after: Duration,
        /// What was still going on.
        busy: Vec<String>,
    },
    /// A task of the world panicked: a mistake of this program, and work was lost.
    #[error("a task of the world panicked; this is a mistake of the simulator")]
    Panicked,
    /// The journals are full.
    #[error("more than {max} happenings (`max_happenings`){}", going_on(busy))]
    TooManyHappenings {
        /// The bound.
        max: u64,
        /// What was still going on.
        busy: Vec<String>,
    },
}

fn going_on(busy: &[String]) -> String {
    if busy.is_empty() {
        String::new()
    } else {
        format!("; still going on: {}", busy.join(", "))
    }
}

/// Counts everything that moves, so that [`World::settle`] sees when nothing does. Clones share the count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Activity(Rc<Cell<u64>>);

impl Activity {
    /// Something moved.
    pub(crate) fn stir(&self) {
        self.0.set(self.0.get().wrapping_add(1));
    }

    fn get(&self) -> u64 {
        self.0.get()
    }
}

/// A handle on a world. Clones are handles on the same world.
#[derive(Clone, Debug)]
pub struct World(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    genesis: Genesis,
    origin: tokio::time::Instant,
    is_virtual: bool,
    sequence: Cell<u64>,
    overflown: Cell<bool>,
    /// What was going on when the journals became full.
    busy_then: RefCell<Vec<String>>,
    panicked: Cell<bool>,
    activity: Activity,
    /// What is held, with its place in the order of holds.
    held: RefCell<Slab<(u64, Held)>>,
    next_hold: Cell<u64>,
    released: Notify,
    network: Network,
}

impl World {
    /// Runs `play` in a virtual world on this thread and returns what it returns.
    ///
    /// # Errors
    /// When the runtime cannot be made.
    pub fn run_virtual<T>(genesis: Genesis, play: impl AsyncFnOnce(World) -> T) -> std::io::Result<T> {
        let runtime = Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()?;
        Ok(LocalSet::new().block_on(&runtime, async {
            let origin = tokio::time::Instant::now();
            play(Self::new(genesis, origin, true, Network::in_memory)).await
        }))
    }

    /// Runs `play` in a live world on this thread: real time, TCP sockets.
    ///
    /// # Errors
    /// When the runtime cannot be made.
    pub fn run_live<T>(genesis: Genesis, play: impl AsyncFnOnce(World) -> T) -> std::io::Result<T> {
        Self::run_live_in(&Universe::new(genesis), play)
    }

    /// Runs `play` in one of several live worlds that have a clock in common, on this thread.
    ///
    /// # Errors
    /// When the runtime cannot be made.
    pub fn run_live_in<T>(universe: &Universe, play: impl AsyncFnOnce(World) -> T) -> std::io::Result<T> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let Universe {
            genesis,
            origin,
            wires,
        } = universe;
        let network = |activity| Network::tcp(activity, Arc::clone(wires));
        let played = LocalSet::new().block_on(&runtime, async {
            play(Self::new(*genesis, (*origin).into(), false, network)).await
        });
        // A name that is still being looked up keeps nobody waiting.
        runtime.shutdown_background();
        Ok(played)
    }

    fn new(
        genesis: Genesis,
        origin: tokio::time::Instant,
        is_virtual: bool,
        network: impl FnOnce(Activity) -> Network,
    ) -> Self {
        let activity = Activity::default();
        Self(Rc::new(Inner {
            genesis,
            origin,
            is_virtual,
            sequence: Cell::new(0),
            overflown: Cell::new(false),
            busy_then: RefCell::default(),
            panicked: Cell::new(false),
            network: network(activity.clone()),
            activity,
            held: RefCell::default(),
            next_hold: Cell::new(0),
            released: Notify::new(),
        }))
    }

    /// Whether time is simulated.
    pub fn is_virtual(&self) -> bool {
        self.0.is_virtual
    }

    /// The time since the first moment.
    pub fn now(&self) -> Instant {
        Instant::ZERO + self.0.origin.elapsed()
    }

    /// The wall-clock time of an instant.
    pub fn wall_clock(&self, at: Instant) -> Timestamp {
        self.0
            .genesis
            .start
            .checked_add(at.since_start())
            .unwrap_or(Timestamp::MAX)
    }

    /// Waits for a length of time.
    pub async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }

    /// Waits until an instant.
    pub async fn sleep_until(&self, at: Instant) {
        tokio::time::sleep_until(self.0.origin + at.since_start()).await;
    }

    /// Waits for `work` at most `span`, counted from the first look at it; `None` when it took longer.
    pub fn timeout<F: Future>(
        &self,
        span: Duration,
        work: F,
    ) -> impl Future<Output = Option<F::Output>> + use<F> {
        Within {
            work,
            timer: None,
            limit: Limit::Span(span),
        }
    }

    /// Waits for `work` at most until an instant; `None` when it took longer.
    pub fn timeout_at<F: Future>(
        &self,
        at: Instant,
        work: F,
    ) -> impl Future<Output = Option<F::Output>> + use<F> {
        Within {
            work,
            timer: None,
            limit: Limit::At(self.0.origin + at.since_start()),
        }
    }

    /// The stream of randomness of one subject of one component.
    pub fn random(&self, component: &str, subject: &str) -> Random {
        random_stream(self.0.genesis.seed, component, subject)
    }

    /// Starts a task on this world's thread. If it panics, the world does not get quiet any more: work was lost.
    pub fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        tokio::task::spawn_local(Watched {
            task,
            _watch: Watch(self.clone()),
        });
    }

    /// The bounds of the run.
    pub fn limits(&self) -> Limits {
        self.0.genesis.limits
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.0.network
    }

    /// Holds work: the world is not quiet before the hold is dropped. `what` is for people.
    pub fn hold(&self, what: impl Into<Held>) -> Hold {
        let order = self.0.next_hold.get();
        self.0.next_hold.set(order + 1);
        Hold {
            place: self.0.held.borrow_mut().insert((order, what.into())),
            world: self.clone(),
        }
    }

    /// Lets everything happen that happens at this instant without time going on.
    ///
    /// In a live world there is no such moment, and this returns at once.
    pub async fn settle(&self) {
        /// Turns of the scheduler without any happening or any byte moved, after which nothing more will come.
        const CALM_TURNS: u32 = 8;
        /// Most turns; a world that chatters for ever at one instant is left to the limits of the run.
        const MAX_TURNS: u32 = 1_000_000;
        if !self.0.is_virtual {
            return;
        }
        let mut calm = 0;
        for _ in 0..MAX_TURNS {
            let before = self.0.activity.get();
            tokio::task::yield_now().await;
            calm = if self.0.activity.get() == before {
                calm + 1
            } else {
                0
            };
            if calm == CALM_TURNS || self.0.overflown.get() {
                return;
            }
        }
    }

    /// Waits until no work is held any more.
    ///
    /// # Errors
    /// When the world is still busy at its last allowed moment, or when its journals are full.
    pub async fn quiet(&self) -> Result<(), Unquiet> {
        let Limits { max_virtual_time, .. } = self.0.genesis.limits;
        loop {
            self.settle().await;
            self.within_limits()?;
            if self.0.held.borrow().is_empty() {
                return Ok(());
            }
            let left = max_virtual_time.saturating_sub(self.now().since_start());
            if self.timeout(left, self.0.released.notified()).await.is_none() {
                return Err(Unquiet::StillBusy {
                    after: self.now().since_start(),
                    busy: self.busy(),
                });
            }
        }
    }

    /// Whether the journals still have space and nothing panicked.
    ///
    /// # Errors
    /// When one of them is not so.
    pub fn within_limits(&self) -> Result<(), Unquiet> {
        if self.0.panicked.get() {
            return Err(Unquiet::Panicked);
        }
        if self.0.overflown.get() {
            return Err(Unquiet::TooManyHappenings {
                max: self.0.genesis.limits.max_happenings,
                busy: self.0.busy_then.borrow().clone(),
            });
        }
        Ok(())
    }

    /// What is going on: the first few holds, oldest first.
    pub fn busy(&self) -> Vec<String> {
        const SHOWN: usize = 5;
        let held = self.0.held.borrow();
        let mut oldest: Vec<_> = held.iter().map(|(_, held)| held).collect();
        oldest.sort_unstable_by_key(|(order, _)| *order);
        let shown = oldest.iter().take(SHOWN);
        let mut busy: Vec<String> = shown.map(|(_, what)| what.to_string()).collect();
        if held.len() > SHOWN {
            busy.push(format!("and {} more", held.len() - SHOWN));
        }
        busy
    }

    /// Tells [`settle`](Self::settle) that something moved.
    pub(crate) fn stir(&self) {
        self.0.activity.stir();
    }

    /// The place of the next happening, `None` when there is no more space.
    pub(crate) fn next_sequence(&self) -> Option<u64> {
        let sequence = self.0.sequence.get();
        if self.0.is_virtual && sequence >= self.0.genesis.limits.max_happenings {
            // What goes on at this moment is over once it finds the journals full.
            if !self.0.overflown.replace(true) {
                self.0.busy_then.replace(self.busy());
            }
            self.0.released.notify_one();
            return None;
        }
        self.0.sequence.set(sequence + 1);
        self.stir();
        Some(sequence)
    }
}

/// What is held. It becomes a text only when somebody asks.
#[derive(Debug)]
pub enum Held {
    /// Something with a name.
    Named(Cow<'static, str>),
    /// One of many: `message 7`.
    Numbered(&'static str, u64),
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Numbered(kind, number) => write!(f, "{kind} {number}"),
        }
    }
}

impl From<&'static str> for Held {
    fn from(name: &'static str) -> Self {
        Self::Named(name.into())
    }
}

impl From<String> for Held {
    fn from(name: String) -> Self {
        Self::Named(name.into())
    }
}

pin_project_lite::pin_project! {
    /// A task of a world. A type of its own because an `async` block would keep, and move, the task twice.
    struct Watched<F> {
        #[pin]
        task: F,
        _watch: Watch,
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.project().task.poll(context)
    }
}

pin_project_lite::pin_project! {
    /// Work that may take so long. There is no timer, and no look at the clock, before the work has to wait.
    struct Within<F> {
        #[pin]
        work: F,
        #[pin]
        timer: Option<tokio::time::Sleep>,
        limit: Limit,
    }
}

/// How long work may take.
#[derive(Clone, Copy)]
enum Limit {
    Span(Duration),
    At(tokio::time::Instant),
}

impl<F: Future> Future for Within<F> {
    type Output = Option<F::Output>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut here = self.project();
        if let Poll::Ready(done) = here.work.poll(context) {
            return Poll::Ready(Some(done));
        }
        if here.timer.is_none() {
            here.timer.set(Some(match *here.limit {
                Limit::Span(span) => tokio::time::sleep(span),
                Limit::At(at) => tokio::time::sleep_until(at),
            }));
        }
        match here.timer.as_pin_mut() {
            Some(timer) => timer.poll(context).map(|()| None),
            None => Poll::Pending,
        }
    }
}

/// Notes when the task that holds it panics.
struct Watch(World);

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.0.panicked.set(true);
            self.0.0.released.notify_one();
            self.0.stir();
        }
    }
}

/// Work that is not done yet; dropping it releases it.
#[derive(Debug)]
#[must_use]
pub struct Hold {
    world: World,
    place: usize,
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut held = self.world.0.held.borrow_mut();
        held.remove(self.place);
        if held.is_empty() {
            self.world.0.released.notify_one();
        }
        drop(held);
        self.world.stir();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn genesis() -> Genesis {
        Genesis {
            seed: 0,
            start: Timestamp::UNIX_EPOCH,
            limits: Limits::default(),
        }
    }

    #[test]
    fn hours_pass_at_once_and_exactly() {
        let at = World::run_virtual(genesis(), async |world| {
            world.sleep(Duration::from_hours(30)).await;
            world.now()
        });
        assert_eq!(at.unwrap(), Instant::ZERO + Duration::from_hours(30));
    }

    #[test]
    fn a_world_is_quiet_when_the_last_hold_is_gone() {
        let at = World::run_virtual(genesis(), async |world| {
            let hold = world.hold("a message");
            let sleeper = world.clone();
            world.spawn(async move {
                sleeper.sleep(Duration::from_mins(5)).await;
                drop(hold);
            });
            world.quiet().await.map(|()| world.now())
        });
        assert_eq!(at.unwrap(), Ok(Instant::ZERO + Duration::from_mins(5)));
    }

    #[test]
    fn a_world_that_never_gets_quiet_says_what_was_still_going_on() {
        let end = World::run_virtual(genesis(), async |world| {
            let _hold = world.hold("message 1");
            world.quiet().await
        });
        let Err(Unquiet::StillBusy { busy, .. }) = end.unwrap() else {
            panic!("it got quiet");
        };
        assert_eq!(busy, ["message 1"]);
    }

    #[test]
    fn a_task_that_panics_does_not_end_a_run_quietly() {
        let end = World::run_virtual(genesis(), async |world| {
            world.spawn(async { panic!("on purpose") });
            world.quiet().await
        });
        assert_eq!(end.unwrap(), Err(Unquiet::Panicked));
    }

    #[test]
    fn settling_lets_a_chain_of_tasks_finish_without_time_going_on() {
        let (at, done) = World::run_virtual(genesis(), async |world| {
            let done = Rc::new(Cell::new(0));
            let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel::<u32>();
            let count = Rc::clone(&done);
            let again = sender.clone();
            world.spawn(async move {
                while let Some(left) = receiver.recv().await {
                    count.set(count.get() + 1);
                    if left > 0 {
                        let _ = again.send(left - 1);
                    }
                }
            });
            let _ = sender.send(10);
            world.settle().await;
            (world.now(), done.get())
        })
        .unwrap();
        assert_eq!((at, done), (Instant::ZERO, 11));
    }
}
