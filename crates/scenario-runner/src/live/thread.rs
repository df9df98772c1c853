//! A fake on a thread of its own: its world lives there, callers hand in what to do and wait for the result.
//!
//! Nothing is shared and nothing is locked; a caller whose own clock is paused is not looked at.

use std::future::Future;
use std::pin::Pin;
use std::sync::mpsc;
use std::thread::JoinHandle;

use sim_world::{Genesis, World};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Work for the fake's thread, which may wait for things there.
type Work<T> = Box<dyn FnOnce(T) -> Pin<Box<dyn Future<Output = ()>>> + Send>;

/// The thread of one fake. Dropping it stops the fake.
pub(super) struct FakeThread<T> {
    work: Option<UnboundedSender<Work<T>>>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Clone + 'static> FakeThread<T> {
    /// Starts a live world on a thread and builds the fake in it; `build` also says what else to tell the caller.
    ///
    /// # Errors
    /// What `build` says, or that the thread could not be started.
    pub(super) fn start<R: Send + 'static>(
        name: &str,
        genesis: Genesis,
        build: impl AsyncFnOnce(World) -> std::io::Result<(T, R)> + Send + 'static,
    ) -> std::io::Result<(Self, R)> {
        let (work, incoming) = unbounded_channel();
        let (ready, started) = mpsc::channel();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            let ended = World::run_live(genesis, async |world| match build(world.clone()).await {
                Ok((fake, told)) => {
                    let _ = ready.send(Ok(told));
                    work_off(world, fake, incoming).await;
                }
                Err(error) => {
                    let _ = ready.send(Err(error));
                }
            });
            // A runtime that cannot be made drops `ready`, which tells the caller.
            let _ = ended;
        })?;
        let told = started
            .recv()
            .map_err(|_| std::io::Error::other("the fake's thread could not start"))??;
        let fake = Self {
            work: Some(work),
            thread: Some(thread),
        };
        Ok((fake, told))
    }

    /// Lets the fake's thread do something that may wait, and waits for the result.
    ///
    /// `None` only if the thread is gone.
    pub(super) fn ask<R: Send + 'static, F: Future<Output = R> + 'static>(
        &self,
        question: impl FnOnce(T) -> F + Send + 'static,
    ) -> Option<R> {
        let (answer, answered) = mpsc::channel();
        let work: Work<T> = Box::new(move |fake| {
            Box::pin(async move {
                let _ = answer.send(question(fake).await);
            })
        });
        self.work.as_ref()?.send(work).ok()?;
        answered.recv().ok()
    }
}

async fn work_off<T: Clone + 'static>(world: World, fake: T, mut incoming: UnboundedReceiver<Work<T>>) {
    while let Some(work) = incoming.recv().await {
        world.spawn(work(fake.clone()));
    }
}

impl<T> std::fmt::Debug for FakeThread<T> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("FakeThread")
    }
}

impl<T> Drop for FakeThread<T> {
    fn drop(&mut self) {
        self.work = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
