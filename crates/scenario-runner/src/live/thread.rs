//! A fake on a thread of its own: its world lives there; others hand in what to do and wait for the result.
//!
//! Nothing is shared and nothing is locked; a caller whose own clock is paused is not looked at.

use std::fmt;
use std::pin::Pin;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use sim_world::http::stopped;
use sim_world::{Universe, World};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{oneshot, watch};

/// Work for the fake's thread, which may wait for things there.
type Work<T> = Box<dyn FnOnce(T) -> Pin<Box<dyn Future<Output = ()>>> + Send>;

/// Says whether it is time to stop.
pub(super) type Stop = watch::Receiver<bool>;

/// Longest time that a fake takes to finish what is open when it is stopped.
pub(super) const CLOSING: Duration = Duration::from_secs(5);

/// A fake that was built.
pub(super) struct Built<T, R> {
    /// The fake.
    pub(super) fake: T,
    /// What else the caller has to know.
    pub(super) told: R,
    /// What has to end before the fake is gone; begun when it is stopped.
    pub(super) closing: Pin<Box<dyn Future<Output = ()>>>,
}

/// The thread of one fake. Dropping it stops the fake: open exchanges are finished, for a while.
pub(super) struct FakeThread<T> {
    handle: Handle<T>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Clone + 'static> FakeThread<T> {
    /// Starts a live world on a thread and builds the fake in it.
    ///
    /// # Errors
    /// What `build` says, or that the thread could not be started.
    pub(super) fn start<R: Send + 'static>(
        name: &str,
        universe: &Universe,
        build: impl AsyncFnOnce(World, Stop) -> std::io::Result<Built<T, R>> + Send + 'static,
    ) -> std::io::Result<(Self, R)> {
        // Not bounded by a number, but by its users: each waits for its answer before it asks again.
        let (work, mut incoming) = unbounded_channel();
        let (stop, mut stopping) = watch::channel(false);
        let (ready, started) = mpsc::channel();
        let universe = universe.clone();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            let ended = World::run_live_in(&universe, async |world| {
                match build(world.clone(), stopping.clone()).await {
                    Ok(Built { fake, told, closing }) => {
                        let _ = ready.send(Ok(told));
                        tokio::select! {
                            biased;
                            () = stopped(&mut stopping) => {}
                            () = work_off(&world, &fake, &mut incoming) => {}
                        }
                        let _ = world.timeout(CLOSING, closing).await;
                    }
                    Err(error) => {
                        let _ = ready.send(Err(error));
                    }
                }
            });
            // A runtime that cannot be made drops `ready`, which tells the caller.
            let _ = ended;
        })?;
        let told = started
            .recv()
            .map_err(|_| std::io::Error::other("the fake's thread could not start"))??;
        let fake = Self {
            handle: Handle(work),
            stop,
            thread: Some(thread),
        };
        Ok((fake, told))
    }

    /// A handle for other threads.
    pub(super) fn handle(&self) -> &Handle<T> {
        &self.handle
    }
}

async fn work_off<T: Clone + 'static>(world: &World, fake: &T, incoming: &mut UnboundedReceiver<Work<T>>) {
    while let Some(work) = incoming.recv().await {
        world.spawn(work(fake.clone()));
    }
}

impl<T> fmt::Debug for FakeThread<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("FakeThread")
    }
}

impl<T> Drop for FakeThread<T> {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Hands work to a fake's thread.
pub(super) struct Handle<T>(UnboundedSender<Work<T>>);

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: 'static> Handle<T> {
    /// Lets the fake's thread do something that may wait, and blocks until it is done. `None` if the thread is gone.
    pub(super) fn ask<R: Send + 'static, F: Future<Output = R> + 'static>(
        &self,
        question: impl FnOnce(T) -> F + Send + 'static,
    ) -> Option<R> {
        let (answer, answered) = mpsc::channel();
        self.hand_in(question, move |result| {
            let _ = answer.send(result);
        })?;
        answered.recv().ok()
    }

    /// The same for callers that may not block; needs nothing of the runtime it is awaited in.
    pub(super) async fn asked<R: Send + 'static, F: Future<Output = R> + 'static>(
        &self,
        question: impl FnOnce(T) -> F + Send + 'static,
    ) -> Option<R> {
        let (answer, answered) = oneshot::channel();
        self.hand_in(question, move |result| {
            let _ = answer.send(result);
        })?;
        answered.await.ok()
    }

    fn hand_in<R: 'static, F: Future<Output = R> + 'static>(
        &self,
        question: impl FnOnce(T) -> F + Send + 'static,
        answer: impl FnOnce(R) + Send + 'static,
    ) -> Option<()> {
        let work: Work<T> = Box::new(move |fake| Box::pin(async move { answer(question(fake).await) }));
        self.0.send(work).ok()
    }
}
