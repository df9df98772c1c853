//! How long a connection may wait for the head of a request: from its beginning, and from each answer that is written.

use std::cell::Cell;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};

use crate::World;
use crate::clock::Instant;
use crate::network::Stream;

/// What the clock of a connection shows. Clones show the same.
#[derive(Clone)]
pub(super) struct HeadTime(Rc<Cell<Clock>>);

#[derive(Clone, Copy)]
enum Clock {
    /// A head is waited for since then.
    Runs(Instant),
    /// A request is read and answered.
    Stands,
    /// The answer is on its way to the connection; the time for the next head begins when it is written.
    Winds,
}

impl HeadTime {
    pub(super) fn begin(world: &World) -> Self {
        Self(Rc::new(Cell::new(Clock::Runs(world.now()))))
    }

    /// A head has come.
    pub(super) fn stop(&self) -> Stopped {
        self.0.set(Clock::Stands);
        Stopped(self.clone())
    }

    /// Waits until a head has not come in time.
    pub(super) async fn is_over(&self, world: &World, most: Duration) {
        loop {
            match self.0.get() {
                Clock::Stands | Clock::Winds => world.sleep(most).await,
                Clock::Runs(since) if world.now() - since < most => world.sleep_until(since + most).await,
                Clock::Runs(_) => return,
            }
        }
    }
}

/// A request that is being answered; dropped when there is an answer.
pub(super) struct Stopped(HeadTime);

impl Drop for Stopped {
    fn drop(&mut self) {
        self.0.0.set(Clock::Winds);
    }
}

/// A connection that lets the time for a head begin when the answer before it is written.
pub(super) struct Timed {
    pub(super) stream: Stream,
    pub(super) world: World,
    pub(super) head_time: HeadTime,
}

impl Read for Timed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl Write for Timed {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // hyper flushes when it has handed over all that it has to write.
        let flushed = ready!(Pin::new(&mut self.stream).poll_flush(cx));
        if let Clock::Winds = self.head_time.0.get() {
            self.head_time.0.set(Clock::Runs(self.world.now()));
        }
        Poll::Ready(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }
}
